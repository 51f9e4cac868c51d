//! Dual numbers in generic code, complex numbers over variables, comparisons within a tolerance, numbers in files.

use approx::{AbsDiffEq, RelativeEq, UlpsEq, assert_relative_eq, assert_ulps_eq};
use ndarray::{Array1, Array2};
use num_complex::Complex;
use num_traits::{Float, FloatConst, FromPrimitive, One, Signed, ToPrimitive, Zero};

use downhill::prelude::*;

/// One function for a plain number, a variable and a dual number: the three agree, and with the six-point stencil.
macro_rules! assert_agrees {
    ($f:ident at $($x:expr),*) => { $({
        const H: f64 = 1.0 / 1024.0;
        let x: f64 = $x;
        let difference = |k: f64| $f(x + k * H) - $f(x - k * H);
        let wanted = (45.0 * difference(1.0) - 9.0 * difference(2.0) + difference(3.0)) / (60.0 * H);
        let (y, slope) = value_and_gradient(|x: Var| $f(x), x);
        let (one, twice) = ($f(Dual::variable(x)), $f(Dual::variable(Dual::variable(x))));
        let [several] = Duals::variables([x]);
        let name = stringify!($f);
        for value in [y, one.value, twice.value.value, $f(several).value] {
            assert!((value - $f(x)).abs() <= 1e-13 * value.abs().max(1.0), "{name} at {x}: {value}");
        }
        for got in [slope, one.tangent, twice.tangent.value, $f(several).tangents[0]] {
            assert!((got - wanted).abs() <= 1e-8 * wanted.abs().max(1.0), "{name} at {x}: {got} and {wanted}");
        }
        let difference = |k: f64| $f(Dual::variable(x + k * H)).tangent - $f(Dual::variable(x - k * H)).tangent;
        let wanted = (45.0 * difference(1.0) - 9.0 * difference(2.0) + difference(3.0)) / (60.0 * H);
        let second = twice.tangent.tangent;
        assert!((second - wanted).abs() <= 1e-8 * wanted.abs().max(1.0), "{name} at {x}: {second} and {wanted}");
    })* };
}

fn number<F: Float>(x: f64) -> F {
    num_traits::cast(x).expect("a number of any kind")
}

/// The sum of a slowly converging series, sped up by Aitken's process: loops, branches and divisions.
fn series<F: Float>(x: F) -> F {
    let (mut sum, mut power, mut last) = (F::zero(), F::one(), [F::zero(); 3]);
    for k in 1..12 {
        power = power * x;
        sum = sum + power / number(k.into());
        last = [last[1], last[2], sum];
    }
    let [a, b, c] = last;
    c - (c - b) * (c - b) / (c - b - b + a)
}

fn many_functions<F: Float + FloatConst + Signed>(x: F) -> F {
    let (s, c) = (x * F::FRAC_PI_3()).sin_cos();
    let clamped = Float::max(Float::min(x, number(5.0)), number(-5.0));
    s.hypot(c + F::one()).ln()
        + Float::abs(x).powf(number(1.5)).atan2(x.exp_m1() + number(9.0))
        + clamped.tanh()
        - x.to_degrees().to_radians().cbrt()
        + Float::mul_add(x, x, x.signum()).sqrt()
}

fn arrays<F: Float + ndarray::ScalarOperand>(x: F) -> F {
    let entries = (0..6).map(|k| (x + number(k.into())).sin()).collect();
    let a = Array2::from_shape_vec((2, 3), entries).expect("six");
    let b = a.dot(&a.t()).mapv(|y| y * y) * x + x;
    let v = Array1::from(vec![x, x * x]);
    b.dot(&v).dot(&v) + (b / number::<F>(2.0)).sum()
}

#[test]
fn functions_generic_over_float_and_arrays_have_their_derivatives_in_every_mode() {
    assert_agrees!(series at 0.5, -0.3);
    assert_agrees!(many_functions at 0.7, 2.25);
    assert_agrees!(arrays at 0.4, -1.3);
}

