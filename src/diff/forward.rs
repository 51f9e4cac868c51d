//! The Jacobian of a small function in one pass, forward.

use std::array;

use crate::dual::Duals;

/// The values `f(x): [M]` and the Jacobian `∂fᵢ/∂xⱼ: [M][N]` of a function of few variables, from one evaluation.
///
/// `f` computes on [`Duals`], so a function that is generic over [`Real`](crate::real::Real) is taken as it is. Nothing is
/// recorded and nothing allocated. Cost: f once, on `N + 1` numbers for each; in time less than `N + 1` × f, as the compiler
/// computes several tangents at once and leaves out those it knows to be zero: the projection of a camera with `N = 15`,
/// `M = 2` takes 7 × f. In many variables the tape is faster.
///
/// ```
/// use downhill::prelude::*;
///
/// fn polar<R: Real>([x, y]: [R; 2]) -> [R; 2] {
///     [x.hypot(y), y.atan2(x)]
/// }
/// let ([r, _], [to_r, to_angle]) = jacobian_forward(polar, [3.0, 4.0]);
/// assert_eq!((r, to_r), (5.0, [0.6, 0.8]));
/// assert!((to_angle[0] + 0.16).abs() < 1e-15 && (to_angle[1] - 0.12).abs() < 1e-15);
///
/// // A closure with data of its own.
/// let (a, b) = (2.0, 0.5);
/// let ([y], [row]) = jacobian_forward(|[u, v]| [(u - a) * v + b], [3.0, 4.0]);
/// assert_eq!((y, row), (4.5, [4.0, 1.0]));
/// ```
///
/// Source: Griewank & Walther, *Evaluating Derivatives*, 2nd ed. (SIAM 2008), section 3.1, "vector forward mode".
#[inline(always)] // so that the compiler sees the unit vectors from which the tangents start
pub fn jacobian_forward<const N: usize, const M: usize>(
    f: impl FnOnce([Duals<N>; N]) -> [Duals<N>; M],
    x: [f64; N],
) -> ([f64; M], [[f64; N]; M]) {
    let y = f(Duals::variables(x));
    (array::from_fn(|i| y[i].value), array::from_fn(|i| y[i].tangents))
}
