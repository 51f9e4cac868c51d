//! Steepest descent: straight down, as far as it goes down.
//!
//! ```text
//! d = -g / |g|
//! t = argmin φ(t),   φ(t) = f(x + t d)             by an exact search
//! x ← x + t d
//! ```
//!
//! A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus 25, 1847,
//! 536–538. Successive directions are orthogonal. On a quadratic whose curvatures lie between `λ` and `κ λ` each step
//! multiplies `f - f*` by at most `((κ - 1)/(κ + 1))²`: J. Nocedal and S. Wright, *Numerical Optimization*, 2nd
//! edition, Springer 2006, theorem 3.3.

use super::norm::{largest, norm};
use super::search::{Exact, Line, Search};
use super::{Evaluations, Method, Point, Stop};

/// Steepest descent with a line search; nothing has to be set.
///
/// The first guess along a line is the step length that was right on the line before, for a gradient of this size. A
/// step costs what the search costs: with [`Exact`] 2 evaluations on a quadratic, 2 to 7 on most smooth functions.
/// The value never rises.
///
/// ```
/// use downhill::prelude::*;
/// # struct Bowl;
/// # impl downhill::diff::Objective for Bowl {
/// #     fn value(&mut self, x: &[f64]) -> f64 { 0.5 * x[0] * x[0] + 0.1 * x[1] * x[1] }
/// #     fn value_and_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
/// #         g[0] = x[0];
/// #         g[1] = 0.2 * x[1];
/// #         self.value(x)
/// #     }
/// # }
/// // `Bowl` is 0.5 x² + 0.1 y² with its gradient.
/// let walk = minimize_objective(Bowl, &[-6.0, -6.0]).method(SteepestDescent::new()).run();
/// assert!(walk.is_converged());
/// assert!(walk.iterations < 30);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SteepestDescent<S = Exact> {
    /// How far to go along each direction.
    pub search: S,
}

impl SteepestDescent {
    /// With the [`Exact`] search.
    pub fn new() -> SteepestDescent {
        SteepestDescent::default()
    }
}

impl<S: Search> SteepestDescent<S> {
    /// With another search.
    pub fn with_search(search: S) -> SteepestDescent<S> {
        SteepestDescent { search }
    }
}

/// What [`SteepestDescent`] remembers: the step length of the last line, and vectors to work in.
#[derive(Debug, Clone)]
pub struct SteepestMemory {
    direction: Vec<f64>,
    spare: Point,
    /// `t / |g|` of the last step.
    rate: Option<f64>,
}

impl<S: Search> Method for SteepestDescent<S> {
    type Memory = SteepestMemory;

    fn begin(&self, x: &[f64]) -> SteepestMemory {
        let n = x.len();
        SteepestMemory { direction: vec![0.0; n], spare: Point::new(vec![0.0; n]), rate: None }
    }

    fn advance(
        &self,
        memory: &mut SteepestMemory,
        f: &mut Evaluations<'_>,
        from: &Point,
        to: &mut Point,
    ) -> Result<(), Stop> {
        let norm = norm(&from.gradient);
        if norm == 0.0 {
            return Err(Stop::NoProgress { norm });
        }
        for (d, g) in memory.direction.iter_mut().zip(&from.gradient) {
            *d = -g / norm;
        }
        let line = Line { from, direction: &memory.direction, slope: -norm };
        let reach = largest(from.x.iter().copied()).max(1.0);
        // At first no further than x is from 0, less where the slope is small; never so short that x may not change.
        let guess = memory.rate.map(|rate| rate * norm).filter(|t| t.is_finite());
        let guess = guess.unwrap_or(norm.clamp(1e-6, 1.0) * reach).max(4.0 * f64::EPSILON * reach);
        let t = self.search.search(&line, guess, f, to, &mut memory.spare)?;
        memory.rate = Some(t / norm);
        Ok(())
    }
}
