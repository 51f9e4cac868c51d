//! Array workloads on `candle`, on `burn`, by hand and on ours, as a Markdown table.
//!
//! ```text
//! cargo run --release [-- PART OF A WORKLOAD'S NAME]      ARRAYS_SECONDS: time for each contestant (3)
//! ```
//!
//! One thread on one core. The contestants of a workload take turns in short windows of one process; each window begins
//! with the first weights, so that all do the same work, and each of its steps but the first is timed by itself. What they
//! compute is printed, and marked where it differs from the first of them.
//!
//! | workload | value | norm |
//! |---|---|---|
//! | perceptron, regression, mixture | the loss | of the gradient |
//! | a step | a number | of all numbers, after three steps |
//! | an epoch | the mean loss of its batches | the loss on all pictures after an epoch, no norm |
//!
//! The allocator is as it comes. What its way of giving large blocks back to the system costs shows when it keeps them:
//! `GLIBC_TUNABLES=glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=1073741824`.

#[path = "../../workloads/mod.rs"]
#[allow(dead_code, reason = "shared with the benches")]
mod workloads;

mod burn;
mod candle;
mod floor;
mod inputs;
mod ours;

use std::env;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use downhill::optim::OnNonFinite;
use inputs::{Digits, Logistic, Perceptron, Step};
use workloads::mixture::Mixture;

/// The length of a turn.
const WINDOW: Duration = Duration::from_millis(30);

/// A workload in somebody's hands.
pub trait Contestant {
    /// Back to the first weights, untimed.
    fn restart(&mut self) {}

    /// Puts ready what a step uses up, untimed.
    fn prepare(&mut self) {}

    /// What is timed: a step, or a value with its gradient. Returns the value before the step; not a number if there is none.
    fn step(&mut self) -> f64;

    /// The norm of the gradient where it stands now, or what else is to be the same.
    fn norm(&mut self) -> Option<f64>;
}

