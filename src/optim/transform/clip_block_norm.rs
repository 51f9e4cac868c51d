//! Clipping by the norm of each array by itself.
//!
//! ```text
//! g ← g min(1, c / |g|)                            g and |g| of one array
//! ```
//!
//! As algorithm 1 of R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural networks*, ICML
//! 2013, layer by layer. `clipnorm` in Keras.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::optim::step::norm_of;
use crate::params::{Element, Layout};

/// Makes no array of a gradient or displacement longer than `most`, in the 2-norm; arrays that are shorter stay as they
/// are.
///
/// Stands before a rule, by [`Rated::clip_block_norm`](crate::optim::Rated::clip_block_norm). Without names, all is one
/// array, and this is [`ClipNorm`](super::ClipNorm).
///
/// ```
/// use downhill::params::Params;
/// use downhill::prelude::*;
///
/// let mut params = Params::new();
/// params.insert("w", &[0.0, 0.0]).insert("b", &[0.0]);
/// let mut gradient = params.clone();
/// gradient.values_mut().copy_from_slice(&[30.0, 40.0, 0.5]);
///
/// GradientDescent::new(1.0).clip_block_norm(5.0).optimizer().step(&mut params, &gradient);
/// assert_eq!(params.values(), [-3.0, -4.0, -0.5]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClipBlockNorm {
    /// The longest that passes.
    pub most: f64,
}

impl<T: Element> Transform<T> for ClipBlockNorm {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let mut clipped = false;
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            let array = &mut arrays.numbers[block.range];
            let norm = norm_of(array);
            if norm > self.most {
                let factor = T::nearest(self.most / norm);
                array.iter_mut().for_each(|g| *g *= factor);
                clipped = true;
            }
        }
        if clipped {
            now.say_clipped();
        }
    }
}
