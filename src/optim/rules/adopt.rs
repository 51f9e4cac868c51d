//! ADOPT: Adam that divides each gradient by what was known before it, and gathers momentum afterwards.
//!
//! ```text
//! t = 1:    v = g²,  m = 0                         x stays where it is
//! t > 1:    c = (t - 1)^¼
//!           u = g / max(√v, ε), clipped to -c … c
//!           m ← β₁ m + (1 - β₁) u
//!           v ← β₂ v + (1 - β₂) g²
//!           x ← x - η m
//! ```
//!
//! S. Taniguchi, K. Harada, G. Minegishi, Y. Oshima, S. C. Jeong and others, *ADOPT: modified Adam can converge with
//! any β₂ with the optimal rate*, NeurIPS 2024, with its clipping. Defaults `β₁ = 0.9`, `β₂ = 0.9999` and `ε = 1e-6`, a
//! lower bound of the root, as in `optax.contrib.adopt`. As no gradient is divided by a mean it is part of itself, it
//! converges whatever `β₂`; where the slopes grow, as on the way down a valley that narrows, it steps further than
//! Adam.

use super::Moments;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// ADOPT: `m ← β₁ m + (1 - β₁) clip(g / max(√v, ε))`, `x ← x - η m`, `v` that of the step before. Remembers
/// [`Moments`].
///
/// ```
/// use downhill::optim::Adopt;
/// use downhill::prelude::*;
///
/// let mut x = [1.0];
/// let mut adopt = Adopt::new(0.5).optimizer();
/// adopt.step(&mut x, &[4.0]); // only remembers 4²
/// assert_eq!(x, [1.0]);
/// adopt.step(&mut x, &[2.0]); // m = 0.1 · 2/4
/// assert!((x[0] - (1.0 - 0.5 * 0.05)).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adopt {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// The least the gradient is divided by.
    pub eps: f64,
    /// Whether the quotient is clipped to `(t - 1)^¼`.
    pub clip: bool,
}

impl Adopt {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.9999`, `ε = 1e-6`, and the clipping.
    pub fn new(lr: impl Into<LearningRate>) -> Adopt {
        Adopt { lr: lr.into(), beta1: 0.9, beta2: 0.9999, eps: 1e-6, clip: true }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Adopt {
        Adopt { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Adopt {
        Adopt { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Adopt {
        Adopt { eps, ..self }
    }

    /// With or without the clipping.
    pub fn clip(self, clip: bool) -> Adopt {
        Adopt { clip, ..self }
    }
}

impl<T: Element> Rule<T> for Adopt {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, Moments { m, v, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        *t += 1;
        if *t == 1 {
            return now.each([v], move |at, _| (T::zero(), [at.g * at.g]));
        }
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let eps = T::nearest(self.eps);
        let c = if self.clip { T::nearest(((*t - 1) as f64).powf(0.25)) } else { T::infinity() };
        now.each([m, v], move |at, [m, v]| {
            let u = at.g / v.sqrt().max(eps);
            let m = b1 * m + less1 * u.max(-c).min(c);
            let v = b2 * v + less2 * at.g * at.g;
            (at.lr * m, [m, v])
        });
    }
}
