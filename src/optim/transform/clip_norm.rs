//! Clipping by the norm of all numbers together.
//!
//! ```text
//! g ← g min(1, c / |g|)                            |g| over all arrays
//! ```
//!
//! R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013, algorithm 1.
//! `optax.clip_by_global_norm`; `torch.nn.utils.clip_grad_norm_` divides by `|g| + 1e-6`.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Makes a gradient or displacement no longer than `most`, in the 2-norm of all arrays together; the direction stays.
///
/// Costs one reading of the gradient, nothing if its norm is known; the scaling is done in the rule's pass.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// GradientDescent::new(1.0).clip_norm(1.0).optimizer().step(&mut x, &[3.0, 4.0]);
/// assert!((x[0] + 0.6).abs() < 1e-15 && (x[1] + 0.8).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClipNorm {
    /// The longest that passes.
    pub most: f64,
}

impl<T: Element> Transform<T> for ClipNorm {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let norm = now.norm_at(stage);
        if norm > self.most {
            now.scale_at(stage, self.most / norm);
            now.say_clipped();
        }
    }
}
