//! The workloads on `candle`, with its own `cross_entropy` and its own AdamW, which without decay is Adam.

use candle_core::backprop::GradStore;
use candle_core::{Device, Result, Tensor, Var};
use candle_nn::loss::cross_entropy;
use candle_nn::optim::{AdamW, Optimizer, ParamsAdamW};

use crate::Contestant;
use crate::inputs::{self, BATCH, BETAS, CLASSES, EPSILON, FEATURES, HIDDEN, INPUTS, POINTS, RATE};

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
