//! Exponential decay: the same factor in every step, or over so many steps.
//!
//! ```text
//! η_k = η₀ f^(k' / n)            k' = max(0, k - begin),        k = 0, 1, 2, …
//! η_k = η₀ f^⌊k' / n⌋            with stairs
//! η_k ← max(end, η_k)            with an end, where f < 1; min for f ≥ 1
//! ```
//!
//! `n = 1` at first, as in PyTorch's `ExponentialLR`; Optax's `exponential_decay` has `n` as `transition_steps`, and `end`
//! as `end_value`. A factor of 0 is one here: the rate is 0 after the first step. Optax takes it for "no decay".

use super::step::{check_factor, scaled};

/// Exponential decay: `η₀ f^(k / n)`.
///
/// ```
/// use downhill::optim::schedule::ExponentialDecay;
///
/// let lr = ExponentialDecay::new(1.66, 0.9).until(0.001);
/// assert_eq!([lr.rate(0), lr.rate(1), lr.rate(1_000)], [1.66, 1.66 * 0.9, 0.001]);
///
/// let halved = ExponentialDecay::new(0.1, 0.5).over(50);
/// assert_eq!([halved.rate(50), halved.rate(100)], [0.05, 0.025]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ExponentialDecay {
    /// The rate `η₀` of the first step.
    pub lr: f64,
    /// What the rate is multiplied by over `over` steps.
    pub factor: f64,
    /// How many steps `n` multiply the rate by `factor`, all together; 0 counts as 1.
    pub over: usize,
    /// The step at which the decay begins.
    pub begin: usize,
    /// Whether the rate falls only after every `over` steps, all at once.
    pub stairs: bool,
    /// Where the decay ends: the lowest rate, or the highest if `factor ≥ 1`.
    pub end: Option<f64>,
}

impl ExponentialDecay {
    /// From `lr`, multiplied by `factor` in every step.
    ///
    /// # Panics
    ///
    /// If `factor` is negative or not finite.
    #[track_caller]
    pub fn new(lr: f64, factor: f64) -> ExponentialDecay {
        check_factor("ExponentialDecay::new", factor);
        ExponentialDecay { lr, factor, over: 1, begin: 0, stairs: false, end: None }
    }

    /// With the factor not for one step, but for `steps` together.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn over(self, steps: usize) -> ExponentialDecay {
        assert!(
            steps > 0,
            "ExponentialDecay::over was given 0 steps; it needs at least 1: say how many steps the factor is for"
        );
        ExponentialDecay { over: steps, ..self }
    }

    /// Level until the step `begin`, from which the steps are counted.
    pub fn begin(self, begin: usize) -> ExponentialDecay {
        ExponentialDecay { begin, ..self }
    }

    /// By stairs: only after every `over` steps, all at once.
    pub fn stairs(self) -> ExponentialDecay {
        ExponentialDecay { stairs: true, ..self }
    }

    /// Never below `end`, or never above it if `factor ≥ 1`.
    pub fn until(self, end: f64) -> ExponentialDecay {
        ExponentialDecay { end: Some(end), ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let (passed, over) = (step.saturating_sub(self.begin), self.over.max(1));
        let exponent = if self.stairs { (passed / over) as f64 } else { passed as f64 / over as f64 };
        let rate = scaled(self.lr, self.factor, exponent);
        match self.end {
            Some(end) if self.factor < 1.0 => rate.max(end),
            Some(end) => rate.min(end),
            None => rate,
        }
    }
}
