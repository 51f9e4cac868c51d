//! Every row at 0, −0, ±∞, NaN, the subnormal and the largest numbers, and at its branch points: values and slopes alike by
//! `f64`, dual numbers, nested ones and the tape.
//!
//! `tests/reference/edges.json` holds the conventions, each line once looked at: `[argument, value, slope]` of functions of
//! one argument, `[x, y, value, ∂x, ∂y]` of two and so on. What they mean is said in the rows' documentation.

use downhill::dual::{Dual, Duals};
use downhill::prelude::*;
use downhill::real::{Binary, Ternary, Unary};

use crate::by_row::Rows;
use serde_json::Value;

/// Every row has at least these.
const EDGES: [f64; 9] =
    [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, -5e-324, f64::MAX, -f64::MAX];

fn table(kind: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../reference/edges.json")).unwrap();
    all[kind].clone()
}

/// The name with the parameter, as in the table: `powi(-2)`.
fn key(op: impl std::fmt::Debug, name: &str) -> String {
    let debug = format!("{op:?}");
    format!("{name}{}", debug.find('(').map_or("", |k| &debug[k..]))
}

/// The lines of one function of `N` arguments: where, the value, the slopes.
fn lines<const N: usize>(table: &Value, name: &str) -> Vec<([f64; N], f64, [f64; N])> {
    let numbers = |line: &Value| -> Vec<f64> {
        line.as_array().unwrap().iter().map(|x| x.as_str().unwrap().parse().unwrap()).collect()
    };
    let lines = table[name].as_array().unwrap_or_else(|| panic!("{name} has no edges"));
    let split = |line: Vec<f64>| (line[..N].try_into().unwrap(), line[N], line[N + 1..].try_into().unwrap());
    lines.iter().map(|line| split(numbers(line))).collect()
}

/// Equal or both NaN; what is neither 0 nor infinite may be off by what other platforms' elementary functions are.
fn agree(got: f64, wanted: f64) -> bool {
    let near = wanted.is_finite() && wanted != 0.0 && (got - wanted).abs() <= 1e-13 * wanted.abs();
    got == wanted || near || (got.is_nan() && wanted.is_nan())
}

/// Value and slopes by every engine. Of the nested numbers both levels must say the same.
fn engines<const N: usize>(
    at: [f64; N],
    dual: impl Fn([Dual; N]) -> Dual,
    nested: impl Fn([Dual<Dual>; N]) -> Dual<Dual>,
    several: impl Fn([Duals<N>; N]) -> Duals<N>,
    tape: impl Fn([Var; N]) -> Var,
) -> Vec<(&'static str, f64, [f64; N])> {
    let one =
        |i: usize| -> Dual { dual(std::array::from_fn(|j| Dual::new(at[j], f64::from(u8::from(i == j))))) };
    let two = |i: usize| -> Dual<Dual> {
        nested(std::array::from_fn(|j| {
            if i == j { Dual::variable(Dual::variable(at[j])) } else { Dual::constant(Dual::constant(at[j])) }
        }))
    };
    let all = several(Duals::variables(at));
    let (value, gradient) = value_and_gradient(tape, at);
    vec![
        ("dual", one(0).value, std::array::from_fn(|i| one(i).tangent)),
        ("nested dual", two(0).value.value, std::array::from_fn(|i| two(i).value.tangent)),
        ("outer dual", two(0).value.value, std::array::from_fn(|i| two(i).tangent.value)),
        ("duals", all.value, all.tangents),
        ("tape", value, gradient),
    ]
}

/// What differs from the wanted value and slopes.
fn faults<const N: usize>(
    name: &str,
    at: [f64; N],
    by: Vec<(&str, f64, [f64; N])>,
    (value, slopes): (f64, [f64; N]),
) -> Vec<String> {
    let mut faults = Vec::new();
    for (engine, got, got_slopes) in by {
        let right =
            agree(got, value) && got_slopes.iter().zip(slopes).all(|(&got, wanted)| agree(got, wanted));
        if !right {
            faults.push(format!(
                "{name} at {at:?} by {engine}: {got:?} {got_slopes:?}, not {value:?} {slopes:?}"
            ));
        }
    }
    faults
}

fn unary_engines(op: Unary, at: [f64; 1]) -> Vec<(&'static str, f64, [f64; 1])> {
    let by = engines(at, |[x]| x.row(op), |[x]| x.row(op), |[x]| x.row(op), |[x]| x.row(op));
    // A plain number has no slope of its own; the rule is asked for it.
    let value = op.value(at[0]);
    by.into_iter().chain([("f64", value, [op.slope(at[0], value)])]).collect()
}

fn binary_engines(op: Binary, at: [f64; 2]) -> Vec<(&'static str, f64, [f64; 2])> {
    let by = engines(
        at,
        |[x, y]| x.row_with(op, y),
        |[x, y]| x.row_with(op, y),
        |[x, y]| x.row_with(op, y),
        |[x, y]| x.row_with(op, y),
    );
    let value = op.value(at[0], at[1]);
    by.into_iter().chain([("f64", value, op.slopes(at[0], at[1], value).into())]).collect()
}

fn finish(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} wrong:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn functions_of_one_argument_keep_their_conventions_at_the_edges_in_every_engine() {
    let (table, mut wrong) = (table("unary"), Vec::new());
    for op in Unary::all() {
        let name = key(op, op.name());
        let lines = lines::<1>(&table, &name);
        for edge in EDGES {
            let bits = |x: f64| if x.is_nan() { 0 } else { x.to_bits() };
            let there = lines.iter().any(|([x], ..)| bits(*x) == bits(edge) && x.is_nan() == edge.is_nan());
            assert!(there, "{name} has no line for {edge:?}");
        }
        for (at, value, slopes) in lines {
            wrong.extend(faults(&name, at, unary_engines(op, at), (value, slopes)));
        }
    }
    finish(wrong);
}

#[test]
fn functions_of_two_arguments_keep_their_conventions_at_the_edges_in_every_engine() {
    let (table, mut wrong) = (table("binary"), Vec::new());
    for &op in Binary::ALL {
        let name = key(op, op.name());
        for (at, value, slopes) in lines::<2>(&table, &name) {
            wrong.extend(faults(&name, at, binary_engines(op, at), (value, slopes)));
        }
    }
    finish(wrong);
}

#[test]
fn functions_of_two_arguments_agree_at_all_pairs_of_edges_in_every_engine() {
    let edges: Vec<f64> = EDGES.into_iter().chain([1.0, -1.0, 2.5]).collect();
    let mut wrong = Vec::new();
    for &op in Binary::ALL {
        for (x, y) in edges.iter().flat_map(|&x| edges.iter().map(move |&y| (x, y))) {
            let by = binary_engines(op, [x, y]);
            let (_, value, slopes) = by[0];
            wrong.extend(faults(op.name(), [x, y], by, (value, slopes)));
        }
    }
    finish(wrong);
}

#[test]
fn functions_of_three_arguments_keep_their_conventions_at_the_edges_in_every_engine() {
    let (table, mut wrong) = (table("ternary"), Vec::new());
    for &op in Ternary::ALL {
        for (at, value, slopes) in lines::<3>(&table, op.name()) {
            let by = engines(
                at,
                |[x, a, b]| x.row_with_two(op, a, b),
                |[x, a, b]| x.row_with_two(op, a, b),
                |[x, a, b]| x.row_with_two(op, a, b),
                |[x, a, b]| x.row_with_two(op, a, b),
            );
            wrong.extend(faults(op.name(), at, by, (value, slopes)));
        }
    }
    finish(wrong);
}
