//! `minimize`: one call that walks downhill until there is a reason to stop.
//!
//! ```text
//! evaluate at x₀
//! repeat
//!     not finite, or diverged?              stop
//!     |g| < tolerance?                      converged
//!     the last step, or change of the value, within its tolerance, if one is set?     converged
//!     iterations, callback, evaluations, time?      stop
//!     step, by the method
//! ```
//!
//! The gradient is tested before the step is taken, so a run of `k` steps of a [`Rule`](super::Rule) costs `k + 1`
//! evaluations.

use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use super::walk::{Criteria, Walk};
use super::{Evaluations, Method, Outcome, SteepestDescent, Stop};
use crate::diff::{Closure, Objective, Start};

/// What a callback sees of each point, the start and the last one included.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// How many steps were taken; 0 is the start.
    pub iteration: usize,
    /// How many evaluations were made.
    pub evaluations: usize,
    /// The point, `[n]`.
    pub x: &'a [f64],
    /// The value there.
    pub value: f64,
    /// The gradient there, `[n]`.
    pub gradient: &'a [f64],
    /// Its 2-norm.
    pub gradient_norm: f64,
}

/// Minimises a closure over variables from `start`, whose type decides what the closure receives (see [`Start`]).
///
/// As [`minimize_objective`], with the gradient by the tape.
///
/// ```
/// use downhill::prelude::*;
///
/// let banana = |[x, y]: [Var; 2]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
/// let walk = minimize(banana, [-1.9, -0.9])
///     .method(GradientDescent::new(1e-3))
///     .gradient_tolerance(1e-4)
///     .max_iterations(1_000_000)
///     .run();
/// assert!(walk.is_converged());
/// assert!((walk.x[0] - 1.0).abs() < 1e-3);
/// assert_eq!(walk.evaluations, walk.iterations + 1);
/// ```
pub fn minimize<F, S: Start<F>>(f: F, start: S) -> Minimize<Closure<S, F>> {
    let x = start.values().to_vec();
    Minimize::new(Closure::new(f, start), x)
}

/// Minimises an [`Objective`] from `start: [n]`: how, until when, and what to keep is set on what this returns.
///
/// It never fails and never panics by itself: whatever the objective does, [`run`](Minimize::run) returns the best
/// point and the reason why it stopped there. Unless told otherwise it is steepest descent with an exact line search,
/// to a gradient norm of 1e-6, in at most 10,000 iterations.
///
/// ```
/// use downhill::prelude::*;
///
/// /// The banana, (1 - x)² + 100 (y - x²)².
/// struct Banana;
/// impl Objective for Banana {
///     fn value(&mut self, p: &[f64]) -> f64 {
///         (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2)
///     }
///     fn value_and_gradient(&mut self, p: &[f64], gradient: &mut [f64]) -> f64 {
///         let u = p[1] - p[0] * p[0];
///         gradient[0] = -2.0 * (1.0 - p[0]) - 400.0 * p[0] * u;
///         gradient[1] = 200.0 * u;
///         self.value(p)
///     }
/// }
///
/// let walk = minimize_objective(Banana, &[-1.9, -0.9])
///     .method(Momentum::new(5e-4))
///     .gradient_tolerance(1e-4)
///     .run();
/// assert!(walk.is_converged());
/// assert!((walk.x[0] - 1.0).abs() < 1e-3);
/// assert_eq!(walk.evaluations, walk.iterations + 1);
/// println!("{walk}"); // where, how low, how many steps and evaluations, and why it stopped
/// ```
pub fn minimize_objective<O: Objective>(objective: O, start: &[f64]) -> Minimize<O> {
    Minimize::new(objective, start.to_vec())
}

/// A minimisation about to [`run`](Minimize::run).
///
/// `O` is the objective, `M` the method, `C` the callback.
#[must_use = "nothing is minimised before `run`"]
pub struct Minimize<O, M = SteepestDescent, C = fn(&Progress<'_>) -> ControlFlow<()>> {
    objective: O,
    start: Vec<f64>,
    method: M,
    callback: C,
    criteria: Criteria,
    max_evaluations: usize,
    max_time: Option<Duration>,
    keep_path: bool,
    keep_history: bool,
}

impl<O: Objective> Minimize<O> {
    pub(crate) fn new(objective: O, start: Vec<f64>) -> Minimize<O> {
        Minimize {
            objective,
            start,
            method: SteepestDescent::new(),
            callback: |_| ControlFlow::Continue(()),
            criteria: Criteria { gradient: 1e-6, step: None, value: None, iterations: 10_000 },
            max_evaluations: usize::MAX,
            max_time: None,
            keep_path: false,
            keep_history: false,
        }
    }
}

