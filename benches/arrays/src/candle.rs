//! The workloads on `candle`, with its own `cross_entropy` and its own AdamW, which without decay is Adam.

use std::rc::Rc;

use candle_core::backprop::GradStore;
use candle_core::{Device, Result, Tensor, Var};
use candle_nn::loss::cross_entropy;
use candle_nn::optim::{AdamW, Optimizer, ParamsAdamW, SGD};
use candle_nn::{Linear, Module};

use crate::Contestant;
use crate::inputs::{
    self, BATCH, BETAS, CLASSES, EPSILON, FEATURES, FEW, HIDDEN, INPUTS, PIXELS, POINTS, RATE, UNITS,
};

fn norm(vars: &[Var], gradients: &GradStore) -> Result<f64> {
    let mut sum = 0.0;
    for var in vars {
        let gradient = gradients.get(var).expect("a gradient").flatten_all()?;
        let gradient = gradient.to_dtype(candle_core::DType::F64)?;
        sum += gradient.to_vec1::<f64>()?.iter().map(|x| x * x).sum::<f64>();
    }
    Ok(sum.sqrt())
}

pub struct Perceptron {
    x: Tensor,
    labels: Tensor,
    start: Vec<Tensor>,
    /// `W₁`, `b₁`, `W₂`, `b₂`
    weights: Vec<Var>,
    adam: AdamW,
}

fn adam(weights: &[Var]) -> Result<AdamW> {
    let [beta1, beta2] = BETAS;
    AdamW::new(weights.to_vec(), ParamsAdamW { lr: RATE, beta1, beta2, eps: EPSILON, weight_decay: 0.0 })
}

pub fn perceptron(inputs: &inputs::Perceptron) -> Result<Perceptron> {
    let device = &Device::Cpu;
    let start = vec![
        Tensor::from_slice(&inputs.w1, (INPUTS, HIDDEN), device)?,
        Tensor::from_slice(&inputs.b1, HIDDEN, device)?,
        Tensor::from_slice(&inputs.w2, (HIDDEN, CLASSES), device)?,
        Tensor::from_slice(&inputs.b2, CLASSES, device)?,
    ];
    let weights = start.iter().map(|start| Var::from_tensor(&start.copy()?)).collect::<Result<Vec<_>>>()?;
    Ok(Perceptron {
        x: Tensor::from_slice(&inputs.x, (BATCH, INPUTS), device)?,
        labels: Tensor::from_slice(&inputs.labels, BATCH, device)?,
        adam: adam(&weights)?,
        weights,
        start,
    })
}

impl Perceptron {
    fn loss(&self) -> Result<Tensor> {
        let [w1, b1, w2, b2] = &self.weights[..] else { unreachable!("two layers") };
        let hidden = self.x.matmul(w1)?.broadcast_add(b1)?.relu()?;
        let logits = hidden.matmul(w2)?.broadcast_add(b2)?;
        cross_entropy(&logits, &self.labels)
    }

    fn stepped(&mut self) -> Result<f32> {
        let loss = self.loss()?;
        self.adam.backward_step(&loss)?;
        loss.to_scalar()
    }
}

impl Contestant for Perceptron {
    fn restart(&mut self) {
        for (var, start) in self.weights.iter().zip(&self.start) {
            var.set(start).expect("the same shape");
        }
        self.adam = adam(&self.weights).expect("an optimizer");
    }

    fn step(&mut self) -> f64 {
        self.stepped().expect("a step").into()
    }

    fn norm(&mut self) -> Option<f64> {
        let gradients = self.loss().and_then(|loss| loss.backward()).expect("gradients");
        norm(&self.weights, &gradients).ok()
    }
}

pub struct Logistic {
    x: Tensor,
    y: Tensor,
    /// `w`, `b`
    weights: Vec<Var>,
}

pub fn logistic(inputs: &inputs::Logistic) -> Result<Logistic> {
    let device = &Device::Cpu;
    Ok(Logistic {
        x: Tensor::from_slice(&inputs.x, (POINTS, FEATURES), device)?,
        y: Tensor::from_slice(&inputs.y, (POINTS, 1), device)?,
        weights: vec![
            Var::from_slice(&inputs.w, (FEATURES, 1), device)?,
            Var::from_slice(&[inputs.b], (1, 1), device)?,
        ],
    })
}

impl Logistic {
    fn loss(&self) -> Result<Tensor> {
        let [w, b] = &self.weights[..] else { unreachable!("a weight and a bias") };
        let z = self.x.matmul(w)?.broadcast_add(b)?;
        // There is no softplus: relu(z) + ln(1 + exp(−|z|)).
        let softplus = (z.relu()? + (z.abs()?.neg()?.exp()? + 1.0)?.log()?)?;
        (softplus - (&self.y * z)?)?.mean_all()
    }

    fn value_and_gradient(&self) -> Result<(f64, GradStore)> {
        let loss = self.loss()?;
        let gradients = loss.backward()?;
        Ok((loss.to_scalar()?, gradients))
    }
}

impl Contestant for Logistic {
    fn step(&mut self) -> f64 {
        self.value_and_gradient().expect("a gradient").0
    }

    fn norm(&mut self) -> Option<f64> {
        norm(&self.weights, &self.value_and_gradient().expect("a gradient").1).ok()
    }
}

