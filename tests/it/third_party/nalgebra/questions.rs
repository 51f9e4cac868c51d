//! What generic code asks of a number besides arithmetic, and what becomes of its branches on values.

use downhill::prelude::*;

use super::nalgebra::{
    ComplexField, Matrix2, Matrix3, Matrix5, RealField, SimdComplexField, SimdRealField, SimdValue,
    UnitQuaternion, Vector2, Vector3, convert, try_convert,
};

type Twice = Dual<Dual>;

/// The derivative of `f` at `x`, by both modes, which have to agree.
fn slope(reverse: impl Fn(Var) -> Var, forward: impl Fn(Dual) -> Dual, x: f64) -> f64 {
    let slope = derivative(reverse, x);
    let tangent = forward(Dual::variable(x)).tangent;
    assert!(
        tangent == slope || (tangent.is_nan() && slope.is_nan()),
        "{tangent} forward, {slope} in reverse"
    );
    slope
}

fn axpy_b<T: RealField + Copy>(b: T) -> T {
    let mut y = Vector2::new(convert(3.0), convert(4.0));
    y.axpy(T::one(), &Vector2::new(convert(1.0), convert(2.0)), b);
    y.x + y.y
}

fn axpy_a<T: RealField + Copy>(a: T) -> T {
    let mut y = Vector2::new(convert(3.0), convert(4.0));
    y.axpy(a, &Vector2::new(convert(1.0), convert(2.0)), T::zero());
    y.x + y.y
}

fn gemv_beta<T: RealField + Copy>(beta: T) -> T {
    let mut y = Vector2::new(convert(3.0), convert(4.0));
    y.gemv(T::one(), &Matrix2::identity(), &Vector2::new(convert(1.0), convert(2.0)), beta);
    y.x + y.y
}

fn gemm_beta<T: RealField + Copy>(beta: T) -> T {
    let mut y = Matrix2::from_element(convert(3.5));
    y.gemm(T::one(), &Matrix2::identity(), &Matrix2::identity(), beta);
    y.sum() * convert(0.5)
}

#[test]
fn a_coefficient_that_happens_to_be_zero_keeps_its_derivative() {
    for at in [0.0, -0.0, 1.0, 2.0] {
        assert_eq!(slope(axpy_b, axpy_b, at), 7.0, "axpy, b = {at}");
        assert_eq!(slope(axpy_a, axpy_a, at), 3.0, "axpy, a = {at}");
        assert_eq!(slope(gemv_beta, gemv_beta, at), 7.0, "gemv, beta = {at}");
        assert_eq!(slope(gemm_beta, gemm_beta, at), 7.0, "gemm, beta = {at}");
        // A mixed second derivative: of b² y with respect to b.
        let b = Twice::variable(Dual::variable(at));
        assert_eq!(axpy_b(b * b).tangent.tangent, 14.0, "axpy twice, b = {at}");
    }
    // A zero that does not vary is skipped, as `nalgebra` means it: what was there may be anything.
    let mut y = Vector2::new(Var::from(f64::NAN), Var::from(f64::NAN));
    y.axpy(1.0.into(), &Vector2::new(Var::from(1.0), Var::from(2.0)), 0.0.into());
    assert_eq!((y.x.value(), y.y.value()), (1.0, 2.0));
}

/// Its determinant is 0: exactly, in floating point too.
fn singular<T: RealField + Copy>(t: T) -> Matrix3<T> {
    let [one, two] = [1.0, 2.0].map(convert::<f64, T>);
    Matrix3::new(one, two, one, two, two * two, two, one, one, t)
}

