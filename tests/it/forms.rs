//! What one may write: every form of every operator and verb, with nothing imported but the prelude and no suffix on any
//! literal. That these compile is half of the test.

use downhill::prelude::*;

/// Of either sign, below and above one, and equal to each other.
const POINTS: [[f64; 2]; 6] = [[3.0, 2.0], [-1.5, 0.25], [7.5, -2.0], [0.1, 0.3], [-4.0, -4.0], [1e10, 1e-3]];

type Form = fn(Var, Var) -> Var;
type Plain = fn(f64, f64) -> f64;
type Partials = fn(f64, f64) -> [f64; 2];

/// Operators compute what `f64` computes, and their rules are single operations: nothing here may be off by a bit.
fn assert_forms(name: &str, forms: &[Form], value: Plain, partials: Partials) {
    for [x, y] in POINTS {
        for (k, form) in forms.iter().enumerate() {
            let got = value_and_gradient(|[x, y]| form(x, y), [x, y]);
            assert_eq!(got, (value(x, y), partials(x, y)), "form {k} of {name} at {x}, {y}");
        }
    }
}

/// `x ∘ y` in every form of its two operands: both variables, the right one a number, the left one a number.
macro_rules! assert_operator {
    ($op:tt, $assign:tt, $value:expr, $partials:expr) => {
        let (value, partials): (Plain, Partials) = ($value, $partials);
        let name = stringify!($op);
        assert_forms(
            name,
            &[
                |x, y| x $op y,
                |x, y| x $op &y,
                |x, y| &x $op y,
                |x, y| &x $op &y,
                |mut x, y| { x $assign y; x },
                |mut x, y| { x $assign &y; x },
            ],
            value,
            partials,
        );
        for [a, b] in POINTS {
            let [to_left, to_right] = partials(a, b);
            let with_number: [fn(Var, f64) -> Var; 6] = [
                |x, c| x $op c,
                |x, c| x $op &c,
                |x, c| &x $op c,
                |x, c| &x $op &c,
                |mut x, c| { x $assign c; x },
                |mut x, c| { x $assign &c; x },
            ];
            for (k, form) in with_number.iter().enumerate() {
                let got = value_and_gradient(|x| form(x, b), a);
                assert_eq!(got, (value(a, b), to_left), "form {k} of x {name} {b} at {a}");
            }
            let number_first: [fn(f64, Var) -> Var; 4] =
                [|c, y| c $op y, |c, y| c $op &y, |c, y| &c $op y, |c, y| &c $op &y];
            for (k, form) in number_first.iter().enumerate() {
                let got = value_and_gradient(|y| form(a, y), b);
                assert_eq!(got, (value(a, b), to_right), "form {k} of {a} {name} y at {b}");
            }
        }
    };
}

#[test]
#[allow(clippy::op_ref, reason = "that references work on either side is what is tested")]
fn every_operator_works_between_variables_numbers_and_references_to_them() {
    assert_operator!(+, +=, |x, y| x + y, |_, _| [1.0, 1.0]);
    assert_operator!(-, -=, |x, y| x - y, |_, _| [1.0, -1.0]);
    assert_operator!(*, *=, |x, y| x * y, |x, y| [y, x]);
    assert_operator!(/, /=, |x, y| x / y, |x, y| [1.0 / y, -(x / y / y)]);
    // x % y = x − y·trunc(x/y); `(x − x % y) / y` is that whole number without the rounding of the quotient.
    assert_operator!(%, %=, |x, y| x % y, |x, y| [1.0, -((x - x % y) / y).round()]);
}

#[test]
fn negation_works_on_a_variable_and_on_a_reference() {
    for x in [0.0, 2.5, -1.0] {
        assert_eq!(value_and_gradient(|x| -x, x), (-x, -1.0));
        assert_eq!(value_and_gradient(|x| -&x, x), (-x, -1.0));
    }
}

