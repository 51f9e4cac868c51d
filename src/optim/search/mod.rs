//! Searches along a line: how far to go once the direction is chosen.
//!
//! ```text
//! φ(t) = f(x + t d),      φ'(t) = ∇f(x + t d)·d,      φ'(0) < 0
//! ```
//!
//! A method of descent is a direction and a search; a [`Search`] knows nothing of where the direction came from.

mod exact;

pub use exact::Exact;

use std::fmt::Debug;

use super::norm::dot;
use super::{Evaluations, Point, Stop};

/// The line `x + t d` from an evaluated point.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Where `t = 0`, evaluated.
    pub from: &'a Point,
    /// `d: [n]`, of any length but 0.
    pub direction: &'a [f64],
    /// `φ'(0)`, negative.
    pub slope: f64,
}

/// The objective on a line: value and slope at `t`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    /// How far along the direction.
    pub t: f64,
    /// `φ(t)`.
    pub value: f64,
    /// `φ'(t)`.
    pub slope: f64,
}

impl Line<'_> {
    /// `φ(0)` and `φ'(0)`, at no cost.
    pub fn start(&self) -> Trial {
        Trial { t: 0.0, value: self.from.value, slope: self.slope }
    }

    /// Moves `to.x` to `x + t d`, without evaluating; `false` if that is where the line starts, because of rounding.
    pub fn place(&self, t: f64, to: &mut Point) -> bool {
        let mut moved = false;
        for ((to, x), d) in to.x.iter_mut().zip(&self.from.x).zip(self.direction) {
            *to = x + t * d;
            moved |= *to != *x;
        }
        moved
    }

    /// `φ(t)` and `φ'(t)` at the point `to` that [`place`](Line::place) moved; one evaluation.
    ///
    /// # Errors
    ///
    /// When no evaluation is left, as [`Evaluations::evaluate`].
    pub fn trial(&self, t: f64, f: &mut Evaluations<'_>, to: &mut Point) -> Result<Trial, Stop> {
        f.evaluate(to)?;
        Ok(Trial { t, value: to.value, slope: dot(&to.gradient, self.direction) })
    }
}

/// A way to choose how far to go along a line.
pub trait Search: Debug {
    /// Finds a `t > 0` with `φ(t) ≤ φ(0)`, leaves the point there, evaluated, in `to`, and returns `t`. `first` is a
    /// guess of `t`; `spare` is memory of the right lengths.
    ///
    /// # Errors
    ///
    /// A [`Stop`] if there is no such point to be found; `to` is of no meaning then.
    fn search(
        &self,
        line: &Line<'_>,
        first: f64,
        f: &mut Evaluations<'_>,
        to: &mut Point,
        spare: &mut Point,
    ) -> Result<f64, Stop>;
}
