//! Adan: Nesterov's momentum, the look ahead being made of differences of gradients.
//!
//! ```text
//! t ← t + 1                                        t, m, v, n = 0 at first
//! δ = g - g'                                       g' the gradient of the step before; δ = 0 at t = 1
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) δ
//! n ← β₃ n + (1 - β₃) (g + (1 - β₂) δ)²
//! u = (m̂ + (1 - β₂) v̂) / (√(n̂ + ε₀) + ε)           m̂ = m / (1 - β₁ᵗ), v̂ and n̂ likewise
//! x ← (1 - η λ) x - η u
//! ```
//!
//! X. Xie, P. Zhou, H. Li, Z. Lin and S. Yan, *Adan: adaptive Nesterov momentum algorithm for faster optimizing deep
//! models*, arXiv:2208.06677, 2022, algorithm 1, in the form of `optax.adan`: the `β` are what is kept (in the paper
//! what is new, so that its `β₂` is the `1 - β₂` of here), the means are corrected for their start at 0, and the decay
//! is decoupled. Defaults `β₁ = 0.98`, `β₂ = 0.92`, `β₃ = 0.99`, `ε = ε₀ = 1e-8` (outside and inside the root) and
//! `λ = 0`.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Adan: `x ← (1 - η λ) x - η (m̂ + (1 - β₂) v̂) / (√(n̂ + ε₀) + ε)`. Remembers [`AdanState`].
///
/// ```
/// use downhill::optim::Adan;
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// Adan::new(0.01).optimizer().step(&mut x, &[1.0, -1e9]);
/// assert!((x[0] + 0.01).abs() < 1e-7 && (x[1] - 0.01).abs() < 1e-7); // the first step is η
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adan {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// How much of `n` is kept from step to step, from 0 to less than 1.
    pub beta3: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// `ε₀`, inside the root.
    pub eps_root: f64,
    /// The decoupled weight decay `λ`.
    pub weight_decay: f64,
}

impl Adan {
    /// With the learning rate `lr`, `β₁ = 0.98`, `β₂ = 0.92`, `β₃ = 0.99`, `ε = ε₀ = 1e-8` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> Adan {
        Adan {
            lr: lr.into(),
            beta1: 0.98,
            beta2: 0.92,
            beta3: 0.99,
            eps: 1e-8,
            eps_root: 1e-8,
            weight_decay: 0.0,
        }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Adan {
        Adan { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Adan {
        Adan { beta2, ..self }
    }

    /// With another `β₃`.
    pub fn beta3(self, beta3: f64) -> Adan {
        Adan { beta3, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Adan {
        Adan { eps, ..self }
    }

    /// With another `ε₀` inside the root.
    pub fn eps_root(self, eps_root: f64) -> Adan {
        Adan { eps_root, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Adan {
        Adan { weight_decay, ..self }
    }
}

/// What [`Adan`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdanState<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// The running mean of its differences, `[n]`.
    pub v: Vec<T>,
    /// The running mean of the square of the gradient looked ahead, `[n]`.
    pub n: Vec<T>,
    /// The gradient of the last step, `g'`, `[n]`.
    pub last: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for Adan {
    type State = AdanState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> AdanState<T> {
        let zeros = || vec![T::zero(); x.len()];
        AdanState { m: zeros(), v: zeros(), n: zeros(), last: zeros(), t: 0 }
    }

    fn step(&self, AdanState { m, v, n, last, t }: &mut AdanState<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let betas = [self.beta1, self.beta2, self.beta3];
        let ([b1, b2, b3], [less1, less2, less3]) =
            (betas.map(T::nearest), betas.map(|b| T::nearest(1.0 - b)));
        let [m_correction, v_correction, n_correction] = betas.map(|b| T::nearest(1.0 - b.powf(*t as f64)));
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        let has_last = if *t == 1 { T::zero() } else { T::one() };
        now.add_decoupled_decay(self.weight_decay);
        now.each([m, v, n, last], move |at, [m, v, n, last]| {
            let delta = has_last * (at.g - last);
            let m = b1 * m + less1 * at.g;
            let v = b2 * v + less2 * delta;
            let ahead = at.g + less2 * delta;
            let n = b3 * n + less3 * ahead * ahead;
            let (m_hat, v_hat, n_hat) = (m / m_correction, v / v_correction, n / n_correction);
            let u = (m_hat + less2 * v_hat) / ((n_hat + eps_root).sqrt() + eps);
            (at.lr * u, [m, v, n, at.g])
        });
    }
}
