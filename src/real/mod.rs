//! What a number is, and the calculus: every elementary function declared once.
//!
//! A [`Real`] is anything one can compute with as with `f64`: `f64` itself, dual numbers, variables on a tape. An
//! implementation has one interception point for each arity ([`Real::unary`], [`Real::binary`], [`Real::ternary`]); the
//! named functions and their derivatives come from the table in `real/rows.rs`, one row each.
//!
//! ```
//! use downhill::prelude::*;
//!
//! fn bell<R: Real>(x: R) -> R {
//!     (x * x * -0.5).exp()
//! }
//! assert_eq!(bell(0.0), 1.0);
//! let slope = derivative(bell, 1.0);
//! assert!((slope + (-0.5f64).exp()).abs() < 1e-15);
//! ```

mod cases;
pub(crate) mod methods;
pub(crate) mod operators;
mod ops;
mod rows;
pub mod special;
pub(crate) mod vector;

use std::fmt::Debug;
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

use methods::{binary_methods, method, ternary_methods, unary_methods};
pub use ops::{Binary, Ternary, Unary};
pub(crate) use rows::{binary_table, ternary_table, unary_table};

/// `+ − × ÷ %` with `Rhs` on the right, and their assigning forms.
pub trait Arithmetic<Rhs = Self>:
    Sized
    + Add<Rhs, Output = Self>
    + Sub<Rhs, Output = Self>
    + Mul<Rhs, Output = Self>
    + Div<Rhs, Output = Self>
    + Rem<Rhs, Output = Self>
    + AddAssign<Rhs>
    + SubAssign<Rhs>
    + MulAssign<Rhs>
    + DivAssign<Rhs>
    + RemAssign<Rhs>
{
}

impl<T, Rhs> Arithmetic<Rhs> for T where
    T: Add<Rhs, Output = T>
        + Sub<Rhs, Output = T>
        + Mul<Rhs, Output = T>
        + Div<Rhs, Output = T>
        + Rem<Rhs, Output = T>
        + AddAssign<Rhs>
        + SubAssign<Rhs>
        + MulAssign<Rhs>
        + DivAssign<Rhs>
        + RemAssign<Rhs>
{
}

/// A number one can compute with as with `f64`, and differentiate through.
///
/// Generic code mixes it with literals on the right (`x * 2.0`, `x - 1.0`, `x < 0.5`); with a literal on the left it
/// needs `R::from(2.0) * x`. Comparisons look at the value only.
pub trait Real:
    Copy
    + Debug
    + From<f64>
    + Neg<Output = Self>
    + Arithmetic
    + Arithmetic<f64>
    + PartialOrd
    + PartialOrd<f64>
    + Sum
    + Product
{
    /// The value, without any derivative.
    fn value(self) -> f64;

    /// Whether the number is exactly 0 and does not vary: the product with it is 0 whatever the other factor.
    fn vanishes(self) -> bool;

    /// Applies a function of one argument.
    fn unary(self, op: Unary) -> Self;

    /// Applies a function of two arguments.
    fn binary(self, op: Binary, rhs: Self) -> Self;

    /// Applies a function of three arguments.
    fn ternary(self, op: Ternary, a: Self, b: Self) -> Self;

    /// `yes` if the comparison of `x` with `y` holds, else `no`: a choice that is part of the formula.
    #[inline(always)]
    fn select(compare: Compare, x: Self, y: Self, yes: Self, no: Self) -> Self {
        if compare.holds(x.value(), y.value()) { yes } else { no }
    }

    unary_table!(unary_methods []);
    binary_table!(binary_methods []);
    ternary_table!(ternary_methods []);
}

/// A comparison, for [`Real::select`]; false whenever an operand is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `x < y`
    Less,
    /// `x ≤ y`
    LessOrEqual,
    /// `x = y`
    Equal,
}

impl Compare {
    /// Whether the comparison holds between two plain numbers.
    #[inline(always)]
    pub fn holds(self, x: f64, y: f64) -> bool {
        match self {
            Compare::Less => x < y,
            Compare::LessOrEqual => x <= y,
            Compare::Equal => x == y,
        }
    }
}

impl Real for f64 {
    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    fn vanishes(self) -> bool {
        self == 0.0
    }

    #[inline(always)]
    fn unary(self, op: Unary) -> f64 {
        op.value(self)
    }

    #[inline(always)]
    fn binary(self, op: Binary, rhs: f64) -> f64 {
        op.value(self, rhs)
    }

    #[inline(always)]
    #[track_caller]
    fn ternary(self, op: Ternary, a: f64, b: f64) -> f64 {
        op.value(self, a, b)
    }
}
