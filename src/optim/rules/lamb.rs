//! LAMB: Adam's direction, made as long as the array it is to change.
//!
//! ```text
//! t ← t + 1                                        t, m, v = 0 at first
//! m ← β₁ m + (1 - β₁) g,   m̂ = m / (1 - β₁ᵗ)
//! v ← β₂ v + (1 - β₂) g²,  v̂ = v / (1 - β₂ᵗ)
//! u = m̂ / (√v̂ + ε) + λ x
//! r = |x| / |u|                                    for each array; 1 where either norm is 0
//! x ← x - η r u
//! ```
//!
//! Y. You, J. Li, S. Reddi, J. Hseu, S. Kumar and others, *Large batch optimization for deep learning: training BERT in
//! 76 minutes*, ICLR 2020, algorithm 2, with `φ(z) = z`. Defaults `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-6` (outside the
//! root) and `λ = 0`, as in `optax.lamb`. Every step changes an array by the share `η` of its length.

use super::Moments;
use super::arithmetic::times_ratio;
use crate::optim::Whole;
use crate::optim::step::norm_of;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// LAMB: `x ← x - η (|x| / |u|) u`, `u` Adam's direction with weight decay. Remembers [`Moments`].
///
/// ```
/// use downhill::optim::Lamb;
/// use downhill::prelude::*;
///
/// let mut x = [3.0, 4.0]; // of length 5
/// Lamb::new(0.1).optimizer().step(&mut x, &[7.0, -7.0]);
/// let moved = f64::hypot(x[0] - 3.0, x[1] - 4.0);
/// assert!((moved - 0.1 * 5.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lamb {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The weight decay `λ`, part of the direction.
    pub weight_decay: f64,
}

impl Lamb {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-6` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> Lamb {
        Lamb { lr: lr.into(), beta1: 0.9, beta2: 0.999, eps: 1e-6, weight_decay: 0.0 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Lamb {
        Lamb { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Lamb {
        Lamb { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Lamb {
        Lamb { eps, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Lamb {
        Lamb { weight_decay, ..self }
    }
}

impl<T: Element> Rule<T> for Lamb {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, Moments { m, v, t }: &mut Moments<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let [b1, less1, b2, less2] =
            [self.beta1, 1.0 - self.beta1, self.beta2, 1.0 - self.beta2].map(T::nearest);
        let [m_correction, v_correction] =
            [self.beta1, self.beta2].map(|b| T::nearest(1.0 - b.powf(*t as f64)));
        let [eps, decay] = [self.eps, self.weight_decay].map(T::nearest);
        now.hold();
        now.each([m, v], move |at, [m, v]| {
            let m = b1 * m + less1 * at.g;
            let v = b2 * v + less2 * at.g * at.g;
            let (m_hat, v_hat) = (m / m_correction, v / v_correction);
            (m_hat / (v_hat.sqrt() + eps) + decay * at.decay * at.x, [m, v])
        });
        let Whole { x, displacement, blocks, .. } = now.whole();
        for block in blocks {
            let u = &mut displacement[block.range.clone()];
            let r = trust_ratio(norm_of(&x[block.range]), norm_of(u));
            let rate: T = times_ratio(block.lr, r);
            u.iter_mut().for_each(|u| *u *= rate);
        }
    }
}

/// `|x| / |u|`, 1 where either is 0.
fn trust_ratio(x: f64, u: f64) -> f64 {
    if x == 0.0 || u == 0.0 { 1.0 } else { x / u }
}
