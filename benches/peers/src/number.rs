//! What the workloads need of a number, so that each is written once for all peers.
//!
//! Every method forwards to the peer's own, inlined; where a peer lacks a function, the comment at its implementation says
//! what stands in.

use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::{Add, Mul, Sub};

use echidna::{BReverse, Reverse};
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, U1};
use num_dual::{Dual2Vec, DualNum, DualVec};
use num_traits::{Float, ToPrimitive};

pub trait Number: Clone + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    fn plus(self, c: f64) -> Self;
    fn times(self, c: f64) -> Self;
    fn value(&self) -> f64;
    fn over(self, other: Self) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn sqrt(self) -> Self;
    fn tanh(self) -> Self;
    /// The distribution function of the normal distribution.
    fn normal_cdf(self) -> Self;
}

/// By methods of the same names, with what differs given.
macro_rules! number {
    ([$($generics:tt)*] $T:ty, by [$($by:tt)*], value($x:ident) $value:expr, normal_cdf($y:ident) $normal_cdf:expr) => {
        impl<$($generics)*> Number for $T {
            #[inline(always)]
            fn plus(self, c: f64) -> Self {
                self + c
            }
            #[inline(always)]
            fn times(self, c: f64) -> Self {
                self * c
            }
            #[inline(always)]
            fn value(&self) -> f64 {
                let $x = self;
                $value
            }
            #[inline(always)]
            fn over(self, other: Self) -> Self {
                self / other
            }
            #[inline(always)]
            fn exp(self) -> Self {
                <$T>::exp($($by)* self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                <$T>::ln($($by)* self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$T>::sqrt($($by)* self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                <$T>::tanh($($by)* self)
            }
            #[inline(always)]
            fn normal_cdf(self) -> Self {
                let $y = self;
                $normal_cdf
            }
        }
    };
}

number! { ['a] reverse::Var<'a>, by [&], value(x) x.val(),
// No error function here: the usual approximation by tanh, whose cost is about the same; the value is not compared.
normal_cdf(x) ((x + x * x * x * 0.044715) * 0.7978845608028654).tanh() * 0.5 + 0.5 }
number! { ['a] RustQuant_autodiff::Variable<'a>, by [], value(x) x.value(),
normal_cdf(x) ((x * FRAC_1_SQRT_2).erf() + 1.0) * 0.5 }

/// Through `num_traits::Float`; there is no error function, see above.
macro_rules! through_float {
    ($($T:ty, $x:ident => $value:expr;)*) => { $(impl Number for $T {
        #[inline(always)]
        fn plus(self, c: f64) -> Self {
            self + c
        }
        #[inline(always)]
        fn times(self, c: f64) -> Self {
            self * c
        }
        #[inline(always)]
        fn value(&self) -> f64 {
            let $x = self;
            $value
        }
        #[inline(always)]
        fn over(self, other: Self) -> Self {
            self / other
        }
        #[inline(always)]
        fn exp(self) -> Self {
            Float::exp(self)
        }
        #[inline(always)]
        fn ln(self) -> Self {
            Float::ln(self)
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            Float::sqrt(self)
        }
        #[inline(always)]
        fn tanh(self) -> Self {
            Float::tanh(self)
        }
        #[inline(always)]
        fn normal_cdf(self) -> Self {
            Float::tanh((self + self * self * self * 0.044715) * 0.7978845608028654) * 0.5 + 0.5
        }
    })* };
}

through_float! {
    Reverse<f64>, x => x.to_f64().unwrap_or(f64::NAN);
    BReverse<f64>, x => x.to_f64().unwrap_or(f64::NAN);
}

/// The forward modes of `num-dual`, of the first and of the second order.
macro_rules! through_dual_num {
    ($($T:ident: $([$($bound:ty),+]),+;)*) => { $(impl<D: Dim> Number for $T<f64, D>
    where
        DefaultAllocator: $(Allocator<$($bound),+> +)+,
    {
        #[inline(always)]
        fn plus(self, c: f64) -> Self {
            self + c
        }
        #[inline(always)]
        fn times(self, c: f64) -> Self {
            self * c
        }
        #[inline(always)]
        fn value(&self) -> f64 {
            self.re
        }
        #[inline(always)]
        fn over(self, other: Self) -> Self {
            self / other
        }
        #[inline(always)]
        fn exp(self) -> Self {
            DualNum::exp(&self)
        }
        #[inline(always)]
        fn ln(self) -> Self {
            DualNum::ln(&self)
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            DualNum::sqrt(&self)
        }
        #[inline(always)]
        fn tanh(self) -> Self {
            DualNum::tanh(&self)
        }
        #[inline(always)]
        fn normal_cdf(self) -> Self {
            let x = self.clone();
            ((x.clone() + x.clone() * x.clone() * x * 0.044715) * 0.7978845608028654).tanh() * 0.5 + 0.5
        }
    })* };
}

// A vector of `D`, and beside it its row and a matrix.
through_dual_num! {
    DualVec: [D];
    Dual2Vec: [D], [U1, D], [D, D];
}
