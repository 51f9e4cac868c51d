//! LARS: a gradient made as long as the array it is to change, with momentum.
//!
//! ```text
//! u = g + λ x
//! r = c |x| / (|u| + ε)                            for each array; 1 where either norm is 0
//! b ← μ b + η r u                                  b = 0 at first
//! x ← x - b                                        Nesterov: x - (μ b + η r u)
//! ```
//!
//! Y. You, I. Gitman and B. Ginsburg, *Large batch training of convolutional networks*, arXiv:1708.03888, 2017,
//! algorithm 1, in the form of `optax.lars`: the trust ratio measures gradient and decay together (the paper: their
//! norms apart), and the rate is applied before the momentum. Defaults `c = 1e-3`, `μ = 0.9`, `λ = 0` and `ε = 0`.

use super::arithmetic::times_ratio;
use crate::optim::Whole;
use crate::optim::step::norm_of;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// LARS: `b ← μ b + η c (|u| / |x|)⁻¹ u`, `x ← x - b`, `u = g + λ x`. Remembers `b: [n]`.
///
/// ```
/// use downhill::optim::Lars;
/// use downhill::prelude::*;
///
/// let mut x = [3.0, 4.0]; // of length 5
/// Lars::new(1.0).optimizer().step(&mut x, &[7.0, -7.0]);
/// let moved = f64::hypot(x[0] - 3.0, x[1] - 4.0);
/// assert!((moved - 1e-3 * 5.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lars {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// The share `c` of its length by which an array changes, at `η = 1`.
    pub trust: f64,
    /// How much of `b` is kept from step to step, `μ`, from 0 to less than 1.
    pub mu: f64,
    /// The weight decay `λ`, part of the direction.
    pub weight_decay: f64,
    /// Added to the norm of the direction.
    pub eps: f64,
    /// Whether the step looks ahead, as [`Nesterov`](super::Nesterov)'s.
    pub nesterov: bool,
}

impl Lars {
    /// With the learning rate `lr`, `c = 1e-3`, `μ = 0.9` and neither weight decay nor `ε`.
    pub fn new(lr: impl Into<LearningRate>) -> Lars {
        Lars { lr: lr.into(), trust: 1e-3, mu: 0.9, weight_decay: 0.0, eps: 0.0, nesterov: false }
    }

    /// With another trust coefficient `c`.
    pub fn trust(self, trust: f64) -> Lars {
        Lars { trust, ..self }
    }

    /// With another `μ`.
    pub fn mu(self, mu: f64) -> Lars {
        Lars { mu, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Lars {
        Lars { weight_decay, ..self }
    }

    /// With an `ε`.
    pub fn eps(self, eps: f64) -> Lars {
        Lars { eps, ..self }
    }

    /// With or without Nesterov's look ahead.
    pub fn nesterov(self, nesterov: bool) -> Lars {
        Lars { nesterov, ..self }
    }

    /// `c |x| / (|u| + ε)`, 1 where either norm is 0.
    fn ratio(&self, x: f64, u: f64) -> f64 {
        if x == 0.0 || u == 0.0 { 1.0 } else { self.trust * x / (u + self.eps) }
    }
}

impl<T: Element> Rule<T> for Lars {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, b: &mut Vec<T>, now: &mut Step<'_, T>) {
        let mu = T::nearest(self.mu);
        let Whole { x, gradient, displacement, blocks } = now.whole();
        for block in blocks {
            let decay = T::nearest(self.weight_decay * block.decay);
            let range = block.range;
            let (x, d, b) = (&x[range.clone()], &mut displacement[range.clone()], &mut b[range.clone()]);
            for ((u, &g), &x) in d.iter_mut().zip(&gradient[range]).zip(x) {
                *u = g + decay * x;
            }
            let rate: T = times_ratio(block.lr, self.ratio(norm_of(x), norm_of(d)));
            for (d, b) in d.iter_mut().zip(b) {
                let u = rate * *d;
                *b = mu * *b + u;
                *d = if self.nesterov { mu * *b + u } else { *b };
            }
        }
    }
}
