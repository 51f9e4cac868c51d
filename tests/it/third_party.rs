//! `Var` in other people's code: arrays of `ndarray`, functions generic over the traits of `num-traits`.

mod nalgebra;
mod numbers;

use ndarray::{Array1, Array2, ArrayView1, Axis, array};
use num_traits::{
    Bounded, Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumAssign, One, Pow, Signed,
    ToPrimitive, Zero,
};

use downhill::prelude::*;

/// A matrix of variables from a row of them, row by row.
fn matrix(x: &[Var], rows: usize) -> Array2<Var> {
    Array2::from_shape_vec((rows, x.len() / rows), x.to_vec()).expect("as many as that")
}

/// The same bits, or NaN both.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

const ENTRIES: [f64; 6] = [1.0, -2.0, 0.5, 3.0, 0.0, -1.5];

#[test]
fn expressions_over_arrays_have_the_derivatives_of_the_stencil() {
    // Polynomials of a low degree and smooth functions: the stencil agrees far below this.
    const TOLERANCE: f64 = 1e-10;
    type Objective = fn(&[Var]) -> Var;
    let cases: [(&str, Objective); 14] = [
        ("a product of matrices", |x| matrix(x, 2).dot(&matrix(x, 3)).sum()),
        ("a product with plain numbers", |x| {
            matrix(x, 2).dot(&fixed_matrix().mapv(Var::from)).mapv(|y| y * y).sum()
        }),
        ("a matrix times a vector", |x| {
            matrix(x, 2).dot(&Array1::from(x[..3].to_vec())).mapv(|y| y.powi(3)).sum()
        }),
        ("a product of vectors", |x| Array1::from(x.to_vec()).dot(&ArrayView1::from(x))),
        ("a product with the transpose", |x| matrix(x, 2).dot(&matrix(x, 2).t()).diag().sum()),
        ("times a literal", |x| (&matrix(x, 2) * 2.0).mapv(|y| y * y).sum()),
        ("plus a literal", |x| (matrix(x, 2) + 1.0).mapv(|y| y * y).sum()),
        ("less a literal, over a literal", |x| ((matrix(x, 3) - 1.0) / 4.0).mapv(|y| y * y).sum()),
        ("times a variable", |x| (&matrix(x, 2) * x[1]).sum()),
        ("plus a variable", |x| (matrix(x, 2) + x[0]).mapv(|y| y * y).sum()),
        ("element by element", |x| (&matrix(x, 2) * &matrix(x, 2) - matrix(x, 2)).sum()),
        ("functions by element", |x| matrix(x, 2).mapv(|y| y.sin() * y.exp()).sum()),
        ("in place, scaled and added to", |x| {
            let mut a = matrix(x, 2);
            a *= x[0];
            a += x[5] + 1.0; // `ndarray` takes nothing but an element here: `a += 1.0` cannot work
            a.scaled_add(x[3], &matrix(x, 2));
            a.mapv_inplace(|y| y * y);
            a.sum()
        }),
        ("means and sums along axes", |x| {
            let a = matrix(x, 2);
            let means = a.mean_axis(Axis(0)).expect("rows");
            means.dot(&a.sum_axis(Axis(0)))
                + a.mean().expect("entries").exp()
                + a.product()
                + a.var_axis(Axis(1), 1.0.into()).sum()
        }),
    ];
    for (name, f) in cases {
        let check = check_gradient(f, &ENTRIES);
        assert!(check.agrees_to(TOLERANCE), "{name}: {check}");
        assert!(check.gradient.iter().any(|&g| g != 0.0), "{name} has no derivative at all");
    }
}

fn fixed_matrix() -> Array2<f64> {
    array![[0.5, -1.0], [2.0, 0.25], [1.0, 3.0]]
}

#[test]
fn an_array_of_numbers_becomes_one_of_variables() {
    let numbers = fixed_matrix();
    let tape = Tape::new();
    let variables = numbers.mapv(|value| tape.var(value));
    let squares = (&variables * &variables).sum();
    let g = squares.backward();
    assert_eq!(variables.mapv(|x| g[x]), &numbers * 2.0);
    assert_eq!(variables.mapv(Var::value), numbers);
    // As constants they take part in the value, and that is all.
    let constants = numbers.mapv(Var::from) * variables[[0, 0]];
    assert_eq!(constants.sum().backward().wrt(variables[[0, 0]]), numbers.sum());
    // A whole matrix at once, through a slice of its entries.
    let entries = tape.vars(numbers.as_slice().expect("in standard order"));
    assert_eq!(matrix(&entries, 3).sum().backward().wrt_slice(&entries), [1.0; 6]);
    assert_eq!(Array2::<Var>::zeros((2, 2)).sum().value() + Array2::<Var>::ones((2, 2)).sum().value(), 4.0);
    assert_eq!(Array2::<Var>::eye(3).diag().sum().value(), 3.0);
}

