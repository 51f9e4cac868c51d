//! Six ways to choose the length of a step, on a bowl that is far steeper across than along.
//!
//! ```text
//! f = 0.5 x² + 0.1 y²,    from (−6, −6),    stop when |∇f| < 1e-4;    η₀ = 1.66, floor = 0.001
//!
//! 1  η = floor                                 4  η = max(floor, η₀ 0.9ᵏ)
//! 2  η = η₀                                    5  η = max(floor, η₀ / e^(|g| / 10))
//! 3  x ← x − η₀ (0.9 g + 0.1 last g)           6  η = max(floor, η₀ (cos θ + 1.001) / 2.0001)
//! ```
//!
//! `θ` is the angle between this gradient and the last. As in the article, a step is taken before its gradient is
//! tested.

mod common;

use common::{Show, gallery, grouped};
use downhill::plot::{Chart, Panels};
use downhill::prelude::*;

pub(crate) const TITLE: &str = "Six step strategies on 0.5 x² + 0.1 y² from (−6, −6): how many steps";

/// The points of the walk, from the start to the last.
fn path<R: Rule>(rule: R) -> Vec<[f64; 2]> {
    let mut p = [-6.0, -6.0];
    let mut path = vec![p];
    let mut optimizer = rule.optimizer();
    loop {
        let tape = Tape::new();
        let [x, y] = tape.vars(p);
        let f = 0.5 * x * x + 0.1 * y * y;
        let g = f.backward().wrt_slice(&[x, y]);
        optimizer.step(&mut p, &g);
        path.push(p);
        if g[0].hypot(g[1]) < 1e-4 {
            return path;
        }
    }
}

pub(crate) fn run(show: &mut Show) {
    let (high, floor) = (1.66, 0.001);
    let decay = LearningRate::decay(high, 0.9, floor);
    let by_magnitude = LearningRate::by_magnitude(high, floor);
    let by_angle = LearningRate::by_angle(high, floor);
    let walks = [
        ("always the floor", path(GradientDescent::new(floor)), "46,960"),
        ("always η₀", path(GradientDescent::new(high)), "28"),
        ("0.1 of the last gradient", path(MomentumMix::new(high).gamma(0.1)), "24"),
        ("decay", path(GradientDescent::new(decay)), "28,710"),
        ("by the magnitude", path(GradientDescent::new(by_magnitude)), "26"),
        ("by the angle", path(GradientDescent::new(by_angle)), "34"),
    ];
    for (number, (name, path, published)) in (1..).zip(&walks) {
        show(&format!("{number}  {name}"), &grouped(path.len() - 1), published);
    }
    let mut panels =
        Panels::new("Six step strategies on 0.5 x² + 0.1 y² from (−6, −6)", 3).size(320.0, 330.0);
    for (name, path, steps) in walks {
        let chart = Chart::new(format!("{name}: {steps} steps"))
            .x_name("x")
            .y_name("y")
            .key(false)
            .x_range(-7.0..=7.0)
            .y_range(-7.0..=7.0);
        let bowl = |x: f64, y: f64| 0.5 * x * x + 0.1 * y * y;
        panels = panels.add(chart.contours(bowl).path("", path));
    }
    panels.save(gallery("step_strategies.png")).unwrap();
}

fn main() {
    common::print(TITLE, run);
}
