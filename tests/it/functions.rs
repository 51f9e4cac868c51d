//! Every row × (value, first, second and third derivatives) against 40-digit references; the edges are in `edges.rs`.
//!
//! `tests/reference/functions.py` says what the table holds. Third derivatives come forward, from dual numbers nested three
//! deep, and in reverse, as gradients of second ones. A value may be off by 4 ulp, a derivative by 1e-13 of its size;
//! where it is the sum of larger terms, of the size of those. `cargo test --test it functions:: -- --nocapture` prints the
//! largest errors of each function.

use downhill::dual::Dual;
use downhill::prelude::*;
use downhill::real::{Binary, Ternary, Unary};

use crate::by_row::Rows;
use serde_json::Value;

type Third = Dual<Dual<Dual<f64>>>;

/// Of values, in units in the last place.
const ULPS: f64 = 4.0;

/// Of derivatives, relative.
const DERIVATIVE: f64 = 1e-13;

/// Fewer points are no test of a function.
const POINTS: usize = 60;

/// One line of the table: what is `None` is not asked for.
struct Reference {
    at: Vec<f64>,
    wanted: Vec<Option<f64>>,
    scales: Vec<f64>,
}

fn number(x: &Value) -> Option<f64> {
    x.as_str().map(|text| text.parse().expect("the table holds numbers"))
}

/// The lines of one function of `arity` arguments with `quantities` reference values each.
fn references(table: &Value, arity: usize, quantities: usize, name: &str) -> Vec<Reference> {
    let lines = table[name].as_array().map(Vec::as_slice).unwrap_or_default();
    assert!(lines.len() >= POINTS, "{name} has {} reference points, fewer than {POINTS}", lines.len());
    let read = |line: &Value| {
        let line = line.as_array().unwrap();
        let (at, rest) = line.split_at(arity);
        let scale = |k| rest.get(quantities).and_then(|s| number(&s[k])).unwrap_or(0.0);
        Reference {
            at: at.iter().map(|x| number(x).unwrap()).collect(),
            wanted: (0..quantities).map(|k| rest.get(k).and_then(number)).collect(),
            scales: (0..quantities).map(scale).collect(),
        }
    };
    lines.iter().map(read).collect()
}

fn table() -> Value {
    serde_json::from_str(include_str!("../reference/functions.json")).unwrap()
}

/// The name with the parameter, as in the table: `powi(-2)`.
fn key(op: impl std::fmt::Debug, name: &str) -> String {
    let debug = format!("{op:?}");
    format!("{name}{}", debug.find('(').map_or("", |k| &debug[k..]))
}

/// The error in units of what is allowed; above 1 it is too large.
fn excess(got: f64, wanted: f64, scale: f64, value: bool) -> f64 {
    if got == wanted || (got.is_nan() && wanted.is_nan()) {
        return 0.0;
    }
    let size = wanted.abs().max(scale);
    let ulp = f64::from_bits(size.to_bits() + 1) - size;
    // Below the normal numbers there are fewer digits.
    let allowed = if value { ULPS * ulp } else { (DERIVATIVE * size).max(1e-300) };
    let error = (got - wanted).abs() / allowed;
    if error.is_nan() { f64::INFINITY } else { error }
}

/// The largest errors of one function, and what was wrong with it.
#[derive(Default)]
struct Report {
    largest: [f64; 4],
    wrong: Vec<String>,
}

impl Report {
    fn compare(&mut self, what: &str, order: usize, got: f64, (wanted, scale): (f64, f64)) {
        let excess = excess(got, wanted, scale, order == 0);
        self.largest[order] = self.largest[order].max(excess);
        if excess > 1.0 {
            self.wrong.push(format!("{what}: {got:e}, not {wanted:e}, {excess:.3} times what is allowed"));
        }
    }

    fn print(&self, name: &str) {
        let [value, first, second, third] = self.largest;
        let [first, second, third] = [first, second, third].map(|e| e * DERIVATIVE);
        println!("{name:20} {:5.1} ulp  {first:7.0e}  {second:7.0e}  {third:7.0e}", value * ULPS);
    }
}

