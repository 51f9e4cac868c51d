//! The operations as types: what an engine receives, and what each row says about it.

use std::f64::consts::{E, FRAC_2_SQRT_PI, FRAC_PI_2, LN_2, LOG2_E, LOG10_E};
use std::ops::RangeInclusive;

use super::Real;
use super::cases::*;
use super::rows::{binary_table, ternary_table, unary_table};
use super::special;

const INFINITY: f64 = f64::INFINITY;
const NEG_INFINITY: f64 = f64::NEG_INFINITY;

/// The operations a row stands for: one, or one for each sample of its parameter.
macro_rules! instances {
    ($Op:ident $Name:ident) => { [$Op::$Name] };
    ($Op:ident $Name:ident $($sample:expr),*) => { [$($Op::$Name($sample)),*] };
}

macro_rules! define_unary {
    ([] $($(#[$doc:meta])* $Name:ident $([$n:ident: $N:ty = $($sample:expr),*])? $(fn $method:ident)? $(op $label:ident)?
        ($x:ident) = $y:ident [$kernel:expr] => $slope:expr, on $domain:expr, away from [$($far:expr),*],
        at [$($at:expr => $edge:expr),*];)*) => {
        /// A function of one argument: a row of the table.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum Unary { $($(#[$doc])* $Name $(($N))?),* }

        #[allow(unused_variables, reason = "not every rule uses both the argument and the result")]
        impl Unary {
            /// Every function of one argument in the order of the table; those with a parameter at a few of its values.
            pub fn all() -> Vec<Unary> {
                let mut all = Vec::new();
                $(all.extend(instances!(Unary $Name $($($sample),*)?));)*
                all
            }

            /// The name of the function, as it is called.
            pub fn name(self) -> &'static str {
                match self { $(Unary::$Name $(($n))? => concat!($(stringify!($method))? $(stringify!($label))?),)* }
            }

            /// The value at `x`.
            #[inline(always)]
            pub fn value(self, x: f64) -> f64 {
                match self { $(Unary::$Name $(($n))? => ($kernel)(x),)* }
            }

            /// The slope `dy/dx` at `x`, where the value is `y`.
            #[inline(always)]
            pub fn slope<R: Real>(self, x: R, y: R) -> R {
                match self { $(Unary::$Name $(($n))? => { let ($x, $y) = (x, y); $slope })* }
            }

            /// Where tests sample the function.
            pub fn domain(self) -> RangeInclusive<f64> {
                match self { $(Unary::$Name $(($n))? => $domain,)* }
            }

            /// The distance from `x` to the nearest point where the function is not smooth.
            pub fn distance_to_singularity(self, x: f64) -> f64 {
                let nearest = |points: &[f64]| points.iter().map(|p| (x - p).abs()).fold(INFINITY, f64::min);
                match self { $(Unary::$Name $(($n))? => nearest(&[$($far),*]),)* }
            }

            /// Points with the slope every engine must give there exactly.
            pub fn edges(self) -> Vec<(f64, f64)> {
                match self { $(Unary::$Name $(($n))? => vec![$(($at, $edge)),*],)* }
            }
        }
    };
}