fn complex_arithmetic<F: Float + FloatConst>(x: F) -> F {
    let i = Complex::<F>::i();
    let z = Complex::new(x, x * x + F::one());
    let w = (z * z - i) / (z + z.conj() * x) + z.powi(-3) + z.inv() * x;
    w.re * w.im + w.norm_sqr() - (z / x).re + (z * number::<F>(2.0) + x).im
}

fn complex_functions<F: Float + FloatConst>(x: F) -> F {
    let z = Complex::new(x, F::one() - x);
    let functions = [
        z.exp(),
        z.ln(),
        z.sqrt(),
        z.cbrt(),
        z.sin(),
        z.cos(),
        z.tan(),
        z.asin(),
        z.acos(),
        z.atan(),
        z.sinh(),
        z.cosh(),
        z.tanh(),
        z.asinh(),
        z.acosh(),
        z.atanh(),
        z.powf(x),
        z.powc(z),
        z.expf(x + F::one()),
        z.log(x + F::one()),
        z.powu(5),
    ];
    let (r, angle) = z.to_polar();
    let weigh = |(k, w): (usize, &Complex<F>)| w.re + w.im * number(0.5 + 0.1 * k as f64);
    functions.iter().enumerate().map(weigh).fold(F::zero(), |sum, term| sum + term)
        + z.norm()
        + z.arg()
        + Complex::from_polar(r, angle * x).re
        + Complex::cis(x).im * z.norm_sqr()
}

#[test]
fn complex_numbers_over_variables_have_the_derivatives_of_their_parts() {
    assert_agrees!(complex_arithmetic at 0.6, -1.7);
    assert_agrees!(complex_functions at 0.3, 2.25);
    // Cauchy and Riemann: of the holomorphic z ↦ √z, at 3 + 4i, whose root is 2 + i.
    let root = |[x, y]: [Var; 2]| Complex::new(x, y).sqrt();
    let at = [3.0, 4.0];
    let (u, v) = (gradient(|z| root(z).re, at), gradient(|z| root(z).im, at));
    // 1/(2√z) = (2 − i)/10.
    for (got, wanted) in [(u[0], 0.2), (v[1], 0.2), (v[0], -0.1), (u[1], 0.1)] {
        assert!((got - wanted).abs() < 1e-15, "{got} for {wanted}");
    }
}

#[test]
fn a_dual_number_is_zero_or_one_if_it_does_not_vary() {
    for (tangent, constant) in [(0.0, true), (1.0, false)] {
        assert_eq!(Dual::new(0.0, tangent).is_zero(), constant);
        assert_eq!(Dual::new(1.0, tangent).is_one(), constant);
        assert_eq!(Duals { value: 1.0, tangents: [0.0, tangent] }.is_one(), constant);
        assert_eq!(Duals { value: 0.0, tangents: [tangent, 0.0] }.is_zero(), constant);
        let inner = Dual::new(0.0, tangent);
        assert_eq!(Dual::new(inner, Dual::zero()).is_zero(), constant);
        assert_eq!(Dual::new(Dual::zero(), inner).is_zero(), constant);
    }
    assert!(!Dual::new(2.0, 0.0).is_zero() && !Dual::new(2.0, 0.0).is_one());
    assert!(Dual::<Dual>::one().is_one() && !Dual::<f64>::nan().is_zero());
}

#[test]
fn dual_numbers_are_cast_by_their_value_and_made_constant() {
    let x = Dual::new(2.75, 1.0);
    assert_eq!((x.to_i32(), x.to_u8(), x.to_f64(), x.to_f32()), (Some(2), Some(2), Some(2.75), Some(2.75)));
    let back: Dual = num_traits::cast(x).expect("a number");
    assert_eq!((back.value, back.tangent), (2.75, 0.0));
    let three = Duals::<2>::from_u8(3).expect("a number");
    assert_eq!((three.value, three.tangents), (3.0, [0.0; 2]));
    assert_eq!(format!("{x:.1} {:5} {}", Dual::variable(Dual::variable(1.5)), three), "2.8   1.5 3");
}

