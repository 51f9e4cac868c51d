//! Signum: the sign of a running mean of the gradient.
//!
//! ```text
//! m ← β m + (1 - β) g                              m = 0 at first
//! x ← x - η sign(m)                                sign(0) = 0
//! ```
//!
//! J. Bernstein, Y.-X. Wang, K. Azizzadenesheli and A. Anandkumar, *signSGD: compressed optimisation for non-convex
//! problems*, ICML 2018, algorithm 2, with `β = 0.9` as in `optax.signum`. A slope that changes its sign from batch to
//! batch moves its variable less than one that does not.

use super::arithmetic::sign;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Signum: `m ← β m + (1 - β) g`, `x ← x - η sign(m)`. Remembers `m: [n]`.
///
/// ```
/// use downhill::optim::Signum;
/// use downhill::prelude::*;
///
/// let mut x = [1.0];
/// let mut signum = Signum::new(0.25).optimizer();
/// signum.step(&mut x, &[1.0]); // m = 0.1
/// signum.step(&mut x, &[-0.5]); // m = 0.04: the way is kept
/// assert_eq!(x, [0.5]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Signum {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta: f64,
}

impl Signum {
    /// With the learning rate `lr` and `β = 0.9`.
    pub fn new(lr: impl Into<LearningRate>) -> Signum {
        Signum { lr: lr.into(), beta: 0.9 }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> Signum {
        Signum { beta, ..self }
    }
}

impl<T: Element> Rule<T> for Signum {
    type State = Vec<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Vec<T> {
        vec![T::zero(); x.len()]
    }

    fn step(&self, m: &mut Vec<T>, now: &mut Step<'_, T>) {
        let [beta, less] = [self.beta, 1.0 - self.beta].map(T::nearest);
        now.each([m], move |at, [m]| {
            let m = beta * m + less * at.g;
            (at.lr * sign(m), [m])
        });
    }
}
