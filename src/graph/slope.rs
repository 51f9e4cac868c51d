//! Numbers that are given their derivative, where a function brings its own.
//!
//! ```text
//! y = v + p dx      value and all that v carries from v,   dy = dv + p dx
//! ```
//!
//! With `p` a number of the same kind, which carries its own derivatives, those of `y` are there to every order: over
//! `Dual<R>` the value is one of `R`, made the same way from the values, and the tangent is the product over `R`.

use crate::array::Element;
use crate::dual::{Dual, Duals};
use crate::real::Real;

/// See the head of the file.
pub(crate) trait WithSlope: Real + Element {
    /// The number whose value is that of `self`, and which varies as `self + slope · x` does where `slope` is the partial by
    /// `x`.
    fn with_slope(self, slope: Self, x: Self) -> Self;
}

impl WithSlope for f64 {
    #[inline(always)]
    fn with_slope(self, _: f64, _: f64) -> f64 {
        self
    }
}

impl<R: WithSlope> WithSlope for Dual<R> {
    #[inline]
    fn with_slope(self, slope: Dual<R>, x: Dual<R>) -> Dual<R> {
        let mut tangent = self.tangent;
        // What does not vary adds nothing, even along an infinite slope.
        if !x.tangent.vanishes() {
            tangent += slope.value * x.tangent;
        }
        Dual::new(self.value.with_slope(slope.value, x.value), tangent)
    }
}

impl<const N: usize> WithSlope for Duals<N> {
    #[inline]
    fn with_slope(mut self, slope: Duals<N>, x: Duals<N>) -> Duals<N> {
        for (tangent, along) in self.tangents.iter_mut().zip(x.tangents) {
            if along != 0.0 {
                *tangent += slope.value * along;
            }
        }
        self
    }
}
