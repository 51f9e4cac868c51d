//! Second derivatives, and a few of higher order.

use ndarray::Array2;

use super::jacobian::in_shape;
use super::{Expansion, Start};

/// The Hessian `H: [n, n]` of a scalar function at `x: [n]`, `H[i, j] = ∂²f/∂xᵢ∂xⱼ`, symmetric to the last bit.
///
/// Cost: f once, recorded; then, if few variables interact (chains, sums of terms with few variables each), as many numbers
/// as in 5 gradients, whatever `n`; at most twice those of `⌈n/8⌉` sweeps forward and back with eight tangents.
///
/// ```
/// use downhill::prelude::*;
///
/// let banana = |[x, y]: [Var; 2]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
/// assert_eq!(hessian(banana, [1.0, 1.0]), ndarray::array![[802.0, -400.0], [-400.0, 200.0]]);
/// ```
///
/// # Panics
///
/// If `f` mixes in variables of another recording, or returns one; if it uses what knows first derivatives only
/// ([`statement`](crate::tape::statement), [`external`](crate::tape::external()), [`custom`](crate::tape::custom) with
/// numbers as partials).
#[track_caller]
pub fn hessian<F, S: Start<F>>(f: F, x: S) -> Array2<f64> {
    Expansion::of_scalar(f, &x).hessian()
}

/// The product `H v: [n]` of the Hessian with a direction, in the shape of the point. No Hessian is formed. Cost, whatever
/// `n`: f once, recorded, and a sweep forward and one back with one tangent, as many numbers as in four gradients; for further
/// directions at the same point [`Expansion::hvp`] needs fewer.
///
/// ```
/// use downhill::prelude::*;
///
/// let banana = |[x, y]: [Var; 2]| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
/// assert_eq!(hvp(banana, [1.0, 1.0], &[1.0, 2.0]), [2.0, 0.0]);
/// ```
///
/// # Panics
///
/// If `v` is not as long as `x`; else as [`hessian`].
#[track_caller]
pub fn hvp<F, S: Start<F>>(f: F, x: S, v: &[f64]) -> S::Numbers {
    in_shape(&x, &Expansion::of_scalar(f, &x).hvp_once(v))
}

/// The Laplacian `Σ ∂²f/∂xᵢ²`, the trace of the Hessian. Cost: as [`hessian`].
///
/// ```
/// use downhill::prelude::*;
/// assert_eq!(laplacian(|[x, y]: [Var; 2]| x * x * y + y * y, [1.0, 3.0]), 8.0);
/// ```
///
/// # Panics
///
/// As [`hessian`].
#[track_caller]
pub fn laplacian<F, S: Start<F>>(f: F, x: S) -> f64 {
    Expansion::of_scalar(f, &x).hessian().diag().sum()
}

/// The second derivative `∂²f/∂xᵢ∂xⱼ` alone. Cost: f once, recorded, and one sweep forward of
/// four numbers for each operation, nested dual numbers.
///
/// ```
/// use downhill::prelude::*;
/// assert_eq!(mixed_partial(|[x, y]: [Var; 2]| x * x * y, [1.5, 3.0], 0, 1), 3.0);
/// ```
///
/// # Panics
///
/// If `i` or `j` is no coordinate of `x`; else as [`hessian`].
#[track_caller]
pub fn mixed_partial<F, S: Start<F>>(f: F, x: S, i: usize, j: usize) -> f64 {
    Expansion::of_scalar(f, &x).mixed_partial(i, j)
}

/// The third derivative along a direction, `d³f(x + t v)/dt³` at `t = 0`. Cost: f once, recorded, and one
/// sweep forward of eight numbers for each operation, dual numbers in three levels.
///
/// ```
/// use downhill::prelude::*;
/// let f = |[x, y]: [Var; 2]| x * x * y; // along (1, 2): (x + t)² (y + 2t), whose third derivative is 12
/// assert_eq!(third_directional(f, [0.3, 0.7], &[1.0, 2.0]), 12.0);
/// ```
///
/// # Panics
///
/// If `v` is not as long as `x`; else as [`hessian`].
#[track_caller]
pub fn third_directional<F, S: Start<F>>(f: F, x: S, v: &[f64]) -> f64 {
    Expansion::of_scalar(f, &x).third_directional(v)
}
