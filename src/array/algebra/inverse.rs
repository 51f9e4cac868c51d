//! The inverse of a matrix.
//!
//! ```text
//! Y = A⁻¹
//! dY = −Y dA Y,   Ā −= Yᵀ Ȳ Yᵀ
//! ```

use super::outcome::{self, Singular};
use super::{Dense, Flows, MatrixRule, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Inverse;

/// `−y x y`
fn around<E: Element>(y: Mat<E>, x: Mat<E>) -> Dense<E> {
    Dense::product(Dense::product(y, x).mat(), y).map(|_, _, x| -x)
}

impl MatrixRule for Inverse {
    fn name(&self) -> &'static str {
        "inverse"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        Ok(linalg::inverse(inputs[0], out)?)
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        out.copy_from_slice(around(part(results, 0, inputs[0].shape), changes[0]).numbers());
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        _: [bool; 2],
    ) -> Flows<E> {
        let [y, adjoint] = [results, adjoints].map(|numbers| part(numbers, 0, inputs[0].shape));
        [Some(around(y.t(), adjoint)), None]
    }
}

impl<T: Scalar> Tensor<T> {
    /// The inverse of a matrix. `[…, n, n] → […, n, n]`. Cost: `8n³/3` operations, and `4n³` back. To solve a system,
    /// [`solve`](Tensor::solve) costs less and is more exact.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let a = Tensor::from(array![[0.0, 2.0], [4.0, 0.0]]);
    /// assert_eq!(a.inverse().view(), array![[0.0, 0.25], [0.5, 0.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square, or singular: see [`try_inverse`](Tensor::try_inverse).
    #[track_caller]
    pub fn inverse(&self) -> Tensor<T> {
        match self.try_inverse() {
            Ok(y) => y,
            Err(why) => outcome::none(
                "inverse",
                self.shape(),
                why,
                "give one of independent columns, or add a small multiple of the identity",
            ),
        }
    }

    /// As [`inverse`](Tensor::inverse), where the matrix may be singular.
    ///
    /// # Errors
    ///
    /// [`Singular`], with the column in which there is no pivot; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[track_caller]
    pub fn try_inverse(&self) -> Result<Tensor<T>, Singular> {
        let n = order("inverse", self);
        match Tensor::of_matrices(Inverse, &[self], n * n) {
            Ok(y) => Ok(y.result(0, &[n, n])),
            Err(failure) => Err(failure.into()),
        }
    }
}
