//! What can be drawn as a surface: a function of two numbers, or an objective.

use crate::tape::Var;

/// A function of two numbers, in any of the shapes in which one has it at hand.
///
/// | shape | |
/// |---|---|
/// | `Fn(f64, f64) -> f64` | an ordinary function |
/// | `Fn([Var; 2]) -> Var` | an objective; it is evaluated on constants, and nothing is recorded |
/// | `Fn(&[Var]) -> Var` | the same, for objectives of slices, such as those of [`problems`](crate::problems) |
///
/// `Shape` tells the implementations apart and is never written. A closure needs the types of its arguments:
/// `|x: f64, y: f64| x * y`.
///
/// ```
/// use downhill::plot::Height;
/// use downhill::prelude::*;
///
/// fn at<Shape>(f: impl Height<Shape>) -> f64 {
///     f.height(2.0, 3.0)
/// }
/// assert_eq!(at(|x: f64, y: f64| x * y), 6.0);
/// assert_eq!(at(|[x, y]: [Var; 2]| x * y), 6.0);
/// assert_eq!(at(|x: &[Var]| x[0] * x[1]), 6.0);
/// ```
pub trait Height<Shape> {
    /// The height over `(x, y)`.
    fn height(&self, x: f64, y: f64) -> f64;
}

impl<F: Fn(f64, f64) -> f64> Height<(f64, f64)> for F {
    fn height(&self, x: f64, y: f64) -> f64 {
        self(x, y)
    }
}

impl<F: Fn([Var; 2]) -> Var> Height<[Var; 2]> for F {
    fn height(&self, x: f64, y: f64) -> f64 {
        self([Var::constant(x), Var::constant(y)]).value()
    }
}

impl<F: Fn(&[Var]) -> Var> Height<&[Var]> for F {
    fn height(&self, x: f64, y: f64) -> f64 {
        self(&[Var::constant(x), Var::constant(y)]).value()
    }
}

/// A height whose shape is forgotten.
pub(super) type Heights<'a> = Box<dyn Fn(f64, f64) -> f64 + 'a>;
