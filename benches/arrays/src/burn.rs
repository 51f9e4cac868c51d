//! The workloads on `burn` over `flex`, as its book shows: a module of its own layers, its loss and its Adam.

use std::rc::Rc;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::nn::loss::{CrossEntropyLoss, CrossEntropyLossConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::activation::{relu, softplus};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use crate::Contestant;
use crate::inputs::{
    self, BATCH, BETAS, CLASSES, EPSILON, FEATURES, FEW, HIDDEN, INPUTS, PIXELS, POINTS, RATE, UNITS,
};

fn sum_of_squares<const D: usize>(gradient: Option<Tensor<D>>) -> f64 {
    let numbers = gradient.expect("a gradient").into_data();
    numbers.iter::<f64>().map(|x| x * x).sum()
}

#[derive(Module, Debug)]
struct Network {
    hidden: Linear,
    output: Linear,
}

impl Network {
    fn logits(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(relu(self.hidden.forward(x)))
    }
}

pub struct Perceptron {
    x: Tensor<2>,
    labels: Tensor<1, Int>,
    start: Network,
    network: Option<Network>,
    cross_entropy: CrossEntropyLoss,
    adam: ModuleOptimizer,
}

pub fn adam() -> ModuleOptimizer {
    let [beta_1, beta_2] = BETAS.map(|beta| beta as f32);
    AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(EPSILON as f32).init()
}

fn layer(w: &[f32], b: &[f32], inputs: usize, device: &Device) -> Linear {
    let w = TensorData::new(w.to_vec(), [inputs, b.len()]);
    let b = TensorData::new(b.to_vec(), [b.len()]);
    Linear { weight: Param::from_data(w, device), bias: Some(Param::from_data(b, device)) }
}

pub fn perceptron(inputs: &inputs::Perceptron) -> Perceptron {
    let device = &Device::flex().autodiff();
    let labels: Vec<i32> = inputs.labels.iter().map(|&label| label as i32).collect();
    let start = Network {
        hidden: layer(&inputs.w1, &inputs.b1, INPUTS, device),
        output: layer(&inputs.w2, &inputs.b2, HIDDEN, device),
    };
    assert_eq!(inputs.b2.len(), CLASSES);
    Perceptron {
        x: Tensor::from_data(TensorData::new(inputs.x.clone(), [BATCH, INPUTS]), device),
        labels: Tensor::from_data(TensorData::new(labels, [BATCH]), device),
        network: Some(start.clone()),
        start,
        cross_entropy: CrossEntropyLossConfig::new().init(device),
        adam: adam(),
    }
}

impl Perceptron {
    fn loss(&self, network: &Network) -> Tensor<1> {
        self.cross_entropy.forward(network.logits(self.x.clone()), self.labels.clone())
    }
}

impl Contestant for Perceptron {
    fn restart(&mut self) {
        self.network = Some(self.start.clone());
        self.adam = adam();
    }

    fn step(&mut self) -> f64 {
        let network = self.network.take().expect("a network");
        let loss = self.loss(&network);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        self.network = Some(self.adam.step(RATE, network, gradients));
        loss.into_scalar::<f32>().into()
    }

    fn norm(&mut self) -> Option<f64> {
        let network = self.network.as_ref()?;
        let gradients = self.loss(network).backward();
        let of = |layer: &Linear| {
            sum_of_squares(layer.weight.val().grad(&gradients))
                + sum_of_squares(layer.bias.as_ref().expect("a bias").val().grad(&gradients))
        };
        Some((of(&network.hidden) + of(&network.output)).sqrt())
    }
}

pub struct Logistic {
    x: Tensor<2>,
    y: Tensor<2>,
    w: Tensor<2>,
    b: Tensor<2>,
}

pub fn logistic(inputs: &inputs::Logistic) -> Logistic {
    let device = &Device::flex().autodiff();
    let tensor = |numbers: &[f64], rows, columns| {
        Tensor::from_data(TensorData::new(numbers.to_vec(), [rows, columns]), (device, DType::F64))
    };
    Logistic {
        x: tensor(&inputs.x, POINTS, FEATURES),
        y: tensor(&inputs.y, POINTS, 1),
        w: tensor(&inputs.w, FEATURES, 1).require_grad(),
        b: tensor(&[inputs.b], 1, 1).require_grad(),
    }
}

impl Logistic {
    fn loss(&self) -> Tensor<1> {
        let z = self.x.clone().matmul(self.w.clone()) + self.b.clone();
        (softplus(z.clone(), 1.0) - self.y.clone() * z).mean()
    }
}

impl Contestant for Logistic {
    fn step(&mut self) -> f64 {
        let loss = self.loss();
        let gradients = loss.backward();
        std::hint::black_box((self.w.grad(&gradients), self.b.grad(&gradients)));
        loss.into_scalar()
    }

    fn norm(&mut self) -> Option<f64> {
        let gradients = self.loss().backward();
        Some((sum_of_squares(self.w.grad(&gradients)) + sum_of_squares(self.b.grad(&gradients))).sqrt())
    }
}

pub fn sgd() -> ModuleOptimizer {
    SgdConfig::new().init()
}

#[derive(Module, Debug)]
struct Numbers {
    x: Param<Tensor<1>>,
}

pub struct Step {
    inputs: Rc<inputs::Step>,
    numbers: Option<Numbers>,
    /// A step uses it up.
    gradients: Option<GradientsParams>,
    make: fn() -> ModuleOptimizer,
    optimizer: ModuleOptimizer,
}

pub fn step(inputs: Rc<inputs::Step>, make: fn() -> ModuleOptimizer) -> Step {
    let mut step = Step { inputs, numbers: None, gradients: None, make, optimizer: make() };
    step.restart();
    step
}

fn row(numbers: &[f32]) -> TensorData {
    TensorData::new(numbers.to_vec(), [numbers.len()])
}

impl Contestant for Step {
    fn restart(&mut self) {
        let device = &Device::flex().autodiff();
        self.numbers = Some(Numbers { x: Param::from_data(row(&self.inputs.x), device) });
        self.optimizer = (self.make)();
    }

    fn prepare(&mut self) {
        let mut gradients = GradientsParams::new();
        let gradient = Tensor::<1>::from_data(row(&self.inputs.gradient), &Device::flex());
        gradients.register(self.numbers.as_ref().expect("numbers").x.id, gradient);
        self.gradients = Some(gradients);
    }

    fn step(&mut self) -> f64 {
        let numbers = self.numbers.take().expect("numbers");
        let before = numbers.x.val().slice([0..1]).into_scalar::<f32>();
        let gradients = self.gradients.take().expect("made ready before");
        self.numbers = Some(self.optimizer.step(RATE, numbers, gradients));
        before.into()
    }

    fn norm(&mut self) -> Option<f64> {
        for _ in 0..3 {
            self.prepare();
            self.step();
        }
        let norm = sum_of_squares(self.numbers.as_ref().map(|numbers| numbers.x.val())).sqrt();
        self.restart();
        Some(norm)
    }
}

pub struct Digits {
    inputs: Rc<inputs::Digits>,
    images: Tensor<2>,
    labels: Tensor<1, Int>,
    start: Network,
    network: Option<Network>,
    cross_entropy: CrossEntropyLoss,
    adam: ModuleOptimizer,
    epoch: u64,
}

pub fn digits(inputs: Rc<inputs::Digits>) -> Digits {
    let device = &Device::flex().autodiff();
    let (set, start) = (&inputs.set, &inputs.start);
    let numbers = |name| start.view(name).iter().copied().collect::<Vec<f32>>();
    // Its weights have the inputs first.
    let turned = |name| start.view(name).t().iter().copied().collect::<Vec<f32>>();
    let start = Network {
        hidden: layer(&turned("0.weight"), &numbers("0.bias"), PIXELS, device),
        output: layer(&turned("2.weight"), &numbers("2.bias"), UNITS, device),
    };
    let images: Vec<f32> = set.inputs().iter().copied().collect();
    let labels: Vec<i32> = set.targets().iter().map(|&label| label as i32).collect();
    Digits {
        images: Tensor::from_data(TensorData::new(images, [set.len(), PIXELS]), device),
        labels: Tensor::from_data(TensorData::new(labels, [set.len()]), device),
        network: Some(start.clone()),
        start,
        cross_entropy: CrossEntropyLossConfig::new().init(device),
        adam: adam(),
        epoch: 0,
        inputs,
    }
}

impl Contestant for Digits {
    fn restart(&mut self) {
        self.network = Some(self.start.clone());
        self.adam = adam();
        self.epoch = 0;
    }

    fn step(&mut self) -> f64 {
        let mut network = self.network.take().expect("a network");
        let order: Vec<i32> = self.inputs.order(self.epoch).into_iter().map(|row| row as i32).collect();
        let mut sum = 0.0;
        for rows in order.chunks(FEW) {
            let rows = TensorData::new(rows.to_vec(), [rows.len()]);
            let rows = Tensor::<1, Int>::from_data(rows, &self.images.device());
            let (images, labels) =
                (self.images.clone().select(0, rows.clone()), self.labels.clone().select(0, rows));
            let loss = self.cross_entropy.forward(network.logits(images), labels);
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = self.adam.step(RATE, network, gradients);
            sum += f64::from(loss.into_scalar::<f32>());
        }
        self.network = Some(network);
        self.epoch += 1;
        sum / order.len().div_ceil(FEW) as f64
    }

    fn norm(&mut self) -> Option<f64> {
        self.step();
        let logits = self.network.as_ref()?.logits(self.images.clone());
        let loss = self.cross_entropy.forward(logits, self.labels.clone()).into_scalar::<f32>();
        self.restart();
        Some(loss.into())
    }
}
