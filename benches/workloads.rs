//! Times of every workload: plain, with the gradient by hand, and with the crate's.
//!
//! `cargo bench --bench workloads [-- FILTER]`. For ratios, which a busy machine disturbs less, see `benches/ratios.rs`;
//! for what a change made slower, `benches/regressions.rs`.

#[path = "workloads/mod.rs"]
mod workloads;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

fn benches(c: &mut Criterion) {
    for mut case in workloads::all() {
        let mut derivatives = vec![0.0; case.derivatives()];
        let mut group = c.benchmark_group(&case.name);
        group.bench_function("plain", |b| b.iter(|| (case.plain)(black_box(&case.point))));
        group.bench_function("by hand", |b| {
            b.iter(|| (case.by_hand)(black_box(&case.point), &mut derivatives))
        });
        for (name, f) in &mut case.ours {
            group.bench_function(name.replace('`', ""), |b| {
                b.iter(|| f(black_box(&case.point), &mut derivatives))
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1))
        .sample_size(20);
    targets = benches
}
criterion_main!(all);
