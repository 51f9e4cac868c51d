//! Truncated Taylor series: derivatives of any order along one line.
//!
//! ```text
//! f(x + t) = c₀ + c₁ t + c₂ t² + … + c_{N−1} t^{N−1} + O(tᴺ),     c_k = f⁽ᵏ⁾(x) / k!
//! ```
//!
//! A product is Cauchy's sum `z_k = Σ x_j y_{k−j}`, a quotient the same solved for `z`, and every other function follows
//! from its slope (`dual/terms.rs`).
//!
//! Source: Griewank & Walther, *Evaluating Derivatives*, 2nd ed. (SIAM 2008), section 13.2.

use std::array;
use std::fmt;
use std::iter::{Product, Sum};

use super::terms;
use crate::real::operators::{number_comparisons, number_operators};
use crate::real::{Binary, Real, Ternary, Unary};

/// The first `N` coefficients of a power series in `t`: a value and `N − 1` derivatives.
///
/// Where [`Dual`](super::Dual) nests once for each order and doubles its cost each time, the cost of a series of `N`
/// coefficients is `O(N²)` for a product and `O(m N²)` for a function, `m` the few terms its slope is made of.
///
/// ```
/// use downhill::prelude::*;
///
/// let x = Series::<5>::variable(0.0);
/// assert_eq!((x.exp() * 24.0).coefficients, [24.0, 24.0, 12.0, 4.0, 1.0]);
/// assert_eq!((1.0 / (1.0 - x)).coefficients, [1.0; 5]);
/// assert_eq!(x.sin().derivatives(), [0.0, 1.0, 0.0, -1.0, 0.0]);
/// ```
///
/// Comparisons look at the value, `c₀`.
#[derive(Debug, Clone, Copy)]
pub struct Series<const N: usize> {
    /// `c₀ … c_{N−1}`.
    pub coefficients: [f64; N],
}

impl<const N: usize> Series<N> {
    /// A number that does not vary.
    #[inline]
    pub fn constant(value: f64) -> Series<N> {
        const { assert!(N > 0, "a series has at least one coefficient, its value") };
        Series { coefficients: array::from_fn(|k| if k == 0 { value } else { 0.0 }) }
    }

    /// The variable one expands in: `x + t`.
    #[inline]
    pub fn variable(x: f64) -> Series<N> {
        let mut series = Series::constant(x);
        if N > 1 {
            series.coefficients[1] = 1.0;
        }
        series
    }

    /// The value and the derivatives `f⁽ᵏ⁾(x) = k! c_k`.
    pub fn derivatives(self) -> [f64; N] {
        let mut factorial = 1.0;
        array::from_fn(|k| {
            factorial *= k.max(1) as f64;
            self.coefficients[k] * factorial
        })
    }

    fn with_right(self, op: Binary, c: f64) -> Series<N> {
        self.binary(op, Series::constant(c))
    }

    fn with_left(self, op: Binary, c: f64) -> Series<N> {
        Series::constant(c).binary(op, self)
    }
}

impl<const N: usize> Real for Series<N> {
    #[inline(always)]
    fn value(self) -> f64 {
        self.coefficients[0]
    }

    #[inline]
    fn vanishes(self) -> bool {
        self.coefficients == [0.0; N]
    }

    fn unary(self, op: Unary) -> Series<N> {
        let x = self.coefficients;
        if op == Unary::Neg {
            return Series { coefficients: x.map(|c| -c) };
        }
        let mut y = Series::constant(0.0);
        terms::unary(op, &x, &mut y.coefficients);
        y
    }

    fn binary(self, op: Binary, rhs: Series<N>) -> Series<N> {
        let (x, y) = (&self.coefficients, &rhs.coefficients);
        let mut z = Series::constant(0.0);
        match op {
            Binary::Add => z.coefficients = array::from_fn(|k| x[k] + y[k]),
            Binary::Sub => z.coefficients = array::from_fn(|k| x[k] - y[k]),
            Binary::Mul => z.coefficients = array::from_fn(|k| terms::product(x, y, k)),
            Binary::Div => {
                for k in 0..N {
                    z.coefficients[k] = terms::quotient(x, y, &z.coefficients, k);
                }
            }
            _ => terms::binary(op, [x, y], &mut z.coefficients),
        }
        z
    }

    #[track_caller]
    fn ternary(self, op: Ternary, a: Series<N>, b: Series<N>) -> Series<N> {
        let mut y = Series::constant(0.0);
        terms::ternary(op, [&self.coefficients, &a.coefficients, &b.coefficients], &mut y.coefficients);
        y
    }
}

number_operators! { [const N: usize] Series<N> }
number_comparisons! { [const N: usize] Series<N> }

impl<const N: usize> From<f64> for Series<N> {
    #[inline]
    fn from(value: f64) -> Series<N> {
        Series::constant(value)
    }
}

/// The value, with the format's width and precision.
impl<const N: usize> fmt::Display for Series<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Real::value(*self), f)
    }
}

impl<const N: usize> Sum for Series<N> {
    fn sum<I: Iterator<Item = Series<N>>>(terms: I) -> Series<N> {
        terms.fold(Series::from(0.0), |sum, term| sum + term)
    }
}

impl<const N: usize> Product for Series<N> {
    fn product<I: Iterator<Item = Series<N>>>(factors: I) -> Series<N> {
        factors.fold(Series::from(1.0), |product, factor| product * factor)
    }
}
