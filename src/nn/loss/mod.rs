//! How far a result is from what it should be.
//!
//! A name in the singular is the mean, a number to go downhill on; one in the plural has an element for each one given, for
//! another reduction: `squared_errors(&y, &t).sum()`, or `(squared_errors(&y, &t) * &weights).mean()`.
//!
//! | PyTorch | mean | each; `.sum()` for `reduction="sum"` |
//! |---|---|---|
//! | `mse_loss` | [`mse`] | [`squared_errors`] |
//! | `l1_loss` | [`mae`] | [`absolute_errors`] |
//! | `huber_loss` | [`huber`] | [`hubers`] |
//! | `cross_entropy` | [`cross_entropy`] | [`cross_entropies`] |
//! | `nll_loss` | [`nll`] | [`nlls`] |
//! | `binary_cross_entropy_with_logits` | [`binary_cross_entropy`] | [`binary_cross_entropies`] |
//! | `kl_div` with `reduction="batchmean"` | [`kl_divergence`] | [`kl_divergences`] |
//! | `hinge` of others | [`hinge`] | [`hinges`] |
//!
//! A result and its target need the same shape: an array `[n]` beside one `[n, 1]`, which NumPy's rules would make `[n, n]` of,
//! is a mistake.

mod binary;
mod classes;
mod errors;

pub use binary::{binary_cross_entropies, binary_cross_entropy, hinge, hinges};
pub use classes::{cross_entropies, cross_entropy, kl_divergence, kl_divergences, nll, nlls};
pub use errors::{absolute_errors, huber, hubers, mae, mse, squared_errors};

use super::misuse::refuse;
use crate::array::{Scalar, Tensor};

/// Checks that two arrays have the same shape.
#[track_caller]
fn alike<T: Scalar>(loss: &str, y: &Tensor<T>, target: &Tensor<T>) {
    if y.shape() != target.shape() {
        refuse(format_args!(
            "`{loss}` was given a result of shape {:?} and a target of shape {:?}; they need the same shape: `reshape` one of them",
            y.shape(),
            target.shape()
        ));
    }
}
