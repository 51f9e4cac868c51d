//! A function to be minimised, as an optimizer sees it: numbers in, numbers out, no engine.

/// A scalar function of `n` numbers that can give its gradient.
///
/// Closures become one through [`minimize`](crate::optim::minimize); implement it by hand for a function whose gradient
/// you write yourself or get from elsewhere. Nothing here may fail: outside its domain a function returns NaN or an
/// infinity, and the optimizers know what to do with it.
///
/// ```
/// use downhill::diff::Objective;
///
/// struct Bowl;
/// impl Objective for Bowl {
///     fn value(&mut self, x: &[f64]) -> f64 {
///         x.iter().map(|x| x * x).sum()
///     }
///     fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
///         for (g, x) in gradient.iter_mut().zip(x) {
///             *g = 2.0 * x;
///         }
///         self.value(x)
///     }
/// }
/// let mut gradient = [0.0; 2];
/// assert_eq!(Bowl.value_and_gradient(&[3.0, 4.0], &mut gradient), 25.0);
/// assert_eq!(gradient, [6.0, 8.0]);
/// ```
pub trait Objective {
    /// The value at `x: [n]`.
    fn value(&mut self, x: &[f64]) -> f64;

    /// The value at `x: [n]`, and the gradient there into `gradient: [n]`, from one evaluation.
    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64;
}

impl<O: Objective + ?Sized> Objective for &mut O {
    fn value(&mut self, x: &[f64]) -> f64 {
        (**self).value(x)
    }

    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        (**self).value_and_gradient(x, gradient)
    }
}
