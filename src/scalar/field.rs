//! The traits of `simba`, on which `nalgebra` is built: `SubsetOf`, `SimdValue`, `Field`, `ComplexField`, `RealField`.
//!
//! Written once, for each version of `simba`: their traits are the same, but not to the compiler.

use super::series::cardinal_hyperbolic_sine;
use crate::dual::{Dual, Duals};
use crate::real::Real;
use crate::tape::Var;

/// Everything `RealField` builds on but the functions.
macro_rules! foundations {
    ($simba:ident [$($generics:tt)*] $T:ty) => {
        #[allow(unsafe_code, reason = "the trait declares two methods unsafe; nothing here is")]
        impl<$($generics)*> $simba::simd::SimdValue for $T {
            const LANES: usize = 1;
            type Element = $T;
            type SimdBool = bool;

            #[inline]
            fn splat(element: $T) -> $T {
                element
            }

            #[inline]
            fn extract(&self, _: usize) -> $T {
                *self
            }

            #[inline]
            unsafe fn extract_unchecked(&self, _: usize) -> $T {
                *self
            }

            #[inline]
            fn replace(&mut self, _: usize, element: $T) {
                *self = element;
            }

            #[inline]
            unsafe fn replace_unchecked(&mut self, _: usize, element: $T) {
                *self = element;
            }

            #[inline]
            fn select(self, condition: bool, other: $T) -> $T {
                if condition { self } else { other }
            }
        }

        impl<$($generics)*> $simba::simd::PrimitiveSimdValue for $T {}
        impl<$($generics)*> $simba::scalar::Field for $T {}

        impl<$($generics)*> $simba::scalar::SubsetOf<$T> for $T {
            #[inline]
            fn to_superset(&self) -> $T {
                *self
            }

            #[inline]
            fn from_superset_unchecked(element: &$T) -> $T {
                *element
            }

            #[inline]
            fn is_in_subset(_: &$T) -> bool {
                true
            }
        }

        foundations! { @plain $simba [$($generics)*] $T;
            f64 f32 u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
    };
    (@plain $simba:ident $generics:tt $T:ty; $($Plain:ident)*) => {
        $(foundations! { @one $simba $generics $T; $Plain })*
    };
    (@one $simba:ident [$($generics:tt)*] $T:ty; $Plain:ident) => {
        impl<$($generics)*> $simba::scalar::SubsetOf<$T> for $Plain {
            #[inline]
            fn to_superset(&self) -> $T {
                (*self as f64).into()
            }

            #[inline]
            fn from_superset_unchecked(element: &$T) -> $Plain {
                Real::value(*element) as $Plain
            }

            // As `simba` has it for plain numbers. The matrix exponential chooses its order by a norm that it converts to
            // `f64`, and takes it for granted that this succeeds.
            #[inline]
            fn is_in_subset(_: &$T) -> bool {
                true
            }
        }
    };
}

/// The functions: rows of the table, and the few that `simba` has beside them.
macro_rules! complex_field {
    ($simba:ident [$($generics:tt)*] $T:ty) => {
        complex_field! { @each $simba [$($generics)*] $T;
            same real conjugate;
            one floor ceil round trunc fract signum recip sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh
                log2 log10 ln ln_1p sqrt exp exp2 exp_m1 cbrt;
            two hypot log powf
        }
    };
    (@each $simba:ident [$($generics:tt)*] $T:ty; same $($same:ident)*; one $($one:ident)*; two $($two:ident)*) => {
        impl<$($generics)*> $simba::scalar::ComplexField for $T {
            type RealField = $T;

            $(#[inline]
            fn $same(self) -> $T {
                self
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
            fn from_real(re: $T) -> $T {
                re
            }

            #[inline]
            fn imaginary(self) -> $T {
                0.0.into()
            }

            #[inline]
            fn modulus(self) -> $T {
                Real::abs(self)
            }

            #[inline]
            fn modulus_squared(self) -> $T {
                self * self
            }

            /// 0 from 0 up, else π, as `simba` has it for `f64`; either way a constant.
            #[inline]
            fn argument(self) -> $T {
                let angle = if self >= 0.0 { 0.0 } else { std::f64::consts::PI };
                angle.into()
            }

            #[inline]
            #[track_caller]
            fn norm1(self) -> $T {
                Real::abs(self)
            }

            #[inline]
            #[track_caller]
            fn abs(self) -> $T {
                Real::abs(self)
            }

            #[inline]
            #[track_caller]
            fn scale(self, factor: $T) -> $T {
                self * factor
            }

            #[inline]
            #[track_caller]
            fn unscale(self, factor: $T) -> $T {
                self / factor
            }

            #[inline]
            #[track_caller]
            fn to_exp(self) -> ($T, $T) {
                if self >= 0.0 { (self, 1.0.into()) } else { (-self, (-1.0).into()) }
            }

            #[inline]
            #[track_caller]
            fn mul_add(self, a: $T, b: $T) -> $T {
                Real::mul_add(self, a, b)
            }

            #[inline]
            #[track_caller]
            fn sin_cos(self) -> ($T, $T) {
                (Real::sin(self), Real::cos(self))
            }

            #[track_caller]
            fn sinc(self) -> $T {
                Real::sinc(self)
            }

            fn sinhc(self) -> $T {
                cardinal_hyperbolic_sine(self)
            }

            #[inline]
            #[track_caller]
            fn powi(self, n: i32) -> $T {
                Real::powi(self, n)
            }

            #[inline]
            #[track_caller]
            fn powc(self, n: $T) -> $T {
                Real::powf(self, n)
            }

            #[inline]
            fn is_finite(&self) -> bool {
                Real::value(*self).is_finite()
            }

            #[inline]
            #[track_caller]
            fn try_sqrt(self) -> Option<$T> {
                if self >= 0.0 { Some(Real::sqrt(self)) } else { None }
            }
        }
    };
}

macro_rules! real_field {
    ($simba:ident [$($generics:tt)*] $T:ty) => {
        real_field! { @each $simba [$($generics)*] $T;
            two max min atan2;
            constant pi PI, two_pi TAU, frac_pi_2 FRAC_PI_2, frac_pi_3 FRAC_PI_3, frac_pi_4 FRAC_PI_4,
                frac_pi_6 FRAC_PI_6, frac_pi_8 FRAC_PI_8, frac_1_pi FRAC_1_PI, frac_2_pi FRAC_2_PI,
                frac_2_sqrt_pi FRAC_2_SQRT_PI, e E, log2_e LOG2_E, log10_e LOG10_E, ln_2 LN_2, ln_10 LN_10
        }
    };
    (@each $simba:ident [$($generics:tt)*] $T:ty; two $($two:ident)*; constant $($name:ident $CONSTANT:ident),*) => {
        impl<$($generics)*> $simba::scalar::RealField for $T {
            $(#[inline]
            #[track_caller]
            fn $two(self, other: $T) -> $T {
                Real::$two(self, other)
            })*
            $(#[inline]
            fn $name() -> $T {
                std::f64::consts::$CONSTANT.into()
            })*

            #[inline]
            fn is_sign_positive(&self) -> bool {
                Real::value(*self).is_sign_positive()
            }

            #[inline]
            fn is_sign_negative(&self) -> bool {
                Real::value(*self).is_sign_negative()
            }

            #[inline]
            #[track_caller]
            fn copysign(self, sign: $T) -> $T {
                let same = self.is_sign_negative() == sign.is_sign_negative();
                if same { self } else { -self }
            }

            /// As `simba` has it for `f64`: bounds in the wrong order are no mistake.
            #[inline]
            fn clamp(self, min: $T, max: $T) -> $T {
                if self < min {
                    min
                } else if self > max {
                    max
                } else {
                    self
                }
            }

            fn min_value() -> Option<$T> {
                Some(f64::MIN.into())
            }

            fn max_value() -> Option<$T> {
                Some(f64::MAX.into())
            }
        }
    };
}

macro_rules! fields {
    ($simba:ident) => {
        fields! { $simba [] Var }
        fields! { $simba [R: Real + Send + Sync + 'static] Dual<R> }
        fields! { $simba [const N: usize] Duals<N> }
    };
    ($simba:ident $generics:tt $T:ty) => {
        foundations! { $simba $generics $T }
        complex_field! { $simba $generics $T }
        real_field! { $simba $generics $T }
    };
}

#[cfg(any(feature = "nalgebra-033", feature = "nalgebra-034"))]
fields!(simba_09);
#[cfg(feature = "nalgebra-035")]
fields!(simba_010);
