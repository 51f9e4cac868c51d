//! Exponentials against values computed with 60 digits (mpmath, the Taylor series).

use super::*;

#[rustfmt::skip]
const KNOWN: [(&[f64], &[f64]); 7] = [
    // Degree 3 and up: each approximant has its turn.
    (&[0.001, -0.002, 0.003, 0.004],
     &[1.000997494161456, -0.0020050050020829157, 0.0030075075031243733, 1.0040050016645805]),
    (&[0.3, 0.4, -0.5, 0.2],
     &[1.2214098421176847, 0.49686999916359226, -0.6210874989544902, 1.0971923423267866]),
    (&[1.0, 0.4, -0.5, 1.2],
     &[2.4322671185574114, 1.163973510198487, -1.4549668877481088, 3.0142538736566546]),
    (&[0.1, 0.2, -0.1, 0.05, -0.3, 0.2, 0.0, 0.4, 0.1],
     &[1.10972775413322, 0.16532776882724756, -0.09244908582319672, 0.04622454291159836, 0.7790722164787249,
       0.1824518712940002, 0.009785201409572938, 0.3697963432927869, 1.1439759590667253]),
    (&[1.0, 2.0, 0.0, 0.5, -1.0, 3.0, 0.0, 0.25, 2.0],
     &[3.6034126128115713, 3.1675817024969195, 7.850312053909737, 0.7918954256242299, 1.4171199170533688,
       8.676528580700248, 0.16354816778978618, 0.7230440483916873, 8.785263155435327]),
    // Large norms, that scale and square; the first is Moler and Van Loan's, where the series loses every digit.
    (&[-49.0, 24.0, -64.0, 31.0],
     &[-0.7357587581447531, 0.5518190996580977, -1.4715175990882605, 1.1036382407155727]),
    (&[-10.0, 3.0, 0.0, 1.0, 2.0, -20.0, 5.0, 0.0, 0.0, 1.0, -5.0, 2.0, 1.0, 0.0, 3.0, -15.0],
     &[0.000271140402585672, 0.00027443495998265147, 0.003457611308606161, 0.0006596639465611029,
       0.0003128088747438709, 0.00039524076029647345, 0.00534349243020364, 0.0010065518581830752,
       0.0008765682642086774, 0.00114660982689399, 0.015646604642374776, 0.002942645026588864,
       0.00027010724229479323, 0.0003409606356472419, 0.004608745892016451, 0.0008683877124432543]),
];

/// Within `ulps` roundings of the norm, times the norm of the matrix: what scaling and squaring can do.
fn known<T: Scalar>(ulps: f64) {
    for (a, expected) in KNOWN {
        let n = (a.len() as f64).sqrt() as usize;
        let (a, expected): (Vec<T>, Vec<T>) =
            (a.iter().map(|&x| T::of(x)).collect(), expected.iter().map(|&x| T::of(x)).collect());
        let largest = |x: &[T]| x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs().to_f64().unwrap()));
        let mut x = vec![T::nan(); n * n];
        matrix_exp(Mat::of_rows(&a, n, n), &mut x);
        close(&x, &expected, largest(&expected) * (1.0 + largest(&a)), ulps);
    }
}

#[test]
fn exponentials_are_the_known_ones() {
    known::<f64>(8.0);
    known::<f32>(8.0);
}

#[test]
fn the_exponential_of_a_nilpotent_matrix_is_a_polynomial() {
    let a = [0.0, 1.0, 2.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0];
    let mut x = [f64::NAN; 9];
    matrix_exp(Mat::of_rows(&a, 3, 3), &mut x);
    close(&x, &[1.0, 1.0, 3.5, 0.0, 1.0, 3.0, 0.0, 0.0, 1.0], 3.5, 4.0);
}

#[test]
fn the_exponential_of_a_turn_is_a_rotation() {
    for angle in [0.0f64, 1e-9, 0.01, 0.5, 1.0, 3.0, 30.0, 1e3] {
        let (sin, cos) = angle.sin_cos();
        let mut x = [f64::NAN; 4];
        matrix_exp(Mat::of_rows(&[0.0, -angle, angle, 0.0], 2, 2), &mut x);
        close(&x, &[cos, -sin, sin, cos], 1.0 + angle, 8.0);
    }
}

#[test]
fn exponentials_of_scalars_and_of_nothing() {
    let exp = |a: f64| {
        let mut x = [f64::NAN];
        matrix_exp(Mat::of_rows(&[a], 1, 1), &mut x);
        x[0]
    };
    assert_eq!(exp(0.0), 1.0);
    for a in [-30.0, -1.0, 1e-300, 0.3, 2.0, 5.5, 100.0] {
        assert!((exp(a) / a.exp() - 1.0).abs() < 1e-13, "{a}");
    }
    assert_eq!((exp(-1e300), exp(1e300)), (0.0, f64::INFINITY));
    assert!(exp(f64::NAN).is_nan() && exp(f64::INFINITY).is_nan());
    matrix_exp::<f64>(Mat::of_rows(&[], 0, 0), &mut []);
    let nan = [0.0, 0.0, f64::NAN, 0.0];
    let mut x = [0.0; 4];
    matrix_exp(Mat::of_rows(&nan, 2, 2), &mut x);
    assert!(x.iter().all(|x| x.is_nan()));
}

#[test]
fn exponentials_read_every_layout() {
    let a = noise::<f64>(25, 3);
    let mut expected = [0.0; 25];
    matrix_exp(Mat::of_rows(&a, 5, 5), &mut expected);
    for lie in LIES {
        let mut x = [f64::NAN; 25];
        matrix_exp(lie.view(&lie.memory(&a, [5, 5]), [5, 5]), &mut x);
        assert_eq!(x, expected, "{lie:?}");
    }
}
