//! Custom functions with partials that have derivatives of their own: every order, every way to it, and where it ends.

use downhill::prelude::*;

use crate::misuse::assert_mistake;

/// `eˣ` as a table would have it: derivatives up to `order`, then numbers.
fn exp(x: Var, order: usize) -> Var {
    let y = x.value().exp();
    if order == 1 { custom("exp", [x], y, [y]) } else { custom("exp", [x], y, [exp(x, order - 1)]) }
}

fn sin(x: Var) -> Var {
    custom("sin", [x], x.value().sin(), [x.cos()])
}

/// `x y² + sin(x y)`, with its partials.
fn mixed(x: Var, y: Var) -> Var {
    let (a, b) = (x.value(), y.value());
    let slope = (x * y).cos();
    custom("mixed", [x, y], a * b * b + (a * b).sin(), [y * (y + slope), x * (2.0 * y + slope)])
}

/// The same by operators.
fn plain(x: Var, y: Var) -> Var {
    x * y * y + (x * y).sin()
}

#[track_caller]
fn assert_near(got: &[f64], wanted: &[f64], what: &str) {
    assert_eq!(got.len(), wanted.len(), "{what}");
    let size = wanted.iter().fold(1.0, |size: f64, w| size.max(w.abs()));
    for (got, wanted) in got.iter().zip(wanted) {
        assert!((got - wanted).abs() <= 1e-13 * size, "{what}: {got:e}, not {wanted:e}");
    }
}

type F = fn(&[Var]) -> Var;

/// The same function with custom parts and by operators alone.
const PAIRS: [(&str, F, F); 7] = [
    ("exp", |x| exp(x[0] * x[1], 3) * x[2], |x| (x[0] * x[1]).exp() * x[2]),
    ("sin", |x| sin(sin(x[0]) + x[1] * x[2]), |x| (x[0].sin() + x[1] * x[2]).sin()),
    ("mixed", |x| mixed(x[0], x[1]) * x[2], |x| plain(x[0], x[1]) * x[2]),
    ("of intermediates", |x| mixed(x[0] * x[2], x[1] + x[0]).ln(), |x| plain(x[0] * x[2], x[1] + x[0]).ln()),
    (
        "its own slope",
        |x| custom("half square", [x[0]], x[0].value().powi(2) / 2.0, [x[0]]) * x[1],
        |x| x[0] * x[0] * 0.5 * x[1],
    ),
    (
        "one input twice",
        |x| mixed(x[0], x[0]).powi(2) + x[1] * x[2],
        |x| plain(x[0], x[0]).powi(2) + x[1] * x[2],
    ),
    (
        "within itself, and a constant input",
        |x| mixed(mixed(x[0], 0.7.into()), mixed(x[1], x[2])),
        |x| plain(plain(x[0], 0.7.into()), plain(x[1], x[2])),
    ),
];

#[test]
fn derivatives_of_every_order_are_those_of_the_formula() {
    let (x, v) = ([0.8, 0.6, 1.1], [0.3, -0.7, 0.4]);
    for (name, f, formula) in PAIRS {
        let (here, wanted) = (Expansion::of(f, &x), Expansion::of(formula, &x));
        assert_near(&here.values(), &wanted.values(), name);
        assert_near(&gradient(f, &x), &gradient(formula, &x), name);
        assert_near(&here.gradient(), &wanted.gradient(), name);
        assert_near(&here.jvp(&v), &wanted.jvp(&v), name);
        assert_near(&here.vjp(&[2.0]), &wanted.vjp(&[2.0]), name);
        assert_near(&here.jacobian().into_raw_vec_and_offset().0, &wanted.gradient(), name);
        assert_near(&here.hvp(&v), &wanted.hvp(&v), name);
        assert_near(
            &here.hessian().into_raw_vec_and_offset().0,
            &wanted.hessian().into_raw_vec_and_offset().0,
            name,
        );
        for (i, j) in [(0, 0), (0, 1), (2, 1)] {
            assert_near(&[here.mixed_partial(i, j)], &[wanted.mixed_partial(i, j)], name);
        }
        assert_near(&[here.third_directional(&v)], &[wanted.third_directional(&v)], name);
    }
}

/// Columns, not edges: each variable meets every other.
#[test]
fn a_full_hessian_by_columns_is_that_of_the_formula() {
    let x: Vec<f64> = (0..24).map(|i| 0.1 + 0.03 * f64::from(i)).collect();
    let knot = |sin: fn(Var) -> Var| {
        move |x: &[Var]| {
            let sum = x.iter().fold(Var::from(0.0), |sum, &x| sum + sin(x) * sin(sum));
            sin(sum) * x[0] + sum * sum
        }
    };
    let (got, wanted) = (hessian(knot(sin), &x), hessian(knot(|x| x.sin()), &x));
    assert_near(&got.into_raw_vec_and_offset().0, &wanted.into_raw_vec_and_offset().0, "a knot");
    let many = |x: &[Var]| {
        let norm = x.iter().map(|x| x.value().powi(2)).sum::<f64>().sqrt();
        custom("length", x, norm, x.iter().map(|&xi| xi / downhill::tape::norm(x)).collect::<Vec<_>>())
    };
    let (got, wanted) = (hessian(many, &x), hessian(norm, &x));
    assert_near(&got.into_raw_vec_and_offset().0, &wanted.into_raw_vec_and_offset().0, "many inputs");
    assert_near(&hvp(many, &x, &x), &hvp(norm, &x, &x), "many inputs");
}

