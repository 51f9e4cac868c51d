//! The learning rate `η`: how far along the direction a rule goes, as a pure function of the step.
//!
//! ```text
//! fixed          η_k = η₀
//! decay          η_k = max(floor, η₀ fᵏ)                                   k = 0, 1, 2, …
//! by magnitude   η_k = max(floor, η₀ / e^(|g_k| / scale))
//! schedule       η_k a function of k, see `optim::schedule`
//! by angle       η_k = max(floor, η₀ (cos θ_k + 1.001) / 2.0001)           θ_k between g_k and g_{k-1}
//! ```
//!
//! `g_k` is the gradient the step is given, before anything that stands before the rule changes it. Two more rules need the
//! value of the objective, not only its gradient, and are methods of their own: [`BackOff`](super::BackOff) cuts the rate
//! when the value rises, and [`SteepestDescent`](super::SteepestDescent) looks for the best rate anew in every step.

use super::norm::{cosine, norm};
use super::schedule::Schedule;
use crate::params::Element;

/// How the learning rate follows from the number of steps taken and the gradient.
///
/// Every rule takes what converts into one, so `GradientDescent::new(0.1)` is a fixed rate.
///
/// ```
/// use downhill::optim::LearningRate;
///
/// let lr = LearningRate::decay(1.66, 0.9, 0.001);
/// assert_eq!(lr.rate(0, &[], &[]), 1.66);
/// assert!((lr.rate(2, &[], &[]) - 1.66 * 0.81).abs() < 1e-15);
/// assert_eq!(lr.rate(1_000, &[], &[]), 0.001);
/// ```
///
/// A schedule is one, too:
///
/// ```
/// use downhill::optim::schedule::WarmUpCosine;
/// use downhill::prelude::*;
///
/// let mut adam = Adam::new(WarmUpCosine::new(0.0, 0.1, 10, 100)).optimizer();
/// let mut x = [1.0];
/// (0..6).for_each(|_| {
///     adam.step(&mut x, &[1.0]);
/// });
/// assert_eq!(adam.lr(), 0.05);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum LearningRate {
    /// The same in every step.
    Fixed(f64),
    /// `max(floor, start · factorᵏ)` at step `k = 0, 1, 2, …`.
    Decay {
        /// The rate of the first step.
        start: f64,
        /// What each step multiplies the rate by, between 0 and 1.
        factor: f64,
        /// The rate never falls below this.
        floor: f64,
    },
    /// A function of the step, as [`schedule`](super::schedule) has them; whatever converts into one converts into this.
    Schedule(Schedule),
    /// `max(floor, start / e^(|g| / scale))`: careful where the slope is steep, bold where it is flat.
    ByMagnitude {
        /// The rate where the gradient vanishes.
        start: f64,
        /// The rate never falls below this.
        floor: f64,
        /// The gradient norm at which the rate is `start / e`.
        scale: f64,
    },
    /// `max(floor, start · (cos θ + 1.001) / 2.0001)`, `θ` between this gradient and the last: careful where the path
    /// turns back. `start` where either gradient is zero or there is no last one. The constants keep the factor just
    /// above zero for a path that turns right round; for a straight path it is 1.00045.
    ByAngle {
        /// The rate of a straight path.
        start: f64,
        /// The rate never falls below this.
        floor: f64,
    },
}

impl LearningRate {
    /// `lr` in every step.
    pub fn fixed(lr: f64) -> LearningRate {
        LearningRate::Fixed(lr)
    }

    /// `max(floor, start · factorᵏ)` at step `k = 0, 1, 2, …`.
    pub fn decay(start: f64, factor: f64, floor: f64) -> LearningRate {
        LearningRate::Decay { start, factor, floor }
    }

    /// `max(floor, start / e^(|g| / 10))`; another scale than 10 goes into the field of
    /// [`LearningRate::ByMagnitude`].
    pub fn by_magnitude(start: f64, floor: f64) -> LearningRate {
        LearningRate::ByMagnitude { start, floor, scale: 10.0 }
    }

    /// `max(floor, start · (cos θ + 1.001) / 2.0001)`, `θ` between this gradient and the last.
    pub fn by_angle(start: f64, floor: f64) -> LearningRate {
        LearningRate::ByAngle { start, floor }
    }

    /// The rate of the step number `step = 0, 1, 2, …` that uses `gradient: [n]`, the step before having used
    /// `last: [n]`; `last` is empty if there was none.
    ///
    /// A pure function: the same arguments give the same rate. A floor also answers for a gradient that is not finite.
    ///
    /// # Panics
    ///
    /// By angle, if `last` is neither empty nor as long as `gradient`.
    ///
    /// ```
    /// use downhill::optim::LearningRate;
    ///
    /// let lr = LearningRate::by_angle(1.0, 0.001);
    /// assert_eq!(lr.rate(0, &[1.0, 0.0], &[]), 1.0);
    /// assert_eq!(lr.rate(1, &[0.0, 5.0], &[1.0, 0.0]), 1.001 / 2.0001); // a right angle
    /// assert_eq!(lr.rate(2, &[0.0, -5.0], &[0.0, 5.0]), 0.001); // turned round
    /// ```
    #[track_caller]
    pub fn rate(&self, step: usize, gradient: &[f64], last: &[f64]) -> f64 {
        self.rate_of(step, gradient, last)
    }

    /// [`rate`](LearningRate::rate), of either precision.
    #[track_caller]
    pub(crate) fn rate_of<T: Element>(&self, step: usize, gradient: &[T], last: &[T]) -> f64 {
        match *self {
            LearningRate::Fixed(lr) => lr,
            LearningRate::Decay { start, factor, floor } => (start * factor.powf(step as f64)).max(floor),
            LearningRate::Schedule(ref schedule) => schedule.rate(step),
            LearningRate::ByMagnitude { start, floor, scale } => {
                (start / (norm(gradient) / scale).exp()).max(floor)
            }
            LearningRate::ByAngle { start, floor } => {
                assert!(
                    last.is_empty() || last.len() == gradient.len(),
                    "LearningRate::rate was given a gradient of length {} and a last gradient of length {}; \
                     both must have the same length, or the last be empty",
                    gradient.len(),
                    last.len(),
                );
                match cosine(gradient, last) {
                    Some(cosine) => (start * (cosine + 1.001) / 2.0001).max(floor),
                    None => start,
                }
            }
        }
    }

    /// The rate before anything is known of gradients: that of the first step, or of a vanishing gradient.
    pub fn start(&self) -> f64 {
        match *self {
            LearningRate::Fixed(lr) => lr,
            LearningRate::Decay { start, floor, .. } | LearningRate::ByMagnitude { start, floor, .. } => {
                start.max(floor)
            }
            LearningRate::ByAngle { start, .. } => start,
            LearningRate::Schedule(ref schedule) => schedule.rate(0),
        }
    }

    /// Whether the last gradient has to be kept for the next step.
    pub(crate) fn looks_back(&self) -> bool {
        matches!(self, LearningRate::ByAngle { .. })
    }
}

/// A schedule.
impl<S: Into<Schedule>> From<S> for LearningRate {
    fn from(schedule: S) -> LearningRate {
        LearningRate::Schedule(schedule.into())
    }
}

/// A fixed rate.
impl From<f64> for LearningRate {
    fn from(lr: f64) -> LearningRate {
        LearningRate::Fixed(lr)
    }
}
