//! Every row × every engine, against the six-point stencil and the row's edge values.

use downhill::dual::{Dual, Duals};
use downhill::prelude::*;
use downhill::real::{Binary, Ternary, Unary, special};

use crate::by_row::Rows;

/// The stencil agrees with the true slope to about 10⁻¹² times the function's size; wrong rules are off by far more.
const TOLERANCE: f64 = 1e-9;

const SAMPLES: usize = 41;

/// `(45 d₁ − 9 d₂ + d₃) / 60h` with `h = 10⁻³ min(max(|x|, 1), distance to the nearest singularity)`.
fn stencil(f: impl Fn(f64) -> f64, x: f64, distance: f64) -> f64 {
    // A power of two keeps `x ± kh` exact.
    let h = (1e-3 * x.abs().max(1.0).min(distance)).log2().floor().exp2();
    let d = |k: f64| f(x + k * h) - f(x - k * h);
    (45.0 * d(1.0) - 9.0 * d(2.0) + d(3.0)) / (60.0 * h)
}

fn grid(domain: std::ops::RangeInclusive<f64>) -> impl Iterator<Item = f64> {
    let (low, high) = (*domain.start(), *domain.end());
    // An odd shift keeps the grid off round numbers, where wrong rules happen to agree.
    (0..SAMPLES).map(move |k| low + (high - low) * (k as f64 + 0.382) / SAMPLES as f64)
}

fn assert_close(what: &str, x: &[f64], got: f64, wanted: f64, scale: f64) {
    let error = (got - wanted).abs() / wanted.abs().max(scale).max(1e-3);
    assert!(
        error <= TOLERANCE,
        "{what} at {x:?}: slope {got:e}, the stencil has {wanted:e}, error {error:.1e}"
    );
}

/// The same bits; any NaN is a NaN, and both zeros are zero.
fn assert_same(what: &str, x: &[f64], got: f64, wanted: f64) {
    assert!(got == wanted || (got.is_nan() && wanted.is_nan()), "{what} at {x:?}: {got:e}, not {wanted:e}");
}

