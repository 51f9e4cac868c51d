//! Singular values and vectors.
//!
//! With `P = Uᵀ dA V`, `Fᵢⱼ = 1/(sⱼ² − sᵢ²)` and 0 on the diagonal, and `S = diag(s)`:
//!
//! ```text
//! A = U S Vᵀ
//! ds = diag(P)
//! dU = U (F ∘ (P S + S Pᵀ)) + (dA V − U P) S⁻¹
//! dV = V (F ∘ (S P + Pᵀ S)) + (dAᵀ U − V Pᵀ) S⁻¹
//! Ā += U (diag(s̄) + (F ∘ (X − Xᵀ)) S + S (F ∘ (Y − Yᵀ))) Vᵀ + (Ū − U X) S⁻¹ Vᵀ + U S⁻¹ (V̄ − V Y)ᵀ
//! ```
//!
//! where `X = Uᵀ Ū` and `Y = Vᵀ V̄`; the terms with `S⁻¹` vanish unless `U`, or `V`, has more rows than columns. J. Townsend,
//! Differentiating the Singular Value Decomposition, 2016.

use super::eigh::idle_columns;
use super::outcome::{self, NoConvergence};
use super::{Dense, Flows, MatrixRule, no_adjoints, part, rows_and_columns};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// `U`, then `s`, then `Vᵀ`.
#[derive(Debug, Clone)]
pub(crate) struct Svd;

/// The factors, or their adjoints: `U`, `s`, `V`.
struct Factors<'a, E> {
    u: Mat<'a, E>,
    s: &'a [E],
    v: Mat<'a, E>,
}

impl<'a, E: Element> Factors<'a, E> {
    fn of(numbers: &'a [E], [m, n]: [usize; 2]) -> Factors<'a, E> {
        let k = m.min(n);
        let (u, rest) = (part(numbers, 0, [m, k]), &numbers[m * k..]);
        Factors { u, s: &rest[..k], v: part(rest, k, [k, n]).t() }
    }

    /// `x Fᵢⱼ`, off the diagonal.
    fn over(&self, x: E, i: usize, j: usize) -> E {
        x / ((self.s[j] - self.s[i]) * (self.s[j] + self.s[i]))
    }

    /// How one side turns: `u`, whose elements with respect to both sides are `p`, and whose image changes by `image`.
    fn turned(&self, u: Mat<E>, p: Mat<E>, image: Mat<E>) -> Dense<E> {
        let (s, k) = (self.s, self.s.len());
        let inner = Dense::of([k, k], |i, j| match i == j {
            true => E::of(0.0),
            false => self.over(p.at(i, j) * s[j] + s[i] * p.at(j, i), i, j),
        });
        let mut turned = Dense::product(u, inner.mat());
        if u.shape[0] > k {
            let beside = Dense::less(image, u, p);
            turned = turned.map(|i, j, x| x + beside.at(i, j) / s[j]);
        }
        turned
    }

    /// What flows by one side, whose adjoint is `to_u`: `F ∘ (X − Xᵀ)`, and the term beside, which may vanish.
    fn flowing(&self, u: Mat<E>, to_u: Mat<E>) -> (Dense<E>, Option<Dense<E>>) {
        let (k, none, idle) = (self.s.len(), E::of(0.0), idle_columns(to_u));
        let x = Dense::product(u.t(), to_u);
        let inner = Dense::of([k, k], |i, j| match () {
            _ if i == j || idle[i] && idle[j] => none,
            _ => self.over(x.at(i, j) - x.at(j, i), i, j),
        });
        let beside = (u.shape[0] > k).then(|| {
            let beside = Dense::less(to_u, u, x.mat());
            beside.map(|_, j, x| if idle[j] { none } else { x / self.s[j] })
        });
        (inner, beside)
    }
}

impl MatrixRule for Svd {
    fn name(&self) -> &'static str {
        "svd"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        let [m, n] = inputs[0].shape;
        let (u, rest) = out.split_at_mut(m * m.min(n));
        let (s, vt) = rest.split_at_mut(m.min(n));
        Ok(linalg::svd(inputs[0], u, s, vt)?)
    }

    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        out.fill(E::of(0.0));
        if no_adjoints(changes[0]) {
            return;
        }
        let ([m, n], change) = (inputs[0].shape, changes[0]);
        let (k, own) = (m.min(n), Factors::of(results, [m, n]));
        let (image, back) = (Dense::product(change, own.v), Dense::product(change.t(), own.u));
        let p = Dense::product(own.u.t(), image.mat());
        out[..m * k].copy_from_slice(own.turned(own.u, p.mat(), image.mat()).numbers());
        let rest = &mut out[m * k..];
        (0..k).for_each(|i| rest[i] = p.at(i, i));
        let right = own.turned(own.v, p.t(), back.mat());
        rest[k..].copy_from_slice(Dense::part(right.t(), |x| x).numbers());
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        _: [bool; 2],
    ) -> Flows<E> {
        let shape = inputs[0].shape;
        let (own, to) = (Factors::of(results, shape), Factors::of(adjoints, shape));
        let (left, beside_u) = own.flowing(own.u, to.u);
        let (right, beside_v) = own.flowing(own.v, to.v);
        let middle = left.map(|i, j, x| match i == j {
            true => to.s[i],
            false => x * own.s[j] + own.s[i] * right.at(i, j),
        });
        let mut flows = Dense::product(Dense::product(own.u, middle.mat()).mat(), own.v.t());
        if let Some(beside) = beside_u {
            flows.add_product(beside.mat(), own.v.t());
        }
        if let Some(beside) = beside_v {
            flows.add_product(own.u, beside.t());
        }
        [Some(flows), None]
    }
}

