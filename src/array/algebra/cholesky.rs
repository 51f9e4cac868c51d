//! Cholesky's factor of a symmetric, positive definite matrix.
//!
//! ```text
//! (A + Aᵀ)/2 = L Lᵀ
//! dL = L Φ(L⁻¹ dA L⁻ᵀ),   Ā += sym(L⁻ᵀ Φ(Lᵀ L̄) L⁻¹)
//! ```
//!
//! where `Φ` takes the lower triangle, with half the diagonal. I. Murray, Differentiation of the Cholesky decomposition,
//! 2016, equations (7) to (10).

use super::outcome::{self, NotPositiveDefinite};
use super::triangular::{Triangle, Triangular};
use super::{Dense, Flows, MatrixRule, made, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat, MatMut};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky;

/// The lower triangle, with half the diagonal.
fn phi<E: Element>(x: Dense<E>) -> Dense<E> {
    x.map(|i, j, x| if i > j { x } else { E::of(if i == j { 0.5 } else { 0.0 }) * x })
}

impl MatrixRule for Cholesky {
    fn name(&self) -> &'static str {
        "cholesky"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        Ok(linalg::cholesky(Dense::symmetric(inputs[0]).mat(), out)?)
    }

    fn differential<E: Element>(&self, _: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        let shape = changes[0].shape;
        let (l, change) = (part(results, 0, shape), Dense::symmetric(changes[0]));
        let left = made(&Triangular(Triangle::Lower), &[l, change.mat()], shape);
        let both = made(&Triangular(Triangle::Lower), &[l, left.t()], shape);
        E::matmul(MatMut::of_rows(out, shape[0], shape[1]), l, phi(both).mat(), false);
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        _: [bool; 2],
    ) -> Flows<E> {
        let shape = inputs[0].shape;
        let (l, adjoint) = (part(results, 0, shape), part(adjoints, 0, shape));
        // Above the diagonal the factor is 0, whatever the matrix.
        let lower = Dense::of(shape, |i, j| if i < j { E::of(0.0) } else { adjoint.at(i, j) });
        let middle = phi(Dense::product(l.t(), lower.mat()));
        let left = made(&Triangular(Triangle::Upper), &[l.t(), middle.mat()], shape);
        let both = made(&Triangular(Triangle::Upper), &[l.t(), left.t()], shape);
        [Some(Dense::symmetric(both.mat())), None]
    }
}

impl<T: Scalar> Tensor<T> {
    /// The factor `L` of a symmetric, positive definite matrix `A = L Lᵀ`: lower triangular with a positive diagonal.
    /// `[…, n, n] → […, n, n]`.
    ///
    /// It is a function of the symmetric part `(A + Aᵀ)/2`, and the gradient is symmetric. Cost: `n³/3` operations; back,
    /// about `3n³`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let a = tape.tensor(&array![[4.0, 2.0], [2.0, 5.0]]);
    /// let l = a.cholesky();
    /// assert_eq!(l.view(), array![[2.0, 0.0], [1.0, 2.0]].into_dyn());
    /// // Half the logarithm of the determinant, whose gradient is A⁻¹/2.
    /// let g = l.diag().ln().sum().backward();
    /// assert!((g.wrt(&a)[[0, 1]] + 2.0 / 32.0).abs() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square, or not positive definite: see [`try_cholesky`](Tensor::try_cholesky).
    #[track_caller]
    pub fn cholesky(&self) -> Tensor<T> {
        match self.try_cholesky() {
            Ok(l) => l,
            Err(why) => {
                outcome::none("cholesky", self.shape(), why, "add a small multiple of the identity to it")
            }
        }
    }

    /// As [`cholesky`](Tensor::cholesky), where the matrix may not be positive definite.
    ///
    /// # Errors
    ///
    /// [`NotPositiveDefinite`], with the pivot that is not positive; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[track_caller]
    pub fn try_cholesky(&self) -> Result<Tensor<T>, NotPositiveDefinite> {
        let n = order("cholesky", self);
        match Tensor::of_matrices(Cholesky, &[self], n * n) {
            Ok(l) => Ok(l.result(0, &[n, n])),
            Err(failure) => Err(failure.into()),
        }
    }
}
