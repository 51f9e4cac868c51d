//! Optimistic Adam: Adam's direction is expected to go on changing as it did.
//!
//! ```text
//! t ← t + 1                                        t, m, v = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! m̂ = β₁ m / (1 - β₁ᵗ⁺¹) + (1 - β₁) g / (1 - β₁ᵗ)  without Nesterov's look ahead m / (1 - β₁ᵗ)
//! u = m̂ / (√(v / (1 - β₂ᵗ)) + ε)
//! x ← x - η ((α + β) u - β u')                     u' that of the step before; u at first
//! ```
//!
//! C. Daskalakis, A. Ilyas, V. Syrgkanis and H. Zeng, *Training GANs with optimism*, ICLR 2018, algorithm 1, in the
//! form of `optax.optimistic_adam_v2`, with Nesterov's look ahead. Defaults `α = β = 1`, `β₁ = 0.9`, `β₂ = 0.999` and
//! `ε = 1e-8`, outside the root.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Optimistic Adam: `x ← x - η ((α + β) u - β u')`, `u` Adam's direction. Remembers [`OptimisticAdamState`].
///
/// ```
/// use downhill::optim::OptimisticAdam;
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// OptimisticAdam::new(0.01).nesterov(false).optimizer().step(&mut x, &[3.0]);
/// assert!((x[0] + 0.01).abs() < 1e-9); // as Adam, there being nothing to expect yet
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OptimisticAdam {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much the direction counts, `α`.
    pub alpha: f64,
    /// How much its change counts, `β`.
    pub beta: f64,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// Whether the mean looks ahead.
    pub nesterov: bool,
}

impl OptimisticAdam {
    /// With the learning rate `lr`, `α = β = 1`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`, and Nesterov's look ahead.
    pub fn new(lr: impl Into<LearningRate>) -> OptimisticAdam {
        OptimisticAdam {
            lr: lr.into(),
            alpha: 1.0,
            beta: 1.0,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            nesterov: true,
        }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> OptimisticAdam {
        OptimisticAdam { alpha, ..self }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> OptimisticAdam {
        OptimisticAdam { beta, ..self }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> OptimisticAdam {
        OptimisticAdam { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> OptimisticAdam {
        OptimisticAdam { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> OptimisticAdam {
        OptimisticAdam { eps, ..self }
    }

    /// With or without Nesterov's look ahead.
    pub fn nesterov(self, nesterov: bool) -> OptimisticAdam {
        OptimisticAdam { nesterov, ..self }
    }
}

/// What [`OptimisticAdam`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OptimisticAdamState<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// The running mean of its square, `[n]`.
    pub v: Vec<T>,
    /// The direction of the last step, `u'`, `[n]`.
    pub last: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for OptimisticAdam {
    type State = OptimisticAdamState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> OptimisticAdamState<T> {
        let zeros = || vec![T::zero(); x.len()];
        OptimisticAdamState { m: zeros(), v: zeros(), last: zeros(), t: 0 }
    }

    fn step(&self, state: &mut OptimisticAdamState<T>, now: &mut Step<'_, T>) {
        let OptimisticAdamState { m, v, last, t } = state;
        *t += 1;
        let first = *t == 1;
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let [m_share, g_share] = shares(self.beta1, *t, self.nesterov).map(T::nearest);
        let v_correction = T::nearest(1.0 - self.beta2.powf(*t as f64));
        let [eps, both, beta] = [self.eps, self.alpha + self.beta, self.beta].map(T::nearest);
        now.each([m, v, last], move |at, [m, v, last]| {
            let m = b1 * m + less1 * at.g;
            let v = b2 * v + less2 * at.g * at.g;
            let m_hat = m_share * m + g_share * at.g;
            let u = m_hat / ((v / v_correction).sqrt() + eps);
            let last = if first { u } else { last };
            (at.lr * (both * u - beta * last), [m, v, u])
        });
    }
}

/// The shares of `m` and `g` in `m̂` at step `t`, with Nesterov's look ahead or without.
pub(super) fn shares(beta: f64, t: usize, nesterov: bool) -> [f64; 2] {
    let less = 1.0 - beta.powf(t as f64);
    match nesterov {
        true => [beta / (1.0 - beta.powf((t + 1) as f64)), (1.0 - beta) / less],
        false => [1.0 / less, 0.0],
    }
}
