//! Yogi: Adam whose mean square moves by no more than the square of the gradient, so that it falls slowly.
//!
//! ```text
//! t ← t + 1                                        t = 0, m = v = v₀ at first
//! m ← β₁ m + (1 - β₁) g
//! v ← v - (1 - β₂) sign(v - g²) g²
//! m̂ = m / (1 - β₁ᵗ)
//! v̂ = v / (1 - β₂ᵗ)
//! x ← x - η m̂ / (√v̂ + ε)
//! ```
//!
//! M. Zaheer, S. Reddi, D. Sachan, S. Kale and S. Kumar, *Adaptive methods for nonconvex optimization*, NeurIPS 2018,
//! algorithm 2, with the corrections and defaults of Optax: `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-3` outside the root, and
//! `v₀ = 1e-6`, where `m` begins as well: without any slope the first steps go down by about `3e-4 η` nevertheless.

use super::arithmetic::sign;
use super::{Mean, Moments};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Yogi: `v ← v - (1 - β₂) sign(v - g²) g²`, `x ← x - η m̂ / (√v̂ + ε)`. Remembers `m: [n]`, `v: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::Yogi;
///
/// let mut x = [0.0, 0.0];
/// Yogi::new(0.01).optimizer().step(&mut x, &[1e3, -1e6]);
/// assert!((x[0] + 0.01).abs() < 1e-7 && (x[1] - 0.01).abs() < 1e-7); // the first step is η, if it is steep
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Yogi {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How little `v` moves from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// Where `m` and `v` begin, `v₀`.
    pub initial: f64,
}

impl Yogi {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-3` and `v₀ = 1e-6`.
    pub fn new(lr: impl Into<LearningRate>) -> Yogi {
        Yogi { lr: lr.into(), beta1: 0.9, beta2: 0.999, eps: 1e-3, initial: 1e-6 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Yogi {
        Yogi { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Yogi {
        Yogi { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Yogi {
        Yogi { eps, ..self }
    }

    /// With another `v₀`.
    pub fn initial(self, initial: f64) -> Yogi {
        Yogi { initial, ..self }
    }
}

impl<T: Element> Rule<T> for Yogi {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        let initial = || vec![T::nearest(self.initial); x.len()];
        Moments { m: initial(), v: initial(), t: 0 }
    }

    fn step(&self, Moments { m, v, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let (b1, b2) = (Mean::new(self.beta1, *t), Mean::new(self.beta2, *t));
        let eps = T::nearest(self.eps);
        now.each([m, v], move |at, [m, v]| {
            let m = b1.of(m, at.g);
            let square = at.g * at.g;
            let v = v - b2.less * sign(v - square) * square;
            let (m_hat, v_hat) = (b1.corrected(m), b2.corrected(v));
            (at.lr * m_hat / (v_hat.sqrt() + eps), [m, v])
        });
    }
}
