//! Warm-up, stable, decay: up, level for most of the steps, then down.
//!
//! ```text
//! η_k = start + (peak - start) k / w               for k < w                 k = 0, 1, 2, …
//! η_k = peak                                       for w ≤ k < w + s
//! η_k = from peak to end in the given shape        over the d steps from there on; the end stays
//! ```
//!
//! S. Hu et al., *MiniCPM: unveiling the potential of small language models with scalable training strategies*, 2024,
//! section 4. The steps at the end may be chosen while it runs: the rates before them do not depend on their number. Hu et
//! al. decay exponentially; that is a [`Sequential`](super::Sequential) with an
//! [`ExponentialDecay`](super::ExponentialDecay).

use super::shape::{Parts, Shape};

/// Up, level, down.
///
/// ```
/// use downhill::optim::schedule::WarmUpStableDecay;
///
/// let lr = WarmUpStableDecay::new(0.1, 20, 120, 60);
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20), lr.rate(139)], [0.0, 0.05, 0.1, 0.1]);
/// assert_eq!([lr.rate(140), lr.rate(170), lr.rate(200), lr.rate(999)], [0.1, 0.05, 0.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WarmUpStableDecay {
    /// The rate of the first step.
    pub start: f64,
    /// The rate between warm-up and decay.
    pub peak: f64,
    /// How many steps `w` the warm-up takes.
    pub warm_up: usize,
    /// How many steps `s` the rate stays at the peak.
    pub stable: usize,
    /// How many steps `d` the decay takes.
    pub decay: usize,
    /// The rate at the end and from there on.
    pub end: f64,
    /// How the rate goes from the peak to the end.
    pub shape: Shape,
}

impl WarmUpStableDecay {
    /// From 0 to `peak` in `warm_up` steps, there for `stable` steps, and in a straight line to 0 in `decay` steps.
    pub fn new(peak: f64, warm_up: usize, stable: usize, decay: usize) -> WarmUpStableDecay {
        WarmUpStableDecay { start: 0.0, peak, warm_up, stable, decay, end: 0.0, shape: Shape::Linear }
    }

    /// With another rate than 0 in the first step.
    pub fn start(self, start: f64) -> WarmUpStableDecay {
        WarmUpStableDecay { start, ..self }
    }

    /// With another rate than 0 at the end.
    pub fn end(self, end: f64) -> WarmUpStableDecay {
        WarmUpStableDecay { end, ..self }
    }

    /// Down in another shape than a straight line.
    pub fn shape(self, shape: Shape) -> WarmUpStableDecay {
        WarmUpStableDecay { shape, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        if step < self.warm_up {
            return Parts::of(step, self.warm_up).between(self.start, self.peak);
        }
        let level = step - self.warm_up;
        if level < self.stable {
            return self.peak;
        }
        Parts::of(level - self.stable, self.decay).shaped(self.shape).between(self.peak, self.end)
    }
}
