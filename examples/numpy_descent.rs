//! Gradient descent as NumPy users meet it: a gradient of samples, then `v²`, then `x² + y²`, and what the rate does.
//!
//! ```text
//! v ← v − η ∇f(v)        fifty times, or until |η ∇f(v)| ≤ tolerance in every component
//! ```
//!
//! On `v²` a step multiplies `v` by `1 − 2η`: at η = 0.2 it slides down one side, at 0.7 it jumps across and still
//! arrives, and beyond 1 every jump lands higher up.

mod common;

use common::{Show, rounded};
use downhill::{prelude::*, sampled};

pub(crate) const TITLE: &str = "Descent as in NumPy: samples, v², x² + y²";

/// The article's function.
fn descend(mut slope: impl FnMut(&[f64]) -> Vec<f64>, start: &[f64], lr: f64, tolerance: f64) -> Vec<f64> {
    let mut v = start.to_vec();
    let mut descent = GradientDescent::new(lr).optimizer();
    while descent.steps() < 50 {
        let g = slope(&v);
        if g.iter().all(|g| (lr * g).abs() <= tolerance) {
            break;
        }
        descent.step(&mut v, &g);
    }
    v
}

pub(crate) fn run(show: &mut Show) {
    let of_samples = |samples: &[f64], lr| {
        let slopes = sampled::gradient(samples, 1.0).unwrap();
        descend(|_| slopes.clone(), &vec![10.0; samples.len()], lr, 1e-6)
    };
    let v: Vec<f64> = of_samples(&[1.0, 2.0, 4.0, 7.0, 11.0, 16.0], 0.01).into_iter().map(rounded).collect();
    show("samples 1 2 4 7 11 16, rate 0.01", &format!("{v:?}"), "[9.5, 9.25, 8.75, 8.25, 7.75, 7.5]");
    show("samples 2 4, rate 0.1", &format!("{:.2e}", of_samples(&[2.0, 4.0], 0.1)[0]), "2.05e-15");
    show("samples 2 4, rate 0.001", &format!("{}", rounded(of_samples(&[2.0, 4.0], 0.001)[0])), "9.9");

    let square = |lr, tolerance| descend(|v| gradient(|v| v[0] * v[0], v), &[10.0], lr, tolerance)[0];
    for (lr, published) in
        [(0.1, "1.42725e-4"), (0.2, "8.08281e-11"), (0.8, "8.08281e-11"), (0.005, "6.05006e0")]
    {
        show(&format!("v² from 10, 50 steps, rate {lr}"), &format!("{:.5e}", square(lr, 0.0)), published);
    }
    show("v², rate 0.2, until a step is ≤ 1e-6", &format!("{:.5e}", square(0.2, 1e-6)), "");
    for (lr, how) in [(0.2, "slides down"), (0.7, "jumps across")] {
        let walk = minimize(|v| v * v, 10.0).method(GradientDescent::new(lr)).keep_path(true).run();
        assert!(walk.is_converged());
        let path: String = walk.path[..6].iter().map(|v| format!("{:<8}", rounded(v[0]))).collect();
        show(&format!("v², rate {lr}: {how}"), &(path + "…"), "");
    }

    let bowl = |[x, y]: [Var; 2]| x * x + y * y;
    let walk = minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(0.1)).keep_path(true).run();
    assert!(walk.path.windows(2).all(|step| (step[1][0] / step[0][0] - 0.8).abs() < 1e-14));
    show("x² + y², rate 0.1, factor of each step", &format!("{}", walk.path[1][0] / walk.path[0][0]), "0.8");
    let walk = minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(1.1)).run();
    let end = if walk.is_diverged() { "diverges" } else { "converges" };
    show("x² + y², rate 1.1", end, "diverges");
    let walk = minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(1.1).back_off()).run();
    assert!(walk.is_converged());
    show("x² + y², rate 1.1 with back_off()", &format!("converges in {} steps", walk.iterations), "");
}

fn main() {
    common::print(TITLE, run);
}
