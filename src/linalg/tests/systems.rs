//! Solutions solve, and what cannot be solved is refused.

use super::*;

/// A matrix that is far from singular.
fn regular<T: Scalar>(n: usize, seed: u64) -> Vec<T> {
    let steep = T::of((n as f64).sqrt() + 1.0);
    noise::<T>(n * n, seed).iter().zip(identity::<T>(n)).map(|(&x, one)| x + steep * one).collect()
}

fn solutions_solve<T: Scalar>() {
    for n in SIZES {
        for k in [0, 1, 3, 20] {
            for lie in LIES {
                let (a, b) = (regular::<T>(n, 1), noise::<T>(n * k, 2));
                let (a, b) = (lie.memory(&a, [n, n]), lie.memory(&b, [n, k]));
                let (a, b) = (lie.view(&a, [n, n]), lie.view(&b, [n, k]));
                let (mut x, mut rows) = (vec![T::nan(); n * k], vec![T::nan(); n * k]);
                b.copy_rows(&mut rows);
                solve(a, b, &mut x).unwrap();
                close(&naive(a, Mat::of_rows(&x, n, k)), &rows, 1.0 + n as f64, 16.0);
            }
        }
    }
}

fn triangles_solve<T: Scalar>() {
    for n in SIZES {
        for (lie, k) in LIES.into_iter().zip([1, 3, 1, 20, 1, 0]) {
            for (lower, unit) in [(true, false), (true, true), (false, false), (false, true)] {
                // What is not to be read is NaN in one copy, and what it stands for in the other.
                let scale = T::of(1.0 / (n.max(1) as f64));
                let mut full = noise::<T>(n * n, 3);
                let mut given = full.clone();
                MatMut::of_rows(&mut full, n, n).for_each(|i, j, x| match (i == j, (j < i) == lower) {
                    (true, _) => *x = if unit { T::one() } else { T::one() + x.abs() },
                    (_, true) => *x *= scale,
                    (_, false) => *x = T::zero(),
                });
                MatMut::of_rows(&mut given, n, n).for_each(|i, j, x| {
                    let read = if i == j { !unit } else { (j < i) == lower };
                    *x = if read { full[i * n + j] } else { T::nan() };
                });
                let (memory, b) = (lie.memory(&given, [n, n]), noise::<T>(n * k, 4));
                let mut x = vec![T::nan(); n * k];
                let a = lie.view(&memory, [n, n]);
                solve_triangular(a, lower, unit, Mat::of_rows(&b, n, k), &mut x).unwrap();
                close(&naive(Mat::of_rows(&full, n, n), Mat::of_rows(&x, n, k)), &b, 2.0, 16.0);
                let full = Mat::of_rows(&full, n, n).t();
                solve_triangular(a.t(), !lower, unit, Mat::of_rows(&b, n, k), &mut x).unwrap();
                close(&naive(full, Mat::of_rows(&x, n, k)), &b, 2.0, 16.0);
            }
        }
    }
}

#[test]
fn solutions_of_systems_solve_them() {
    solutions_solve::<f32>();
    solutions_solve::<f64>();
}

#[test]
fn solutions_of_triangular_systems_solve_them() {
    triangles_solve::<f32>();
    triangles_solve::<f64>();
}

#[test]
fn an_inverse_times_the_matrix_is_the_identity() {
    for n in SIZES {
        let (a, mut x) = (regular::<f64>(n, 5), vec![f64::NAN; n * n]);
        inverse(Mat::of_rows(&a, n, n), &mut x).unwrap();
        close(&naive(Mat::of_rows(&a, n, n), Mat::of_rows(&x, n, n)), &identity::<f64>(n), 1.0, 64.0);
    }
}

#[test]
fn singular_matrices_are_refused_whatever_their_units() {
    let solved = |a: &[f64], n: usize| {
        solve(Mat::of_rows(a, n, n), Mat::of_rows(&vec![1.0; n], n, 1), &mut vec![0.0; n])
    };
    let refused = |a: &[f64], n, pivot| assert_eq!(solved(a, n), Err(Singular { pivot }), "{a:?}");
    refused(&[0.0], 1, 0);
    refused(&[f64::NAN], 1, 0);
    refused(&[f64::INFINITY], 1, 0);
    refused(&[1.0, 2.0, 2.0, 4.0], 2, 1);
    refused(&[0.1, 0.2, 0.3, 0.6], 2, 1);
    refused(&[0.1e-150, 0.2, 0.3e-150, 0.6], 2, 1);
    refused(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 3, 2);
    refused(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], 3, 2);
    refused(&[0.0; 9], 3, 0);
    for regular in [
        [1e-300, 0.0, 0.0, 1.0],
        [1e-200, 0.0, 0.0, 1e200],
        [0.0, 1e-200, 1e200, 0.0],
        [1.0, 1e300, 0.0, 1.0],
    ] {
        assert_eq!(solved(&regular, 2), Ok(()), "{regular:?}");
    }
    assert_eq!(solved(&[1.0, 1.0, 1.0, 1.0 + 1e-14], 2), Ok(()));
    assert_eq!(solved(&[5e-324], 1), Ok(()));
    // Badly conditioned, but not singular: Hilbert's matrix of order 6 has a condition of 1e7.
    let hilbert: Vec<f64> = (0..36).map(|at| 1.0 / (at / 6 + at % 6 + 1) as f64).collect();
    assert_eq!(solved(&hilbert, 6), Ok(()));
    let triangle = [1.0, 0.0, 0.0, 0.0];
    let found = solve_triangular(
        Mat::of_rows(&triangle, 2, 2),
        true,
        false,
        Mat::of_rows(&[1.0, 1.0], 2, 1),
        &mut [0.0; 2],
    );
    assert_eq!(found, Err(Singular { pivot: 1 }));
}

