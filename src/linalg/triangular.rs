//! Systems with a triangular matrix.

use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_unit_lower_triangular_in_place,
    solve_unit_upper_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{MatMut as FaerMut, Par};

use super::view::Mat;
use super::{Scalar, Singular, fits, kernel, order};

/// The solution of `A x = b`, of the `lower` or the upper triangle of `a`: `[n, n]` and of `b`: `[n, k]` into `x`: `[n, k]`.
///
/// The other triangle is not read, nor is the diagonal if it is all ones (`unit`). A diagonal element that is zero or not
/// finite is an error, after which `x` means nothing. For a system with `Lᵀ`, pass `l.t()` and its triangle, the upper.
/// Cost: `n²k`.
///
/// # Panics
///
/// If `a` is not square, or the shapes do not fit.
#[track_caller]
pub(crate) fn solve_triangular<T: Scalar>(
    a: Mat<T>,
    lower: bool,
    unit: bool,
    b: Mat<T>,
    x: &mut [T],
) -> Result<(), Singular> {
    let (n, [rows, k]) = (order(&a), b.shape);
    assert!(n == rows, "a system of {n} equations with {rows} right sides");
    fits(x, n, k);
    let usable = |i: &usize| a.at(*i, *i).is_finite() && a.at(*i, *i) != T::zero();
    if let Some(pivot) = (0..n).find(|i| !unit && !usable(i)) {
        return Err(Singular { pivot });
    }
    if n == 0 || k == 0 {
        return Ok(());
    }
    b.copy_rows(x);
    let mut copy = None;
    let (a, x) = (a.view_or_copy(&mut copy), FaerMut::from_row_major_slice_mut(x, n, k));
    kernel(|| match (lower, unit) {
        (true, false) => solve_lower_triangular_in_place(a, x, Par::Seq),
        (true, true) => solve_unit_lower_triangular_in_place(a, x, Par::Seq),
        (false, false) => solve_upper_triangular_in_place(a, x, Par::Seq),
        (false, true) => solve_unit_upper_triangular_in_place(a, x, Par::Seq),
    });
    Ok(())
}
