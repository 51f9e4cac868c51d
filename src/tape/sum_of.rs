//! A sum of many terms, recorded, swept and forgotten one at a time.

use super::Var;
use super::operations::OPERATIONS;
use super::parents::{Growing, common};
use super::scope::Scope;

/// `Σᵢ term(θ, i)` for `i` in `0..n`, as one node with `theta` as its parents.
///
/// Each term is a recording of its own: it is recorded, run backward into the gradient so far, and forgotten, so that
/// the tape stays in cache however many terms there are. The arguments of a term are leaves of that recording; a variable
/// that leaks out of a term is of no use in the next, and says so.
///
/// ```
/// use downhill::prelude::*;
///
/// let (xs, ys) = ([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]);
/// let squares = |line: &[Var]| sum_of(line, xs.len(), |line, i| (line[0] + line[1] * xs[i] - ys[i]).powi(2));
/// assert_eq!(gradient(squares, &[0.0, 0.0]), [-18.0, -26.0]);
/// ```
///
/// # Panics
///
/// If a term uses a variable that is not among its arguments, or returns one; if `theta` mixes recordings.
#[track_caller]
pub fn sum_of(theta: &[Var], n: usize, mut term: impl FnMut(&[Var], usize) -> Var) -> Var {
    let mut id = 0;
    for x in theta {
        id = common(id, x.id());
    }
    if id == 0 || id & OPERATIONS != 0 {
        return (0..n).map(|i| term(theta, i)).sum();
    }
    let mut gradient = Growing::new();
    let value = with_gradient(theta, n, &mut term, &mut gradient);
    gradient.into_node(value)
}

/// The sum, and its partials with respect to `theta` into `gradient`.
#[track_caller]
fn with_gradient(
    theta: &[Var],
    n: usize,
    term: &mut impl FnMut(&[Var], usize) -> Var,
    gradient: &mut Growing,
) -> f64 {
    let mut scope = Scope::begin_at(theta);
    let mut value = 0.0;
    for i in 0..n {
        scope.renew();
        let result = term(scope.variables(), i);
        scope.gather(result, "a term of `sum_of`");
        value += result.value();
    }
    scope.gathered(|j, adjoint| gradient.add(theta[j], adjoint));
    value
}
