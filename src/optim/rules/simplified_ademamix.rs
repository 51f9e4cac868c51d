//! Simplified AdEMAMix: one momentum, kept long, and the gradient itself beside it.
//!
//! ```text
//! t ← t + 1                                        t, m, v = 0 at first
//! m ← β₁ m + g
//! v ← β₂ v + (1 - β₂) g²
//! u = (m + α g) / (√(v / (1 - β₂ᵗ)) + ε)
//! x ← (1 - η λ) x - η u
//! ```
//!
//! D. Morwani, N. Vyas, H. Zhang and S. Kakade, *Connections between schedule-free optimizers, AdEMAMix, and
//! accelerated SGD variants*, arXiv:2502.02431, 2025. Defaults `β₁ = 0.99`, `β₂ = 0.95`, `α = 0`, `ε = 1e-8` (outside
//! the root) and `λ = 0`, as in `optax.contrib.simplified_ademamix`. `m` is a sum, not a mean: in the long run a step
//! is `1 / (1 - β₁)` times Adam's, so `η` is to be as much smaller.

use super::Moments;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Simplified AdEMAMix: `x ← (1 - η λ) x - η (m + α g) / (√v̂ + ε)`. Remembers [`Moments`].
///
/// ```
/// use downhill::optim::SimplifiedAdEmaMix;
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// let mix = SimplifiedAdEmaMix::new(0.01).alpha(3.0);
/// mix.optimizer().step(&mut x, &[-5.0]);
/// assert!((x[0] - 0.01 * (1.0 + 3.0)).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SimplifiedAdEmaMix {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// How much the gradient counts beside the momentum, `α`.
    pub alpha: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
}

impl SimplifiedAdEmaMix {
    /// With the learning rate `lr`, `β₁ = 0.99`, `β₂ = 0.95`, `α = 0`, `ε = 1e-8` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> SimplifiedAdEmaMix {
        SimplifiedAdEmaMix {
            lr: lr.into(),
            beta1: 0.99,
            beta2: 0.95,
            alpha: 0.0,
            eps: 1e-8,
            weight_decay: 0.0,
        }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> SimplifiedAdEmaMix {
        SimplifiedAdEmaMix { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> SimplifiedAdEmaMix {
        SimplifiedAdEmaMix { beta2, ..self }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> SimplifiedAdEmaMix {
        SimplifiedAdEmaMix { alpha, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> SimplifiedAdEmaMix {
        SimplifiedAdEmaMix { eps, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> SimplifiedAdEmaMix {
        SimplifiedAdEmaMix { weight_decay, ..self }
    }
}

impl<T: Element> Rule<T> for SimplifiedAdEmaMix {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, Moments { m, v, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let [b1, b2, less2] = [self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let v_correction = T::nearest(1.0 - self.beta2.powf(*t as f64));
        let [alpha, eps] = [self.alpha, self.eps].map(T::nearest);
        now.add_decoupled_decay(self.weight_decay);
        now.each([m, v], move |at, [m, v]| {
            let m = b1 * m + at.g;
            let v = b2 * v + less2 * at.g * at.g;
            let u = (m + alpha * at.g) / ((v / v_correction).sqrt() + eps);
            (at.lr * u, [m, v])
        });
    }
}
