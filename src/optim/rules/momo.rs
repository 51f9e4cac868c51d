//! MoMo: momentum whose rate follows from a model of the objective, made of all gradients the momentum holds.
//!
//! ```text
//! f̄ ← β f̄ + (1 - β) f                              β = 0 at the first step
//! γ ← β γ + (1 - β) ⟨g, x⟩
//! m ← β m + (1 - β) g
//! τ = min(η, max(0, (1 + η λ) (f̄ - f* - γ) + ⟨m, x⟩) / |m|²)       0 where m = 0
//! x ← x / (1 + η λ) - τ m
//! ```
//!
//! F. Schaipp, R. Ohana, M. Eickenberg, A. Defazio and R. M. Gower, *MoMo: momentum models for adaptive learning
//! rates*, ICML 2024, algorithm 1. Defaults `β = 0.9`, `f* = 0` and `λ = 0`, as in `optax.contrib.momo`, whose estimate
//! of an unknown `f*` is not here. `η` is only a bound, and may be large. It needs the value of the objective.

use super::arithmetic::{needed, sum};
use super::polyak_sgd::share;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// MoMo: `x ← x / (1 + η λ) - τ m`, `τ = min(η, (f̄ - f* - γ + ⟨m, x⟩) / |m|²)`. Remembers [`MomoState`].
///
/// ```
/// use downhill::optim::Momo;
/// use downhill::prelude::*;
///
/// let mut x = [3.0, 4.0];
/// let (value, gradient) = (25.0, [6.0, 8.0]); // of x² + y²
/// Momo::new(1.0).optimizer().step_with_value(&mut x, &gradient, value);
/// assert_eq!(x, [1.5, 2.0]); // the first step is Polyak's
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Momo {
    /// The longest rate, `η`.
    pub lr: LearningRate,
    /// How much of the means is kept from step to step, from 0 to less than 1.
    pub beta: f64,
    /// The least value of the objective, `f*`, or a lower bound.
    pub least: f64,
    /// The weight decay `λ`.
    pub weight_decay: f64,
}

impl Momo {
    /// With the longest rate `lr`, `β = 0.9`, `f* = 0` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> Momo {
        Momo { lr: lr.into(), beta: 0.9, least: 0.0, weight_decay: 0.0 }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> Momo {
        Momo { beta, ..self }
    }

    /// With another least value `f*`.
    pub fn least(self, least: f64) -> Momo {
        Momo { least, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Momo {
        Momo { weight_decay, ..self }
    }
}

/// What [`Momo`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MomoState<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// That of the value, `f̄`.
    pub value: f64,
    /// That of `⟨g, x⟩`, `γ`.
    pub gamma: f64,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for Momo {
    type State = MomoState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> MomoState<T> {
        MomoState { m: vec![T::zero(); x.len()], value: 0.0, gamma: 0.0, t: 0 }
    }

    /// # Panics
    ///
    /// If the value of the objective was not given.
    fn step(&self, MomoState { m, value, gamma, t }: &mut MomoState<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let f = needed(now.value, "Momo");
        let beta = if *t == 1 { 0.0 } else { self.beta };
        let (lr, decay, blocks) = (now.lr, self.weight_decay, now.blocks());
        let (x, g) = now.x_and_gradient();
        *value = beta * *value + (1.0 - beta) * f;
        *gamma = beta * *gamma + (1.0 - beta) * sum(blocks.clone(), |i| g[i].wide() * x[i].wide());
        let [b, less] = [beta, 1.0 - beta].map(T::nearest);
        for range in blocks.clone().map(|block| block.range) {
            for (m, &g) in m[range.clone()].iter_mut().zip(&g[range]) {
                *m = b * *m + less * g;
            }
        }
        let squares = sum(blocks.clone(), |i| m[i].wide() * m[i].wide());
        let m_x = sum(blocks, |i| m[i].wide() * x[i].wide());
        let above = (1.0 + lr * decay) * (*value - self.least - *gamma) + m_x;
        let tau = if squares == 0.0 { 0.0 } else { above.max(0.0) / squares };
        let share = T::nearest(share(tau, lr));
        now.add_decoupled_decay(decay / (1.0 + lr * decay));
        now.each([m], move |at, [m]| (at.lr * (share * m), [m]));
    }
}
