//! Momentum as a convex mix of this gradient and the last.
//!
//! ```text
//! x ← x - η ((1 - γ) g + γ g')                     g' the gradient of the step before, 0 at first
//! ```
//!
//! The simplest form in which a descent remembers, as introductory articles on step strategies have it: one gradient
//! back and no further, so that a valley crossed to and fro is damped and nothing builds up (in
//! [`Momentum`](super::Momentum) it does). The first step is `1 - γ` of a plain one. Default `γ = 0.1`.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// The mix `x ← x - η ((1 - γ) g + γ g')` of this gradient and the last. Remembers `g': [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [-6.0];
/// let mut mix = MomentumMix::new(1.0).optimizer();
/// mix.step(&mut x, &[-6.0]); // there is no last gradient yet
/// assert!((x[0] - (-6.0 + 0.9 * 6.0)).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MomentumMix {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// The share of the last gradient, `γ`, from 0 to 1.
    pub gamma: f64,
}

impl MomentumMix {
    /// With the learning rate `lr` and `γ = 0.1`.
    pub fn new(lr: impl Into<LearningRate>) -> MomentumMix {
        MomentumMix { lr: lr.into(), gamma: 0.1 }
    }

    /// With another `γ`.
    pub fn gamma(self, gamma: f64) -> MomentumMix {
        MomentumMix { gamma, ..self }
    }
}

impl<T: Element> Rule<T> for MomentumMix {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, last: &mut Vec<T>, now: &mut Step<'_, T>) {
        let (now_share, last_share) = (T::nearest(1.0 - self.gamma), T::nearest(self.gamma));
        now.each([last], move |at, [last]| (at.lr * (now_share * at.g + last_share * last), [at.g]));
    }
}
