//! Why a run ended: a typed reason, and a sentence a person can act on.

use std::fmt;
use std::time::Duration;

use super::digits::Digits;

/// Why a run ended. [`Display`](fmt::Display) is a clause with the numbers and, where something can be done, advice.
///
/// Only the first three say that the run converged, and they are given only when the criterion was tested and met.
///
/// ```
/// use downhill::optim::Stop;
///
/// let stop = Stop::Gradient { norm: 9.5e-5, tolerance: 1e-4 };
/// assert!(stop.is_converged());
/// assert_eq!(stop.to_string(), "the gradient norm 9.5e-5 is within the tolerance 1e-4");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Stop {
    /// The 2-norm of the gradient is below the tolerance, or exactly 0.
    Gradient {
        /// The norm of the gradient at the final point.
        norm: f64,
        /// The tolerance asked for.
        tolerance: f64,
    },
    /// The last step changed no component of `x` by more than the tolerance.
    Step {
        /// The largest change of a component.
        size: f64,
        /// The tolerance asked for.
        tolerance: f64,
    },
    /// The last step changed the value by no more than the tolerance.
    Value {
        /// The size of the change.
        change: f64,
        /// The tolerance asked for.
        tolerance: f64,
    },
    /// As many iterations as allowed were made.
    Iterations {
        /// How many were allowed.
        limit: usize,
    },
    /// As many evaluations as allowed were made.
    Evaluations {
        /// How many were allowed.
        limit: usize,
    },
    /// The time allowed is over.
    Time {
        /// How much was allowed.
        limit: Duration,
    },
    /// The value or a component of `x` overflowed, or the value rose beyond all proportion to that at the start, or it
    /// fell without end: see [`Minimize::run`](super::Minimize::run) for the limits.
    Diverged {
        /// The last value; NaN if `x` itself overflowed before it could be computed.
        value: f64,
        /// The value at the start.
        start: f64,
        /// The largest `|xᵢ|` reached.
        reach: f64,
    },
    /// A number that a descent needs is NaN or infinite, and not because the run diverged.
    NotFinite {
        /// Which one.
        quantity: Quantity,
        /// What it is.
        number: f64,
        /// After how many steps; 0 is the start.
        iteration: usize,
    },
    /// What a step could still change in `x` or in the value is smaller than their rounding.
    NoProgress {
        /// The norm of the gradient there.
        norm: f64,
    },
    /// A line search found no lower value along a direction that goes downhill by its slope.
    LineSearch {
        /// The norm of the gradient there.
        norm: f64,
        /// How many evaluations it tried.
        evaluations: usize,
    },
    /// The callback said so.
    User,
}

/// Which number is not finite in [`Stop::NotFinite`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// This component of the start, from 0.
    X(usize),
    /// The value of the objective.
    Value,
    /// This component of the gradient, from 0.
    Gradient(usize),
}

impl Stop {
    /// Whether a tolerance was tested and met: [`Gradient`](Stop::Gradient), [`Step`](Stop::Step) or
    /// [`Value`](Stop::Value).
    pub fn is_converged(&self) -> bool {
        matches!(self, Stop::Gradient { .. } | Stop::Step { .. } | Stop::Value { .. })
    }

    /// Whether the walk ran away: [`Diverged`](Stop::Diverged).
    pub fn is_diverged(&self) -> bool {
        matches!(self, Stop::Diverged { .. })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Stop::Gradient { norm, tolerance } => {
                write!(f, "the gradient norm {} is within the tolerance {}", Digits(norm), Digits(tolerance))
            }
            Stop::Step { size, tolerance } => write!(
                f,
                "the last step changed no component by more than {}, within the tolerance {}",
                Digits(size),
                Digits(tolerance)
            ),
            Stop::Value { change, tolerance } => write!(
                f,
                "the last step changed the value by {}, within the tolerance {}",
                Digits(change),
                Digits(tolerance)
            ),
            Stop::Iterations { limit } => limited(
                f,
                format_args!("limit of {limit} iterations"),
                "max_iterations, or try another learning rate or method",
            ),
            Stop::Evaluations { limit } => {
                limited(f, format_args!("limit of {limit} evaluations"), "max_evaluations")
            }
            Stop::Time { limit } => limited(f, format_args!("time limit of {limit:?}"), "max_time"),
            Stop::Diverged { value, start, reach } => diverged(f, value, start, reach),
            Stop::NotFinite { quantity, number, iteration } => not_finite(f, quantity, number, iteration),
            Stop::NoProgress { norm } => no_progress(f, norm),
            Stop::LineSearch { norm, evaluations } => line_search(f, norm, evaluations),
            Stop::User => f.write_str("the callback ended it"),
        }
    }
}

fn limited(f: &mut fmt::Formatter<'_>, limit: fmt::Arguments<'_>, raise: &str) -> fmt::Result {
    write!(f, "the {limit} was reached before a tolerance was met; raise {raise}")
}

fn diverged(f: &mut fmt::Formatter<'_>, value: f64, start: f64, reach: f64) -> fmt::Result {
    if value < start {
        let value = Digits(value);
        return write!(
            f,
            "the value fell to {value}: the objective has no lower bound; bound it or add a penalty"
        );
    }
    if !reach.is_finite() {
        return f.write_str(
            "x overflowed: either the steps are too long (lower the learning rate, or use back_off()), or the \
             objective falls without a lower bound",
        );
    }
    write!(
        f,
        "the value rose from {} to {}, with components of x up to {}; lower the learning rate, or use back_off()",
        Digits(start),
        Digits(value),
        Digits(reach)
    )
}

fn no_progress(f: &mut fmt::Formatter<'_>, norm: f64) -> fmt::Result {
    write!(
        f,
        "what a step could still change is lost in rounding, with a gradient norm of {}; this is as low as the method \
         gets here, unless its rate has become too small",
        Digits(norm)
    )
}

fn line_search(f: &mut fmt::Formatter<'_>, norm: f64, evaluations: usize) -> fmt::Result {
    write!(
        f,
        "the line search tried {evaluations} points downhill and found no lower value, with a gradient norm of {}; \
         check that the gradient is that of the value, and that there is no kink here",
        Digits(norm)
    )
}

fn not_finite(f: &mut fmt::Formatter<'_>, what: Quantity, number: f64, iteration: usize) -> fmt::Result {
    match what {
        Quantity::X(i) => write!(f, "component {i} of the start is {number}")?,
        Quantity::Value => write!(f, "the value is {number}")?,
        Quantity::Gradient(i) => write!(f, "component {i} of the gradient is {number}")?,
    }
    match (what, iteration) {
        (Quantity::X(_), _) => f.write_str("; every component must be a finite number"),
        (_, 0) => f.write_str(" at the start; start where the objective is defined and smooth"),
        _ => write!(
            f,
            " at iteration {iteration}: the step left the domain of the objective or met a point without slope; lower \
             the learning rate, or use back_off()"
        ),
    }
}