fn horner<T: Num + Copy>(coefficients: &[T], x: T) -> T {
    coefficients.iter().fold(T::zero(), |sum, &c| sum * x + c)
}

/// The larger root of `a x² + b x + c`.
fn larger_root<F: Float>([a, b, c]: [F; 3]) -> F {
    let two = F::one() + F::one();
    let discriminant = b * b - two * two * a * c;
    if discriminant < F::zero() { F::nan() } else { (-b + discriminant.sqrt()) / (two * a) }
}

/// The area of a circle, and of a unit ring around it.
fn areas<F: Float + FloatConst>(radius: F) -> F {
    let next = radius + F::one();
    F::PI() * radius.powi(2) + F::FRAC_PI_2() * (next * next - radius * radius)
}

fn accumulate<T: NumAssign + Copy>(x: T, times: usize) -> T {
    let (mut sum, mut power) = (T::zero(), T::one());
    for _ in 0..times {
        power *= x;
        sum += power;
    }
    sum -= x;
    sum
}

#[test]
fn functions_generic_over_numeric_traits_have_the_derivatives_of_their_formulas() {
    let coefficients = [2.0, -3.0, 0.0, 5.0];
    for x in [-2.0, 0.0, 0.5, 3.0] {
        let (y, slope) = value_and_gradient(|x| horner(&coefficients.map(Var::from), x), x);
        assert_eq!((y, slope), (horner(&coefficients, x), (6.0 * x - 6.0) * x), "at {x}");
        // With respect to the coefficients: the powers of x, highest first.
        let powers = gradient(|c| horner(c, x.into()), &coefficients);
        assert_eq!(powers, [x * x * x, x * x, x, 1.0], "at {x}");
        assert_eq!(derivative(|x| accumulate(x, 3), x), 2.0 * x + 3.0 * x * x, "at {x}");
    }
    for [a, b, c] in [[1.0, -3.0, 2.0], [2.0, 1.0, -3.0], [-1.0, -5.0, 1.0]] {
        let (x, g) = value_and_gradient(larger_root, [a, b, c]);
        assert_eq!(x, larger_root([a, b, c]));
        // Of the root by the implicit function theorem: −(x², x, 1) / (2ax + b); both sides round a few times.
        for (got, wanted) in g.into_iter().zip([x * x, x, 1.0].map(|p| -p / (2.0 * a * x + b))) {
            assert!((got - wanted).abs() <= 1e-14 * wanted.abs(), "{got} for {wanted} at {a}, {b}, {c}");
        }
    }
    assert!(value(larger_root, [1.0, 0.0, 1.0]).is_nan());
    for r in [0.0, 1.0, 2.5] {
        let wanted = 2.0 * std::f64::consts::PI * r + std::f64::consts::PI;
        assert!((derivative(areas, r) - wanted).abs() < 1e-14 * wanted, "at {r}");
    }
}

/// As linear algebra does it: work is skipped where a coefficient "is zero".
fn product_skipping_zeros<T: Num + Copy>(a: &[T], x: &[T]) -> T {
    let terms = a.iter().zip(x).filter(|(a, _)| !a.is_zero());
    terms.fold(T::zero(), |sum, (&a, &x)| if a.is_one() { sum + x } else { sum + a * x })
}

#[test]
fn a_variable_that_happens_to_be_zero_or_one_is_not_skipped() {
    let x = [7.0, 11.0, 13.0].map(Var::from);
    let g = gradient(|a| product_skipping_zeros(a, &x), &[0.0, 1.0, 2.0]);
    assert_eq!(g, [7.0, 11.0, 13.0]);
    // Constants are: a zero times infinity would be NaN.
    let sparse = [0.0, 1.0, 2.0].map(Var::from);
    let (y, g) = value_and_gradient(
        |[x, y]| product_skipping_zeros(&sparse, &[f64::INFINITY.into(), x, y]),
        [5.0, 6.0],
    );
    assert_eq!((y, g), (17.0, [1.0, 2.0]));
    let tape = Tape::new();
    let [zero, one] = tape.vars([0.0, 1.0]);
    for tracked in [zero, one, zero + 0.0, one * 1.0] {
        assert!(!tracked.is_zero() && !tracked.is_one());
    }
    for (constant, is_zero, is_one) in
        [(0.0, true, false), (-0.0, true, false), (1.0, false, true), (0.5, false, false)]
    {
        assert_eq!(
            (Var::from(constant).is_zero(), Var::from(constant).is_one()),
            (is_zero, is_one),
            "{constant}"
        );
    }
    assert!(zero.detach().is_zero() && one.detach().is_one() && Var::zero().is_zero() && Var::one().is_one());
}

