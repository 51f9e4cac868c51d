//! AdaDelta: steps in the units of the variables, from running means of squared gradients and squared steps.
//!
//! ```text
//! g ← g + λ x                                      λ the weight decay, 0 by default
//! v ← ρ v + (1 - ρ) g²                             u, v = 0 at first
//! d = √(u + ε) / √(v + ε) · g
//! u ← ρ u + (1 - ρ) d²
//! x ← x - η d
//! ```
//!
//! M. D. Zeiler, *ADADELTA: an adaptive learning rate method*, arXiv:1212.5701, 2012, algorithm 1, where `η = 1`.
//! Defaults `ρ = 0.9` and `ε = 1e-6`, inside both roots, as in `torch.optim.Adadelta` and in Optax, which agree. The first
//! steps are about `√ε` long, so it starts slowly.

use super::Mean;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AdaDelta: `x ← x - η √(u + ε) / √(v + ε) · g`. Remembers `v: [n]` and `u: [n]`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::AdaDelta;
///
/// let mut x = [0.0, 0.0];
/// AdaDelta::new(1.0).optimizer().step(&mut x, &[1e3, -1e6]);
/// let first = 1e-3 / f64::sqrt(0.1); // √(ε / (1 - ρ))
/// assert!((x[0] + first).abs() < 1e-12 && (x[1] - first).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaDelta {
    /// The learning rate `η`, 1 in the paper.
    pub lr: LearningRate,
    /// How much of `u` and `v` is kept from step to step, from 0 to less than 1.
    pub rho: f64,
    /// Starts the steps, and keeps the quotient finite where there is no slope; inside the roots.
    pub eps: f64,
    /// The weight decay `λ`, coupled: it is added to the gradient.
    pub weight_decay: f64,
}

impl AdaDelta {
    /// With the learning rate `lr` (1 in the paper), `ρ = 0.9` and `ε = 1e-6`.
    pub fn new(lr: impl Into<LearningRate>) -> AdaDelta {
        AdaDelta { lr: lr.into(), rho: 0.9, eps: 1e-6, weight_decay: 0.0 }
    }

    /// With another `ρ`.
    pub fn rho(self, rho: f64) -> AdaDelta {
        AdaDelta { rho, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AdaDelta {
        AdaDelta { eps, ..self }
    }

    /// With coupled weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> AdaDelta {
        AdaDelta { weight_decay, ..self }
    }
}

/// What [`AdaDelta`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaDeltaState<T = f64> {
    /// The running mean of the square of the gradient, `[n]`.
    pub v: Vec<T>,
    /// The running mean of the square of the step before the rate, `[n]`.
    pub u: Vec<T>,
}

impl<T: Element> Rule<T> for AdaDelta {
    type State = AdaDeltaState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> AdaDeltaState<T> {
        AdaDeltaState { v: vec![T::zero(); x.len()], u: vec![T::zero(); x.len()] }
    }

    fn step(&self, AdaDeltaState { v, u }: &mut AdaDeltaState<T>, now: &mut Step<'_, T>) {
        now.add_coupled_decay(self.weight_decay);
        let rho = Mean::new(self.rho, 1);
        let eps = T::nearest(self.eps);
        now.each([v, u], move |at, [v, u]| {
            let v = rho.of_square(v, at.g);
            let d = (u + eps).sqrt() / (v + eps).sqrt() * at.g;
            (at.lr * d, [v, rho.of_square(u, d)])
        });
    }
}
