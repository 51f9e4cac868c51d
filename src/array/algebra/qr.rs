//! Orthogonal factorization.
//!
//! Of a matrix with as many rows as columns, or more, with `C = Qᵀ dA R⁻¹` and `Ω = low(C) − low(C)ᵀ` (`low` is what is
//! below the diagonal):
//!
//! ```text
//! A = Q R
//! dQ = dA R⁻¹ − Q (C − Ω),   dR = (C − Ω) R
//! Ā += (Q̄ + Q sym(R R̄ᵀ − Q̄ᵀ Q)) R⁻ᵀ
//! ```
//!
//! where `sym` makes of the lower triangle a symmetric matrix. S. Walter and L. Lehmann, Algorithmic Differentiation of
//! Linear Algebra Functions with Application in Optimum Experimental Design, 2010. A wide matrix is `[A₁ A₂]` with a square
//! `A₁ = Q R₁`, and `R₂ = Qᵀ A₂`.

use super::triangular::{Triangle, Triangular};
use super::{Dense, Flows, MatrixRule, made, part, rows_and_columns};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat, MatMut};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Qr;

/// Some columns of a matrix.
fn columns<E>(a: Mat<E>, first: usize, count: usize) -> Mat<E> {
    let offset = (a.offset as isize + if count > 0 { first as isize * a.strides[1] } else { 0 }) as usize;
    Mat { offset, shape: [a.shape[0], count], ..a }
}

/// `a r⁻¹`, of an upper triangle.
fn over<E: Element>(a: Mat<E>, r: Mat<E>) -> Dense<E> {
    let transposed = made(&Triangular(Triangle::Lower), &[r.t(), a.t()], [a.shape[1], a.shape[0]]);
    Dense::part(transposed.t(), |x| x)
}

impl MatrixRule for Qr {
    fn name(&self) -> &'static str {
        "qr"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        let [m, n] = inputs[0].shape;
        let (q, r) = out.split_at_mut(m * m.min(n));
        linalg::qr(inputs[0], q, r);
        Ok(())
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        let ([m, n], none) = (inputs[0].shape, E::of(0.0));
        let k = m.min(n);
        let (q, r) = (part(results, 0, [m, k]), part(results, m * k, [k, n]));
        let change = over(columns(changes[0], 0, k), columns(r, 0, k));
        let c = Dense::product(q.t(), change.mat());
        // C − Ω, upper triangular.
        let upper = Dense::of([k, k], |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => c.at(i, j) + c.at(j, i),
            std::cmp::Ordering::Equal => c.at(i, i),
            std::cmp::Ordering::Greater => none,
        });
        let dq = Dense::less(change.mat(), q, upper.mat());
        let (to_q, to_r) = out.split_at_mut(m * k);
        to_q.copy_from_slice(dq.numbers());
        let mut dr = MatMut::of_rows(to_r, k, n);
        dr.shape[1] = k;
        E::matmul(dr, upper.mat(), columns(r, 0, k), false);
        if n > k {
            let mut right = Dense::product(dq.t(), columns(inputs[0], k, n - k));
            right.add_product(q.t(), columns(changes[0], k, n - k));
            for (k_row, row) in to_r.chunks_exact_mut(n).enumerate() {
                (k..n).for_each(|j| row[j] = right.at(k_row, j - k));
            }
        }
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        _: [bool; 2],
    ) -> Flows<E> {
        let [m, n] = inputs[0].shape;
        let k = m.min(n);
        let (q, r) = (part(results, 0, [m, k]), part(results, m * k, [k, n]));
        let (to_q, to_r) = (part(adjoints, 0, [m, k]), part(adjoints, m * k, [k, n]));
        let mut to_q = Dense::part(to_q, |x| x);
        to_q.add_product(columns(inputs[0], k, n - k), columns(to_r, k, n - k).t());
        // R̄ has what is above the diagonal: below, R is 0 whatever the matrix.
        let upper = Dense::of([k, k], |i, j| if i <= j { to_r.at(i, j) } else { E::of(0.0) });
        let whole = Dense::product(columns(r, 0, k), upper.t());
        let inner = Dense::less(whole.mat(), to_q.t(), q);
        let symmetric = Dense::of([k, k], |i, j| inner.at(i.max(j), i.min(j)));
        to_q.add_product(q, symmetric.mat());
        let left = over_transposed(to_q.mat(), columns(r, 0, k));
        let right = Dense::product(q, columns(to_r, k, n - k));
        [Some(Dense::of([m, n], |i, j| if j < k { left.at(i, j) } else { right.at(i, j - k) })), None]
    }
}

/// `a r⁻ᵀ`, of an upper triangle.
fn over_transposed<E: Element>(a: Mat<E>, r: Mat<E>) -> Dense<E> {
    let transposed = made(&Triangular(Triangle::Upper), &[r, a.t()], [a.shape[1], a.shape[0]]);
    Dense::part(transposed.t(), |x| x)
}

impl<T: Scalar> Tensor<T> {
    /// The factors of `A = Q R`, reduced: the columns of `Q` are orthonormal, `R` is upper triangular with a diagonal that is
    /// not negative. `[…, m, n] → […, m, k], […, k, n]` with `k = min(m, n)`. Cost: `4k²(max(m, n) − k/3)` operations, and
    /// back about `6k²max(m, n)`.
    ///
    /// Where the first `k` columns are dependent the factors have no derivative: it is NaN or infinite.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let a = Tensor::from(array![[0.0, 2.0], [3.0, 4.0], [0.0, 0.0]]);
    /// let (q, r) = a.qr();
    /// assert_eq!(q.shape(), [3, 2]);
    /// assert!((&r - &array![[3.0, 4.0], [0.0, 2.0]]).abs().sum().value() < 1e-14);
    /// assert!((q.dot(&r) - &a).abs().sum().value() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If there are fewer than two axes.
    #[track_caller]
    pub fn qr(&self) -> (Tensor<T>, Tensor<T>) {
        let [m, n] = rows_and_columns("qr", self);
        let k = m.min(n);
        let both = Tensor::of_matrices(Qr, &[self], m * k + k * n).expect("every matrix has these factors");
        (both.result(0, &[m, k]), both.result(m * k, &[k, n]))
    }
}
