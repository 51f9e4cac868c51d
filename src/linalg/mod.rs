//! Dense linear algebra on slices: products, factorizations, solutions, in `f32` and `f64`.
//!
//! The work is done by the kernels of [`faer`], on one thread. What is added here: matrices with any strides, outcomes
//! in place of `NaN`, factors that are unique (so that results do not depend on the processor), and memory that is
//! reused: once a thread has worked on matrices of a size, it allocates nothing for them any more.
//!
//! Results go to slices in row-major order. Shapes that do not fit are mistakes of the caller, and panic. Costs are in
//! floating-point operations.

mod cholesky;
mod eigh;
mod exp;
mod least_squares;
mod lu;
mod matmul;
mod qr;
mod scratch;
mod svd;
mod triangular;
mod view;

#[cfg(test)]
mod tests;

use num_traits::Float;

pub(crate) use cholesky::{NotPositiveDefinite, cholesky};
pub(crate) use eigh::eigh;
pub(crate) use exp::matrix_exp;
pub(crate) use least_squares::{RankDeficient, least_squares};
pub(crate) use lu::{Singular, det, inverse, log_det, solve, solve_unchecked};
pub(crate) use matmul::matmul;
pub(crate) use qr::qr;
pub(crate) use scratch::{borrow, give_back};
pub(crate) use svd::svd;
pub(crate) use triangular::solve_triangular;
pub(crate) use view::{Mat, MatMut};

/// A number that has kernels: `f32`, `f64`.
pub(crate) trait Scalar: faer::traits::RealField + Float + scratch::Pooled {
    /// This number, rounded.
    fn of(x: f64) -> Self;
}

impl Scalar for f32 {
    fn of(x: f64) -> Self {
        x as f32
    }
}

impl Scalar for f64 {
    fn of(x: f64) -> Self {
        x
    }
}

/// An iteration that did not reach its end, or could not begin: the matrix has elements that are not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoConvergence;

/// The number of rows, and of columns.
///
/// # Panics
///
/// If there are not as many of the one as of the other.
#[track_caller]
fn order<T>(a: &Mat<T>) -> usize {
    let [m, n] = a.shape;
    assert!(m == n, "a square matrix is needed, this one is {m}×{n}");
    n
}

/// Checks that a result of `rows`×`cols` fits its slice.
///
/// # Panics
///
/// If it has not exactly as many elements.
#[track_caller]
fn fits<T>(result: &[T], rows: usize, cols: usize) {
    assert!(result.len() == rows * cols, "a {rows}×{cols} result into {} elements", result.len());
}

/// Whether the first of the largest components is negative: then a vector known up to its sign is turned round.
///
/// Those as large but for rounding count as largest, so that rounding does not decide.
fn points_down<T: Scalar>(vector: impl Iterator<Item = T> + Clone) -> bool {
    let largest = vector.clone().fold(T::zero(), |largest, x| largest.max(x.abs()));
    let enough = largest * (T::one() - T::epsilon().sqrt());
    vector.into_iter().find(|x| x.abs() >= enough).is_some_and(|x| x < T::zero())
}

/// Runs a kernel, and leaves the vector registers as other code needs them.
fn kernel<R>(run: impl FnOnce() -> R) -> R {
    let result = run();
    #[cfg(target_arch = "x86_64")]
    registers::clear();
    result
}

#[cfg(target_arch = "x86_64")]
mod registers {
    /// Clears the upper halves of the vector registers, which a kernel leaves in use.
    ///
    /// While they are in use, SSE instructions (what a plain build consists of) wait for one another: a loop over 4096
    /// `f32` after a product took 2.35 µs, and 0.65 µs after this (Zen 4).
    #[allow(unsafe_code, reason = "an instruction of processors with AVX only")]
    pub(super) fn clear() {
        if std::arch::is_x86_feature_detected!("avx") {
            // SAFETY: the processor has AVX.
            unsafe { zero_upper() }
        }
    }

    #[target_feature(enable = "avx")]
    fn zero_upper() {
        core::arch::x86_64::_mm256_zeroupper();
    }
}
