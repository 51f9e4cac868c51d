//! `N` tangents at once, on the stack: the whole gradient of a function of a few variables in one pass.

use std::array;
use std::fmt;
use std::iter::{Product, Sum};

use super::carry;
use crate::real::operators::{number_comparisons, number_operators};
use crate::real::{Binary, Real, Ternary, Unary};

/// A value and its derivatives in `N` directions.
///
/// ```
/// use downhill::prelude::*;
///
/// let [x, y] = Duals::variables([3.0, 2.0]);
/// let z = x * y + x.sin();
/// assert_eq!(z.value, 6.0 + 3f64.sin());
/// assert_eq!(z.tangents, [2.0 + 3f64.cos(), 3.0]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Duals<const N: usize> {
    /// The value.
    pub value: f64,
    /// The derivative in each direction.
    pub tangents: [f64; N],
}

impl<const N: usize> Duals<N> {
    /// A number that does not vary: its tangents are 0.
    #[inline]
    pub fn constant(value: f64) -> Duals<N> {
        Duals { value, tangents: [0.0; N] }
    }

    /// The `N` variables one differentiates by: the tangents of the `i`-th are the `i`-th unit vector.
    #[inline]
    pub fn variables(values: [f64; N]) -> [Duals<N>; N] {
        let mut variables = values.map(Duals::constant);
        for (i, x) in variables.iter_mut().enumerate() {
            x.tangents[i] = 1.0;
        }
        variables
    }

    /// As [`variables`](Duals::variables), with `−0` for the tangents that are none: the compiler, which knows that
    /// `x + −0` is `x`, drops the additions.
    #[inline(always)]
    pub(crate) fn seeds(values: [f64; N]) -> [Duals<N>; N] {
        array::from_fn(|i| Duals {
            value: values[i],
            tangents: array::from_fn(|j| if i == j { 1.0 } else { -0.0 }),
        })
    }

    #[inline(always)]
    fn map(value: f64, slope: f64, tangents: [f64; N]) -> Duals<N> {
        Duals { value, tangents: array::from_fn(|i| carry(slope, tangents[i])) }
    }

    #[inline(always)]
    fn with_right(self, op: Binary, c: f64) -> Duals<N> {
        let z = op.value(self.value, c);
        Duals::map(z, op.slopes(self.value, c, z).0, self.tangents)
    }

    #[inline(always)]
    fn with_left(self, op: Binary, c: f64) -> Duals<N> {
        let z = op.value(c, self.value);
        Duals::map(z, op.slopes(c, self.value, z).1, self.tangents)
    }
}

impl<const N: usize> Real for Duals<N> {
    #[inline(always)]
    fn value(self) -> f64 {
        self.value
    }

    #[inline(always)]
    fn vanishes(self) -> bool {
        self.value == 0.0 && self.tangents == [0.0; N]
    }

    #[inline]
    fn unary(self, op: Unary) -> Duals<N> {
        let y = op.value(self.value);
        Duals::map(y, op.slope(self.value, y), self.tangents)
    }

    #[inline]
    fn binary(self, op: Binary, rhs: Duals<N>) -> Duals<N> {
        let z = op.value(self.value, rhs.value);
        let (dx, dy) = op.slopes(self.value, rhs.value, z);
        let (x, y) = (&self.tangents, &rhs.tangents);
        if op.is_sum() {
            return Duals { value: z, tangents: array::from_fn(|i| dx * x[i] + dy * y[i]) };
        }
        Duals { value: z, tangents: array::from_fn(|i| carry(dx, x[i]) + carry(dy, y[i])) }
    }

    #[inline]
    #[track_caller]
    fn ternary(self, op: Ternary, a: Duals<N>, b: Duals<N>) -> Duals<N> {
        let (dx, da, db) = op.slopes(self.value, a.value, b.value);
        Duals {
            value: op.value(self.value, a.value, b.value),
            tangents: array::from_fn(|i| {
                carry(dx, self.tangents[i]) + carry(da, a.tangents[i]) + carry(db, b.tangents[i])
            }),
        }
    }
}

number_operators! { [const N: usize] Duals<N> }
number_comparisons! { [const N: usize] Duals<N> }

impl<const N: usize> From<f64> for Duals<N> {
    #[inline]
    fn from(value: f64) -> Duals<N> {
        Duals::constant(value)
    }
}

/// The value, with the format's width and precision.
impl<const N: usize> fmt::Display for Duals<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Real::value(*self), f)
    }
}

impl<const N: usize> Sum for Duals<N> {
    fn sum<I: Iterator<Item = Duals<N>>>(terms: I) -> Duals<N> {
        terms.fold(Duals::from(0.0), |sum, term| sum + term)
    }
}

impl<const N: usize> Product for Duals<N> {
    fn product<I: Iterator<Item = Duals<N>>>(factors: I) -> Duals<N> {
        factors.fold(Duals::from(1.0), |product, factor| product * factor)
    }
}