#[test]
fn determinants_have_sign_and_logarithm() {
    let of = |a: &[f64], n| log_det(Mat::of_rows(a, n, n));
    assert_eq!(of(&[], 0), (1.0, 0.0));
    assert_eq!(of(&[-2.0], 1), (-1.0, 2f64.ln()));
    assert_eq!(of(&[0.0, 1.0, 1.0, 0.0], 2), (-1.0, 0.0));
    assert_eq!(of(&[1.0, 2.0, 2.0, 4.0], 2), (0.0, f64::NEG_INFINITY));
    assert!(of(&[1.0, f64::NAN, 2.0, 4.0], 2).1.is_nan());
    let (sign, log_abs) = of(&[2.0, -1.0, 0.0, -1.0, 2.0, -1.0, 0.0, -1.0, 2.0], 3);
    assert!(sign == 1.0 && (log_abs - 4f64.ln()).abs() < 1e-15);
    // Beyond the range of numbers.
    let large: Vec<f64> = identity::<f64>(200).iter().map(|x| -1e3 * x).collect();
    let (sign, log_abs) = of(&large, 200);
    assert!(sign == 1.0 && (log_abs - 200.0 * 1e3f64.ln()).abs() < 1e-10);
}

/// The residual is orthogonal to the columns, and the solution lies in the span of the rows: both make it unique.
fn least_squares_are_least<T: Scalar>() {
    for [m, n] in [[1, 1], [5, 2], [2, 5], [17, 17], [60, 20], [20, 60], [3, 1], [1, 3], [200, 40], [40, 200]]
    {
        for (lie, k) in LIES.into_iter().zip([1, 3, 1, 2, 1, 5]) {
            let (a, b) = (noise::<T>(m * n, 6), noise::<T>(m * k, 7));
            let (a, b) = (lie.memory(&a, [m, n]), lie.memory(&b, [m, k]));
            let (a, b) = (lie.view(&a, [m, n]), lie.view(&b, [m, k]));
            let (mut x, mut right) = (vec![T::nan(); n * k], vec![T::nan(); m * k]);
            b.copy_rows(&mut right);
            least_squares(a, b, &mut x).unwrap();
            let product = naive(a, Mat::of_rows(&x, n, k));
            let rest: Vec<T> = product.iter().zip(&right).map(|(&x, &y)| x - y).collect();
            close(&naive(a.t(), Mat::of_rows(&rest, m, k)), &vec![T::zero(); n * k], 10.0 + m as f64, 64.0);
            if m < n {
                let mut y = vec![T::nan(); m * k];
                least_squares(a.t(), Mat::of_rows(&x, n, k), &mut y).unwrap();
                close(&naive(a.t(), Mat::of_rows(&y, m, k)), &x, 10.0, 64.0);
            }
        }
    }
}

#[test]
fn least_squares_leave_the_least() {
    least_squares_are_least::<f32>();
    least_squares_are_least::<f64>();
}

#[test]
fn dependent_columns_are_counted_whatever_their_units() {
    let rank = |a: &[f64], m, n| {
        least_squares(Mat::of_rows(a, m, n), Mat::of_rows(&vec![1.0; m], m, 1), &mut vec![0.0; n])
            .map_err(|e| e.rank)
    };
    assert_eq!(rank(&[0.1, 0.2, 0.2, 0.4, 0.7, 1.4], 3, 2), Err(1));
    assert_eq!(rank(&[0.1, 0.2e100, 0.2, 0.4e100, 0.7, 1.4e100], 3, 2), Err(1));
    assert_eq!(rank(&[0.1, 0.2, 0.7, 0.2, 0.4, 1.4], 2, 3), Err(1));
    assert_eq!(rank(&[0.0; 6], 3, 2), Err(0));
    assert!(rank(&[f64::NAN, 1.0, 2.0, 3.0], 2, 2).is_err());
    assert_eq!(rank(&[1e-200, 1e200, 2e-200, 1e200, 3e-200, 1e200], 3, 2), Ok(()));
    assert_eq!(rank(&[1e-200, 2e-200, 4e-200, 1e200, 1e200, 2e200], 2, 3), Ok(()));
}

#[test]
fn a_line_goes_through_its_points() {
    let a = [1.0, 0.0, 1.0, 1.0, 1.0, 2.0, 1.0, 3.0];
    let mut x = [0.0; 2];
    least_squares(Mat::of_rows(&a, 4, 2), Mat::of_rows(&[1.0, 3.0, 5.0, 7.0], 4, 1), &mut x).unwrap();
    close(&x, &[1.0, 2.0], 1.0, 16.0);
}
