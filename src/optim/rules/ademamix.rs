//! AdEMAMix: Adam with a second, much slower momentum.
//!
//! ```text
//! t ← t + 1                                        t, m₁, m₂, v = 0 at first
//! m₁ ← β₁ m₁ + (1 - β₁) g
//! m₂ ← β₃ m₂ + (1 - β₃) g
//! v ← β₂ v + (1 - β₂) g²
//! u = (m₁ / (1 - β₁ᵗ) + α m₂) / (√(v / (1 - β₂ᵗ)) + ε)
//! x ← (1 - η λ) x - η u
//! ```
//!
//! M. Pagliardini, P. Ablin and D. Grangier, *The AdEMAMix optimizer: better, faster, older*, ICLR 2025, algorithm 1.
//! Defaults `β₁ = 0.9`, `β₂ = 0.999`, `β₃ = 0.9999`, `α = 5`, `ε = 1e-8` (outside the root) and `λ = 0`, as in
//! `optax.contrib.ademamix`. `m₂` is not corrected for its start, so that it comes in slowly, over some `1 / (1 - β₃)`
//! steps; the paper raises `α` and `β₃` slowly as well, for which [`Optimizer::rule`](crate::optim::Optimizer::rule)
//! can be changed between steps.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AdEMAMix: `x ← (1 - η λ) x - η (m̂₁ + α m₂) / (√v̂ + ε)`. Remembers [`AdEmaMixState`].
///
/// ```
/// use downhill::optim::AdEmaMix;
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// AdEmaMix::new(0.01).optimizer().step(&mut x, &[3.0]);
/// assert!((x[0] + 0.01 * (1.0 + 5.0 * 1e-4)).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdEmaMix {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m₁` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// How much of `m₂` is kept from step to step, from 0 to less than 1.
    pub beta3: f64,
    /// How much the slow momentum counts, `α`.
    pub alpha: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
}

impl AdEmaMix {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `β₃ = 0.9999`, `α = 5`, `ε = 1e-8` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> AdEmaMix {
        AdEmaMix {
            lr: lr.into(),
            beta1: 0.9,
            beta2: 0.999,
            beta3: 0.9999,
            alpha: 5.0,
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> AdEmaMix {
        AdEmaMix { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> AdEmaMix {
        AdEmaMix { beta2, ..self }
    }

    /// With another `β₃`.
    pub fn beta3(self, beta3: f64) -> AdEmaMix {
        AdEmaMix { beta3, ..self }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> AdEmaMix {
        AdEmaMix { alpha, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AdEmaMix {
        AdEmaMix { eps, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> AdEmaMix {
        AdEmaMix { weight_decay, ..self }
    }
}

/// What [`AdEmaMix`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdEmaMixState<T = f64> {
    /// The fast running mean of the gradient, `[n]`.
    pub m1: Vec<T>,
    /// The slow one, `[n]`.
    pub m2: Vec<T>,
    /// The running mean of its square, `[n]`.
    pub v: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for AdEmaMix {
    type State = AdEmaMixState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> AdEmaMixState<T> {
        let zeros = || vec![T::zero(); x.len()];
        AdEmaMixState { m1: zeros(), m2: zeros(), v: zeros(), t: 0 }
    }

    fn step(&self, AdEmaMixState { m1, m2, v, t }: &mut AdEmaMixState<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let betas = [self.beta1, self.beta2, self.beta3];
        let ([b1, b2, b3], [less1, less2, less3]) =
            (betas.map(T::nearest), betas.map(|b| T::nearest(1.0 - b)));
        let [m_correction, v_correction] =
            [self.beta1, self.beta2].map(|b| T::nearest(1.0 - b.powf(*t as f64)));
        let [alpha, eps] = [self.alpha, self.eps].map(T::nearest);
        now.add_decoupled_decay(self.weight_decay);
        now.each([m1, m2, v], |at, [m1, m2, v]| {
            let m1 = b1 * m1 + less1 * at.g;
            let m2 = b3 * m2 + less3 * at.g;
            let v = b2 * v + less2 * at.g * at.g;
            let u = (m1 / m_correction + alpha * m2) / ((v / v_correction).sqrt() + eps);
            (at.lr * u, [m1, m2, v])
        });
    }
}
