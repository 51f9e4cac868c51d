//! DoWG: as DoG, but later gradients, taken further out, count more.
//!
//! ```text
//! r² ← max(r², |x - x₀|²)                          r² = r₀² at first
//! G ← G + r² |g|²                                  G = 0 at first
//! x ← x - η r² / (√G + ε) g
//! ```
//!
//! A. Khaled, K. Mishchenko and C. Jin, *DoWG unleashed: an efficient universal parameter-free gradient descent
//! method*, NeurIPS 2023, algorithm 1. Defaults `r₀² = 1e-4` and `ε = 1e-4` (outside the root), as in
//! `optax.contrib.dowg`. `η` is 1 and needs no search. It goes to the edge of what is stable, as far as the curvature
//! allows.

use super::arithmetic::sum;
use super::dog::gone;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// DoWG, distance over weighted gradients: `x ← x - η r² / (√G + ε) g`. Remembers [`DoWGState`].
///
/// ```
/// use downhill::optim::DoWG;
/// use downhill::prelude::*;
///
/// let mut x = [5.0, -5.0];
/// let mut dowg = DoWG::default().optimizer();
/// for _ in 0..1_000 {
///     let gradient = x.map(|x| 2.0 * x); // of x² + y²
///     dowg.step(&mut x, &gradient);
/// }
/// assert!(f64::hypot(x[0], x[1]) < 1e-3);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DoWG {
    /// The learning rate `η`: a factor, usually 1.
    pub lr: LearningRate,
    /// The square of the first distance, `r₀²`.
    pub r0_squared: f64,
    /// Keeps the quotient finite where no slope was seen; outside the root.
    pub eps: f64,
}

impl DoWG {
    /// With the learning rate `lr`, `r₀² = 1e-4` and `ε = 1e-4`.
    pub fn new(lr: impl Into<LearningRate>) -> DoWG {
        DoWG { lr: lr.into(), r0_squared: 1e-4, eps: 1e-4 }
    }

    /// With the square `r₀²` of another first distance.
    pub fn r0_squared(self, r0_squared: f64) -> DoWG {
        DoWG { r0_squared, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> DoWG {
        DoWG { eps, ..self }
    }
}

/// With the learning rate 1.
impl Default for DoWG {
    fn default() -> DoWG {
        DoWG::new(1.0)
    }
}

/// What [`DoWG`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DoWGState<T = f64> {
    /// Where it began, `[n]`.
    pub x0: Vec<T>,
    /// The square of how far from there it has been, `r²`.
    pub r_squared: f64,
    /// The weighted sum of all `|g|²`, `G`.
    pub squares: f64,
}

impl<T: Element> Rule<T> for DoWG {
    type State = DoWGState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> DoWGState<T> {
        DoWGState { x0: x.to_vec(), r_squared: self.r0_squared, squares: 0.0 }
    }

    fn step(&self, DoWGState { x0, r_squared, squares }: &mut DoWGState<T>, now: &mut Step<'_, T>) {
        let blocks = now.blocks();
        let (x, g) = now.x_and_gradient();
        *r_squared = r_squared.max(gone(x, x0, blocks.clone()));
        *squares += *r_squared * sum(blocks, |i| g[i].wide() * g[i].wide());
        let factor = T::nearest(*r_squared / (squares.sqrt() + self.eps));
        now.each([], move |at, []| (at.lr * (factor * at.g), []));
    }
}
