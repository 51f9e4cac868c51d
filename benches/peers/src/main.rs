//! The workloads of `../workloads/` on other crates' tapes and dual numbers, and on ours, as a Markdown table.
//!
//! ```text
//! cargo run --release [-- PART OF A WORKLOAD'S NAME]      DOWNHILL_BENCH_SECONDS: time for each workload (10)
//! ```
//!
//! Each peer is used as its documentation shows: one tape, cleared before each evaluation. All take turns in short windows
//! of one process; every gradient is held against the one by hand first.

#[path = "../../timing/mod.rs"]
mod timing;
#[path = "../../workloads/mod.rs"]
#[allow(dead_code, reason = "shared with the benches")]
mod workloads;

mod number;
mod objectives;
mod second;

use std::cell::RefCell;
use std::env;
use std::hint::black_box;
use std::rc::Rc;
use std::time::Duration;

use RustQuant_autodiff::{Accumulate, Graph};
use nalgebra::{DVector, SVector};
use num_dual::DualVec;

use objectives::{Call, Objective, Rosenbrock};
use timing::{interleaved, readable};
use workloads::{Case, WithGradient, black_scholes, bundle, euler, mixture, perceptron, rosenbrock};

/// Gradients agree to this, or the row says that they do not.
const SAME: f64 = 1e-9;

fn on_reverse(f: impl Objective) -> WithGradient {
    use reverse::Gradient;
    let tape = reverse::Tape::new();
    Box::new(move |x, gradient| {
        tape.clear();
        let x = tape.add_vars(x);
        let y = f.at(&x);
        gradient.copy_from_slice(&y.grad().wrt(&x));
        y.val()
    })
}

fn on_rust_quant(f: impl Objective) -> WithGradient {
    use RustQuant_autodiff::Gradient;
    let graph = Graph::new();
    Box::new(move |x, gradient| {
        graph.clear();
        let x = graph.vars(x);
        let y = f.at(&x);
        gradient.copy_from_slice(&y.accumulate().wrt(&x));
        y.value()
    })
}

fn on_echidna(f: impl Objective) -> WithGradient {
    Box::new(move |x, gradient| {
        gradient.copy_from_slice(&echidna::grad(|x| f.at(x), x));
        f64::NAN // not given
    })
}

/// Recorded once, at the point; each evaluation only replays.
fn replayed_by_echidna(f: impl Objective, start: &[f64]) -> WithGradient {
    let (mut tape, _) = echidna::record(|x| f.at(x), start);
    let mut room = Vec::new();
    Box::new(move |x, gradient| {
        gradient.copy_from_slice(&tape.gradient_with_buf(x, &mut room));
        f64::NAN
    })
}

/// Forward, all directions at once, on the heap.
fn on_num_dual(f: impl Objective) -> WithGradient {
    Box::new(move |x, gradient| {
        let x = DVector::from_column_slice(x);
        let (y, g) = num_dual::gradient(|x: DVector<DualVec<f64, _>>| f.at(x.as_slice()), &x);
        gradient.copy_from_slice(g.as_slice());
        y
    })
}

/// The same for a known number of inputs, on the stack.
fn on_num_dual_static<const N: usize>(f: impl Objective) -> WithGradient {
    Box::new(move |x, gradient| {
        let x = SVector::<f64, N>::from_column_slice(x);
        let (y, g) = num_dual::gradient(|x: SVector<DualVec<f64, _>, N>| f.at(x.as_slice()), &x);
        gradient.copy_from_slice(g.as_slice());
        y
    })
}

/// The Jacobian of each observation, as its own function returns it.
fn bundle_on_num_dual(of: bundle::Observations) -> WithGradient {
    Box::new(move |x, jacobian| {
        let mut sum = 0.0;
        for ((x, feature), block) in x.chunks_exact(15).zip(&of.features).zip(jacobian.chunks_exact_mut(30)) {
            let x = SVector::<f64, 15>::from_column_slice(x);
            let (e, rows) = num_dual::jacobian(
                |x: SVector<DualVec<f64, _>, 15>| {
                    SVector::<_, 2>::from(objectives::errors(x.as_slice(), *feature))
                },
                &x,
            );
            for (i, entry) in block.iter_mut().enumerate() {
                *entry = rows[(i / 15, i % 15)];
            }
            sum += e[0] + e[1];
        }
        sum
    })
}

/// One evaluation for each option.
fn option_by_option(mut f: WithGradient) -> WithGradient {
    Box::new(move |x, gradient| {
        x.chunks_exact(5).zip(gradient.chunks_exact_mut(5)).map(|(x, gradient)| f(x, gradient)).sum()
    })
}