const ADVICE: &str = "give one whose elements are finite";

impl<T: Scalar> Tensor<T> {
    /// The factors of `A = U diag(s) Vᵀ`, reduced: orthonormal columns of `U` and rows of `Vᵀ`, and the singular values in
    /// descending order, as `(U, s, Vᵀ)`. `[…, m, n] → […, m, k], […, k], […, k, n]` with `k = min(m, n)`. Of each row of `Vᵀ`
    /// the component of largest magnitude is positive. Cost: some `20k²max(m, n)` operations, and `12k max(m, n)²` back.
    ///
    /// Vectors of equal singular values have no derivative, nor, if the matrix is not square, those of the value 0: if the
    /// result depends on one of them, the gradient is NaN or infinite. If it depends on the singular values only, see
    /// [`singular_values`](Tensor::singular_values).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let a = Tensor::from(array![[3.0, 0.0], [4.0, 5.0]]);
    /// let (u, s, vt) = a.svd();
    /// assert!((s.square() - &array![45.0, 5.0]).abs().sum().value() < 1e-13);
    /// assert!(((&u * &s).dot(&vt) - &a).abs().sum().value() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If there are fewer than two axes, or elements are not finite: see [`try_svd`](Tensor::try_svd).
    #[track_caller]
    pub fn svd(&self) -> (Tensor<T>, Tensor<T>, Tensor<T>) {
        match self.try_svd() {
            Ok(factors) => factors,
            Err(why) => outcome::none("svd", self.shape(), why, ADVICE),
        }
    }

    /// As [`svd`](Tensor::svd), where the matrix may have elements that are not finite.
    ///
    /// # Errors
    ///
    /// [`NoConvergence`]; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If there are fewer than two axes.
    #[allow(clippy::type_complexity, reason = "three factors, or none")]
    #[track_caller]
    pub fn try_svd(&self) -> Result<(Tensor<T>, Tensor<T>, Tensor<T>), NoConvergence> {
        let [m, n] = rows_and_columns("svd", self);
        let k = m.min(n);
        match Tensor::of_matrices(Svd, &[self], m * k + k + k * n) {
            Ok(all) => Ok((all.result(0, &[m, k]), all.result(m * k, &[k]), all.result(m * k + k, &[k, n]))),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The singular values in descending order. `[…, m, n] → […, min(m, n)]`. Cost: as [`svd`](Tensor::svd).
    ///
    /// A function of them that does not depend on their order has its gradient where some are equal too; second derivatives
    /// there are NaN or infinite. A value of 0 has the slope of one sign, as the absolute value has one from the right.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let nuclear_norm = Tensor::from(array![[0.0, 2.0], [1.0, 0.0]]).singular_values().sum();
    /// assert!((nuclear_norm.value() - 3.0).abs() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If there are fewer than two axes, or elements are not finite: see [`try_svd`](Tensor::try_svd).
    #[track_caller]
    pub fn singular_values(&self) -> Tensor<T> {
        rows_and_columns("singular_values", self);
        match self.try_svd() {
            Ok((_, s, _)) => s,
            Err(why) => outcome::none("svd", self.shape(), why, ADVICE),
        }
    }
}
