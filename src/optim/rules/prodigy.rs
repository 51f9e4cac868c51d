//! Prodigy: Adam that estimates how far the minimum is, and takes its rate from that.
//!
//! ```text
//! t ← t + 1                                        t, m, v, r, s = 0, d = d₀ at first
//! δ = d η √(1 - β₂ᵗ) / (1 - β₁ᵗ)
//! r ← β₃ r + (d / d₀) δ ⟨g, x₀ - x⟩
//! s ← β₃ s + (d / d₀) δ g                          with the safeguard: d instead of δ
//! d' = max(d, c r / |s|₁)
//! m ← β₁ m + (1 - β₁) d g
//! v ← β₂ v + (1 - β₂) d² g²
//! x ← (1 - δ λ) x - δ m / (√v + d' ε)
//! d ← d'
//! ```
//!
//! K. Mishchenko and A. Defazio, *Prodigy: an expeditiously adaptive parameter-free learner*, ICML 2024, the form for
//! Adam, with the bias correction of `optax.contrib.prodigy`. Defaults `β₁ = 0.9`, `β₂ = 0.999`, `β₃ = √β₂`, `ε = 1e-8`
//! (outside the root), `d₀ = 1e-6`, `c = 1` and `λ = 0`. `η` is 1, or a schedule that falls from 1 to 0; it needs no
//! search. The safeguard is for an `η` that rises slowly at first.

use super::Moments;
use super::arithmetic::sum;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Prodigy: Adam with the rate `δ = d η`, `d` the estimated distance to the minimum. Remembers [`ProdigyState`].
///
/// ```
/// use downhill::optim::Prodigy;
/// use downhill::prelude::*;
///
/// let mut x = [5.0, -5.0];
/// let mut prodigy = Prodigy::default().optimizer();
/// for _ in 0..1_000 {
///     let gradient = x.map(|x| 2.0 * x); // of x² + y²
///     prodigy.step(&mut x, &gradient);
/// }
/// assert!(prodigy.state().unwrap().d > 1.0); // the distance was 5 in each variable
/// assert!(f64::hypot(x[0], x[1]) < 1e-2);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Prodigy {
    /// The learning rate `η`: a factor, usually 1.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// How much of `r` and `s` is kept from step to step; `√β₂` if `None`.
    pub beta3: Option<f64>,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The first estimate of the distance, `d₀`: rather too small than too large.
    pub d0: f64,
    /// What the estimate is multiplied by, `c`: the one to be tuned, if any.
    pub coefficient: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
    /// Whether `s` leaves out `η`.
    pub safeguard: bool,
}

impl Prodigy {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `β₃ = √β₂`, `ε = 1e-8`, `d₀ = 1e-6`, `c = 1`, no weight
    /// decay and no safeguard.
    pub fn new(lr: impl Into<LearningRate>) -> Prodigy {
        Prodigy {
            lr: lr.into(),
            beta1: 0.9,
            beta2: 0.999,
            beta3: None,
            eps: 1e-8,
            d0: 1e-6,
            coefficient: 1.0,
            weight_decay: 0.0,
            safeguard: false,
        }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Prodigy {
        Prodigy { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Prodigy {
        Prodigy { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Prodigy {
        Prodigy { eps, ..self }
    }

    /// With another first estimate `d₀`.
    pub fn d0(self, d0: f64) -> Prodigy {
        Prodigy { d0, ..self }
    }

    /// With another coefficient `c` of the estimate.
    pub fn coefficient(self, coefficient: f64) -> Prodigy {
        Prodigy { coefficient, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Prodigy {
        Prodigy { weight_decay, ..self }
    }

    /// With or without the safeguard for a rate that rises slowly.
    pub fn safeguard(self, safeguard: bool) -> Prodigy {
        Prodigy { safeguard, ..self }
    }

    /// With another `β₃` than `√β₂`.
    pub fn beta3(self, beta3: f64) -> Prodigy {
        Prodigy { beta3: Some(beta3), ..self }
    }

    /// `√(1 - β₂ᵗ) / (1 - β₁ᵗ)`.
    fn correction(&self, t: usize) -> f64 {
        (1.0 - self.beta2.powf(t as f64)).sqrt() / (1.0 - self.beta1.powf(t as f64))
    }

    /// `r`, `s` and with them the new estimate `d'`.
    fn estimate<T: Element>(&self, state: &mut ProdigyState<T>, now: &mut Step<'_, T>, delta: f64) -> f64 {
        let ProdigyState { s, x0, d, r, .. } = state;
        let beta3 = self.beta3.unwrap_or(self.beta2.sqrt());
        let blocks = now.blocks();
        let (x, g) = now.x_and_gradient();
        let along = sum(blocks.clone(), |i| g[i].wide() * (x0[i].wide() - x[i].wide()));
        *r = beta3 * *r + *d / self.d0 * delta * along;
        let weight = *d / self.d0 * if self.safeguard { *d } else { delta };
        let [keep, weight] = [beta3, weight].map(T::nearest);
        for range in blocks.clone().map(|block| block.range) {
            for (s, &g) in s[range.clone()].iter_mut().zip(&g[range]) {
                *s = keep * *s + weight * g;
            }
        }
        let length = sum(blocks, |i| s[i].wide().abs());
        // Without any slope so far there is nothing to estimate from.
        if length == 0.0 { *d } else { d.max(self.coefficient * *r / length) }
    }
}

/// With the learning rate 1.
impl Default for Prodigy {
    fn default() -> Prodigy {
        Prodigy::new(1.0)
    }
}

/// What [`Prodigy`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProdigyState<T = f64> {
    /// The running means of `d g` and of its square.
    pub moments: Moments<T>,
    /// The weighted sum of the gradients, `[n]`.
    pub s: Vec<T>,
    /// Where it began, `[n]`.
    pub x0: Vec<T>,
    /// The estimate of the distance to the minimum.
    pub d: f64,
    /// The weighted sum of `⟨g, x₀ - x⟩`.
    pub r: f64,
}

impl<T: Element> Rule<T> for Prodigy {
    type State = ProdigyState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> ProdigyState<T> {
        let s = vec![T::zero(); x.len()];
        ProdigyState { moments: Moments::new(x.len()), s, x0: x.to_vec(), d: self.d0, r: 0.0 }
    }

    fn step(&self, state: &mut ProdigyState<T>, now: &mut Step<'_, T>) {
        let correction = self.correction(state.moments.t + 1);
        let delta = state.d * now.lr * correction;
        let new_d = self.estimate(state, now, delta);
        let ProdigyState { moments: Moments { m, v, t }, d, .. } = state;
        *t += 1;
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let [old_d, factor, eps] = [*d, *d * correction, new_d * self.eps].map(T::nearest);
        now.add_decoupled_decay(*d * correction * self.weight_decay);
        now.each([m, v], move |at, [m, v]| {
            let dg = old_d * at.g;
            let m = b1 * m + less1 * dg;
            let v = b2 * v + less2 * dg * dg;
            (at.lr * (factor * m / (v.sqrt() + eps)), [m, v])
        });
        *d = new_d;
    }
}
