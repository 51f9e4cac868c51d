//! From one rate to another, in a straight line or by a power.
//!
//! ```text
//! t = clamp((k - begin) / n, 0, 1)                                           k = 0, 1, 2, …
//! linear       η_k = start + (end - start) t
//! polynomial   η_k = end + (start - end) (1 - t)ᵖ
//! ```
//!
//! As `linear_schedule` and `polynomial_schedule` of Optax. PyTorch's `LinearLR` has the two ends as factors of a base
//! rate, its `PolynomialLR` ends at 0. A way of no steps is at its end at once; Optax stays at the start for ever then,
//! and PyTorch divides by zero. As a warm-up: the gradual one of P. Goyal et al., *Accurate, large minibatch SGD: training
//! ImageNet in 1 hour*, 2017, section 2.2.

use super::shape::Parts;

/// A straight line from one rate to another, which stays: decay, or warm-up.
///
/// ```
/// use downhill::optim::schedule::Linear;
///
/// let warm_up = Linear::new(0.0, 0.5, 5);
/// assert_eq!([warm_up.rate(0), warm_up.rate(1), warm_up.rate(5), warm_up.rate(6)], [0.0, 0.1, 0.5, 0.5]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Linear {
    /// The rate of the first step.
    pub start: f64,
    /// The rate at the end and from there on.
    pub end: f64,
    /// How many steps `n` the way takes.
    pub steps: usize,
    /// The step at which it begins.
    pub begin: usize,
}

impl Linear {
    /// From `start` to `end` in so many steps.
    pub fn new(start: f64, end: f64, steps: usize) -> Linear {
        Linear { start, end, steps, begin: 0 }
    }

    /// Level until the step `begin`.
    pub fn begin(self, begin: usize) -> Linear {
        Linear { begin, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        Parts::of(step.saturating_sub(self.begin), self.steps).between(self.start, self.end)
    }
}

/// From one rate to another by a power of the way left.
///
/// ```
/// use downhill::optim::schedule::Polynomial;
///
/// let lr = Polynomial::new(0.1, 0.0, 2.0, 10);
/// assert_eq!([lr.rate(0), lr.rate(5), lr.rate(10)], [0.1, 0.025, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Polynomial {
    /// The rate of the first step.
    pub start: f64,
    /// The rate at the end and from there on.
    pub end: f64,
    /// The power `p`: 1 is a straight line, a higher one leaves fast and arrives slowly, 0 stays at the start.
    pub power: f64,
    /// How many steps `n` the way takes.
    pub steps: usize,
    /// The step at which it begins.
    pub begin: usize,
}

impl Polynomial {
    /// From `start` to `end` by the power `power` in so many steps.
    ///
    /// # Panics
    ///
    /// If `power` is negative or not a number.
    #[track_caller]
    pub fn new(start: f64, end: f64, power: f64, steps: usize) -> Polynomial {
        assert!(
            power >= 0.0,
            "Polynomial::new was given the power {power}; it must be at least 0: 1 is a straight line, 2 a parabola"
        );
        Polynomial { start, end, power, steps, begin: 0 }
    }

    /// Level until the step `begin`.
    pub fn begin(self, begin: usize) -> Polynomial {
        Polynomial { begin, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let way = Parts::of(step.saturating_sub(self.begin), self.steps);
        way.raised(self.power).between(self.start, self.end)
    }
}
