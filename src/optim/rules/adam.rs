//! Adam: a running mean of the gradient over the root of a running mean of its square.
//!
//! ```text
//! t ← t + 1                                        t, m, v = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! m̂ = m / (1 - β₁ᵗ)
//! v̂ = v / (1 - β₂ᵗ)
//! x ← x - η m̂ / (√v̂ + ε)
//! ```
//!
//! D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015, algorithm 1, whose defaults these
//! are: `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`. `ε` stands outside the root and is added after the correction, as in
//! `torch.optim.Adam`. The corrections undo the start at 0: where `|g|` is well above `ε`, the first step moves every
//! variable by `η`, whatever the size of its gradient.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Adam: `x ← x - η m̂ / (√v̂ + ε)`. Remembers `m: [n]`, `v: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// Adam::new(0.01).optimizer().step(&mut x, &[1e-2, -1e9]);
/// assert!((x[0] + 0.01).abs() < 1e-7 && (x[1] - 0.01).abs() < 1e-7); // the first step is η
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adam {
    /// The learning rate `η` (`α` in the paper).
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
}

impl Adam {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> Adam {
        Adam { lr: lr.into(), beta1: 0.9, beta2: 0.999, eps: 1e-8 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Adam {
        Adam { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Adam {
        Adam { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Adam {
        Adam { eps, ..self }
    }
}

/// What [`Adam`] remembers: running means of the gradient and of its square.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Moments<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// The running mean of its square, `[n]`.
    pub v: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Moments<T> {
    /// Those before the first step: all 0.
    pub fn new(n: usize) -> Moments<T> {
        Moments { m: vec![T::zero(); n], v: vec![T::zero(); n], t: 0 }
    }
}

impl<T: Clone> Clone for Moments<T> {
    fn clone(&self) -> Moments<T> {
        Moments { m: self.m.clone(), v: self.v.clone(), t: self.t }
    }

    fn clone_from(&mut self, from: &Moments<T>) {
        self.m.clone_from(&from.m);
        self.v.clone_from(&from.v);
        self.t = from.t;
    }
}

impl<T: Element> Rule<T> for Adam {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, Moments { m, v, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        // √v̂ = √v / √(1 - β₂ᵗ): one root and one division for each number.
        let m_scale = T::nearest(1.0 / (1.0 - self.beta1.powf(*t as f64)));
        let v_scale = T::nearest(1.0 / (1.0 - self.beta2.powf(*t as f64)).sqrt());
        let eps = T::nearest(self.eps);
        now.each([m, v], |at, [m, v]| {
            let m = b1 * m + less1 * at.g;
            let v = b2 * v + less2 * at.g * at.g;
            (at.lr * m_scale * m / (v.sqrt() * v_scale + eps), [m, v])
        });
    }
}
