//! Nesterov's momentum: the ball looks ahead to where it is rolling.
//!
//! ```text
//! b ← μ b + g                                      b = 0 at first
//! d = g + μ b
//! x ← x - η d
//! ```
//!
//! Yu. Nesterov, *A method of solving a convex programming problem with convergence rate O(1/k²)*, Soviet Mathematics
//! Doklady 27 (2), 1983, 372–376. This is the form of I. Sutskever, J. Martens, G. Dahl and G. Hinton, *On the
//! importance of initialization and momentum in deep learning*, ICML 2013, with the variables moved to where the
//! gradient is taken: `torch.optim.SGD(momentum=μ, nesterov=True)`. The first step is `1 + μ` of a plain one. Default
//! `μ = 0.9`.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Nesterov's momentum: `b ← μ b + g`, `x ← x - η (g + μ b)`. Remembers `b: [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// Nesterov::new(0.1).optimizer().step(&mut x, &[1.0]);
/// assert!((x[0] + 0.1 * 1.9).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Nesterov {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `b` is kept from step to step, `μ`, from 0 to less than 1.
    pub mu: f64,
}

impl Nesterov {
    /// With the learning rate `lr` and `μ = 0.9`.
    pub fn new(lr: impl Into<LearningRate>) -> Nesterov {
        Nesterov { lr: lr.into(), mu: 0.9 }
    }

    /// With another `μ`.
    pub fn mu(self, mu: f64) -> Nesterov {
        Nesterov { mu, ..self }
    }
}

impl<T: Element> Rule<T> for Nesterov {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, b: &mut Vec<T>, now: &mut Step<'_, T>) {
        let mu = T::nearest(self.mu);
        now.each([b], move |at, [b]| {
            let b = mu * b + at.g;
            let d = at.g + mu * b;
            (at.lr * d, [b])
        });
    }
}
