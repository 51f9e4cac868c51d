//! Gradient descent: straight down the slope.
//!
//! ```text
//! x ← x - η g
//! ```
//!
//! A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus 25, 1847,
//! 536–538. `torch.optim.SGD` without momentum is the same. On a quadratic with largest curvature `λ` it converges for
//! `η < 2/λ` and diverges beyond.

use crate::optim::{LearningRate, Rule};

/// `x ← x - η g`. Remembers nothing.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [1.0, 2.0];
/// GradientDescent::new(0.1).optimizer().step(&mut x, &[2.0, 4.0]);
/// assert_eq!(x, [0.8, 1.6]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
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

impl Rule for GradientDescent {
    type State = ();

    fn lr(&self) -> LearningRate {
        self.lr
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.lr = lr;
    }

    fn init(&self, _: usize) {}

    fn step(&self, (): &mut (), lr: f64, x: &mut [f64], gradient: &[f64]) {
        for (x, g) in x.iter_mut().zip(gradient) {
            *x -= lr * g;
        }
    }
}
