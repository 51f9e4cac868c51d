//! First derivatives of functions with several results: Jacobian, and its products from either side.

use ndarray::Array2;

use super::{Expansion, Map};
use crate::tape::Coordinates;

/// The Jacobian `J: [m, n]` of a function with `m` results at `x: [n]`, `J[i, j] = ∂fᵢ/∂xⱼ`.
///
/// The results are a `Var`, `[Var; M]` or `Vec<Var>`. Cost: f once, recorded; then, where `m ≤ ⌈n/8⌉`, `m` sweeps
/// back, else `⌈n/8⌉` sweeps forward with eight tangents.
///
/// ```
/// use downhill::prelude::*;
///
/// let polar = |[r, angle]: [Var; 2]| [r * angle.cos(), r * angle.sin()];
/// let j = jacobian(polar, [2.0, 0.0]);
/// assert_eq!(j, ndarray::array![[1.0, 0.0], [0.0, 2.0]]);
/// ```
///
/// # Panics
///
/// If `f` mixes in variables of another recording, or returns one.
#[track_caller]
pub fn jacobian<F, S: Map<F>>(f: F, x: S) -> Array2<f64> {
    Expansion::of(f, x).jacobian()
}

/// The product `J v: [m]` of the Jacobian with a direction `v: [n]`: how the results change along it. Cost: f once,
/// recorded, and one sweep forward with a tangent.
///
/// ```
/// use downhill::prelude::*;
///
/// let polar = |[r, angle]: [Var; 2]| [r * angle.cos(), r * angle.sin()];
/// assert_eq!(jvp(polar, [2.0, 0.0], &[1.0, 3.0]), [1.0, 6.0]);
/// ```
///
/// # Panics
///
/// If `v` is not as long as `x`; else as [`jacobian`].
#[track_caller]
pub fn jvp<F, S: Map<F>>(f: F, x: S, v: &[f64]) -> Vec<f64> {
    Expansion::of(f, x).jvp(v)
}

/// The product `wᵀ J: [n]` of the Jacobian with weights `w: [m]` of the results: the gradient of `Σ wᵢ fᵢ`, in the shape of
/// the point. Cost: f once, recorded, and one sweep back.
///
/// ```
/// use downhill::prelude::*;
///
/// let polar = |[r, angle]: [Var; 2]| [r * angle.cos(), r * angle.sin()];
/// assert_eq!(vjp(polar, [2.0, 0.0], &[1.0, 3.0]), [1.0, 6.0]);
/// ```
///
/// # Panics
///
/// If `w` is not as long as the results; else as [`jacobian`].
#[track_caller]
pub fn vjp<F, S: Map<F>>(f: F, x: S, w: &[f64]) -> S::Numbers {
    in_shape(&x, &Expansion::of_row::<F, S>(f, &x.shape(), x.values()).vjp(w))
}

/// Numbers in the shape of `x`.
pub(super) fn in_shape<S: Coordinates>(x: &S, numbers: &[f64]) -> S::Numbers {
    let mut shaped = x.zeros();
    S::row(&mut shaped).copy_from_slice(numbers);
    shaped
}
