//! MADGRAD: dual averaging from the start, divided by the cube root of the sum of squares, with momentum.
//!
//! ```text
//! t ← t + 1                                        t, s, ν = 0 at first
//! λ = (η + ε) √t
//! s ← s + λ g
//! ν ← ν + λ g²
//! z = x₀ - s / (∛ν + ε)
//! x ← μ x + (1 - μ) z
//! ```
//!
//! A. Defazio and S. Jelassi, *Adaptivity without compromise: a momentumized, adaptive, dual averaged gradient method
//! for stochastic optimization*, Journal of Machine Learning Research 23, 2022, algorithm 1, whose `c` is `1 - μ`.
//! Defaults `μ = 0.9` and `ε = 1e-6` (outside the root, and added to the rate), as in `optax.contrib.madgrad`. As every
//! point is made from `x₀`, a weight decay pulls towards where the search began.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// MADGRAD: `z = x₀ - s / (∛ν + ε)`, `x ← μ x + (1 - μ) z`. Remembers [`MadGradState`].
///
/// ```
/// use downhill::optim::MadGrad;
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// MadGrad::new(1.0).eps(0.0).mu(0.0).optimizer().step(&mut x, &[8.0]);
/// assert!((x[0] + 2.0).abs() < 1e-14); // 8 / ∛8²
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MadGrad {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `x` is kept from step to step, `μ`, from 0 to less than 1.
    pub mu: f64,
    /// Keeps the quotient finite where no slope was seen; outside the root.
    pub eps: f64,
}

impl MadGrad {
    /// With the learning rate `lr`, `μ = 0.9` and `ε = 1e-6`.
    pub fn new(lr: impl Into<LearningRate>) -> MadGrad {
        MadGrad { lr: lr.into(), mu: 0.9, eps: 1e-6 }
    }

    /// With another `μ`.
    pub fn mu(self, mu: f64) -> MadGrad {
        MadGrad { mu, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> MadGrad {
        MadGrad { eps, ..self }
    }
}

/// What [`MadGrad`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MadGradState<T = f64> {
    /// The weighted sum of the gradients, `[n]`.
    pub s: Vec<T>,
    /// That of their squares, `ν`, `[n]`.
    pub nu: Vec<T>,
    /// Where it began, `[n]`.
    pub x0: Vec<T>,
    /// How many steps it has seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for MadGrad {
    type State = MadGradState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> MadGradState<T> {
        MadGradState { s: vec![T::zero(); x.len()], nu: vec![T::zero(); x.len()], x0: x.to_vec(), t: 0 }
    }

    fn step(&self, MadGradState { s, nu, x0, t }: &mut MadGradState<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let [less, eps, root_t] = [1.0 - self.mu, self.eps, (*t as f64).sqrt()].map(T::nearest);
        now.each([s, nu, x0], |at, [s, nu, x0]| {
            let lambda = (at.lr + eps) * root_t;
            let s = s + lambda * at.g;
            let nu = nu + lambda * at.g * at.g;
            let z = x0 - s / (nu.cbrt() + eps);
            (less * (at.x - z), [s, nu, x0])
        });
    }
}
