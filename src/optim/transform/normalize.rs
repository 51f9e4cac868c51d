//! Gradients of one length.
//!
//! ```text
//! g ← s g / (|g| + ε)                              |g| over all arrays; s = 1, ε = 1e-6
//! ```
//!
//! With gradient descent: Yu. Nesterov, *Minimization methods for nonsmooth convex and quasiconvex functions*, Matekon 29,
//! 1984, 519–531. `optax.normalize_by_update_norm`.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Makes the gradient as long as `length`, in the 2-norm of all arrays together; far below `eps` it stays short.
///
/// Stands before a rule, by [`Rated::normalize`](crate::optim::Rated::normalize). Costs one reading of the gradient,
/// nothing if its norm is known; the scaling is done in the rule's pass.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// GradientDescent::new(0.5).normalize().optimizer().step(&mut x, &[3e5, -4e5]);
/// assert!((x[0] + 0.3).abs() < 1e-12 && (x[1] - 0.4).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Normalize {
    /// How long it becomes: `s`.
    pub length: f64,
    /// Keeps the quotient finite where there is no slope: `ε`.
    pub eps: f64,
}

impl<T: Element> Transform<T> for Normalize {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let norm = now.norm_at(stage);
        now.scale_at(stage, self.length / (norm + self.eps));
    }
}
