//! ACProp: each gradient is divided by how far the ones before were from their mean.
//!
//! ```text
//! t ← t + 1                                        t, m, s = 0 at first
//! x ← (1 - η λ) x - η g / (√ŝ + ε)                 ŝ = s / (1 - β₂ᵗ⁻¹); 1 where s = 0, as at t = 1
//! s ← β₂ s + (1 - β₂) (g - m)² + ε₀
//! m ← β₁ m + (1 - β₁) g
//! ```
//!
//! J. Zhuang, Y. Ding, T. Tang, N. Dvornek, S. Tatikonda and J. Duncan, *Momentum centering and asynchronous update for
//! adaptive gradient methods*, NeurIPS 2021, algorithm 2, in the form of `optax.contrib.acprop`: deviations are
//! measured from the mean before this gradient. Defaults `β₁ = 0.9`, `β₂ = 0.999`, `ε = ε₀ = 1e-16` (outside the root,
//! and added to `s` in every step) and `λ = 0`. The first step is plain descent, as long as the slope is; and a slope
//! that was 0 so far is divided by next to nothing when it comes, for which a larger `ε` helps.

use super::Moments;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// ACProp: `x ← (1 - η λ) x - η g / (√ŝ + ε)`, `s` the mean of `(g - m)²` of the steps before. Remembers `m` and `s` in
/// [`Moments`].
///
/// ```
/// use downhill::optim::AcProp;
/// use downhill::prelude::*;
///
/// let mut x = [1.0];
/// let mut acprop = AcProp::new(0.5).optimizer();
/// acprop.step(&mut x, &[2.0]); // nothing to divide by yet
/// assert_eq!(x, [0.0]);
/// acprop.step(&mut x, &[1.0]); // ŝ = 2²
/// assert!((x[0] + 0.25).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AcProp {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `s` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// `ε₀`, added to `s` in every step.
    pub eps_root: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
}

impl AcProp {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = ε₀ = 1e-16` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> AcProp {
        AcProp { lr: lr.into(), beta1: 0.9, beta2: 0.999, eps: 1e-16, eps_root: 1e-16, weight_decay: 0.0 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> AcProp {
        AcProp { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> AcProp {
        AcProp { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AcProp {
        AcProp { eps, ..self }
    }

    /// With another `ε₀`.
    pub fn eps_root(self, eps_root: f64) -> AcProp {
        AcProp { eps_root, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> AcProp {
        AcProp { weight_decay, ..self }
    }
}

impl<T: Element> Rule<T> for AcProp {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, Moments { m, v: s, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        let correction = T::nearest(1.0 - self.beta2.powf((*t - 1) as f64));
        now.add_decoupled_decay(self.weight_decay);
        now.each([m, s], move |at, [m, s]| {
            let new_m = b1 * m + less1 * at.g;
            let s_hat = if s == T::zero() { T::one() } else { s / correction };
            let off = at.g - m;
            let new_s = b2 * s + less2 * off * off + eps_root;
            (at.lr * at.g / (s_hat.sqrt() + eps), [new_m, new_s])
        });
    }
}
