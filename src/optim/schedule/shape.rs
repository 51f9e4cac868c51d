//! The way of a rate from one value to another: which part of it is done when a part of the time has passed.
//!
//! ```text
//! η = start (1 - w) + end w          w from 0 to 1 as the time t goes from 0 to 1
//!
//! linear    w = t
//! cosine    w = (1 - cos πt) / 2 = sin² (πt/2)
//! root      w = √t
//! ```
//!
//! Both parts, `w` and `1 - w`, come from whole numbers of steps, so that neither loses its digits beside the other: the
//! ends are met exactly, and a rate that falls to 0 is right in every digit on the way.

use std::f64::consts::FRAC_PI_2;

/// How a rate goes from one value to another.
///
/// ```
/// use downhill::optim::schedule::{Shape, SwaAnnealing};
///
/// let after_a_quarter = |shape| SwaAnnealing::new(1.0, 0.0).steps(4).shape(shape).rate(1);
/// assert_eq!(after_a_quarter(Shape::Linear), 0.75);
/// assert!((after_a_quarter(Shape::Cosine) - 0.853).abs() < 1e-3);
/// assert_eq!(after_a_quarter(Shape::Root), 0.5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Shape {
    /// A straight line: `w = t`.
    Linear,
    /// Half a wave of the cosine, level at both ends: `w = (1 - cos πt) / 2`.
    Cosine,
    /// `w = √t`: fast at first. As a way down it is the "1-sqrt" of A. Hägele et al., *Scaling laws and compute-optimal
    /// training beyond fixed training durations*, 2024.
    Root,
}

/// The parts of a way, `done + left = 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parts {
    pub(super) done: f64,
    pub(super) left: f64,
}

impl Parts {
    const DONE: Parts = Parts { done: 1.0, left: 0.0 };

    /// After `step` of `steps`; a way of no steps is done at once.
    pub(super) fn of(step: usize, steps: usize) -> Parts {
        if step >= steps {
            return Parts::DONE;
        }
        let whole = steps as f64;
        Parts { done: step as f64 / whole, left: (steps - step) as f64 / whole }
    }

    /// At the time `at` between `from` and `to`; a way that ends where it begins is done at once.
    pub(super) fn at(at: f64, from: f64, to: f64) -> Parts {
        let whole = to - from;
        if at >= to || whole <= 0.0 {
            return Parts::DONE;
        }
        Parts { done: ((at - from) / whole).clamp(0.0, 1.0), left: ((to - at) / whole).clamp(0.0, 1.0) }
    }

    /// The way as time, the parts as `shape` has them.
    pub(super) fn shaped(self, shape: Shape) -> Parts {
        let Parts { done, left } = self;
        match shape {
            Shape::Linear => self,
            Shape::Cosine => {
                Parts { done: (FRAC_PI_2 * done).sin().powi(2), left: (FRAC_PI_2 * left).sin().powi(2) }
            }
            // 1 - √t = (1 - t) / (1 + √t)
            Shape::Root => Parts { done: done.sqrt(), left: left / (1.0 + done.sqrt()) },
        }
    }

    /// With the power of what is left.
    pub(super) fn raised(self, power: f64) -> Parts {
        if power == 1.0 {
            return self;
        }
        let left = self.left.powf(power).min(1.0);
        Parts { done: 1.0 - left, left }
    }

    /// The rate on the way from `start` to `end`, and never beside it.
    pub(super) fn between(self, start: f64, end: f64) -> f64 {
        let Parts { done, left } = self;
        if left == 0.0 {
            end
        } else if done == 0.0 {
            start
        } else if start <= end {
            // From the lower of the two, so that nothing cancels.
            (start + (end - start) * done).min(end)
        } else {
            (end + (start - end) * left).min(start)
        }
    }
}

/// The rate `step` steps along a chain of ways, each to a later step and the rate there; the last rate stays.
pub(super) fn along(
    step: usize,
    start: f64,
    ways: impl IntoIterator<Item = (usize, f64)>,
    shape: Shape,
) -> f64 {
    let (mut from, mut rate) = (0, start);
    for (to, next) in ways {
        if step < to {
            return Parts::of(step - from, to - from).shaped(shape).between(rate, next);
        }
        (from, rate) = (to, next);
    }
    rate
}
