//! Forward mode on its own: derivatives of any order by nesting, several at once, and what stays zero.

use downhill::prelude::*;

type Second = Dual<Dual>;
type Third = Dual<Dual<Dual>>;

/// A variable at `x` in each of three directions: the innermost tangents carry the derivatives up to the third.
fn thrice(x: f64) -> Third {
    Dual::variable(Dual::variable(Dual::variable(x)))
}

/// Value, first, second and third derivative.
fn derivatives(y: Third) -> [f64; 4] {
    // Every mixed part of an order holds the same number.
    assert_eq!(
        (y.value.tangent.value, y.value.value.tangent),
        (y.tangent.value.value, y.tangent.value.value)
    );
    assert_eq!(
        (y.tangent.tangent.value, y.tangent.value.tangent),
        (y.value.tangent.tangent, y.value.tangent.tangent)
    );
    [y.value.value.value, y.tangent.value.value, y.tangent.tangent.value, y.tangent.tangent.tangent]
}

#[test]
fn three_deep_duals_carry_three_derivatives() {
    for x in [-1.5, 0.25, 2.0] {
        let (e, s, c) = (f64::exp(x), f64::sin(x), f64::cos(x));
        // x⁵ and its derivatives 5x⁴, 20x³, 60x²; e^2x; x sin x; the reciprocal; all by hand.
        let cases: [(&str, Third, [f64; 4]); 6] = [
            ("x^5 by multiplication", (0..4).fold(thrice(x), |y, _| y * thrice(x)), fifth(x)),
            ("x^5 by powi", thrice(x).powi(5), fifth(x)),
            ("exp", thrice(x).exp(), [e; 4]),
            ("exp of the double", (2.0 * thrice(x)).exp(), [1.0, 2.0, 4.0, 8.0].map(|power| power * e * e)),
            ("x sin x", thrice(x) * thrice(x).sin(), [x * s, s + x * c, 2.0 * c - x * s, -3.0 * s - x * c]),
            ("1/x", 1.0 / thrice(x), [1.0 / x, -x.powi(-2), 2.0 * x.powi(-3), -6.0 * x.powi(-4)]),
        ];
        for (name, y, wanted) in cases {
            for (k, (got, wanted)) in derivatives(y).into_iter().zip(wanted).enumerate() {
                // A dozen operations, each rounded once.
                let bound = 16.0 * f64::EPSILON * wanted.abs().max(1e-3);
                assert!(
                    (got - wanted).abs() <= bound,
                    "derivative {k} of {name} at {x}: {got:e}, not {wanted:e}"
                );
            }
        }
    }
}

fn fifth(x: f64) -> [f64; 4] {
    [x * x * x * x * x, 5.0 * x * x * x * x, 20.0 * x * x * x, 60.0 * x * x]
}

/// Products of neighbours, with something of every arity.
fn mixture<R: Real>(x: &[R]) -> R {
    let mut sum = x[0].exp();
    for i in 0..x.len() {
        let next = x[(i + 1) % x.len()];
        sum = sum + (x[i] * next).sin() / (next * next + 1.0) + x[i].hypot(next).mul_add(x[i], 0.5);
    }
    sum
}

fn assert_several<const N: usize>() {
    let at: [f64; N] = std::array::from_fn(|i| 0.75 - 0.3 * i as f64);
    let y = mixture(&Duals::variables(at));
    assert_eq!(y.value, mixture(&at));
    let by_tape = gradient(mixture, &at);
    for i in 0..N {
        // One direction at a time: the same products and sums, so the same bits.
        let one: Vec<Dual> = at.iter().enumerate().map(|(j, &x)| Dual::new(x, f64::from(i == j))).collect();
        assert_eq!(y.tangents[i], mixture(&one).tangent, "direction {i} of {N}");
        // In reverse they are added up in another order.
        assert!(
            (y.tangents[i] - by_tape[i]).abs() <= 1e-14 * by_tape[i].abs().max(1.0),
            "direction {i} of {N}"
        );
    }
}

#[test]
fn several_tangents_are_those_of_one_at_a_time() {
    assert_several::<1>();
    assert_several::<2>();
    assert_several::<3>();
    assert_several::<8>();
}

