//! Adamax: Adam with the largest gradient of late in place of the root of a mean square.
//!
//! ```text
//! g ← g + λ x   or   x ← (1 - η λ) x               the weight decay, coupled or decoupled; 0 by default
//! t ← t + 1                                        t, m, u = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! u ← max(β₂ u, |g| + ε)
//! x ← x - η m / ((1 - β₁ᵗ) u)
//! ```
//!
//! D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015, section 7.1 and algorithm 2, where
//! there is no `ε`; it stands inside the maximum, as in `torch.optim.Adamax` and in Optax, which agree. Defaults
//! `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`. Decoupled, the weight decay is that of Optax's `adamaxw`. No step is longer than
//! `η (1 - β₁) / (1 - β₁ / β₂)`, by default 1.01 `η`; `u` needs no correction.

use super::{Mean, Moments, add_decay};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Adamax: `u ← max(β₂ u, |g| + ε)`, `x ← x - η m̂ / u`. Remembers `m: [n]`, `u: [n]` (as `v`) and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::Adamax;
///
/// let mut x = [0.0, 0.0];
/// Adamax::new(0.01).optimizer().step(&mut x, &[1.0, -1e9]);
/// assert!((x[0] + 0.01).abs() < 1e-9 && (x[1] - 0.01).abs() < 1e-9); // the first step is η
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adamax {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `u` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; inside the maximum.
    pub eps: f64,
    /// The weight decay `λ`.
    pub weight_decay: f64,
    /// Whether the weight decay shrinks the variables by `η λ` of themselves, instead of being added to the gradient.
    pub decoupled: bool,
}

impl Adamax {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> Adamax {
        let (lr, decoupled) = (lr.into(), false);
        Adamax { lr, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0, decoupled }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Adamax {
        Adamax { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Adamax {
        Adamax { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Adamax {
        Adamax { eps, ..self }
    }

    /// With coupled weight decay `λ`: it is added to the gradient.
    pub fn weight_decay(self, weight_decay: f64) -> Adamax {
        Adamax { weight_decay, decoupled: false, ..self }
    }

    /// With decoupled weight decay `λ`, as `optax.adamaxw`.
    pub fn decoupled_decay(self, weight_decay: f64) -> Adamax {
        Adamax { weight_decay, decoupled: true, ..self }
    }
}

impl<T: Element> Rule<T> for Adamax {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, Moments { m, v: u, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        add_decay(now, self.weight_decay, self.decoupled);
        *t += 1;
        let b1 = Mean::new(self.beta1, *t);
        let [beta2, eps] = [self.beta2, self.eps].map(T::nearest);
        now.each([m, u], move |at, [m, u]| {
            let m = b1.of(m, at.g);
            let u = (beta2 * u).max(at.g.abs() + eps);
            (at.lr * b1.corrected(m) / u, [m, u])
        });
    }
}
