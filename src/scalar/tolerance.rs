//! The traits of `approx`: comparisons of values within a tolerance.

use approx::{AbsDiffEq, RelativeEq, UlpsEq};

use super::for_numbers;
use crate::dual::{Dual, Duals};
use crate::real::Real;
use crate::tape::Var;

macro_rules! comparisons {
    ([$($generics:tt)*] $T:ty) => {
        impl<$($generics)*> AbsDiffEq for $T {
            type Epsilon = $T;

            fn default_epsilon() -> $T {
                f64::default_epsilon().into()
            }

            fn abs_diff_eq(&self, other: &$T, epsilon: $T) -> bool {
                Real::value(*self).abs_diff_eq(&Real::value(*other), Real::value(epsilon))
            }
        }

        impl<$($generics)*> RelativeEq for $T {
            fn default_max_relative() -> $T {
                f64::default_max_relative().into()
            }

            fn relative_eq(&self, other: &$T, epsilon: $T, max_relative: $T) -> bool {
                let (epsilon, max_relative) = (Real::value(epsilon), Real::value(max_relative));
                Real::value(*self).relative_eq(&Real::value(*other), epsilon, max_relative)
            }
        }

        impl<$($generics)*> UlpsEq for $T {
            fn default_max_ulps() -> u32 {
                f64::default_max_ulps()
            }

            fn ulps_eq(&self, other: &$T, epsilon: $T, max_ulps: u32) -> bool {
                Real::value(*self).ulps_eq(&Real::value(*other), Real::value(epsilon), max_ulps)
            }
        }
    };
}

for_numbers!(comparisons);
