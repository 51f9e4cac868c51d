//! The workloads on `downhill`, written as its users write them.

use std::rc::Rc;

use downhill::array::{Indices, Labels, concat};
use downhill::data::Progress;
use downhill::nn::{Layer, Sequential, loss::cross_entropy};
use downhill::optim::{OnNonFinite, Optimizer, Rated, Rule};
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{ArrayView1, ArrayView2};

use crate::Contestant;
use crate::inputs::{
    self, BATCH, BETAS, CLASSES, EPSILON, FEATURES, FEW, HIDDEN, INPUTS, POINTS, RATE, SEED,
};
use crate::workloads::mixture::Mixture;

struct Perceptron {
    inputs: Rc<inputs::Perceptron>,
    x: Tensor<f32>,
    labels: Labels,
    params: Params<f32>,
    adam: Optimizer<Adam, f32>,
}

fn adam() -> Adam {
    let [beta1, beta2] = BETAS;
    Adam::new(RATE).beta1(beta1).beta2(beta2).eps(EPSILON)
}

pub fn perceptron(inputs: &Rc<inputs::Perceptron>) -> Option<Box<dyn Contestant>> {
    let labels: Vec<usize> = inputs.labels.iter().map(|&label| label as usize).collect();
    let x = ArrayView2::from_shape((BATCH, INPUTS), &inputs.x).expect("as many");
    let (x, labels, inputs) = (Tensor::from(&x), Labels::new(&labels), Rc::clone(inputs));
    let params = Params::new();
    let mut ours = Perceptron { inputs, x, labels, adam: adam().optimizer_for(&params), params };
    ours.restart();
    Some(Box::new(ours))
}

impl Perceptron {
    fn value_and_gradient(&self) -> (f64, Gradients, downhill::array::Named<f32>) {
        let tape = Tape::new();
        let p = tape.params(&self.params);
        let hidden = (self.x.dot(p.tensor("w1")) + p.tensor("b1")).relu();
        let loss = (hidden.dot(p.tensor("w2")) + p.tensor("b2")).cross_entropy(&self.labels);
        (f64::from(loss.value()), loss.backward(), p)
    }
}

impl Contestant for Perceptron {
    fn restart(&mut self) {
        let inputs = &self.inputs;
        let matrix =
            |numbers, rows, columns| ArrayView2::from_shape((rows, columns), numbers).expect("as many");
        self.params = Params::new();
        self.params.insert("w1", &matrix(&inputs.w1, INPUTS, HIDDEN)).insert("b1", &inputs.b1);
        self.params.insert("w2", &matrix(&inputs.w2, HIDDEN, CLASSES)).insert("b2", &inputs.b2);
        self.adam.reset();
    }

    fn step(&mut self) -> f64 {
        let (loss, gradient, p) = self.value_and_gradient();
        let slice = gradient.slice(&p);
        drop(p); // else writing to the parameters copies them
        self.adam.step(&mut self.params, slice);
        loss
    }

    fn norm(&mut self) -> Option<f64> {
        let (_, gradient, p) = self.value_and_gradient();
        Some(gradient.slice(&p).iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt())
    }
}

struct Logistic {
    x: Tensor<f64>,
    y: Tensor<f64>,
    params: Params<f64>,
}

pub fn logistic(inputs: &Rc<inputs::Logistic>) -> Option<Box<dyn Contestant>> {
    let x = Tensor::from(&ArrayView2::from_shape((POINTS, FEATURES), &inputs.x).expect("as many"));
    let y = Tensor::from(&ArrayView1::from(&inputs.y));
    let mut params = Params::new();
    params.insert("w", &inputs.w).insert("b", &[inputs.b]);
    Some(Box::new(Logistic { x, y, params }))
}

impl Logistic {
    fn value_and_gradient(&self) -> (f64, f64) {
        let tape = Tape::new();
        let p = tape.params(&self.params);
        let z = self.x.dot(p.tensor("w")) + p.tensor("b");
        let loss = z.softplus().mean() - self.y.dot(&z) / POINTS as f64;
        let gradient = loss.backward();
        (loss.value(), gradient.slice(&p).iter().map(|x| x * x).sum::<f64>().sqrt())
    }
}

impl Contestant for Logistic {
    fn step(&mut self) -> f64 {
        self.value_and_gradient().0
    }

    fn norm(&mut self) -> Option<f64> {
        Some(self.value_and_gradient().1)
    }
}

/// The densities of all points by one product of matrices: `Q (x − μ) = Q x − Q μ`.
struct Normals {
    mixture: Rc<Mixture>,
    points: Tensor<f64>,
    /// Where the entries of a full factor stand among a zero, its diagonal and its triangle.
    places: Indices,
    params: Params<f64>,
}

pub fn mixture(inputs: &Rc<Mixture>) -> Option<Box<dyn Contestant>> {
    let Mixture { d, k, ref points, ref start } = **inputs;
    let mut places = vec![0; d * d];
    let mut next = d + 1;
    for column in 0..d {
        places[column * d + column] = 1 + column;
        for row in column + 1..d {
            places[row * d + column] = next;
            next += 1;
        }
    }
    let (weights, rest) = start.split_at(k);
    let (centres, factors) = rest.split_at(k * d);
    let matrix = |numbers, rows, columns| ArrayView2::from_shape((rows, columns), numbers).expect("as many");
    let mut params = Params::new();
    params.insert("weights", weights).insert("centres", matrix(centres, k, d));
    params.insert("factors", matrix(factors, k, d * (d + 1) / 2));
    let points = Tensor::from(&matrix(points, points.len() / d, d));
    Some(Box::new(Normals { mixture: Rc::clone(inputs), points, places: Indices::from(places), params }))
}

