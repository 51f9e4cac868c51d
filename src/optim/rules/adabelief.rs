//! AdaBelief: long steps where the gradient comes as expected, short ones where it does not.
//!
//! ```text
//! t ← t + 1                                        t, m, s = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! s ← β₂ s + (1 - β₂) (g - m)² + ε_root
//! m̂ = m / (1 - β₁ᵗ)                                nesterov: β₁ m / (1 - β₁ᵗ⁺¹) + (1 - β₁) g / (1 - β₁ᵗ)
//! ŝ = s / (1 - β₂ᵗ)
//! x ← x - η m̂ / (√ŝ + ε)
//! ```
//!
//! J. Zhuang, T. Tang, Y. Ding, S. Tatikonda, N. Dvornek, X. Papademetris and J. Duncan, *AdaBelief optimizer: adapting
//! stepsizes by the belief in observed gradients*, NeurIPS 2020, algorithm 2. `ε_root` is added to `s` in every step, and
//! so adds up; `ε` stands outside the root. Both are 1e-16, as in Optax. The first step is `η / β₁`.

use super::{Mean, Moments};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AdaBelief: Adam with the mean square of `g - m` in place of that of `g`. Remembers `m: [n]`, `s: [n]` (as `v`) and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::AdaBelief;
///
/// let mut x = [0.0, 0.0];
/// AdaBelief::new(0.01).optimizer().step(&mut x, &[1.0, -1e6]);
/// let first = 0.01 / 0.9;
/// assert!((x[0] + first).abs() < 1e-12 && (x[1] - first).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaBelief {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `s` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// What is added to `s` in every step.
    pub eps_root: f64,
    /// Whether the mean of the gradient looks ahead.
    pub nesterov: bool,
}

impl AdaBelief {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, and 1e-16 for `ε` and `ε_root`.
    pub fn new(lr: impl Into<LearningRate>) -> AdaBelief {
        let (lr, nesterov) = (lr.into(), false);
        AdaBelief { lr, beta1: 0.9, beta2: 0.999, eps: 1e-16, eps_root: 1e-16, nesterov }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> AdaBelief {
        AdaBelief { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> AdaBelief {
        AdaBelief { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AdaBelief {
        AdaBelief { eps, ..self }
    }

    /// With another `ε_root`.
    pub fn eps_root(self, eps_root: f64) -> AdaBelief {
        AdaBelief { eps_root, ..self }
    }

    /// With a look ahead.
    pub fn nesterov(self) -> AdaBelief {
        AdaBelief { nesterov: true, ..self }
    }

    fn pass<T: Element, M>(&self, b1: Mean<T>, m_hat: M, state: &mut Moments<T>, now: &mut Step<'_, T>)
    where
        M: Fn(T, T) -> T,
    {
        let Moments { m, v: s, t } = state;
        let b2 = Mean::new(self.beta2, *t);
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        now.each([m, s], move |at, [m, s]| {
            let m = b1.of(m, at.g);
            let s = b2.of_square(s, at.g - m) + eps_root;
            let (m_hat, s_hat) = (m_hat(m, at.g), b2.corrected(s));
            (at.lr * m_hat / (s_hat.sqrt() + eps), [m, s])
        });
    }
}

impl<T: Element> Rule<T> for AdaBelief {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, state: &mut Moments<T>, now: &mut Step<'_, T>) {
        state.t += 1;
        let b1 = Mean::new(self.beta1, state.t);
        if self.nesterov {
            self.pass(b1, move |m, g| b1.ahead(m, g), state, now);
        } else {
            self.pass(b1, move |m, _| b1.corrected(m), state, now);
        }
    }
}
