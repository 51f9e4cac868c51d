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

use common::{Show, grouped};
use downhill::{optim::Method, prelude::*, problems};

pub(crate) const TITLE: &str = "A race of all rules on the banana and on Beale's function, until |∇f| < 1e-4";

/// The function of a course and its start.
type Course = (fn(&[Var]) -> Var, [f64; 2]);

fn race(show: &mut Show, name: &str, method: impl Method, (f, start): Course) {
    let walk = minimize(f, &start).method(method).gradient_tolerance(1e-4).max_iterations(100_000).run();
    let (steps, evaluations) = (grouped(walk.iterations), grouped(walk.evaluations));
    let why = walk.stop.to_string();
    let why = why.split(';').next().unwrap_or_default();
    show(&format!("{name:<26}{steps:>9}{evaluations:>13}{:>10.1e}  {why}", walk.value), "", "");
    assert!(walk.value < 1e-5, "{name} ends too high");
}

fn heading(course: &str) -> String {
    format!("{course:<26}{:>9}{:>13}{:>10}  why it stopped", "steps", "evaluations", "value")
}

pub(crate) fn run(show: &mut Show) {
    let banana: Course = (problems::banana, [-1.9, -0.9]);
    show(&heading("banana"), "", "");
    race(show, "GradientDescent 0.001", GradientDescent::new(0.001), banana);
    race(show, "… 0.5, backing off", GradientDescent::new(0.5).back_off(), banana);
    race(show, "Momentum 0.0005", Momentum::new(0.0005), banana);
    race(show, "MomentumMix 0.001", MomentumMix::new(0.001), banana);
    race(show, "Nesterov 0.0003", Nesterov::new(0.0003), banana);
    race(show, "AdaGrad 1", AdaGrad::new(1.0), banana);
    race(show, "RmsProp 0.0001", RmsProp::new(0.0001), banana);
    race(show, "Adam 0.5", Adam::new(0.5), banana);
    race(show, "SteepestDescent", SteepestDescent::new(), banana);

    let beale: Course = (problems::beale, [1.0, 1.0]);
    show("", "", "");
    show(&heading("Beale"), "", "");
    race(show, "GradientDescent 0.03", GradientDescent::new(0.03), beale);
    race(show, "… 0.5, backing off", GradientDescent::new(0.5).back_off(), beale);
    race(show, "Momentum 0.02", Momentum::new(0.02), beale);
    race(show, "MomentumMix 0.05", MomentumMix::new(0.05), beale);
    race(show, "Nesterov 0.01", Nesterov::new(0.01), beale);
    race(show, "AdaGrad 1", AdaGrad::new(1.0), beale);
    race(show, "RmsProp 0.02", RmsProp::new(0.02), beale);
    race(show, "Adam 0.2", Adam::new(0.2), beale);
    race(show, "SteepestDescent", SteepestDescent::new(), beale);
}

fn main() {
    common::print(TITLE, run);
}
