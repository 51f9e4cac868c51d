//! What an array may be computed in: `f64` and `f32`, and the dual numbers that carry derivatives through it.
//!
//! An operation on arrays is written once, over any of these. On `f64` and `f32` it is the operation itself; on dual numbers
//! its forward half gives the products of the Jacobian with a direction, and its backward half those of the Hessian.
//! What is a call of a kernel for plain numbers, a product of matrices, is for dual numbers that kernel on their parts.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use super::kernels::Kernels;
use crate::dual::{Dual, Duals};
use crate::real::{Binary, Real, Ternary, Unary, vector};

/// See the head of the file.
pub(crate) trait Element:
    Copy
    + Debug
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Kernels
{
    /// A constant.
    fn of(c: f64) -> Self;

    /// The value, without any derivative.
    fn number(self) -> f64;

    /// Whether it is exactly 0 and does not vary.
    fn is_nil(self) -> bool;

    fn map(self, op: Unary) -> Self;

    fn zip(self, op: Binary, y: Self) -> Self;

    /// The slope of `op` at `x`, where the value is `y`.
    fn slope(op: Unary, x: Self, y: Self) -> Self;

    /// The partials of `op` at `(x, y)`, where the value is `z`.
    fn slopes(op: Binary, x: Self, y: Self, z: Self) -> (Self, Self);

    /// The values of a function at many numbers, if there is a faster way than one by one.
    fn values(_op: Unary, _x: &[Self], _out: &mut [Self]) -> bool {
        false
    }

    /// The values of a function at many numbers, in whichever way: into `out`, as long as `x`.
    fn every(op: Unary, x: &[Self], out: &mut [Self]) {
        if !Self::values(op, x, out) {
            out.iter_mut().zip(x).for_each(|(out, &x)| *out = x.map_any(op));
        }
    }

    /// Its slopes where the values are `y`.
    fn many_slopes(_op: Unary, _x: &[Self], _y: &[Self], _out: &mut [Self]) -> bool {
        false
    }

    /// Whether it is a plain number, in loops over which the compiler makes vector code.
    const PLAIN: bool = false;

    /// As `map`, but not in place of the call: every row in every loop would be a great deal of code.
    #[inline(never)]
    fn map_any(self, op: Unary) -> Self {
        self.map(op)
    }

    /// As `zip`, not in place of the call.
    #[inline(never)]
    fn zip_any(self, op: Binary, y: Self) -> Self {
        self.zip(op, y)
    }

    /// As `slope`, not in place of the call.
    #[inline(never)]
    fn slope_any(op: Unary, x: Self, y: Self) -> Self {
        Self::slope(op, x, y)
    }

    /// As `slopes`, not in place of the call.
    #[inline(never)]
    fn slopes_any(op: Binary, x: Self, y: Self, z: Self) -> (Self, Self) {
        Self::slopes(op, x, y, z)
    }

    fn zip3(self, op: Ternary, a: Self, b: Self) -> Self;

    /// The partials of `op` at `(x, a, b)`.
    fn slopes3(op: Ternary, x: Self, a: Self, b: Self) -> (Self, Self, Self);
}

/// Runs the loop `$hot` for a row that is few instructions, as a constant `$OP`, on plain numbers: so that the compiler makes
/// vector code of it. For other rows, and on dual numbers, the loop `$cold` with the row as a variable.
///
/// A constant, as a variable that a closure captures is read anew for each element.
macro_rules! by_row {
    ($E:ty, $given:expr, $Row:ident [$($Op:ident $(($n:literal))?),*], $OP:ident => $hot:expr, $op:ident => $cold:expr) => {
        match $given {
            $($Row::$Op $(($n))? if <$E>::PLAIN => { const $OP: $Row = $Row::$Op $(($n))?; $hot })*
            $op => $cold,
        }
    };
}
pub(crate) use by_row;

macro_rules! element_of_reals {
    ([$($generics:tt)*] $R:ty, plain: $plain:expr, [$($more:item)*]) => {
        impl<$($generics)*> Element for $R {
            const PLAIN: bool = $plain;

            $($more)*

            #[inline(always)]
            fn of(c: f64) -> $R {
                <$R>::from(c)
            }

            #[inline(always)]
            fn number(self) -> f64 {
                Real::value(self)
            }

            #[inline(always)]
            fn is_nil(self) -> bool {
                Real::vanishes(self)
            }

            #[inline(always)]
            fn map(self, op: Unary) -> $R {
                Real::unary(self, op)
            }

            #[inline(always)]
            fn zip(self, op: Binary, y: $R) -> $R {
                Real::binary(self, op, y)
            }

            #[inline(always)]
            fn slope(op: Unary, x: $R, y: $R) -> $R {
                op.slope(x, y)
            }

            #[inline(always)]
            fn slopes(op: Binary, x: $R, y: $R, z: $R) -> ($R, $R) {
                op.slopes(x, y, z)
            }

            #[inline(always)]
            fn zip3(self, op: Ternary, a: $R, b: $R) -> $R {
                Real::ternary(self, op, a, b)
            }

            #[inline(always)]
            fn slopes3(op: Ternary, x: $R, a: $R, b: $R) -> ($R, $R, $R) {
                op.slopes(x, a, b)
            }
        }
    };
}

element_of_reals! { [] f64, plain: true, [
    fn values(op: Unary, x: &[f64], out: &mut [f64]) -> bool {
        vector::values(op, x, out)
    }

    fn many_slopes(op: Unary, x: &[f64], y: &[f64], out: &mut [f64]) -> bool {
        vector::slopes(op, x, y, out)
    }
] }
element_of_reals! { [R: Real + Element] Dual<R>, plain: false, [] }
element_of_reals! { [const N: usize] Duals<N>, plain: false, [] }

/// The functions are those of `f64`, rounded; sums, products and quotients come out as in `f32` itself.
impl Element for f32 {
    const PLAIN: bool = true;

    fn values(op: Unary, x: &[f32], out: &mut [f32]) -> bool {
        vector::values(op, x, out)
    }

    fn many_slopes(op: Unary, x: &[f32], y: &[f32], out: &mut [f32]) -> bool {
        vector::slopes(op, x, y, out)
    }

    #[inline(always)]
    fn of(c: f64) -> f32 {
        c as f32
    }

    #[inline(always)]
    fn number(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn is_nil(self) -> bool {
        self == 0.0
    }

    #[inline(always)]
    fn map(self, op: Unary) -> f32 {
        op.value(f64::from(self)) as f32
    }

    #[inline(always)]
    fn zip(self, op: Binary, y: f32) -> f32 {
        op.value(f64::from(self), f64::from(y)) as f32
    }

    #[inline(always)]
    fn slope(op: Unary, x: f32, y: f32) -> f32 {
        op.slope(f64::from(x), f64::from(y)) as f32
    }

    #[inline(always)]
    fn slopes(op: Binary, x: f32, y: f32, z: f32) -> (f32, f32) {
        let (p, q) = op.slopes(f64::from(x), f64::from(y), f64::from(z));
        (p as f32, q as f32)
    }

    #[inline(always)]
    fn zip3(self, op: Ternary, a: f32, b: f32) -> f32 {
        op.value(f64::from(self), f64::from(a), f64::from(b)) as f32
    }

    #[inline(always)]
    fn slopes3(op: Ternary, x: f32, a: f32, b: f32) -> (f32, f32, f32) {
        let (p, q, r) = op.slopes(f64::from(x), f64::from(a), f64::from(b));
        (p as f32, q as f32, r as f32)
    }
}
