//! Losses of distributions over classes.
//!
//! ```text
//! cross-entropy    −ln softmax(z)[label]                     z: [n, k], labels: [n]
//! likelihood       −l[label]                                 l: [n, k], logarithms of shares
//! Kullback–Leibler Σⱼ pⱼ (ln pⱼ − lⱼ)                         l: […, k], logarithms; p: […, k], shares
//! ```
//!
//! Source: S. Kullback, R. A. Leibler, *On information and sufficiency*, 1951.

use ndarray::Array2;

use super::{alike, refuse};
use crate::array::{Labels, Scalar, Tensor, where_};

/// The mean of the [cross-entropies](cross_entropies) of logits `[n, k]` and `n` labels: the loss of a classifier. One node:
/// [`Tensor::cross_entropy`].
///
/// ```
/// use downhill::nn::loss::cross_entropy;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let z = Tensor::from(array![[0.0, 0.0], [1000.0, 0.0]]);
/// assert_eq!(cross_entropy(&z, &[1, 0]).value(), 2f64.ln() / 2.0);
/// ```
///
/// # Panics
///
/// If there are not two axes, not as many labels as rows, or a label is not less than `k`.
#[track_caller]
pub fn cross_entropy<T: Scalar>(z: &Tensor<T>, labels: impl Into<Labels>) -> Tensor<T> {
    z.cross_entropy(labels)
}

/// `−ln softmax(row)[label]` of each row of logits `[n, k]`: `[n]`.
///
/// ```
/// use downhill::nn::loss::cross_entropies;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let z = Tensor::from(array![[0.0, 0.0], [1000.0, 0.0]]);
/// assert_eq!(cross_entropies(&z, &[1, 1]).view(), array![2f64.ln(), 1000.0].into_dyn());
/// ```
///
/// # Panics
///
/// If there are not two axes, not as many labels as rows, or a label is not less than `k`.
#[track_caller]
pub fn cross_entropies<T: Scalar>(z: &Tensor<T>, labels: impl Into<Labels>) -> Tensor<T> {
    picked("cross_entropies", z, &labels.into(), |z| z.log_softmax(1))
}

/// The mean of the [negative log-likelihoods](nlls).
///
/// # Panics
///
/// If there are not two axes, not as many labels as rows, or a label is not less than `k`.
#[track_caller]
pub fn nll<T: Scalar>(logs: &Tensor<T>, labels: impl Into<Labels>) -> Tensor<T> {
    picked("nll", logs, &labels.into(), Tensor::clone).mean()
}

/// `−row[label]` of each row of logarithms of shares `[n, k]`, what [`Tensor::log_softmax`] makes: `[n]`.
///
/// ```
/// use downhill::nn::loss::{nll, nlls};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let logs = Tensor::from(array![[-1.0, -0.5], [-0.25, -2.0]]);
/// assert_eq!(nlls(&logs, &[0, 0]).view(), array![1.0, 0.25].into_dyn());
/// assert_eq!(nll(&logs, &[0, 0]).value(), 0.625);
/// ```
///
/// # Panics
///
/// If there are not two axes, not as many labels as rows, or a label is not less than `k`.
#[track_caller]
pub fn nlls<T: Scalar>(logs: &Tensor<T>, labels: impl Into<Labels>) -> Tensor<T> {
    picked("nlls", logs, &labels.into(), Tensor::clone)
}

/// The sum of the [divergences](kl_divergences) over the last axis, and its mean over all others: the Kullback–Leibler divergence of
/// the distributions `l` from `p`.
///
/// ```
/// use downhill::nn::loss::kl_divergence;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let p = Tensor::from(array![[0.5, 0.5], [1.0, 0.0]]);
/// let l = Tensor::from(array![[0.5, 0.5], [0.5, 0.5]]).ln();
/// assert_eq!(kl_divergence(&l, &p).value(), 2f64.ln() / 2.0);
/// ```
///
/// # Panics
///
/// If the shapes differ, or there is no axis.
#[track_caller]
pub fn kl_divergence<T: Scalar>(logs: &Tensor<T>, shares: impl Into<Tensor<T>>) -> Tensor<T> {
    let shares = shares.into();
    if logs.rank() == 0 {
        refuse("`kl_divergence` was given a number; it needs an axis of classes, the last one");
    }
    divergences("kl_divergence", logs, &shares).sum_axis(-1).mean()
}

/// `p (ln p − l)` of each element, 0 where `p` is: the logarithms `l` of shares come first, as in PyTorch.
///
/// # Panics
///
/// If the shapes differ.
#[track_caller]
pub fn kl_divergences<T: Scalar>(logs: &Tensor<T>, shares: impl Into<Tensor<T>>) -> Tensor<T> {
    divergences("kl_divergences", logs, &shares.into())
}

#[track_caller]
fn divergences<T: Scalar>(loss: &str, logs: &Tensor<T>, shares: &Tensor<T>) -> Tensor<T> {
    alike(loss, logs, shares);
    let products = if logs.view().iter().all(|log| log.is_finite()) {
        shares * logs
    } else {
        // Nothing of a share of 0, be the logarithm −∞.
        shares * where_(shares.ne(T::zero()), logs, T::zero())
    };
    shares.xlogy(shares) - products
}

/// What the labels pick of each row, with a minus.
#[track_caller]
fn picked<T: Scalar>(
    loss: &str,
    z: &Tensor<T>,
    labels: &Labels,
    logs: impl FnOnce(&Tensor<T>) -> Tensor<T>,
) -> Tensor<T> {
    let (shape, n) = (z.shape(), labels.len());
    let &[rows, classes] = shape else {
        refuse(format_args!(
            "`{loss}` was given an array of shape {shape:?}; it needs two axes: rows, and classes"
        ))
    };
    if rows != n {
        refuse(format_args!(
            "`{loss}` was given an array of shape {shape:?} and {n} labels; it needs one for each row"
        ));
    }
    labels.check(loss, classes);
    let column = Array2::from_shape_vec((n, 1), labels.iter().collect()).expect("a column");
    -logs(z).gather(1, &column).remove_axis(1)
}
