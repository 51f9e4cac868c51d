//! A running mean of gradients in place of each.
//!
//! ```text
//! t ← t + 1                                        t, m = 0 at first
//! m ← β m + (1 − β) g
//! g ← m / (1 − βᵗ)                                 or m, without the correction
//! ```
//!
//! The first moment of D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015, algorithm 1, by
//! itself. `optax.ema`.

use super::{Running, Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// An exponential moving average of the gradient in its place. Remembers `m: [n]` and `t`.
///
/// Stands before a rule, by [`Rated::ema`](crate::optim::Rated::ema); after a rule it smoothes the displacements.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// let mut descent = GradientDescent::new(1.0).ema(0.5).optimizer();
/// descent.step(&mut x, &[3.0]); // m = 1.5, over 0.5
/// assert_eq!(x, [-3.0]);
/// descent.step(&mut x, &[0.0]); // m = 0.75, over 0.75
/// assert_eq!(x, [-4.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Ema {
    /// How much of `m` is kept from step to step, from 0 to less than 1: `β`.
    pub decay: f64,
    /// Whether the start at 0 is corrected for.
    pub debias: bool,
}

impl<T: Element> Transform<T> for Ema {
    type State = Running<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Running<T> {
        Running::new(x.len())
    }

    fn transform(&self, Running { mean, count }: &mut Running<T>, now: &mut Step<'_, T>, stage: Stage) {
        *count += 1;
        let [kept, new] = [self.decay, 1.0 - self.decay].map(T::nearest);
        let correction = if self.debias { 1.0 - self.decay.powf(*count as f64) } else { 1.0 };
        let correction = T::nearest(correction);
        now.change_at(stage, [mean], |at, [m]| {
            let m = kept * m + new * at.g;
            (m / correction, [m])
        });
    }
}
