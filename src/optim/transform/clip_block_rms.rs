//! Clipping by the root of the mean square of each array.
//!
//! ```text
//! u = d / η                                        the displacement in learning rates; before a rule, u = g
//! u ← u / max(1, rms(u) / c)                       rms(u) = |u| / √n, of one array of n numbers
//! ```
//!
//! N. Shazeer and M. Stern, *Adafactor: adaptive learning rates with sublinear memory cost*, ICML 2018, §6.
//! `optax.clip_by_block_rms`; Adafactor has it between the rule and its rate.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::optim::step::norm_of;
use crate::params::{Element, Layout};

/// Makes the root mean square of no array larger than `most` learning rates, after a rule; of no array of the gradient
/// larger than `most`, before it.
///
/// Stands after a rule, by [`Rated::clip_block_rms`](crate::optim::Rated::clip_block_rms); before it, by
/// `rule.before(ClipBlockRms { most })`. A decoupled weight decay is
/// no part of the displacement.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// GradientDescent::new(0.1).clip_block_rms(5.0).optimizer().step(&mut x, &[14.0, 2.0]);
/// assert!((x[0] + 0.7).abs() < 1e-15 && (x[1] + 0.1).abs() < 1e-15); // rms 10, halved
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClipBlockRms {
    /// The largest root of a mean square that passes.
    pub most: f64,
}

impl<T: Element> Transform<T> for ClipBlockRms {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let mut clipped = false;
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            let array = &mut arrays.numbers[block.range];
            let rms = norm_of(array) / (array.len() as f64).sqrt();
            let most = match stage {
                Stage::Gradient => self.most,
                Stage::Displacement => self.most * block.lr.abs(),
            };
            if rms > most {
                let factor = T::nearest(most / rms);
                array.iter_mut().for_each(|d| *d *= factor);
                clipped = true;
            }
        }
        if clipped {
            now.say_clipped();
        }
    }
}
