//! A gradient held against differences of values.
//!
//! ```text
//! f′(x) ≈ (45 d₁ − 9 d₂ + d₃) / 60h,    dₖ = f(x + kh) − f(x − kh)
//! ```
//!
//! The six-point stencil with `h = 10⁻³ max(|x|, 1)` is off by about 10⁻¹² for ordinary functions; the usual central
//! difference, at 10⁻⁷ or so, lets many wrong derivatives pass.
//!
//! Source: B. Fornberg, "Generation of Finite Difference Formulas on Arbitrarily Spaced Grids", Math. Comp. 51 (1988),
//! table 1.

use std::fmt;

use super::gradient::evaluate;
use super::{Closure, Objective, Start};

/// Errors up to this size are taken for the stencil's own.
const AGREEMENT: f64 = 1e-6;

/// How far the derivative by the tape is from differences of values; see [`check_gradient`].
#[derive(Debug, Clone, PartialEq)]
pub struct GradientCheck {
    /// The gradient as the library computes it.
    pub gradient: Vec<f64>,
    /// The same by the six-point stencil.
    pub stencil: Vec<f64>,
    /// For each component the difference of the two beyond what the rounding of values makes of it, relative to the
    /// larger of them (and to no less than a thousandth of the largest component).
    pub errors: Vec<f64>,
}

impl GradientCheck {
    /// The component that is furthest off, and its relative error; none if there are no components.
    pub fn worst(&self) -> Option<(usize, f64)> {
        let by_error = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
        self.errors.iter().copied().enumerate().max_by(by_error)
    }

    /// Whether every component agrees to 10⁻⁶, far more than the stencil's own error on smooth functions.
    pub fn agrees(&self) -> bool {
        self.agrees_to(AGREEMENT)
    }

    /// Whether every component agrees to the relative `tolerance`.
    pub fn agrees_to(&self, tolerance: f64) -> bool {
        self.errors.iter().all(|&error| error <= tolerance)
    }
}

impl fmt::Display for GradientCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((i, error)) = self.worst() else {
            return write!(f, "nothing to check: the function has no variables");
        };
        let verdict = if self.agrees() { "agrees with" } else { "differs from" };
        write!(
            f,
            "the gradient {verdict} differences of values: of {} components the worst is number {i}, {:e} against {:e} \
             by the stencil, a relative error of {error:.1e}",
            self.gradient.len(),
            self.gradient[i],
            self.stencil[i],
        )
    }
}

/// Holds the gradient of `f` at `x` against the six-point stencil.
///
/// For code of your own rules and for peace of mind. The two rightly differ where a kink or the edge of the domain is within
/// `3·10⁻³ max(|x|, 1)`, or the function swings within that distance.
/// Cost: one gradient and `6n` evaluations of f on plain numbers.
///
/// ```
/// use downhill::prelude::*;
///
/// let check = check_gradient(|[x, y]| (x * y).sin() + y.exp(), [0.5, 1.5]);
/// assert!(check.agrees_to(1e-10), "{check}");
///
/// // A number taken out of the calculus: the derivative does not see it, the stencil does.
/// let check = check_gradient(|[x, y]| x * y.detach(), [2.0, 3.0]);
/// assert!(!check.agrees());
/// assert_eq!(check.worst().unwrap().0, 1);
/// ```
///
/// # Panics
///
/// As [`gradient`](super::gradient()).
#[track_caller]
pub fn check_gradient<F, S: Start<F>>(mut f: F, x: S) -> GradientCheck {
    let mut point = x.values().to_vec();
    let mut gradient = vec![0.0; point.len()];
    evaluate::<F, S>(&mut f, &x.shape(), &point, &mut gradient);
    let mut objective = Closure::new(f, x);
    let stencil: Vec<(f64, f64)> = (0..point.len()).map(|i| partial(&mut objective, &mut point, i)).collect();
    let largest = gradient.iter().filter(|g| g.is_finite()).fold(0.0, |largest: f64, g| largest.max(g.abs()));
    let error = |(&g, &(s, noise)): (&f64, &(f64, f64))| relative_error(g, s, noise, 1e-3 * largest);
    let errors = gradient.iter().zip(&stencil).map(error).collect();
    GradientCheck { gradient, stencil: stencil.into_iter().map(|(slope, _)| slope).collect(), errors }
}

/// The six-point stencil in coordinate `i`, and what the rounding of the values makes of it; `x` is put back as it was.
fn partial(f: &mut impl Objective, x: &mut [f64], i: usize) -> (f64, f64) {
    let centre = x[i];
    // A power of two, so that `centre ± kh` is exact for ordinary numbers.
    let h = (1e-3 * centre.abs().max(1.0)).log2().round().exp2();
    let mut largest = 0.0_f64;
    let mut difference = |k: f64| {
        x[i] = centre + k * h;
        let above = f.value(x);
        x[i] = centre - k * h;
        let below = f.value(x);
        x[i] = centre;
        largest = largest.max(above.abs()).max(below.abs());
        above - below
    };
    let slope = (45.0 * difference(1.0) - 9.0 * difference(2.0) + difference(3.0)) / (60.0 * h);
    // Two roundings of an ulp or so in each difference, with some room for what the function loses itself.
    (slope, 16.0 * f64::EPSILON * largest / h)
}

/// NaN counts as infinitely far, unless the two are the same infinity.
fn relative_error(a: f64, b: f64, noise: f64, least: f64) -> f64 {
    if a == b || (a - b).abs() <= noise {
        return 0.0;
    }
    let error = (a - b).abs() / a.abs().max(b.abs()).max(least);
    if error.is_nan() { f64::INFINITY } else { error }
}
