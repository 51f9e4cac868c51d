//! Value, gradient, derivative.

use super::Start;
use crate::tape::{Scope, Var};

/// The one evaluation behind every first-order verb: record `f` at `x`, sweep, write the gradient.
#[inline]
#[track_caller]
pub(super) fn evaluate<F, S: Start<F>>(f: &mut F, shape: &S::Shape, x: &[f64], gradient: &mut [f64]) -> f64 {
    let scope = Scope::begin(x);
    let result = S::call(f, shape, scope.variables());
    scope.gradient_into(result, "the objective", gradient)
}

/// The value `f(x)`, computed on constants: nothing is recorded. Cost: 1 × f.
///
/// ```
/// use downhill::prelude::*;
/// assert_eq!(value(|[x, y]| x * y, [3.0, 4.0]), 12.0);
/// ```
#[track_caller]
pub fn value<F, S: Start<F>>(mut f: F, x: S) -> f64 {
    let constants: Vec<Var> = x.values().iter().map(|&x| Var::constant(x)).collect();
    S::call(&mut f, &x.shape(), &constants).value()
}

/// The gradient `∇f(x): [n]` of a scalar function, in the shape of the point.
///
/// Cost, whatever `n`: f once, recording at most one node for each operation, and one sweep back over these nodes. In time
/// some 3 to 8 × f, and up to 15 × where the compiler makes vector code of f alone. See [`value_and_gradient`] to have the
/// value as well, which costs nothing more.
///
/// ```
/// use downhill::prelude::*;
///
/// let banana = |[x, y]: [Var; 2]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
/// let [dx, dy] = gradient(banana, [-1.0, 2.0]);
/// assert_eq!([dx, dy], [396.0, 200.0]);
/// ```
///
/// # Panics
///
/// If `f` mixes in variables of another recording, or returns one.
#[track_caller]
pub fn gradient<F, S: Start<F>>(f: F, x: S) -> S::Numbers {
    value_and_gradient(f, x).1
}

/// The value and the gradient, from one evaluation. Cost: as [`gradient`].
///
/// ```
/// use downhill::prelude::*;
/// assert_eq!(value_and_gradient(|[x, y]| x * y, [3.0, 4.0]), (12.0, [4.0, 3.0]));
/// ```
///
/// # Panics
///
/// As [`gradient`].
#[track_caller]
pub fn value_and_gradient<F, S: Start<F>>(mut f: F, x: S) -> (f64, S::Numbers) {
    let mut gradient = x.zeros();
    let value = evaluate::<F, S>(&mut f, &x.shape(), x.values(), S::row(&mut gradient));
    (value, gradient)
}

/// The value; the gradient goes into `gradient: [n]`. After the first call on a thread nothing is allocated. Cost: as
/// [`gradient`](gradient()).
///
/// ```
/// use downhill::prelude::*;
///
/// let mut g = [0.0; 3];
/// let y = value_and_gradient_into(|x| x.iter().map(|x| x * x).sum(), &[1.0, 2.0, 3.0], &mut g);
/// assert_eq!((y, g), (14.0, [2.0, 4.0, 6.0]));
/// ```
///
/// # Panics
///
/// If `gradient` is not as long as `x`; else as [`gradient`](gradient()).
#[track_caller]
pub fn value_and_gradient_into<F, S: Start<F>>(mut f: F, x: S, gradient: &mut [f64]) -> f64 {
    let (n, room) = (x.values().len(), gradient.len());
    assert!(
        n == room,
        "downhill: the gradient of {n} variables needs room for {n} numbers, and was given {room}"
    );
    evaluate::<F, S>(&mut f, &x.shape(), x.values(), gradient)
}

/// The derivative `f′(x)` of a function of one variable. Cost: as [`gradient`].
///
/// ```
/// use downhill::prelude::*;
/// assert_eq!(derivative(|x| x.sin(), 0.0), 1.0);
/// ```
///
/// # Panics
///
/// As [`gradient`].
#[track_caller]
pub fn derivative(f: impl FnMut(Var) -> Var, x: f64) -> f64 {
    gradient(f, x)
}
