//! The walk in progress: the points of the descent, what is known of the last step, and the best point so far.

use std::mem::swap;

use super::norm::{largest, norm};
use super::{Evaluations, Method, Outcome, Point, Progress, Quantity, Stop};

/// A walk under way. Three points take turns, so that nothing is copied: where it is, where it was, and the best one if
/// that is neither.
#[derive(Debug)]
pub(crate) struct Walk {
    at: Point,
    /// The point before, or free for the next one.
    spare: Point,
    best: Point,
    /// The value of the best finite point; `None` before there is one.
    lowest: Option<f64>,
    best_is_here: bool,
    /// The value at the start.
    start: f64,
    /// The gradient's norm here.
    norm: f64,
    /// The largest change of a component in the last step.
    step: f64,
    /// The change of the value in the last step.
    change: f64,
    /// How many steps in a row did not change `x`.
    still: usize,
    iterations: usize,
    path: Option<Vec<Vec<f64>>>,
    history: Option<Vec<f64>>,
}

/// As many steps in a row without a change of `x` are taken for the end; momentum may need some to build up.
const STILL: usize = 100;

/// A value that rose by this factor is on its way to overflow.
const RISE: f64 = 1e20;

/// A value that fell below minus this has no lower bound to stop it.
pub(crate) const FALL: f64 = 1e100;

impl Walk {
    /// At the start, which is evaluated whatever the limits.
    pub(crate) fn new(start: Vec<f64>, f: &mut Evaluations<'_>, keep_path: bool, keep_history: bool) -> Walk {
        let n = start.len();
        let mut at = Point::new(start);
        f.evaluate_anyway(&mut at);
        let mut walk = Walk {
            spare: Point::new(vec![0.0; n]),
            best: Point::new(vec![0.0; n]),
            lowest: None,
            best_is_here: true,
            start: at.value,
            norm: norm(&at.gradient),
            step: f64::INFINITY,
            change: f64::INFINITY,
            still: 0,
            iterations: 0,
            path: keep_path.then(Vec::new),
            history: keep_history.then(Vec::new),
            at,
        };
        walk.lowest = walk.at.is_finite().then_some(walk.at.value);
        walk.record();
        walk
    }

    /// One step of the method.
    pub(crate) fn advance<M: Method + ?Sized>(
        &mut self,
        method: &M,
        memory: &mut M::Memory,
        f: &mut Evaluations<'_>,
    ) -> Result<(), Stop> {
        method.advance(memory, f, &self.at, &mut self.spare)?;
        swap(&mut self.at, &mut self.spare);
        self.iterations += 1;
        self.norm = norm(&self.at.gradient);
        self.step = largest(self.at.x.iter().zip(&self.spare.x).map(|(now, then)| now - then));
        self.change = (self.at.value - self.spare.value).abs();
        self.still = if self.step == 0.0 { self.still + 1 } else { 0 };
        self.record();
        self.keep_best();
        Ok(())
    }

    fn keep_best(&mut self) {
        let finite = self.at.value.is_finite() && self.norm.is_finite() && self.step.is_finite();
        if finite && self.lowest.is_none_or(|lowest| self.at.value <= lowest) {
            self.lowest = Some(self.at.value);
            self.best_is_here = true;
        } else if self.best_is_here {
            swap(&mut self.best, &mut self.spare);
            self.best_is_here = false;
        }
    }

    fn record(&mut self) {
        if let Some(path) = &mut self.path {
            path.push(self.at.x.clone());
        }
        if let Some(history) = &mut self.history {
            history.push(self.at.value);
        }
    }

    /// What a callback sees.
    pub(crate) fn progress(&self, evaluations: usize) -> Progress<'_> {
        Progress {
            iteration: self.iterations,
            evaluations,
            x: &self.at.x,
            value: self.at.value,
            gradient: &self.at.gradient,
            gradient_norm: self.norm,
        }
    }

    /// Why the walk cannot go on from here, if it cannot.
    fn trouble(&self) -> Option<Stop> {
        let value = self.at.value;
        let gradient = || self.at.gradient.iter().position(|g| !g.is_finite());
        let not_finite =
            |quantity, number| Some(Stop::NotFinite { quantity, number, iteration: self.iterations });
        if self.iterations == 0 {
            if let Some(i) = self.at.x.iter().position(|x| !x.is_finite()) {
                return not_finite(Quantity::X(i), self.at.x[i]);
            }
        } else if !self.step.is_finite()
            || value > RISE * (1.0 + self.start.abs())
            || value < self.start.min(-FALL)
        {
            let reach = largest(self.at.x.iter().copied());
            return Some(Stop::Diverged { value, start: self.start, reach });
        }
        if !value.is_finite() {
            return not_finite(Quantity::Value, value);
        }
        let i = gradient()?;
        not_finite(Quantity::Gradient(i), self.at.gradient[i])
    }

    /// The outcome of a walk that ended because of `stop`.
    pub(crate) fn finish(self, stop: Stop, evaluations: usize) -> Outcome {
        let here = stop.is_converged() || self.best_is_here;
        let Point { x, value, gradient } = if here { self.at } else { self.best };
        Outcome {
            x,
            value,
            gradient,
            iterations: self.iterations,
            evaluations,
            stop,
            path: self.path.unwrap_or_default(),
            history: self.history.unwrap_or_default(),
        }
    }
}

/// When to stop; what is not asked for is `None`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Criteria {
    pub(crate) gradient: f64,
    pub(crate) step: Option<f64>,
    pub(crate) value: Option<f64>,
    pub(crate) iterations: usize,
}

impl Criteria {
    /// The first criterion that is met where the walk is. A walk that cannot go on has not converged.
    pub(crate) fn met(&self, walk: &Walk) -> Option<Stop> {
        if let Some(stop) = walk.trouble() {
            return Some(stop);
        }
        let (norm, size, change) = (walk.norm, walk.step, walk.change);
        if norm < self.gradient || norm == 0.0 {
            return Some(Stop::Gradient { norm, tolerance: self.gradient });
        }
        if let Some(tolerance) = self.step.filter(|&tolerance| walk.iterations > 0 && size <= tolerance) {
            return Some(Stop::Step { size, tolerance });
        }
        if let Some(tolerance) = self.value.filter(|&tolerance| walk.iterations > 0 && change <= tolerance) {
            return Some(Stop::Value { change, tolerance });
        }
        if walk.still >= STILL {
            return Some(Stop::NoProgress { norm });
        }
        (walk.iterations >= self.iterations).then_some(Stop::Iterations { limit: self.iterations })
    }
}
