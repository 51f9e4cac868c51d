//! Systems with a triangular matrix.
//!
//! ```text
//! X = T⁻¹ B
//! dX = T⁻¹ (dB − dT X),   B̄ += T⁻ᵀ X̄,   T̄ −= tri(T⁻ᵀ X̄ Xᵀ)
//! ```

use super::outcome::{self, Singular};
use super::{Dense, Flows, MatrixRule, System, made, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// The part of a matrix that a triangular system has: the rest is not read, and no derivative flows to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Triangle {
    /// The diagonal and what is below.
    Lower,
    /// The diagonal and what is above.
    Upper,
    /// What is below the diagonal, which is taken to be of ones.
    UnitLower,
    /// What is above the diagonal, which is taken to be of ones.
    UnitUpper,
}

impl Triangle {
    fn is_lower(self) -> bool {
        matches!(self, Triangle::Lower | Triangle::UnitLower)
    }

    fn is_unit(self) -> bool {
        matches!(self, Triangle::UnitLower | Triangle::UnitUpper)
    }

    fn has(self, i: usize, j: usize) -> bool {
        match self {
            Triangle::Lower => i >= j,
            Triangle::Upper => i <= j,
            Triangle::UnitLower => i > j,
            Triangle::UnitUpper => i < j,
        }
    }

    /// That of the transpose.
    fn t(self) -> Triangle {
        match self {
            Triangle::Lower => Triangle::Upper,
            Triangle::Upper => Triangle::Lower,
            Triangle::UnitLower => Triangle::UnitUpper,
            Triangle::UnitUpper => Triangle::UnitLower,
        }
    }
}

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Triangular(pub(crate) Triangle);

impl MatrixRule for Triangular {
    fn name(&self) -> &'static str {
        "solve_triangular"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        let Triangular(triangle) = self;
        Ok(linalg::solve_triangular(inputs[0], triangle.is_lower(), triangle.is_unit(), inputs[1], out)?)
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        let x = part(results, 0, inputs[1].shape);
        let change = self.within(changes[0].shape, |i, j| changes[0].at(i, j));
        let right = Dense::less(changes[1], change.mat(), x);
        out.copy_from_slice(made(self, &[inputs[0], right.mat()], inputs[1].shape).numbers());
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
        let to_b = made(&Triangular(self.0.t()), &[inputs[0].t(), adjoint], shape);
        let to_a = wanted[0].then(|| {
            let whole = Dense::product(to_b.mat(), x.t());
            self.within(inputs[0].shape, |i, j| -whole.at(i, j))
        });
        [to_a, Some(to_b)]
    }
}

impl Triangular {
    /// The elements in the triangle, and 0 beside it.
    fn within<E: Element>(&self, shape: [usize; 2], element: impl Fn(usize, usize) -> E) -> Dense<E> {
        Dense::of(shape, |i, j| if self.0.has(i, j) { element(i, j) } else { E::of(0.0) })
    }
}

impl<T: Scalar> Tensor<T> {
    /// The solution of `A x = b`, of one triangle of `A: […, n, n]`, for a vector `b: [n]` or the columns of `b: […, n, k]`.
    /// The shape is that of `b`. Cost: `n²k` operations, and twice as many back.
    ///
    /// For a system with `Lᵀ`, ask it of `l.t()`, whose triangle is the upper one: nothing is copied.
    ///
    /// ```
    /// use downhill::array::Triangle;
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let l = Tensor::from(array![[2.0, 0.0], [1.0, 4.0]]);
    /// let b = Tensor::from(array![2.0, 9.0]);
    /// assert_eq!(l.solve_triangular(&b, Triangle::Lower).view(), array![1.0, 2.0].into_dyn());
    /// assert_eq!(l.t().solve_triangular(&b, Triangle::UnitUpper).view(), array![-7.0, 9.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit, or an element of the diagonal is 0 or not finite: see
    /// [`try_solve_triangular`](Tensor::try_solve_triangular).
    #[track_caller]
    pub fn solve_triangular(&self, b: impl Into<Tensor<T>>, triangle: Triangle) -> Tensor<T> {
        match self.try_solve_triangular(b, triangle) {
            Ok(x) => x,
            Err(why) => {
                outcome::none("solve_triangular", self.shape(), why, "give one without zeros on its diagonal")
            }
        }
    }

    /// As [`solve_triangular`](Tensor::solve_triangular), where there may be no solution.
    ///
    /// # Errors
    ///
    /// [`Singular`], with the place on the diagonal; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    #[track_caller]
    pub fn try_solve_triangular(
        &self,
        b: impl Into<Tensor<T>>,
        triangle: Triangle,
    ) -> Result<Tensor<T>, Singular> {
        order("solve_triangular", self);
        match System::of("solve_triangular", self, &b.into()).record(Triangular(triangle)) {
            Ok(x) => Ok(x),
            Err(failure) => Err(failure.into()),
        }
    }
}
