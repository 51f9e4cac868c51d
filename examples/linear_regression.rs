//! A line through a hundred noisy points, by descent on the sum of squares, against the closed form.
//!
//! ```text
//! y = 2 + 1.2 x + noise (σ = 0.6),    cost(a, b) = Σ (a + b x − y)²,    from (−100, −100),    η = 1e-4
//! least squares:  b = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²,    a = ȳ − b x̄
//! ```

mod common;

use common::{Show, gallery, grouped};
use downhill::error::Error;
use downhill::plot::{Chart, Scene};
use downhill::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Normal};

pub(crate) const TITLE: &str =
    "A line through 100 points of y = 1.2 x + 2 with noise of σ = 0.6, from (−100, −100)";

const POINTS: usize = 100;

/// The line with the least squares, in closed form: offset and slope.
fn least_squares(xs: &[f64], ys: &[f64]) -> [f64; 2] {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (x_mean, y_mean) = (mean(xs), mean(ys));
    let covariance: f64 = xs.iter().zip(ys).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let slope = covariance / xs.iter().map(|x| (x - x_mean).powi(2)).sum::<f64>();
    [y_mean - slope * x_mean, slope]
}

pub(crate) fn run(show: &mut Show) {
    let mut random = StdRng::seed_from_u64(1);
    let noise = Normal::new(0.0, 0.6).unwrap();
    let xs: Vec<f64> = (0..POINTS).map(|_| random.random_range(0.0..10.0)).collect();
    let ys: Vec<f64> = xs.iter().map(|x| 1.2 * x + 2.0 + noise.sample(&mut random)).collect();

    let squares = |line: &[Var]| sum_of(line, POINTS, |line, i| (line[0] + line[1] * xs[i] - ys[i]).powi(2));
    let walk = minimize(squares, &[-100.0, -100.0])
        .method(GradientDescent::new(1e-4))
        .keep_path(true)
        .keep_history(true)
        .run();
    assert!(walk.is_converged(), "{walk}");
    let [offset, slope] = least_squares(&xs, &ys);
    assert!((walk.x[0] - offset).abs() < 1e-4 && (walk.x[1] - slope).abs() < 1e-4);

    let line = |offset: f64, slope: f64| format!("y = {slope:.5} x + {offset:.5}");
    show("by descent", &format!("{} in {} steps", line(walk.x[0], walk.x[1]), grouped(walk.iterations)), "");
    show("by least squares, in closed form", &line(offset, slope), "");
    let deviation = (walk.value / POINTS as f64).sqrt();
    show("what the line leaves, per point", &format!("{deviation:.2}"), "");
    let points: Vec<[f64; 2]> = xs.iter().zip(&ys).map(|(&x, &y)| [x, y]).collect();
    draw(&points, &walk).unwrap();
}

/// Figures 10 to 12: the points, the surface of the error with the walk on it, and the lines on the way.
fn draw(points: &[[f64; 2]], walk: &Outcome) -> Result<(), Error> {
    let chart = |title| Chart::new(title).x_name("x").y_name("y").points("measured", points.iter().copied());
    chart("A hundred points around y = 1.2 x + 2").save(gallery("regression_points.png"))?;
    let squares = |a: f64, b: f64| points.iter().map(|[x, y]| (a + b * x - y).powi(2)).sum::<f64>();
    Scene::new("The sum of squares over offset and slope, and the walk down")
        .names("offset", "slope", "squares")
        .x_range(-110.0..=110.0)
        .y_range(-110.0..=110.0)
        .surface(squares)
        .view(60.0, 38.0)
        .walk("gradient descent from (−100, −100)", walk)
        .save(gallery("regression_error.png"))?;
    let lines = [5, 50, 200, 500, 1000, walk.iterations].into_iter().fold(
        chart("The line on its way to the points").y_range(-5.0..=20.0),
        |chart, step| {
            let line = walk.path[step].clone();
            chart.curve(format!("step {}", grouped(step)), move |x| line[0] + line[1] * x)
        },
    );
    lines.save(gallery("regression_lines.png"))?;
    Chart::new("The cost of the line")
        .x_name("step")
        .y_name("sum of squares")
        .log_y()
        .history("", &walk.history)
        .save(gallery("regression_cost.png"))
}

fn main() {
    common::print(TITLE, run);
}
