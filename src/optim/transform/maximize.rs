//! Uphill: the gradient turned round.
//!
//! ```text
//! g ← −g
//! ```
//!
//! What `maximize=True` is in `torch.optim`.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Negates the gradient, so that the rule climbs.
///
/// Stands before a rule, by [`Rated::maximize`](crate::optim::Rated::maximize). A weight decay further to the left still
/// pulls towards 0, one further to the right pushes away: the last in the chain comes first. It costs nothing, it is done
/// in the rule's pass.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [1.0];
/// let mut ascent = GradientDescent::new(0.25).maximize().optimizer();
/// for _ in 0..100 {
///     let gradient = [4.0 - 2.0 * x[0]]; // of 4x - x²
///     ascent.step(&mut x, &gradient);
/// }
/// assert_eq!(x, [2.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Maximize;

impl<T: Element> Transform<T> for Maximize {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        now.scale_at(stage, -1.0);
    }
}
