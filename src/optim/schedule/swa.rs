//! To another rate in so many steps, there to stay: for the averaging of weights.
//!
//! ```text
//! η_k = η₀ + (η_swa - η₀) w(min(k, n) / n),     w(t) = (1 - cos πt) / 2 or t          k = 0, 1, 2, …
//! ```
//!
//! P. Izmailov et al., *Averaging weights leads to wider optima and better generalization*, UAI 2018. As PyTorch's `SWALR`,
//! whose defaults these are: ten steps, half a wave of the cosine. The rate averaged at may be higher than that before.

use super::shape::{Parts, Shape};

/// To the rate at which weights are averaged.
///
/// ```
/// use downhill::optim::schedule::{Shape, SwaAnnealing};
///
/// let lr = SwaAnnealing::new(0.2, 0.1).steps(2).shape(Shape::Linear);
/// assert_eq!([lr.rate(0), lr.rate(2), lr.rate(3)], [0.2, 0.1, 0.1]);
/// assert!((lr.rate(1) - 0.15).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SwaAnnealing {
    /// The rate `η₀` of the first step.
    pub start: f64,
    /// The rate `η_swa` at the end and from there on.
    pub end: f64,
    /// How many steps `n` it takes; with 0, the rate is `end` at once.
    pub steps: usize,
    /// The way from one to the other.
    pub shape: Shape,
}

impl SwaAnnealing {
    /// From `start` to `end` in ten steps, in half a wave of the cosine.
    pub fn new(start: f64, end: f64) -> SwaAnnealing {
        SwaAnnealing { start, end, steps: 10, shape: Shape::Cosine }
    }

    /// In another number of steps.
    pub fn steps(self, steps: usize) -> SwaAnnealing {
        SwaAnnealing { steps, ..self }
    }

    /// In another shape.
    pub fn shape(self, shape: Shape) -> SwaAnnealing {
        SwaAnnealing { shape, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        Parts::of(step, self.steps).shaped(self.shape).between(self.start, self.end)
    }
}