macro_rules! define_binary {
    ([] $($(#[$doc:meta])* $Name:ident $([$n:ident: $N:ty = $sample:expr])? $(fn $method:ident)? $(op $label:ident)?
        ($x:ident, $y:ident) = $z:ident [$kernel:expr] => $slopes:expr, on $domain:expr, away by $distance:expr,
        at [$($at:expr => $edge:expr),*];)*) => {
        /// A function of two arguments: a row of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Binary { $($(#[$doc])* $Name $(($N))?),* }

        #[allow(unused_variables, reason = "not every rule uses the arguments, the parameter and the result")]
        impl Binary {
            /// Every function of two arguments, in the order of the table; those with a parameter at one of its values.
            pub const ALL: &[Binary] = &[$(Binary::$Name $(($sample))?),*];

            /// The name of the function, as it is called.
            pub fn name(self) -> &'static str {
                match self { $(Binary::$Name $(($n))? => concat!($(stringify!($method))? $(stringify!($label))?),)* }
            }

            /// The value at `(x, y)`.
            #[inline(always)]
            pub fn value(self, x: f64, y: f64) -> f64 {
                match self { $(Binary::$Name $(($n))? => ($kernel)(x, y),)* }
            }

            /// The partials `(∂z/∂x, ∂z/∂y)` at `(x, y)`, where the value is `z`.
            #[inline(always)]
            pub fn slopes<R: Real>(self, x: R, y: R, z: R) -> (R, R) {
                match self { $(Binary::$Name $(($n))? => { let ($x, $y, $z) = (x, y, z); $slopes })* }
            }

            /// Where tests sample the function.
            pub fn domain(self) -> (RangeInclusive<f64>, RangeInclusive<f64>) {
                match self { $(Binary::$Name $(($n))? => $domain,)* }
            }

            /// The distance from `(x, y)` to the nearest point where the function is not smooth.
            pub fn distance_to_singularity(self, x: f64, y: f64) -> f64 {
                match self { $(Binary::$Name $(($n))? => { let ($x, $y) = (x, y); $distance })* }
            }

            /// Points with the partials every engine must give there exactly.
            pub fn edges(self) -> Vec<((f64, f64), (f64, f64))> {
                match self { $(Binary::$Name $(($n))? => vec![$(($at, $edge)),*],)* }
            }

            /// One of `+ −`, whose partials are 1 or −1.
            #[inline(always)]
            pub(crate) fn is_sum(self) -> bool {
                matches!(self, Binary::Add | Binary::Sub)
            }
        }
    };
}

macro_rules! define_ternary {
    ([] $($(#[$doc:meta])* $Name:ident fn $method:ident ($x:ident, $a:ident, $b:ident) = [$kernel:expr] => $slopes:expr,
        on $domain:expr, away by $distance:expr, at [$($at:expr => $edge:expr),*];)*) => {
        /// A function of three arguments: a row of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Ternary { $($(#[$doc])* $Name),* }

        #[allow(unused_variables, reason = "not every rule uses every argument")]
        impl Ternary {
            /// Every function of three arguments, in the order of the table.
            pub const ALL: &[Ternary] = &[$(Ternary::$Name),*];

            /// The name of the function, as it is called.
            pub fn name(self) -> &'static str {
                match self { $(Ternary::$Name => stringify!($method),)* }
            }

            /// The value at `(x, a, b)`.
            #[inline(always)]
            #[track_caller]
            pub fn value(self, x: f64, a: f64, b: f64) -> f64 {
                match self { $(Ternary::$Name => ($kernel)(x, a, b),)* }
            }

            /// The three partials at `(x, a, b)`.
            #[inline(always)]
            pub fn slopes<R: Real>(self, x: R, a: R, b: R) -> (R, R, R) {
                match self { $(Ternary::$Name => { let ($x, $a, $b) = (x, a, b); $slopes })* }
            }

            /// Where tests sample the function.
            pub fn domain(self) -> (RangeInclusive<f64>, RangeInclusive<f64>, RangeInclusive<f64>) {
                match self { $(Ternary::$Name => $domain,)* }
            }

            /// The distance from `(x, a, b)` to the nearest point where the function is not smooth.
            pub fn distance_to_singularity(self, x: f64, a: f64, b: f64) -> f64 {
                match self { $(Ternary::$Name => { let ($x, $a, $b) = (x, a, b); $distance })* }
            }

            /// Points with the partials every engine must give there exactly.
            pub fn edges(self) -> Vec<((f64, f64, f64), (f64, f64, f64))> {
                match self { $(Ternary::$Name => vec![$(($at, $edge)),*],)* }
            }
        }
    };
}

unary_table!(define_unary []);
binary_table!(define_binary []);
ternary_table!(define_ternary []);