#[test]
fn an_exactly_singular_matrix_that_varies_has_an_inverse_that_is_not_finite() {
    assert!(singular(3.0).try_inverse().is_none());
    // Of constants it is none, of variables it is not finite: `nalgebra` asks whether the determinant is zero, and a
    // determinant that varies is not.
    assert!(singular(Var::from(3.0)).try_inverse().is_none());
    assert!(singular(Dual::<f64>::from(3.0)).try_inverse().is_none());
    let tape = Tape::new();
    let [t, one] = tape.vars([3.0, 1.0]);
    let inverse = (singular(t) * one).try_inverse().expect("a determinant that varies");
    assert!(inverse.iter().all(|x| !x.value().is_finite()), "{inverse}");
    let solved = (singular(t) * one).lu().solve(&Vector3::new(one, one, one)).expect("as above");
    assert!(solved.iter().any(|x| !x.value().is_finite()), "{solved}");
    // A determinant of up to three rows is a formula, and right; a longer one divides by the pivots.
    let minors = (singular(t) * one).determinant();
    assert_eq!((minors.value(), minors.backward().wrt(one)), (0.0, 0.0));
    let five = Matrix5::from_element(one);
    assert!(five.determinant().value().is_nan() && Matrix5::from_element(1.0).determinant() == 0.0);
    // Semi-definite: a square root of 0, by which is divided.
    let edge = Matrix2::new(one, one, one, one);
    assert!(edge.map(Var::value).cholesky().is_none_or(|c| c.l()[(1, 1)] == 0.0));
    // Not positive definite at all: found by the sign, for variables too.
    assert!((-edge).cholesky().is_none());
}

#[test]
fn eigenvectors_of_a_matrix_that_is_diagonal_already_are_taken_for_constant() {
    // They turn with the entry that is 0; `nalgebra` sees that it is small, and replaces it by a constant.
    let tape = Tape::new();
    let entry = tape.var(0.0);
    let m = Matrix2::new(Var::from(1.0), entry, entry, Var::from(2.0));
    assert!(m.symmetric_eigen().eigenvectors[(0, 1)].is_constant());
    // Beside it everything is in order: of (1, e; e, 2) an eigenvector has e/√(1 + 4e²) for the product of its entries.
    let nearby = |e: Var| {
        Matrix2::new(1.0.into(), e, e, 2.0.into()).symmetric_eigen().eigenvectors.column(0).product()
    };
    let slope = derivative(nearby, 1e-4).abs();
    // To 1e-12 or better with the later versions; 0.33 subtracts neighbouring numbers on the way.
    assert!((slope - (1.0 + 4e-8_f64).powf(-1.5)).abs() < 1e-8, "{slope}");
}

#[test]
fn a_rotation_by_a_vector_of_zero_is_taken_for_constant() {
    // `nalgebra` compares the angle with 0 and answers with the identity; no number can see that. A turn is better
    // parametrised about a rotation: by a small one, or by a quaternion that is normalised.
    let about = |x: Var| UnitQuaternion::from_scaled_axis(Vector3::new(x, 0.0.into(), 0.0.into()));
    let turned = |x: Var| (about(x) * Vector3::new(0.0.into(), 1.0.into(), 0.0.into())).z;
    assert_eq!(derivative(turned, 0.0), 0.0);
    assert_eq!(derivative(turned, 1e-9), 1.0);
    let product =
        |x: Var| (about(x + 0.5) * about((-0.5).into()) * Vector3::y().map(|y: f64| Var::from(y))).z;
    assert!((derivative(product, 0.0) - 1.0).abs() < 1e-15);
}

#[test]
fn conversions_are_those_of_plain_numbers() {
    let x = Tape::new().var(2.5);
    assert_eq!(try_convert::<Var, f64>(x), Some(2.5));
    assert_eq!((try_convert::<Var, f32>(x), try_convert::<Var, i32>(x)), (Some(2.5), Some(2)));
    assert_eq!(try_convert::<Var, Var>(x).map(Var::is_constant), Some(false));
    assert!(convert::<f64, Var>(2.5).is_constant() && convert::<f32, Var>(0.5).value() == 0.5);
    let y: Twice = convert(3_u8);
    assert_eq!((y.value.value, y.tangent.value, try_convert::<Twice, f64>(y)), (3.0, 0.0, Some(3.0)));
}

/// Holds value and slope of each method of the fields against those of the inherent one.
macro_rules! assert_methods {
    ($Trait:ident $($method:ident($($argument:expr),*))*) => { $(
        for x in [-1.5, -0.3, 0.0, 0.4, 1.0, 2.5] {
            let by_trait = value_and_gradient(|[x]| <Var as $Trait>::$method(x $(, $argument.into())*), [x]);
            let inherent = value_and_gradient(|[x]| x.$method($($argument),*), [x]);
            let bits = |(y, [g]): (f64, [f64; 1])| [y, g].map(|x| if x.is_nan() { 0 } else { (x + 0.0).to_bits() });
            assert_eq!(bits(by_trait), bits(inherent), "{} at {x}", stringify!($method));
            let dual = <Dual as $Trait>::$method(Dual::variable(x) $(, $argument.into())*);
            assert_eq!(bits((dual.value, [dual.tangent])), bits(inherent), "{} at {x}, forward", stringify!($method));
            let plain = <f64 as $Trait>::$method(x $(, $argument)*);
            let close = plain.is_nan() && by_trait.0.is_nan() || (by_trait.0 - plain).abs() <= 4e-16 * plain.abs();
            assert!(close || by_trait.0 == plain, "{} at {x}: {} and {plain}", stringify!($method), by_trait.0);
        }
    )* };
}

