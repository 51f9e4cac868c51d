//! The cost of gradients, as ratios to plain code and to gradients by hand of the same run, as a Markdown table.
//!
//! `cargo bench --bench ratios [-- FILTER]`, with a part of a workload's name. `DOWNHILL_BENCH_SECONDS` sets the time
//! spent on each workload (3).

#[path = "timing/mod.rs"]
mod timing;
#[path = "workloads/mod.rs"]
mod workloads;

use std::cell::RefCell;
use std::env;
use std::hint::black_box;
use std::time::Duration;

use timing::{Times, interleaved, readable};
use workloads::Case;

fn main() {
    let filter = env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    let seconds = env::var("DOWNHILL_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3.0);
    println!("| workload | code | least | median | × plain | quartiles | × by hand | quartiles |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    for case in workloads::all().into_iter().filter(|case| case.name.contains(&filter)) {
        report(case, Duration::from_secs_f64(seconds));
    }
}

/// A row for each kind of code.
fn report(mut case: Case, budget: Duration) {
    let derivatives = RefCell::new(vec![0.0; case.derivatives()]);
    let (point, plain) = (&case.point, &case.plain);
    let mut names = vec!["plain", "by hand"];
    let mut plain = || {
        black_box(plain(black_box(point)));
    };
    let mut by_hand = || {
        black_box((case.by_hand)(black_box(point), &mut derivatives.borrow_mut()));
    };
    let mut ours = Vec::new();
    for (name, f) in &mut case.ours {
        names.push(name);
        ours.push(|| {
            black_box(f(black_box(point), &mut derivatives.borrow_mut()));
        });
    }
    let mut candidates: Vec<&mut dyn FnMut()> = vec![&mut plain, &mut by_hand];
    candidates.extend(ours.iter_mut().map(|f| f as &mut dyn FnMut()));
    let times = interleaved(&mut candidates, budget);
    for (name, took) in names.iter().zip(&times) {
        let (least, median) = (readable(took.least()), readable(took.median()));
        let (to_plain, to_hand) = (ratio(took, &times[0]), ratio(took, &times[1]));
        println!("| {} | {name} | {least} | {median} | {to_plain} | {to_hand} |", case.name);
    }
}

/// The ratio of the least times, and the quartiles of the ratios round by round.
fn ratio(took: &Times, reference: &Times) -> String {
    let [low, middle, high] = took.quartiles(reference);
    format!("{:.2} | {low:.2} {middle:.2} {high:.2}", took.least() / reference.least())
}
