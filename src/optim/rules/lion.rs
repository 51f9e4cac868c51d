//! Lion: the sign of a mix of the gradient and its running mean.
//!
//! ```text
//! u = sign(β₁ m + (1 - β₁) g)                      m = 0 at first, sign(0) = 0
//! x ← (1 - η λ) x - η u
//! m ← β₂ m + (1 - β₂) g
//! ```
//!
//! X. Chen, C. Liang, D. Huang, E. Real, K. Wang and others, *Symbolic discovery of optimization algorithms*, NeurIPS
//! 2023, algorithm 2. Defaults `β₁ = 0.9`, `β₂ = 0.99` and `λ = 1e-3`, as in `optax.lion`. There is no `ε`: every
//! variable moves by `η` in every step, however small its gradient, so `η` is to be three to ten times smaller than
//! Adam's, and `λ` as much larger, and near a minimum the path swings about it by `η`.

use super::arithmetic::sign;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Lion: `x ← (1 - η λ) x - η sign(β₁ m + (1 - β₁) g)`. Remembers `m: [n]`.
///
/// ```
/// use downhill::optim::Lion;
/// use downhill::prelude::*;
///
/// let mut x = [1.0, 1.0, 1.0];
/// Lion::new(0.25).weight_decay(0.0).optimizer().step(&mut x, &[1e-9, -1e9, 0.0]);
/// assert_eq!(x, [0.75, 1.25, 1.0]); // η, whatever the size of the slope
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lion {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// The share of the mean in the direction, `β₁`, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `m` is kept from step to step, `β₂`, from 0 to less than 1.
    pub beta2: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
}

impl Lion {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.99` and `λ = 1e-3`.
    pub fn new(lr: impl Into<LearningRate>) -> Lion {
        Lion { lr: lr.into(), beta1: 0.9, beta2: 0.99, weight_decay: 1e-3 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Lion {
        Lion { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Lion {
        Lion { beta2, ..self }
    }

    /// With another weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Lion {
        Lion { weight_decay, ..self }
    }
}

impl<T: Element> Rule<T> for Lion {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, m: &mut Vec<T>, now: &mut Step<'_, T>) {
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        now.add_decoupled_decay(self.weight_decay);
        now.each([m], move |at, [m]| {
            let u = sign(b1 * m + less1 * at.g);
            (at.lr * u, [b2 * m + less2 * at.g])
        });
    }
}
