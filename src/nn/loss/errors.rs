//! Losses of differences.
//!
//! ```text
//! e = y − t       squared  e²        absolute  |e|        Huber  ½ e² for |e| ≤ d, else d (|e| − ½ d)
//! ```
//!
//! Source: P. J. Huber, *Robust estimation of a location parameter*, 1964.

use super::super::number;
use super::{alike, refuse};
use crate::array::{Scalar, Tensor};

/// The mean of the [squared errors](squared_errors).
///
/// ```
/// use downhill::nn::loss::{mse, squared_errors};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let tape = Tape::new();
/// let y = tape.tensor(&array![1.0, 4.0]);
/// let loss = mse(&y, &array![0.0, 2.0]);
/// assert_eq!(loss.value(), 2.5);
/// assert_eq!(loss.backward().wrt(&y), array![1.0, 2.0].into_dyn());
/// assert_eq!(squared_errors(&y, &array![0.0, 2.0]).sum().value(), 5.0);
/// ```
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn mse<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    squares("mse", y, &target.into()).mean()
}

/// `(y − t)²` of each element.
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn squared_errors<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    squares("squared_errors", y, &target.into())
}

/// The mean of the [absolute errors](absolute_errors).
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn mae<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    let target = target.into();
    alike("mae", y, &target);
    (y - target).abs().mean()
}

/// `|y − t|` of each element; where it is 0, so is its slope.
///
/// ```
/// use downhill::nn::loss::{absolute_errors, mae};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let y = Tensor::from(array![1.0, 4.0]);
/// assert_eq!(absolute_errors(&y, &array![3.0, 3.0]).view(), array![2.0, 1.0].into_dyn());
/// assert_eq!(mae(&y, &array![3.0, 3.0]).value(), 1.5);
/// ```
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn absolute_errors<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>) -> Tensor<T> {
    let target = target.into();
    alike("absolute_errors", y, &target);
    (y - target).abs()
}

/// The mean of [Huber's losses](hubers).
///
/// # Panics
///
/// If the shapes differ, or `d` is not positive.
#[track_caller]
pub fn huber<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>, d: T) -> Tensor<T> {
    robust("huber", y, &target.into(), d).mean()
}

/// Huber's loss of each element: squared near the target, absolute beyond `d`.
///
/// ```
/// use downhill::nn::loss::{huber, hubers};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let y = Tensor::from(array![0.5, -3.0]);
/// assert_eq!(hubers(&y, &array![0.0, 0.0], 1.0).view(), array![0.125, 2.5].into_dyn());
/// assert_eq!(huber(&y, &array![0.0, 0.0], 1.0).value(), 1.3125);
/// ```
///
/// # Panics
///
/// If the shapes differ, or `d` is not positive.
#[track_caller]
pub fn hubers<T: Scalar>(y: &Tensor<T>, target: impl Into<Tensor<T>>, d: T) -> Tensor<T> {
    robust("hubers", y, &target.into(), d)
}

#[track_caller]
fn squares<T: Scalar>(loss: &str, y: &Tensor<T>, target: &Tensor<T>) -> Tensor<T> {
    alike(loss, y, target);
    (y - target).square()
}

/// With `c`, the error cut off at `±d`: `c (e − ½ c)`.
#[track_caller]
fn robust<T: Scalar>(loss: &str, y: &Tensor<T>, target: &Tensor<T>, d: T) -> Tensor<T> {
    alike(loss, y, target);
    // A NaN is not positive either.
    if d.partial_cmp(&T::zero()) != Some(std::cmp::Ordering::Greater) {
        refuse(format_args!("`{loss}` was given the bound {d}; it needs a positive one"));
    }
    let error = y - target;
    let cut = error.clip(-d, d);
    &cut * (error - &cut * number::<T>(0.5))
}
