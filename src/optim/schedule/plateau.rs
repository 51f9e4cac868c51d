//! A rate that is cut when a quantity has stopped improving.
//!
//! ```text
//! v improves on best        where  v < best (1 - relative) - absolute        max: v > best (1 + relative) + absolute
//!
//! improved:  best ← v, bad ← 0                  otherwise:  bad ← bad + 1
//! cooling:   cooling ← cooling - 1, bad ← 0
//! bad > patience:  cooling ← cooldown, bad ← 0
//!                  η' = max(lowest, η f);   η ← η'  if η - η' > ε
//! ```
//!
//! PyTorch's `ReduceLROnPlateau`, with its defaults. Its threshold is either relative or absolute. Optax's
//! `reduce_on_plateau` is the same with both, on a scale that begins at 1, but counts patience otherwise: it cuts *at* the
//! bad observation of that number, PyTorch *after* it. So Optax's `patience=10` is `patience(9)` here, with `eps(0.0)`, its
//! `accumulation_size` is `mean_of`, and its `min_scale` is `lowest`.

/// A rate that is cut when what is observed has stopped improving.
///
/// Unlike the schedules it is no function of the step: it remembers what it has seen.
///
/// ```
/// use downhill::optim::schedule::ReduceOnPlateau;
///
/// let mut plateau = ReduceOnPlateau::new(0.1).factor(0.5).patience(2);
/// let rates = [9.0, 8.0, 8.0, 8.0, 8.0, 8.0].map(|loss| plateau.observe(loss));
/// assert_eq!(rates, [0.1, 0.1, 0.1, 0.1, 0.05, 0.05]); // the third 8 in a row after the best is one too many
/// assert_eq!(plateau.best(), Some(8.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReduceOnPlateau {
    /// The rate now, `η`.
    pub lr: f64,
    /// What a cut multiplies it by, `f`.
    pub factor: f64,
    /// How many observations without improvement are let pass.
    pub patience: usize,
    /// Whether higher is better.
    pub maximize: bool,
    /// By which part of the best an observation has to be better.
    pub relative: f64,
    /// By how much it has to be better beside that.
    pub absolute: f64,
    /// How many observations after a cut are not held against the rate.
    pub cooldown: usize,
    /// The rate is never cut below this.
    pub lowest: f64,
    /// Cuts by no more than this are not made, `ε`.
    pub eps: f64,
    /// How many observations are averaged for one; 0 counts as 1.
    pub mean_of: usize,
    best: Option<f64>,
    bad: usize,
    cooling: usize,
    mean: f64,
    averaged: usize,
}

impl ReduceOnPlateau {
    /// From `lr`, cut to a tenth when ten observations and one more were not lower than the best by a 10⁻⁴th of it.
    pub fn new(lr: f64) -> ReduceOnPlateau {
        ReduceOnPlateau {
            lr,
            factor: 0.1,
            patience: 10,
            maximize: false,
            relative: 1e-4,
            absolute: 0.0,
            cooldown: 0,
            lowest: 0.0,
            eps: 1e-8,
            mean_of: 1,
            best: None,
            bad: 0,
            cooling: 0,
            mean: 0.0,
            averaged: 0,
        }
    }

    /// With another factor than 0.1.
    ///
    /// # Panics
    ///
    /// If `factor` is not between 0 and 1, or is 1.
    #[track_caller]
    pub fn factor(self, factor: f64) -> ReduceOnPlateau {
        assert!(
            (0.0..1.0).contains(&factor),
            "ReduceOnPlateau::factor was given {factor}; it must be from 0 to less than 1, so that a cut is one"
        );
        ReduceOnPlateau { factor, ..self }
    }

    /// With another number of observations to let pass than 10.
    pub fn patience(self, patience: usize) -> ReduceOnPlateau {
        ReduceOnPlateau { patience, ..self }
    }

    /// For a quantity that is to rise.
    pub fn maximize(self) -> ReduceOnPlateau {
        ReduceOnPlateau { maximize: true, ..self }
    }

    /// With another part of the best than 10⁻⁴ to be better by, and an amount beside it.
    ///
    /// # Panics
    ///
    /// If either is negative or not a number.
    #[track_caller]
    pub fn threshold(self, relative: f64, absolute: f64) -> ReduceOnPlateau {
        assert!(
            relative >= 0.0 && absolute >= 0.0,
            "ReduceOnPlateau::threshold was given {relative} (relative) and {absolute} (absolute); \
             both must be at least 0: by how much an observation has to be better"
        );
        ReduceOnPlateau { relative, absolute, ..self }
    }

    /// With observations after a cut that are not held against the rate.
    pub fn cooldown(self, cooldown: usize) -> ReduceOnPlateau {
        ReduceOnPlateau { cooldown, ..self }
    }

    /// With a rate below which it is never cut.
    pub fn lowest(self, lowest: f64) -> ReduceOnPlateau {
        ReduceOnPlateau { lowest, ..self }
    }

    /// With another smallest cut than 10⁻⁸.
    pub fn eps(self, eps: f64) -> ReduceOnPlateau {
        ReduceOnPlateau { eps, ..self }
    }

    /// With the mean of so many observations for one.
    ///
    /// # Panics
    ///
    /// If `observations` is 0.
    #[track_caller]
    pub fn mean_of(self, observations: usize) -> ReduceOnPlateau {
        assert!(
            observations > 0,
            "ReduceOnPlateau::mean_of was given 0 observations; it needs at least 1, which is no mean"
        );
        ReduceOnPlateau { mean_of: observations, ..self }
    }

    /// Takes note of an observation and returns the rate of the next step. One that is not a number is no improvement.
    pub fn observe(&mut self, value: f64) -> f64 {
        self.mean = (self.mean * self.averaged as f64 + value) / (self.averaged + 1) as f64;
        self.averaged += 1;
        if self.averaged >= self.mean_of {
            self.judge(self.mean);
            (self.mean, self.averaged) = (0.0, 0);
        }
        self.lr
    }

    /// The best so far, by more than the threshold each; `None` before there was any.
    pub fn best(&self) -> Option<f64> {
        self.best
    }

    /// Forgets what it has seen, but neither the rate nor the settings.
    pub fn reset(&mut self) {
        *self = ReduceOnPlateau { best: None, bad: 0, cooling: 0, mean: 0.0, averaged: 0, ..*self };
    }

    fn judge(&mut self, value: f64) {
        if self.improves(value) {
            self.best = Some(value);
            self.bad = 0;
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > self.patience {
            self.cooling = self.cooldown;
            self.bad = 0;
            let cut = (self.lr * self.factor).max(self.lowest);
            if self.lr - cut > self.eps {
                self.lr = cut;
            }
        }
    }

    fn improves(&self, value: f64) -> bool {
        match (self.best, self.maximize) {
            (None, false) => value < f64::INFINITY,
            (None, true) => value > f64::NEG_INFINITY,
            (Some(best), false) => value < best * (1.0 - self.relative) - self.absolute,
            (Some(best), true) => value > best * (1.0 + self.relative) + self.absolute,
        }
    }
}