#[test]
fn every_method_of_the_fields_is_the_inherent_one() {
    assert_methods! { ComplexField
        floor() ceil() round() trunc() fract() abs() signum() recip() sin() cos() tan() asin() acos() atan() sinh() cosh()
        tanh() asinh() acosh() atanh() log2() log10() ln() ln_1p() sqrt() exp() exp2() exp_m1() cbrt() powi(3) powi(-1)
        powf(2.5) log(3.0) hypot(2.0) mul_add(3.0, 4.0)
    }
    assert_methods! { RealField max(0.5) min(0.5) atan2(2.0) clamp(0.0, 1.0) }
}

/// Value and slope by both modes, which agree.
fn at(reverse: impl Fn(Var) -> Var, forward: impl Fn(Dual) -> Dual, x: f64) -> (f64, f64) {
    (value(&reverse, x), slope(&reverse, forward, x))
}

#[test]
fn methods_of_the_fields_without_an_inherent_one_have_their_value_and_slope() {
    macro_rules! both {
        ($f:expr, $x:expr) => {
            at($f, $f, $x)
        };
    }
    for x in [-1.5, -0.3, 0.4, 2.5] {
        let sign = f64::signum(x);
        assert_eq!(both!(|x| x.modulus(), x), (x.abs(), sign));
        assert_eq!(both!(|x| x.norm1(), x), (x.abs(), sign));
        assert_eq!(both!(|x| x.modulus_squared(), x), (x * x, 2.0 * x));
        assert_eq!(both!(|x| x.real() + x.conjugate() + x.imaginary(), x), (2.0 * x, 2.0));
        assert_eq!(both!(ComplexField::argument, x), (ComplexField::argument(x), 0.0));
        assert_eq!(both!(|x| x.to_exp().0 * 2.0 + x.to_exp().1, x), (x.abs() * 2.0 + sign, sign * 2.0));
        assert_eq!(both!(|x| x.scale(3.0.into()), x), (x * 3.0, 3.0));
        assert_eq!(both!(|x| x.unscale(4.0.into()), x), (x / 4.0, 0.25));
        assert_eq!(both!(|x| RealField::copysign(x, (-2.0).into()), x), (-x.abs(), -sign));
        assert_eq!(both!(|x| ComplexField::sin_cos(x).0, x), (x.sin(), x.cos()));
        assert_eq!(
            both!(|x| ComplexField::powc(Real::exp(x), 1.5.into()), x),
            both!(|x| Real::powf(Real::exp(x), 1.5), x)
        );
        assert_eq!(
            both!(|x| x.simd_exp() + x.simd_atan2(2.0.into()), x),
            both!(|x| Real::exp(x) + Real::atan2(x, 2.0), x)
        );
        assert_eq!(
            both!(|x| x.try_sqrt().unwrap_or(x), x),
            if x < 0.0 { (x, 1.0) } else { both!(|x| Real::sqrt(x), x) }
        );
    }
    let nan = Tape::new().var(f64::NAN);
    assert!(!ComplexField::is_finite(&nan) && nan.try_sqrt().is_none());
    for (x, negative) in [(0.0, false), (-0.0, true), (-3.0, true), (f64::INFINITY, false)] {
        let (x, d) = (Var::from(x), Dual::variable(x));
        assert_eq!((RealField::is_sign_negative(&x), RealField::is_sign_negative(&d)), (negative, negative));
        assert_eq!(
            (RealField::is_sign_positive(&x), RealField::is_sign_positive(&d)),
            (!negative, !negative)
        );
    }
}

