//! One cycle as Optax has it: phases that end at whole steps, without a momentum.
//!
//! ```text
//! first = peak / d,   last = first / D                                       k = 0, 1, …, n
//!
//! cosine   0 → ⌊r n⌋ → n                first → peak → last                  half a wave each
//! linear   0 → ⌊r n⌋ → ⌊f n⌋ → n        first → peak → first → last          straight lines
//! ```
//!
//! L. N. Smith and N. Topin, *Super-convergence: very fast training of neural networks using large learning rates*, 2018.
//! These are `cosine_onecycle_schedule` and `linear_onecycle_schedule` with their defaults `r = 0.3`, `f = 0.85`, `d = 25`,
//! `D = 10⁴`. The last rate is that of step `n`, one later than in PyTorch, and the phases do not begin one early; see
//! [`OneCycle`](super::OneCycle) for those.

use super::one_cycle::{check_division, check_part, check_steps};
use super::shape::{Shape, along};

/// Up and down, each in half a wave of the cosine.
///
/// ```
/// use downhill::optim::schedule::CosineOneCycle;
///
/// let lr = CosineOneCycle::new(0.1, 200);
/// assert_eq!([lr.rate(0), lr.rate(60), lr.rate(200)], [0.1 / 25.0, 0.1, 0.1 / 25.0 / 1e4]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CosineOneCycle {
    /// The highest rate.
    pub peak: f64,
    /// The step `n` of the last rate, which stays.
    pub steps: usize,
    /// The part `r` of the steps that the rate rises in.
    pub rise: f64,
    /// The peak over the first rate, `d`.
    pub division: f64,
    /// The first rate over the last, `D`.
    pub final_division: f64,
}

impl CosineOneCycle {
    /// Up to `peak` and down again in `steps` steps.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn new(peak: f64, steps: usize) -> CosineOneCycle {
        check_steps("CosineOneCycle::new", steps);
        CosineOneCycle { peak, steps, rise: 0.3, division: 25.0, final_division: 1e4 }
    }

    /// With another part of the steps to rise in than 0.3.
    ///
    /// # Panics
    ///
    /// If `rise` is not between 0 and 1.
    #[track_caller]
    pub fn rise(self, rise: f64) -> CosineOneCycle {
        check_part("CosineOneCycle::rise", rise);
        CosineOneCycle { rise, ..self }
    }

    /// With another quotient of the peak and the first rate than 25.
    ///
    /// # Panics
    ///
    /// If `division` is not above 0.
    #[track_caller]
    pub fn division(self, division: f64) -> CosineOneCycle {
        check_division("CosineOneCycle::division", division);
        CosineOneCycle { division, ..self }
    }

    /// With another quotient of the first and the last rate than 10⁴.
    ///
    /// # Panics
    ///
    /// If `division` is not above 0.
    #[track_caller]
    pub fn final_division(self, division: f64) -> CosineOneCycle {
        check_division("CosineOneCycle::final_division", division);
        CosineOneCycle { final_division: division, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let first = self.peak / self.division;
        let top = (self.rise * self.steps as f64) as usize;
        let ways = [(top, self.peak), (self.steps, first / self.final_division)];
        along(step, first, ways, Shape::Cosine)
    }
}

/// Up, back to where it began, and down, in straight lines.
///
/// ```
/// use downhill::optim::schedule::LinearOneCycle;
///
/// let lr = LinearOneCycle::new(0.1, 200);
/// let first = 0.1 / 25.0;
/// assert_eq!([lr.rate(0), lr.rate(60), lr.rate(170), lr.rate(200)], [first, 0.1, first, first / 1e4]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LinearOneCycle {
    /// The highest rate.
    pub peak: f64,
    /// The step `n` of the last rate, which stays.
    pub steps: usize,
    /// The part `r` of the steps that the rate rises in.
    pub rise: f64,
    /// The part `f` of the steps at which it is back where it began.
    pub back: f64,
    /// The peak over the first rate, `d`.
    pub division: f64,
    /// The first rate over the last, `D`.
    pub final_division: f64,
}

impl LinearOneCycle {
    /// Up to `peak` and down again in `steps` steps.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn new(peak: f64, steps: usize) -> LinearOneCycle {
        check_steps("LinearOneCycle::new", steps);
        LinearOneCycle { peak, steps, rise: 0.3, back: 0.85, division: 25.0, final_division: 1e4 }
    }

    /// At the peak after the part `rise` of the steps, back at the first rate after the part `back`.
    ///
    /// # Panics
    ///
    /// Unless `0 ≤ rise ≤ back ≤ 1`.
    #[track_caller]
    pub fn phases(self, rise: f64, back: f64) -> LinearOneCycle {
        check_part("LinearOneCycle::phases", rise);
        check_part("LinearOneCycle::phases", back);
        assert!(
            rise <= back,
            "LinearOneCycle::phases was given a peak at {rise} of the steps and a return at {back}; \
             the peak must come first"
        );
        LinearOneCycle { rise, back, ..self }
    }

    /// With another quotient of the peak and the first rate than 25.
    ///
    /// # Panics
    ///
    /// If `division` is not above 0.
    #[track_caller]
    pub fn division(self, division: f64) -> LinearOneCycle {
        check_division("LinearOneCycle::division", division);
        LinearOneCycle { division, ..self }
    }

    /// With another quotient of the first and the last rate than 10⁴.
    ///
    /// # Panics
    ///
    /// If `division` is not above 0.
    #[track_caller]
    pub fn final_division(self, division: f64) -> LinearOneCycle {
        check_division("LinearOneCycle::final_division", division);
        LinearOneCycle { final_division: division, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let first = self.peak / self.division;
        let [top, back] = [self.rise, self.back].map(|part| (part * self.steps as f64) as usize);
        let ways = [(top, self.peak), (back, first), (self.steps, first / self.final_division)];
        along(step, first, ways, Shape::Linear)
    }
}
