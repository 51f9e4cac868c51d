//! Orthogonal factorization by Householder's reflections.

use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply,
};
use faer::linalg::qr::no_pivoting::factor::{
    QrParams, qr_in_place, qr_in_place_scratch, recommended_block_size,
};
use faer::{Conj, MatMut as FaerMut, MatRef, Par, Spec};

use super::scratch::{Scratch, with_stack};
use super::view::Mat;
use super::{Scalar, fits};

/// The factors of `A = Q R`, reduced: of `a`: `[m, n]`, with `k = min(m, n)`, into `q`: `[m, k]` and `r`: `[k, n]`.
///
/// The columns of `Q` are orthonormal. `R` is upper triangular with a diagonal that is not negative, which makes the
/// factors unique where the first `k` columns are independent. Cost: `4k²(max(m, n) − k/3)`.
///
/// # Panics
///
/// If `q` or `r` has not as many elements.
#[track_caller]
pub(crate) fn qr<T: Scalar>(a: Mat<T>, q: &mut [T], r: &mut [T]) {
    let [m, n] = a.shape;
    let k = m.min(n);
    fits(q, m, k);
    fits(r, k, n);
    if k == 0 {
        return;
    }
    let (mut reflections, block) = (a.columns(), recommended_block_size::<T>(m, n));
    let mut weights = Scratch::of(block * k);
    factor(&mut reflections, &mut weights, [m, n], block);
    let columns = orthonormal(&reflections, &weights, [m, k], block);
    for i in 0..k {
        let flip = if reflections[i * m + i] < T::zero() { -T::one() } else { T::one() };
        for j in 0..n {
            r[i * n + j] = if j < i { T::zero() } else { flip * reflections[j * m + i] };
        }
        for row in 0..m {
            q[row * k + i] = flip * columns[i * m + row];
        }
    }
}

/// Replaces the columns of a matrix by `R` and, below the diagonal, the reflections.
fn factor<T: Scalar>(columns: &mut [T], weights: &mut [T], [m, n]: [usize; 2], block: usize) {
    let params = Spec::<QrParams, T>::default();
    let required = qr_in_place_scratch::<T>(m, n, block, Par::Seq, params);
    let a = FaerMut::from_column_major_slice_mut(columns, m, n);
    let weights = FaerMut::from_column_major_slice_mut(weights, block, m.min(n));
    with_stack(required, |stack| qr_in_place(a, weights, Par::Seq, stack, params));
}

/// The first `k` columns of the product of the reflections.
fn orthonormal<T: Scalar>(reflections: &[T], weights: &[T], [m, k]: [usize; 2], block: usize) -> Scratch<T> {
    let mut columns = Scratch::of(m * k);
    columns.fill(T::zero());
    columns.iter_mut().step_by(m + 1).for_each(|x| *x = T::one());
    let basis = MatRef::from_column_major_slice(&reflections[..m * k], m, k);
    let weights = MatRef::from_column_major_slice(weights, block, k);
    let to = FaerMut::from_column_major_slice_mut(&mut columns, m, k);
    let required = apply_scratch::<T>(m, block, k);
    with_stack(required, |stack| apply(basis, weights, Conj::No, to, Par::Seq, stack));
    columns
}
