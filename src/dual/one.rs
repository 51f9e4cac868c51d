//! One tangent: `Dual<R>`, nestable.

use std::fmt;
use std::iter::{Product, Sum};

use super::carry;
use crate::real::operators::{number_comparisons, number_operators};
use crate::real::{Binary, Real, Ternary, Unary};

/// A value and its derivative in one direction; over `R = Dual<…>`, derivatives of a higher order.
///
/// ```
/// use downhill::prelude::*;
///
/// let x = Dual::variable(3.0);
/// let y = x * x + 1.0;
/// assert_eq!((y.value, y.tangent), (10.0, 6.0));
///
/// // Second order: a dual number of dual numbers.
/// let x = Dual::variable(Dual::variable(3.0));
/// let y = x * x * x;
/// assert_eq!(y.tangent.tangent, 18.0); // d²(x³)/dx² = 6x
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Dual<R = f64> {
    /// The value.
    pub value: R,
    /// The derivative in the direction that was seeded.
    pub tangent: R,
}

impl<R: Real> Dual<R> {
    /// A number with the tangent given.
    #[inline]
    pub fn new(value: R, tangent: R) -> Dual<R> {
        Dual { value, tangent }
    }

    /// The variable one differentiates by: its tangent is 1.
    #[inline]
    pub fn variable(value: R) -> Dual<R> {
        Dual::new(value, R::from(1.0))
    }

    /// A number that does not vary: its tangent is 0.
    #[inline]
    pub fn constant(value: R) -> Dual<R> {
        Dual::new(value, R::from(0.0))
    }

    #[inline]
    fn with_right(self, op: Binary, c: f64) -> Dual<R> {
        let (x, c) = (self.value, R::from(c));
        let z = x.binary(op, c);
        Dual { value: z, tangent: carry(op.slopes(x, c, z).0, self.tangent) }
    }

    #[inline]
    fn with_left(self, op: Binary, c: f64) -> Dual<R> {
        let (c, y) = (R::from(c), self.value);
        let z = c.binary(op, y);
        Dual { value: z, tangent: carry(op.slopes(c, y, z).1, self.tangent) }
    }
}

impl<R: Real> Real for Dual<R> {
    #[inline(always)]
    fn value(self) -> f64 {
        self.value.value()
    }

    #[inline(always)]
    fn vanishes(self) -> bool {
        self.value.vanishes() && self.tangent.vanishes()
    }

    #[inline]
    fn unary(self, op: Unary) -> Dual<R> {
        let y = self.value.unary(op);
        Dual { value: y, tangent: carry(op.slope(self.value, y), self.tangent) }
    }

    #[inline]
    fn binary(self, op: Binary, rhs: Dual<R>) -> Dual<R> {
        let (x, y) = (self.value, rhs.value);
        let z = x.binary(op, y);
        let (dx, dy) = op.slopes(x, y, z);
        if op.is_sum() {
            return Dual { value: z, tangent: dx * self.tangent + dy * rhs.tangent };
        }
        Dual { value: z, tangent: carry(dx, self.tangent) + carry(dy, rhs.tangent) }
    }

    #[inline]
    #[track_caller]
    fn ternary(self, op: Ternary, a: Dual<R>, b: Dual<R>) -> Dual<R> {
        let value = self.value.ternary(op, a.value, b.value);
        let (dx, da, db) = op.slopes(self.value, a.value, b.value);
        Dual { value, tangent: carry(dx, self.tangent) + carry(da, a.tangent) + carry(db, b.tangent) }
    }
}

number_operators! { [R: Real] Dual<R> }
number_comparisons! { [R: Real] Dual<R> }

impl<R: Real> From<f64> for Dual<R> {
    #[inline]
    fn from(value: f64) -> Dual<R> {
        Dual::constant(R::from(value))
    }
}

/// The value, with the format's width and precision.
impl<R: Real> fmt::Display for Dual<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Real::value(*self), f)
    }
}

impl<R: Real> Sum for Dual<R> {
    fn sum<I: Iterator<Item = Dual<R>>>(terms: I) -> Dual<R> {
        terms.fold(Dual::from(0.0), |sum, term| sum + term)
    }
}

impl<R: Real> Product for Dual<R> {
    fn product<I: Iterator<Item = Dual<R>>>(factors: I) -> Dual<R> {
        factors.fold(Dual::from(1.0), |product, factor| product * factor)
    }
}
