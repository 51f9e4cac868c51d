//! One bowl, four learning rates: too low, right, too high, and too high but backing off.
//!
//! ```text
//! f = x² + y²,    a step multiplies x and y by 1 − 2η, and the cost by (1 − 2η)²
//! ```
//!
//! Too low a rate wastes steps; too high a one overshoots further each time, until `back_off()` takes the step that
//! raised the cost back and halves the rate.

mod common;

use common::{Show, gallery};
use downhill::error::Error;
use downhill::plot::{Chart, Panels};
use downhill::prelude::*;

pub(crate) const TITLE: &str = "The learning rate on x² + y² from (5, 5): the cost after 0, 1, 2, … steps";

const SHOWN: [usize; 7] = [0, 1, 2, 3, 5, 10, 20];

fn row(name: &str, columns: [String; 7]) -> String {
    let columns: String = columns.iter().map(|column| format!("{column:>10}")).collect();
    format!("{name:<24}{columns}")
}

pub(crate) fn run(show: &mut Show) {
    let bowl = |[x, y]: [Var; 2]| x * x + y * y;
    let at_rate = |lr| minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(lr)).keep_history(true).run();
    let backing_off =
        |lr| minimize(bowl, [5.0, 5.0]).method(GradientDescent::new(lr).back_off()).keep_history(true).run();
    let walks = [
        ("too low, 0.01", at_rate(0.01)),
        ("right, 0.4", at_rate(0.4)),
        ("too high, 1.5", at_rate(1.5)),
        ("1.5, backing off", backing_off(1.5)),
    ];

    show(&row("", SHOWN.map(|step| step.to_string())), "", "");
    for (name, walk) in &walks {
        let cost = |step: usize| walk.history.get(step).map_or("·".to_owned(), |cost| format!("{cost:.1e}"));
        show(&row(name, SHOWN.map(cost)), "", "");
    }
    show("", "", "");
    for (name, walk) in &walks {
        let why = walk.stop.to_string().replace("; ", &format!(";\n{:31}", ""));
        show(&format!("{name:<18}{:>4} steps: {why}", walk.iterations), "", "");
    }

    draw(&walks).unwrap();
    let [low, right, high, careful] = walks.map(|(_, walk)| walk);
    assert!(low.is_converged() && low.iterations > 30 * right.iterations && right.is_converged());
    assert!(high.is_diverged());
    assert!(careful.is_converged() && careful.history.windows(2).all(|pair| pair[1] <= pair[0]));
}

/// The cost of each walk, evenly and by logarithms.
fn draw(walks: &[(&str, Outcome)]) -> Result<(), Error> {
    let costs = |title: &str| {
        let chart = Chart::new(title).x_name("step").y_name("cost x² + y²").x_range(0.0..=20.0);
        walks.iter().fold(chart, |chart, (name, walk)| chart.history(*name, &walk.history))
    };
    Panels::new("Learning rates, with and without back-off", 2)
        .size(440.0, 350.0)
        .add(costs("On an even axis").y_range(0.0..=100.0))
        .add(costs("On a logarithmic axis").log_y().y_range(1e-9..=1e9))
        .save(gallery("learning_rates.png"))
}

fn main() {
    common::print(TITLE, run);
}
