//! Exact search: to the minimiser along the line.
//!
//! ```text
//! find t > 0 with |φ'(t)| ≤ tolerance · |φ'(0)| and φ(t) ≤ φ(0)
//!
//! 1. expand from the first guess while the slope stays negative; the secant of the last two slopes,
//!        t = t₁ - φ'(t₁) (t₁ - t₀) / (φ'(t₁) - φ'(t₀)),
//!    is exact on a quadratic; it may exceed t₁ by a factor of 100, then 100², 100⁴, …
//! 2. between a negative slope φ'(l) and a positive φ'(u): regula falsi; where the same end u stays twice, φ'(u) is
//!    scaled by m = 1 - φ'(new l)/φ'(old l), or by ½ if m ≤ 0, and likewise for l; bisect where that is slow
//! 3. a trial that is not finite, or higher than the lower end although its slope is negative, bars the line there:
//!    a minimum lies before it
//! ```
//!
//! Step 2 is N. Anderson and Å. Björck, *A new high order method of regula falsi type for computing a root of an
//! equation*, BIT 13, 1973, 253–264. The search works on slopes since values are blind near a minimum: they agree to
//! rounding over a distance of about `√ε`.

use std::mem::swap;

use super::{Line, Search, Trial};
use crate::optim::norm::norm;
use crate::optim::walk::FALL;
use crate::optim::{Evaluations, Point, Stop};

/// The minimiser along the line, to rounding if the objective is quadratic along it.
///
/// Costs 2 evaluations on a quadratic once a step was made, 2 to 7 on most smooth functions, and more where the
/// curvature vanishes. It never returns a point that is higher than the start of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exact {
    /// How small the slope must become, as a part of the slope at the start of the line.
    pub tolerance: f64,
    /// How many points are tried on a line before the lowest is taken.
    pub max_evaluations: usize,
}

/// As many trials that lie higher than the start of the line, and slope down, are no hump: the slope is not that of the
/// value.
const RISES: usize = 8;

impl Default for Exact {
    /// Tolerance 1e-6, 40 evaluations.
    fn default() -> Exact {
        Exact { tolerance: 1e-6, max_evaluations: 40 }
    }
}

impl Search for Exact {
    fn search(
        &self,
        line: &Line<'_>,
        first: f64,
        f: &mut Evaluations<'_>,
        to: &mut Point,
        spare: &mut Point,
    ) -> Result<f64, Stop> {
        let (start, begun) = (line.start(), f.count());
        let mut bracket = Bracket::new(start);
        let (mut lowest, mut rises) = (start, 0);
        let mut next = Some(first);
        for _ in 0..self.max_evaluations {
            let Some(t) = next.filter(|&t| line.place(t, to)) else { break };
            let trial = match line.trial(t, f, to) {
                Err(_) if lowest.t > 0.0 => break, // a lower point is at hand: the loop around sees the limit
                trial => trial?,
            };
            let level = trial.slope.abs() <= self.tolerance * start.slope.abs();
            let bottomless = trial.value == f64::NEG_INFINITY;
            if level && trial.value <= start.value || bottomless && lowest.value > -FALL {
                return Ok(t);
            }
            if level && trial.value <= start.value + bracket.rounding || bottomless {
                break; // nothing better will be found: take the lowest
            }
            let finite = to.is_finite();
            bracket.add(trial, finite);
            if finite && trial.value < lowest.value {
                lowest = trial;
                swap(to, spare);
            }
            rises += usize::from(finite && trial.slope < 0.0 && trial.value > start.value + bracket.rounding);
            next = bracket.next().filter(|_| rises < RISES || lowest.t > 0.0);
        }
        swap(to, spare);
        if lowest.t > 0.0 { Ok(lowest.t) } else { Err(self.failure(line, rises, f.count() - begun)) }
    }
}

impl Exact {
    fn failure(&self, line: &Line<'_>, rises: usize, evaluations: usize) -> Stop {
        let norm = norm(&line.from.gradient);
        if rises >= RISES || evaluations >= self.max_evaluations {
            Stop::LineSearch { norm, evaluations }
        } else {
            Stop::NoProgress { norm }
        }
    }
}