impl<O, M, C> Minimize<O, M, C> {
    /// The method: a [`Rule`](super::Rule), [`BackOff`](super::BackOff) of one, or [`SteepestDescent`], which is the
    /// default.
    pub fn method<N: Method>(self, method: N) -> Minimize<O, N, C> {
        Minimize {
            objective: self.objective,
            start: self.start,
            method,
            callback: self.callback,
            criteria: self.criteria,
            max_evaluations: self.max_evaluations,
            max_time: self.max_time,
            keep_path: self.keep_path,
            keep_history: self.keep_history,
        }
    }

    /// Calls back at every point, the start and the last one included; `ControlFlow::Break(())` ends the run there, as
    /// [`Stop::User`] unless it ends there anyway.
    pub fn callback<D>(self, callback: D) -> Minimize<O, M, D>
    where
        D: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        Minimize {
            objective: self.objective,
            start: self.start,
            method: self.method,
            callback,
            criteria: self.criteria,
            max_evaluations: self.max_evaluations,
            max_time: self.max_time,
            keep_path: self.keep_path,
            keep_history: self.keep_history,
        }
    }

    /// Converged when the 2-norm of the gradient is below `tolerance`; 1e-6 unless set. A gradient of exactly 0 is
    /// below every tolerance. With 0 only such a gradient ends the run: for a fixed number of steps, set 0 here and
    /// [`max_iterations`](Minimize::max_iterations).
    pub fn gradient_tolerance(mut self, tolerance: f64) -> Self {
        self.criteria.gradient = tolerance;
        self
    }

    /// Converged when a step changes no component of `x` by more than `tolerance`; off unless set.
    ///
    /// That step is taken. (A loop that tests `np.all(np.abs(diff) <= tol)` before it subtracts ends one step earlier.)
    pub fn step_tolerance(mut self, tolerance: f64) -> Self {
        self.criteria.step = Some(tolerance);
        self
    }

    /// Converged when a step changes the value by no more than `tolerance`; off unless set.
    pub fn value_tolerance(mut self, tolerance: f64) -> Self {
        self.criteria.value = Some(tolerance);
        self
    }

    /// At most `limit` steps; 10,000 unless set.
    pub fn max_iterations(mut self, limit: usize) -> Self {
        self.criteria.iterations = limit;
        self
    }

    /// At most `limit` evaluations, those of line searches included; no limit unless set. The start is always
    /// evaluated.
    pub fn max_evaluations(mut self, limit: usize) -> Self {
        self.max_evaluations = limit;
        self
    }

    /// No evaluation begins later than `limit` after [`run`](Minimize::run); no limit unless set.
    pub fn max_time(mut self, limit: Duration) -> Self {
        self.max_time = Some(limit);
        self
    }

    /// Keeps every point in [`Outcome::path`]; `n` numbers for each step.
    pub fn keep_path(mut self, keep: bool) -> Self {
        self.keep_path = keep;
        self
    }

    /// Keeps every value in [`Outcome::history`].
    pub fn keep_history(mut self, keep: bool) -> Self {
        self.keep_history = keep;
        self
    }
}

impl<O, M, C> Minimize<O, M, C>
where
    O: Objective,
    M: Method,
    C: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    /// Walks until there is a reason to stop.
    ///
    /// The run ends
    ///
    /// * as [`Stop::Diverged`] when after a step the value is above `1e20 (1 + |f(x₀)|)` or below `-1e100`, infinities
    ///   included, or a component of `x` is not finite;
    /// * as [`Stop::NotFinite`] when the value is NaN or a component of the gradient is not finite, or when the value
    ///   or a component of `x` is not finite at the start;
    /// * as [`Stop::NoProgress`] when 100 steps in a row leave `x` as it is;
    /// * as the method says, or when a tolerance is met, a limit reached, or the callback breaks off.
    ///
    /// The objective is never called with an `x` that is not finite.
    ///
    /// # Panics
    ///
    /// Only if the objective or the callback does.
    pub fn run(self) -> Outcome {
        let Minimize { mut objective, method, mut callback, criteria, .. } = self;
        let mut memory = method.begin(&self.start);
        let mut f = Evaluations::limited(&mut objective, self.max_evaluations, self.max_time);
        let mut walk = Walk::new(self.start, &mut f, self.keep_path, self.keep_history);
        let stop = loop {
            let met = criteria.met(&walk);
            let flow = callback(&walk.progress(f.count()));
            if let Some(stop) = met {
                break stop;
            }
            if flow.is_break() {
                break Stop::User;
            }
            if let Some(stop) = f.spent() {
                break stop;
            }
            if let Err(stop) = walk.advance(&method, &mut memory, &mut f) {
                break stop;
            }
        };
        walk.finish(stop, f.count())
    }
}

impl<O, M: fmt::Debug, C> fmt::Debug for Minimize<O, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Minimize")
            .field("start", &self.start)
            .field("method", &self.method)
            .field("criteria", &self.criteria)
            .finish_non_exhaustive()
    }
}
