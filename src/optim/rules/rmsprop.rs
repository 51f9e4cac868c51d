//! RMSprop: like AdaGrad, but old slopes are forgotten.
//!
//! ```text
//! g ← g + λ x                                      λ the weight decay, 0 by default
//! v ← α v + (1 - α) g²                             v = v₀ at first, 0 by default
//! x ← x - η u,   u = g / (√(v + ε_root) + ε)
//!
//! centred        v - ḡ² in place of v,   ḡ ← α ḡ + (1 - α) g
//! corrected      v / (1 - αᵗ) and ḡ / (1 - αᵗ) in place of v and ḡ
//! momentum       b ← μ b + u,     x ← x - η b,     nesterov:  x ← x - η (u + μ b)
//! Optax's        b ← μ b + η u,   x ← x - b,       nesterov:  x ← x - (η u + μ b)
//! ```
//!
//! T. Tieleman and G. Hinton, *Lecture 6.5 — RMSprop: divide the gradient by a running average of its recent
//! magnitude*, COURSERA: Neural Networks for Machine Learning, 2012; centred: A. Graves, *Generating sequences with
//! recurrent neural networks*, arXiv:1308.0850, 2013, equations 38–45. Defaults `α = 0.99` and `ε = 1e-8`, `ε` outside
//! the root, as in `torch.optim.RMSprop`. Optax: `α = 0.9`, inside, and the rate before the sum of the momentum, so that a
//! change of `η` affects new terms only: [`RmsProp::optax`]. Unless corrected, the first step is `η / √(1 - α)`, ten times
//! `η` by default. Rounding may take `v - ḡ²` below 0 where a slope does not change: it is 0 then (PyTorch: NaN).

use super::{Form, Mean, room};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// RMSprop: `v ← α v + (1 - α) g²`, `x ← x - η g / (√v + ε)`. Remembers `v: [n]`, and as much for each of centring and
/// momentum.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// RmsProp::new(0.01).optimizer().step(&mut x, &[3.0]);
/// assert!((x[0] + 0.1).abs() < 1e-8); // 0.01 / √(1 - 0.99)
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RmsProp {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub alpha: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The same inside the root.
    pub eps_root: f64,
    /// Where `v` begins, `v₀`.
    pub initial: f64,
    /// Whether the mean of the gradient is taken off: the root is then of a variance.
    pub centered: bool,
    /// Whether the start of the means at 0 is made up for.
    pub corrected: bool,
    /// How much of `b` is kept from step to step, `μ`, from 0 to less than 1.
    pub momentum: f64,
    /// Whether the momentum looks ahead.
    pub nesterov: bool,
    /// Whether the rate comes after the momentum (PyTorch's) or before it (Optax's).
    pub form: Form,
    /// The weight decay `λ`, coupled: it is added to the gradient.
    pub weight_decay: f64,
}

