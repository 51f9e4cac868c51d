//! Scalar products and sums of variables however they lie in the recording: in a row or scattered, alone or on both sides.

use std::cell::Cell;
use std::iter::Sum;

use downhill::prelude::*;

use crate::misuse::assert_mistake;

/// Two sides of a product, made from the variables.
type Sides = fn(&[Var]) -> (Vec<Var>, Vec<Var>);

/// What they are, and the sides.
const SIDES: [(&str, Sides); 14] = [
    ("two rows", |x| (x[..x.len() / 2].to_vec(), x[x.len() - x.len() / 2..].to_vec())),
    ("one row twice", |x| (x.to_vec(), x.to_vec())),
    ("rows that overlap", |x| (x[..x.len().max(1) - 1].to_vec(), x[x.len().min(1)..].to_vec())),
    ("a row and its reverse", |x| (x.to_vec(), x.iter().rev().copied().collect())),
    ("a row and numbers", |x| (x.to_vec(), numbers(x.len()))),
    ("numbers and a row", |x| (numbers(x.len()), x.to_vec())),
    ("numbers", |x| (numbers(x.len()), numbers(x.len()))),
    ("every other", |x| {
        let odd: Vec<Var> = x.iter().skip(1).step_by(2).copied().collect();
        (x.iter().step_by(2).take(odd.len()).copied().collect(), odd)
    }),
    ("a row with slopes and its like", |x| {
        (x.iter().map(|x| x * 0.5 - 0.25).collect(), x.iter().map(|x| x * x).collect())
    }),
    ("intermediates in a row", |x| {
        (x.windows(2).map(|x| x[0] * x[1]).collect(), numbers(x.len().max(1) - 1))
    }),
    ("intermediates and variables", |x| {
        (x.windows(2).map(|x| 3.0 - x[0] * x[1]).collect(), x[x.len().min(1)..].to_vec())
    }),
    ("watched ones and variables", |x| (x.iter().map(|x| (x * 2.0).watch()).collect(), x.to_vec())),
    ("some of them numbers", |x| {
        let some = |k: usize| (0..x.len()).map(|i| if i % k == 0 { x[i].detach() } else { x[i] }).collect();
        (some(2), some(3))
    }),
    ("one for all", |x| (vec![x.first().copied().unwrap_or_default(); x.len()], x.to_vec())),
];

fn numbers(n: usize) -> Vec<Var> {
    (0..n).map(|i| Var::from(1.5 - i as f64 / 16.0)).collect()
}

fn by_operators(a: &[Var], b: &[Var]) -> Var {
    a.iter().zip(b).fold(Var::from(0.0), |sum, (a, b)| sum + a * b)
}

/// Where the product stands: by itself, in the terms of a sum, after others and before others in a recording that has
/// grown.
type Place = fn(&[Var], &mut dyn FnMut(&[Var]) -> Var) -> Var;

const PLACES: [(&str, Place); 3] = [
    ("alone", |x, product| product(x)),
    ("in terms", |x, product| sum_of(x, 3, |t, i| product(t) * (1.0 + i as f64) + t.iter().sum::<Var>())),
    ("amid others", |x, product| {
        let before = (0..600).fold(Var::from(1.0), |y, _| y * 0.5 + x.iter().take(1).sum::<Var>() * y);
        let (first, second) = (product(x), product(x));
        (first.sin() * second + norm(x) + before).watch() + log_sum_exp(&[first, second])
    }),
];

#[test]
fn a_scalar_product_has_the_value_and_the_slopes_of_a_sum_of_products() {
    for n in [0, 1, 2, 3, 4, 5, 8, 9, 16, 33, 64] {
        let start: Vec<f64> = (0..n).map(|i| 0.75 + (i * 7 % 11) as f64 / 32.0 - (i % 2) as f64).collect();
        for (sides, make) in SIDES {
            for (place, within) in PLACES {
                let by = |product: fn(&[Var], &[Var]) -> Var| {
                    let mut of_sides = |x: &[Var]| {
                        let (a, b) = make(x);
                        product(&a, &b)
                    };
                    value_and_gradient(|x| within(x, &mut of_sides), &start)
                };
                let (got, wanted) = (by(dot), by(by_operators));
                assert_near(&got, &wanted, &format!("{sides}, {n}, {place}"));
            }
        }
    }
}

/// Equal but for the order of additions: a few roundings of the largest number met.
#[track_caller]
fn assert_near(got: &(f64, Vec<f64>), wanted: &(f64, Vec<f64>), what: &str) {
    let size = wanted.1.iter().fold(wanted.0.abs().max(1.0), |size, slope| size.max(slope.abs()));
    let pairs = [(got.0, wanted.0)].into_iter().chain(got.1.iter().copied().zip(wanted.1.iter().copied()));
    for (k, (got, wanted)) in pairs.enumerate() {
        let error = (got - wanted).abs() / size;
        assert!(error <= 32.0 * f64::EPSILON, "{what}: number {k} is {got:e}, not {wanted:e}");
    }
}