type Peers = Vec<(&'static str, WithGradient)>;

fn tapes<O: Objective + Clone>(f: &O) -> Peers {
    vec![
        ("reverse", on_reverse(f.clone())),
        ("RustQuant_autodiff", on_rust_quant(f.clone())),
        ("echidna, tape", on_echidna(f.clone())),
    ]
}

/// The workloads, each with the peers it can be given to. Forward mode and replays are left out where they would take
/// seconds or gigabytes.
fn all() -> Vec<(Case, Peers)> {
    let mut all = Vec::new();
    for n in [10, 1_000, 100_000] {
        let mut peers: Peers = vec![
            ("reverse", on_reverse(Rosenbrock)),
            ("RustQuant_autodiff", on_rust_quant(Rosenbrock)),
            ("echidna, tape", on_echidna(Rosenbrock)),
            ("echidna, replay", replayed_by_echidna(Rosenbrock, &rosenbrock::point(n))),
        ];
        if n <= 1_000 {
            peers.push(("num-dual, forward", on_num_dual(Rosenbrock)));
        }
        all.push((rosenbrock::case(n), peers));
    }
    let (mixture, perceptron) =
        (Rc::new(mixture::Mixture::new(10, 25, 1_000)), Rc::new(perceptron::Perceptron::new(16)));
    all.push((mixture::case(10, 25, 1_000), tapes(&mixture)));
    let mut peers = tapes(&perceptron);
    peers.push(("echidna, replay", replayed_by_echidna(Rc::clone(&perceptron), &perceptron.start)));
    all.push((perceptron::case(16), peers));
    let peers: Peers = vec![("num-dual, forward", bundle_on_num_dual(bundle::Observations::new(30_000)))];
    all.push((bundle::case(30_000), peers));
    let mut peers: Peers = tapes(&Call).into_iter().map(|(name, f)| (name, option_by_option(f))).collect();
    let one = black_scholes::options(1);
    peers.push(("echidna, replay", option_by_option(replayed_by_echidna(Call, &one))));
    peers.push(("num-dual, forward", option_by_option(on_num_dual_static::<5>(Call))));
    all.push((black_scholes::case(100_000), peers));
    let paths = Rc::new(euler::Paths::new(1_000, 252));
    let mut peers = tapes(&paths);
    peers.push(("echidna, replay", replayed_by_echidna(Rc::clone(&paths), &euler::START)));
    peers.push(("num-dual, forward", on_num_dual_static::<4>(paths)));
    all.push((euler::case(1_000, 252), peers));
    all
}

fn main() {
    let filter = env::args().nth(1).unwrap_or_default();
    let seconds = env::var("DOWNHILL_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10.0);
    println!(
        "| workload | code | median | quartiles | least | × plain | × our fastest |\n|---|---|--:|--:|--:|--:|--:|"
    );
    for (case, peers) in all().into_iter().filter(|(case, _)| case.name.contains(&filter)) {
        report(case, peers, Duration::from_secs_f64(seconds));
    }
    // A hundred numbers with a matrix each, on the stack, and a few of their copies.
    let second = std::thread::Builder::new().stack_size(1 << 28);
    let second = second.spawn(move || second::report(&filter, Duration::from_secs_f64(seconds)));
    second.expect("a thread").join().expect("a report");
}

/// A row for each kind of code.
fn report(mut case: Case, peers: Peers, budget: Duration) {
    let mut expected = vec![0.0; case.derivatives()];
    (case.by_hand)(&case.point, &mut expected);
    let derivatives = RefCell::new(vec![0.0; expected.len()]);
    let (name, point, plain) = (&case.name, &case.point, &case.plain);
    let ours = case.ours.len();
    let mut rows: Vec<(String, WithGradient)> = vec![("by hand".into(), case.by_hand)];
    rows.extend(case.ours.into_iter().map(|(name, f)| (format!("downhill, {name}"), f)));
    rows.extend(peers.into_iter().map(|(name, f)| (name.to_owned(), f)));
    for (code, f) in &mut rows {
        f(point, &mut derivatives.borrow_mut());
        let largest = expected.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let same = |(a, b): (&f64, &f64)| (a - b).abs() <= SAME * largest;
        if !derivatives.borrow().iter().zip(&expected).all(same) {
            code.push_str(" (another gradient)");
        }
    }
    let mut plain = || {
        black_box(plain(black_box(point)));
    };
    let (names, mut calls): (Vec<String>, Vec<_>) = rows
        .into_iter()
        .map(|(code, mut f)| {
            let derivatives = &derivatives;
            let call = move || {
                black_box(f(black_box(point), &mut derivatives.borrow_mut()));
            };
            (code, call)
        })
        .unzip();
    let mut candidates: Vec<&mut dyn FnMut()> = vec![&mut plain];
    candidates.extend(calls.iter_mut().map(|call| call as &mut dyn FnMut()));
    let times = interleaved(&mut candidates, budget);
    let fastest = times[2..2 + ours].iter().map(|times| times.least()).fold(f64::INFINITY, f64::min);
    for (code, took) in ["plain".to_owned()].into_iter().chain(names).zip(&times) {
        let [low, high] = took.spread().map(readable);
        println!(
            "| {name} | {code} | {} | {low} to {high} | {} | {:.2} | {:.2} |",
            readable(took.median()),
            readable(took.least()),
            took.least() / times[0].least(),
            took.least() / fastest
        );
    }
}
