//! Momentum: a heavy ball rolls on through what a gradient alone would zigzag across.
//!
//! ```text
//! b ← μ b + g                                      b = 0 at first
//! x ← x - η b
//! ```
//!
//! B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, USSR Computational Mathematics and
//! Mathematical Physics 4 (5), 1964, 1–17, in the form of `torch.optim.SGD(momentum=μ)`: the rate is
//! applied after the sum, so a change of `η` rescales the whole of `b` at once. In the long run a constant gradient
//! moves `x` by `η g / (1 - μ)`. Default `μ = 0.9`.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// The heavy ball: `b ← μ b + g`, `x ← x - η b`. Remembers `b: [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// let mut ball = Momentum::new(0.1).optimizer();
/// ball.step(&mut x, &[1.0]); // b = 1
/// ball.step(&mut x, &[1.0]); // b = 0.9 + 1
/// assert!((x[0] + 0.1 + 0.19).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Momentum {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `b` is kept from step to step, `μ`, from 0 to less than 1.
    pub mu: f64,
}

impl Momentum {
    /// With the learning rate `lr` and `μ = 0.9`.
    pub fn new(lr: impl Into<LearningRate>) -> Momentum {
        Momentum { lr: lr.into(), mu: 0.9 }
    }

    /// With another `μ`.
    pub fn mu(self, mu: f64) -> Momentum {
        Momentum { mu, ..self }
    }
}

impl<T: Element> Rule<T> for Momentum {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, b: &mut Vec<T>, now: &mut Step<'_, T>) {
        let mu = T::nearest(self.mu);
        now.each([b], move |at, [b]| {
            let b = mu * b + at.g;
            (at.lr * b, [b])
        });
    }
}
