//! Momentum as a convex mix of this gradient and the last.
//!
//! ```text
//! x ← x - η ((1 - γ) g + γ g')                     g' the gradient of the step before, 0 at first
//! ```
//!
//! The simplest form in which a descent remembers, as introductory articles on step strategies have it: one gradient
//! back and no further, so that a valley crossed to and fro is damped and nothing builds up (in
//! [`Momentum`](super::Momentum) it does). The first step is `1 - γ` of a plain one. Default `γ = 0.1`.

use crate::optim::{LearningRate, Rule};

/// The mix `x ← x - η ((1 - γ) g + γ g')` of this gradient and the last. Remembers `g': [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [-6.0];
/// let mut mix = MomentumMix::new(1.0).optimizer();
/// mix.step(&mut x, &[-6.0]); // there is no last gradient yet
/// assert!((x[0] - (-6.0 + 0.9 * 6.0)).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MomentumMix {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// The share of the last gradient, `γ`, from 0 to 1.
    pub gamma: f64,
}

impl MomentumMix {
    /// With the learning rate `lr` and `γ = 0.1`.
    pub fn new(lr: impl Into<LearningRate>) -> MomentumMix {
        MomentumMix { lr: lr.into(), gamma: 0.1 }
    }

    /// With another `γ`.
    pub fn gamma(self, gamma: f64) -> MomentumMix {
        MomentumMix { gamma, ..self }
    }
}

impl Rule for MomentumMix {
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

    fn step(&self, last: &mut Vec<f64>, lr: f64, x: &mut [f64], gradient: &[f64]) {
        for ((x, g), last) in x.iter_mut().zip(gradient).zip(last) {
            *x -= lr * ((1.0 - self.gamma) * g + self.gamma * *last);
            *last = *g;
        }
    }
}
