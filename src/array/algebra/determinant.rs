//! Determinant and trace.
//!
//! ```text
//! d log|det A| = tr(A⁻¹ dA),   Ā += ȳ A⁻ᵀ
//! d det A = Σ C dA,   Ā += ȳ C
//! ```
//!
//! where `C` are the cofactors: `det A · A⁻ᵀ`, which a singular matrix has too.

use super::inverse::Inverse;
use super::solve::REGULAR;
use super::svd::Svd;
use super::{Dense, Flows, MatrixRule, made, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// The logarithm of the absolute value, and the sign.
#[derive(Debug, Clone)]
pub(crate) struct LogDet;

/// The determinant itself.
#[derive(Debug, Clone)]
pub(crate) struct Det;

impl MatrixRule for LogDet {
    fn name(&self) -> &'static str {
        "log_det"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        let (sign, log_abs) = linalg::log_det(inputs[0]);
        out.copy_from_slice(&[log_abs, sign]);
        Ok(())
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], _: &[E], out: &mut [E]) {
        let change = made(&REGULAR, &[inputs[0], changes[0]], inputs[0].shape);
        let trace = (0..inputs[0].shape[0]).fold(E::of(0.0), |sum, i| sum + change.at(i, i));
        out.copy_from_slice(&[trace, E::of(0.0)]);
    }

    fn adjoint<E: Element>(&self, inputs: &[Mat<E>], _: &[E], adjoints: &[E], _: [bool; 2]) -> Flows<E> {
        let (shape, none) = (inputs[0].shape, E::of(0.0));
        if adjoints[0].is_nil() {
            return [None, None];
        }
        let right = Dense::of(shape, |i, j| if i == j { adjoints[0] } else { none });
        [Some(made(&REGULAR, &[inputs[0].t(), right.mat()], shape)), None]
    }
}

impl MatrixRule for Det {
    fn name(&self) -> &'static str {
        "det"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        out[0] = linalg::det(inputs[0]);
        Ok(())
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        let (cofactors, change) = (cofactors(inputs[0], results[0]), Dense::part(changes[0], |x| x));
        let terms = cofactors.numbers().iter().zip(change.numbers());
        out[0] = terms.fold(E::of(0.0), |sum, (&c, &x)| sum + c * x);
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        _: [bool; 2],
    ) -> Flows<E> {
        [Some(cofactors(inputs[0], results[0]).map(|_, _, c| c * adjoints[0])), None]
    }
}

/// The partials of the determinant.
fn cofactors<E: Element>(a: Mat<E>, det: E) -> Dense<E> {
    let mut inverse = Dense::zeros(a.shape);
    if E::run(&Inverse, &[a], inverse.row()).is_ok() {
        return Dense::part(inverse.t(), |x| det * x);
    }
    // Of a singular matrix, by its singular values: sᵢ is replaced by the product of the others.
    let n = a.shape[0];
    let factors = made(&Svd, &[a], [1, n * (2 * n + 1)]);
    let factors = factors.numbers();
    let (u, s, vt) = (part(factors, 0, [n, n]), &factors[n * n..][..n], part(factors, n * (n + 1), [n, n]));
    let sign = rotation(u) * rotation(vt);
    let others = |i: usize| (0..n).filter(|&j| j != i).fold(E::of(sign), |product, j| product * s[j]);
    let scaled = Dense::of([n, n], |i, j| u.at(i, j) * others(j));
    Dense::product(scaled.mat(), vt)
}

/// The determinant of an orthogonal matrix: 1 or −1.
fn rotation<E: Element>(q: Mat<E>) -> f64 {
    linalg::det(Dense::<f64>::part(q, |x| x.number()).mat()).round()
}

impl<T: Scalar> Tensor<T> {
    /// The logarithm of the absolute value of the determinant, `ln |det A|`, which neither overflows nor underflows.
    /// `[…, n, n] → […]`. Of a singular matrix it is −∞, as `ln 0` is, and its derivative is not finite. Cost: `2n³/3`
    /// operations, and `8n³/3` back.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let a = tape.tensor(&array![[2.0, 0.0], [0.0, -4.0]]);
    /// let y = a.log_det();
    /// assert!((y.value() - 8.0_f64.ln()).abs() < 1e-15);
    /// assert_eq!(y.backward().wrt(&a), array![[0.5, 0.0], [0.0, -0.25]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[track_caller]
    pub fn log_det(&self) -> Tensor<T> {
        order("log_det", self);
        self.sign_log_det().1
    }

    /// The sign of the determinant, 1, −1 or 0, and the logarithm of its absolute value; see [`log_det`](Tensor::log_det).
    /// The sign has no derivative but 0.
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[track_caller]
    pub fn sign_log_det(&self) -> (Tensor<T>, Tensor<T>) {
        order("sign_log_det", self);
        let both = Tensor::of_matrices(LogDet, &[self], 2).expect("every matrix has a determinant");
        (both.result(1, &[]), both.result(0, &[]))
    }

    /// The determinant. `[…, n, n] → […]`. It overflows and underflows easily: [`log_det`](Tensor::log_det) does not. Cost:
    /// `2n³/3` operations, and `8n³/3` back. A singular matrix has a gradient too.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let a = tape.tensor(&array![[2.0, 1.0], [0.0, 4.0]]);
    /// let y = a.det();
    /// assert_eq!(y.value(), 8.0);
    /// assert_eq!(y.backward().wrt(&a), array![[4.0, 0.0], [-1.0, 2.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[track_caller]
    pub fn det(&self) -> Tensor<T> {
        order("det", self);
        Tensor::of_matrices(Det, &[self], 1).expect("every matrix has a determinant").result(0, &[])
    }

    /// The sum of the diagonal. `[…, m, n] → […]`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// assert_eq!(Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]).trace().value(), 5.0);
    /// ```
    ///
    /// # Panics
    ///
    /// If there are fewer than two axes.
    #[track_caller]
    pub fn trace(&self) -> Tensor<T> {
        super::rows_and_columns("trace", self);
        self.diag().sum_axis(-1)
    }
}
