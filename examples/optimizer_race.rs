//! Every rule on two valleys: how many steps and evaluations each takes, how low it gets, and why it stops.
//!
//! ```text
//! banana  (1 − x)² + 100 (y − x²)²                                     from (−1.9, −0.9)
//! Beale   (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²     from (1, 1)
//! ```
//!
//! All stop when |∇f| < 1e-4, or after 100,000 steps. Each has a rate that suits it; steepest descent needs none, and
//! pays for it in evaluations. RMSprop's steps stay as long as its rate, so on the banana it circles the minimum.

mod common;

use common::{Show, gallery, grouped};
use downhill::plot::Chart;
use downhill::{optim::Method, prelude::*, problems};

pub(crate) const TITLE: &str = "A race of all rules on the banana and on Beale’s function, until |∇f| < 1e-4";

/// The function of a course and its start.
type Course = (fn(&[Var]) -> Var, [f64; 2]);

/// The best value so far at each step, for the chart.
type Record = (String, Vec<f64>);

fn race(show: &mut Show, name: &str, method: impl Method, (f, start): Course) -> Record {
    let walk = minimize(f, &start)
        .method(method)
        .gradient_tolerance(1e-4)
        .max_iterations(100_000)
        .keep_history(true)
        .run();
    let (steps, evaluations) = (grouped(walk.iterations), grouped(walk.evaluations));
    let why = walk.stop.to_string();
    let why = why.split(';').next().unwrap_or_default();
    show(&format!("{name:<26}{steps:>9}{evaluations:>13}{:>10.1e}  {why}", walk.value), "", "");
    assert!(walk.value < 1e-5, "{name} ends too high");
    let lowest = walk.history.iter().scan(f64::INFINITY, |lowest, &value| {
        *lowest = lowest.min(value);
        Some(*lowest)
    });
    (name.replace("… 0.5, backing off", "backing off 0.5"), lowest.collect())
}

fn draw(title: &str, file: &str, (steps, start): (f64, f64), records: Vec<Record>) {
    let chart = Chart::new(title).x_name("step, from 1").y_name("lowest value so far").log_x().log_y();
    let chart = chart.x_range(1.0..=steps).y_range(1e-10..=start);
    let line = |values: Vec<f64>| {
        (1..).zip(values).map(|(step, value)| [f64::from(step), value]).collect::<Vec<_>>()
    };
    let chart = records.into_iter().fold(chart, |chart, (name, values)| chart.line(name, line(values)));
    chart.size(640.0, 480.0).save(gallery(file)).unwrap();
}

fn heading(course: &str) -> String {
    format!("{course:<26}{:>9}{:>13}{:>10}  why it stopped", "steps", "evaluations", "value")
}

pub(crate) fn run(show: &mut Show) {
    let banana: Course = (problems::banana, [-1.9, -0.9]);
    show(&heading("banana"), "", "");
    let records = vec![
        race(show, "GradientDescent 0.001", GradientDescent::new(0.001), banana),
        race(show, "… 0.5, backing off", GradientDescent::new(0.5).back_off(), banana),
        race(show, "Momentum 0.0005", Momentum::new(0.0005), banana),
        race(show, "MomentumMix 0.001", MomentumMix::new(0.001), banana),
        race(show, "Nesterov 0.0003", Nesterov::new(0.0003), banana),
        race(show, "AdaGrad 1", AdaGrad::new(1.0), banana),
        race(show, "RmsProp 0.0001", RmsProp::new(0.0001), banana),
        race(show, "Adam 0.5", Adam::new(0.5), banana),
        race(show, "SteepestDescent", SteepestDescent::new(), banana),
    ];
    draw("The race on the banana", "race_banana.png", (1e5, 1e4), records);

    let beale: Course = (problems::beale, [1.0, 1.0]);
    show("", "", "");
    show(&heading("Beale"), "", "");
    let records = vec![
        race(show, "GradientDescent 0.03", GradientDescent::new(0.03), beale),
        race(show, "… 0.5, backing off", GradientDescent::new(0.5).back_off(), beale),
        race(show, "Momentum 0.02", Momentum::new(0.02), beale),
        race(show, "MomentumMix 0.05", MomentumMix::new(0.05), beale),
        race(show, "Nesterov 0.01", Nesterov::new(0.01), beale),
        race(show, "AdaGrad 1", AdaGrad::new(1.0), beale),
        race(show, "RmsProp 0.02", RmsProp::new(0.02), beale),
        race(show, "Adam 0.2", Adam::new(0.2), beale),
        race(show, "SteepestDescent", SteepestDescent::new(), beale),
    ];
    draw("The race on Beale’s function", "race_beale.png", (1e3, 1e2), records);
}

fn main() {
    common::print(TITLE, run);
}
