//! Factors multiply to the matrix, and have the shape they are to have.

use super::*;

fn shapes() -> impl Iterator<Item = [usize; 2]> {
    SIZES.into_iter().map(|n| [n, n]).chain([
        [5, 2],
        [2, 5],
        [17, 3],
        [3, 17],
        [60, 20],
        [20, 60],
        [1, 6],
        [6, 1],
        [4, 0],
    ])
}

fn is_orthonormal<T: Scalar>(q: Mat<T>) {
    let n = q.shape[1];
    close(&naive(q.t(), q), &identity::<T>(n), 1.0, 16.0 + q.shape[0] as f64);
}

/// A symmetric, positive definite matrix.
fn definite<T: Scalar>(n: usize, seed: u64) -> Vec<T> {
    let root = noise::<T>(n * n, seed);
    let root = Mat::of_rows(&root, n, n);
    naive(root, root.t()).iter().zip(identity::<T>(n)).map(|(&x, one)| x + one).collect()
}

fn cholesky_multiplies<T: Scalar>() {
    for n in SIZES {
        let a = definite::<T>(n, 5);
        let mut half = a.clone();
        MatMut::of_rows(&mut half, n, n).for_each(|i, j, x| {
            if j > i {
                *x = T::nan()
            }
        });
        for lie in LIES {
            let memory = lie.memory(&half, [n, n]);
            let mut l = vec![T::nan(); n * n];
            cholesky(lie.view(&memory, [n, n]), &mut l).unwrap();
            let factor = Mat::of_rows(&l, n, n);
            close(&naive(factor, factor.t()), &a, 1.0 + n as f64, 8.0);
            assert!((0..n).all(
                |i| l[i * n + i] > T::zero() && l[i * n + i + 1..(i + 1) * n].iter().all(|x| x.is_zero())
            ));
        }
    }
}

fn qr_multiplies<T: Scalar>() {
    for [m, n] in shapes() {
        for lie in LIES {
            let (a, k) = (noise::<T>(m * n, 6), m.min(n));
            let memory = lie.memory(&a, [m, n]);
            let (mut q, mut r) = (vec![T::nan(); m * k], vec![T::nan(); k * n]);
            qr(lie.view(&memory, [m, n]), &mut q, &mut r);
            is_orthonormal(Mat::of_rows(&q, m, k));
            close(&naive(Mat::of_rows(&q, m, k), Mat::of_rows(&r, k, n)), &a, 1.0 + k as f64, 16.0);
            assert!(
                (0..k).all(|i| r[i * n + i] >= T::zero() && r[i * n..i * n + i].iter().all(|x| x.is_zero()))
            );
        }
    }
}

fn svd_multiplies<T: Scalar>() {
    for [m, n] in shapes() {
        let (a, k) = (noise::<T>(m * n, 7), m.min(n));
        let memory = Lie::Reversed.memory(&a, [m, n]);
        let (mut u, mut s, mut vt) = (vec![T::nan(); m * k], vec![T::nan(); k], vec![T::nan(); k * n]);
        svd(Lie::Reversed.view(&memory, [m, n]), &mut u, &mut s, &mut vt).unwrap();
        is_orthonormal(Mat::of_rows(&u, m, k));
        is_orthonormal(Mat::of_rows(&vt, k, n).t());
        assert!(s.windows(2).all(|pair| pair[0] >= pair[1]) && s.iter().all(|&x| x >= T::zero()));
        let scaled: Vec<T> = u.iter().enumerate().map(|(at, &x)| x * s[at % k]).collect();
        close(&naive(Mat::of_rows(&scaled, m, k), Mat::of_rows(&vt, k, n)), &a, 1.0 + k as f64, 32.0);
        assert!((0..k).all(|i| !points_down(vt[i * n..(i + 1) * n].iter().copied())));
    }
}

fn eigh_multiplies<T: Scalar>() {
    for n in SIZES {
        let lower = noise::<T>(n * n, 8);
        let a: Vec<T> = (0..n * n).map(|at| lower[(at / n).max(at % n) * n + (at / n).min(at % n)]).collect();
        let mut half = a.clone();
        MatMut::of_rows(&mut half, n, n).for_each(|i, j, x| {
            if j > i {
                *x = T::nan()
            }
        });
        let (mut w, mut v) = (vec![T::nan(); n], vec![T::nan(); n * n]);
        eigh(Mat::of_rows(&half, n, n), &mut w, &mut v).unwrap();
        is_orthonormal(Mat::of_rows(&v, n, n));
        assert!(w.windows(2).all(|pair| pair[0] <= pair[1]));
        let scaled: Vec<T> = v.iter().enumerate().map(|(at, &x)| x * w[at % n]).collect();
        close(&naive(Mat::of_rows(&scaled, n, n), Mat::of_rows(&v, n, n).t()), &a, 1.0 + n as f64, 32.0);
        assert!((0..n).all(|j| !points_down((0..n).map(|i| v[i * n + j]))));
    }
}

