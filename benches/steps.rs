//! Steps of optimizers over many numbers, as ratios to the bound of the memory in the same run, as a Markdown table.
//!
//! ```text
//! bound(Adam) = the time to read x, g, m, v and to write x, m, v: a ← a + d, b ← b + d, c ← c + d
//! ```
//!
//! `cargo bench --bench steps [-- FILTER]`, with a part of a rule's name. `DOWNHILL_BENCH_SECONDS` sets the time spent on
//! each rule (3). One thread.

#[path = "timing/mod.rs"]
mod timing;

use std::env;
use std::hint::black_box;
use std::time::Duration;

use downhill::optim::{OnNonFinite, Optimizer, Rated, Rule};
use downhill::params::Element;
use downhill::prelude::*;
use timing::{interleaved, readable};

fn main() {
    let filter = env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    let seconds = env::var("DOWNHILL_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3.0);
    let bench = Bench { filter, budget: Duration::from_secs_f64(seconds) };
    println!("| rule | numbers | least | ns a number | × bound | × bound, not looking |");
    println!("|---|--:|--:|--:|--:|--:|");
    for n in [1_000, 100_000, 10_000_000] {
        bench.report::<f32, _, 0>("GradientDescent", GradientDescent::new(1e-3), n);
        bench.report::<f32, _, 1>("Momentum", Momentum::new(1e-3), n);
        bench.report::<f32, _, 2>("Adam", Adam::new(1e-3), n);
        bench.report::<f32, _, 2>("Adam, clipped", Adam::new(1e-3).clip_norm(1.0), n);
        bench.report::<f64, _, 2>("Adam, f64", Adam::new(1e-3), n);
    }
}

struct Bench {
    filter: String,
    budget: Duration,
}

impl Bench {
    /// A row for a rule that remembers `S` numbers for each of `n`.
    fn report<T: Element, R: Rule<T> + Clone, const S: usize>(&self, name: &str, rule: R, n: usize) {
        if !name.contains(&self.filter) {
            return;
        }
        let gradient: Vec<T> = (0..n).map(|k| T::nearest((k as f64).sin())).collect();
        let mut streams: Vec<Vec<T>> = vec![vec![T::one(); n]; 1 + S];
        let (mut x, mut y) = (vec![T::zero(); n], vec![T::zero(); n]);
        let mut looking = rule.clone().optimizer_for(&x);
        let mut not_looking = rule.optimizer_for(&y).on_non_finite(OnNonFinite::Propagate);
        let mut bound = || pass(black_box(&mut streams), black_box(&gradient));
        let step = |optimizer: &mut Optimizer<R, T>, x: &mut Vec<T>| {
            black_box(optimizer.step(black_box(x), black_box(&gradient)));
        };
        let mut ours = || step(&mut looking, &mut x);
        let mut blind = || step(&mut not_looking, &mut y);
        let times = interleaved(&mut [&mut bound, &mut ours, &mut blind], self.budget);
        let [bound, ours, blind] = [0, 1, 2].map(|k| times[k].least());
        println!(
            "| {name} | {n} | {} | {:.3} | {:.2} | {:.2} |",
            readable(ours),
            1e9 * ours / n as f64,
            ours / bound,
            blind / bound
        );
    }
}

/// Reads all streams and the gradient, and writes the streams.
fn pass<T: Element>(streams: &mut [Vec<T>], gradient: &[T]) {
    match streams {
        [a] => a.iter_mut().zip(gradient).for_each(|(a, &d)| *a += d),
        [a, b] => {
            for ((a, b), &d) in a.iter_mut().zip(b).zip(gradient) {
                *a += d;
                *b += d;
            }
        }
        [a, b, c] => {
            for (((a, b), c), &d) in a.iter_mut().zip(b).zip(c).zip(gradient) {
                *a += d;
                *b += d;
                *c += d;
            }
        }
        _ => unreachable!("at most two states"),
    }
}
