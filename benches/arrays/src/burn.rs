//! The workloads on `burn` over `flex`, as its book shows: a module of its own layers, its loss and its Adam.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::nn::loss::{CrossEntropyLoss, CrossEntropyLossConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::{relu, softplus};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use crate::Contestant;
use crate::inputs::{self, BATCH, BETAS, CLASSES, EPSILON, FEATURES, HIDDEN, INPUTS, POINTS, RATE};

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

fn adam() -> ModuleOptimizer {
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
