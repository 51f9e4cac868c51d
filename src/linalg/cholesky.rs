//! Cholesky's factorization of symmetric, positive definite matrices.

use faer::linalg::cholesky::llt::factor::{
    LltError, LltParams, cholesky_in_place, cholesky_in_place_scratch,
};
use faer::{MatMut as FaerMut, Par, Spec};

use super::scratch::with_stack;
use super::view::Mat;
use super::{Scalar, fits, order};

/// The matrix is not positive definite: its leading minor of order `pivot + 1` is not positive, or not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotPositiveDefinite {
    pub(crate) pivot: usize,
}

/// The factor `L`, lower triangular with a positive diagonal: `A = L Lᵀ`, of `a`: `[n, n]` into `l`: `[n, n]`.
///
/// Only the lower triangle of `a` is read. What `l` holds after an error means nothing. Cost: `n³/3`.
///
/// # Panics
///
/// If `a` is not square, or `l` has not as many elements.
#[track_caller]
pub(crate) fn cholesky<T: Scalar>(a: Mat<T>, l: &mut [T]) -> Result<(), NotPositiveDefinite> {
    let n = order(&a);
    fits(l, n, n);
    if n == 0 {
        return Ok(());
    }
    let mut columns = a.columns();
    let params = Spec::<LltParams, T>::default();
    let required = cholesky_in_place_scratch::<T>(n, Par::Seq, params);
    let factor = FaerMut::from_column_major_slice_mut(&mut columns, n, n);
    let outcome =
        with_stack(required, |stack| cholesky_in_place(factor, Default::default(), Par::Seq, stack, params));
    for (i, row) in l.chunks_exact_mut(n).enumerate() {
        for (j, x) in row.iter_mut().enumerate() {
            *x = if j <= i { columns[j * n + i] } else { T::zero() };
        }
    }
    // Whatever is not finite comes to the diagonal sooner or later: as a sum of squares over the row.
    let fault = (0..n).find(|&i| !(l[i * n + i] > T::zero() && l[i * n + i].is_finite()));
    match (outcome, fault) {
        (Err(LltError::NonPositivePivot { index }), _) => Err(NotPositiveDefinite { pivot: index }),
        (_, Some(pivot)) => Err(NotPositiveDefinite { pivot }),
        _ => Ok(()),
    }
}
