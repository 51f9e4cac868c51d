//! One cycle: up to a high rate, then down to almost nothing, the momentum the other way round.
//!
//! ```text
//! first = peak / d,   last = first / D                                       k = 0, 1, …, n - 1
//!
//! two phases     0          → r n - 1     first → peak      momentum  high → low
//!                r n - 1    → n - 1       peak  → last                low  → high
//!
//! three phases   0          → r n - 1     first → peak                high → low
//!                r n - 1    → 2 r n - 2   peak  → first               low  → high
//!                2 r n - 2  → n - 1       first → last                high
//! ```
//!
//! L. N. Smith and N. Topin, *Super-convergence: very fast training of neural networks using large learning rates*, 2018,
//! as PyTorch's `OneCycleLR` has it, with its defaults `r = 0.3`, `d = 25`, `D = 10⁴`, momentum 0.85 to 0.95: the last of
//! `n` steps has the last rate. Smith and Topin have three phases. Optax counts otherwise: see
//! [`CosineOneCycle`](super::CosineOneCycle) and [`LinearOneCycle`](super::LinearOneCycle), which have no momentum.
//! After the last step PyTorch stops with an error; here the last rate stays.

use super::shape::{Parts, Shape};

/// One cycle as PyTorch has it.
///
/// ```
/// use downhill::optim::schedule::{OneCycle, Shape};
///
/// let cycle = OneCycle::new(0.1, 101).rise(51.0 / 101.0).shape(Shape::Linear).division(10.0);
/// assert_eq!([cycle.rate(0), cycle.rate(50)], [0.01, 0.1]);
/// assert_eq!(cycle.rate(100), 0.01 / 1e4);
/// assert_eq!([cycle.momentum(0), cycle.momentum(50), cycle.momentum(100)], [0.95, 0.85, 0.95]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OneCycle {
    /// The highest rate.
    pub peak: f64,
    /// How many steps `n` there are; the last one has the last rate.
    pub steps: usize,
    /// The part `r` of the steps that the rate rises in.
    pub rise: f64,
    /// The peak over the first rate, `d`.
    pub division: f64,
    /// The first rate over the last, `D`.
    pub final_division: f64,
    /// How the rate goes from one to the next.
    pub shape: Shape,
    /// Whether the rate first comes back to where it began, in as many steps as it rose, and falls from there.
    pub three_phases: bool,
    /// The momentum at the peak of the rate.
    pub low_momentum: f64,
    /// The momentum in the first step.
    pub high_momentum: f64,
}

impl OneCycle {
    /// Up to `peak` and down again in `steps` steps, in two phases, each half a wave of the cosine.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn new(peak: f64, steps: usize) -> OneCycle {
        check_steps("OneCycle::new", steps);
        OneCycle {
            peak,
            steps,
            rise: 0.3,
            division: 25.0,
            final_division: 1e4,
            shape: Shape::Cosine,
            three_phases: false,
            low_momentum: 0.85,
            high_momentum: 0.95,
        }
    }

    /// With another part of the steps to rise in than 0.3.
    ///
    /// # Panics
    ///
    /// If `rise` is not between 0 and 1.
    #[track_caller]
    pub fn rise(self, rise: f64) -> OneCycle {
        check_part("OneCycle::rise", rise);
        OneCycle { rise, ..self }
    }

    /// With another quotient of the peak and the first rate than 25.
    ///
    /// # Panics
    ///
    /// If `division` is not above 0.
    #[track_caller]
    pub fn division(self, division: f64) -> OneCycle {
        check_division("OneCycle::division", division);
        OneCycle { division, ..self }
    }

    /// With another quotient of the first and the last rate than 10⁴.
    ///
    /// # Panics
    ///
    /// If `division` is not above 0.
    #[track_caller]
    pub fn final_division(self, division: f64) -> OneCycle {
        check_division("OneCycle::final_division", division);
        OneCycle { final_division: division, ..self }
    }

    /// In another shape than the cosine.
    pub fn shape(self, shape: Shape) -> OneCycle {
        OneCycle { shape, ..self }
    }

    /// Back to the first rate before it falls to the last.
    pub fn three_phases(self) -> OneCycle {
        OneCycle { three_phases: true, ..self }
    }

    /// With the momentum `low` at the peak of the rate and `high` in the first step.
    pub fn momenta(self, low: f64, high: f64) -> OneCycle {
        OneCycle { low_momentum: low, high_momentum: high, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let first = self.peak / self.division;
        let last = first / self.final_division;
        match (self.phase(step), self.three_phases) {
            ((0, way), _) => way.between(first, self.peak),
            ((1, way), true) => way.between(self.peak, first),
            ((1, way), false) => way.between(self.peak, last),
            ((_, way), _) => way.between(first, last),
        }
    }

    /// The momentum of step `step = 0, 1, 2, …`, for a rule that has one: `mu`, or Adam's `beta1`.
    pub fn momentum(&self, step: usize) -> f64 {
        match self.phase(step) {
            (0, way) => way.between(self.high_momentum, self.low_momentum),
            (1, way) => way.between(self.low_momentum, self.high_momentum),
            _ => self.high_momentum,
        }
    }

    /// The phase of a step, and how far into it the step is.
    fn phase(&self, step: usize) -> (usize, Parts) {
        let last = self.steps.saturating_sub(1);
        let (at, last) = (step.min(last) as f64, last as f64);
        let n = self.steps as f64;
        let top = self.rise * n - 1.0;
        let back = if self.three_phases { 2.0 * self.rise * n - 2.0 } else { last };
        let (phase, from, to) = if at <= top {
            (0, 0.0, top)
        } else if at <= back || !self.three_phases {
            (1, top, back)
        } else {
            (2, back, last)
        };
        (phase, Parts::at(at, from, to).shaped(self.shape))
    }
}

#[track_caller]
pub(super) fn check_steps(by: &str, steps: usize) {
    assert!(steps > 0, "{by} was given 0 steps; it needs at least 1: say how many the whole cycle has");
}

#[track_caller]
pub(super) fn check_part(by: &str, part: f64) {
    assert!(
        (0.0..=1.0).contains(&part),
        "{by} was given {part}; it must be a part of the steps, from 0 to 1"
    );
}

#[track_caller]
pub(super) fn check_division(by: &str, division: f64) {
    assert!(
        division > 0.0,
        "{by} was given {division}; it must be above 0: the higher rate over the lower, such as 25"
    );
}
