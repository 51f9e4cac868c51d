//! Taylor series: every row against nested dual numbers, order 15 against mpmath, identities, and what stays zero.

use downhill::prelude::*;
use downhill::real::{Binary, Ternary, Unary};

use crate::by_row::Rows;
use serde_json::Value;

type Third = Dual<Dual<Dual>>;

/// A variable in each of three directions.
fn thrice(x: f64) -> Third {
    Dual::variable(Dual::variable(Dual::variable(x)))
}

/// The same up to rounding: a few dozen operations in another order, of numbers up to the size of `scale`.
fn assert_near(got: f64, wanted: f64, scale: f64, what: impl std::fmt::Display) {
    if wanted.is_finite() {
        assert!((got - wanted).abs() <= 1e-12 * wanted.abs().max(scale), "{what}: {got:e}, not {wanted:e}");
    }
}

/// Value and three derivatives of the one against the other.
fn assert_same(series: Series<4>, nested: Third, what: impl std::fmt::Display) {
    let wanted = [
        nested.value.value.value,
        nested.tangent.value.value,
        nested.tangent.tangent.value,
        nested.tangent.tangent.tangent,
    ];
    let scale = wanted.iter().filter(|x| x.is_finite()).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    for (k, (got, wanted)) in series.derivatives().into_iter().zip(wanted).enumerate() {
        assert_near(got, wanted, scale, format_args!("derivative {k} of {what}"));
    }
}

/// Five points of a row's domain.
fn samples(domain: std::ops::RangeInclusive<f64>) -> impl Iterator<Item = f64> {
    let (low, high) = (*domain.start(), *domain.end());
    (0..5).map(move |k| low + (high - low) * (f64::from(k) + 0.37) / 5.0)
}

/// A curve through `x` that bends.
fn curve<R: Real>(t: R, x: f64, slope: f64) -> R {
    t * slope + t * t * 0.25 + R::from(x)
}

#[test]
fn every_row_has_the_derivatives_of_nested_dual_numbers() {
    let (t, d) = (Series::<4>::variable(0.0), thrice(0.0));
    for op in Unary::all() {
        for x in samples(op.domain()) {
            assert_same(curve(t, x, 0.7).row(op), curve(d, x, 0.7).row(op), format_args!("{op:?} at {x}"));
        }
    }
    for &op in Binary::ALL {
        let (first, second) = op.domain();
        for (x, y) in samples(first).zip(samples(second)) {
            let series = curve(t, x, 0.7).row_with(op, curve(t, y, -0.3));
            assert_same(
                series,
                curve(d, x, 0.7).row_with(op, curve(d, y, -0.3)),
                format_args!("{op:?} at {x}, {y}"),
            );
        }
    }
    for &op in Ternary::ALL {
        let (first, second, third) = op.domain();
        for ((x, a), b) in samples(first).zip(samples(second)).zip(samples(third)) {
            let series = curve(t, x, 0.7).row_with_two(op, curve(t, a, -0.3), curve(t, b, 0.4));
            let nested = curve(d, x, 0.7).row_with_two(op, curve(d, a, -0.3), curve(d, b, 0.4));
            assert_same(series, nested, format_args!("{op:?} at {x}, {a}, {b}"));
        }
    }
}

#[test]
fn the_first_derivative_at_edges_is_that_of_a_dual_number() {
    let close = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-14 * b.abs();
    for op in Unary::all() {
        for (x, slope) in op.edges() {
            let [_, got] = Series::<2>::variable(x).row(op).coefficients;
            assert!(close(got, slope), "{op:?} at {x}: {got:e}, not {slope:e}");
        }
    }
    for &op in Binary::ALL {
        for ((x, y), (dx, dy)) in op.edges() {
            let [_, by_x] = Series::<2>::variable(x).row_with(op, Series::constant(y)).coefficients;
            let [_, by_y] = Series::<2>::constant(x).row_with(op, Series::variable(y)).coefficients;
            assert!(close(by_x, dx) && close(by_y, dy), "{op:?} at {x}, {y}: {by_x}, {by_y}, not {dx}, {dy}");
        }
    }
}

fn function(name: &str) -> fn(Series<16>) -> Series<16> {
    match name {
        "exp" => |x| x.exp(),
        "sin" => |x| x.sin(),
        "tan" => |x| x.tan(),
        "ln" => |x| x.ln(),
        "sqrt" => |x| x.sqrt(),
        "tanh" => |x| x.tanh(),
        "atan" => |x| x.atan(),
        "asinh" => |x| x.asinh(),
        "erf" => |x| x.erf(),
        "gamma" => |x| x.gamma(),
        "powf(2.5)" => |x| x.powf(2.5),
        "lambert_w" => |x| x.lambert_w(),
        "sigmoid" => |x| x.sigmoid(),
        "bessel_j0" => |x| x.bessel_j0(),
        "sinc" => |x| x.sinc(),
        "exp(sin x)" => |x| x.sin().exp(),
        "1/(1 + 25x^2)" => |x| 1.0 / (1.0 + 25.0 * x * x),
        "sqrt(1 + x^2)" => |x| (1.0 + x * x).sqrt(),
        "x^x" => |x| x.powf(x),
        "ln(1 + exp(sin x) atan x)" => |x| (1.0 + x.sin().exp() * x.atan()).ln(),
        "atan2(sin x, 2 + cos x)" => |x| x.sin().atan2(2.0 + x.cos()),
        _ => panic!("no function {name}"),
    }
}

