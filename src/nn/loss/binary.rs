//! Losses of two classes.
//!
//! ```text
//! cross-entropy   −t ln σ(z) − (1 − t) ln σ(−z) = t softplus(−z) + (1 − t) softplus(z)        0 ≤ t ≤ 1
//! hinge           max(0, 1 − t y)                                                             t = ±1
//! ```

use super::alike;
use crate::array::{Scalar, Tensor};

/// The mean of the [binary cross-entropies](binary_cross_entropies) of logits.
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn binary_cross_entropy<T: Scalar>(z: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    logistic("binary_cross_entropy", z, &target.into()).mean()
}

/// `−t ln σ(z) − (1 − t) ln(1 − σ(z))` of each element: of logits, so that nothing overflows and small losses keep their digits.
///
/// ```
/// use downhill::nn::loss::{binary_cross_entropies, binary_cross_entropy};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let z = Tensor::from(array![1000.0, -1000.0, 40.0, 0.0]);
/// let t = array![1.0, 1.0, 1.0, 0.5];
/// let each = binary_cross_entropies(&z, &t);
/// assert_eq!(each.view(), array![0.0, 1000.0, (-40f64).exp(), 2f64.ln()].into_dyn());
/// assert_eq!(binary_cross_entropy(&z, &t).value(), each.mean().value());
/// ```
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn binary_cross_entropies<T: Scalar>(z: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    logistic("binary_cross_entropies", z, &target.into())
}

/// The mean of the [hinge losses](hinges).
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn hinge<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    margins("hinge", y, &target.into()).mean()
}

/// `max(0, 1 − t y)` of each element: the loss of a support vector machine, with targets `±1`.
///
/// ```
/// use downhill::nn::loss::{hinge, hinges};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let y = Tensor::from(array![0.5, -2.0, 3.0]);
/// let t = array![1.0, 1.0, 1.0];
/// assert_eq!(hinges(&y, &t).view(), array![0.5, 3.0, 0.0].into_dyn());
/// assert_eq!(hinge(&y, &t).value(), 3.5 / 3.0);
/// ```
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn hinges<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    margins("hinges", y, &target.into())
}

/// Without `1 − t`, which would be another array: with `t` 0 or 1 the two terms of `softplus(z)` are equal or the second is 0, so
/// that the result is exact.
#[track_caller]
fn logistic<T: Scalar>(loss: &str, z: &Tensor<T>, t: &Tensor<T>) -> Tensor<T> {
    alike(loss, z, t);
    let (no, yes) = (z.softplus(), (-z).softplus());
    (&no - &no * t) + yes * t
}

#[track_caller]
fn margins<T: Scalar>(loss: &str, y: &Tensor<T>, t: &Tensor<T>) -> Tensor<T> {
    alike(loss, y, t);
    (-(y * t) + T::one()).relu()
}
