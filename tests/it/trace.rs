//! Looking at a recording: its formulas, its picture, and where a number that is not finite came from.

use std::panic::Location;

use downhill::prelude::*;
use downhill::tape::Origin;
use num_traits::Float;

use crate::misuse::assert_mistake;

/// The line of the trouble, in this file, and the sentence without the place.
#[track_caller]
fn found(trouble: Option<NonFinite>) -> (u32, String) {
    let trouble = trouble.expect("something is not finite");
    let Origin { location, .. } = trouble.origin().expect("a traced recording").clone();
    assert_eq!(location.file(), Location::caller().file(), "{trouble}");
    (location.line(), trouble.to_string().replace(&location.to_string(), "here"))
}

#[test]
fn a_value_that_is_not_finite_is_reported_with_its_line() {
    let f = |x: &[Var]| {
        let difference = x[3] - x[2];
        let (line, root) = (line!(), difference.sqrt());
        assert!(line > 0);
        root * x[0] + x[1]
    };
    assert!(find_non_finite(f, &[1.0, 2.0, 3.0, 4.0]).is_none());
    assert!(gradient(f, &[1.0, 2.0, 4.0, 3.0])[2].is_nan());
    let (line, sentence) = found(find_non_finite(f, &[1.0, 2.0, 4.0, 3.0]));
    assert_eq!(sentence, "the value of v5 = sqrt(x3 - x2) at here is NaN: x3 - x2 = -1");
    assert_eq!(line, line!() - 8);
}

#[test]
fn an_adjoint_that_is_not_finite_is_reported_with_its_line() {
    let f = |x: &[Var]| {
        let y = x[0] * 2.0;
        y + (x[3] - x[2]).sqrt() * x[1] // here
    };
    let (line, sentence) = found(find_non_finite(f, &[1.0, 5.0, 3.0, 3.0]));
    assert_eq!(
        sentence,
        "the adjoint of x3 - x2, passed back by v6 = sqrt(x3 - x2) at here, is inf: value 0, adjoint 5, slope inf; \
         x3 - x2 = 0"
    );
    assert_eq!(line, line!() - 8);
    // Of two the first in the order of the sweep.
    let (_, sentence) = found(find_non_finite(|[x, y]: [Var; 2]| x.sqrt() + y.sqrt(), [0.0, 0.0]));
    assert!(
        sentence.starts_with("the adjoint of x1, passed back by v3 = sqrt(x1) at here, is inf"),
        "{sentence}"
    );
    // Overflow on the way back: each slope is finite.
    let f = |x: Var| ((x * 1e-200).sin() * 1e200).powi(3) * 1e-200 * x;
    assert!(find_non_finite(f, 1.0).is_none());
    let f = |x: Var| (x * 1e200).atan() * 1e-200 + x.sin() * 1e-300 * 1e200;
    assert!(find_non_finite(f, 1e-200).is_none());
    let (_, sentence) = found(find_non_finite(|x: Var| (x * 1e-180 * 1e300).sin() * 1e300, 0.0));
    assert_eq!(
        sentence,
        "the adjoint of x0 * 1e-180, passed back by v2 = (x0 * 1e-180) * 1e300 at here, is inf: value 0, adjoint 1e300, \
         slope 1e300; x0 * 1e-180 = 0"
    );
}

/// The line of each form.
#[test]
#[allow(clippy::op_ref, reason = "a form of the operator")]
fn the_line_is_the_users_through_operators_methods_and_generic_code() {
    fn generic<T: Float>(x: T) -> (u32, T) {
        (line!(), x.ln())
    }
    fn real<R: Real>(x: R) -> (u32, R) {
        (line!(), x.ln())
    }
    type Form = fn(Var) -> (u32, Var);
    let zero = 0.0;
    assert_eq!(zero, 0.0);
    let forms: [(&str, Form); 14] = [
        ("method", |x| (line!(), x.ln())),
        ("operator with a number", |x| (line!(), 1.0 / x)),
        ("on the other side", |x| (line!(), (x + 1.0) / 0.0)),
        ("operator", |x| (line!(), (x + 1.0) / x)),
        ("by reference", |x| (line!(), &(x + 1.0) / &x)),
        ("assigning", |x| {
            let mut y = x + 1.0;
            let line = line!() + 1;
            y /= x;
            (line, y)
        }),
        ("assigning a number", |x| {
            let mut y = x + 1.0;
            let line = line!() + 1;
            y /= 0.0;
            (line, y)
        }),
        ("powf", |x| (line!(), x.powf(-0.5))),
        ("of a trait", |x| (line!(), Float::recip(x))),
        ("generic over Float", generic),
        ("generic over Real", real),
        ("log_sum_exp", |x| (line!(), log_sum_exp(&[x + f64::INFINITY, x]))),
        ("norm", |x| (line!(), norm(&[1.0 / x, x]))),
        ("custom", |x| (line!(), custom("table", [x], f64::NAN, [1.0]))),
    ];
    for (name, form) in forms {
        let tape = Tape::traced();
        let (line, y) = form(tape.var(0.0));
        let (reported, sentence) = found(y.backward().non_finite());
        assert_eq!(reported, line, "{name}: {sentence}");
    }
}

