//! What the verbs say they cost, held to counts: calls of the function, and numbers computed for each operation of it.

use std::cell::Cell;

use super::*;
use crate::dual::{Duals, Series};
use crate::graph::tally;
use crate::tape::{Tape, Var};

/// What a verb is given.
type Function<'a> = &'a dyn Fn(&[Var]) -> Var;

/// A call of a verb.
type Verb<'a> = &'a dyn Fn(Function, &[f64]);

/// Calls of the function, and numbers computed forward and back for each operation.
#[derive(Debug, PartialEq)]
struct Cost {
    calls: usize,
    forward: f64,
    back: f64,
}

/// Those of `f`, constants among them: a sweep with one tangent computes two numbers for each.
fn operations(f: impl Fn(&[Var]) -> Var, x: &[f64]) -> usize {
    tally::take();
    Expansion::of(f, x).jvp(x);
    tally::take()[0] / 2
}

/// Of `verb`, which is given a chain of `n` variables that counts its calls.
fn cost(n: usize, f: fn(&[Var]) -> Var, verb: impl FnOnce(Function, &[f64])) -> Cost {
    let x: Vec<f64> = (0..n).map(|i| 0.3 + 0.05 * (i as f64).sin()).collect();
    let operations = operations(f, &x) as f64;
    let calls = Cell::new(0);
    let counted = |x: &[Var]| {
        calls.set(calls.get() + 1);
        f(x)
    };
    verb(&counted, &x);
    let [forward, back] = tally::take().map(|numbers| numbers as f64 / operations);
    Cost { calls: calls.get(), forward, back }
}

fn chain(x: &[Var]) -> Var {
    let mut sum = Var::from(0.0);
    for pair in x.windows(2) {
        sum += (pair[1] - pair[0] * pair[0]).powi(2) * 100.0 + (1.0 - pair[0]).powi(2);
    }
    sum
}

/// Every variable meets every other.
fn knot(x: &[Var]) -> Var {
    let mut sum = Var::from(0.0);
    for x in x {
        sum += x.sin() * *x;
    }
    sum.exp() * sum
}

/// Several results, the last of which is the last operation.
fn several(f: Function, m: usize) -> impl Fn(&[Var]) -> Vec<Var> {
    move |x| vec![f(x); m]
}

#[test]
fn first_derivatives_cost_what_they_say() {
    let of = |verb: Verb| cost(20, chain, verb);
    let replays = |calls, forward, back| Cost { calls, forward, back };
    let none = replays(1, 0.0, 0.0);
    assert_eq!(of(&|f, x| assert!(value(f, x) > 0.0)), none);
    assert_eq!(of(&|f, x| drop(gradient(f, x))), none);
    assert_eq!(of(&|f, x| drop(value_and_gradient(f, x))), none);
    assert_eq!(of(&|f, x| assert!(value_and_gradient_into(f, x, &mut [0.0; 20]) > 0.0)), none);
    assert_eq!(of(&|f, x| assert!(derivative(|y| f(&[y, y]), x[0]) != 0.0)), none);
    assert_eq!(of(&|f, x| assert!(directional(f, x, x) != 0.0)), none);
    assert_eq!(of(&|f, x| drop(check_gradient(f, x))), replays(1 + 6 * 20, 0.0, 0.0));
    assert_eq!(of(&|f, x| drop(Expansion::of(f, x))), none);
    assert_eq!(of(&|f, x| drop(Expansion::of(f, x).gradient())), replays(1, 0.0, 1.0));
    // Forward with one tangent, two numbers; back alone.
    assert_eq!(of(&|f, x| drop(jvp(f, x, x))), replays(1, 2.0, 0.0));
    assert_eq!(of(&|f, x| drop(vjp(f, x, &[1.0]))), replays(1, 0.0, 1.0));
    // n = 20: for up to ⌈20/8⌉ = 3 results a sweep back each; for more, three sweeps forward with eight tangents.
    for m in [1, 2, 3] {
        let by_rows = of(&|f, x| drop(jacobian(several(f, m), x)));
        assert_eq!(by_rows, replays(1, 0.0, m as f64));
    }
    for m in [4, 100] {
        let by_columns = of(&|f, x| drop(jacobian(several(f, m), x)));
        assert_eq!(by_columns, replays(1, 3.0 * 9.0, 0.0));
    }
}

