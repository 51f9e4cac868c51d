//! Gradients of mean 0.
//!
//! ```text
//! g_i ← g_i − mean(g_i)                            g_i: all numbers of one index of the first axis
//! ```
//!
//! H. Yong, J. Huang, X. Hua and L. Zhang, *Gradient centralization: a new optimization technique for deep neural
//! networks*, ECCV 2020, equation 1, for arrays whose first axis counts the outputs. `optax.centralize`.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Subtracts from each array its mean over all axes but the first. Arrays of one axis, or none, stay as they are.
///
/// Stands before a rule, by [`Rated::centralize`](crate::optim::Rated::centralize).
///
/// ```
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let mut w = array![[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
/// let g = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// GradientDescent::new(1.0).centralize().optimizer().step(&mut w, &g);
/// assert_eq!(w, array![[1.0, 0.0, -1.0], [1.0, 0.0, -1.0]]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Centralize;

impl<T: Element> Transform<T> for Centralize {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            if let [_, rest @ ..] = block.shape
                && !rest.is_empty()
            {
                for row in arrays.numbers[block.range].chunks_exact_mut(rest.iter().product()) {
                    let mean = row.iter().map(|g| g.wide()).sum::<f64>() / row.len() as f64;
                    row.iter_mut().for_each(|g| *g = T::nearest(g.wide() - mean));
                }
            }
        }
    }
}
