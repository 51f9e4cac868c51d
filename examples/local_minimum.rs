//! A descent ends in the well it starts above; several starts find the deeper one.
//!
//! ```text
//! f = x⁴ − 2x² + x/3 − 1,    wells at x = −1.039 (deep) and x = 0.955 (shallow), a ridge at x = 0.084 between them
//! ```

mod common;

use common::{Show, gallery};
use downhill::error::Error;
use downhill::plot::{Chart, Panels};
use downhill::{prelude::*, problems};

pub(crate) const TITLE: &str = "Two wells, x⁴ − 2x² + x/3 − 1: one start is trapped, several are not";

fn descend(start: f64) -> Outcome {
    let walk =
        minimize(problems::two_wells, &[start]).method(GradientDescent::new(0.05)).keep_path(true).run();
    assert!(walk.is_converged());
    walk
}

pub(crate) fn run(show: &mut Show) {
    let place = |walk: &Outcome| format!("x = {:7.4}, f = {:.4}", walk.x[0], walk.value);
    let trapped = descend(1.5);
    show("one start, from x = 1.5", &format!("{}  trapped", place(&trapped)), "");

    let starts = [-2.0, -1.0, 0.0, 1.0, 2.0];
    let walks = starts.map(descend);
    for (start, walk) in starts.iter().zip(&walks) {
        show(&format!("several starts, from x = {start}"), &place(walk), "");
    }
    draw(&trapped, &walks).unwrap();
    let lowest = walks.into_iter().min_by(|a, b| a.value.total_cmp(&b.value)).unwrap();
    show("the lowest of them", &place(&lowest), "");

    assert!((trapped.x[0] - 0.9554).abs() < 1e-4);
    assert!((lowest.x[0] + 1.0393174805117496).abs() < 1e-6);
}

fn draw(trapped: &Outcome, walks: &[Outcome]) -> Result<(), Error> {
    let wells = |x: f64| problems::two_wells(&[x]);
    let chart = |title| {
        let chart = Chart::new(title).x_name("x").y_name("f").x_range(-2.1..=2.1).y_range(-3.0..=11.0);
        chart.dashed_curve("", wells)
    };
    let path = |walk: &Outcome| -> Vec<[f64; 2]> { walk.path.iter().map(|x| [x[0], wells(x[0])]).collect() };
    let start = |walk: &Outcome| format!("from {}", walk.path[0][0]).replace('-', "−");
    // One above the other: they end in the same two wells.
    let lifted = |k: usize, walk: &Outcome| path(walk).into_iter().map(move |[x, f]| [x, f + 0.7 * k as f64]);
    let several =
        walks.iter().enumerate().fold(chart("Several starts, each walk 0.7 higher"), |chart, (k, walk)| {
            chart.path(start(walk), lifted(k, walk))
        });
    Panels::new("Two wells x⁴ − 2x² + x/3 − 1", 2)
        .size(400.0, 340.0)
        .add(chart("One start, trapped in the shallow well").path(start(trapped), path(trapped)))
        .add(several)
        .save(gallery("two_wells.png"))
}

fn main() {
    common::print(TITLE, run);
}