#[test]
fn literals_need_no_suffix() {
    // Each a form from the documentation, its value, and its partials by hand.
    let cases: &[(&str, Form, Plain, Partials)] = &[
        ("2.0 * x", |x, _| 2.0 * x, |x, _| 2.0 * x, |_, _| [2.0, 0.0]),
        ("x * 2.0 + y", |x, y| x * 2.0 + y, |x, y| x * 2.0 + y, |_, _| [2.0, 1.0]),
        ("1.0 - x", |x, _| 1.0 - x, |x, _| 1.0 - x, |_, _| [-1.0, 0.0]),
        ("1.0 / y", |_, y| 1.0 / y, |_, y| 1.0 / y, |_, y| [0.0, -(1.0 / y / y)]),
        ("&x * 0.5", |x, _| &x * 0.5, |x, _| x * 0.5, |_, _| [0.5, 0.0]),
        ("x.max(0.0)", |x, _| x.max(0.0), |x, _| x.max(0.0), |x, _| [if x > 0.0 { 1.0 } else { 0.0 }, 0.0]),
        ("x.min(0.2)", |x, _| x.min(0.2), |x, _| x.min(0.2), |x, _| [if x < 0.2 { 1.0 } else { 0.0 }, 0.0]),
        (
            "x.clamp(0.0, 1.0)",
            |x, _| x.clamp(0.0, 1.0),
            |x, _| x.clamp(0.0, 1.0),
            |x, _| [if (0.0..=1.0).contains(&x) { 1.0 } else { 0.0 }, 0.0],
        ),
        ("x.mul_add(2.0, y)", |x, y| x.mul_add(2.0, y), |x, y| x.mul_add(2.0, y), |_, _| [2.0, 1.0]),
        ("x.mul_add(y, 1.0)", |x, y| x.mul_add(y, 1.0), |x, y| x.mul_add(y, 1.0), |x, y| [y, x]),
        ("x.powi(3)", |x, _| x.powi(3), |x, _| x * x * x, |x, _| [x * x * 3.0, 0.0]),
        (
            "x.abs().sqrt()",
            |x, _| x.abs().sqrt(),
            |x, _| x.abs().sqrt(),
            |x, _| [0.5 * x.abs().sqrt().recip() * x.signum(), 0.0],
        ),
    ];
    for (name, form, value, partials) in cases {
        assert_forms(name, &[*form], *value, *partials);
    }
}

#[test]
#[allow(clippy::needless_borrows_for_generic_args, reason = "that a reference will do is part of the test")]
fn functions_of_two_arguments_take_a_variable_a_reference_or_a_number() {
    // Within an ulp or two of the textbook partials, which round differently from the rules of the table.
    let near = |a: f64, b: f64| (a - b).abs() <= 4.0 * f64::EPSILON * b.abs();
    let forms: &[(&str, [Form; 3], Partials)] = &[
        ("powf", [|x, y| x.powf(y), |x, y| x.powf(&y), |x, _| x.powf(2.5)], |x, y| {
            [y * x.powf(y - 1.0), x.powf(y) * x.ln()]
        }),
        ("atan2", [|x, y| x.atan2(y), |x, y| x.atan2(&y), |x, _| x.atan2(2.5)], |x, y| {
            let square = x * x + y * y;
            [y / square, -x / square]
        }),
        ("hypot", [|x, y| x.hypot(y), |x, y| x.hypot(&y), |x, _| x.hypot(2.5)], |x, y| {
            let length = (x * x + y * y).sqrt();
            [x / length, y / length]
        }),
        ("log", [|x, y| x.log(y), |x, y| x.log(&y), |x, _| x.log(2.5)], |x, y| {
            [1.0 / (x * y.ln()), -x.ln() / (y * y.ln() * y.ln())]
        }),
        ("max", [|x, y| x.max(y), |x, y| x.max(&y), |x, _| x.max(2.5)], |x, y| {
            if x > y { [1.0, 0.0] } else { [0.0, 1.0] }
        }),
        ("min", [|x, y| x.min(y), |x, y| x.min(&y), |x, _| x.min(2.5)], |x, y| {
            if x < y { [1.0, 0.0] } else { [0.0, 1.0] }
        }),
    ];
    for (name, [variable, reference, number], partials) in forms {
        for x in [0.3, 1.0, 7.0] {
            // The third form has the number where the first two have `y`.
            let wanted = partials(x, 2.5);
            for form in [variable, reference] {
                let got = gradient(|[x, y]| form(x, y), [x, 2.5]);
                assert!(
                    near(got[0], wanted[0]) && near(got[1], wanted[1]),
                    "{name}({x}): {got:?}, not {wanted:?}"
                );
            }
            let got = gradient(|[x, y]| number(x, y), [x, 0.0]);
            assert!(near(got[0], wanted[0]) && got[1] == 0.0, "{name}({x}, 2.5): {got:?}, not {wanted:?}");
        }
    }
}