#[test]
fn infinite_slopes_of_constants_do_not_count() {
    // Each has an infinite slope at the constant it is given; the derivative of a constant is 0 all the same.
    type Case<R> = (&'static str, fn(R) -> R, f64);
    fn functions<R: Real>() -> [Case<R>; 9] {
        [
            ("sqrt", |c| c.sqrt(), 0.0),
            ("cbrt", |c| c.cbrt(), 0.0),
            ("ln", |c| c.ln(), 0.0),
            ("asin", |c| c.asin(), 1.0),
            ("acosh", |c| c.acosh(), 1.0),
            ("recip", |c| c.recip(), 0.0),
            ("powf", |c| c.powf(0.5), 0.0),
            ("powf of a constant exponent", |c| c.powf(R::from(0.5)), 0.0),
            ("log", |c| c.log(2.0), 0.0),
        ]
    }
    for (name, f, at) in functions::<Dual>() {
        let y = f(Dual::constant(at)) * 0.0 + Dual::variable(2.0);
        assert_eq!(f(Dual::constant(at)).tangent, 0.0, "{name}");
        assert_eq!(y.tangent, 1.0, "{name}");
    }
    for (name, f, at) in functions::<Duals<3>>() {
        assert_eq!(f(Duals::constant(at)).tangents, [0.0; 3], "{name}");
        // A variable in one direction is a constant in the others.
        let [x, _, _] = Duals::variables([at, 0.0, 0.0]);
        let [own, others @ ..] = f(x).tangents;
        assert!(own.is_infinite() && others == [0.0; 2], "{name}: {own}, {others:?}");
    }
    for (name, f, at) in functions::<Second>() {
        let y = f(Dual::constant(Dual::constant(at)));
        assert_eq!((y.tangent.value, y.tangent.tangent, y.value.tangent), (0.0, 0.0, 0.0), "{name}");
    }
    // Where the argument does vary the slope is what it is.
    assert_eq!(Dual::variable(0.0).sqrt().tangent, f64::INFINITY);
}

#[test]
fn an_infinite_slope_never_makes_a_finite_second_derivative() {
    // √(xy) at the origin: the product's own tangents vanish there, but its mixed second one is 1. The true mixed
    // derivative does not exist; infinity or NaN say so, a number would not.
    let x: Second = Dual::new(Dual::constant(0.0), Dual::constant(1.0));
    let y: Second = Dual::constant(Dual::variable(0.0));
    let product = x * y;
    assert_eq!((product.tangent.value, product.value.tangent, product.tangent.tangent), (0.0, 0.0, 1.0));
    type Function = fn(Second) -> Second;
    let functions: [(&str, Function); 4] =
        [("sqrt", |z| z.sqrt()), ("cbrt", |z| z.cbrt()), ("ln", |z| z.ln()), ("powf", |z| z.powf(0.5))];
    for (name, f) in functions {
        let mixed = f(product).tangent.tangent;
        assert!(!mixed.is_finite(), "{name}: {mixed}");
        // The square of a variable has the same shape: f′ = 2x, f″ = 2 at 0.
        let x: Second = Dual::variable(Dual::variable(0.0));
        let second = f(x * x).tangent.tangent;
        assert!(!second.is_finite(), "{name} of the square: {second}");
    }
}

#[test]
#[allow(clippy::op_ref, reason = "that references compare is part of the test")]
fn comparisons_look_at_the_value_alone() {
    for x in [-1.0, 0.5, 2.0, f64::NAN] {
        for y in [-1.0, 0.5, f64::NAN] {
            let wanted = [x < y, x <= y, x > y, x >= y, x == y];
            // Tangents the other way round from the values.
            let (a, b) = (Dual::new(x, -y), Dual::new(y, -x));
            assert_eq!([a < b, a <= b, a > b, a >= b, a == b], wanted);
            assert_eq!([a < y, a <= y, a > y, a >= y, a == y], wanted);
            assert_eq!([x < b, x <= b, x > b, x >= b, x == b], wanted);
            assert_eq!([&a < &b, &a <= &b, &a > &b, &a >= &b, &a == &b], wanted);
            assert_eq!(a.partial_cmp(&b), x.partial_cmp(&y));
            let [a, b] = Duals::variables([x, y]);
            assert_eq!([a < b, a <= b, a > b, a >= b, a == b], wanted);
            assert_eq!([a < y, a <= y, a > y, a >= y, a == y], wanted);
            assert_eq!([x < b, x <= b, x > b, x >= b, x == b], wanted);
            let (a, b): (Second, Second) =
                (Dual::constant(Dual::variable(x)), Dual::variable(Dual::variable(y)));
            assert_eq!([a < b, a <= b, a > b, a >= b, a == b], wanted);
        }
    }
}

#[test]
#[allow(clippy::op_ref, reason = "that references work on either side is part of the test")]
fn operators_take_references_literals_and_assignments() {
    let x = Dual::variable(3.0);
    let mut y = 2.0 * x;
    y += 1.0;
    y -= &x;
    y *= x;
    y /= 2.0;
    y = -&y + &1.0 - 0.5 * &x;
    // y = 1 − x/2 − (x + 1) x / 2.
    assert_eq!((y.value, y.tangent), (-6.5, -4.0));
    y %= 2.0;
    assert_eq!((y.value, y.tangent), (-0.5, -4.0));
    let [a, b] = Duals::variables([3.0, 2.0]);
    let mut z = 6.0 / b - &a;
    z *= &a;
    z -= 1.0;
    // z = 6a/b − a² − 1.
    assert_eq!((z.value, z.tangents), (-1.0, [-3.0, -4.5]));
}

#[test]
fn sums_and_products_carry_their_tangents() {
    let values = [2.0, 3.0, 5.0];
    let variables = Duals::variables(values);
    let (sum, product): (Duals<3>, Duals<3>) = (variables.into_iter().sum(), variables.into_iter().product());
    assert_eq!((sum.value, sum.tangents), (10.0, [1.0; 3]));
    assert_eq!((product.value, product.tangents), (30.0, [15.0, 10.0, 6.0]));
    // All three move as one: Σ has slope 3, Π the sum of the pairwise products.
    let moving = values.map(Dual::variable);
    let (sum, product): (Dual, Dual) = (moving.into_iter().sum(), moving.into_iter().product());
    assert_eq!((sum.value, sum.tangent, product.value, product.tangent), (10.0, 3.0, 30.0, 31.0));
    let cube: Third = [thrice(2.0); 3].into_iter().product();
    assert_eq!(derivatives(cube), [8.0, 12.0, 12.0, 6.0]);
    let (nothing, one): (Dual, Dual) = ([].into_iter().sum(), [].into_iter().product());
    assert_eq!((nothing.value, nothing.tangent, one.value, one.tangent), (0.0, 0.0, 1.0, 0.0));
}

#[test]
fn perturbations_of_two_levels_are_not_confused() {
    // d/dx (x · d/dy (x + y)) = 1: with one kind of ε for both levels it comes out as 2.
    for (x, y) in [(1.0, 1.0), (3.0, -2.0)] {
        let outer = Dual::variable(x);
        let inner: Second = Dual::constant(outer) + Dual::variable(Dual::constant(y));
        let result = outer * inner.tangent;
        assert_eq!((result.value, result.tangent), (x, 1.0));
        // And with the two joined by more than a sum: d/dx (x · d/dy x y²) = 4xy.
        let product: Second = Dual::constant(outer) * Dual::variable(Dual::constant(y)).powi(2);
        let result = outer * product.tangent;
        assert_eq!((result.value, result.tangent), (2.0 * x * x * y, 4.0 * x * y));
    }
}

#[test]
fn forward_over_reverse_gives_products_with_the_hessian() {
    let at = [0.75, -0.4, 1.25];
    let direction = [1.0, -2.0, 0.5];
    // The gradient of the slope in a direction, by a tape of dual numbers' parts, and row by row by nested ones.
    let slope = |x: &[Var]| {
        let moving: Vec<Dual<Var>> = x.iter().zip(direction).map(|(&x, d)| Dual::new(x, d.into())).collect();
        mixture(&moving).tangent
    };
    let product = gradient(slope, &at);
    for (i, got) in product.into_iter().enumerate() {
        let seeded = |j: usize| Dual::new(Dual::new(at[j], f64::from(i == j)), Dual::constant(direction[j]));
        let wanted = mixture(&[seeded(0), seeded(1), seeded(2)]).tangent.tangent;
        // Three dozen operations, added up in another order.
        assert!((got - wanted).abs() <= 1e-14 * wanted.abs().max(1.0), "row {i}: {got:e}, not {wanted:e}");
    }
}
