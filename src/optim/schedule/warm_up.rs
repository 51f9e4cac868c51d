//! A straight line up, then decay: by half a wave of the cosine, or exponential.
//!
//! ```text
//! η_k = start + (peak - start) k / w        for k < w                        k = 0, 1, 2, …
//! η_k = decay(k - w)                        from then on, decay(0) = peak
//! ```
//!
//! Optax's `warmup_cosine_decay_schedule` and `warmup_exponential_decay_schedule`; its `warmup_constant_schedule` is
//! [`Linear`](super::Linear). The warm-up is the gradual one of P. Goyal et al., *Accurate, large minibatch SGD: training
//! ImageNet in 1 hour*, 2017, section 2.2. Any other pair is a [`Sequential`](super::Sequential).

use super::cosine::check_exponent;
use super::shape::Parts;
use super::{CosineDecay, ExponentialDecay};

/// A straight line up, then half a wave of the cosine down.
///
/// ```
/// use downhill::optim::schedule::WarmUpCosine;
///
/// let lr = WarmUpCosine::new(0.0, 0.1, 20, 180).end(0.002);
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20), lr.rate(180), lr.rate(500)], [0.0, 0.05, 0.1, 0.002, 0.002]);
/// assert!((lr.rate(100) - 0.051).abs() < 1e-15); // halfway down
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WarmUpCosine {
    /// The rate of the first step.
    pub start: f64,
    /// The rate after the warm-up.
    pub peak: f64,
    /// How many steps `w` the warm-up takes.
    pub warm_up: usize,
    /// How many steps it takes to the end, those of the warm-up included.
    pub steps: usize,
    /// The rate at the end and from there on.
    pub end: f64,
    /// The power of the wave, as in [`CosineDecay`].
    pub exponent: f64,
}

impl WarmUpCosine {
    /// From `start` to `peak` in `warm_up` steps, and to 0 at the step `steps`.
    pub fn new(start: f64, peak: f64, warm_up: usize, steps: usize) -> WarmUpCosine {
        WarmUpCosine { start, peak, warm_up, steps, end: 0.0, exponent: 1.0 }
    }

    /// With another rate than 0 at the end.
    pub fn end(self, end: f64) -> WarmUpCosine {
        WarmUpCosine { end, ..self }
    }

    /// With another power of the wave than 1.
    ///
    /// # Panics
    ///
    /// If `exponent` is negative or not a number.
    #[track_caller]
    pub fn exponent(self, exponent: f64) -> WarmUpCosine {
        check_exponent("WarmUpCosine::exponent", exponent);
        WarmUpCosine { exponent, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        if step < self.warm_up {
            return Parts::of(step, self.warm_up).between(self.start, self.peak);
        }
        let steps = self.steps.saturating_sub(self.warm_up);
        CosineDecay { lr: self.peak, steps, end: self.end, exponent: self.exponent }.rate(step - self.warm_up)
    }
}

/// A straight line up, then exponential decay.
///
/// ```
/// use downhill::optim::schedule::{ExponentialDecay, WarmUpExponential};
///
/// let lr = WarmUpExponential::new(0.0, 20, ExponentialDecay::new(0.1, 0.5).over(40).until(0.003));
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20), lr.rate(60), lr.rate(500)], [0.0, 0.05, 0.1, 0.05, 0.003]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WarmUpExponential {
    /// The rate of the first step.
    pub start: f64,
    /// How many steps `w` the warm-up takes.
    pub warm_up: usize,
    /// What follows, its steps counted from the end of the warm-up; its `lr` is the peak.
    pub decay: ExponentialDecay,
}

impl WarmUpExponential {
    /// From `start` to the rate of `decay` in `warm_up` steps, then `decay`.
    pub fn new(start: f64, warm_up: usize, decay: ExponentialDecay) -> WarmUpExponential {
        WarmUpExponential { start, warm_up, decay }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        if step < self.warm_up {
            return Parts::of(step, self.warm_up).between(self.start, self.decay.lr);
        }
        self.decay.rate(step - self.warm_up)
    }
}
