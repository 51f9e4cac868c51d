//! Gauss's elimination with partial pivoting: `P A = L U`.

use faer::linalg::lu::partial_pivoting::factor::{PartialPivLuParams, lu_in_place, lu_in_place_scratch};
use faer::linalg::lu::partial_pivoting::solve::{solve_in_place, solve_in_place_scratch};
use faer::perm::PermRef;
use faer::{MatMut as FaerMut, MatRef, Par, Spec};

use super::scratch::{Scratch, with_stack};
use super::view::Mat;
use super::{Scalar, fits, order};

/// The matrix is singular, or cannot be told from a singular one: the elimination came to a `pivot` of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Singular {
    pub(crate) pivot: usize,
}

/// The factors: `U` on and above the diagonal, below it `L`, whose own diagonal is all ones.
struct Lu<T: Scalar> {
    n: usize,
    columns: Scratch<T>,
    forward: Scratch<usize>,
    backward: Scratch<usize>,
    /// Whether the exchanges of rows change the determinant's sign.
    odd: bool,
}

impl<T: Scalar> Lu<T> {
    fn of(a: Mat<T>, n: usize) -> Self {
        let (mut columns, mut forward, mut backward) = (a.columns(), Scratch::of(n), Scratch::of(n));
        let params = Spec::<PartialPivLuParams, T>::default();
        let required = lu_in_place_scratch::<usize, T>(n, n, Par::Seq, params);
        let factors = FaerMut::from_column_major_slice_mut(&mut columns, n, n);
        let (info, _) = with_stack(required, |stack| {
            lu_in_place(factors, &mut forward, &mut backward, Par::Seq, stack, params)
        });
        Lu { n, columns, forward, backward, odd: info.transposition_count % 2 == 1 }
    }

    fn at(&self, i: usize, j: usize) -> T {
        self.columns[j * self.n + i]
    }

    /// The first pivot that is zero, not finite, or no more than rounding.
    ///
    /// A computed pivot `u` is off by up to `n ε (|L| |U|)` at its place (Higham, Accuracy and Stability of Numerical
    /// Algorithms, theorem 9.3). If it is no larger than that, a matrix that equals this one but for rounding has a
    /// pivot of zero. Unlike a condition number this does not change with the units of the rows and columns:
    /// `diag(1e-200, 1e200)` is as regular as can be.
    fn check(&self) -> Result<(), Singular> {
        let tolerance = T::of(self.n as f64) * T::epsilon();
        for k in 0..self.n {
            let pivot = self.at(k, k).abs();
            let terms = (0..k).fold(pivot, |sum, j| sum + self.at(k, j).abs() * self.at(j, k).abs());
            if !pivot.is_finite() || pivot == T::zero() || pivot <= tolerance * terms {
                return Err(Singular { pivot: k });
            }
        }
        Ok(())
    }

    /// Replaces `x`: `[n, k]` by the solution of `A y = x`.
    fn solve(&self, x: &mut [T], k: usize) {
        let n = self.n;
        let factors = MatRef::from_column_major_slice(&self.columns, n, n);
        let rows = PermRef::new_checked(&self.forward, &self.backward, n);
        let required = solve_in_place_scratch::<usize, T>(n, k, Par::Seq);
        let x = FaerMut::from_row_major_slice_mut(x, n, k);
        with_stack(required, |stack| solve_in_place(factors, factors, rows, x, Par::Seq, stack));
    }
}

/// The solution of `A x = b`, of `a`: `[n, n]` and `b`: `[n, k]` into `x`: `[n, k]`.
///
/// What `x` holds after an error means nothing. Cost: `2n³/3 + 2n²k`.
///
/// # Panics
///
/// If `a` is not square, or the shapes do not fit.
#[track_caller]
pub(crate) fn solve<T: Scalar>(a: Mat<T>, b: Mat<T>, x: &mut [T]) -> Result<(), Singular> {
    let (n, [rows, k]) = (order(&a), b.shape);
    assert!(n == rows, "a system of {n} equations with {rows} right sides");
    fits(x, n, k);
    if n == 0 {
        return Ok(());
    }
    let lu = Lu::of(a, n);
    lu.check()?;
    if k > 0 {
        b.copy_rows(x);
        lu.solve(x, k);
    }
    Ok(())
}

/// The solution of `A x = b`, of an `a`: `[n, n]` that is known to be regular and of `b`: `[n, k]` into `x`: `[n, k]`. Of
/// a singular one it is not finite, or means nothing.
pub(crate) fn solve_unchecked<T: Scalar>(a: Mat<T>, b: Mat<T>, x: &mut [T]) {
    let [n, k] = b.shape;
    if n > 0 && k > 0 {
        b.copy_rows(x);
        Lu::of(a, n).solve(x, k);
    }
}

/// The inverse of `a`: `[n, n]` into `x`: `[n, n]`. Cost: `8n³/3`; to solve a system, [`solve`] costs less.
///
/// # Panics
///
/// If `a` is not square, or `x` has not as many elements.
#[track_caller]
pub(crate) fn inverse<T: Scalar>(a: Mat<T>, x: &mut [T]) -> Result<(), Singular> {
    let n = order(&a);
    let one = [T::one(), T::zero()];
    let mut identity = Scratch::of(n * n);
    for (at, x) in identity.iter_mut().enumerate() {
        *x = one[usize::from(at % (n + 1) != 0)];
    }
    solve(a, Mat::of_rows(&identity, n, n), x)
}

/// The determinant's sign and the logarithm of its absolute value: `det A = sign · exp(log_abs)`, of `a`: `[n, n]`.
///
/// Of a singular matrix they are 0 and −∞. Cost: `2n³/3`.
///
/// # Panics
///
/// If `a` is not square.
#[track_caller]
pub(crate) fn log_det<T: Scalar>(a: Mat<T>) -> (T, T) {
    let n = order(&a);
    if n == 0 {
        return (T::one(), T::zero());
    }
    let lu = Lu::of(a, n);
    let first = if lu.odd { -T::one() } else { T::one() };
    (0..n).map(|k| lu.at(k, k)).fold((first, T::zero()), |(sign, log_abs), pivot| {
        let own = if pivot == T::zero() { T::zero() } else { pivot.signum() };
        (sign * own, log_abs + pivot.abs().ln())
    })
}

/// The determinant of `a`: `[n, n]`. Cost: `2n³/3`.
///
/// # Panics
///
/// If `a` is not square.
#[track_caller]
pub(crate) fn det<T: Scalar>(a: Mat<T>) -> T {
    let n = order(&a);
    if n == 0 {
        return T::one();
    }
    let lu = Lu::of(a, n);
    let first = if lu.odd { -T::one() } else { T::one() };
    (0..n).fold(first, |product, k| product * lu.at(k, k))
}