/// Holds value and slope of a method of `Float` against those of the inherent one, and the value against that of `f64`.
macro_rules! assert_float {
    ($($method:ident($($argument:expr),*))*) => { $(
        for x in [-1.5, -0.3, 0.0, 0.4, 1.0, 2.5] {
            let by_trait = value_and_gradient(|[x]| <Var as Float>::$method(x $(, $argument.into())*), [x]);
            let inherent = value_and_gradient(|[x]| x.$method($($argument),*), [x]);
            let name = stringify!($method);
            assert!(same(by_trait.0, inherent.0) && same(by_trait.1[0], inherent.1[0]), "{name} at {x}: {by_trait:?}");
            let plain = <f64 as Float>::$method(x $(, $argument)*);
            // `powi` rounds in its own order, and `hypot` and the like are `std`'s own: an ulp or two at most.
            assert!(same(by_trait.0, plain) || (by_trait.0 - plain).abs() <= 4e-16 * plain.abs(), "{name} at {x}");
        }
    )* };
}

#[test]
fn every_method_of_float_is_the_inherent_one() {
    assert_float! {
        floor() ceil() round() trunc() fract() abs() signum() recip() sqrt() cbrt() exp() exp2() exp_m1() ln() ln_1p() log2()
        log10() sin() cos() tan() asin() acos() atan() sinh() cosh() tanh() asinh() acosh() atanh()
        powi(3) powi(-2) powf(2.5) log(3.0) max(0.5) min(0.5) hypot(2.0) atan2(2.0) mul_add(3.0, 4.0) clamp(0.0, 1.0)
    }
}

#[test]
fn methods_of_float_without_an_inherent_one_have_their_value_and_slope() {
    let slope_of_degrees = 180.0 / std::f64::consts::PI;
    for x in [-1.5, -0.3, 0.4, 2.5] {
        assert_eq!(value_and_gradient(Float::to_degrees, x), (x.to_degrees(), slope_of_degrees));
        assert_eq!(value_and_gradient(Float::to_radians, x), (x.to_radians(), slope_of_degrees.recip()));
        let (sine, cosine) = (derivative(|x| Float::sin_cos(x).0, x), derivative(|x| Float::sin_cos(x).1, x));
        assert_eq!((sine, cosine), (x.cos(), -x.sin()));
        // The positive difference, which is flat where there is none.
        let positive = if x > 1.0 { (x - 1.0, [1.0, -1.0]) } else { (0.0, [0.0, 0.0]) };
        assert_eq!(value_and_gradient(|[x, y]| Float::abs_sub(x, y), [x, 1.0]), positive);
        assert_eq!(value_and_gradient(|[x, y]| Signed::abs_sub(&x, &y), [x, 1.0]), positive);
        let turned = if x < 0.0 { 1.0 } else { -1.0 };
        assert_eq!(value_and_gradient(|x| x.copysign(Var::from(-2.0)), x), (-x.abs(), turned));
        assert_eq!(value_and_gradient(Inv::inv, x), (x.recip(), -(x.recip() * x.recip())));
        assert_eq!(value_and_gradient(|x| Signed::abs(&x), x), (x.abs(), x.signum()));
        assert_eq!(value_and_gradient(|x| Signed::signum(&x), x), (x.signum(), 0.0));
        assert_eq!(value_and_gradient(|x| MulAdd::mul_add(x, x, x), x), (x.mul_add(x, x), 2.0 * x + 1.0));
        let added = |mut x: Var| {
            x.mul_add_assign(3.0.into(), 1.0.into());
            x
        };
        assert_eq!(value_and_gradient(added, x), (x.mul_add(3.0, 1.0), 3.0));
        assert_eq!(value_and_gradient(|x| Pow::pow(x, 3), x), value_and_gradient(|x| x.powi(3), x));
        assert_eq!(derivative(|x| Pow::pow(x.exp(), 1.5), x), derivative(|x| x.exp().powf(1.5), x));
    }
}

