//! Half a wave of the cosine: slow at first, fast in the middle, slow at the end.
//!
//! ```text
//! c(t) = (1 + cos πt) / 2                                                    k = 0, 1, 2, …
//! decay       η_k = end + (η₀ - end) c(t)ᵖ,   t = min(k, n) / n
//! annealing   η_k = end + (η₀ - end) c(k / n)
//! ```
//!
//! I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017, equation 5. The two differ
//! after `n` steps: the decay stays at its end, as Optax's `cosine_decay_schedule` does, the annealing goes on along the
//! wave and rises again, as PyTorch's `CosineAnnealingLR` does. Optax gives the end as a fraction of the start,
//! `alpha = end / η₀`; here it is a rate, as the `eta_min` of PyTorch. A decay of no steps is at its end at once.

use super::shape::{Parts, Shape};

/// Down half a wave of the cosine, to stay at the end.
///
/// ```
/// use downhill::optim::schedule::CosineDecay;
///
/// let lr = CosineDecay::new(0.1, 10).end(0.01);
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20)], [0.1, 0.01, 0.01]);
/// assert!((lr.rate(5) - 0.055).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CosineDecay {
    /// The rate `η₀` of the first step.
    pub lr: f64,
    /// How many steps `n` the decay takes.
    pub steps: usize,
    /// The rate at the end and from there on.
    pub end: f64,
    /// The power `p` of the wave: the higher, the sooner the rate falls.
    pub exponent: f64,
}

impl CosineDecay {
    /// From `lr` to 0 in so many steps, with the exponent 1.
    pub fn new(lr: f64, steps: usize) -> CosineDecay {
        CosineDecay { lr, steps, end: 0.0, exponent: 1.0 }
    }

    /// With another rate than 0 at the end.
    pub fn end(self, end: f64) -> CosineDecay {
        CosineDecay { end, ..self }
    }

    /// With another power of the wave than 1.
    ///
    /// # Panics
    ///
    /// If `exponent` is negative or not a number.
    #[track_caller]
    pub fn exponent(self, exponent: f64) -> CosineDecay {
        check_exponent("CosineDecay::exponent", exponent);
        CosineDecay { exponent, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let way = Parts::of(step, self.steps).shaped(Shape::Cosine);
        way.raised(self.exponent).between(self.lr, self.end)
    }
}

/// Down half a wave of the cosine, and up again, and down.
///
/// ```
/// use downhill::optim::schedule::CosineAnnealing;
///
/// let lr = CosineAnnealing::new(0.1, 10).end(0.01);
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(20)], [0.1, 0.01, 0.1]);
/// assert_eq!(lr.rate(13), lr.rate(7));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CosineAnnealing {
    /// The rate `η₀` of the first step: the crests.
    pub lr: f64,
    /// How many steps `n` half a wave takes; 0 counts as 1.
    pub steps: usize,
    /// The rate in the troughs.
    pub end: f64,
}

impl CosineAnnealing {
    /// From `lr` to 0 in so many steps, back in as many, and so on.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn new(lr: f64, steps: usize) -> CosineAnnealing {
        assert!(
            steps > 0,
            "CosineAnnealing::new was given half a wave of 0 steps; it needs at least 1: say in how many to fall"
        );
        CosineAnnealing { lr, steps, end: 0.0 }
    }

    /// With another rate than 0 in the troughs.
    pub fn end(self, end: f64) -> CosineAnnealing {
        CosineAnnealing { end, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let n = self.steps.max(1);
        let (half, within) = (step / n, step % n);
        let down = if half % 2 == 0 { within } else { n - within };
        Parts::of(down, n).shaped(Shape::Cosine).between(self.lr, self.end)
    }
}

/// Panics unless powers of the wave stay between 0 and 1.
#[track_caller]
pub(super) fn check_exponent(by: &str, exponent: f64) {
    assert!(
        exponent >= 0.0,
        "{by} was given the exponent {exponent}; it must be at least 0: 1 leaves the wave as it is"
    );
}