#[test]
fn comparisons_within_a_tolerance_go_by_the_value() {
    let tape = Tape::new();
    let x = tape.var(1.0);
    assert_relative_eq!(x, Var::from(1.0 + 1e-12), epsilon = 1e-9.into());
    assert_ulps_eq!(Dual::variable(1.0), Dual::constant(1.0 + f64::EPSILON));
    let pairs =
        [(1.0, 1.0 + 1e-9), (1e9, 1e9 + 1.0), (0.0, 1e-300), (1.0, f64::NAN), (f64::INFINITY, f64::INFINITY)];
    for (a, b) in pairs {
        let ((x, y), (p, q)) = ((tape.var(a), tape.var(b)), (Dual::new(a, 7.0), Dual::new(b, 0.0)));
        for tolerance in [0.0, 1e-12, 1e-8, 2.0] {
            let wanted = a.abs_diff_eq(&b, tolerance);
            assert_eq!(
                [x.abs_diff_eq(&y, tolerance.into()), p.abs_diff_eq(&q, tolerance.into())],
                [wanted; 2]
            );
            let wanted = a.relative_eq(&b, 0.0, tolerance);
            let zero = 0.0.into();
            assert_eq!(
                [x.relative_eq(&y, zero, tolerance.into()), p.relative_eq(&q, 0.0.into(), tolerance.into())],
                [wanted; 2]
            );
        }
        for ulps in [0, 4, 10_000_000] {
            assert_eq!(
                [x.ulps_eq(&y, 0.0.into(), ulps), p.ulps_eq(&q, 0.0.into(), ulps)],
                [a.ulps_eq(&b, 0.0, ulps); 2]
            );
        }
    }
    assert_eq!(<Var as AbsDiffEq>::default_epsilon().value(), f64::EPSILON);
    assert_eq!(<Dual as RelativeEq>::default_max_relative().value, f64::default_max_relative());
    assert_eq!(<Dual as UlpsEq>::default_max_ulps(), f64::default_max_ulps());
}

#[test]
fn numbers_are_written_as_what_they_hold_and_variables_read_as_constants() {
    let tape = Tape::new();
    let written = serde_json::to_string(&tape.vars([0.1, -2.0])).expect("numbers");
    assert_eq!(written, "[0.1,-2.0]");
    let read: [Var; 2] = serde_json::from_str(&written).expect("as written");
    assert!(read.map(Var::value) == [0.1, -2.0] && read[0].is_constant());
    let nested = Dual::new(Dual::new(1.0, 2.0), Dual::new(3.0, 4.0));
    let written = serde_json::to_string(&nested).expect("numbers");
    assert_eq!(written, "[[1.0,2.0],[3.0,4.0]]");
    let read: Dual<Dual> = serde_json::from_str(&written).expect("as written");
    assert_eq!(
        (read.value.value, read.value.tangent, read.tangent.value, read.tangent.tangent),
        (1.0, 2.0, 3.0, 4.0)
    );
    let [x, _] = Duals::variables([1.5, 2.0]);
    let written = serde_json::to_string(&x).expect("numbers");
    assert_eq!(written, "[1.5,[1.0,0.0]]");
    let read: Duals<2> = serde_json::from_str(&written).expect("as written");
    assert_eq!((read.value, read.tangents), (1.5, [1.0, 0.0]));
    let refused = serde_json::from_str::<Duals<3>>(&written).expect_err("one tangent less");
    assert!(refused.to_string().contains("invalid length 2, expected 3 tangents"), "{refused}");
    assert!(serde_json::from_str::<Var>("\"x\"").is_err() && serde_json::from_str::<Dual>("[1.0]").is_err());
}
