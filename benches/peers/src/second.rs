//! Second derivatives of Rosenbrock's chain: products with the Hessian, and the Hessian, beside what the gradient costs.

use std::hint::black_box;
use std::time::Duration;

use downhill::prelude::*;
use nalgebra::{DVector, SVector};
use num_dual::Dual2Vec;

use crate::objectives::{Objective, Rosenbrock};
use crate::timing::{Times, interleaved, readable};
use crate::workloads::rosenbrock::{chain, point};

/// Results agree to this, relative to the largest number of the first row's.
const SAME: f64 = 1e-9;

/// What is measured: a name, and what it computes, in a row, into the list.
type Row<'a> = (&'static str, Box<dyn FnMut(&mut Vec<f64>) + 'a>);

fn row<'a>(name: &'static str, f: impl FnMut(&mut Vec<f64>) + 'a) -> Row<'a> {
    (name, Box::new(f))
}

/// Prints the tables whose names contain `filter`.
pub fn report(filter: &str, budget: Duration) {
    for (name, table) in [
        ("Rosenbrock n = 10000, Hessian times a direction", products as fn(&str, Duration)),
        ("Rosenbrock n = 100, Hessian", hessians),
    ] {
        if name.contains(filter) {
            table(name, budget);
        }
    }
}

fn products(name: &str, budget: Duration) {
    let x = point(10_000);
    let directions: Vec<Vec<f64>> = (0..8).map(|k| point(10_000 + k).split_off(k)).collect();
    let (v, eight): (&[f64], Vec<&[f64]>) = (&directions[0], directions.iter().map(|v| &v[..]).collect());
    let here = Expansion::of(chain::<Var>, &x);
    let fresh = here.clone();
    here.hvp(v); // prepared by the first
    let (mut tape, _) = echidna::record(|x| Rosenbrock.at(x), &x);
    let (replay, _) = echidna::record(|x| Rosenbrock.at(x), &x);
    let (mut room, mut numbers, mut adjoints) = (vec![], vec![], vec![]);
    let mut gradient = vec![0.0; x.len()];
    println!(
        "\n| {name} | median | quartiles | least | × gradient of the recording | × gradient |\n|---|--:|--:|--:|--:|--:|"
    );
    let rows: Vec<Row<'_>> = vec![
        row("gradient, recording slopes", |out| {
            value_and_gradient_into(chain::<Var>, black_box(&x), &mut gradient);
            out.extend(&gradient);
        }),
        row("`Expansion::gradient`, of the recording", |out| out.extend(here.gradient())),
        row("`Expansion::hvp`, the first, and a copy of the recording", |out| {
            out.extend(fresh.clone().hvp(black_box(v)));
        }),
        row("`Expansion::hvp`, further ones", |out| out.extend(here.hvp(black_box(v)))),
        row("`Expansion::hvps`, eight at once", |out| {
            here.hvps(black_box(&eight)).iter().for_each(|product| out.extend(product));
        }),
        row("recording, and its gradient", |out| {
            out.extend(Expansion::of(chain::<Var>, black_box(&x)).gradient());
        }),
        row("`hvp`: recording, and the product on dual numbers", |out| {
            out.extend(hvp(chain::<Var>, black_box(&x), v))
        }),
        row("echidna, replay: gradient", |out| out.extend(tape.gradient_with_buf(black_box(&x), &mut room))),
        row("echidna, replay: `hvp_with_buf`", |out| {
            out.extend(replay.hvp_with_buf(black_box(&x), v, &mut numbers, &mut adjoints).1);
        }),
    ];
    let same = [(0, 1), (0, 7), (2, 3), (2, 4), (2, 6), (2, 8)];
    measure(rows, &same, [ratio_to, ratio_to], [1, 0], budget);
}

