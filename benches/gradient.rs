//! The gradient of chained Rosenbrock functions: by hand, on our tape, on the tape of the `reverse` crate.
//!
//! ```text
//! f(x) = Σᵢ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²
//! ```
//!
//! `cargo bench --bench gradient`. Compare within one run: as ratios, not as times.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use downhill::prelude::*;
use reverse::Gradient;

/// One term. Generic, for the plain value too; inlined, here and for the peer, as in a loop written out.
#[inline(always)]
fn term<R: Real>(pair: &[R]) -> R {
    (pair[1] - pair[0] * pair[0]).powi(2) * 100.0 + (-pair[0] + 1.0).powi(2)
}

/// Summed up by a loop.
fn chain<R: Real>(x: &[R]) -> R {
    let mut sum = R::from(0.0);
    for pair in x.windows(2) {
        sum += term(pair);
    }
    sum
}

/// Summed up by `sum()`.
fn chain_sum(x: &[Var]) -> Var {
    x.windows(2).map(term).sum()
}

fn by_hand(x: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let (valley, far) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        sum += 100.0 * valley * valley + far * far;
        gradient[i] += -400.0 * valley * x[i] - 2.0 * far;
        gradient[i + 1] += 200.0 * valley;
    }
    sum
}

#[inline(always)]
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

/// Points between −2 and 2, from a fixed linear congruential generator.
fn start(n: usize) -> Vec<f64> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        4.0 * ((state >> 11) as f64 / (1u64 << 53) as f64) - 2.0
    };
    (0..n).map(|_| next()).collect()
}

fn rosenbrock(c: &mut Criterion) {
    let mut group = c.benchmark_group("rosenbrock");
    for n in [10, 1_000, 100_000] {
        let x = start(n);
        let mut g = vec![0.0; n];
        group.bench_with_input(BenchmarkId::new("by hand", n), &x, |b, x| {
            b.iter(|| by_hand(black_box(x), &mut g))
        });
        group.bench_with_input(BenchmarkId::new("plain value", n), &x, |b, x| {
            b.iter(|| chain::<f64>(black_box(x)))
        });
        group.bench_with_input(BenchmarkId::new("value on constants", n), &x, |b, x| {
            b.iter(|| value(chain, black_box(x)))
        });
        for (name, f) in [("downhill", chain::<Var> as fn(&[Var]) -> Var), ("downhill, sum()", chain_sum)] {
            group.bench_with_input(BenchmarkId::new(name, n), &x, |b, x| {
                b.iter(|| value_and_gradient_into(f, black_box(x), &mut g));
            });
        }
        let tape = reverse::Tape::new();
        group.bench_with_input(BenchmarkId::new("reverse", n), &x, |b, x| {
            b.iter(|| {
                tape.clear();
                let x = tape.add_vars(black_box(x));
                chain_on_reverse(&x).grad().wrt(&x)
            });
        });
        group.bench_with_input(BenchmarkId::new("reverse, sum()", n), &x, |b, x| {
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
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1)).sample_size(30);
    targets = rosenbrock
}
criterion_main!(benches);
