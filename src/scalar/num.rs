//! The traits of `num-traits` but for `Float`, and an operand of `ndarray`'s arithmetic.
//!
//! `is_zero` and `is_one` are true for what does not vary only. Linear algebra skips work where a coefficient "is zero"; a
//! variable that happens to be 0 has a derivative all the same, and skipping it would lose that silently.

use num_traits::{
    Bounded, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};

use super::for_numbers;
use crate::dual::{Dual, Duals};
use crate::real::Real;
use crate::tape::Var;

impl ndarray::ScalarOperand for Var {}
impl<R: Real + 'static> ndarray::ScalarOperand for Dual<R> {}
impl<const N: usize> ndarray::ScalarOperand for Duals<N> {}

macro_rules! identities {
    ([$($generics:tt)*] $T:ty) => {
        impl<$($generics)*> Zero for $T {
            #[inline]
            fn zero() -> $T {
                0.0.into()
            }

            #[inline]
            fn is_zero(&self) -> bool {
                self.vanishes()
            }
        }

        impl<$($generics)*> One for $T {
            #[inline]
            fn one() -> $T {
                1.0.into()
            }

            #[inline]
            fn is_one(&self) -> bool {
                (*self - 1.0).vanishes()
            }
        }
    };
}

for_numbers!(identities);

macro_rules! num {
    ([$($generics:tt)*] $T:ty) => {
        impl<$($generics)*> Num for $T {
            type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

            fn from_str_radix(text: &str, radix: u32) -> Result<$T, Self::FromStrRadixErr> {
                f64::from_str_radix(text, radix).map(Into::into)
            }
        }

        impl<$($generics)*> Bounded for $T {
            fn min_value() -> $T {
                f64::MIN.into()
            }

            fn max_value() -> $T {
                f64::MAX.into()
            }
        }

        impl<$($generics)*> Signed for $T {
            #[inline]
            #[track_caller]
            fn abs(&self) -> $T {
                Real::abs(*self)
            }

            #[track_caller]
            fn abs_sub(&self, other: &$T) -> $T {
                // Subtracted in any case, so that two recordings are noticed in any case.
                let difference = *self - *other;
                if *self <= *other { 0.0.into() } else { difference }
            }

            #[inline]
            #[track_caller]
            fn signum(&self) -> $T {
                Real::signum(*self)
            }

            fn is_positive(&self) -> bool {
                Signed::is_positive(&Real::value(*self))
            }

            fn is_negative(&self) -> bool {
                Signed::is_negative(&Real::value(*self))
            }
        }
    };
}

for_numbers!(num);

/// From and to plain numbers: out goes the value alone, in comes a constant.
macro_rules! casts {
    ([$($generics:tt)*] $T:ty) => {
        casts! { @each [$($generics)*] $T; i64 to_i64 from_i64, u64 to_u64 from_u64, i128 to_i128 from_i128,
            u128 to_u128 from_u128, f64 to_f64 from_f64 }

        impl<$($generics)*> NumCast for $T {
            fn from<T: ToPrimitive>(n: T) -> Option<$T> {
                n.to_f64().map(Into::into)
            }
        }
    };
    (@each [$($generics:tt)*] $T:ty; $($Plain:ident $to:ident $from:ident),*) => {
        impl<$($generics)*> ToPrimitive for $T {
            $(fn $to(&self) -> Option<$Plain> {
                Real::value(*self).$to()
            })*
        }

        impl<$($generics)*> FromPrimitive for $T {
            $(fn $from(n: $Plain) -> Option<$T> {
                f64::$from(n).map(Into::into)
            })*
        }
    };
}

for_numbers!(casts);

macro_rules! operations {
    ([$($generics:tt)*] $T:ty) => {
        impl<$($generics)*> Inv for $T {
            type Output = $T;

            #[inline]
            #[track_caller]
            fn inv(self) -> $T {
                Real::recip(self)
            }
        }

        impl<$($generics)*> MulAdd for $T {
            type Output = $T;

            #[track_caller]
            fn mul_add(self, a: $T, b: $T) -> $T {
                Real::mul_add(self, a, b)
            }
        }

        impl<$($generics)*> MulAddAssign for $T {
            #[track_caller]
            fn mul_add_assign(&mut self, a: $T, b: $T) {
                *self = Real::mul_add(*self, a, b);
            }
        }

        impl<$($generics)*> Pow<$T> for $T {
            type Output = $T;

            #[track_caller]
            fn pow(self, exponent: $T) -> $T {
                Real::powf(self, exponent)
            }
        }

        impl<$($generics)*> Pow<f64> for $T {
            type Output = $T;

            #[track_caller]
            fn pow(self, exponent: f64) -> $T {
                Real::powf(self, exponent)
            }
        }

        impl<$($generics)*> Pow<i32> for $T {
            type Output = $T;

            #[track_caller]
            fn pow(self, exponent: i32) -> $T {
                Real::powi(self, exponent)
            }
        }
    };
}

for_numbers!(operations);

/// `π`, `e` and their kin, as constants.
macro_rules! constants {
    ([$($generics:tt)*] $T:ty) => {
        constants! { @each [$($generics)*] $T; E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3
            FRAC_PI_4 FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2 TAU LOG10_2 LOG2_10 }
    };
    (@each [$($generics:tt)*] $T:ty; $($name:ident)*) => {
        impl<$($generics)*> FloatConst for $T {
            $(#[inline]
            fn $name() -> $T {
                <f64 as FloatConst>::$name().into()
            })*
        }
    };
}

for_numbers!(constants);
