//! What a run brought home.

use std::fmt;

use super::Stop;
use super::digits::Digits;
use super::norm::norm;

/// Where a run ended, how low, what it cost, and why it stopped.
///
/// `x` is the last point if the run converged, and otherwise the lowest point it met at which everything was finite. If
/// there was none, not even the start, it is the start.
///
/// [`Display`](fmt::Display) is a few lines for a person:
///
/// ```text
/// converged: the gradient norm 9.999916e-5 is within the tolerance 1e-4
///   x           [0.99988821, 0.99977598]
///   value       1.2517561e-8
///   gradient    9.999916e-5 (2-norm)
///   iterations  199077 with 199078 evaluations
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Outcome {
    /// The point, `[n]`.
    pub x: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there, `[n]`.
    pub gradient: Vec<f64>,
    /// How many steps were taken.
    pub iterations: usize,
    /// How many evaluations were made, the first one and those of line searches included.
    pub evaluations: usize,
    /// Why it stopped.
    pub stop: Stop,
    /// Every point from the start to the last one, `[iterations + 1][n]`, if
    /// [`keep_path`](super::Minimize::keep_path) was set; otherwise empty. A last point that is not finite is in it.
    pub path: Vec<Vec<f64>>,
    /// The values along the path, `[iterations + 1]`, if [`keep_history`](super::Minimize::keep_history) was set;
    /// otherwise empty.
    pub history: Vec<f64>,
}

impl Outcome {
    /// Whether a tolerance was tested and met.
    pub fn is_converged(&self) -> bool {
        self.stop.is_converged()
    }

    /// Whether the walk ran away: the steps were too long, or the objective has no lower bound.
    pub fn is_diverged(&self) -> bool {
        self.stop.is_diverged()
    }
}

/// As many components of `x` are shown at the front; of a longer one, the last follows after dots.
const SHOWN: usize = 6;

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_converged() { "converged" } else { "not converged" };
        writeln!(f, "{verdict}: {}", self.stop)?;
        f.write_str("  x           [")?;
        for (i, x) in self.x.iter().take(SHOWN).enumerate() {
            write!(f, "{}{}", if i == 0 { "" } else { ", " }, Digits(*x))?;
        }
        match self.x.last() {
            Some(last) if self.x.len() > SHOWN => {
                writeln!(f, ", …, {}] (n = {})", Digits(*last), self.x.len())?
            }
            _ => writeln!(f, "]")?,
        }
        writeln!(f, "  value       {}", Digits(self.value))?;
        writeln!(f, "  gradient    {} (2-norm)", Digits(norm(&self.gradient)))?;
        write!(f, "  iterations  {} with {} evaluations", self.iterations, self.evaluations)
    }
}