impl Normals {
    fn value_and_gradient(&self) -> (f64, f64) {
        let Mixture { d, k, .. } = *self.mixture;
        let n = self.points.shape()[0];
        let tape = Tape::new();
        let p = tape.params(&self.params);
        let (weights, centres, factors) = (p.tensor("weights"), p.tensor("centres"), p.tensor("factors"));
        let (logs, triangle) = (factors.slice(1, ..d), factors.slice(1, d..));
        let diagonal = logs.exp();
        let entries = concat(&[&Tensor::from(0.0).broadcast([k, 1]), &diagonal, &triangle], 1);
        let q = entries.take(&self.places, 1).reshape([k, d, d]);
        let moved = q.matmul(centres.insert_axis(2)).reshape([k * d]);
        let y = (self.points.dot(q.reshape([k * d, d]).t()) - moved).reshape([n, k, d]);
        let exponents = &weights + logs.sum_axis(1) - y.norm_squared_axis(2) * 0.5;
        let prior = (diagonal.norm_squared() + triangle.norm_squared()) * 0.5;
        let value = exponents.log_sum_exp_axis(1).sum() - weights.log_sum_exp() * n as f64 + prior;
        let gradient = value.backward();
        let norm = gradient.slice(&p).iter().map(|x| x * x).sum::<f64>().sqrt();
        (value.value() + self.mixture.constant(), norm)
    }
}

impl Contestant for Normals {
    fn step(&mut self) -> f64 {
        self.value_and_gradient().0
    }

    fn norm(&mut self) -> Option<f64> {
        Some(self.value_and_gradient().1)
    }
}

struct Step<R: Rule<f32>> {
    inputs: Rc<inputs::Step>,
    x: Vec<f32>,
    optimizer: Optimizer<R, f32>,
}

pub fn adam_step(inputs: &Rc<inputs::Step>, on_non_finite: OnNonFinite) -> Box<dyn Contestant> {
    step(inputs, adam(), on_non_finite)
}

pub fn descent_step(inputs: &Rc<inputs::Step>, on_non_finite: OnNonFinite) -> Box<dyn Contestant> {
    step(inputs, GradientDescent::new(RATE), on_non_finite)
}

fn step<R: Rule<f32> + 'static>(
    inputs: &Rc<inputs::Step>,
    rule: R,
    on_non_finite: OnNonFinite,
) -> Box<dyn Contestant> {
    let optimizer = rule.optimizer_for(&inputs.x).on_non_finite(on_non_finite);
    Box::new(Step { inputs: Rc::clone(inputs), x: inputs.x.clone(), optimizer })
}

impl<R: Rule<f32>> Contestant for Step<R> {
    fn restart(&mut self) {
        self.x.copy_from_slice(&self.inputs.x);
        self.optimizer.reset();
    }

    fn step(&mut self) -> f64 {
        let before = self.x[0];
        self.optimizer.step(&mut self.x, &self.inputs.gradient);
        before.into()
    }

    fn norm(&mut self) -> Option<f64> {
        (0..3).for_each(|_| _ = self.step());
        let norm = self.x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
        self.restart();
        Some(norm)
    }
}

struct Digits {
    inputs: Rc<inputs::Digits>,
    network: Sequential<f32>,
    params: Params<f32>,
    adam: Optimizer<Adam, f32>,
    epoch: u64,
}

pub fn digits(inputs: &Rc<inputs::Digits>) -> Box<dyn Contestant> {
    let (network, params) = (inputs::Digits::network(), inputs.start.clone());
    Box::new(Digits {
        inputs: Rc::clone(inputs),
        network,
        adam: adam().optimizer_for(&params),
        params,
        epoch: 0,
    })
}

impl Contestant for Digits {
    fn restart(&mut self) {
        self.params = self.inputs.start.clone();
        self.adam.reset();
        self.epoch = 0;
    }

    fn step(&mut self) -> f64 {
        let begin = Progress { seed: SEED, epoch: self.epoch, position: 0 };
        let mut batches = self.inputs.set.batches(FEW, SEED).resume(begin);
        let mut sum = 0.0;
        while let Some(batch) = batches.next_batch() {
            let (loss, gradient) = {
                let tape = Tape::new();
                let p = tape.params(&self.params);
                let z = self.network.apply(&Tensor::from(batch.inputs()), &p);
                let loss = cross_entropy(&z, batch.targets());
                (loss.value(), loss.backward().wrt(&p))
            };
            self.adam.step(&mut self.params, &gradient);
            sum += f64::from(loss);
        }
        self.epoch += 1;
        sum / batches.per_epoch() as f64
    }

    fn norm(&mut self) -> Option<f64> {
        self.step();
        let set = &self.inputs.set;
        let z = self.network.apply(&Tensor::from(set.inputs()), &self.params);
        let loss = cross_entropy(&z, set.targets()).value();
        self.restart();
        Some(loss.into())
    }
}
