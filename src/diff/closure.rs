//! A closure over variables as an [`Objective`].

use std::fmt;

use super::gradient::evaluate;
use super::{Objective, Start};
use crate::tape::{Coordinates, Var};

/// A closure with the shape of the start `S`, as the optimizers see it.
///
/// ```
/// use downhill::diff::{Closure, Objective};
///
/// let mut bowl = Closure::new(|[x, y]| x * x + y * y, [0.0; 2]);
/// let mut gradient = [0.0; 2];
/// assert_eq!(bowl.value_and_gradient(&[3.0, 4.0], &mut gradient), 25.0);
/// assert_eq!(gradient, [6.0, 8.0]);
/// ```
pub struct Closure<S: Coordinates, F> {
    f: F,
    /// The arguments of plain evaluations, kept so that the next one allocates nothing.
    constants: Vec<Var>,
    /// How many variables the closure takes.
    n: usize,
    shape: S::Shape,
}

impl<F, S: Start<F>> Closure<S, F> {
    /// The objective `f`, called with arguments in the shape of `start`.
    pub fn new(f: F, start: S) -> Closure<S, F> {
        Closure { f, constants: Vec::new(), n: start.values().len(), shape: start.shape() }
    }

    #[track_caller]
    fn assert_length(&self, what: &str, length: usize) {
        let n = self.n;
        assert!(
            length == n,
            "downhill: the objective takes {n} variables, and was given {what} of length {length}"
        );
    }
}

impl<F, S: Start<F>> Objective for Closure<S, F> {
    /// # Panics
    ///
    /// If `x` is not as long as the start.
    #[track_caller]
    fn value(&mut self, x: &[f64]) -> f64 {
        self.assert_length("a point", x.len());
        self.constants.clear();
        self.constants.extend(x.iter().map(|&x| Var::constant(x)));
        S::call(&mut self.f, &self.shape, &self.constants).value()
    }

    /// # Panics
    ///
    /// If `x` or `gradient` is not as long as the start; as [`gradient`](super::gradient()).
    #[track_caller]
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.assert_length("a point", x.len());
        self.assert_length("room for a gradient", gradient.len());
        evaluate::<F, S>(&mut self.f, &self.shape, x, gradient)
    }
}

impl<S: Coordinates, F> fmt::Debug for Closure<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closure").finish_non_exhaustive()
    }
}
