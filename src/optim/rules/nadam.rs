//! NAdam: Adam that looks ahead, with a momentum that grows from step to step.
//!
//! ```text
//! g ← g + λ x   or   x ← (1 - η λ) x               the weight decay, coupled or decoupled; 0 by default
//! t ← t + 1                                        t, m, v = 0 at first
//! μ_t = β₁ (1 - 0.96^(t ψ) / 2)
//! P ← P μ_t                                        P = 1 at first
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! m̂ = μ_{t+1} m / (1 - P μ_{t+1}) + (1 - μ_t) g / (1 - P)
//! v̂ = v / (1 - β₂ᵗ)
//! x ← x - η m̂ / (√v̂ + ε)
//! ```
//!
//! T. Dozat, *Incorporating Nesterov momentum into Adam*, ICLR workshop 2016, algorithm 2 with the schedule of `μ` that it
//! recommends, in the form of `torch.optim.NAdam`, whose defaults these are: `β₁ = 0.9`, `β₂ = 0.999`,
//! `ε = 1e-8`, `ψ = 0.004`. With decoupled weight decay it is known as NAdamW. Optax's `nadam` and `nadamw` have no
//! schedule, `μ_t = β₁`: they are [`Adam::nesterov`](super::Adam::nesterov) and
//! [`AdamW::nesterov`](super::AdamW::nesterov).

use super::{Mean, add_decay};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// NAdam: Adam with a look ahead and a schedule of its momentum. Remembers `m: [n]`, `v: [n]`, `P` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::NAdam;
///
/// let mut x = [0.0, 0.0];
/// NAdam::new(0.01).optimizer().step(&mut x, &[1.0, -1e9]);
/// let mu = |t: f64| 0.9 * (1.0 - 0.5 * 0.96f64.powf(t * 0.004));
/// let first = 0.01 * (1.0 + 0.1 * mu(2.0) / (1.0 - mu(1.0) * mu(2.0)));
/// assert!((x[0] + first).abs() < 1e-9 && (x[1] - first).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[doc(alias = "NAdamW")]
pub struct NAdam {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, and what `μ` grows to, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// How fast `μ` grows, `ψ`.
    pub momentum_decay: f64,
    /// The weight decay `λ`.
    pub weight_decay: f64,
    /// Whether the weight decay shrinks the variables by `η λ` of themselves, instead of being added to the gradient.
    pub decoupled: bool,
}

impl NAdam {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8` and `ψ = 0.004`.
    pub fn new(lr: impl Into<LearningRate>) -> NAdam {
        NAdam {
            lr: lr.into(),
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            momentum_decay: 0.004,
            weight_decay: 0.0,
            decoupled: false,
        }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> NAdam {
        NAdam { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> NAdam {
        NAdam { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> NAdam {
        NAdam { eps, ..self }
    }

    /// With another `ψ`.
    pub fn momentum_decay(self, momentum_decay: f64) -> NAdam {
        NAdam { momentum_decay, ..self }
    }

    /// With coupled weight decay `λ`: it is added to the gradient.
    pub fn weight_decay(self, weight_decay: f64) -> NAdam {
        NAdam { weight_decay, decoupled: false, ..self }
    }

    /// With decoupled weight decay `λ`: NAdamW.
    pub fn decoupled_decay(self, weight_decay: f64) -> NAdam {
        NAdam { weight_decay, decoupled: true, ..self }
    }

    /// The momentum of step `t`.
    fn mu(&self, t: usize) -> f64 {
        self.beta1 * (1.0 - 0.5 * 0.96f64.powf(t as f64 * self.momentum_decay))
    }
}

/// What [`NAdam`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NAdamState<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// The running mean of its square, `[n]`.
    pub v: Vec<T>,
    /// The product of all `μ` so far, `P`.
    pub product: f64,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for NAdam {
    type State = NAdamState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> NAdamState<T> {
        NAdamState { m: vec![T::zero(); x.len()], v: vec![T::zero(); x.len()], product: 1.0, t: 0 }
    }

    fn step(&self, NAdamState { m, v, product, t }: &mut NAdamState<T>, now: &mut Step<'_, T>) {
        add_decay(now, self.weight_decay, self.decoupled);
        *t += 1;
        let (mu, mu_next) = (self.mu(*t), self.mu(*t + 1));
        *product *= mu;
        let (b1, b2) = (Mean::new(self.beta1, *t), Mean::new(self.beta2, *t));
        let m_share = T::nearest(mu_next / (1.0 - *product * mu_next));
        let g_share = T::nearest((1.0 - mu) / (1.0 - *product));
        let eps = T::nearest(self.eps);
        now.each([m, v], move |at, [m, v]| {
            let m = b1.of(m, at.g);
            let v = b2.of_square(v, at.g);
            let (m_hat, v_hat) = (m_share * m + g_share * at.g, b2.corrected(v));
            (at.lr * m_hat / (v_hat.sqrt() + eps), [m, v])
        });
    }
}
