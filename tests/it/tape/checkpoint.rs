//! Recurrences that keep a few states: the same derivatives, and as many steps as the schedule promises.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use downhill::prelude::*;

/// Three numbers that turn, pull at one another and depend on the index.
fn step(state: &mut [Var], parameters: &[Var], i: usize) {
    let [x, y, z] = [state[0], state[1], state[2]];
    let [a, b] = [parameters[0], parameters[1]];
    state[0] = x + 0.01 * (a * (y - x) + (0.1 * i as f64).sin());
    state[1] = y + 0.01 * (x * (b - z).sin() - y);
    state[2] = 0.99 * z + 0.01 * x * y;
}

/// A function of the last state.
fn last(state: &[Var]) -> Var {
    state[0] * state[1] + state[2].sin() + state[0]
}

fn plain(x: &[Var], n: usize) -> Var {
    let mut state = [x[0] * 2.0, x[1], 0.25.into()];
    (0..n).for_each(|i| step(&mut state, &[x[2] * x[0], x[3]], i));
    last(&state)
}

fn kept(x: &[Var], n: usize, memory: usize) -> Var {
    last(&checkpointed(&[x[0] * 2.0, x[1], 0.25.into()], &[x[2] * x[0], x[3]], n, memory, step))
}

const AT: [f64; 4] = [0.5, -0.75, 1.25, 0.3];

#[test]
fn a_recurrence_that_keeps_a_few_states_has_the_derivatives_of_a_plain_one() {
    for n in [0, 1, 2, 3, 7, 50, 365] {
        let (value, slopes) = value_and_gradient(|x| plain(x, n), &AT);
        for memory in [1, 2, 3, 5, 10, 400] {
            let (got, partials) = value_and_gradient(|x| kept(x, n, memory), &AT);
            assert_eq!(got, value, "{n} steps: the same operations on the same numbers");
            for (got, wanted) in partials.iter().zip(&slopes) {
                let error = (got - wanted).abs() / wanted.abs().max(1e-3);
                assert!(error <= 1e-13, "{n} steps, {memory} states: {got:e}, not {wanted:e}");
            }
        }
    }
    // Asked again, for other results, and beside terms of a sum.
    let tape = Tape::new();
    let x = tape.vars(&AT);
    let states = checkpointed(&[x[0], x[1], x[2]], &[x[3], x[1]], 40, 4, step);
    let mut same = [x[0], x[1], x[2]];
    (0..40).for_each(|i| step(&mut same, &[x[3], x[1]], i));
    for (y, wanted) in states.iter().zip(&same).chain([(&last(&states), &last(&same))]) {
        for (got, wanted) in y.backward().wrt_slice(&x).iter().zip(wanted.backward().wrt_slice(&x)) {
            assert!((got - wanted).abs() <= 1e-13 * wanted.abs().max(1e-3), "{got:e}, not {wanted:e}");
        }
    }
    let terms = |f: fn(&[Var]) -> Var| gradient(|x| sum_of(x, 3, |t, i| f(t) * i as f64), &AT);
    for (got, wanted) in terms(|x| kept(x, 20, 3)).iter().zip(terms(|x| plain(x, 20))) {
        assert!((got - wanted).abs() <= 1e-13 * wanted.abs().max(1e-3), "{got:e}, not {wanted:e}");
    }
}

/// `t(s, l)` by its definition, for all `s` and `l` up to these.
fn fewest(states: usize, steps: usize) -> Vec<Vec<usize>> {
    let mut t = vec![vec![0; steps + 1]; states + 1];
    for l in 2..=steps {
        t[1][l] = l * (l - 1) / 2;
        for s in 2..=states {
            t[s][l] = (1..l).map(|k| k + t[s][k] + t[s - 1][l - k]).min().expect("k = 1");
        }
    }
    t
}

fn binomial(n: usize, k: usize) -> usize {
    (0..k).fold(1, |c, i| c * (n - i) / (i + 1))
}

