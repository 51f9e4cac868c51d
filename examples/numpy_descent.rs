//! Gradient descent as NumPy users meet it: a gradient of samples, then `v²`, then `x² + y²`, and what the rate does.
//!
//! ```text
//! v ← v − η ∇f(v)        fifty times, or until |η ∇f(v)| ≤ tolerance in every component
//! ```
//!
//! On `v²` a step multiplies `v` by `1 − 2η`: at η = 0.2 it slides down one side, at 0.7 it jumps across and still
//! arrives, and beyond 1 every jump lands higher up.

mod common;

use common::{Show, gallery, rounded};
use downhill::error::Error;
use downhill::plot::{Chart, Panels, Scene};
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
    draw_square().unwrap();
    draw_bowl().unwrap();
}

/// The walks on `v²`: sliding down one side, and jumping across.
fn draw_square() -> Result<(), Error> {
    let panel = |title: &str, lr| {
        let walk = minimize(|v| v * v, 10.0).method(GradientDescent::new(lr)).keep_path(true).run();
        let chart = Chart::new(title).x_name("v").y_name("v²").x_range(-11.0..=11.0).y_range(-5.0..=125.0);
        chart.dashed_curve("", |v| v * v).path("", walk.path.into_iter().map(|v| [v[0], v[0] * v[0]]))
    };
    Panels::new("Gradient descent on v² from 10", 3)
        .size(300.0, 300.0)
        .add(panel("η = 0.02 creeps", 0.02))
        .add(panel("η = 0.2 slides down", 0.2))
        .add(panel("η = 0.7 jumps across", 0.7))
        .save(gallery("square_rates.png"))
}

/// The walks on `x² + y²`: in the plane, in space, and what a rate too high costs with and without back-off.
fn draw_bowl() -> Result<(), Error> {
    let bowl = |[x, y]: [Var; 2]| x * x + y * y;
    let from =
        |lr| minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(lr)).keep_path(true).keep_history(true);
    let walk = from(0.1).run();
    walk.plot()
        .contours(bowl)
        .title("x² + y² from (5, 5), η = 0.1")
        .x_range(-6.0..=6.0)
        .y_range(-6.0..=6.0)
        .size(600.0, 520.0)
        .save(gallery("bowl_descent.png"))?;
    Scene::new("x² + y² from (5, 5), η = 0.1")
        .x_range(-6.0..=6.0)
        .y_range(-6.0..=6.0)
        .names("x", "y", "f")
        .surface(bowl)
        .view(32.0, 46.0)
        .walk("gradient descent", &walk)
        .save(gallery("bowl_descent_3d.png"))?;
    let careful =
        minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(1.1).back_off()).keep_history(true).run();
    Chart::new("A rate too high diverges, unless it backs off")
        .x_name("step")
        .y_name("cost x² + y²")
        .x_range(0.0..=40.0)
        .y_range(1e-10..=1e10)
        .log_y()
        .history("η = 0.1", &walk.history)
        .history("η = 1.1", &from(1.1).run().history)
        .history("η = 1.1, backing off", &careful.history)
        .save(gallery("divergence.png"))
}

fn main() {
    common::print(TITLE, run);
}
