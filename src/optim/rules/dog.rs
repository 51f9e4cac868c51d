//! DoG: the rate is the distance gone over the root of all squared gradients seen.
//!
//! ```text
//! r ← max(r, |x - x₀|)                             r = r₀ (1 + |x₀|) at first
//! G ← G + |g|²                                     G = 0 at first
//! x ← x - η r / √(G + ε) g
//! ```
//!
//! M. Ivgi, O. Hinder and Y. Carmon, *DoG is SGD's best friend: a parameter-free dynamic step size schedule*, ICML
//! 2023, equation (DoG). Defaults `r₀ = 1e-6` and `ε = 1e-8` (inside the root), as in `optax.contrib.dog`. `η` is 1 and
//! needs no search; the first steps are tiny, and grow as the distance does. The authors advise to evaluate at an
//! average of the points.

use super::arithmetic::sum;
use crate::optim::Blocks;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// DoG, distance over gradients: `x ← x - η r / √(G + ε) g`. Remembers [`DoGState`].
///
/// ```
/// use downhill::optim::DoG;
/// use downhill::prelude::*;
///
/// let mut x = [5.0, -5.0];
/// let mut dog = DoG::default().optimizer();
/// for _ in 0..1_000 {
///     let gradient = x.map(|x| 2.0 * x); // of x² + y²
///     dog.step(&mut x, &gradient);
/// }
/// assert!(f64::hypot(x[0], x[1]) < 1e-3);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DoG {
    /// The learning rate `η`: a factor, usually 1.
    pub lr: LearningRate,
    /// The first distance, as a share of `1 + |x₀|`.
    pub r0: f64,
    /// Keeps the quotient finite where no slope was seen; inside the root.
    pub eps: f64,
}

impl DoG {
    /// With the learning rate `lr`, `r₀ = 1e-6` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> DoG {
        DoG { lr: lr.into(), r0: 1e-6, eps: 1e-8 }
    }

    /// With another first distance `r₀`.
    pub fn r0(self, r0: f64) -> DoG {
        DoG { r0, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> DoG {
        DoG { eps, ..self }
    }
}

/// With the learning rate 1.
impl Default for DoG {
    fn default() -> DoG {
        DoG::new(1.0)
    }
}

/// What [`DoG`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DoGState<T = f64> {
    /// Where it began, `[n]`.
    pub x0: Vec<T>,
    /// How far from there it has been, `r`; 0 before the first step.
    pub distance: f64,
    /// The sum of all `|g|²`, `G`.
    pub squares: f64,
}

impl<T: Element> Rule<T> for DoG {
    type State = DoGState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> DoGState<T> {
        DoGState { x0: x.to_vec(), distance: 0.0, squares: 0.0 }
    }

    fn step(&self, DoGState { x0, distance, squares }: &mut DoGState<T>, now: &mut Step<'_, T>) {
        let blocks = now.blocks();
        let (x, g) = now.x_and_gradient();
        if *distance == 0.0 {
            // Not in `init`, which does not know what is frozen.
            let length = sum(blocks.clone(), |i| x0[i].wide() * x0[i].wide()).sqrt();
            *distance = self.r0 * (1.0 + length);
        }
        *distance = distance.max(gone(x, x0, blocks.clone()).sqrt());
        *squares += sum(blocks, |i| g[i].wide() * g[i].wide());
        let factor = T::nearest(*distance / (*squares + self.eps).sqrt());
        now.each([], move |at, []| (at.lr * (factor * at.g), []));
    }
}

/// `|x - x₀|²`.
pub(super) fn gone<T: Element>(x: &[T], x0: &[T], blocks: Blocks<'_>) -> f64 {
    sum(blocks, |i| (x[i].wide() - x0[i].wide()).powi(2))
}