#[test]
fn a_recording_of_slopes_has_at_most_a_node_for_each_operation() {
    for (n, f) in [(20, chain as fn(&[Var]) -> Var), (1_000, chain), (1_000, knot)] {
        let x: Vec<f64> = (0..n).map(|i| 1e-3 * i as f64).collect();
        let operations = operations(f, &x);
        let tape = Tape::new();
        let x = tape.vars(&x);
        let empty = tape.bytes();
        let y = f(&x);
        assert!(!y.is_constant());
        // A node is 24 bytes, and 8 for its adjoint.
        assert!(
            (tape.bytes() - empty) / 32 <= operations,
            "{n}: {} bytes, {operations} operations",
            tape.bytes()
        );
    }
}

#[test]
fn single_higher_derivatives_cost_what_they_say() {
    let of = |verb: Verb| cost(20, chain, verb);
    // Two levels of dual numbers are four numbers, three are eight.
    let forward = |forward| Cost { calls: 1, forward, back: 0.0 };
    assert_eq!(of(&|f, x| assert!(mixed_partial(f, x, 3, 4) != 0.0)), forward(4.0));
    assert_eq!(of(&|f, x| assert!(third_directional(f, x, x) != 0.0)), forward(8.0));
}

/// Numbers computed for each operation: as many as in so many gradients of the recording, which go back alone.
fn in_gradients(cost: &Cost) -> f64 {
    cost.forward + cost.back
}

#[test]
fn products_with_the_hessian_cost_what_they_say() {
    for (n, f) in [(20, chain as fn(&[Var]) -> Var), (1_000, chain), (20, knot)] {
        let single = cost(n, f, |f, x| drop(hvp(f, x, x)));
        assert_eq!(single, Cost { calls: 1, forward: 2.0, back: 2.0 });
        let first = cost(n, f, |f, x| drop(Expansion::of(f, x).hvp(x)));
        let later = cost(n, f, |f, x| {
            let here = Expansion::of(f, x);
            here.hvp(x);
            tally::take();
            here.hvp(x);
        });
        assert!(in_gradients(&first) <= 8.5, "the first of {n}: {first:?}");
        assert!(in_gradients(&later) <= 2.75, "a further one of {n}: {later:?}");
        let eight = cost(n, f, |f, x| {
            let here = Expansion::of(f, x);
            here.hvp(x);
            tally::take();
            here.hvps(&[x; 8]);
        });
        assert!((in_gradients(&eight) - 8.0 * in_gradients(&later)).abs() < 1e-12, "{eight:?}, {later:?}");
    }
}

#[test]
fn hessians_cost_what_they_say() {
    // Whatever the number of variables, as each meets two others only.
    for n in [20, 200, 2_000] {
        let whole = cost(n, chain, |f, x| drop(hessian(f, x)));
        assert!(whole.calls == 1 && in_gradients(&whole) <= 5.5, "{n}: {whole:?}");
        assert_eq!(cost(n, chain, |f, x| assert!(laplacian(f, x) != 0.0)), whole);
    }
    // Where each meets all others: sweeps with eight tangents, forward and back, after edges that cost no more.
    for n in [20, 200] {
        let of_knot = cost(n, knot, |f, x| drop(hessian(f, x)));
        let by_columns = n.div_ceil(8) as f64 * (9.0 + 9.0);
        assert!(of_knot.calls == 1 && in_gradients(&of_knot) <= 2.0 * by_columns, "{n}: {of_knot:?}");
    }
}

#[test]
fn forward_verbs_call_the_function_once() {
    let calls = Cell::new(0);
    let count = |x: f64| {
        calls.set(calls.get() + 1);
        x
    };
    jacobian_forward(|[x, y]: [Duals<2>; 2]| [x * y * count(1.0), x + y], [1.0, 2.0]);
    let _: [f64; 6] = taylor(|x: Series<6>| x * count(2.0), 1.0);
    assert_eq!(calls.get(), 2);
}
