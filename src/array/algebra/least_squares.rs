//! Least squares.
//!
//! Of a matrix with as many rows as columns, or more, with the rest `r = B − A X`:
//!
//! ```text
//! X = (Aᵀ A)⁻¹ Aᵀ B
//! dX = (Aᵀ A)⁻¹ (Aᵀ (dB − dA X) + dAᵀ r)
//! G = (Aᵀ A)⁻¹ X̄,   B̄ += A G,   Ā += r Gᵀ − A G Xᵀ
//! ```
//!
//! of a wide one, for which `X` is the shortest of the solutions:
//!
//! ```text
//! X = Aᵀ Z,   Z = (A Aᵀ)⁻¹ B
//! dX = dAᵀ Z + Aᵀ (A Aᵀ)⁻¹ (dB − dA X − A dAᵀ Z)
//! G = (A Aᵀ)⁻¹ A X̄,   B̄ += G,   Ā += Z (X̄ − Aᵀ G)ᵀ − G Xᵀ
//! ```
//!
//! The products `AᵀA` and `AAᵀ` are not formed: with the factor `R` of the tall one, they are `RᵀR`.

use super::outcome::{self, RankDeficient};
use super::qr::Qr;
use super::triangular::{Triangle, Triangular};
use super::{Dense, Flows, MatrixRule, System, made, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct LeastSquares;

/// The factor of `AᵀA = RᵀR`, of a tall matrix.
struct Gram<E: Element> {
    /// The numbers of `Q`, which come before those of `R`.
    first: usize,
    order: usize,
    factors: Dense<E>,
}

impl<E: Element> Gram<E> {
    fn of(a: Mat<E>) -> Gram<E> {
        let [m, n] = a.shape;
        Gram { first: m * n, order: n, factors: made(&Qr, &[a], [1, m * n + n * n]) }
    }

    /// `(RᵀR)⁻¹ b`
    fn solve(&self, b: Mat<E>) -> Dense<E> {
        let n = self.order;
        let r = part(self.factors.numbers(), self.first, [n, n]);
        let half = made(&Triangular(Triangle::Lower), &[r.t(), b], b.shape);
        made(&Triangular(Triangle::Upper), &[r, half.mat()], b.shape)
    }
}

impl MatrixRule for LeastSquares {
    fn name(&self) -> &'static str {
        "least_squares"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        Ok(linalg::least_squares(inputs[0], inputs[1], out)?)
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        let ([a, b], [da, db], [m, n]) = ([inputs[0], inputs[1]], [changes[0], changes[1]], inputs[0].shape);
        let x = part(results, 0, [n, b.shape[1]]);
        let change = Dense::less(db, da, x);
        let dx = if m >= n {
            let mut right = Dense::product(a.t(), change.mat());
            right.add_product(da.t(), Dense::less(b, a, x).mat());
            Gram::of(a).solve(right.mat())
        } else {
            let gram = Gram::of(a.t());
            let mut dx = Dense::product(da.t(), gram.solve(b).mat());
            let change = Dense::less(change.mat(), a, dx.mat());
            dx.add_product(a.t(), gram.solve(change.mat()).mat());
            dx
        };
        out.copy_from_slice(dx.numbers());
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        wanted: [bool; 2],
    ) -> Flows<E> {
        let ([a, b], [m, n]) = ([inputs[0], inputs[1]], inputs[0].shape);
        let [x, adjoint] = [results, adjoints].map(|numbers| part(numbers, 0, [n, b.shape[1]]));
        // What flows to B, and, but for − B̄ Xᵀ, to A.
        let (to_b, first) = if m >= n {
            let g = Gram::of(a).solve(adjoint);
            let first = wanted[0].then(|| Dense::product(Dense::less(b, a, x).mat(), g.t()));
            (Dense::product(a, g.mat()), first)
        } else {
            let gram = Gram::of(a.t());
            let g = gram.solve(Dense::product(a, adjoint).mat());
            let beside = Dense::less(adjoint, a.t(), g.mat());
            let first = wanted[0].then(|| Dense::product(gram.solve(b).mat(), beside.t()));
            (g, first)
        };
        [first.map(|first| Dense::less(first.mat(), to_b.mat(), x.t())), Some(to_b)]
    }
}

impl<T: Scalar> Tensor<T> {
    /// The `x` of least `‖A x − b‖`, of `A: […, m, n]` and a vector `b: [m]` or each column of `b: […, m, k]`. The shape is
    /// `[n]`, or `[…, n, k]`. For `m < n`, where many solve the system exactly, it is the shortest of them. Cost:
    /// `4p²(q − p/3) + 4pqk` operations with `p` the smaller and `q` the larger of `m` and `n`; back about as many.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// // The line through three points that fits best.
    /// let a = Tensor::from(array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]);
    /// let line = a.least_squares(&array![1.0, 3.0, 5.0]);
    /// assert!((line - &array![1.0, 2.0]).abs().sum().value() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit, or the columns (for `m < n` the rows) are dependent: see
    /// [`try_least_squares`](Tensor::try_least_squares).
    #[doc(alias = "lstsq")]
    #[track_caller]
    pub fn least_squares(&self, b: impl Into<Tensor<T>>) -> Tensor<T> {
        match self.try_least_squares(b) {
            Ok(x) => x,
            Err(why) => {
                outcome::none("least_squares", self.shape(), why, "leave out those that depend on others")
            }
        }
    }

    /// As [`least_squares`](Tensor::least_squares), where the columns may be dependent.
    ///
    /// # Errors
    ///
    /// [`RankDeficient`], with the number of independent ones; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    #[track_caller]
    pub fn try_least_squares(&self, b: impl Into<Tensor<T>>) -> Result<Tensor<T>, RankDeficient> {
        match System::of("least_squares", self, &b.into()).record(LeastSquares) {
            Ok(x) => Ok(x),
            Err(failure) => Err(failure.into()),
        }
    }
}
