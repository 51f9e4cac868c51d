//! The zoo: functions that optimizers are tried on, with their starts and minima.
//!
//! Each is an ordinary function over any [`Real`], so that it is an objective, a plain function and a test of the
//! derivatives at once; [`ALL`] lists them for loops over solvers and problems.
//!
//! ```
//! use downhill::prelude::*;
//! use downhill::problems;
//!
//! assert_eq!(problems::banana(&[1.0, 1.0]), 0.0);
//! assert_eq!(gradient(problems::banana, &[1.0, 1.0]), [0.0, 0.0]);
//! ```
//!
//! Sources: J. J. Moré, B. S. Garbow, K. E. Hillstrom, "Testing Unconstrained Optimization Software", ACM TOMS 7 (1981);
//! M. Jamil, X.-S. Yang, "A Literature Survey of Benchmark Functions For Global Optimization Problems", Int. J. Math.
//! Modelling and Numerical Optimisation 4 (2013).

use crate::real::Real;
use crate::tape::Var;

/// A test function with a customary start and its global minimum.
#[derive(Debug, Clone, Copy)]
pub struct Problem {
    /// The name of the function in this module.
    pub name: &'static str,
    /// The function, as an objective.
    pub function: fn(&[Var]) -> Var,
    /// The same function of plain numbers.
    pub plain: fn(&[f64]) -> f64,
    /// Where descents customarily start.
    pub start: &'static [f64],
    /// Where the minimum is attained; all such points.
    pub minimizers: &'static [&'static [f64]],
    /// The lowest value.
    pub minimum: f64,
}

macro_rules! problems {
    ($($name:ident from $start:expr, lowest $minimum:expr, at $($minimizer:expr),+;)*) => {
        /// Every function of this module.
        pub const ALL: &[Problem] = &[$(Problem {
            name: stringify!($name),
            function: $name,
            plain: $name,
            start: &$start,
            minimizers: &[$(&$minimizer),+],
            minimum: $minimum,
        }),*];
    };
}

problems! {
    bowl from [1.0, 1.0], lowest 0.0, at [0.0, 0.0];
    long_bowl from [-6.0, -6.0], lowest 0.0, at [0.0, 0.0];
    banana from [-1.2, 1.0], lowest 0.0, at [1.0, 1.0];
    chained_banana from [-1.2, 1.0, -1.2, 1.0], lowest 0.0, at [1.0, 1.0, 1.0, 1.0];
    beale from [1.0, 1.0], lowest 0.0, at [3.0, 0.5];
    booth from [0.0, 0.0], lowest 0.0, at [1.0, 3.0];
    matyas from [5.0, -3.0], lowest 0.0, at [0.0, 0.0];
    himmelblau from [1.0, 1.0], lowest 0.0, at [3.0, 2.0], [-2.805118086952745, 3.131312518250573],
        [-3.779310253377747, -3.28318599128617], [3.584428340330492, -1.848126526964404];
    two_wells from [-1.5], lowest -2.340010195425228, at [-1.0393174805117496];
}

/// The round bowl `Σ xᵢ²`.
pub fn bowl<R: Real>(x: &[R]) -> R {
    x.iter().map(|&x| x * x).sum()
}

/// The long bowl `0.5 x² + 0.1 y²`, on which step strategies are compared.
pub fn long_bowl<R: Real>(x: &[R]) -> R {
    x[0] * x[0] * 0.5 + x[1] * x[1] * 0.1
}

/// Rosenbrock's banana `(1 − x)² + 100 (y − x²)²`: a curved valley whose floor falls slowly to `(1, 1)`.
pub fn banana<R: Real>(x: &[R]) -> R {
    (-x[0] + 1.0).powi(2) + (x[1] - x[0].powi(2)).powi(2) * 100.0
}

/// The banana in `n` dimensions, `Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²`.
pub fn chained_banana<R: Real>(x: &[R]) -> R {
    x.windows(2).map(banana).sum()
}

/// Beale's function `(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²`: flat far out, steep at the corners.
pub fn beale<R: Real>(x: &[R]) -> R {
    let (x, y) = (x[0], x[1]);
    let term = |c: f64, power: R| (x * power - x + c).powi(2);
    term(1.5, y) + term(2.25, y.powi(2)) + term(2.625, y.powi(3))
}

/// Booth's function `(x + 2y − 7)² + (2x + y − 5)²`.
pub fn booth<R: Real>(x: &[R]) -> R {
    let (x, y) = (x[0], x[1]);
    (x + y * 2.0 - 7.0).powi(2) + (x * 2.0 + y - 5.0).powi(2)
}

/// Matyas' function `0.26 (x² + y²) − 0.48 xy`: a narrow, tilted plate.
pub fn matyas<R: Real>(x: &[R]) -> R {
    let (x, y) = (x[0], x[1]);
    (x * x + y * y) * 0.26 - x * y * 0.48
}

/// Himmelblau's function `(x² + y − 11)² + (x + y² − 7)²`, with four minima equally low.
pub fn himmelblau<R: Real>(x: &[R]) -> R {
    let (x, y) = (x[0], x[1]);
    (x.powi(2) + y - 11.0).powi(2) + (x + y.powi(2) - 7.0).powi(2)
}

/// Two wells, `x⁴ − 2x² + x/3 − 1`: from the right a descent is trapped in the shallow one.
pub fn two_wells<R: Real>(x: &[R]) -> R {
    let x = x[0];
    x.powi(4) - x.powi(2) * 2.0 + x / 3.0 - 1.0
}
