//! The gradient of chained Rosenbrock functions: by hand, on our tape, on the tape of the `reverse` crate.
//!
//! `cargo bench --bench gradient`. Compare within one run: as ratios, not as times. The functions but for the peer's are
//! those of `workloads/rosenbrock.rs`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use downhill::prelude::*;
use reverse::Gradient;

#[allow(dead_code, reason = "one of its workloads is measured here")]
#[path = "workloads/mod.rs"]
mod workloads;

use workloads::rosenbrock;

fn term_on_reverse<'a>(pair: &[reverse::Var<'a>]) -> reverse::Var<'a> {
    (pair[1] - pair[0] * pair[0]).powi(2) * 100.0 + (1.0 - pair[0]).powi(2)
}

fn chain_on_reverse<'a>(x: &[reverse::Var<'a>]) -> reverse::Var<'a> {
    let mut sum = term_on_reverse(&x[..2]);
    for pair in x[1..].windows(2) {
        sum = sum + term_on_reverse(pair);
    }
    sum
}

fn chain_sum_on_reverse<'a>(x: &[reverse::Var<'a>]) -> reverse::Var<'a> {
    x.windows(2).map(term_on_reverse).sum()
}

fn chains(c: &mut Criterion) {
    let mut group = c.benchmark_group("rosenbrock");
    for n in [10, 1_000, 100_000] {
        let mut case = rosenbrock::case(n);
        let (x, mut g) = (&case.point, vec![0.0; n]);
        group.bench_function(BenchmarkId::new("by hand", n), |b| {
            b.iter(|| (case.by_hand)(black_box(x), &mut g))
        });
        group.bench_function(BenchmarkId::new("plain value", n), |b| b.iter(|| (case.plain)(black_box(x))));
        group.bench_function(BenchmarkId::new("value on constants", n), |b| {
            b.iter(|| value(rosenbrock::chain, black_box(x)));
        });
        for (name, ours) in &mut case.ours {
            let name = format!("downhill, {name}");
            group.bench_function(BenchmarkId::new(name, n), |b| b.iter(|| ours(black_box(x), &mut g)));
        }
        let tape = reverse::Tape::new();
        group.bench_function(BenchmarkId::new("reverse", n), |b| {
            b.iter(|| {
                tape.clear();
                let x = tape.add_vars(black_box(x));
                chain_on_reverse(&x).grad().wrt(&x)
            });
        });
        group.bench_function(BenchmarkId::new("reverse, sum()", n), |b| {
            b.iter(|| {
                tape.clear();
                let x = tape.add_vars(black_box(x));
                chain_sum_on_reverse(&x).grad().wrt(&x)
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1)).sample_size(30);
    targets = chains
}
criterion_main!(benches);
