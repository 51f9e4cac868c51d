//! Gradient descent with momentum, with all the switches of its usual form.
//!
//! ```text
//! g ← g + λ x                                      λ the weight decay, 0 by default
//! b ← μ b + (1 - τ) g                              b = g at the first step, whatever τ
//! d = b, or g + μ b (nesterov)
//! x ← x - η d                                      without momentum: d = g
//! ```
//!
//! This is `torch.optim.SGD`: `μ` is its `momentum`, `τ` its `dampening`. The rate is applied after the sum, so a change of
//! `η` rescales the whole of `b` at once. Optax's `sgd` is the same, without `λ` and `τ`. The parts by themselves, with
//! their sources, are [`GradientDescent`](super::GradientDescent), [`Momentum`](super::Momentum) and
//! [`Nesterov`](super::Nesterov).

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Gradient descent, with or without momentum, dampening, a look ahead and weight decay. Remembers `b: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::Sgd;
///
/// let mut x = [0.0];
/// let mut sgd = Sgd::new(0.1).momentum(0.9).dampening(0.5).optimizer();
/// sgd.step(&mut x, &[1.0]); // b = 1
/// sgd.step(&mut x, &[1.0]); // b = 0.9 + 0.5
/// assert!((x[0] + 0.1 + 0.14).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sgd {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `b` is kept from step to step, `μ`, from 0 to less than 1.
    pub momentum: f64,
    /// What is taken off the gradient on its way into `b`, `τ`, from 0 to 1.
    pub dampening: f64,
    /// Whether the step looks ahead, as Nesterov's momentum.
    pub nesterov: bool,
    /// The weight decay `λ`, coupled: it is added to the gradient.
    pub weight_decay: f64,
}

impl Sgd {
    /// With the learning rate `lr` and nothing else: gradient descent.
    pub fn new(lr: impl Into<LearningRate>) -> Sgd {
        Sgd { lr: lr.into(), momentum: 0.0, dampening: 0.0, nesterov: false, weight_decay: 0.0 }
    }

    /// With momentum `μ`.
    pub fn momentum(self, momentum: f64) -> Sgd {
        Sgd { momentum, ..self }
    }

    /// With dampening `τ`.
    pub fn dampening(self, dampening: f64) -> Sgd {
        Sgd { dampening, ..self }
    }

    /// With a look ahead.
    pub fn nesterov(self) -> Sgd {
        Sgd { nesterov: true, ..self }
    }

    /// With coupled weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Sgd {
        Sgd { weight_decay, ..self }
    }
}

/// What [`Sgd`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SgdState<T = f64> {
    /// The sum of gradients that fades, `[n]`.
    pub b: Vec<T>,
    /// How many steps it has seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for Sgd {
    type State = SgdState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> SgdState<T> {
        SgdState { b: vec![T::zero(); x.len()], t: 0 }
    }

    fn step(&self, SgdState { b, t }: &mut SgdState<T>, now: &mut Step<'_, T>) {
        now.add_coupled_decay(self.weight_decay);
        if self.momentum == 0.0 {
            return now.each([], move |at, []| (at.lr * at.g, []));
        }
        *t += 1;
        let mu = T::nearest(self.momentum);
        let less = T::nearest(if *t == 1 { 1.0 } else { 1.0 - self.dampening });
        if self.nesterov {
            now.each([b], move |at, [b]| {
                let b = mu * b + less * at.g;
                (at.lr * (at.g + mu * b), [b])
            });
        } else {
            now.each([b], move |at, [b]| {
                let b = mu * b + less * at.g;
                (at.lr * b, [b])
            });
        }
    }
}