#[test]
#[allow(clippy::op_ref, reason = "that references compare is part of the test")]
fn comparisons_look_at_the_values_of_variables_and_numbers() {
    for x in [-1.0, 0.25, 0.5, 2.0, f64::NAN, f64::INFINITY, -0.0] {
        let tape = Tape::new();
        let v = tape.var(x);
        assert_eq!([v < 0.5, v <= 0.5, v > 0.5, v >= 0.5], [x < 0.5, x <= 0.5, x > 0.5, x >= 0.5]);
        assert_eq!([0.5 < v, 0.5 <= v, 0.5 > v, 0.5 >= v], [0.5 < x, 0.5 <= x, 0.5 > x, 0.5 >= x]);
        assert_eq!([v == 2.0, v != 2.0, 2.0 == v, 0.0 != v], [x == 2.0, x != 2.0, 2.0 == x, 0.0 != x]);
        for y in [-1.0, 0.5, f64::NAN, 0.0] {
            let w = tape.var(y);
            assert_eq!([v < w, v <= w, v > w, v >= w], [x < y, x <= y, x > y, x >= y], "{x} and {y}");
            assert_eq!([&v < &w, &v <= &w, &v > &w, &v >= &w], [x < y, x <= y, x > y, x >= y], "{x} and {y}");
            assert_eq!([v == w, v != w], [x == y, x != y], "{x} and {y}");
            assert_eq!(v.partial_cmp(&w), x.partial_cmp(&y));
            assert_eq!((v.partial_cmp(&y), x.partial_cmp(&w)), (x.partial_cmp(&y), x.partial_cmp(&y)));
        }
    }
}

#[test]
fn sums_and_products_work_by_value_by_reference_and_over_a_map() {
    let p = [1.5, -2.0, 4.0];
    let sums: [fn(&[Var]) -> Var; 5] = [
        |p| p.iter().sum::<Var>(),
        |p| p.iter().copied().sum::<Var>(),
        |p| p.iter().sum(),
        |p| p.iter().map(|x| 1.0 * x).sum::<Var>(),
        |p| p.iter().fold(0.0.into(), |sum, x| sum + x),
    ];
    for sum in sums {
        assert_eq!(value_and_gradient(sum, &p), (3.5, vec![1.0; 3]));
    }
    let products: [fn(&[Var]) -> Var; 4] = [
        |p| p.iter().product::<Var>(),
        |p| p.iter().copied().product::<Var>(),
        |p| p.iter().product(),
        |p| p.iter().fold(1.0.into(), |product, x| product * x),
    ];
    for product in products {
        assert_eq!(value_and_gradient(product, &p), (-12.0, vec![-8.0, 6.0, -3.0]));
    }
    // As part of an expression, where the type has to be named.
    assert_eq!(gradient(|p| 2.0 * p.iter().sum::<Var>(), &p), [2.0; 3]);
}