/// Where a minimum is known to lie.
#[derive(Debug)]
struct Bracket {
    /// The lower end: `φ'(lo) < 0`, and `φ(lo) ≤ φ(0)` up to rounding.
    lo: Trial,
    /// The lower end before this one.
    before: Option<Trial>,
    upper: Upper,
    /// The slopes at the ends as the regula falsi scales them.
    scaled: (f64, f64),
    /// Which end the last trial replaced.
    replaced: Option<End>,
    /// How many trials in a row did not halve the bracket.
    slow: usize,
    /// By how much the secant may exceed `lo.t`.
    growth: f64,
    /// By how much two values may differ and still be equal.
    rounding: f64,
}

#[derive(Debug, Clone, Copy)]
enum Upper {
    /// Not found yet.
    Open,
    /// `φ' > 0` here.
    Uphill(Trial),
    /// Not finite here, or higher than `lo`.
    Barred(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Lower,
    Upper,
}

impl Bracket {
    fn new(start: Trial) -> Bracket {
        Bracket {
            lo: start,
            before: None,
            upper: Upper::Open,
            scaled: (start.slope, 0.0),
            replaced: None,
            slow: 0,
            growth: 100.0,
            rounding: 4.0 * f64::EPSILON * start.value.abs(),
        }
    }

    /// Narrows the bracket by a trial inside it, or beyond `lo` if it is open.
    fn add(&mut self, trial: Trial, finite: bool) {
        let width = self.width();
        if !finite
            || !trial.slope.is_finite()
            || (trial.slope <= 0.0 && trial.value > self.lo.value + self.rounding)
        {
            self.upper = Upper::Barred(trial.t);
            self.replaced = None;
        } else if trial.slope <= 0.0 {
            if self.replaced == Some(End::Lower) {
                self.scaled.1 *= shrink(trial.slope / self.lo.slope);
            }
            (self.before, self.lo) = (Some(self.lo), trial);
            self.scaled.0 = trial.slope;
            self.replaced = Some(End::Lower);
        } else {
            match self.upper {
                Upper::Uphill(old) if self.replaced == Some(End::Upper) => {
                    self.scaled.0 *= shrink(trial.slope / old.slope);
                }
                Upper::Uphill(_) => {}
                Upper::Open | Upper::Barred(_) => self.scaled.0 = self.lo.slope,
            }
            self.upper = Upper::Uphill(trial);
            self.scaled.1 = trial.slope;
            self.replaced = Some(End::Upper);
        }
        self.slow = if self.width() > 0.5 * width { self.slow + 1 } else { 0 };
    }

    fn width(&self) -> f64 {
        match self.upper {
            Upper::Open => f64::INFINITY,
            Upper::Uphill(hi) => hi.t - self.lo.t,
            Upper::Barred(t) => t - self.lo.t,
        }
    }

    /// Where to try next; `None` if the ends have met.
    fn next(&mut self) -> Option<f64> {
        let lo = self.lo.t;
        let t = match self.upper {
            Upper::Open => {
                let cap = lo * self.growth;
                self.growth *= self.growth;
                self.secant().map_or(cap, |t| t.min(cap))
            }
            Upper::Barred(_) => self.secant().map_or(self.inside(), |t| t.min(self.inside())),
            Upper::Uphill(_) if self.slow >= 3 => {
                self.slow = 0;
                self.inside()
            }
            Upper::Uphill(hi) => lo - self.scaled.0 * (hi.t - lo) / (self.scaled.1 - self.scaled.0),
        };
        if self.width().is_infinite() {
            return Some(t);
        }
        let upper = lo + self.width();
        let t = if t > lo && t < upper { t } else { self.inside() };
        (self.width() > 4.0 * f64::EPSILON * upper).then_some(t)
    }

    /// The middle; as long as nothing is known about the scale of the line, rather a tenth of the way.
    fn inside(&self) -> f64 {
        self.lo.t + self.width() * if self.lo.t == 0.0 { 0.1 } else { 0.5 }
    }

    /// Where the slope would be zero if it went on as between the last two lower ends; `None` if it never would.
    fn secant(&self) -> Option<f64> {
        let (lo, before) = (self.lo, self.before?);
        let t = lo.t - lo.slope * (lo.t - before.t) / (lo.slope - before.slope);
        (lo.slope > before.slope && t > lo.t).then_some(t)
    }
}

/// By how much the slope at an end that stays is scaled, the other end's new slope being `ratio` of its old.
fn shrink(ratio: f64) -> f64 {
    let m = 1.0 - ratio;
    if m > 0.0 { m } else { 0.5 }
}