#[test]
fn a_sum_within_the_standard_library_has_the_line_before() {
    let f = |x: &[Var]| {
        let terms = x.iter().map(|x| x * 1e308); // here
        terms.sum::<Var>() * 2.0
    };
    let (line, sentence) = found(find_non_finite(f, &[1.0, 1.0, 1.0]));
    assert!(sentence.contains(" at here is inf: "), "{sentence}");
    assert_eq!(line, line!() - 5);
}

#[test]
fn what_does_not_lead_to_the_result_is_not_reported() {
    let aside = |x: Var| {
        let _ = x.ln();
        let masked = (x - 1.0).sqrt().max(x); // of a NaN and a number the number
        let least = [x, x + 1.0].iter().fold(Var::from(f64::INFINITY), |least, x| least.min(*x));
        masked + least
    };
    assert_eq!(find_non_finite(aside, 0.0).is_none(), derivative(aside, 0.0).is_finite());
    assert!(find_non_finite(aside, 2.0).is_none());
    let simple = |x: Var| [x, x + 1.0].iter().fold(Var::from(f64::INFINITY), |least, x| least.min(*x));
    assert!(find_non_finite(simple, 0.0).is_none());
    assert!(find_non_finite(|_: Var| Var::from(f64::NAN), 0.0).is_none(), "a constant has no origin");
    let (_, sentence) = found(find_non_finite(|x: Var| x * f64::INFINITY, 2.0));
    assert_eq!(sentence, "the value of v1 = x0 * inf at here is inf: x0 = 2");
    let (_, sentence) = found(find_non_finite(|[x, y]: [Var; 2]| x * y, [1.0, f64::NAN]));
    assert_eq!(sentence, "the value of x1 at here is NaN");
}

/// The gradient on a traced tape is finite where that on any other is.
#[test]
fn a_zero_times_an_infinite_slope_is_found_as_the_tape_makes_it() {
    let folded: [fn(Var, Var) -> Var; 5] = [
        |x, _| x.sqrt() * 0.0,
        |x, y| x.sqrt().max(y),
        |x, y| (x * y).sqrt() * 0.0 + y,
        |x, _| (x.sqrt() - x.sqrt()) * 2.0,
        |x, y| (x.sqrt() * y).max(1.0) * y.powi(2),
    ];
    let mut troubles = 0;
    for (i, f) in folded.into_iter().enumerate() {
        let plain = gradient(|[x, y]| f(x, y), [0.0, 1.0]);
        let trouble = find_non_finite(|[x, y]: [Var; 2]| f(x, y), [0.0, 1.0]);
        let finite = plain.iter().all(|partial| partial.is_finite());
        assert_eq!(trouble.is_none(), finite, "function {i}: {plain:?}, {trouble:?}");
        troubles += usize::from(!finite);
        let tape = Tape::traced();
        let [x, y] = tape.vars([0.0, 1.0]);
        let traced = f(x, y).backward().wrt_array([x, y]);
        for (got, wanted) in traced.iter().zip(plain) {
            assert!(*got == wanted || got.is_nan() && wanted.is_nan(), "function {i}: {traced:?}, {plain:?}");
        }
    }
    assert!((1..5).contains(&troubles), "{troubles} of five");
}

#[test]
fn a_traced_tape_computes_what_any_other_does() {
    let tape = Tape::traced();
    let [x, y] = tape.vars([3.0, 2.0]);
    let u = (x * y).watch();
    let v = tape.var(0.5);
    let w = dot(&[u, v], &[x, y]) + norm(&[x, v]) + custom("table", [u, v], 1.5, [0.25, 4.0]) + x.min(2.5);
    let z: Var = external("double", &[w, v], 2.0 * w.value(), |adjoint, to| to[0] += 2.0 * adjoint[0]);
    let traced = z.backward();
    let other = Tape::new();
    let [a, b] = other.vars([3.0, 2.0]);
    let s = (a * b).watch();
    let c = other.var(0.5);
    let r = dot(&[s, c], &[a, b]) + norm(&[a, c]) + custom("table", [s, c], 1.5, [0.25, 4.0]) + a.min(2.5);
    let plain = (r * 2.0).backward();
    assert_eq!(z.value(), 2.0 * r.value());
    for (got, wanted) in [(x, a), (y, b), (u, s), (v, c)] {
        assert!((traced.wrt(got) - plain.wrt(wanted)).abs() < 1e-14);
    }
    assert!(traced.non_finite().is_none() && plain.non_finite().is_none());
    assert!(tape.bytes() > 32 * 8);
    // Within a recording of operations, too: a gradient by hand is a number there.
    let h = hessian(|x: Var| x * (x * x).backward().wrt(x) + x * x, 3.0);
    assert_eq!(h[[0, 0]], 2.0);
}

