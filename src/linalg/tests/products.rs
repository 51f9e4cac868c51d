//! Products in every layout, and their memory.

use super::*;

fn products_agree<T: Scalar>() {
    for (m, k, n) in
        [(0, 2, 3), (2, 0, 3), (2, 3, 0), (1, 1, 1), (1, 5, 1), (5, 1, 7), (1, 8, 17), (17, 8, 1)]
            .into_iter()
            .chain([(2, 3, 5), (17, 40, 8), (40, 17, 33), (130, 5, 67), (33, 600, 70)])
    {
        let (a, b, old) = (noise::<T>(m * k, 1), noise::<T>(k * n, 2), noise::<T>(m * n, 3));
        let product = naive(Mat::of_rows(&a, m, k), Mat::of_rows(&b, k, n));
        for (lie_a, lie_b, lie) in LIES
            .iter()
            .flat_map(|&a| LIES.iter().map(move |&b| (a, b)))
            .zip(LIES.iter().cycle())
            .map(|((a, b), &out)| (a, b, out))
        {
            let (a, b) = (lie_a.memory(&a, [m, k]), lie_b.memory(&b, [k, n]));
            let (a, b) = (lie_a.view(&a, [m, k]), lie_b.view(&b, [k, n]));
            for accumulate in [false, true] {
                // What is not accumulated to is not read.
                let start = if accumulate { old.clone() } else { vec![T::nan(); m * n] };
                let mut memory = lie.memory(&start, [m, n]);
                let (_, offset, strides) = lie.layout([m, n]);
                let before = memory.iter().filter(|x| x.is_nan()).count();
                matmul(
                    MatMut { data: &mut memory, offset, shape: [m, n], strides },
                    a,
                    b,
                    accumulate,
                    T::of(0.5),
                );
                let after = memory.iter().filter(|x| x.is_nan()).count();
                assert_eq!(before - after, if accumulate { 0 } else { m * n }, "{m}×{k}×{n}, into {lie:?}");
                let mut rows = vec![T::zero(); m * n];
                lie.view(&memory, [m, n]).copy_rows(&mut rows);
                let expected: Vec<T> = (0..m * n)
                    .map(|at| product[at] * T::of(0.5) + if accumulate { old[at] } else { T::zero() })
                    .collect();
                close(&rows, &expected, 1.0 + k as f64, 4.0);
            }
        }
    }
}

#[test]
fn products_are_sums_of_products_in_every_layout() {
    products_agree::<f32>();
    products_agree::<f64>();
}

#[test]
fn a_broadcast_row_or_column_or_number_is_a_matrix() {
    let (row, b) = ([1.0, 2.0, 3.0], noise::<f64>(12, 4));
    for strides in [[0, 1], [1, 0], [0, 0], [0, -1], [-1, 0]] {
        let offset = if strides.contains(&-1) { 2 } else { 0 };
        let a = Mat { data: &row, offset, shape: [3, 3], strides };
        let b = Mat::of_rows(&b, 3, 4);
        let mut out = [0.0; 12];
        matmul(MatMut::of_rows(&mut out, 3, 4), a, b, false, 1.0);
        close(&out, &naive(a, b), 10.0, 4.0);
        // From the other side.
        let mut out = [0.0; 12];
        matmul(MatMut::of_rows(&mut out, 3, 4).t(), b.t(), a.t(), false, 1.0);
        close(&out, &naive(a, b), 10.0, 4.0);
    }
}

#[test]
fn a_product_over_nothing_is_zero() {
    let mut out = [f64::NAN; 6];
    matmul(MatMut::of_rows(&mut out, 2, 3), Mat::of_rows(&[], 2, 0), Mat::of_rows(&[], 0, 3), false, 1.0);
    assert_eq!(out, [0.0; 6]);
    let mut out = [7.0; 6];
    matmul(MatMut::of_rows(&mut out, 2, 3), Mat::of_rows(&[], 2, 0), Mat::of_rows(&[], 0, 3), true, 1.0);
    assert_eq!(out, [7.0; 6]);
}

#[test]
fn what_is_not_finite_shows_in_the_product() {
    for bad in [f64::NAN, f64::INFINITY] {
        let a = [bad, 0.0, 0.0, 1.0];
        let mut out = [0.0; 4];
        matmul(
            MatMut::of_rows(&mut out, 2, 2),
            Mat::of_rows(&a, 2, 2),
            Mat::of_rows(&[0.0; 4], 2, 2),
            false,
            1.0,
        );
        assert!(out[0].is_nan() && out[1].is_nan());
        assert_eq!(out[2..], [0.0, 0.0]);
    }
}

#[test]
#[should_panic(expected = "a 2×3 matrix times a 2×2 one")]
fn shapes_that_do_not_fit_are_named() {
    let mut out = [0.0; 4];
    matmul(
        MatMut::of_rows(&mut out, 2, 2),
        Mat::of_rows(&[0.0; 6], 2, 3),
        Mat::of_rows(&[0.0; 4], 2, 2),
        false,
        1.0,
    );
}
