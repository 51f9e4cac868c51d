//! `+ − × ÷ %` between arrays, numbers, variables, and arrays of `ndarray`, with every choice of reference.

use std::ops::{Add, Div, Mul, Rem, Sub};

use ndarray::{ArrayBase, Data, Dimension};

use super::Tensor;
use super::scalar::Scalar;
use crate::real::Binary;
use crate::tape::Var;

macro_rules! operators {
    ($($Op:ident $op:ident),*) => { $(
        operators! { @pair $Op $op [&Tensor<T>, &Tensor<T>] (x, y) => x.with(Binary::$Op, y) }
        operators! { @pair $Op $op [Tensor<T>, &Tensor<T>] (x, y) => x.with(Binary::$Op, y) }
        operators! { @pair $Op $op [&Tensor<T>, Tensor<T>] (x, y) => x.with(Binary::$Op, &y) }
        operators! { @pair $Op $op [Tensor<T>, Tensor<T>] (x, y) => x.with(Binary::$Op, &y) }
        operators! { @pair $Op $op [&Tensor<T>, T] (x, y) => x.with_right(Binary::$Op, y) }
        operators! { @pair $Op $op [Tensor<T>, T] (x, y) => x.with_right(Binary::$Op, y) }
        operators! { @left $Op $op f64 }
        operators! { @left $Op $op f32 }
        operators! { @var $Op $op [&Tensor<f64>, Var] (x, y) => x.with(Binary::$Op, &y.into()) }
        operators! { @var $Op $op [Tensor<f64>, Var] (x, y) => x.with(Binary::$Op, &y.into()) }
        operators! { @var $Op $op [Var, &Tensor<f64>] (x, y) => Tensor::from(x).with(Binary::$Op, y) }
        operators! { @var $Op $op [Var, Tensor<f64>] (x, y) => Tensor::from(x).with(Binary::$Op, &y) }
        operators! { @plain $Op $op [&Tensor<T>, &ArrayBase<S, D>] (x, y) => x.with(Binary::$Op, &y.into()) }
        operators! { @plain $Op $op [Tensor<T>, &ArrayBase<S, D>] (x, y) => x.with(Binary::$Op, &y.into()) }
    )* };
    (@pair $Op:ident $op:ident [$X:ty, $Y:ty] ($x:ident, $y:ident) => $value:expr) => {
        impl<T: Scalar> $Op<$Y> for $X {
            type Output = Tensor<T>;

            #[track_caller]
            fn $op(self, other: $Y) -> Tensor<T> {
                let ($x, $y) = (self, other);
                $value
            }
        }
    };
    (@left $Op:ident $op:ident $T:ty) => {
        operators! { @number $Op $op $T, &Tensor<$T> }
        operators! { @number $Op $op $T, Tensor<$T> }
    };
    (@number $Op:ident $op:ident $T:ty, $Y:ty) => {
        impl $Op<$Y> for $T {
            type Output = Tensor<$T>;

            #[track_caller]
            fn $op(self, other: $Y) -> Tensor<$T> {
                other.with_left(Binary::$Op, self)
            }
        }
    };
    (@var $Op:ident $op:ident [$X:ty, $Y:ty] ($x:ident, $y:ident) => $value:expr) => {
        impl $Op<$Y> for $X {
            type Output = Tensor<f64>;

            #[track_caller]
            fn $op(self, other: $Y) -> Tensor<f64> {
                let ($x, $y) = (self, other);
                $value
            }
        }
    };
    (@plain $Op:ident $op:ident [$X:ty, $Y:ty] ($x:ident, $y:ident) => $value:expr) => {
        impl<T: Scalar, S: Data<Elem = T>, D: Dimension> $Op<$Y> for $X {
            type Output = Tensor<T>;

            #[track_caller]
            fn $op(self, other: $Y) -> Tensor<T> {
                let ($x, $y) = (self, other);
                $value
            }
        }
    };
}

operators! { Add add, Sub sub, Mul mul, Div div, Rem rem }

/// What stands beside an array in a function of two arguments: an array, a number, a variable, an array of `ndarray`.
pub trait Argument<T: Scalar> {
    /// `op(x, self)`
    #[doc(hidden)]
    #[track_caller]
    fn beside(self, op: Binary, x: &Tensor<T>) -> Tensor<T>;
}

macro_rules! arguments {
    ($([$($generics:tt)*] $X:ty, $T:ty: ($x:ident, $y:ident, $op:ident) => $value:expr;)*) => { $(
        impl<$($generics)*> Argument<$T> for $X {
            #[track_caller]
            fn beside(self, $op: Binary, $x: &Tensor<$T>) -> Tensor<$T> {
                let $y = self;
                $value
            }
        }
    )* };
}

arguments! {
    [] f64, f64: (x, y, op) => x.with_right(op, y);
    [] f32, f32: (x, y, op) => x.with_right(op, y);
    [] Var, f64: (x, y, op) => x.with(op, &y.into());
    [T: Scalar] &Tensor<T>, T: (x, y, op) => x.with(op, y);
    [T: Scalar] Tensor<T>, T: (x, y, op) => x.with(op, &y);
    [T: Scalar, S: Data<Elem = T>, D: Dimension] &ArrayBase<S, D>, T: (x, y, op) => x.with(op, &y.into());
}
