//! Clipping number by number.
//!
//! ```text
//! gᵢ ← max(−c, min(c, gᵢ))
//! ```
//!
//! `optax.clip`, `torch.nn.utils.clip_grad_value_`. Unlike clipping by a norm it changes the direction: T. Mikolov,
//! *Statistical language models based on neural networks*, PhD thesis, Brno University of Technology, 2012.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Makes no number of a gradient or displacement larger than `most`, in magnitude.
///
/// Stands before a rule, by [`Rated::clip_value`](crate::optim::Rated::clip_value). NaN stays NaN.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// let report = GradientDescent::new(1.0).clip_value(2.0).optimizer().step(&mut x, &[1.0, -5.0]);
/// assert_eq!((x, report.clipped), ([-1.0, 2.0], true));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClipValue {
    /// The largest that passes.
    pub most: f64,
}

impl<T: Element> Transform<T> for ClipValue {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let most = T::nearest(self.most);
        let mut clipped = false;
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            for g in &mut arrays.numbers[block.range] {
                let inside = if *g > most {
                    most
                } else if *g < -most {
                    -most
                } else {
                    *g
                };
                clipped |= g.abs() > most;
                *g = inside;
            }
        }
        if clipped {
            now.say_clipped();
        }
    }
}