#[test]
fn a_scalar_product_with_numbers_takes_them_as_they_are() {
    for n in [3, 5, 20] {
        let start: Vec<f64> = (0..n).map(|i| i as f64 - 2.5).collect();
        let weights: Vec<f64> = (0..n).map(|i| 0.5 + i as f64).collect();
        let wanted: f64 = weights.iter().zip(&start).map(|(w, x)| w * x).sum();
        assert_eq!(value_and_gradient(|x| dot(x, &weights), &start), (wanted, weights.clone()));
        assert_eq!(value_and_gradient(|x| dot(&weights, x), &start), (wanted, weights.clone()));
        // Leaves the first of which is not node 0, made one by one.
        let tape = Tape::new();
        let _before = tape.var(1.0);
        let x: Vec<Var> = start.iter().map(|&x| tape.var(x)).collect();
        assert_eq!(dot(&x, &weights).backward().wrt_slice(&x), weights);
        assert_eq!(dot(&x[1..], &weights[1..]).backward().wrt(x[0]), 0.0);
    }
}

thread_local! {
    static CONVERSIONS: Cell<usize> = const { Cell::new(0) };
}

/// A number of the caller's own, which records what it stands for.
#[derive(Clone, Copy)]
struct Squared(Var);

impl From<Squared> for Var {
    fn from(x: Squared) -> Var {
        CONVERSIONS.set(CONVERSIONS.get() + 1);
        assert!(x.0 > -10.0, "mine");
        x.0 * (x.0 + [x.0; 3].map(|x| x * x).iter().sum::<Var>() * 0.0)
    }
}

#[test]
fn what_converts_into_a_variable_may_record_and_is_asked_once() {
    for n in [2, 4, 5, 30] {
        let start: Vec<f64> = (0..n).map(|i| i as f64 / 4.0 - 1.0).collect();
        CONVERSIONS.set(0);
        let g = gradient(|x| dot(&x.iter().map(|&x| Squared(x)).collect::<Vec<_>>(), x), &start);
        assert_eq!(CONVERSIONS.get(), n);
        assert_eq!(g, start.iter().map(|x| 2.0 * x * x + x * x).collect::<Vec<_>>());
        // One that panics in the midst leaves the recording as good as it was.
        let tape = Tape::new();
        let x = tape.vars(&start);
        let mut bad: Vec<Squared> = x.iter().map(|&x| Squared(x)).collect();
        bad[n / 2] = Squared(Var::from(-11.0));
        let caught = std::panic::catch_unwind(|| dot(&bad, &x));
        assert!(caught.is_err());
        assert_eq!(dot(&x, &x).backward().wrt_slice(&x), start.iter().map(|x| 2.0 * x).collect::<Vec<_>>());
    }
}

#[test]
fn a_zero_adjoint_skips_a_row() {
    // Infinite partials of a product that does not take part.
    let infinite = [f64::INFINITY; 6];
    let f = |x: &[Var]| (dot(x, &infinite) * 0.0).min(x[0] * x[1]) + x[0];
    let g = gradient(|x| f(x).max(x[1] * 2.0), &[1.0, 5.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(g, [0.0, 2.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_sum_of_operations_is_that_of_numbers_bit_by_bit_wherever_its_constants_stand() {
    const N: usize = 5;
    let numbers = [0.1, -0.7, 1e16, 0.3, 3.3];
    for constants in 0..1_u32 << N {
        let terms = |x: &[Var]| -> Vec<Var> {
            (0..N).map(|i| if constants >> i & 1 == 1 { x[i].detach() } else { x[i] * x[i] }).collect()
        };
        let f = |x: &[Var]| terms(x).iter().sum::<Var>();
        let here = Expansion::of(f, &numbers);
        assert_eq!(here.values()[0].to_bits(), value(f, &numbers).to_bits(), "{constants:b}");
        assert_eq!(here.gradient(), gradient(f, &numbers), "{constants:b}");
        let diagonal: Vec<f64> = (0..N).map(|i| if constants >> i & 1 == 1 { 0.0 } else { 2.0 }).collect();
        assert_eq!(here.hessian().diag().to_vec(), diagonal, "{constants:b}");
    }
}

#[test]
fn a_sum_of_slopes_and_operations_is_a_mistake() {
    let tape = Tape::new();
    let outer = tape.var(2.0);
    // By the trait's name: `.sum()` is a function of the standard library, which has a line of its own.
    let sum = |terms: &[Var]| <Var as Sum<&Var>>::sum(terms.iter());
    let line = line!() - 1;
    assert_mistake(line, "two recordings", || Expansion::of(|x: &[Var]| sum(&[outer, x[0]]), &[1.0]));
    let last = |x: &[Var]| sum(&[x[0], Var::from(1.0), outer]);
    assert_mistake(line, "two recordings", || Expansion::of(last, &[1.0]));
}

#[test]
fn a_statement_of_any_size_has_no_second_derivative_and_says_so_at_its_line() {
    fn check<const N: usize>() {
        let (all, line) = (|x: [Var; N]| statement(x, |x| x[0] * x[N - 1]), line!());
        assert_mistake(line, "first derivatives only", || Expansion::of(all, [1.0; N]));
        let among_constants =
            |x: [Var; N]| all(std::array::from_fn(|i| if i == 1 { x[i] } else { x[i].detach() }));
        if N > 1 {
            assert_mistake(line, "first derivatives only", || Expansion::of(among_constants, [1.0; N]));
        }
    }
    check::<1>();
    check::<2>();
    check::<3>();
    check::<4>();
    check::<5>();
    check::<6>();
}