fn finish(reports: Vec<Report>) {
    let wrong: Vec<String> = reports.into_iter().flat_map(|r| r.wrong).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A variable of the second order: each level of the nesting is seeded if it differentiates by this argument.
fn seeded_twice<R: Real>(x: R, argument: usize, directions: &[usize]) -> Dual<Dual<R>> {
    let seed = |level: usize| R::from(f64::from(u8::from(directions.get(level) == Some(&argument))));
    Dual::new(Dual::new(x, seed(0)), Dual::constant(seed(1)))
}

/// The same of the third order.
fn seeded(x: f64, argument: usize, directions: &[usize]) -> Third {
    let seed = f64::from(u8::from(directions.get(2) == Some(&argument)));
    Dual::new(seeded_twice(x, argument, directions), Dual::constant(Dual::constant(seed)))
}

/// The partial in `directions`, of which there are at most three.
fn partial(y: Third, directions: &[usize]) -> f64 {
    match directions.len() {
        1 => y.value.value.tangent,
        2 => y.value.tangent.tangent,
        _ => y.tangent.tangent.tangent,
    }
}

fn unary_report(op: Unary, references: &[Reference]) -> Report {
    let mut report = Report::default();
    for Reference { at, wanted, scales } in references {
        let x = at[0];
        let y = seeded(x, 0, &[0; 3]).row(op);
        let once = Dual::variable(x).row(op);
        let second = Dual::variable(Dual::variable(x)).row(op).tangent.tangent;
        let tape = value_and_gradient(|[x]: [Var; 1]| x.row(op), [x]);
        let got: [(usize, &str, f64); 9] = [
            (0, "f64", op.value(x)),
            (0, "dual", once.value),
            (0, "tape", tape.0),
            (1, "dual", once.tangent),
            (1, "tape", tape.1[0]),
            (1, "verb", derivative(|x: Var| x.row(op), x)),
            (2, "nested dual", second),
            (3, "threefold dual", y.tangent.tangent.tangent),
            (3, "tape of duals", derivative(|x: Var| seeded_twice(x, 0, &[0; 2]).row(op).tangent.tangent, x)),
        ];
        for (order, engine, got) in got {
            if let Some(wanted) = wanted[order] {
                let what = format!("derivative {order} of {op:?} at {x:e} by {engine}");
                report.compare(&what, order, got, (wanted, scales[order]));
            }
        }
    }
    report
}

#[test]
fn functions_of_one_argument_have_their_values_and_three_derivatives() {
    let table = table();
    let report = |op: Unary| {
        let name = key(op, op.name());
        let report = unary_report(op, &references(&table["unary"], 1, 4, &name));
        report.print(&name);
        report
    };
    finish(Unary::all().into_iter().map(report).collect());
}

/// The directions whose tangents are the partials of the first to the third order: x y xx xy yy xxx xxy xyy yyy for two
/// arguments.
fn directions(arguments: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..3 {
        let upto = all.len();
        for k in from..upto {
            let least = all[k].last().copied().unwrap_or(0);
            let longer = |next| all[k].iter().copied().chain([next]).collect();
            let next: Vec<Vec<usize>> = (least..arguments).map(longer).collect();
            all.extend(next);
        }
        from = upto;
    }
    all.split_off(1)
}

/// Compares all partials of a function of `N` arguments, whose values of every engine are `f(arguments)`.
fn partials_report<const N: usize>(
    name: &str,
    references: &[Reference],
    forward: impl Fn([Third; N]) -> Third,
    reverse: impl Fn([Var; N]) -> Var,
    mixed: impl Fn([Dual<Dual<Var>>; N]) -> Dual<Dual<Var>>,
) -> Report {
    let mut report = Report::default();
    let directions = directions(N);
    for Reference { at, wanted, scales } in references {
        let at: [f64; N] = at.as_slice().try_into().unwrap();
        let tape = value_and_gradient(&reverse, at);
        let mut got = vec![(0, "tape", tape.0)];
        for (k, along) in directions.iter().enumerate() {
            let seeds = std::array::from_fn(|i| seeded(at[i], i, along));
            got.push((k + 1, "dual", partial(forward(seeds), along)));
            if let [one] = along[..] {
                got.push((k + 1, "tape", tape.1[one]));
            }
            if let [first, second, third] = along[..] {
                let slope = |x: [Var; N]| {
                    mixed(std::array::from_fn(|i| seeded_twice(x[i], i, &[first, second]))).tangent.tangent
                };
                got.push((k + 1, "tape of duals", value_and_gradient(slope, at).1[third]));
            }
        }
        for (k, engine, got) in got {
            let along = k.checked_sub(1).map_or(&[][..], |k| &directions[k]);
            if let Some(wanted) = wanted[k] {
                let what = format!("derivative {along:?} of {name} at {at:?} by {engine}");
                report.compare(&what, along.len(), got, (wanted, scales[k]));
            }
        }
    }
    report.print(name);
    report
}

#[test]
fn functions_of_two_arguments_have_their_values_and_partials_of_three_orders() {
    let table = table();
    let report = |&op: &Binary| {
        let name = key(op, op.name());
        let references = references(&table["binary"], 2, 10, &name);
        for Reference { at, wanted, scales } in &references {
            let allowed = excess(op.value(at[0], at[1]), wanted[0].unwrap(), scales[0], true);
            assert!(allowed <= 1.0, "{name} at {at:?} by f64");
        }
        partials_report(
            &name,
            &references,
            |[x, y]| x.row_with(op, y),
            |[x, y]| x.row_with(op, y),
            |[x, y]| x.row_with(op, y),
        )
    };
    finish(Binary::ALL.iter().map(report).collect());
}

#[test]
fn functions_of_three_arguments_have_their_values_and_partials_of_three_orders() {
    let table = table();
    let report = |&op: &Ternary| {
        partials_report(
            op.name(),
            &references(&table["ternary"], 3, 20, op.name()),
            |[x, a, b]| x.row_with_two(op, a, b),
            |[x, a, b]| x.row_with_two(op, a, b),
            |[x, a, b]| x.row_with_two(op, a, b),
        )
    };
    finish(Ternary::ALL.iter().map(report).collect());
}

#[test]
fn functions_of_high_order_keep_their_digits() {
    // By mpmath in 60 digits. The powers that ψ⁽¹⁵⁰⁾ is a sum of underflow; J₁₀₀ beside its turning point.
    let cases = [
        (Unary::Polygamma(150), 152.75, -1.512_446_140_689_641_3e-67),
        (Unary::BesselJn(200), 170.5, 4.042_774_683_256_741_5e-7),
        (Unary::BesselJn(100), 99.5, 0.086_942_749_304_561_51),
        (Unary::BesselIn(200), 619.25, 1.670_875_004_783_428_7e253),
        (Unary::SphericalJn(50), 40.25, 0.000_113_927_476_384_804_52),
        (Unary::Ierfcx(50), 1.5, 4.707_093_885_554_988e-47),
    ];
    for (op, x, wanted) in cases {
        let y = op.value(x);
        assert!(excess(y, wanted, 0.0, true) <= 1.0, "{op:?} at {x}: {y:e}, not {wanted:e}");
    }
}

#[test]
fn a_function_without_references_and_an_error_of_a_few_ulp_are_caught() {
    let missing = std::panic::catch_unwind(|| references(&table()["unary"], 1, 4, "no such function").len());
    assert!(missing.is_err());
    let x = 0.7_f64.exp();
    let off = |ulps: u64| f64::from_bits(x.to_bits() + ulps);
    assert!(excess(off(4), x, 0.0, true) <= 1.0 && excess(off(5), x, 0.0, true) > 1.0);
    assert!(excess(x * (1.0 + 2e-13), x, 0.0, false) > 1.0);
    assert!(excess(f64::NAN, x, 0.0, false) > 1.0 && excess(x, f64::NAN, 0.0, true) > 1.0);
}