type Field = Vec<(&'static str, Box<dyn Contestant>)>;

fn perceptron() -> Field {
    let inputs = Rc::new(Perceptron::new());
    let mut field: Field = vec![
        ("by hand", Box::new(floor::perceptron(Rc::clone(&inputs)))),
        ("candle", Box::new(candle::perceptron(&inputs).expect("a network"))),
        ("burn", Box::new(burn::perceptron(&inputs))),
    ];
    field.extend(ours::perceptron(&inputs).map(|ours| ("downhill", ours)));
    field
}

fn logistic() -> Field {
    let inputs = Rc::new(Logistic::new());
    let mut field: Field = vec![
        ("by hand", Box::new(floor::logistic(Rc::clone(&inputs)))),
        ("by hand, exp and ln_1p of std", Box::new(floor::logistic_with_std(Rc::clone(&inputs)))),
        ("candle", Box::new(candle::logistic(&inputs).expect("a regression"))),
        ("burn", Box::new(burn::logistic(&inputs))),
    ];
    field.extend(ours::logistic(&inputs).map(|ours| ("downhill", ours)));
    field
}

fn mixture() -> Field {
    let inputs = Rc::new(Mixture::new(10, 25, 1_000));
    let mut field: Field = vec![
        ("by hand, value alone", Box::new(floor::mixture(&inputs))),
        ("plain, value alone", Box::new(floor::mixture_as_written(Rc::clone(&inputs)))),
    ];
    field.extend(ours::mixture(&inputs).map(|ours| ("downhill", ours)));
    field
}

fn adam() -> Field {
    let inputs = Rc::new(Step::new());
    vec![
        ("by hand", Box::new(floor::adam_step(Rc::clone(&inputs)))),
        ("memory alone: four streams read, three written", Box::new(floor::Streams::<3>::new(&inputs))),
        ("candle, `AdamW` without decay", Box::new(candle::adam_step(Rc::clone(&inputs)).expect("numbers"))),
        ("burn, `Adam`", Box::new(burn::step(Rc::clone(&inputs), burn::adam))),
        ("downhill", ours::adam_step(&inputs, OnNonFinite::default())),
        ("downhill, `Propagate`", ours::adam_step(&inputs, OnNonFinite::Propagate)),
    ]
}

fn descent() -> Field {
    let inputs = Rc::new(Step::new());
    vec![
        ("by hand", Box::new(floor::descent_step(Rc::clone(&inputs)))),
        ("memory alone: two streams read, one written", Box::new(floor::Streams::<1>::new(&inputs))),
        ("candle, `SGD`", Box::new(candle::descent_step(Rc::clone(&inputs)).expect("numbers"))),
        ("burn, `Sgd`", Box::new(burn::step(Rc::clone(&inputs), burn::sgd))),
        ("downhill", ours::descent_step(&inputs, OnNonFinite::default())),
        ("downhill, `Propagate`", ours::descent_step(&inputs, OnNonFinite::Propagate)),
    ]
}

fn digits() -> Field {
    let inputs = Rc::new(Digits::new());
    vec![
        ("downhill", ours::digits(&inputs)),
        ("candle", Box::new(candle::digits(Rc::clone(&inputs)).expect("a network"))),
        ("burn", Box::new(burn::digits(Rc::clone(&inputs)))),
    ]
}

fn main() {
    // Before anything asks how many threads there are.
    // SAFETY: no other thread runs yet.
    unsafe { env::set_var("RAYON_NUM_THREADS", "1") };
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    if !cores.last().is_some_and(|&core| core_affinity::set_for_current(core)) {
        println!("Not bound to one core.\n");
    }
    let filter = env::args().nth(1).unwrap_or_default();
    let seconds = env::var("ARRAYS_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3.0);
    let budget = Duration::from_secs_f64(seconds);

    let [forward, back] = floor::products(Duration::from_secs_f64(seconds / 3.0));
    println!("f32 products by faer, on one core: 128×784 · 784×128 at {forward:.1} GF/s");
    println!(
        "                                   784×128 · 128×128 at {back:.1} GF/s (the left one transposed)\n"
    );
    println!(
        "| workload | code | least, µs | median, µs | × the first | steps | first value | value after a step | norm |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    let workloads: [(&str, f64, fn() -> Field); 6] = [
        ("perceptron 784-128-10, batch 128, f32, Adam", 1e-4, perceptron),
        ("logistic regression 10,000 × 100, f64", 1e-9, logistic),
        ("mixture d = 10, K = 25, n = 1,000, f64", 1e-9, mixture),
        ("a step of Adam, 10⁷ numbers, f32", 1e-6, adam),
        ("a step of gradient descent, 10⁷ numbers, f32", 1e-6, descent),
        ("an epoch of digits, 64-256-10, batch 32, f32, Adam", 1e-4, digits),
    ];
    for (name, tolerance, field) in workloads.into_iter().filter(|(name, ..)| name.contains(&filter)) {
        report(name, tolerance, field(), budget);
    }
}

/// A window's steps, in microseconds; the first one, which finds the caches cold, is not counted.
fn turn(contestant: &mut dyn Contestant, times: &mut Vec<f64>) {
    contestant.restart();
    contestant.prepare();
    black_box(contestant.step());
    let window = Instant::now();
    while window.elapsed() < WINDOW {
        contestant.prepare();
        let begun = Instant::now();
        black_box(contestant.step());
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
}

/// What a contestant computes: the value, the value after a step, the norm.
fn figures(contestant: &mut dyn Contestant) -> [Option<f64>; 3] {
    contestant.restart();
    let norm = contestant.norm();
    let values = [0, 1].map(|_| {
        contestant.prepare();
        Some(contestant.step()).filter(|value| !value.is_nan())
    });
    [values[0], values[1], norm]
}

/// A row for each contestant.
fn report(workload: &str, tolerance: f64, mut field: Field, budget: Duration) {
    let figures: Vec<_> = field.iter_mut().map(|(_, contestant)| figures(contestant.as_mut())).collect();
    let mut times: Vec<Vec<f64>> = vec![vec![]; field.len()];
    let (begun, all) = (Instant::now(), budget * field.len() as u32);
    while times[0].is_empty() || begun.elapsed() < all {
        for ((_, contestant), times) in field.iter_mut().zip(&mut times) {
            turn(contestant.as_mut(), times);
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let least = times[0][0];
    for (((name, _), times), figure) in field.iter().zip(&times).zip(&figures) {
        let same = figure.iter().zip(&figures[0]).all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= tolerance * b.abs(),
            _ => true,
        });
        let [first, second, norm] =
            figure.map(|figure| figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.7}")));
        println!(
            "| {workload} | {name}{} | {:.1} | {:.1} | {:.2} | {} | {first} | {second} | {norm} |",
            if same { "" } else { " (differs)" },
            times[0],
            times[times.len() / 2],
            times[0] / least,
            times.len(),
        );
    }
}
