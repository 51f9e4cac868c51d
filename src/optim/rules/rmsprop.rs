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

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// RMSprop: `v ← α v + (1 - α) g²`, `x ← x - η g / (√v + ε)`. Remembers `v: [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// RmsProp::new(0.01).optimizer().step(&mut x, &[3.0]);
/// assert!((x[0] + 0.1).abs() < 1e-8); // 0.01 / √(1 - 0.99)
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

impl<T: Element> Rule<T> for RmsProp {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, v: &mut Vec<T>, now: &mut Step<'_, T>) {
        let [alpha, less, eps] = [self.alpha, 1.0 - self.alpha, self.eps].map(T::nearest);
        now.each([v], |at, [v]| {
            let v = alpha * v + less * at.g * at.g;
            (at.lr * at.g / (v.sqrt() + eps), [v])
        });
    }
}