#[test]
fn the_cardinal_sines_have_derivatives_of_every_order_at_and_around_zero() {
    for x in [0.0, 1e-9, 0.3, -0.999, 1.001, -2.5] {
        for hyperbolic in [false, true] {
            let third = Dual::variable(Dual::variable(x));
            let y = if hyperbolic { third.sinhc() } else { ComplexField::sinc(third) };
            let plain = if hyperbolic { x.sinhc() } else { ComplexField::sinc(x) };
            let by_tape = derivative(|x| if hyperbolic { x.sinhc() } else { x.sinc() }, x);
            // By the power series, to 40 terms: Σ ±x²ᵏ/(2k+1)!.
            let (mut term, mut wanted) = (1.0, [0.0; 3]);
            for k in 0..40 {
                let n = f64::from(2 * k);
                let powers = [
                    x.powi(2 * k),
                    n * x.powi((2 * k - 1).max(0)),
                    n * (n - 1.0) * x.powi((2 * k - 2).max(0)),
                ];
                for (sum, power) in wanted.iter_mut().zip(powers) {
                    *sum += term * power;
                }
                term *= if hyperbolic { 1.0 } else { -1.0 } / ((n + 2.0) * (n + 3.0));
            }
            let got = [y.value.value, y.value.tangent, y.tangent.tangent];
            for (got, wanted) in got.into_iter().zip(wanted).chain([(by_tape, wanted[1]), (plain, wanted[0])])
            {
                assert!((got - wanted).abs() < 1e-14, "{got} for {wanted} at {x}, hyperbolic: {hyperbolic}");
            }
        }
    }
}

#[test]
fn the_cardinal_cosines_are_quotients() {
    for x in [-2.0, 0.5] {
        let (y, slope) = value_and_gradient(|x: Var| x.cosc(), x);
        assert_eq!((y, slope), value_and_gradient(|x| x.cos() / x, x));
        assert_eq!(derivative(|x| x.coshc(), x), derivative(|x| x.cosh() / x, x));
    }
    let zero = Tape::new().var(0.0);
    assert_eq!([zero.cosc().value(), zero.coshc().value()], [f64::INFINITY; 2]);
    assert_eq!([zero.detach().cosc().value(), 0.0.coshc()], [1.0; 2]);
}

#[test]
fn constants_and_lanes_are_those_of_plain_numbers() {
    macro_rules! assert_constants {
        ($($name:ident)*) => { $(
            let (x, y) = (<Var as RealField>::$name(), <Twice as RealField>::$name());
            assert!(x.is_constant() && y.tangent == 0.0 && y.value.tangent == 0.0);
            assert_eq!((x.value(), y.value.value), (<f64 as RealField>::$name(), <f64 as RealField>::$name()));
        )* };
    }
    assert_constants! { pi two_pi frac_pi_2 frac_pi_3 frac_pi_4 frac_pi_6 frac_pi_8 frac_1_pi frac_2_pi frac_2_sqrt_pi
    e log2_e log10_e ln_2 ln_10 }
    let limits = [<Var as RealField>::min_value(), <Var as RealField>::max_value()];
    assert_eq!(limits.map(|x| x.map(Var::value)), [Some(f64::MIN), Some(f64::MAX)]);
    let (mut x, y) = (Dual::variable(2.0), Dual::constant(3.0));
    assert_eq!((Dual::<f64>::LANES, x.extract(0).tangent), (1, 1.0));
    assert_eq!((x.select(true, y).value, x.select(false, y).value), (2.0, 3.0));
    x.replace(0, Dual::splat(y));
    assert_eq!((x.value, x.tangent), (3.0, 0.0));
}

#[test]
fn comparisons_sort_and_extremes_go_by_the_value() {
    let tape = Tape::new();
    let m = Matrix2::from_row_slice(&tape.vars([3.0, -1.0, 2.0, 5.0]));
    assert_eq!((m.max().value(), m.min().value(), m.amax().value()), (5.0, -1.0, 5.0));
    assert_eq!((m.iamax_full(), Vector2::from(m.column(0)).imin()), ((1, 1), 1));
    assert!(m == m.map(|x| Var::from(x.value())) && m < m.add_scalar(1.0.into()));
    assert_eq!(m.partial_cmp(&m.add_scalar(1.0.into())), Some(std::cmp::Ordering::Less));
    assert_eq!(m.max().backward().wrt(m[(1, 1)]), 1.0);
    let mut sorted: Vec<Dual> = [3.0, -1.0, 2.0].map(Dual::variable).to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    assert_eq!(sorted.iter().map(|x| x.value).collect::<Vec<_>>(), [-1.0, 2.0, 3.0]);
    assert_eq!(Var::from(f64::NAN).partial_cmp(&Var::from(1.0)), None);
}
