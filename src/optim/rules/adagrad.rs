//! AdaGrad: each variable has a rate of its own, which falls with all the slope it has seen.
//!
//! ```text
//! a ← a + g²                                       a = 0 at first
//! x ← x - η g / (√a + ε)
//! ```
//!
//! J. Duchi, E. Hazan and Y. Singer, *Adaptive subgradient methods for online learning and stochastic optimization*,
//! Journal of Machine Learning Research 12, 2011, 2121–2159, the diagonal form of figure 1. `ε = 1e-10` stands outside
//! the root and `a` begins at 0, as in `torch.optim.Adagrad` (Optax: inside, and 0.1). The first step moves every
//! variable by `η`, whatever the size of its gradient.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AdaGrad: `a ← a + g²`, `x ← x - η g / (√a + ε)`. Remembers `a: [n]`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// AdaGrad::new(0.5).optimizer().step(&mut x, &[1e-3, -1e3]);
/// assert!((x[0] + 0.5).abs() < 1e-6 && (x[1] - 0.5).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaGrad {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// Keeps the quotient finite where no slope was seen; outside the root.
    pub eps: f64,
}

impl AdaGrad {
    /// With the learning rate `lr` and `ε = 1e-10`.
    pub fn new(lr: impl Into<LearningRate>) -> AdaGrad {
        AdaGrad { lr: lr.into(), eps: 1e-10 }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AdaGrad {
        AdaGrad { eps, ..self }
    }
}

impl<T: Element> Rule<T> for AdaGrad {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, a: &mut Vec<T>, now: &mut Step<'_, T>) {
        let eps = T::nearest(self.eps);
        now.each([a], |at, [a]| {
            let a = a + at.g * at.g;
            (at.lr * at.g / (a.sqrt() + eps), [a])
        });
    }
}