fn hessians(name: &str, budget: Duration) {
    let x = point(100);
    let here = Expansion::of(chain::<Var>, &x);
    let (tape, _) = echidna::record(|x| Rosenbrock.at(x), &x);
    let mut gradient = vec![0.0; x.len()];
    println!(
        "\n| {name} | median | quartiles | least | num-dual on the heap takes | × gradient |\n|---|--:|--:|--:|--:|--:|"
    );
    let rows: Vec<Row<'_>> = vec![
        row("gradient, recording slopes", |out| {
            value_and_gradient_into(chain::<Var>, black_box(&x), &mut gradient);
            out.extend(&gradient);
        }),
        row("num-dual, `Dual2Vec` on the heap", |out| {
            let x = DVector::from_column_slice(black_box(&x));
            let (.., hessian) =
                num_dual::hessian(|x: DVector<Dual2Vec<f64, _>>| Rosenbrock.at(x.as_slice()), &x);
            out.extend(hessian.as_slice());
        }),
        row("num-dual, `Dual2Vec` on the stack", |out| {
            let x = SVector::<f64, 100>::from_column_slice(black_box(&x));
            let (.., hessian) =
                num_dual::hessian(|x: SVector<Dual2Vec<f64, _>, 100>| Rosenbrock.at(x.as_slice()), &x);
            out.extend(hessian.as_slice());
        }),
        row("`hessian`: recording and all", |out| out.extend(hessian(chain::<Var>, black_box(&x)))),
        row("`Expansion::hessian`, of a recording", |out| out.extend(here.hessian())),
        row("echidna, replay: `hessian`", |out| {
            tape.hessian(black_box(&x)).2.iter().for_each(|row| out.extend(row));
        }),
        row("echidna, replay: `sparse_hessian`", |out| out.extend(tape.sparse_hessian(black_box(&x)).3)),
    ];
    measure(rows, &[(1, 2), (1, 3), (1, 4), (1, 5)], [ratio_of, ratio_to], [1, 0], budget);
}

/// A row for each; `references` are the rows of the two `ratios`, `same` the pairs whose results are held against each
/// other.
fn measure(
    mut rows: Vec<Row<'_>>,
    same: &[(usize, usize)],
    ratios: [Ratio; 2],
    references: [usize; 2],
    budget: Duration,
) {
    let results: Vec<Vec<f64>> = rows
        .iter_mut()
        .map(|(_, f)| {
            let mut result = vec![];
            f(&mut result);
            result
        })
        .collect();
    for &(a, b) in same {
        let largest = results[a].iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= SAME * largest;
        assert!(results[a].iter().zip(&results[b]).all(near), "{} and {} differ", rows[a].0, rows[b].0);
    }
    let (names, mut calls): (Vec<&str>, Vec<_>) = rows
        .into_iter()
        .map(|(name, mut f)| {
            let mut out = Vec::new();
            let call = move || {
                out.clear();
                f(&mut out);
                black_box(&out);
            };
            (name, call)
        })
        .unzip();
    let mut candidates: Vec<&mut dyn FnMut()> =
        calls.iter_mut().map(|call| call as &mut dyn FnMut()).collect();
    let times = interleaved(&mut candidates, budget);
    for (name, took) in names.iter().zip(&times) {
        let [low, high] = took.spread().map(readable);
        let [first, second] = [0, 1].map(|k| ratios[k](took, &times[references[k]]));
        let (median, least) = (readable(took.median()), readable(took.least()));
        println!("| {name} | {median} | {low} to {high} | {least} | {first} | {second} |");
    }
}

type Ratio = fn(&Times, &Times) -> String;

/// How many times the reference it takes: by the least times, and the quartiles of the ratios round by round.
fn ratio_to(took: &Times, reference: &Times) -> String {
    let [low, _, high] = took.quartiles(reference);
    format!("{:.2} ({low:.2} to {high:.2})", took.least() / reference.least())
}

/// How many times as long the reference takes.
fn ratio_of(took: &Times, reference: &Times) -> String {
    format!("{} ×", ratio_to(reference, took))
}
