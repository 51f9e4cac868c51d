//! RMSprop: like AdaGrad, but old slopes are forgotten.
//!
//! ```text
//! v ← α v + (1 - α) g²                             v = 0 at first
//! x ← x - η g / (√v + ε)
//! ```
//!
//! T. Tieleman and G. Hinton, *Lecture 6.5 — RMSprop: divide the gradient by a running average of its recent
//! magnitude*, COURSERA: Neural Networks for Machine Learning, 2012. Defaults `α = 0.99` and `ε = 1e-8`, `ε` outside
//! the root, as in `torch.optim.RMSprop` (Optax: 0.9, inside). `v` is not corrected for its start at 0, so the first
//! step is `η / √(1 - α)`, ten times `η` by default.

use crate::optim::{LearningRate, Rule};

/// RMSprop: `v ← α v + (1 - α) g²`, `x ← x - η g / (√v + ε)`. Remembers `v: [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// RmsProp::new(0.01).optimizer().step(&mut x, &[3.0]);
/// assert!((x[0] + 0.1).abs() < 1e-8); // 0.01 / √(1 - 0.99)
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RmsProp {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub alpha: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
}

impl RmsProp {
    /// With the learning rate `lr`, `α = 0.99` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> RmsProp {
        RmsProp { lr: lr.into(), alpha: 0.99, eps: 1e-8 }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> RmsProp {
        RmsProp { alpha, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> RmsProp {
        RmsProp { eps, ..self }
    }
}

impl Rule for RmsProp {
    type State = Vec<f64>;

    fn lr(&self) -> LearningRate {
        self.lr
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.lr = lr;
    }

    fn init(&self, n: usize) -> Vec<f64> {
        vec![0.0; n]
    }

    fn step(&self, v: &mut Vec<f64>, lr: f64, x: &mut [f64], gradient: &[f64]) {
        for ((x, g), v) in x.iter_mut().zip(gradient).zip(v) {
            *v = self.alpha * *v + (1.0 - self.alpha) * g * g;
            *x -= lr * g / (v.sqrt() + self.eps);
        }
    }
}
