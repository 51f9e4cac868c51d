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

use common::{Show, grouped};
use downhill::prelude::*;

pub(crate) const TITLE: &str = "Six step strategies on 0.5 x² + 0.1 y² from (−6, −6): how many steps";

fn steps<R: Rule>(rule: R) -> String {
    let mut p = [-6.0, -6.0];
    let mut optimizer = rule.optimizer();
    loop {
        let tape = Tape::new();
        let [x, y] = tape.vars(p);
        let f = 0.5 * x * x + 0.1 * y * y;
        let g = f.backward().wrt_slice(&[x, y]);
        optimizer.step(&mut p, &g);
        if g[0].hypot(g[1]) < 1e-4 {
            return grouped(optimizer.steps());
        }
    }
}

pub(crate) fn run(show: &mut Show) {
    let (high, floor) = (1.66, 0.001);
    let decay = LearningRate::decay(high, 0.9, floor);
    let by_magnitude = LearningRate::by_magnitude(high, floor);
    let by_angle = LearningRate::by_angle(high, floor);
    show("1  always the floor", &steps(GradientDescent::new(floor)), "46,960");
    show("2  always η₀", &steps(GradientDescent::new(high)), "28");
    show("3  η₀, a tenth of the last gradient", &steps(MomentumMix::new(high).gamma(0.1)), "24");
    show("4  decay", &steps(GradientDescent::new(decay)), "28,710");
    show("5  by the magnitude of the gradient", &steps(GradientDescent::new(by_magnitude)), "26");
    show("6  by the angle to the last gradient", &steps(GradientDescent::new(by_angle)), "34");
}

fn main() {
    common::print(TITLE, run);
}