#[test]
fn the_schedule_takes_the_fewest_steps_and_as_many_as_its_formula_says() {
    let fewest = fewest(7, 70);
    for (memory, n) in (1..=7).flat_map(|memory| (1..=70).map(move |n| (memory, n))) {
        let r = (0..).find(|r| binomial(memory + r, memory) >= n).expect("it grows");
        let formula = if r == 0 { 0 } else { r * n - binomial(memory + r, memory + 1) };
        assert_eq!(formula, fewest[memory][n], "t({memory}, {n})");
        let [on_numbers, on_variables] = [(); 2].map(|()| Rc::new(Cell::new(0)));
        let (numbers, variables) = (Rc::clone(&on_numbers), Rc::clone(&on_variables));
        let tape = Tape::new();
        let x = tape.var(0.5);
        let y = checkpointed(&[x], &[], n, memory, move |state, _, i| {
            let count = if state[0].is_constant() { &numbers } else { &variables };
            count.set(count.get() + 1);
            state[0] = state[0] * 0.5 + i as f64;
        });
        let counts = || (on_numbers.get(), on_variables.get());
        assert_eq!(counts(), (n, 0));
        assert_eq!(y[0].backward().wrt(x), 0.5f64.powi(n as i32));
        assert_eq!(counts(), (formula + 1, n), "{n} steps, {memory} states");
        assert_eq!(y[0].backward().wrt(x), 0.5f64.powi(n as i32));
        assert_eq!(counts(), (2 * formula + 1, 2 * n), "again");
    }
}

/// What `f` panics with.
fn message(f: &dyn Fn()) -> String {
    let what = catch_unwind(AssertUnwindSafe(f)).expect_err("it should panic");
    what.downcast_ref::<String>()
        .cloned()
        .unwrap_or_else(|| what.downcast_ref::<&str>().expect("a text").to_string())
}

#[test]
fn a_step_uses_nothing_but_its_arguments() {
    let tape = Tape::new();
    let [x, y] = tape.vars([2.0, 3.0]);
    let text = message(&|| drop(checkpointed(&[x], &[], 9, 3, move |state, _, _| state[0] *= y)));
    assert!(
        text.contains("a step of `checkpointed` used a variable that is not among its arguments"),
        "{text}"
    );
    let text = message(&|| drop(checkpointed(&[x], &[], 9, 0, |_, _, _| {})));
    assert!(text.contains("room for 0 states"), "{text}");
    // One that goes wrong in the sweep, where it was right before.
    let wrong = Rc::new(Cell::new(usize::MAX));
    let goes = Rc::clone(&wrong);
    let z = checkpointed(&[x], &[y], 9, 3, move |state, parameters, i| {
        state[0] *= parameters[0];
        assert!(i != goes.get(), "mine {i}");
    });
    let wanted = [3f64.powi(9), 2.0 * 9.0 * 3f64.powi(8)];
    for i in [8, 0, 4, 7] {
        wrong.set(i);
        assert_eq!(message(&|| drop(z[0].backward())), format!("mine {i}"));
        wrong.set(usize::MAX);
        assert_eq!(z[0].backward().wrt_slice(&[x, y]), wanted);
    }
}

#[test]
fn second_derivatives_are_those_of_the_plain_recurrence() {
    // The plain one computes a parameter anew in each step: its slopes are added up in another order.
    let got = hessian(|x: &[Var]| kept(x, 9, 3), &AT);
    for (got, wanted) in got.iter().zip(&hessian(|x: &[Var]| plain(x, 9), &AT)) {
        assert!((got - wanted).abs() <= 1e-13, "{got:e}, not {wanted:e}");
    }
}

#[test]
fn a_recurrence_of_numbers_is_a_number() {
    let y =
        checkpointed(&[1.0.into()], &[2.0.into()], 10, 2, |state, parameters, _| state[0] *= parameters[0]);
    assert!(y[0].is_constant());
    assert_eq!(y[0].value(), 1024.0);
    assert!(checkpointed(&[], &[], 10, 2, |_, _, _| {}).is_empty());
}
