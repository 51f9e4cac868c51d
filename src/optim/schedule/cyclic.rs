//! Cyclic: up and down between two rates, in straight lines, again and again; the momentum the other way round.
//!
//! ```text
//! j = k mod (up + down),   c = ⌊k / (up + down)⌋                             k = 0, 1, 2, …
//! h = j / up             for j ≤ up
//! h = 1 - (j - up) / down  otherwise
//! η_k = low + (high - low) h s
//! μ_k = high μ - (high μ - low μ) h s
//!
//! triangular   s = 1
//! triangular2  s = 2⁻ᶜ
//! exp range    s = γᵏ
//! ```
//!
//! L. N. Smith, *Cyclical learning rates for training neural networks*, WACV 2017. As PyTorch's `CyclicLR`, whose defaults
//! these are; Optax has none. A scale of one's own (`scale_fn`) is a [`Schedule::of`](super::Schedule::of).

use super::shape::Parts;

/// How the cycles of [`Cyclic`] shrink.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Cycles {
    /// They do not.
    Triangular,
    /// Each is half as high as the one before.
    Triangular2,
    /// Every step is `γ` times as high as the one before would be.
    ExpRange(
        /// `γ`, from 0 to 1.
        f64,
    ),
}

/// Up and down between two rates.
///
/// ```
/// use downhill::optim::schedule::{Cyclic, Cycles};
///
/// let cyclic = Cyclic::new(0.0, 1.0, 4).cycles(Cycles::Triangular2);
/// assert_eq!([cyclic.rate(0), cyclic.rate(1), cyclic.rate(4), cyclic.rate(8)], [0.0, 0.25, 1.0, 0.0]);
/// assert_eq!([cyclic.rate(12), cyclic.rate(20)], [0.5, 0.25]);
/// assert_eq!([cyclic.momentum(0), cyclic.momentum(4)], [0.9, 0.8]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cyclic {
    /// The rate between cycles.
    pub low: f64,
    /// The rate at the top of the first cycle.
    pub high: f64,
    /// How many steps a cycle rises.
    pub up: usize,
    /// How many steps a cycle falls.
    pub down: usize,
    /// How the cycles shrink.
    pub cycles: Cycles,
    /// The momentum where the rate is `high`.
    pub low_momentum: f64,
    /// The momentum where the rate is `low`.
    pub high_momentum: f64,
}

impl Cyclic {
    /// From `low` to `high` in `steps` steps, back in as many, and so on, without shrinking.
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn new(low: f64, high: f64, steps: usize) -> Cyclic {
        check_cycle("Cyclic::new", steps);
        let (low_momentum, high_momentum) = (0.8, 0.9);
        Cyclic { low, high, up: steps, down: steps, cycles: Cycles::Triangular, low_momentum, high_momentum }
    }

    /// With another number of steps to fall than to rise.
    pub fn down(self, steps: usize) -> Cyclic {
        Cyclic { down: steps, ..self }
    }

    /// With cycles that shrink.
    ///
    /// # Panics
    ///
    /// If `γ` of [`Cycles::ExpRange`] is not between 0 and 1.
    #[track_caller]
    pub fn cycles(self, cycles: Cycles) -> Cyclic {
        if let Cycles::ExpRange(gamma) = cycles {
            assert!(
                (0.0..=1.0).contains(&gamma),
                "Cyclic::cycles was given γ = {gamma}; it must be between 0 and 1, so that cycles do not grow"
            );
        }
        Cyclic { cycles, ..self }
    }

    /// With the momentum `low` at the top of the rate and `high` between cycles.
    pub fn momenta(self, low: f64, high: f64) -> Cyclic {
        Cyclic { low_momentum: low, high_momentum: high, ..self }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        self.height(step).between(self.low, self.high)
    }

    /// The momentum of step `step = 0, 1, 2, …`, for a rule that has one: `mu`, or Adam's `beta1`.
    pub fn momentum(&self, step: usize) -> f64 {
        self.height(step).between(self.high_momentum, self.low_momentum)
    }

    /// How far up the step is, `h s`.
    fn height(&self, step: usize) -> Parts {
        let period = self.up.saturating_add(self.down).max(1);
        let (cycle, within) = (step / period, step % period);
        let height = if within <= self.up {
            Parts::of(within, self.up).done
        } else {
            Parts::of(within - self.up, self.down).left
        };
        let scale = match self.cycles {
            Cycles::Triangular => 1.0,
            Cycles::Triangular2 => 0.5f64.powf(cycle as f64),
            Cycles::ExpRange(gamma) => gamma.powf(step as f64).min(1.0),
        };
        let done = height * scale;
        Parts { done, left: 1.0 - done }
    }
}

#[track_caller]
fn check_cycle(by: &str, steps: usize) {
    assert!(
        steps > 0,
        "{by} was given 0 steps to rise; it needs at least 1: say in how many to reach the top"
    );
}
