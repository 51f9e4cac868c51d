//! A method of descent: how one point becomes the next, whatever it has to evaluate for that.
//!
//! ```text
//! (x_k, f_k, g_k)  →  (x_{k+1}, f_{k+1}, g_{k+1})
//! ```
//!
//! Every [`Rule`] is a method that evaluates once per step, at the new point. [`BackOff`](super::BackOff) and
//! [`SteepestDescent`](super::SteepestDescent) may evaluate more often.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::memory::{Given, Memory};
use super::{Rule, Stop};
use crate::diff::Objective;
use crate::params::Layout;

/// A point of the walk: where, how high, how steep.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The point, `[n]`.
    pub x: Vec<f64>,
    /// The objective's value there; NaN before it is evaluated.
    pub value: f64,
    /// Its gradient there, `[n]`; NaN before it is evaluated.
    pub gradient: Vec<f64>,
}

impl Point {
    /// At `x: [n]`, not evaluated yet.
    pub fn new(x: Vec<f64>) -> Point {
        let gradient = vec![f64::NAN; x.len()];
        Point { x, value: f64::NAN, gradient }
    }

    /// Whether the value and every component of `x` and of the gradient are finite.
    pub fn is_finite(&self) -> bool {
        let finite = |v: &[f64]| v.iter().all(|v| v.is_finite());
        self.value.is_finite() && finite(&self.x) && finite(&self.gradient)
    }
}

/// One step of a descent, from point to point.
///
/// ```
/// use downhill::optim::{Evaluations, Method, Point, SteepestDescent};
/// # struct Bowl;
/// # impl downhill::diff::Objective for Bowl {
/// #     fn value(&mut self, x: &[f64]) -> f64 { x[0] * x[0] }
/// #     fn value_and_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 { g[0] = 2.0 * x[0]; x[0] * x[0] }
/// # }
/// // A step by hand; `Bowl` is x².
/// let mut bowl = Bowl;
/// let mut f = Evaluations::new(&mut bowl);
/// let (mut from, mut to) = (Point::new(vec![3.0]), Point::new(vec![0.0]));
/// f.evaluate(&mut from)?;
/// let method = SteepestDescent::new();
/// let mut memory = method.begin(&from.x);
/// method.advance(&mut memory, &mut f, &from, &mut to)?;
/// assert!(to.x[0].abs() < 1e-15);
/// # Ok::<(), downhill::optim::Stop>(())
/// ```
pub trait Method {
    /// What the method remembers from step to step.
    type Memory: Debug;

    /// The memory before the first step, from `x: [n]`.
    fn begin(&self, x: &[f64]) -> Self::Memory;

    /// Goes from the evaluated point `from` to the next one, and leaves that, evaluated, in `to`; what `to` holds
    /// before is of no meaning, only its lengths are right.
    ///
    /// # Errors
    ///
    /// A [`Stop`] where there is no next point; `to` is of no meaning then. A next point that is not finite, or
    /// higher, is not an error: the loop around sees it.
    fn advance(
        &self,
        memory: &mut Self::Memory,
        f: &mut Evaluations<'_>,
        from: &Point,
        to: &mut Point,
    ) -> Result<(), Stop>;
}

/// One step of the rule, and one evaluation at the new point.
impl<R: Rule> Method for R {
    type Memory = Memory<R::State>;

    fn begin(&self, x: &[f64]) -> Self::Memory {
        let layout = Arc::new(Layout::of_one(&[x.len()]));
        Memory::new(self.init(&layout, x), layout)
    }

    fn advance(
        &self,
        memory: &mut Self::Memory,
        f: &mut Evaluations<'_>,
        from: &Point,
        to: &mut Point,
    ) -> Result<(), Stop> {
        to.x.copy_from_slice(&from.x);
        memory.step(self, &mut to.x, Given::of(from, 1.0));
        f.evaluate(to)
    }
}

/// The objective with a meter: counts evaluations, and ends them when the budget or the time is spent.
pub struct Evaluations<'a> {
    objective: &'a mut dyn Objective,
    count: usize,
    limit: usize,
    deadline: Option<(Instant, Duration)>,
}

impl<'a> Evaluations<'a> {
    /// Without a limit.
    pub fn new(objective: &'a mut dyn Objective) -> Evaluations<'a> {
        Evaluations { objective, count: 0, limit: usize::MAX, deadline: None }
    }

    /// At most `limit` evaluations, and none after `time` from now. The clock is read only if there is a time.
    pub fn limited(
        objective: &'a mut dyn Objective,
        limit: usize,
        time: Option<Duration>,
    ) -> Evaluations<'a> {
        Evaluations { objective, count: 0, limit, deadline: time.map(|time| (Instant::now(), time)) }
    }

    /// How many evaluations were made; a value alone counts like a value with its gradient.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The reason why there may be no further evaluation, if there is one.
    pub fn spent(&self) -> Option<Stop> {
        if self.count >= self.limit {
            return Some(Stop::Evaluations { limit: self.limit });
        }
        match self.deadline {
            Some((begun, limit)) if begun.elapsed() >= limit => Some(Stop::Time { limit }),
            _ => None,
        }
    }

    /// Evaluates value and gradient at `at.x`, into `at`.
    ///
    /// The objective is never asked about an `x` that is not finite; value and gradient are NaN there, at no cost.
    ///
    /// # Errors
    ///
    /// The [`Stop`] of [`spent`](Evaluations::spent); then nothing was evaluated.
    pub fn evaluate(&mut self, at: &mut Point) -> Result<(), Stop> {
        match self.spent() {
            Some(stop) => Err(stop),
            None => {
                self.evaluate_anyway(at);
                Ok(())
            }
        }
    }

    /// [`evaluate`](Evaluations::evaluate) without regard to limits.
    pub(crate) fn evaluate_anyway(&mut self, at: &mut Point) {
        if at.x.iter().all(|x| x.is_finite()) {
            self.count += 1;
            at.value = self.objective.value_and_gradient(&at.x, &mut at.gradient);
        } else {
            at.value = f64::NAN;
            at.gradient.fill(f64::NAN);
        }
    }

    /// Evaluates the value alone at `x: [n]`; NaN, at no cost, where `x` is not finite.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Evaluations::evaluate).
    pub fn value(&mut self, x: &[f64]) -> Result<f64, Stop> {
        if let Some(stop) = self.spent() {
            return Err(stop);
        }
        if !x.iter().all(|x| x.is_finite()) {
            return Ok(f64::NAN);
        }
        self.count += 1;
        Ok(self.objective.value(x))
    }
}

impl Debug for Evaluations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evaluations")
            .field("count", &self.count)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
