//! Several small batches for one step.
//!
//! ```text
//! k times:   m ← m + (g − m) / j,   j = 1 … k      the mean so far; or the sum m ← m + g
//! then:      g ← m                                 and the rule is asked
//! ```
//!
//! The recurrence for the mean is that of B. P. Welford, *Note on a method for calculating corrected sums of squares and
//! products*, Technometrics 4, 1962, 419–420. `optax.MultiSteps`; in PyTorch, a loop that calls `backward` `k`
//! times for each `step`, which sums.

use super::{Running, Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Gathers `every` gradients, and lets the rule step by their mean, or their sum. Remembers it, `[n]`.
///
/// Stands before a rule, by [`Rated::accumulate`](crate::optim::Rated::accumulate). What is further to the left in the
/// chain sees the mean, once for `every` gradients; what is further to the right sees each of them. In between, the report
/// says [`Deed::Accumulated`](crate::optim::Deed::Accumulated), the variables stay, and no step is counted. A gradient
/// that is not finite is skipped by itself: it is not one of the `every`.
///
/// ```
/// use downhill::optim::Deed;
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// let mut descent = GradientDescent::new(1.0).accumulate(3).optimizer();
/// assert_eq!(descent.step(&mut x, &[1.0]).deed, Deed::Accumulated);
/// assert_eq!(descent.step(&mut x, &[f64::NAN]).deed, Deed::Skipped);
/// assert_eq!(descent.step(&mut x, &[2.0]).deed, Deed::Accumulated);
/// assert_eq!((x, descent.steps()), ([0.0], 0));
/// assert_eq!(descent.step(&mut x, &[6.0]).deed, Deed::Stepped);
/// assert_eq!((x, descent.steps()), ([-3.0], 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Accumulate {
    /// How many gradients make a step.
    pub every: usize,
    /// Their sum, not their mean.
    pub sum: bool,
}

impl<T: Element> Transform<T> for Accumulate {
    type State = Running<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Running<T> {
        Running::new(x.len())
    }

    fn transform(&self, Running { mean, count }: &mut Running<T>, now: &mut Step<'_, T>, stage: Stage) {
        *count += 1;
        let seen = T::nearest(*count as f64);
        let state = [&mut mean[..]];
        match (*count, self.sum) {
            (1, _) => now.change_at(stage, state, |at, [_]| (at.g, [at.g])),
            (_, true) => now.change_at(stage, state, |at, [m]| (m + at.g, [m + at.g])),
            (_, false) => now.change_at(stage, state, |at, [m]| {
                let m = m + (at.g - m) / seen;
                (m, [m])
            }),
        }
        if *count < self.every {
            now.put_off();
        } else {
            *count = 0;
        }
    }
}