#[test]
fn numbers_give_jacobians_and_the_order_beyond_is_refused_by_name() {
    let by_numbers = |[x, y]: [Var; 2]| custom("table", [x], 3.0, [2.0]) * y;
    assert_eq!(gradient(by_numbers, [1.0, 5.0]), [10.0, 3.0]);
    let here = Expansion::of(by_numbers, [1.0, 5.0]);
    assert_eq!((here.values(), here.gradient()), (vec![15.0], vec![10.0, 3.0]));
    assert_eq!(here.jacobian(), ndarray::array![[10.0, 3.0]]);
    assert_eq!((here.jvp(&[1.0, 1.0]), here.vjp(&[2.0])), (vec![13.0], vec![20.0, 6.0]));
    let words = "derivatives of order 2 were asked for, and the function has them up to order 1: the partials of `table`";
    assert_mistake(line!(), words, || here.hessian());
    assert_mistake(line!(), words, || here.hvp(&[1.0, 0.0]));
    assert_mistake(line!(), words, || here.mixed_partial(0, 1));
    assert_mistake(line!(), words, || hessian(by_numbers, [1.0, 5.0]));
    assert_mistake(line!(), "order 3 were asked for", || here.third_directional(&[1.0, 0.0]));
    // What the result does not depend on does not matter.
    let aside = |[x, y]: [Var; 2]| {
        let _ = custom("table", [x], 3.0, [2.0]);
        x * y
    };
    assert_eq!(hessian(aside, [1.0, 5.0]), ndarray::array![[0.0, 1.0], [1.0, 0.0]]);
    // A slope that is said to be constant has the derivative 0.
    let line = |[x, y]: [Var; 2]| custom("line", [x], 3.0, [Var::from(2.0)]) * y;
    assert_eq!(hessian(line, [1.0, 5.0]), ndarray::array![[0.0, 2.0], [2.0, 0.0]]);
}

#[test]
fn the_name_in_the_message_is_that_of_the_function_that_ends_the_orders() {
    let two = |x: Var| {
        custom("outer", [x], x.value().sin(), [custom("inner", [x], x.value().cos(), [-x.value().sin()])])
    };
    let here = Expansion::of(|[x, y]: [Var; 2]| two(x * y) + exp(x, 3), [0.5, 2.0]);
    let wanted = Expansion::of(|[x, y]: [Var; 2]| (x * y).sin() + x.exp(), [0.5, 2.0]);
    assert_near(&here.hvp(&[1.0, 2.0]), &wanted.hvp(&[1.0, 2.0]), "two orders");
    let words = "order 3 were asked for, and the function has them up to order 2: the partials of `inner` are numbers";
    assert_mistake(line!(), words, || here.third_directional(&[1.0, 0.0]));
    assert_eq!(third_directional(|x| exp(x, 3), 0.0, &[1.0]), 1.0);
}

#[test]
fn partials_of_another_recording_are_refused() {
    let tape = Tape::new();
    let foreign = tape.var(2.0);
    assert_mistake(line!(), "two recordings", || gradient(|x| custom("f", [x], 1.0, [foreign]), 1.0));
    assert_mistake(line!(), "two recordings", || hessian(|x: Var| custom("f", [x], 1.0, [foreign]), 1.0));
    assert!(custom("constant", [Var::from(1.0)], 2.0, [foreign]).is_constant());
}

#[test]
fn a_rule_has_a_jacobian_and_no_second_derivatives() {
    let by_rule = |[x, y]: [Var; 2]| {
        let (a, b) = (x.value(), y.value());
        let rule = move |adjoints: &[f64], to: &mut [f64]| {
            to[0] += adjoints[0] * b + adjoints[1] / b;
            to[1] += adjoints[0] * a - adjoints[1] * a / (b * b);
        };
        let [product, quotient]: [Var; 2] = external("pair", &[x, y], [a * b, a / b], rule);
        [product * quotient, product]
    };
    let plain = |[x, y]: [Var; 2]| [x * x, x * y];
    let (here, wanted) = (Expansion::of(by_rule, [3.0, 2.0]), Expansion::of(plain, [3.0, 2.0]));
    assert_eq!((here.jacobian(), here.values()), (wanted.jacobian(), wanted.values()));
    assert_eq!(here.gradient(), wanted.gradient());
    assert_mistake(line!(), "the partials of `pair` are numbers", || here.hvp(&[1.0, 0.0]));
}

#[test]
fn a_detached_value_has_no_derivative_of_any_order() {
    // x · stop(x)² has the derivatives of x · c.
    let f = |[x, y]: [Var; 2]| x * x.detach().powi(2) + (x * y).detach() * y * y;
    assert_eq!(gradient(f, [3.0, 2.0]), [9.0, 24.0]);
    assert_eq!(hessian(f, [3.0, 2.0]), ndarray::array![[0.0, 0.0], [0.0, 12.0]]);
    assert_eq!(hvp(f, [3.0, 2.0], &[1.0, 1.0]), [0.0, 12.0]);
    assert_eq!(third_directional(f, [3.0, 2.0], &[1.0, 1.0]), 0.0);
    let tape = Tape::new();
    let x = tape.var(3.0);
    assert_eq!((x * x.detach()).backward().wrt(x), 3.0);
}
