//! Eigenvalues and eigenvectors of symmetric matrices.
//!
//! ```text
//! (A + Aᵀ)/2 = V diag(w) Vᵀ
//! C = Vᵀ dA V,   dw = diag(C),   dV = V (F ∘ C)
//! Ā += sym(V (diag(w̄) + F ∘ Vᵀ V̄) Vᵀ)
//! ```
//!
//! where `Fᵢⱼ = 1/(wⱼ − wᵢ)`, and 0 on the diagonal.

use smallvec::SmallVec;

use super::outcome::{self, NoConvergence};
use super::{Dense, Flows, MatrixRule, no_adjoints, order, part};
use crate::array::Tensor;
use crate::array::element::Element;
use crate::array::scalar::Scalar;
use crate::array::step::Failure;
use crate::linalg::{self, Mat};

/// The values, then the vectors.
#[derive(Debug, Clone)]
pub(crate) struct Eigh;

impl MatrixRule for Eigh {
    fn name(&self) -> &'static str {
        "eigh"
    }

    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure> {
        let (w, v) = out.split_at_mut(inputs[0].shape[0]);
        Ok(linalg::eigh(Dense::symmetric(inputs[0]).mat(), w, v)?)
    }

    fn differential<E: Element>(&self, _: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]) {
        out.fill(E::of(0.0));
        if no_adjoints(changes[0]) {
            return;
        }
        let n = changes[0].shape[0];
        let (w, v) = (&results[..n], part(results, n, [n, n]));
        let change = Dense::product(Dense::symmetric(changes[0]).mat(), v);
        let c = Dense::product(v.t(), change.mat());
        (0..n).for_each(|i| out[i] = c.at(i, i));
        let turned = c.map(|i, j, c| if i == j { E::of(0.0) } else { c / (w[j] - w[i]) });
        out[n..].copy_from_slice(Dense::product(v, turned.mat()).numbers());
    }

    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        _: [bool; 2],
    ) -> Flows<E> {
        let (n, none) = (inputs[0].shape[0], E::of(0.0));
        let (w, v) = (&results[..n], part(results, n, [n, n]));
        let to_v = part(adjoints, n, [n, n]);
        let inner = Dense::product(v.t(), to_v);
        let idle = idle_columns(to_v);
        let middle = inner.map(|i, j, x| match () {
            _ if i == j => adjoints[i],
            _ if idle[i] && idle[j] => none,
            _ => x / (w[j] - w[i]),
        });
        let whole = Dense::product(Dense::product(v, middle.mat()).mat(), v.t());
        [Some(Dense::symmetric(whole.mat())), None]
    }
}

/// Of each column of adjoints, whether nothing comes by it.
pub(super) fn idle_columns<E: Element>(adjoints: Mat<E>) -> SmallVec<[bool; 16]> {
    let [m, n] = adjoints.shape;
    (0..n).map(|j| (0..m).all(|i| adjoints.at(i, j).is_nil())).collect()
}

const ADVICE: &str = "give one whose elements are finite";

impl<T: Scalar> Tensor<T> {
    /// The eigenvalues of a symmetric matrix in ascending order, and its eigenvectors, orthonormal, in the columns of a
    /// matrix: `A = V diag(w) Vᵀ`. `[…, n, n] → […, n], […, n, n]`. It is a function of the symmetric part `(A + Aᵀ)/2`, and
    /// the gradient is symmetric. Of each vector the component of largest magnitude is positive. Cost: some `9n³` operations,
    /// and `6n³` back.
    ///
    /// Vectors of equal eigenvalues have no derivative: if the result depends on one of them, the gradient is NaN or
    /// infinite. If it depends on the eigenvalues only, see [`eigvalsh`](Tensor::eigvalsh).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let a = Tensor::from(array![[2.0, 1.0], [1.0, 2.0]]);
    /// let (w, v) = a.eigh();
    /// assert!((&w - &array![1.0, 3.0]).abs().sum().value() < 1e-14);
    /// assert!(((&v * &w).dot(v.t()) - &a).abs().sum().value() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square, or has elements that are not finite: see [`try_eigh`](Tensor::try_eigh).
    #[track_caller]
    pub fn eigh(&self) -> (Tensor<T>, Tensor<T>) {
        match self.try_eigh() {
            Ok(both) => both,
            Err(why) => outcome::none("eigh", self.shape(), why, ADVICE),
        }
    }

    /// As [`eigh`](Tensor::eigh), where the matrix may have elements that are not finite.
    ///
    /// # Errors
    ///
    /// [`NoConvergence`]; nothing is recorded then.
    ///
    /// # Panics
    ///
    /// If the matrix is not square.
    #[track_caller]
    pub fn try_eigh(&self) -> Result<(Tensor<T>, Tensor<T>), NoConvergence> {
        let n = order("eigh", self);
        match Tensor::of_matrices(Eigh, &[self], n + n * n) {
            Ok(both) => Ok((both.result(0, &[n]), both.result(n, &[n, n]))),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The eigenvalues of a symmetric matrix in ascending order. `[…, n, n] → […, n]`. It is a function of the symmetric part
    /// `(A + Aᵀ)/2`. Cost: as [`eigh`](Tensor::eigh).
    ///
    /// A function of them that does not depend on their order (a sum, the trace of a power) has its gradient where some are
    /// equal too; second derivatives there are NaN or infinite.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let a = tape.tensor(&array![[2.0, 0.0], [0.0, 2.0]]);
    /// let g = a.eigvalsh().square().sum().backward();
    /// assert_eq!(g.wrt(&a), array![[4.0, 0.0], [0.0, 4.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the matrix is not square, or has elements that are not finite: see [`try_eigh`](Tensor::try_eigh).
    #[track_caller]
    pub fn eigvalsh(&self) -> Tensor<T> {
        order("eigvalsh", self);
        match self.try_eigh() {
            Ok((w, _)) => w,
            Err(why) => outcome::none("eigh", self.shape(), why, ADVICE),
        }
    }
}