#[test]
fn questions_about_a_variable_are_answered_by_its_value() {
    let numbers = [0.0, -0.0, 1.5, -2.0, 1e-310, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX];
    let tape = Tape::new();
    for (number, x) in numbers.into_iter().zip(tape.vars(numbers)) {
        assert_eq!(
            [x.is_nan(), x.is_infinite(), x.is_finite()],
            [number.is_nan(), number.is_infinite(), number.is_finite()]
        );
        assert_eq!(
            [x.is_normal(), x.is_subnormal()],
            [number.is_normal(), number.is_subnormal()],
            "{number}"
        );
        assert_eq!(x.is_sign_positive(), number.is_sign_positive());
        assert_eq!(
            (Float::is_sign_negative(x), x.classify()),
            (number.is_sign_negative(), number.classify())
        );
        assert_eq!(x.integer_decode(), number.integer_decode());
        let signs = (Signed::is_positive(&x), Signed::is_negative(&x));
        assert_eq!(signs, (Signed::is_positive(&number), Signed::is_negative(&number)), "{number}");
    }
}

#[test]
fn constants_of_the_traits_are_those_of_f64_and_untracked() {
    macro_rules! assert_constants {
        ($($Trait:ident::$constant:ident)*) => { $(
            let (x, number) = (<Var as $Trait>::$constant(), <f64 as $Trait>::$constant());
            assert!(x.is_constant() && same(x.value(), number), "{} is {x}", stringify!($constant));
        )* };
    }
    assert_constants! {
        Float::nan Float::infinity Float::neg_infinity Float::neg_zero Float::min_value Float::max_value Float::epsilon
        Float::min_positive_value Bounded::min_value Bounded::max_value Zero::zero One::one
        FloatConst::E FloatConst::PI FloatConst::TAU FloatConst::SQRT_2 FloatConst::FRAC_1_PI FloatConst::FRAC_1_SQRT_2
        FloatConst::FRAC_2_PI FloatConst::FRAC_2_SQRT_PI FloatConst::FRAC_PI_2 FloatConst::FRAC_PI_3 FloatConst::FRAC_PI_4
        FloatConst::FRAC_PI_6 FloatConst::FRAC_PI_8 FloatConst::LN_10 FloatConst::LN_2 FloatConst::LOG10_E
        FloatConst::LOG2_E FloatConst::LOG10_2 FloatConst::LOG2_10
    }
    assert_eq!(Var::from_str_radix("2.5", 10).expect("a number").value(), 2.5);
    assert!(Var::from_str_radix("two", 10).is_err());
}

#[test]
fn conversions_have_the_values_of_those_of_f64() {
    let numbers = [0.0, -1.0, 2.75, -3.99, 200.0, 1e10, 1e19, 1e30, -1e30, f64::NAN, f64::INFINITY];
    for number in numbers {
        let x = Var::from(number);
        macro_rules! assert_conversions {
            ($($to:ident)*) => { $(
                let shown = (format!("{:?}", x.$to()), format!("{:?}", number.$to()));
                assert_eq!(shown.0, shown.1, "{} of {number:e}", stringify!($to));
            )* };
        }
        assert_conversions! { to_i8 to_i16 to_i32 to_i64 to_isize to_u8 to_u16 to_u32 to_u64 to_usize to_f32 to_f64 }
    }
    let value = |x: Option<Var>| x.expect("a number").value();
    assert_eq!(value(FromPrimitive::from_i32(-7)), -7.0);
    assert_eq!(value(FromPrimitive::from_u64(u64::MAX)), u64::MAX as f64);
    assert_eq!(value(FromPrimitive::from_usize(9)), 9.0);
    assert_eq!(value(FromPrimitive::from_f32(0.5)), 0.5);
    assert_eq!(value(FromPrimitive::from_f64(2.5)), 2.5);
    assert_eq!(value(<Var as num_traits::NumCast>::from(3_u8)), 3.0);
    assert_eq!(value(<Var as num_traits::NumCast>::from(1_i128 << 100)), (1_i128 << 100) as f64);
    assert_eq!(value(<Var as num_traits::NumCast>::from(Var::from(2.5))), 2.5);
    assert_eq!(<f64 as num_traits::NumCast>::from(Var::from(2.5)), Some(2.5));
    // A variable that is cast loses its derivative, as a cast to an integer does.
    assert!(<Var as num_traits::NumCast>::from(Tape::new().var(1.0)).expect("a number").is_constant());
}

#[test]
fn conversions_with_integers_of_128_bits_have_the_values_of_those_of_f64() {
    for number in [2.75, -3.99, 1e19, 1e30, -1e30, 1e39] {
        let x = Var::from(number);
        assert_eq!((x.to_i128(), x.to_u128()), (number.to_i128(), number.to_u128()), "{number:e}");
    }
    assert_eq!(Var::from_i128(1 << 100).map(Var::value), f64::from_i128(1 << 100));
    assert_eq!(Var::from_u128(1 << 100).map(Var::value), f64::from_u128(1 << 100));
}
