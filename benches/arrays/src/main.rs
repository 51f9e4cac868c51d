//! Array workloads on `candle`, on `burn`, by hand and on ours, as a Markdown table.
//!
//! ```text
//! cargo run --release [-- PART OF A WORKLOAD'S NAME]      ARRAYS_SECONDS: time for each contestant (3)
//! ```
//!
//! One thread on one core. The contestants of a workload take turns in short windows of one process; each window begins
//! with the first weights, so that all do the same work, and each of its steps but the first is timed by itself.
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

use inputs::{Logistic, Perceptron};
use workloads::mixture::Mixture;

/// The length of a turn.
const WINDOW: Duration = Duration::from_millis(30);

/// A workload in somebody's hands.
pub trait Contestant {
    /// Back to the first weights, untimed.
    fn restart(&mut self) {}

    /// What is timed: a step, or a value with its gradient. Returns the value before the step.
    fn step(&mut self) -> f64;

    /// The norm of the gradient where it stands now.
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
        "| workload | code | least, µs | median, µs | × by hand | steps | first value | value after a step | norm of ∇ |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    let workloads: [(&str, fn() -> Field); 3] = [
        ("perceptron 784-128-10, batch 128, f32, Adam", perceptron),
        ("logistic regression 10,000 × 100, f64", logistic),
        ("mixture d = 10, K = 25, n = 1,000, f64", mixture),
    ];
    for (name, field) in workloads.into_iter().filter(|(name, _)| name.contains(&filter)) {
        report(name, field(), budget);
    }
}

/// A window's steps, in microseconds; the first one, which finds the caches cold, is not counted.
fn turn(contestant: &mut dyn Contestant, times: &mut Vec<f64>) {
    contestant.restart();
    black_box(contestant.step());
    let window = Instant::now();
    while window.elapsed() < WINDOW {
        let begun = Instant::now();
        black_box(contestant.step());
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
}

/// What a contestant computes: the value, the value after a step, the norm of the gradient.
fn figures(contestant: &mut dyn Contestant) -> [Option<f64>; 3] {
    contestant.restart();
    let norm = contestant.norm();
    let first = contestant.step();
    [Some(first), Some(contestant.step()), norm]
}

/// A row for each contestant.
fn report(workload: &str, mut field: Field, budget: Duration) {
    let tolerance = if workload.contains("f32") { 1e-4 } else { 1e-9 };
    let figures: Vec<_> = field.iter_mut().map(|(_, contestant)| figures(contestant.as_mut())).collect();
    let mut times: Vec<Vec<f64>> = vec![vec![]; field.len()];
    for _ in 0..budget.div_duration_f64(WINDOW).ceil() as usize {
        for ((_, contestant), times) in field.iter_mut().zip(&mut times) {
            turn(contestant.as_mut(), times);
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let by_hand = times[0][0];
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
            times[0] / by_hand,
            times.len(),
        );
    }
}
