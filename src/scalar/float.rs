//! `Float` of `num-traits`, by forwarding: what is a constant, what asks about the value, and what is a row of the table.

use std::num::FpCategory;

use num_traits::{Float, Signed};

use super::for_numbers;
use crate::dual::{Dual, Duals};
use crate::real::Real;
use crate::tape::Var;

macro_rules! float {
    ([$($generics:tt)*] $T:ty) => {
        float! { @each [$($generics)*] $T;
            constant nan infinity neg_infinity neg_zero min_value min_positive_value max_value epsilon;
            ask is_nan -> bool, is_infinite -> bool, is_finite -> bool, is_normal -> bool, is_sign_positive -> bool,
                is_sign_negative -> bool, classify -> FpCategory, integer_decode -> (u64, i16, i8),;
            one floor ceil round trunc fract abs signum recip sqrt cbrt exp exp2 exp_m1 ln ln_1p log2 log10 sin cos tan
                asin acos atan sinh cosh tanh asinh acosh atanh;
            two powf log max min hypot atan2
        }
    };
    (@each [$($generics:tt)*] $T:ty; constant $($constant:ident)*; ask $($ask:ident -> $Answer:ty,)*; one $($one:ident)*;
        two $($two:ident)*) => {
        impl<$($generics)*> Float for $T {
            $(fn $constant() -> $T {
                <f64 as Float>::$constant().into()
            })*
            $(fn $ask(self) -> $Answer {
                Float::$ask(Real::value(self))
            })*
            $(#[inline]
            #[track_caller]
            fn $one(self) -> $T {
                Real::$one(self)
            })*
            $(#[inline]
            #[track_caller]
            fn $two(self, other: $T) -> $T {
                Real::$two(self, other)
            })*
            #[inline]
            #[track_caller]
            fn powi(self, n: i32) -> $T {
                Real::powi(self, n)
            }
            #[track_caller]
            fn mul_add(self, a: $T, b: $T) -> $T {
                Real::mul_add(self, a, b)
            }
            #[track_caller]
            fn abs_sub(self, other: $T) -> $T {
                Signed::abs_sub(&self, &other)
            }
            #[track_caller]
            fn sin_cos(self) -> ($T, $T) {
                (Real::sin(self), Real::cos(self))
            }
            #[track_caller]
            fn to_degrees(self) -> $T {
                self * (180.0 / std::f64::consts::PI)
            }
            #[track_caller]
            fn to_radians(self) -> $T {
                self * (std::f64::consts::PI / 180.0)
            }
        }
    };
}

for_numbers!(float);
