//! Decay by stairs: the rate is multiplied by a factor every so many steps, or at milestones.
//!
//! ```text
//! step         η_k = η₀ f^⌊k / n⌋                                            k = 0, 1, 2, …
//! multi-step   η_k = η₀ fᵐ,   m milestones at or before k
//! ```
//!
//! As `StepLR` and `MultiStepLR` of PyTorch. In Optax the first is `exponential_decay` with `staircase=True`; for the
//! second, and for a factor of its own at each milestone, see [`PiecewiseConstant`](super::PiecewiseConstant).

/// A factor every so many steps: `η₀ f^⌊k / n⌋`.
///
/// ```
/// use downhill::optim::schedule::StepDecay;
///
/// let lr = StepDecay::new(0.1, 30, 0.5);
/// assert_eq!([lr.rate(0), lr.rate(29), lr.rate(30), lr.rate(60)], [0.1, 0.1, 0.05, 0.025]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StepDecay {
    /// The rate `η₀` of the first `every` steps.
    pub lr: f64,
    /// How many steps `n` a stair is long; 0 counts as 1.
    pub every: usize,
    /// What each stair multiplies the rate by.
    pub factor: f64,
}

impl StepDecay {
    /// From `lr`, multiplied by `factor` after every `every` steps.
    ///
    /// # Panics
    ///
    /// If `every` is 0, or `factor` is negative or not finite.
    #[track_caller]
    pub fn new(lr: f64, every: usize, factor: f64) -> StepDecay {
        assert!(
            every > 0,
            "StepDecay::new was given stairs of 0 steps; they must have at least 1: say after how many steps to decay"
        );
        check_factor("StepDecay::new", factor);
        StepDecay { lr, every, factor }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        scaled(self.lr, self.factor, (step / self.every.max(1)) as f64)
    }
}

/// A factor at each milestone: `η₀ fᵐ`.
///
/// ```
/// use downhill::optim::schedule::MultiStepDecay;
///
/// let lr = MultiStepDecay::new(0.1, [30, 80], 0.5);
/// assert_eq!([lr.rate(29), lr.rate(30), lr.rate(79), lr.rate(80)], [0.1, 0.05, 0.05, 0.025]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MultiStepDecay {
    /// The rate `η₀` before the first milestone.
    pub lr: f64,
    /// The steps from which on the rate is one factor lower; a step named twice counts twice.
    pub milestones: Vec<usize>,
    /// What each milestone multiplies the rate by.
    pub factor: f64,
}

impl MultiStepDecay {
    /// From `lr`, multiplied by `factor` at each of the `milestones`.
    ///
    /// # Panics
    ///
    /// If there are no milestones or they do not ascend, or if `factor` is negative or not finite.
    #[track_caller]
    pub fn new(lr: f64, milestones: impl Into<Vec<usize>>, factor: f64) -> MultiStepDecay {
        let milestones = milestones.into();
        assert!(
            !milestones.is_empty(),
            "MultiStepDecay::new was given no milestones; it needs at least 1: for one rate throughout take Constant"
        );
        assert!(
            milestones.is_sorted(),
            "MultiStepDecay::new was given the milestones {milestones:?}, which do not ascend; sort them"
        );
        check_factor("MultiStepDecay::new", factor);
        MultiStepDecay { lr, milestones, factor }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let passed = self.milestones.iter().filter(|&&milestone| milestone <= step).count();
        scaled(self.lr, self.factor, passed as f64)
    }
}

/// `lr · factor^exponent`; nothing remains nothing, however much it is multiplied.
pub(super) fn scaled(lr: f64, factor: f64, exponent: f64) -> f64 {
    if lr == 0.0 { lr } else { lr * factor.powf(exponent) }
}

/// Panics unless powers of the factor are numbers.
#[track_caller]
pub(super) fn check_factor(by: &str, factor: f64) {
    assert!(
        factor >= 0.0 && factor.is_finite(),
        "{by} was given the factor {factor}; it must be finite and at least 0, below 1 for a rate that decays"
    );
}
