//! AdamW: Adam with a weight decay that is not divided by the root.
//!
//! ```text
//! x ← (1 - η λ) x
//! x ← x - η m̂ / (√(v̂ + ε_root) + ε)                m̂ and v̂ of Adam, from g alone
//! ```
//!
//! I. Loshchilov and F. Hutter, *Decoupled weight decay regularization*, ICLR 2019, algorithm 2, in the form of
//! `torch.optim.AdamW`: the decay is multiplied by the rate of the step, and `λ = 0.01` by default. Optax's `adamw` is the
//! same, its `λ` being 1e-4: [`AdamW::optax`]; with a look ahead it is Optax's `nadamw`. With the largest `v̂` so far in
//! place of `v̂` it is [`AmsGrad::decoupled_decay`](super::AmsGrad::decoupled_decay).

use super::{Moments, adam};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AdamW: `x ← (1 - η λ) x - η m̂ / (√v̂ + ε)`. Remembers `m: [n]`, `v: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::AdamW;
///
/// let mut x = [10.0, 10.0];
/// AdamW::new(0.1).weight_decay(0.5).optimizer().step(&mut x, &[1e-2, 0.0]);
/// assert!((x[0] - (9.5 - 0.1)).abs() < 1e-6 && x[1] == 9.5);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdamW {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The same inside the root.
    pub eps_root: f64,
    /// Whether the mean of the gradient looks ahead, see [`Adam`](super::Adam).
    pub nesterov: bool,
    /// The weight decay `λ`, decoupled: each step shrinks the variables by `η λ` of themselves.
    pub weight_decay: f64,
}

impl AdamW {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` and `λ = 0.01`.
    pub fn new(lr: impl Into<LearningRate>) -> AdamW {
        let (lr, nesterov) = (lr.into(), false);
        AdamW { lr, beta1: 0.9, beta2: 0.999, eps: 1e-8, eps_root: 0.0, nesterov, weight_decay: 0.01 }
    }

    /// With Optax's default `λ = 1e-4`.
    pub fn optax(lr: impl Into<LearningRate>) -> AdamW {
        AdamW::new(lr).weight_decay(1e-4)
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> AdamW {
        AdamW { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> AdamW {
        AdamW { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AdamW {
        AdamW { eps, ..self }
    }

    /// With another `ε_root`.
    pub fn eps_root(self, eps_root: f64) -> AdamW {
        AdamW { eps_root, ..self }
    }

    /// With a look ahead, as `optax.nadamw`.
    pub fn nesterov(self) -> AdamW {
        AdamW { nesterov: true, ..self }
    }

    /// With another `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> AdamW {
        AdamW { weight_decay, ..self }
    }
}

impl<T: Element> Rule<T> for AdamW {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, state: &mut Moments<T>, now: &mut Step<'_, T>) {
        now.add_decoupled_decay(self.weight_decay);
        let AdamW { beta1, beta2, eps, eps_root, nesterov, .. } = *self;
        adam::Formula { beta1, beta2, eps, eps_root, nesterov }.step(state, now);
    }
}
