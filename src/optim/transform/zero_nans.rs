//! Zeros in place of what is not a number.
//!
//! ```text
//! gᵢ ← 0   where gᵢ is NaN
//! ```
//!
//! `optax.zero_nans`.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Replaces each NaN by 0; infinities stay. Remembers how many there have been.
///
/// Stands before a rule, by [`Rated::zero_nans`](crate::optim::Rated::zero_nans). It is asked only with
/// [`OnNonFinite::Propagate`](crate::optim::OnNonFinite::Propagate): an optimizer otherwise skips a gradient with a NaN in
/// it before any transformation sees it.
///
/// ```
/// use downhill::optim::OnNonFinite;
/// use downhill::prelude::*;
///
/// let mut x = [1.0, 1.0];
/// let mut descent =
///     GradientDescent::new(0.5).zero_nans().optimizer().on_non_finite(OnNonFinite::Propagate);
/// descent.step(&mut x, &[f64::NAN, 1.0]);
/// assert_eq!(x, [1.0, 0.5]);
/// assert_eq!(descent.state().unwrap().own, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ZeroNans;

impl<T: Element> Transform<T> for ZeroNans {
    type State = usize;

    fn init(&self, _: &Layout, _: &[T]) -> usize {
        0
    }

    fn transform(&self, found: &mut usize, now: &mut Step<'_, T>, stage: Stage) {
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            for g in arrays.numbers[block.range].iter_mut().filter(|g| g.is_nan()) {
                *g = T::zero();
                *found += 1;
            }
        }
    }
}
