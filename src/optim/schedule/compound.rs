//! Schedules one after another, or multiplied.
//!
//! ```text
//! sequential   η_k = partᵢ(k - bᵢ)        bᵢ ≤ k < bᵢ₊₁,   b₀ = 0            k = 0, 1, 2, …
//! chained      η_k = factor₁(k) factor₂(k) ⋯
//! ```
//!
//! The first is PyTorch's `SequentialLR` and Optax's `join_schedules`: each part counts from its own boundary. The second is
//! PyTorch's `ChainedScheduler`, with the base rate in one of the factors and 1 in the others. In PyTorch a schedule that
//! does more than multiply (one with a lowest rate, say) acts in a chain on the rate the others have made so far; here a
//! chain is a product and nothing else.

use super::Schedule;

/// Schedules one after another, each with a count of its own.
///
/// ```
/// use downhill::optim::schedule::{CosineDecay, Linear, Sequential};
///
/// let lr = Sequential::new(Linear::new(0.0, 0.1, 20)).then(20, CosineDecay::new(0.1, 180));
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20), lr.rate(200)], [0.0, 0.05, 0.1, 0.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sequential {
    /// The schedule of the first steps.
    pub first: Box<Schedule>,
    /// Those that follow, each with the step it begins at.
    pub rest: Vec<(usize, Schedule)>,
}

impl Sequential {
    /// With `first` from step 0 on.
    pub fn new(first: impl Into<Schedule>) -> Sequential {
        Sequential { first: Box::new(first.into()), rest: Vec::new() }
    }

    /// From the step `boundary` on with `next`, which is asked for its steps 0, 1, 2, … there.
    ///
    /// # Panics
    ///
    /// If `boundary` is before that of the schedule before.
    #[track_caller]
    pub fn then(mut self, boundary: usize, next: impl Into<Schedule>) -> Sequential {
        let before = self.rest.last().map_or(0, |&(boundary, _)| boundary);
        assert!(
            boundary >= before,
            "Sequential::then was given the boundary {boundary}, and {before} before; boundaries must ascend: \
             count them from the first step of all"
        );
        self.rest.push((boundary, next.into()));
        self
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let begun = self.rest.iter().rev().find(|&&(boundary, _)| boundary <= step);
        begun.map_or_else(|| self.first.rate(step), |(boundary, part)| part.rate(step - boundary))
    }
}

/// The product of schedules.
///
/// ```
/// use downhill::optim::schedule::{Chained, ConstantWarmUp, ExponentialDecay};
///
/// let lr = Chained::new(ConstantWarmUp::new(0.5, 0.1, 20)).times(ExponentialDecay::new(1.0, 0.5).over(10));
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20)], [0.05, 0.025, 0.125]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Chained {
    /// What is multiplied.
    pub factors: Vec<Schedule>,
}

impl Chained {
    /// With `first` alone.
    pub fn new(first: impl Into<Schedule>) -> Chained {
        Chained { factors: vec![first.into()] }
    }

    /// Times `next`, whose own base rate is a factor as well: 1, as a rule.
    pub fn times(mut self, next: impl Into<Schedule>) -> Chained {
        self.factors.push(next.into());
        self
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        self.factors.iter().map(|factor| factor.rate(step)).product()
    }
}
