//! Polyak's step: as far along the gradient as a linear function would have to go to reach the least value.
//!
//! ```text
//! γ = min(η, (f - f*) / (|g|² + ε))                0 where f < f* or g = 0
//! x ← x - γ g
//! ```
//!
//! B. T. Polyak, *Minimization of unsmooth functionals*, USSR Computational Mathematics and Mathematical Physics 9 (3),
//! 1969, 14–29; with the bound `η` it is `SPS_max` of N. Loizou, S. Vaswani, I. Laradji and S. Lacoste-Julien,
//! *Stochastic Polyak step-size for SGD: an adaptive learning rate for fast convergence*, AISTATS 2021. Defaults
//! `f* = 0` and `ε = 0`, as in `optax.polyak_sgd`. It needs the value of the objective, and its least value or a good
//! lower bound; with a bound too low the steps are too long.

use super::arithmetic::{needed, sum};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Polyak's step: `x ← x - γ g`, `γ = min(η, (f - f*) / |g|²)`. Remembers nothing.
///
/// ```
/// use downhill::optim::PolyakSgd;
/// use downhill::prelude::*;
///
/// let mut x = [3.0, 4.0];
/// let (value, gradient) = (25.0, [6.0, 8.0]); // of x² + y²
/// PolyakSgd::new(1.0).optimizer().step_with_value(&mut x, &gradient, value);
/// assert_eq!(x, [1.5, 2.0]); // γ = 25 / 100
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PolyakSgd {
    /// The longest rate, `η`.
    pub lr: LearningRate,
    /// The least value of the objective, `f*`, or a lower bound.
    pub least: f64,
    /// Added to `|g|²`.
    pub eps: f64,
}

impl PolyakSgd {
    /// With the longest rate `lr`, `f* = 0` and `ε = 0`.
    pub fn new(lr: impl Into<LearningRate>) -> PolyakSgd {
        PolyakSgd { lr: lr.into(), least: 0.0, eps: 0.0 }
    }

    /// With another least value `f*`.
    pub fn least(self, least: f64) -> PolyakSgd {
        PolyakSgd { least, ..self }
    }

    /// With an `ε`.
    pub fn eps(self, eps: f64) -> PolyakSgd {
        PolyakSgd { eps, ..self }
    }
}

impl<T: Element> Rule<T> for PolyakSgd {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    /// # Panics
    ///
    /// If the value of the objective was not given.
    fn step(&self, (): &mut (), now: &mut Step<'_, T>) {
        let gap = (needed(now.value, "PolyakSgd") - self.least).max(0.0);
        let blocks = now.blocks();
        let g = now.gradient();
        let squares = sum(blocks, |i| g[i].wide() * g[i].wide());
        let polyak = if squares == 0.0 { 0.0 } else { gap / (squares + self.eps) };
        let share = T::nearest(share(polyak, now.lr));
        now.each([], move |at, []| (at.lr * (share * at.g), []));
    }
}

/// `min(lr, rate) / lr`: what a rate bounded by `lr` multiplies `lr` by.
pub(super) fn share(rate: f64, lr: f64) -> f64 {
    if rate < lr { rate / lr } else { 1.0 }
}
