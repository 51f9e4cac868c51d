//! Fromage: each array changes by a share of its length, and shrinks to make up for it.
//!
//! ```text
//! u = g max(|x|, ε) / max(|g|, ε)                  for each array
//! x ← (x - η u) / √(1 + η²)
//! ```
//!
//! J. Bernstein, A. Vahdat, Y. Yue and M.-Y. Liu, *On the distance between two neural networks and the stability of
//! learning*, NeurIPS 2020, algorithm 1, with `ε = 1e-6`, the least norm, as in `optax.fromage`. The gradient being
//! mostly at a right angle to `x`, the root keeps the length of `x`; it also draws `x` towards 0, so a minimum
//! elsewhere is not quite reached.

use crate::optim::Whole;
use crate::optim::step::norm_of;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Fromage: `x ← (x - η u) / √(1 + η²)`, `u` the gradient made as long as `x`. Remembers nothing.
///
/// ```
/// use downhill::optim::Fromage;
/// use downhill::prelude::*;
///
/// let mut x = [3.0, 4.0];
/// Fromage::new(0.5).optimizer().step(&mut x, &[-8.0, 6.0]); // at a right angle
/// assert!((f64::hypot(x[0], x[1]) - 5.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fromage {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// The least norm that is taken for one.
    pub eps: f64,
}

impl Fromage {
    /// With the learning rate `lr` and `ε = 1e-6`.
    pub fn new(lr: impl Into<LearningRate>) -> Fromage {
        Fromage { lr: lr.into(), eps: 1e-6 }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Fromage {
        Fromage { eps, ..self }
    }
}

impl<T: Element> Rule<T> for Fromage {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn step(&self, (): &mut (), now: &mut Step<'_, T>) {
        let Whole { x, gradient, displacement, blocks } = now.whole();
        for block in blocks {
            let (x, g) = (&x[block.range.clone()], &gradient[block.range.clone()]);
            let k = 1.0 / (1.0 + block.lr * block.lr).sqrt();
            let ratio = norm_of(x).max(self.eps) / norm_of(g).max(self.eps);
            let [along, less] = [k * block.lr * ratio, 1.0 - k].map(T::nearest);
            for ((d, &g), &x) in displacement[block.range].iter_mut().zip(g).zip(x) {
                *d = along * g + less * x;
            }
        }
    }
}
