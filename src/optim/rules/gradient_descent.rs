//! Gradient descent: straight down the slope.
//!
//! ```text
//! x ← x - η g
//! ```
//!
//! A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus 25, 1847,
//! 536–538. `torch.optim.SGD` without momentum is the same. On a quadratic with largest curvature `λ` it converges for
//! `η < 2/λ` and diverges beyond.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// `x ← x - η g`. Remembers nothing.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [1.0, 2.0];
/// GradientDescent::new(0.1).optimizer().step(&mut x, &[2.0, 4.0]);
/// assert_eq!(x, [0.8, 1.6]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GradientDescent {
    /// The learning rate `η`.
    pub lr: LearningRate,
}

impl GradientDescent {
    /// With the learning rate `lr`.
    pub fn new(lr: impl Into<LearningRate>) -> GradientDescent {
        GradientDescent { lr: lr.into() }
    }
}

impl<T: Element> Rule<T> for GradientDescent {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn step(&self, (): &mut (), now: &mut Step<'_, T>) {
        now.each([], move |at, []| (at.lr * at.g, []));
    }
}