#[test]
fn cholesky_factors_multiply_to_the_matrix() {
    cholesky_multiplies::<f32>();
    cholesky_multiplies::<f64>();
}

#[test]
fn orthogonal_factors_multiply_to_the_matrix() {
    qr_multiplies::<f32>();
    qr_multiplies::<f64>();
}

#[test]
fn singular_vectors_multiply_to_the_matrix() {
    svd_multiplies::<f32>();
    svd_multiplies::<f64>();
}

#[test]
fn eigenvectors_multiply_to_the_matrix() {
    eigh_multiplies::<f32>();
    eigh_multiplies::<f64>();
}

#[test]
fn dependent_columns_have_orthogonal_factors() {
    // The second column is zero, the fourth the first; a single column; nothing at all.
    for [m, n, zero, same] in [[6, 4, 1, 3], [4, 6, 1, 3], [40, 30, 7, 21], [30, 40, 0, 9], [50, 50, 20, 40]]
    {
        let mut a = noise::<f64>(m * n, 9);
        for row in a.chunks_exact_mut(n) {
            (row[zero], row[same]) = (0.0, row[if zero == 0 { 1 } else { 0 }]);
        }
        for a in [a, vec![0.0; m * n], vec![1.0; m * n]] {
            let k = m.min(n);
            let (mut q, mut r) = (vec![f64::NAN; m * k], vec![f64::NAN; k * n]);
            qr(Mat::of_rows(&a, m, n), &mut q, &mut r);
            is_orthonormal(Mat::of_rows(&q, m, k));
            close(&naive(Mat::of_rows(&q, m, k), Mat::of_rows(&r, k, n)), &a, 10.0, 16.0);
            assert!((0..k).all(|i| r[i * n + i] >= 0.0));
        }
    }
}

#[test]
fn what_is_not_definite_has_no_factor() {
    let refused =
        |a: &[f64], n| cholesky(Mat::of_rows(a, n, n), &mut vec![0.0; n * n]).map_err(|error| error.pivot);
    assert_eq!(refused(&[0.0], 1), Err(0));
    assert_eq!(refused(&[1.0, 0.0, 2.0, 1.0], 2), Err(1));
    assert_eq!(refused(&[1.0, 0.0, 1.0, 1.0], 2), Err(1));
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for at in [0, 3, 4, 6, 7, 8] {
            let mut a = [4.0, 9.0, 9.0, 1.0, 4.0, 9.0, 1.0, 1.0, 4.0];
            a[at] = bad;
            assert!(refused(&a, 3).is_err(), "{bad} at {at}");
        }
    }
    let mut large = definite::<f64>(100, 10);
    large[70 * 100 + 70] = -1.0;
    assert_eq!(refused(&large, 100), Err(70));
    large[70 * 100 + 70] = f64::NAN;
    assert_eq!(refused(&large, 100), Err(70));
}

#[test]
fn what_is_not_finite_has_no_spectrum() {
    for bad in [f64::NAN, f64::INFINITY] {
        let a = [1.0, 2.0, bad, 4.0];
        assert_eq!(eigh(Mat::of_rows(&a, 2, 2), &mut [0.0; 2], &mut [0.0; 4]), Err(NoConvergence));
        let factors = svd(Mat::of_rows(&a, 2, 2), &mut [0.0; 4], &mut [0.0; 2], &mut [0.0; 4]);
        assert_eq!(factors, Err(NoConvergence));
    }
}

#[test]
fn equal_and_vanishing_values_have_orthonormal_vectors() {
    for n in [1, 2, 5, 40] {
        for a in [vec![0.0; n * n], identity::<f64>(n), vec![1.0; n * n]] {
            let (mut w, mut v, mut u) = (vec![0.0; n], vec![0.0; n * n], vec![0.0; n * n]);
            eigh(Mat::of_rows(&a, n, n), &mut w, &mut v).unwrap();
            is_orthonormal(Mat::of_rows(&v, n, n));
            svd(Mat::of_rows(&a, n, n), &mut u, &mut w, &mut v).unwrap();
            is_orthonormal(Mat::of_rows(&u, n, n));
            is_orthonormal(Mat::of_rows(&v, n, n).t());
        }
    }
}
