//! D-Adaptation: AdamW that estimates how far the minimum is, and takes its rate from that.
//!
//! ```text
//! t ← t + 1                                        t, m, v, r, s = 0, d = d₀ at first
//! δ = d η √(1 - β₂ᵗ) / (1 - β₁ᵗ)
//! r ← √β₂ r + (1 - √β₂) δ ⟨g, s / (√v + ε)⟩        s and v of the step before
//! m ← β₁ m + (1 - β₁) δ g
//! v ← β₂ v + (1 - β₂) g²
//! s ← √β₂ s + (1 - √β₂) δ g
//! x ← (1 - δ λ) x - m / (√v + ε)
//! d ← max(d, r / ((1 - √β₂) |s|₁))
//! ```
//!
//! A. Defazio and K. Mishchenko, *Learning-rate-free learning by D-Adaptation*, ICML 2023, the form for Adam, with the
//! bias correction of `optax.contrib.dadapt_adamw`. Defaults `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` (outside the root),
//! `d₀ = 1e-6` and `λ = 0`. `η` is 1, or a schedule that falls from 1 to 0. [`Prodigy`](super::Prodigy) is its quicker
//! successor.

use super::Moments;
use super::arithmetic::sum;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// D-Adaptation of AdamW: its rate `δ = d η`, `d` the estimated distance to the minimum. Remembers [`DAdaptState`].
///
/// ```
/// use downhill::optim::DAdaptAdamW;
/// use downhill::prelude::*;
///
/// let mut x = [5.0, -5.0];
/// let mut adapted = DAdaptAdamW::default().optimizer();
/// for _ in 0..1_000 {
///     let gradient = x.map(|x| 2.0 * x); // of x² + y²
///     adapted.step(&mut x, &gradient);
/// }
/// assert!(adapted.state().unwrap().d > 1e-2); // begun at 1e-6
/// assert!(f64::hypot(x[0], x[1]) < 1e-2);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DAdaptAdamW {
    /// The learning rate `η`: a factor, usually 1.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The first estimate of the distance, `d₀`: rather too small than too large.
    pub d0: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
}

impl DAdaptAdamW {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`, `d₀ = 1e-6` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> DAdaptAdamW {
        DAdaptAdamW { lr: lr.into(), beta1: 0.9, beta2: 0.999, eps: 1e-8, d0: 1e-6, weight_decay: 0.0 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> DAdaptAdamW {
        DAdaptAdamW { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> DAdaptAdamW {
        DAdaptAdamW { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> DAdaptAdamW {
        DAdaptAdamW { eps, ..self }
    }

    /// With another first estimate `d₀`.
    pub fn d0(self, d0: f64) -> DAdaptAdamW {
        DAdaptAdamW { d0, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> DAdaptAdamW {
        DAdaptAdamW { weight_decay, ..self }
    }
}

/// With the learning rate 1.
impl Default for DAdaptAdamW {
    fn default() -> DAdaptAdamW {
        DAdaptAdamW::new(1.0)
    }
}

/// What [`DAdaptAdamW`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DAdaptState<T = f64> {
    /// The running means of `δ g` and of `g²`.
    pub moments: Moments<T>,
    /// The running mean of `δ g`, slower, `[n]`.
    pub s: Vec<T>,
    /// The estimate of the distance to the minimum.
    pub d: f64,
    /// The running mean of `δ ⟨g, s / (√v + ε)⟩`.
    pub r: f64,
}

impl<T: Element> Rule<T> for DAdaptAdamW {
    type State = DAdaptState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> DAdaptState<T> {
        DAdaptState { moments: Moments::new(x.len()), s: vec![T::zero(); x.len()], d: self.d0, r: 0.0 }
    }

    fn step(&self, state: &mut DAdaptState<T>, now: &mut Step<'_, T>) {
        let DAdaptState { moments: Moments { m, v, t }, s, d, r } = state;
        *t += 1;
        let [less1_t, less2_t] = [self.beta1, self.beta2].map(|b| 1.0 - b.powf(*t as f64));
        let factor = *d * less2_t.sqrt() / less1_t;
        let (delta, root, blocks) = (factor * now.lr, self.beta2.sqrt(), now.blocks());
        let g = now.gradient();
        let along = |i: usize| g[i].wide() * (s[i].wide() / (v[i].wide().sqrt() + self.eps));
        *r = root * *r + (1.0 - root) * delta * sum(blocks.clone(), along);
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let [keep, less_delta, factor_t, eps] =
            [root, (1.0 - root) * delta, factor, self.eps].map(T::nearest);
        now.add_decoupled_decay(factor * self.weight_decay);
        now.each([m, v, s], move |at, [m, v, s]| {
            let m = b1 * m + less1 * (at.lr * factor_t * at.g);
            let v = b2 * v + less2 * at.g * at.g;
            let s = keep * s + less_delta * at.g;
            (m / (v.sqrt() + eps), [m, v, s])
        });
        let length = sum(blocks, |i| s[i].wide().abs());
        // Without any slope so far there is nothing to estimate from.
        if length > 0.0 {
            *d = d.max(*r / ((1.0 - root) * length));
        }
    }
}