#[test]
fn coefficients_to_order_15_are_those_of_mpmath() {
    let table: Value = serde_json::from_str(include_str!("../reference/taylor.json")).unwrap();
    let number = |x: &Value| x.as_str().unwrap().parse::<f64>().unwrap();
    let table = table.as_object().unwrap();
    assert!(table.len() >= 20);
    for (name, entries) in table {
        let mut largest: f64 = 0.0;
        for entry in entries.as_array().unwrap() {
            let (x, wanted) = (number(&entry[0]), entry[1].as_array().unwrap());
            let got = taylor(function(name), x);
            assert_eq!(wanted.len(), 16);
            let wanted: Vec<f64> = wanted.iter().map(number).collect();
            // They grow or fall as ρᵏ, and the rounding of x leaves something of that size of a zero among them.
            // The largest error met is 1.1e-13, of `atan2`.
            let rho = (1..16).map(|k| wanted[k].abs().powf(1.0 / k as f64)).fold(0.0, f64::max);
            for k in 0..16 {
                let size = wanted[k].abs().max(0.01 * rho.powi(k as i32));
                let error = (got[k] - wanted[k]).abs() / size;
                largest = largest.max(error);
                assert!(error <= 3e-13, "c{k} of {name} at {x}: {:e}, not {:e}", got[k], wanted[k]);
            }
        }
        println!("{name}: {largest:.1e}");
    }
}

#[test]
fn identities_hold_to_order_31() {
    for x in [-0.8, 0.3, 1.1] {
        let x = Series::<32>::variable(x);
        let one = x.sin() * x.sin() + x.cos() * x.cos();
        let same =
            [(x.exp().ln(), x), (one, Series::constant(1.0)), ((x * x + 1.0).sqrt().powi(2), x * x + 1.0)];
        for (i, (a, b)) in same.into_iter().enumerate() {
            for k in 0..32 {
                assert_near(a.coefficients[k], b.coefficients[k], 1.0, format_args!("identity {i}, c{k}"));
            }
        }
    }
}

#[test]
fn families_of_functions_expand_in_polynomial_time() {
    // Each takes two slopes or more of its kind: by plain recursion 2³¹ of them.
    let x = Series::<32>::variable(0.9);
    for y in [x.bessel_j1(), x.bessel_i1(), x.spherical_jn(1), x.sigmoid(), x.softplus(), x.beta(x + 1.0)] {
        assert!(y.coefficients.iter().all(|c| c.is_finite()));
    }
}

#[test]
fn what_does_not_vary_stays_constant_at_infinite_slopes() {
    let c = Series::<4>::constant(0.0);
    for y in [c.sqrt(), c.cbrt(), c.powf(0.5), c.ln() * 0.0, 1.0 / c, c.atan2(0.0), c.hypot(0.0)] {
        assert_eq!(y.coefficients[1..], [0.0; 3]);
    }
    let x = Series::<3>::variable(0.0).sqrt();
    assert_eq!(x.coefficients[1], f64::INFINITY);
    assert!(!x.coefficients[2].is_finite());
    // Integer powers have every derivative at 0.
    assert_eq!(Series::<5>::variable(0.0).powi(3).coefficients, [0.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn operators_take_literals_references_and_assignments() {
    let x = Series::<3>::variable(2.0);
    let mut y = 1.0 - &x * 3.0;
    y += &x;
    y *= 2.0;
    y /= x;
    // (2 − 4x) / x = 2/x − 4
    assert_eq!(y.coefficients, [-3.0, -0.5, 0.25]);
    y %= 2.0;
    assert_eq!(y.coefficients, [-1.0, -0.5, 0.25]);
    assert!(x > 1.0 && x == 2.0 && x < Series::constant(3.0));
    assert_eq!(format!("{x:.1}"), "2.0");
    let sum: Series<3> = [x, x].into_iter().sum();
    let product: Series<3> = [x, x].into_iter().product();
    assert_eq!((sum.coefficients, product.coefficients), ([4.0, 2.0, 0.0], [4.0, 4.0, 1.0]));
}

struct Wave;

impl Formula for Wave {
    fn eval<R: Real>(&self, x: &[R]) -> R {
        x[0].sin() * x[0].exp()
    }
}

#[test]
fn a_formula_gives_its_polynomial_to_the_order_that_is_asked_for() {
    let all = Wave.taylor(0.4, 31);
    for order in 0..32 {
        let c = Wave.taylor(0.4, order);
        assert_eq!(c, all[..=order], "order {order}");
    }
    // eˣ sin x = Im e^{(1+i)x}: the k-th derivative is 2^{k/2} eˣ sin(x + kπ/4).
    let mut factorial = 1.0;
    for (k, c) in all.into_iter().enumerate() {
        factorial *= k.max(1) as f64;
        let angle = 0.4 + k as f64 * std::f64::consts::FRAC_PI_4;
        let size = 2f64.powf(k as f64 / 2.0) * 0.4f64.exp() / factorial;
        assert_near(c, size * angle.sin(), size, format_args!("c{k}"));
    }
}

#[test]
#[should_panic(expected = "goes up to order 31, and 32 was asked for")]
fn an_order_above_31_is_refused() {
    Wave.taylor(0.4, 32);
}
