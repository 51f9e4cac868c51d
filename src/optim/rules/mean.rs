//! A running mean, and what makes up for its start at 0.
//!
//! ```text
//! m ← β m + (1 - β) g                              m = 0 at first
//! v ← β v + (1 - β) g²                             of squares
//! m̂ = m / (1 - βᵗ)
//! m̂ = β m / (1 - βᵗ⁺¹) + (1 - β) g / (1 - βᵗ)      with a look ahead
//! ```
//!
//! The look ahead is Nesterov's momentum for running means: T. Dozat, *Incorporating Nesterov momentum into Adam*, ICLR
//! workshop 2016, with a fixed `β`.

use crate::params::Element;

/// What a running mean needs at step `t`; computed in `f64`, and rounded once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mean<T> {
    /// `β`
    pub(super) keep: T,
    /// `1 - β`
    pub(super) less: T,
    /// `1 / (1 - βᵗ)`: a product is faster than a quotient.
    pub(super) scale: T,
    /// `1 / (1 - βᵗ⁺¹)`
    next: T,
}

impl<T: Element> Mean<T> {
    pub(super) fn new(beta: f64, t: usize) -> Mean<T> {
        let scale = |t: f64| T::nearest(1.0 / (1.0 - beta.powf(t)));
        let (keep, less) = (T::nearest(beta), T::nearest(1.0 - beta));
        Mean { keep, less, scale: scale(t as f64), next: scale(t as f64 + 1.0) }
    }

    /// `β m + (1 - β) g`
    #[inline(always)]
    pub(super) fn of(&self, m: T, g: T) -> T {
        self.keep * m + self.less * g
    }

    /// `β v + (1 - β) g²`
    #[inline(always)]
    pub(super) fn of_square(&self, v: T, g: T) -> T {
        self.keep * v + self.less * g * g
    }

    /// `m / (1 - βᵗ)`
    #[inline(always)]
    pub(super) fn corrected(&self, m: T) -> T {
        m * self.scale
    }

    /// `β m / (1 - βᵗ⁺¹) + (1 - β) g / (1 - βᵗ)`
    #[inline(always)]
    pub(super) fn ahead(&self, m: T, g: T) -> T {
        self.keep * (m * self.next) + self.less * (g * self.scale)
    }
}
