//! Least squares, by the orthogonal factorization with column pivoting.

use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch as apply_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj as apply,
};
use faer::linalg::qr::col_pivoting::factor::{ColPivQrParams, qr_in_place, qr_in_place_scratch};
use faer::linalg::qr::col_pivoting::solve::{solve_lstsq_in_place, solve_lstsq_in_place_scratch};
use faer::linalg::qr::no_pivoting::factor::recommended_block_size;
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::perm::PermRef;
use faer::{Conj, MatMut as FaerMut, MatRef, Par, Spec};

use super::scratch::{Scratch, with_stack};
use super::view::Mat;
use super::{Scalar, fits, kernel};

/// The columns of a tall matrix, or the rows of a wide one, are dependent: only `rank` of them are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RankDeficient {
    pub(crate) rank: usize,
}

/// The `x` of least `‖A x − b‖`, for each column of `b`; of `a`: `[m, n]` and `b`: `[m, k]` into `x`: `[n, k]`.
///
/// For `m < n`, where many `x` solve the system exactly, the shortest of them. The columns (for `m < n` the rows) must be
/// independent. They count as dependent when one, scaled to length 1, is within `max(m, n) ε` of the span of others, so
/// the units they are in do not matter. What `x` holds after an error means nothing.
/// Cost: `4 p² (q − p/3) + 4 p q k`, with `p` the smaller and `q` the larger of `m` and `n`.
///
/// # Panics
///
/// If the shapes do not fit.
#[track_caller]
pub(crate) fn least_squares<T: Scalar>(a: Mat<T>, b: Mat<T>, x: &mut [T]) -> Result<(), RankDeficient> {
    let ([m, n], [rows, k]) = (a.shape, b.shape);
    assert!(m == rows, "a system of {m} equations with {rows} right sides");
    fits(x, n, k);
    if m == 0 || n == 0 || k == 0 {
        x.fill(T::zero());
        return Ok(());
    }
    let factors = Factors::of(if m < n { a.t() } else { a });
    factors.check()?;
    if m < n {
        factors.shortest(b, x)
    } else {
        factors.closest(b, x)
    }
    Ok(())
}

/// `A S P = Q R` of a tall matrix `[m, n]`: the columns scaled to length about 1, and in an order of descending pivots.
struct Factors<T: Scalar> {
    shape: [usize; 2],
    block: usize,
    columns: Scratch<T>,
    weights: Scratch<T>,
    scales: Scratch<T>,
    forward: Scratch<usize>,
    backward: Scratch<usize>,
}

impl<T: Scalar> Factors<T> {
    fn of(a: Mat<T>) -> Self {
        let [m, n] = a.shape;
        let block = recommended_block_size::<T>(m, n);
        let mut made = Factors {
            shape: [m, n],
            block,
            columns: a.columns(),
            weights: Scratch::of(block * n),
            scales: Scratch::of(n),
            forward: Scratch::of(n),
            backward: Scratch::of(n),
        };
        for (column, scale) in made.columns.chunks_exact_mut(m).zip(made.scales.iter_mut()) {
            *scale = unit_scale(column);
            column.iter_mut().for_each(|x| *x *= *scale);
        }
        let params = Spec::<ColPivQrParams, T>::default();
        let required = qr_in_place_scratch::<usize, T>(m, n, block, Par::Seq, params);
        let factors = FaerMut::from_column_major_slice_mut(&mut made.columns, m, n);
        let weights = FaerMut::from_column_major_slice_mut(&mut made.weights, block, n);
        with_stack(required, |stack| {
            qr_in_place(factors, weights, &mut made.forward, &mut made.backward, Par::Seq, stack, params)
        });
        made
    }

    fn check(&self) -> Result<(), RankDeficient> {
        let [m, n] = self.shape;
        let least = T::of(m as f64) * T::epsilon();
        let pivot = |i: usize| self.columns[i * m + i].abs();
        let rank = (0..n).take_while(|&i| pivot(i) > least && pivot(i).is_finite()).count();
        if rank < n { Err(RankDeficient { rank }) } else { Ok(()) }
    }

    fn parts(&self) -> (MatRef<'_, T>, MatRef<'_, T>, PermRef<'_, usize>) {
        let [m, n] = self.shape;
        let basis = MatRef::from_column_major_slice(&self.columns, m, n);
        let weights = MatRef::from_column_major_slice(&self.weights, self.block, n);
        (basis, weights, PermRef::new_checked(&self.forward, &self.backward, n))
    }

    /// `x = S P R⁻¹ Qᵀ b`.
    fn closest(&self, b: Mat<T>, x: &mut [T]) {
        let ([m, n], k) = (self.shape, b.shape[1]);
        let mut right = b.rows();
        let (basis, weights, order) = self.parts();
        let required = solve_lstsq_in_place_scratch::<usize, T>(m, n, self.block, k, Par::Seq);
        let to = FaerMut::from_row_major_slice_mut(&mut right, m, k);
        with_stack(required, |stack| {
            solve_lstsq_in_place(basis, weights, basis.subrows(0, n), order, to, Par::Seq, stack);
        });
        for ((x, y), &scale) in x.chunks_exact_mut(k).zip(right.chunks_exact(k)).zip(self.scales.iter()) {
            x.iter_mut().zip(y).for_each(|(x, &y)| *x = y * scale);
        }
    }

    /// `x = Q R⁻ᵀ Pᵀ S b`: the shortest solution of `Aᵀ x = b`.
    fn shortest(&self, b: Mat<T>, x: &mut [T]) {
        let ([m, n], k) = (self.shape, b.shape[1]);
        x.fill(T::zero());
        for (row, &at) in x.chunks_exact_mut(k).zip(self.forward.iter()) {
            row.iter_mut().enumerate().for_each(|(j, x)| *x = b.at(at, j) * self.scales[at]);
        }
        let (basis, weights, _) = self.parts();
        let required = apply_scratch::<T>(m, self.block, k);
        let top = FaerMut::from_row_major_slice_mut(&mut x[..n * k], n, k);
        kernel(|| solve_lower_triangular_in_place(basis.subrows(0, n).transpose(), top, Par::Seq));
        let to = FaerMut::from_row_major_slice_mut(x, m, k);
        with_stack(required, |stack| apply(basis, weights, Conj::No, to, Par::Seq, stack));
    }
}

/// The power of two, so that it rounds nothing, that brings a vector to a length of about 1. Of a vector of zeros, 1.
fn unit_scale<T: Scalar>(vector: &[T]) -> T {
    let largest = vector.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
    let scaled = vector.iter().map(|&x| x / largest).fold(T::zero(), |sum, x| sum + x * x);
    let exponent = (largest.log2() + scaled.log2() / T::of(2.0)).round();
    let scale = (-exponent).exp2();
    if scale.is_finite() && scale > T::zero() { scale } else { T::one() }
}
