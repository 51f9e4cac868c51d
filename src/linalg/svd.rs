//! Singular values and vectors.

use faer::diag::DiagMut;
use faer::linalg::svd::{ComputeSvdVectors, SvdParams, svd as decompose, svd_scratch};
use faer::{MatMut as FaerMut, MatRef, Par, Spec};

use super::scratch::{Scratch, with_stack};
use super::view::Mat;
use super::{NoConvergence, Scalar, fits, points_down};

/// The factors of `A = U diag(s) Vᵀ`, reduced: of `a`: `[m, n]`, with `k = min(m, n)`, into `u`: `[m, k]`, `s`: `[k]` in
/// descending order, and `vt`: `[k, n]`.
///
/// A pair of vectors is known up to its sign only: the largest component of each row of `Vᵀ` is positive. What they hold
/// after an error means nothing. Cost: some `20 k² max(m, n)`.
///
/// # Panics
///
/// If a result has not as many elements.
#[track_caller]
pub(crate) fn svd<T: Scalar>(a: Mat<T>, u: &mut [T], s: &mut [T], vt: &mut [T]) -> Result<(), NoConvergence> {
    let [m, n] = a.shape;
    let k = m.min(n);
    fits(u, m, k);
    fits(s, 1, k);
    fits(vt, k, n);
    if k == 0 {
        return Ok(());
    }
    if !a.is_finite() {
        return Err(NoConvergence);
    }
    let mut left = Scratch::of(m * k);
    factor(&a.columns(), [m, n], &mut left, s, vt)?;
    for (j, row) in vt.chunks_exact_mut(n).enumerate() {
        let flip = if points_down(row.iter().copied()) { -T::one() } else { T::one() };
        row.iter_mut().for_each(|x| *x = flip * *x);
        for i in 0..m {
            u[i * k + j] = flip * left[j * m + i];
        }
    }
    Ok(())
}

/// The factors of a matrix given by columns: `left` and `right` by columns as well.
fn factor<T: Scalar>(
    columns: &[T],
    [m, n]: [usize; 2],
    left: &mut [T],
    s: &mut [T],
    right: &mut [T],
) -> Result<(), NoConvergence> {
    let k = m.min(n);
    let (thin, params) = (ComputeSvdVectors::Thin, Spec::<SvdParams, T>::default());
    let required = svd_scratch::<T>(m, n, thin, thin, Par::Seq, params);
    let a = MatRef::from_column_major_slice(columns, m, n);
    let u = FaerMut::from_column_major_slice_mut(left, m, k);
    let v = FaerMut::from_column_major_slice_mut(right, n, k);
    let s = DiagMut::from_slice_mut(s);
    with_stack(required, |stack| decompose(a, s, Some(u), Some(v), Par::Seq, stack, params))
        .map_err(|_| NoConvergence)
}
