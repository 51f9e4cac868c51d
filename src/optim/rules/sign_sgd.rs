//! signSGD: down by a fixed amount in every variable, by the sign of its slope alone.
//!
//! ```text
//! x ← x - η sign(g)                                sign(0) = 0
//! ```
//!
//! J. Bernstein, Y.-X. Wang, K. Azizzadenesheli and A. Anandkumar, *signSGD: compressed optimisation for non-convex
//! problems*, ICML 2018, algorithm 1. Near a minimum it swings about it by `η`, so `η` is to fall.

use super::arithmetic::sign;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// signSGD: `x ← x - η sign(g)`. Remembers nothing.
///
/// ```
/// use downhill::optim::SignSgd;
/// use downhill::prelude::*;
///
/// let mut x = [1.0, 1.0, 1.0];
/// SignSgd::new(0.25).optimizer().step(&mut x, &[1e-9, -1e9, 0.0]);
/// assert_eq!(x, [0.75, 1.25, 1.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SignSgd {
    /// The learning rate `η`.
    pub lr: LearningRate,
}

impl SignSgd {
    /// With the learning rate `lr`.
    pub fn new(lr: impl Into<LearningRate>) -> SignSgd {
        SignSgd { lr: lr.into() }
    }
}

impl<T: Element> Rule<T> for SignSgd {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn step(&self, (): &mut (), now: &mut Step<'_, T>) {
        now.each([], move |at, []| (at.lr * sign(at.g), []));
    }
}
