//! Eigenvalues and eigenvectors of symmetric matrices.

use faer::diag::DiagMut;
use faer::linalg::evd::{
    ComputeEigenvectors, SelfAdjointEvdParams, self_adjoint_evd, self_adjoint_evd_scratch,
};
use faer::{MatMut as FaerMut, MatRef, Par, Spec};

use super::scratch::{Scratch, with_stack};
use super::view::Mat;
use super::{NoConvergence, Scalar, fits, order, points_down};

/// The factors of `A = V diag(w) Vᵀ`, of a symmetric `a`: `[n, n]` into `w`: `[n]` in ascending order, and `v`: `[n, n]`,
/// whose columns are the eigenvectors, orthonormal.
///
/// Only the lower triangle of `a` is read. A vector is known up to its sign only: its largest component is positive. (Of
/// equal eigenvalues the vectors are some basis of their space.) What `w` and `v` hold after an error means nothing.
/// Cost: some `9n³`.
///
/// # Panics
///
/// If `a` is not square, or a result has not as many elements.
#[track_caller]
pub(crate) fn eigh<T: Scalar>(a: Mat<T>, w: &mut [T], v: &mut [T]) -> Result<(), NoConvergence> {
    let n = order(&a);
    fits(w, 1, n);
    fits(v, n, n);
    if n == 0 {
        return Ok(());
    }
    if !(0..n).all(|i| (0..=i).all(|j| a.at(i, j).is_finite())) {
        return Err(NoConvergence);
    }
    let mut vectors = Scratch::of(n * n);
    factor(&a.columns(), n, w, &mut vectors)?;
    for (j, vector) in vectors.chunks_exact(n).enumerate() {
        let flip = if points_down(vector.iter().copied()) { -T::one() } else { T::one() };
        for (i, &x) in vector.iter().enumerate() {
            v[i * n + j] = flip * x;
        }
    }
    Ok(())
}

/// The values, and the vectors by columns, of a matrix given by columns.
fn factor<T: Scalar>(columns: &[T], n: usize, w: &mut [T], vectors: &mut [T]) -> Result<(), NoConvergence> {
    let params = Spec::<SelfAdjointEvdParams, T>::default();
    let required = self_adjoint_evd_scratch::<T>(n, ComputeEigenvectors::Yes, Par::Seq, params);
    let a = MatRef::from_column_major_slice(columns, n, n);
    let v = FaerMut::from_column_major_slice_mut(vectors, n, n);
    let w = DiagMut::from_slice_mut(w);
    with_stack(required, |stack| self_adjoint_evd(a, w, Some(v), Par::Seq, stack, params))
        .map_err(|_| NoConvergence)
}