/// First slopes of `y = op(x)` by every engine, with their names.
fn unary_engines(op: Unary, x: f64) -> [(&'static str, f64, f64); 5] {
    let one = Dual::variable(x).row(op);
    let nested = Dual::variable(Dual::variable(x)).row(op);
    let [several, _] = Duals::variables([x, 1.0]);
    let several = several.row(op);
    assert_same(op.name(), &[x], several.tangents[1], 0.0);
    let tape = Tape::new();
    let v = tape.var(x);
    let y = v.row(op);
    let by_verb = value_and_gradient(|[v]| v.row(op), [x]);
    [
        ("dual", one.value, one.tangent),
        ("nested dual", nested.value.value, nested.value.tangent),
        ("duals", several.value, several.tangents[0]),
        ("tape", y.value(), y.backward().wrt(v)),
        ("verb", by_verb.0, by_verb.1[0]),
    ]
}

fn binary_engines(op: Binary, [x, y]: [f64; 2]) -> [(&'static str, f64, [f64; 2]); 4] {
    let partial = |seeds: [f64; 2]| Dual::new(x, seeds[0]).row_with(op, Dual::new(y, seeds[1]));
    let several = Duals::variables([x, y]);
    let several = several[0].row_with(op, several[1]);
    let tape = Tape::new();
    let [v, w] = tape.vars([x, y]);
    let z = v.row_with(op, w);
    let g = z.backward();
    // With one operand constant the other's slope must be the same.
    let halves =
        [derivative(|v| v.row_with(op, y.into()), x), derivative(|w| Var::from(x).row_with(op, w), y)];
    [
        ("dual", partial([1.0, 0.0]).value, [partial([1.0, 0.0]).tangent, partial([0.0, 1.0]).tangent]),
        ("duals", several.value, several.tangents),
        ("tape", z.value(), [g[v], g[w]]),
        ("tape with constants", z.value(), halves),
    ]
}

fn ternary_engines(op: Ternary, [x, a, b]: [f64; 3]) -> [(&'static str, f64, [f64; 3]); 3] {
    let partial = |s: [f64; 3]| Dual::new(x, s[0]).row_with_two(op, Dual::new(a, s[1]), Dual::new(b, s[2]));
    let unit = [partial([1.0, 0.0, 0.0]), partial([0.0, 1.0, 0.0]), partial([0.0, 0.0, 1.0])];
    let several = Duals::variables([x, a, b]);
    let several = several[0].row_with_two(op, several[1], several[2]);
    let (z, g) = value_and_gradient(|[x, a, b]| x.row_with_two(op, a, b), [x, a, b]);
    [
        ("dual", unit[0].value, unit.map(|d| d.tangent)),
        ("duals", several.value, several.tangents),
        ("tape", z, g),
    ]
}

#[test]
fn every_function_of_one_argument_agrees_with_the_stencil_in_every_engine() {
    for op in Unary::all() {
        for x in grid(op.domain()) {
            let distance = op.distance_to_singularity(x);
            let value = op.value(x);
            let wanted = stencil(|x| op.value(x), x, distance);
            let scale = value.abs() / x.abs().max(1.0).min(distance);
            for (engine, y, slope) in unary_engines(op, x) {
                let what = format!("{} by {engine}", op.name());
                assert_same(&what, &[x], y, value);
                assert_close(&what, &[x], slope, wanted, scale);
            }
        }
    }
}

#[test]
fn second_derivatives_of_the_rows_agree_with_the_stencil_of_the_first() {
    for op in Unary::all() {
        for x in grid(op.domain()) {
            let distance = op.distance_to_singularity(x);
            let second = Dual::variable(Dual::variable(x)).row(op).tangent.tangent;
            let first = |x: f64| op.slope(x, op.value(x));
            let scale = first(x).abs() / x.abs().max(1.0).min(distance);
            assert_close(&format!("{}″", op.name()), &[x], second, stencil(first, x, distance), scale);
        }
    }
}

#[test]
fn every_function_of_one_argument_has_its_edge_values_in_every_engine() {
    for op in Unary::all() {
        for (x, slope) in op.edges() {
            for (engine, y, got) in unary_engines(op, x) {
                assert_same(&format!("{} by {engine}", op.name()), &[x], got, slope);
                assert_same(&format!("the value of {} by {engine}", op.name()), &[x], y, op.value(x));
            }
        }
    }
}

#[test]
fn every_function_of_two_arguments_agrees_with_the_stencil_in_every_engine() {
    for &op in Binary::ALL {
        let (xs, ys) = op.domain();
        for (x, y) in grid(xs).flat_map(|x| grid(ys.clone()).map(move |y| (x, y))) {
            let distance = op.distance_to_singularity(x, y);
            let value = op.value(x, y);
            let wanted = [stencil(|x| op.value(x, y), x, distance), stencil(|y| op.value(x, y), y, distance)];
            let scale = value.abs() / distance.min(1.0);
            for (engine, z, slopes) in binary_engines(op, [x, y]) {
                let what = format!("{} by {engine}", op.name());
                assert_same(&what, &[x, y], z, value);
                for (slope, wanted) in slopes.into_iter().zip(wanted) {
                    assert_close(&what, &[x, y], slope, wanted, scale);
                }
            }
        }
    }
}

#[test]
fn every_function_of_two_arguments_has_its_edge_values_in_every_engine() {
    for &op in Binary::ALL {
        for ((x, y), (dx, dy)) in op.edges() {
            for (engine, _, [got_x, got_y]) in binary_engines(op, [x, y]) {
                let what = format!("{} by {engine}", op.name());
                assert_same(&what, &[x, y], got_x, dx);
                assert_same(&what, &[x, y], got_y, dy);
            }
        }
    }
}

#[test]
fn every_function_of_three_arguments_agrees_with_the_stencil_and_its_edge_values_in_every_engine() {
    for &op in Ternary::ALL {
        let (xs, lows, highs) = op.domain();
        for ((x, a), b) in grid(xs).zip(grid(lows)).zip(grid(highs)) {
            let distance = op.distance_to_singularity(x, a, b);
            let wanted = [
                stencil(|x| op.value(x, a, b), x, distance),
                stencil(|a| op.value(x, a, b), a, distance),
                stencil(|b| op.value(x, a, b), b, distance),
            ];
            for (engine, z, slopes) in ternary_engines(op, [x, a, b]) {
                let what = format!("{} by {engine}", op.name());
                assert_same(&what, &[x, a, b], z, op.value(x, a, b));
                for (slope, wanted) in slopes.into_iter().zip(wanted) {
                    assert_close(&what, &[x, a, b], slope, wanted, 1.0);
                }
            }
        }
        for ((x, a, b), (dx, da, db)) in op.edges() {
            for (engine, _, slopes) in ternary_engines(op, [x, a, b]) {
                for (got, wanted) in slopes.into_iter().zip([dx, da, db]) {
                    assert_same(&format!("{} by {engine}", op.name()), &[x, a, b], got, wanted);
                }
            }
        }
    }
}

#[test]
fn a_planted_wrong_rule_is_caught() {
    // Each a mistake that was made somewhere: a factor, a sign, a lost term, the wrong one of two branches.
    type Rule = (&'static str, fn(f64) -> f64, fn(f64) -> f64, f64);
    let wrong: [Rule; 6] = [
        ("a factor off by a millionth", f64::exp, |x| x.exp() * (1.0 + 1e-6), 1.3),
        ("a factor off by 1e-8", f64::sin, |x| x.cos() * (1.0 + 1e-8), 0.7),
        ("a lost minus", f64::cos, f64::sin, 0.7),
        ("1 − y² in the tail of tanh", f64::tanh, |x| 1.0 - x.tanh() * x.tanh() + 1e-8, 9.0),
        ("a lost half", f64::sqrt, |x| 1.0 / x.sqrt(), 2.0),
        ("erf without its factor", special::erf, |x| (-x * x).exp(), 0.5),
    ];
    for (mistake, value, rule, x) in wrong {
        let off =
            std::panic::catch_unwind(|| assert_close(mistake, &[x], rule(x), stencil(value, x, 1.0), 0.0));
        assert!(off.is_err(), "{mistake} was not caught");
    }
}

#[test]
fn slopes_keep_their_relative_accuracy_far_out() {
    // 40-digit references by mpmath: `mp.dps = 40; diff(f, x)`.
    let cases: [(&str, Unary, f64, f64); 10] = [
        ("tanh", Unary::Tanh, 15.0, 3.743_049_187_535_369e-13),
        ("tanh", Unary::Tanh, 300.0, 1.060_158_621_201_724_4e-260),
        ("sigmoid", Unary::Sigmoid, 40.0, 4.248_354_255_291_589e-18),
        ("sigmoid", Unary::Sigmoid, -40.0, 4.248_354_255_291_589e-18),
        ("erf", Unary::Erf, 6.0, 2.617_301_239_249_264_7e-16),
        ("erf", Unary::Erf, 26.0, 2.947_034_993_266_27e-294),
        ("exp_m1", Unary::ExpM1, -40.0, 4.248_354_255_291_589e-18),
        ("atanh", Unary::Atanh, 0.999_999_999, 500_000_014.390_966_1),
        ("acosh", Unary::Acosh, 1e200, 1e-200),
        ("atan", Unary::Atan, 1e8, 9.999_999_999_999_999e-17),
    ];
    for (name, op, x, wanted) in cases {
        let slope = Dual::variable(x).row(op).tangent;
        let error = ((slope - wanted) / wanted).abs();
        assert!(error < 2e-15, "{name}′({x}) = {slope:e}, not {wanted:e}: relative error {error:.1e}");
    }
}

#[test]
fn the_bell_curve_is_accurate_to_an_ulp_or_two_far_into_the_tails() {
    // exp(−x²) by mpmath, 40 digits.
    for (x, wanted) in GAUSS {
        let error = ((special::gauss(x) - wanted) / wanted).abs();
        assert!(error < 4.5e-16, "gauss({x}): relative error {error:.1e}");
    }
    assert_eq!(special::gauss(1e300), 0.0);
    assert!(special::gauss(f64::NAN).is_nan());
}

const GAUSS: [(f64, f64); 6] = [
    (0.1, 0.990_049_833_749_168),
    (1.7, 0.055_576_212_611_483_08),
    (5.3, 6.319_285_885_175_379e-13),
    (11.9, 3.159_063_950_845_859e-62),
    (20.123, 1.376_917_585_168_346_8e-176),
    (26.017, 1.078_669_503_263_130_8e-294),
];

#[test]
fn integer_powers_are_those_of_repeated_multiplication() {
    for x in [-1.7, 0.3, 2.0, 1.000_1] {
        for n in -9..=9_i32 {
            let wanted = (0..n.unsigned_abs()).fold(1.0, |y: f64, _| y * x);
            let wanted = if n < 0 { 1.0 / wanted } else { wanted };
            // Repeated squaring rounds in another order: a few ulp.
            assert!(((special::powi(x, n) - wanted) / wanted).abs() < 1e-15, "{x}^{n}");
        }
    }
    assert_eq!(special::powi(2.0, i32::MIN), 0.0);
    assert_eq!(derivative(|x| x.powi(0), 0.0), 0.0);
    assert_eq!(derivative(|x| x.powi(1), 0.0), 1.0);
}