pub struct Step<O> {
    start: Tensor,
    x: Var,
    gradients: GradStore,
    make: fn(&[Var]) -> Result<O>,
    optimizer: O,
}

pub fn adam_step(inputs: Rc<inputs::Step>) -> Result<Step<AdamW>> {
    step(&inputs, adam)
}

pub fn descent_step(inputs: Rc<inputs::Step>) -> Result<Step<SGD>> {
    step(&inputs, |x| SGD::new(x.to_vec(), RATE))
}

fn step<O>(inputs: &inputs::Step, make: fn(&[Var]) -> Result<O>) -> Result<Step<O>> {
    let start = Tensor::from_slice(&inputs.x, inputs.x.len(), &Device::Cpu)?;
    let x = Var::from_tensor(&start.copy()?)?;
    // A store of gradients is made by a sweep only.
    let mut gradients = x.sum_all()?.backward()?;
    gradients.insert(&x, Tensor::from_slice(&inputs.gradient, inputs.x.len(), &Device::Cpu)?);
    Ok(Step { start, optimizer: make(&[x.clone()])?, x, gradients, make })
}

impl<O: Optimizer> Step<O> {
    fn stepped(&mut self) -> Result<f32> {
        let before = self.x.get(0)?.to_scalar()?;
        self.optimizer.step(&self.gradients)?;
        Ok(before)
    }
}

impl<O: Optimizer> Contestant for Step<O> {
    fn restart(&mut self) {
        self.x.set(&self.start).expect("the same shape");
        self.optimizer = (self.make)(&[self.x.clone()]).expect("an optimizer");
    }

    fn step(&mut self) -> f64 {
        self.stepped().expect("a step").into()
    }

    fn norm(&mut self) -> Option<f64> {
        (0..3).for_each(|_| _ = self.step());
        let x = self.x.to_vec1::<f32>().expect("numbers");
        self.restart();
        Some(x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt())
    }
}

pub struct Digits {
    inputs: Rc<inputs::Digits>,
    images: Tensor,
    labels: Tensor,
    start: Vec<Tensor>,
    weights: Vec<Var>,
    hidden: Linear,
    output: Linear,
    adam: AdamW,
    epoch: u64,
}

pub fn digits(inputs: Rc<inputs::Digits>) -> Result<Digits> {
    let device = &Device::Cpu;
    let (set, numbers) = (&inputs.set, |name| inputs.start.view(name).iter().copied().collect::<Vec<f32>>());
    let start = vec![
        Tensor::from_vec(numbers("0.weight"), (UNITS, PIXELS), device)?,
        Tensor::from_vec(numbers("0.bias"), UNITS, device)?,
        Tensor::from_vec(numbers("2.weight"), (CLASSES, UNITS), device)?,
        Tensor::from_vec(numbers("2.bias"), CLASSES, device)?,
    ];
    let weights = start.iter().map(|start| Var::from_tensor(&start.copy()?)).collect::<Result<Vec<_>>>()?;
    let layer =
        |k: usize| Linear::new(weights[k].as_tensor().clone(), Some(weights[k + 1].as_tensor().clone()));
    let labels: Vec<u32> = set.targets().iter().map(|&label| label as u32).collect();
    Ok(Digits {
        images: Tensor::from_iter(set.inputs().iter().copied(), device)?.reshape((set.len(), PIXELS))?,
        labels: Tensor::from_vec(labels, set.len(), device)?,
        hidden: layer(0),
        output: layer(2),
        adam: adam(&weights)?,
        start,
        weights,
        epoch: 0,
        inputs,
    })
}

impl Digits {
    fn loss(&self, images: &Tensor, labels: &Tensor) -> Result<Tensor> {
        cross_entropy(&self.output.forward(&self.hidden.forward(images)?.relu()?)?, labels)
    }

    /// The mean loss of the batches.
    fn learn(&mut self) -> Result<f64> {
        let order: Vec<u32> = self.inputs.order(self.epoch).into_iter().map(|row| row as u32).collect();
        let (n, order) = (order.len(), Tensor::new(order, &Device::Cpu)?);
        let mut sum = 0.0;
        for begin in (0..n).step_by(FEW) {
            let rows = order.narrow(0, begin, FEW.min(n - begin))?;
            let (images, labels) = (self.images.index_select(&rows, 0)?, self.labels.index_select(&rows, 0)?);
            let loss = self.loss(&images, &labels)?;
            self.adam.backward_step(&loss)?;
            sum += f64::from(loss.to_scalar::<f32>()?);
        }
        self.epoch += 1;
        Ok(sum / n.div_ceil(FEW) as f64)
    }
}

impl Contestant for Digits {
    fn restart(&mut self) {
        for (var, start) in self.weights.iter().zip(&self.start) {
            var.set(start).expect("the same shape");
        }
        self.adam = adam(&self.weights).expect("an optimizer");
        self.epoch = 0;
    }

    fn step(&mut self) -> f64 {
        self.learn().expect("an epoch")
    }

    fn norm(&mut self) -> Option<f64> {
        self.step();
        let loss = self.loss(&self.images, &self.labels).and_then(|loss| loss.to_scalar::<f32>());
        self.restart();
        loss.ok().map(f64::from)
    }
}
