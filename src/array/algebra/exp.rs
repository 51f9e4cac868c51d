//! The exponential of a matrix.
//!
//! Its differential in a direction `dA` is a block of the exponential of a matrix of twice the order, and its adjoint is the
//! same of the transpose:
//!
//! ```text
//! exp [[A, dA], [0, A]] = [[exp A, d exp A], [0, exp A]]
//! ```
//!
//! N. J. Higham, Functions of Matrices, SIAM 2008, (3.16).

use super::{Dense, Flows, MatrixRule, made, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Exp;

impl MatrixRule for Exp {
    fn name(&self) -> &'static str {
        "matrix_exp"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        linalg::matrix_exp(inputs[0], out);
        Ok(())
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], _: &[E], out: &mut [E]) {
        out.copy_from_slice(along(inputs[0], changes[0]).numbers());
    }

    fn adjoint<E: Element>(&self, inputs: &[Mat<E>], _: &[E], adjoints: &[E], _: [bool; 2]) -> Flows<E> {
        [Some(along(inputs[0].t(), part(adjoints, 0, inputs[0].shape))), None]
    }
}

/// The differential of `exp a` in a direction.
fn along<E: Element>(a: Mat<E>, direction: Mat<E>) -> Dense<E> {
    let n = a.shape[0];
    let blocks = Dense::of([2 * n, 2 * n], |i, j| match (i < n, j < n) {
        (true, false) => direction.at(i, j - n),
        (false, true) => E::of(0.0),
        _ => a.at(i % n, j % n),
    });
    let exp = made(&Exp, &[blocks.mat()], [2 * n, 2 * n]);
    Dense::of([n, n], |i, j| exp.at(i, n + j))
}

impl<T: Scalar> Tensor<T> {
    /// The exponential of a matrix, `I + A + A²/2! + A³/3! + …`. `[…, n, n] → […, n, n]`. Cost: some `15n³` operations and
    /// `2n³` more for each doubling of its norm beyond 5; back, eight times as many.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let nilpotent = Tensor::from(array![[0.0, 3.0], [0.0, 0.0]]);
    /// let exp = nilpotent.matrix_exp();
    /// assert!((exp - &array![[1.0, 3.0], [0.0, 1.0]]).abs().sum().value() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[doc(alias = "expm")]
    #[track_caller]
    pub fn matrix_exp(&self) -> Tensor<T> {
        let n = order("matrix_exp", self);
        let exp = Tensor::of_matrices(Exp, &[self], n * n).expect("every matrix has an exponential");
        exp.result(0, &[n, n])
    }
}
