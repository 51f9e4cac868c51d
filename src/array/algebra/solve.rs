//! Systems of linear equations.
//!
//! ```text
//! X = A⁻¹ B
//! dX = A⁻¹ (dB − dA X),   B̄ += A⁻ᵀ X̄,   Ā −= A⁻ᵀ X̄ Xᵀ
//! ```

use super::outcome::{self, Singular};
use super::{Dense, Flows, MatrixRule, System, made, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Solve {
    /// The matrix, or its transpose, has been found to be regular.
    regular: bool,
}

pub(super) const REGULAR: Solve = Solve { regular: true };

impl MatrixRule for Solve {
    fn name(&self) -> &'static str {
        "solve"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        if self.regular {
            linalg::solve_unchecked(inputs[0], inputs[1], out);
            return Ok(());
        }
        Ok(linalg::solve(inputs[0], inputs[1], out)?)
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        let x = part(results, 0, inputs[1].shape);
        let right = Dense::less(changes[1], changes[0], x);
        out.copy_from_slice(made(&REGULAR, &[inputs[0], right.mat()], inputs[1].shape).numbers());
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        wanted: [bool; 2],
    ) -> Flows<E> {
        let shape = inputs[1].shape;
        let (x, adjoint) = (part(results, 0, shape), part(adjoints, 0, shape));
        let to_b = made(&REGULAR, &[inputs[0].t(), adjoint], shape);
        let to_a = wanted[0].then(|| Dense::product(to_b.mat(), x.t()).map(|_, _, x| -x));
        [to_a, Some(to_b)]
    }
}

impl<T: Scalar> Tensor<T> {
    /// The solution of `A x = b`, of `A: […, n, n]` and a vector `b: [n]` or the columns of `b: […, n, k]`. The shape is that
    /// of `b`. Cost: `2n³/3 + 2n²k` operations; back as many, and `2n²k` for the matrix.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let a = tape.tensor(&array![[2.0, 1.0], [0.0, 4.0]]);
    /// let x = a.solve(&array![4.0, 8.0]);
    /// assert_eq!(x.view(), array![1.0, 2.0].into_dyn());
    /// let g = x.at([0]).backward();
    /// assert_eq!(g.wrt(&a), array![[-0.5, -1.0], [0.125, 0.25]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit, or the matrix is singular: see [`try_solve`](Tensor::try_solve).
    #[track_caller]
    pub fn solve(&self, b: impl Into<Tensor<T>>) -> Tensor<T> {
        match self.try_solve(b) {
            Ok(x) => x,
            Err(why) => outcome::none(
                "solve",
                self.shape(),
                why,
                "give one of independent columns, or add a small multiple of the identity",
            ),
        }
    }

    /// As [`solve`](Tensor::solve), where the matrix may be singular.
    ///
    /// # Errors
    ///
    /// [`Singular`], with the column in which there is no pivot; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    #[track_caller]
    pub fn try_solve(&self, b: impl Into<Tensor<T>>) -> Result<Tensor<T>, Singular> {
        order("solve", self);
        match System::of("solve", self, &b.into()).record(Solve { regular: false }) {
            Ok(x) => Ok(x),
            Err(failure) => Err(failure.into()),
        }
    }
}