#[test]
fn a_start_decides_the_shape_of_the_closure_and_of_the_gradient() {
    let values = vec![3.0, 4.0];
    let slice: &[f64] = &values;
    let by_slice: Vec<f64> = gradient(|x| x[0] * x[1], slice);
    let by_vec: Vec<f64> = gradient(|x| x[0] * x[1], &values);
    let by_array_reference: Vec<f64> = gradient(|x| x[0] * x[1], &[3.0, 4.0]);
    let by_array: [f64; 2] = gradient(|[x, y]| x * y, [3.0, 4.0]);
    assert_eq!([by_slice, by_vec, by_array_reference, by_array.to_vec()], [const { [4.0, 3.0] }; 4]);
    let by_number: f64 = gradient(|x| x * x, 3.0);
    assert_eq!(by_number, 6.0);
    // Methods resolve inside the closure too, so the argument's type is known before its body is read.
    assert_eq!(gradient(|x| x.iter().map(|x| x.powi(2)).sum(), &values), [6.0, 8.0]);
    assert_eq!(gradient(|x| x.sin() + x.max(0.0), 0.5), 0.5f64.cos() + 1.0);
    assert_eq!(gradient(|[x]| x.exp(), [0.0]), [1.0]);
    assert_eq!(gradient(|x| x.len().max(1) as f64 * x[0], &[5.0]), [1.0]);
}

fn of_slice(x: &[Var]) -> Var {
    x[0] * x[0] * x[1]
}
fn of_array([x, y]: [Var; 2]) -> Var {
    x * x * y
}
fn of_number(x: Var) -> Var {
    x * x * 5.0
}
fn generic_of_slice<R: Real>(x: &[R]) -> R {
    x[0] * x[0] * x[1]
}
fn generic_of_array<R: Real>([x, y]: [R; 2]) -> R {
    x * x * y
}
fn generic_of_number<R: Real>(x: R) -> R {
    x * x * 5.0
}

#[test]
fn named_and_generic_functions_closures_and_references_to_them_are_objectives() {
    let (wanted, at) = ([30.0, 9.0], [3.0, 5.0]);
    let later = |x: &[Var]| x[0] * x[0] * x[1];
    let later_array = |[x, y]: [Var; 2]| x * x * y;
    assert_eq!(gradient(of_slice, &at), wanted);
    assert_eq!(gradient(&of_slice, &at), wanted);
    assert_eq!(gradient(generic_of_slice, &at), wanted);
    assert_eq!(gradient(later, &at), wanted);
    assert_eq!(gradient(&later, &at[..]), wanted);
    assert_eq!(gradient(of_array, at), wanted);
    assert_eq!(gradient(&of_array, at), wanted);
    assert_eq!(gradient(generic_of_array, at), wanted);
    assert_eq!(gradient(later_array, at), wanted);
    assert_eq!(gradient(&later_array, at), wanted);
    assert_eq!(gradient(of_number, 3.0), 30.0);
    assert_eq!(gradient(generic_of_number, 3.0), 30.0);
    assert_eq!(derivative(of_number, 3.0), 30.0);
    assert_eq!(derivative(&generic_of_number, 3.0), 30.0);
    // The generic ones are plain functions as well.
    assert_eq!((generic_of_slice(&at), generic_of_array(at), generic_of_number(3.0)), (45.0, 45.0, 45.0));
    let function: &dyn Fn(&[Var]) -> Var = &later;
    assert_eq!(gradient(function, &at), wanted);
    assert_eq!(gradient(Box::new(later), &at), wanted);
}

#[test]
fn a_closure_may_count_its_calls() {
    let mut calls = 0;
    let mut counted = |[x, y]: [Var; 2]| {
        calls += 1;
        x * y
    };
    assert_eq!(gradient(&mut counted, [2.0, 3.0]), [3.0, 2.0]);
    assert_eq!(value(&mut counted, [2.0, 3.0]), 6.0);
    assert_eq!(directional(&mut counted, [2.0, 3.0], &[1.0, 1.0]), 5.0);
    // One evaluation each: a gradient does not cost `n` of them.
    assert_eq!(calls, 3);
    let mut last = 0.0;
    let slope = derivative(
        |x| {
            last = x.value();
            x * x
        },
        4.0,
    );
    assert_eq!((slope, last), (8.0, 4.0));
}

