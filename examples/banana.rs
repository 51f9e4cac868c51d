//! Down the banana valley with a fixed rate: quick to the floor of the valley, then a very long walk along it.
//!
//! ```text
//! f = (1 − x)² + 100 (y − x²)²,    from (−1.9, −0.9),    stop when |∇f| < 1e-4
//! ```
//!
//! The article's loop steps first and then tests the gradient it stepped with; `minimize` tests before it steps and so
//! takes one step less. The article prints 18,567 steps for the rate 9e-4: they belong to 1.1e-3.

mod common;

use common::{Show, grouped};
use downhill::prelude::*;

pub(crate) const TITLE: &str = "The banana (1 − x)² + 100 (y − x²)² from (−1.9, −0.9), until |∇f| < 1e-4";

fn banana([x, y]: [Var; 2]) -> Var {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// The article's loop: how many steps, and where it ends; nothing if it runs away.
fn descend(lr: f64) -> Option<(usize, [f64; 2])> {
    let mut x = [-1.9, -0.9];
    let mut descent = GradientDescent::new(lr).optimizer();
    loop {
        let tape = Tape::new();
        let p = tape.vars(x);
        let g = banana(p).backward().wrt_slice(&p);
        descent.step(&mut x, &g);
        if !x[0].is_finite() || !x[1].is_finite() {
            return None;
        }
        if g[0].hypot(g[1]) < 1e-4 {
            return Some((descent.steps(), x));
        }
    }
}

pub(crate) fn run(show: &mut Show) {
    let (steps, [x, y]) = descend(1e-4).unwrap();
    show("rate 1e-4, steps", &grouped(steps), "199,078");
    show("rate 1e-4, end", &format!("({x:.7}, {y:.7})"), "(0.9998882, 0.9997760)");
    let (steps, _) = descend(9e-4).unwrap();
    assert_eq!(steps, 21_466);
    show("rate 9e-4, steps", &grouped(steps), "18,567 (misprint)");
    let (steps, _) = descend(1.1e-3).unwrap();
    show("rate 1.1e-3, steps", &grouped(steps), "18,567");
    show("rate 1.18e-3", if descend(1.18e-3).is_none() { "diverges" } else { "arrives" }, "diverges");

    let walk = minimize(banana, [-1.9, -0.9])
        .method(GradientDescent::new(1e-4))
        .gradient_tolerance(1e-4)
        .max_iterations(1_000_000)
        .run();
    assert_eq!((walk.iterations, walk.evaluations), (199_077, 199_078));
    show("", "", "");
    show("rate 1e-4 by minimize(), as it prints its outcome:", "", "");
    walk.to_string().lines().for_each(|line| show(&format!("  {line}"), "", ""));
}

fn main() {
    common::print(TITLE, run);
}
