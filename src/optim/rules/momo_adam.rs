//! MoMo-Adam: Adam whose rate follows from a model of the objective, made of all gradients the momentum holds.
//!
//! ```text
//! t ← t + 1                                        t, f̄, γ, m, v = 0 at first
//! f̄ ← β₁ f̄ + (1 - β₁) f
//! γ ← β₁ γ + (1 - β₁) ⟨g, x⟩
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! D = ε + √(v / (1 - β₂ᵗ)),   ρ = 1 - β₁ᵗ
//! τ = min(η / ρ, max(0, (1 + η λ) (f̄ - ρ f* - γ) + ⟨m, x⟩) / ⟨m, m / D⟩)       0 where m = 0
//! x ← x / (1 + η λ) - τ m / D
//! ```
//!
//! F. Schaipp, R. Ohana, M. Eickenberg, A. Defazio and R. M. Gower, *MoMo: momentum models for adaptive learning
//! rates*, ICML 2024, algorithm 2. Defaults `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` (outside the root), `f* = 0` and
//! `λ = 0`, as in `optax.contrib.momo_adam`, whose estimate of an unknown `f*` is not here. `η` is only a bound, and
//! may be large. It needs the value of the objective.

use super::Moments;
use super::arithmetic::{needed, sum};
use super::polyak_sgd::share;
use crate::optim::Blocks;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// MoMo-Adam: `x ← x / (1 + η λ) - τ m / D`, `D = ε + √v̂`. Remembers [`MomoAdamState`].
///
/// ```
/// use downhill::optim::MomoAdam;
/// use downhill::prelude::*;
///
/// let mut x = [3.0];
/// MomoAdam::new(100.0).optimizer().step_with_value(&mut x, &[6.0], 9.0); // of x²
/// assert!((x[0] - 1.5).abs() < 1e-7); // τ / D · m = 9/6, the step of Polyak
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MomoAdam {
    /// The longest rate, `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The least value of the objective, `f*`, or a lower bound.
    pub least: f64,
    /// The weight decay `λ`.
    pub weight_decay: f64,
}

impl MomoAdam {
    /// With the longest rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`, `f* = 0` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> MomoAdam {
        MomoAdam { lr: lr.into(), beta1: 0.9, beta2: 0.999, eps: 1e-8, least: 0.0, weight_decay: 0.0 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> MomoAdam {
        MomoAdam { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> MomoAdam {
        MomoAdam { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> MomoAdam {
        MomoAdam { eps, ..self }
    }

    /// With another least value `f*`.
    pub fn least(self, least: f64) -> MomoAdam {
        MomoAdam { least, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> MomoAdam {
        MomoAdam { weight_decay, ..self }
    }

    /// The running means with one gradient more.
    fn gather<T: Element>(&self, m: &mut [T], v: &mut [T], g: &[T], blocks: Blocks<'_>) {
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        for range in blocks.map(|block| block.range) {
            let (m, v) = (&mut m[range.clone()], &mut v[range.clone()]);
            for ((m, v), &g) in m.iter_mut().zip(v).zip(&g[range]) {
                *m = b1 * *m + less1 * g;
                *v = b2 * *v + less2 * g * g;
            }
        }
    }
}

/// What [`MomoAdam`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MomoAdamState<T = f64> {
    /// The running means of the gradient and of its square.
    pub moments: Moments<T>,
    /// That of the value, `f̄`.
    pub value: f64,
    /// That of `⟨g, x⟩`, `γ`.
    pub gamma: f64,
}

impl<T: Element> Rule<T> for MomoAdam {
    type State = MomoAdamState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> MomoAdamState<T> {
        MomoAdamState { moments: Moments::new(x.len()), value: 0.0, gamma: 0.0 }
    }

    /// # Panics
    ///
    /// If the value of the objective was not given.
    fn step(&self, state: &mut MomoAdamState<T>, now: &mut Step<'_, T>) {
        let MomoAdamState { moments: Moments { m, v, t }, value, gamma } = state;
        *t += 1;
        let f = needed(now.value, "MomoAdam");
        let (lr, decay, blocks) = (now.lr, self.weight_decay, now.blocks());
        let [rho, v_correction] = [self.beta1, self.beta2].map(|b| 1.0 - b.powf(*t as f64));
        let (x, g) = now.x_and_gradient();
        *value = self.beta1 * *value + (1.0 - self.beta1) * f;
        let g_x = sum(blocks.clone(), |i| g[i].wide() * x[i].wide());
        *gamma = self.beta1 * *gamma + (1.0 - self.beta1) * g_x;
        self.gather(m, v, g, blocks.clone());
        let d = |i: usize| self.eps + (v[i].wide() / v_correction).sqrt();
        // Where m is 0, D may be as well.
        let m_m = |i: usize| if m[i] == T::zero() { 0.0 } else { m[i].wide() * m[i].wide() / d(i) };
        let squares = sum(blocks.clone(), m_m);
        let m_x = sum(blocks, |i| m[i].wide() * x[i].wide());
        let above = (1.0 + lr * decay) * (*value - rho * self.least - *gamma) + m_x;
        let tau = if squares == 0.0 { 0.0 } else { above.max(0.0) / squares };
        let [share, eps, v_correction] = [share(tau, lr / rho) / rho, self.eps, v_correction].map(T::nearest);
        now.add_decoupled_decay(decay / (1.0 + lr * decay));
        now.each([m, v], move |at, [m, v]| (at.lr * (share * m / (eps + (v / v_correction).sqrt())), [m, v]));
    }
}