#[test]
fn the_verbs_agree_with_one_another_for_every_start() {
    let (f, at, d) = (of_array, [3.0, 5.0], [0.5, -2.0]);
    let vector = at.to_vec();
    let wanted = (45.0, [30.0, 9.0]);
    assert_eq!(
        [value(f, at), value(of_slice, &at), value(of_slice, &vector), value(of_slice, &at[..])],
        [wanted.0; 4]
    );
    assert_eq!(value_and_gradient(f, at), wanted);
    assert_eq!(value_and_gradient(of_slice, &vector), (wanted.0, wanted.1.to_vec()));
    // What was in the buffer is overwritten, not added to.
    let mut g = [f64::NAN; 2];
    assert_eq!((value_and_gradient_into(f, at, &mut g), g), wanted);
    assert_eq!((value_and_gradient_into(of_slice, &at, &mut g), g), wanted);
    assert_eq!((value_and_gradient_into(|_| 7.0.into(), at, &mut g), g), (7.0, [0.0; 2]));
    let mut slope = [0.0];
    assert_eq!((value_and_gradient_into(of_number, 3.0, &mut slope), slope), (45.0, [30.0]));
    assert_eq!(directional(f, at, &d), 30.0 * 0.5 - 9.0 * 2.0);
    assert_eq!(directional(of_slice, &vector, &d[..]), directional(f, at, &d));
    assert_eq!(directional(of_number, 3.0, &[2.0]), 60.0);
}

#[test]
fn a_direction_is_not_normalised() {
    let at = [3.0, 5.0];
    let once = directional(of_array, at, &[3.0, 4.0]);
    assert_eq!(once, 30.0 * 3.0 + 9.0 * 4.0);
    for factor in [0.0, -1.0, 2.0, 0.25] {
        // Powers of two scale without rounding.
        assert_eq!(directional(of_array, at, &[3.0 * factor, 4.0 * factor]), factor * once);
    }
}

#[test]
fn a_function_without_variables_has_an_empty_gradient() {
    let nothing: [f64; 0] = [];
    assert_eq!(value_and_gradient(|x| 3.0 + x.iter().sum::<Var>(), &nothing), (3.0, vec![]));
    assert_eq!(value_and_gradient(|[]| 3.0.into(), nothing), (3.0, []));
    let check = check_gradient(|_| 3.0.into(), &nothing);
    assert_eq!((check.worst(), check.agrees()), (None, true));
}

#[test]
fn a_check_agrees_where_the_gradient_is_right_and_names_the_component_where_it_is_not() {
    let right = check_gradient(|[x, y]| (x * y).sin() + y.exp(), [0.5, 1.5]);
    assert!(right.agrees() && right.agrees_to(1e-10), "{right}");
    assert!(right.to_string().contains("agrees"), "{right}");
    // A lost term in one component after the other.
    for lost in 0..3 {
        let wrong = |x: &[Var]| {
            let x: Vec<Var> =
                x.iter().enumerate().map(|(i, &x)| if i == lost { x.detach() } else { x }).collect();
            x[0] * x[1] + x[1] * x[2] + x[2] * x[0]
        };
        let check = check_gradient(wrong, &[1.0, 2.0, 4.0]);
        let (worst, error) = check.worst().expect("three components");
        assert!(!check.agrees() && worst == lost && error > 0.1, "{check}");
        let sentence = check.to_string();
        assert!(sentence.contains("differs") && sentence.contains(&format!("number {lost}")), "{sentence}");
        assert!(!sentence.contains('\n') && sentence.len() < 240, "one readable sentence: {sentence}");
    }
}

#[test]
fn a_check_sees_a_lost_derivative_beside_a_large_value() {
    // The stencil is off by about 1e-13 of the value here, 1e-7: a derivative of 0 in place of 1 is not within its error.
    for offset in [1e3, 1e6, 1e9] {
        let check = check_gradient(|[x, y]| x.detach() + y + offset, [1.0, 2.0]);
        assert!(!check.agrees(), "beside {offset:e}: {check}");
    }
}
