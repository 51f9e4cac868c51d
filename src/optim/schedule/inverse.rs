//! Decay by the inverse of the time, or of its root.
//!
//! ```text
//! inverse time   η_k = η₀ / (1 + d k / n),   ⌊k / n⌋ with stairs              k = 0, 1, 2, …
//! inverse root   η_k = peak · min(√(w / (k+1)), (k+1) / w)
//! ```
//!
//! The first is the classic step size of stochastic approximation (H. Robbins and S. Monro, 1951): its sum diverges, that
//! of its squares does not. The second is that of A. Vaswani et al., *Attention is all you need*, NeurIPS 2017, equation 3,
//! `d^-½ min(s^-½, s w^-3/2)`, with a model of the width `d`, `peak = (d w)^-½` and their step number `s = k + 1`.

/// `η₀ / (1 + d k / n)`.
///
/// ```
/// use downhill::optim::schedule::InverseTimeDecay;
///
/// let lr = InverseTimeDecay::new(0.1, 1.0).over(10);
/// assert_eq!([lr.rate(0), lr.rate(10), lr.rate(30)], [0.1, 0.05, 0.025]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct InverseTimeDecay {
    /// The rate `η₀` of the first step.
    pub lr: f64,
    /// What is added to the denominator over `over` steps, `d`.
    pub decay: f64,
    /// How many steps `n` add `decay`; 0 counts as 1.
    pub over: usize,
    /// Whether the rate falls only after every `over` steps, all at once.
    pub stairs: bool,
}

impl InverseTimeDecay {
    /// `lr / (1 + decay · k)` at step `k`.
    ///
    /// # Panics
    ///
    /// If `decay` is negative or not finite.
    #[track_caller]
    pub fn new(lr: f64, decay: f64) -> InverseTimeDecay {
        assert!(
            decay >= 0.0 && decay.is_finite(),
            "InverseTimeDecay::new was given the decay {decay}; it must be finite and at least 0"
        );
        InverseTimeDecay { lr, decay, over: 1, stairs: false }
    }

    /// With the decay not for one step, but for `steps` together.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn over(self, steps: usize) -> InverseTimeDecay {
        assert!(
            steps > 0,
            "InverseTimeDecay::over was given 0 steps; it needs at least 1: say how many steps the decay is for"
        );
        InverseTimeDecay { over: steps, ..self }
    }

    /// By stairs: only after every `over` steps, all at once.
    pub fn stairs(self) -> InverseTimeDecay {
        InverseTimeDecay { stairs: true, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let over = self.over.max(1);
        let time = if self.stairs { (step / over) as f64 } else { step as f64 / over as f64 };
        self.lr / (1.0 + self.decay * time)
    }
}

/// Up in a straight line, then down by the inverse of the root: `peak · min(√(w / (k+1)), (k+1) / w)`.
///
/// ```
/// use downhill::optim::schedule::InverseSquareRoot;
///
/// let lr = InverseSquareRoot::new(0.5, 100);
/// assert_eq!([lr.rate(0), lr.rate(49), lr.rate(99), lr.rate(399)], [0.005, 0.25, 0.5, 0.25]);
///
/// let transformer = InverseSquareRoot::transformer(512, 4_000); // Vaswani et al.'s
/// assert!((transformer.rate(3_999) - 6.9877e-4).abs() < 1e-8);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct InverseSquareRoot {
    /// The highest rate, that of step `w - 1`.
    pub peak: f64,
    /// How many steps `w` the warm-up takes; 0 counts as 1, which is none.
    pub warm_up: usize,
}

impl InverseSquareRoot {
    /// Up to `peak` in `warm_up` steps, then down.
    pub fn new(peak: f64, warm_up: usize) -> InverseSquareRoot {
        InverseSquareRoot { peak, warm_up }
    }

    /// With the peak `(width · warm_up)^-½` of Vaswani et al.
    ///
    /// # Panics
    ///
    /// If `width` is 0.
    #[track_caller]
    pub fn transformer(width: usize, warm_up: usize) -> InverseSquareRoot {
        assert!(
            width > 0,
            "InverseSquareRoot::transformer was given the width 0; give the width of the model, such as 512"
        );
        InverseSquareRoot { peak: 1.0 / (width as f64 * warm_up.max(1) as f64).sqrt(), warm_up }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let (number, warm_up) = (step as f64 + 1.0, self.warm_up.max(1) as f64);
        self.peak * if number < warm_up { number / warm_up } else { (warm_up / number).sqrt() }
    }
}