#[test]
fn an_ordinary_tape_tells_which_partial_it_is() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 0.0]);
    let trouble = (x + y.sqrt()).backward().non_finite().expect("an infinite partial");
    assert!(trouble.origin().is_none());
    assert!(
        trouble.to_string().starts_with("the partial by variable 1 is inf; record it on `Tape::traced()`")
    );
    assert_eq!(tape.to_string(), "3 nodes, of which slopes are known; `Tape::traced` keeps formulas");
    assert_mistake(line!(), "make it by `Tape::traced()`", || tape.dot());
    let gradients = (x * y).backward();
    let traced = Tape::traced();
    let z = traced.var(1.0) * 2.0;
    assert_mistake(line!(), "another recording", || traced.dot_with(&gradients));
    assert!(traced.dot_with(&z.backward()).contains("adjoint 2"));
}

#[test]
fn formulas_read_as_they_were_written() {
    let tape = Tape::traced();
    let [x, y] = tape.vars([3.0, 2.0]);
    let _ = -(x * y - 1.0);
    let _ = (2.0 / x).powi(3);
    let late = tape.var(7.0);
    let _ = x.mul_add(y, late).clamp(-1.0, 1.0) % y;
    let _ = custom("lookup", [x, 5.0.into(), late], 0.5, [1.0, 2.0, 3.0]).atan2(y);
    let lines = "x0 = 3\nx1 = 2\nv2 = x0 * x1 = 6\nv3 = v2 - 1 = 5\nv4 = -v3 = -5\nv5 = 2 / x0 = 0.6666666666666666\n\
                 v6 = powi(v5, 3) = 0.2962962962962963\nx2 = 7\nv8 = mul_add(x0, x1, x2) = 13\n\
                 v9 = clamp(v8, -1, 1) = 1\nv10 = v9 % x1 = 1\nv11 = lookup(x0, x2) = 0.5\n\
                 v12 = atan2(v11, x1) = 0.24497866312686414\n";
    assert_eq!(tape.to_string(), lines);
    let several = Expansion::of(|x: Var| [x * 2.0, Var::from(4.0), x], 3.0);
    assert_eq!(several.to_string(), "x0 = 3\nv1 = x0 * 2 = 6\nresult 0 = v1\nresult 1 = 4\nresult 2 = x0\n");
}

/// What Graphviz would read: statements, boxes that are declared once, arrows between boxes that are there.
#[test]
fn a_picture_is_well_formed() {
    let tape = Tape::traced();
    let x = tape.vars(&[3.0, 2.0, 0.5]);
    let y = custom("an \"odd\\ name", &x, 1.0, [1.0, 2.0, 3.0]) * x[1] + 4.0 * x[0] * x[0];
    let text = tape.dot_with(&y.backward());
    let body =
        text.strip_prefix("digraph recording {\n").and_then(|text| text.strip_suffix("}\n")).expect("braces");
    let (mut boxes, mut arrows) = (Vec::new(), 0);
    for line in body.lines() {
        let statement =
            line.strip_prefix("    ").and_then(|line| line.strip_suffix(';')).expect("a statement");
        let unescaped = statement.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(unescaped.matches('"').count() % 2, 0, "{statement}");
        if let Some((from, to)) = statement.split_once(" -> ") {
            assert!(boxes.contains(&from.to_owned()) && boxes.contains(&to.to_owned()), "{statement}");
            arrows += 1;
        } else if let Some((name, rest)) = statement.split_once(" [label=") {
            assert!(rest.ends_with(']') && rest.contains("\\nadjoint "), "{statement}");
            assert!(!boxes.contains(&name.to_owned()), "{name} twice");
            boxes.push(name.to_owned());
        }
    }
    assert_eq!((boxes.len(), arrows), (8, 3 + 2 + 1 + 2 + 2), "{text}");
    assert_eq!(tape.dot().matches("adjoint").count(), 0);
}