impl RmsProp {
    /// With the learning rate `lr`, `α = 0.99` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> RmsProp {
        RmsProp {
            lr: lr.into(),
            alpha: 0.99,
            eps: 1e-8,
            eps_root: 0.0,
            initial: 0.0,
            centered: false,
            corrected: false,
            momentum: 0.0,
            nesterov: false,
            form: Form::PyTorch,
            weight_decay: 0.0,
        }
    }

    /// As Optax has it, with its defaults: `α = 0.9`, `ε_root = 1e-8`, `ε = 0`, the rate before the momentum.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let mut x = [0.0];
    /// RmsProp::optax(0.01).optimizer().step(&mut x, &[3.0]);
    /// assert!((x[0] + 0.01 * 3.0 / f64::sqrt(0.1 * 9.0 + 1e-8)).abs() < 1e-16);
    /// ```
    pub fn optax(lr: impl Into<LearningRate>) -> RmsProp {
        RmsProp { form: Form::Optax, ..RmsProp::new(lr).alpha(0.9).eps(0.0).eps_root(1e-8) }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> RmsProp {
        RmsProp { alpha, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> RmsProp {
        RmsProp { eps, ..self }
    }

    /// With another `ε_root`.
    pub fn eps_root(self, eps_root: f64) -> RmsProp {
        RmsProp { eps_root, ..self }
    }

    /// With another beginning of `v`, `v₀`.
    pub fn initial(self, initial: f64) -> RmsProp {
        RmsProp { initial, ..self }
    }

    /// Centred: the mean of the gradient is taken off.
    pub fn centered(self) -> RmsProp {
        RmsProp { centered: true, ..self }
    }

    /// Corrected: the start of the means at 0 is made up for.
    pub fn corrected(self) -> RmsProp {
        RmsProp { corrected: true, ..self }
    }

    /// With momentum `μ`.
    pub fn momentum(self, momentum: f64) -> RmsProp {
        RmsProp { momentum, ..self }
    }

    /// With a look ahead of the momentum.
    pub fn nesterov(self) -> RmsProp {
        RmsProp { nesterov: true, ..self }
    }

    /// With coupled weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> RmsProp {
        RmsProp { weight_decay, ..self }
    }
}

/// What [`RmsProp`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RmsPropState<T = f64> {
    /// The running mean of the square of the gradient, `[n]`.
    pub v: Vec<T>,
    /// The running mean of the gradient, `ḡ: [n]`; empty unless centred.
    pub mean: Vec<T>,
    /// The sum of quotients that fades, `[n]`; empty without momentum.
    pub b: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for RmsProp {
    type State = RmsPropState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> RmsPropState<T> {
        let if_needed = |needed: bool| vec![T::zero(); if needed { x.len() } else { 0 }];
        let v = vec![T::nearest(self.initial); x.len()];
        RmsPropState { v, mean: if_needed(self.centered), b: if_needed(self.momentum != 0.0), t: 0 }
    }

    fn step(&self, RmsPropState { v, mean, b, t }: &mut RmsPropState<T>, now: &mut Step<'_, T>) {
        now.add_coupled_decay(self.weight_decay);
        *t += 1;
        let n = v.len();
        let mut alpha = Mean::new(self.alpha, *t);
        if !self.corrected {
            alpha.scale = T::one();
        }
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        let root = move |v: T, mean: T| {
            let (v, mean) = (alpha.corrected(v), alpha.corrected(mean));
            ((v - mean * mean).max(T::zero()) + eps_root).sqrt() + eps
        };
        let roll = self.roll();
        match (self.centered, self.momentum != 0.0) {
            (false, false) => now.each([v], move |at, [v]| {
                let v = alpha.of_square(v, at.g);
                (at.lr * at.g / root(v, T::zero()), [v])
            }),
            (true, false) => now.each([v, room(mean, n)], move |at, [v, mean]| {
                let (v, mean) = (alpha.of_square(v, at.g), alpha.of(mean, at.g));
                (at.lr * at.g / root(v, mean), [v, mean])
            }),
            (false, true) => now.each([v, room(b, n)], move |at, [v, b]| {
                let v = alpha.of_square(v, at.g);
                let (d, b) = roll(at.lr, at.g / root(v, T::zero()), b);
                (d, [v, b])
            }),
            (true, true) => now.each([v, room(mean, n), room(b, n)], move |at, [v, mean, b]| {
                let (v, mean) = (alpha.of_square(v, at.g), alpha.of(mean, at.g));
                let (d, b) = roll(at.lr, at.g / root(v, mean), b);
                (d, [v, mean, b])
            }),
        }
    }
}

impl RmsProp {
    /// The momentum: from `η`, `u` and `b` the displacement and the new `b`.
    fn roll<T: Element>(&self) -> impl Fn(T, T, T) -> (T, T) + use<T> {
        let mu = T::nearest(self.momentum);
        let before = self.form == Form::Optax;
        // The displacement before the rate is u_share · u + b_share · b.
        let (u_share, b_share) = if self.nesterov { (T::one(), mu) } else { (T::zero(), T::one()) };
        move |lr, u, b| {
            let (inner, outer) = if before { (lr, T::one()) } else { (T::one(), lr) };
            let u = inner * u;
            let b = mu * b + u;
            (outer * (u_share * u + b_share * b), b)
        }
    }
}
