//! Warm restarts: down half a wave of the cosine, then back to the top at once, and again.
//!
//! ```text
//! η_k = end + (η₀ - end) (1 + cos(π j / T)) / 2          j steps after the last restart, in a cycle of T
//! T = T₀, T₀ m, T₀ m², …                                 from cycle to cycle
//! ```
//!
//! I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017, equation 5. That is
//! PyTorch's `CosineAnnealingWarmRestarts`. Optax's `sgdr_schedule` is a list of cycles, each with a warm-up, ends and a
//! length of its own, and stays at the end of the last: [`Sgdr`]. The counts are steps here; who calls PyTorch's once an
//! epoch multiplies `T₀` by the steps of an epoch.

use super::WarmUpCosine;
use super::shape::{Parts, Shape};

/// Half a wave of the cosine, again and again, in cycles that may grow.
///
/// ```
/// use downhill::optim::schedule::WarmRestarts;
///
/// let lr = WarmRestarts::new(0.1, 20).growth(2).end(0.001); // restarts at 20, 60, 140, …
/// assert_eq!([lr.rate(0), lr.rate(20), lr.rate(60), lr.rate(140)], [0.1; 4]);
/// assert_eq!(lr.rate(40), lr.rate(10)); // both in the middle of their cycles
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WarmRestarts {
    /// The rate `η₀` after each restart.
    pub lr: f64,
    /// How many steps `T₀` the first cycle has; 0 counts as 1.
    pub period: usize,
    /// What each cycle is longer than the one before by, `m`; 0 counts as 1.
    pub growth: usize,
    /// The rate that each cycle falls towards.
    pub end: f64,
}

impl WarmRestarts {
    /// From `lr` towards 0 in cycles of `period` steps.
    ///
    /// # Panics
    ///
    /// If `period` is 0.
    #[track_caller]
    pub fn new(lr: f64, period: usize) -> WarmRestarts {
        assert!(
            period > 0,
            "WarmRestarts::new was given a period of 0 steps; it needs at least 1: say after how many to restart"
        );
        WarmRestarts { lr, period, growth: 1, end: 0.0 }
    }

    /// With each cycle `growth` times as long as the one before.
    ///
    /// # Panics
    ///
    /// If `growth` is 0.
    #[track_caller]
    pub fn growth(self, growth: usize) -> WarmRestarts {
        assert!(
            growth > 0,
            "WarmRestarts::growth was given 0; a cycle must be at least 1 times as long as the one before"
        );
        WarmRestarts { growth, ..self }
    }

    /// With another rate than 0 to fall towards.
    pub fn end(self, end: f64) -> WarmRestarts {
        WarmRestarts { end, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let (mut within, mut period) = (step, self.period.max(1));
        if self.growth <= 1 {
            within %= period;
        }
        // Cycles that grow are at most as many as a number has bits.
        while within >= period {
            within -= period;
            period = period.saturating_mul(self.growth);
        }
        Parts::of(within, period).shaped(Shape::Cosine).between(self.lr, self.end)
    }
}

/// Cycles one after another, each with a warm-up, ends and a length of its own.
///
/// ```
/// use downhill::optim::schedule::{Sgdr, WarmUpCosine};
///
/// let lr = Sgdr::new([WarmUpCosine::new(0.0, 0.1, 10, 60), WarmUpCosine::new(0.0, 0.05, 10, 100)]);
/// assert_eq!([lr.rate(10), lr.rate(60), lr.rate(70), lr.rate(160), lr.rate(1_000)], [0.1, 0.0, 0.05, 0.0, 0.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sgdr {
    /// The cycles; each lasts for its `steps`. Without any, the rate is 0.
    pub cycles: Vec<WarmUpCosine>,
}

impl Sgdr {
    /// The cycles, one after another; the end of the last one stays.
    ///
    /// # Panics
    ///
    /// If there are none.
    #[track_caller]
    pub fn new(cycles: impl Into<Vec<WarmUpCosine>>) -> Sgdr {
        let cycles = cycles.into();
        assert!(!cycles.is_empty(), "Sgdr::new was given no cycles; it needs at least 1 to have a rate");
        Sgdr { cycles }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let Some((last, cycles)) = self.cycles.split_last() else { return 0.0 };
        let mut within = step;
        for cycle in cycles {
            if within < cycle.steps {
                return cycle.rate(within);
            }
            within -= cycle.steps;
        }
        last.rate(within)
    }
}
