//! Down the banana valley with a fixed rate: quick to the floor of the valley, then a very long walk along it.
//!
//! ```text
//! f = (1 − x)² + 100 (y − x²)²,    from (−1.9, −0.9),    stop when |∇f| < 1e-4
//! ```
//!
//! The article's loop steps first and then tests the gradient it stepped with; `minimize` tests before it steps and so
//! takes one step less. The article prints 18,567 steps for the rate 9e-4: they belong to 1.1e-3.

mod common;

use common::{Show, gallery, grouped};
use downhill::error::Error;
use downhill::plot::{Chart, Scene};
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
        // A gradient that is not finite is not stepped.
        if !descent.step(&mut x, &g).is_stepped() {
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
        .keep_path(true)
        .run();
    assert_eq!((walk.iterations, walk.evaluations), (199_077, 199_078));
    show("", "", "");
    show("rate 1e-4 by minimize(), as it prints its outcome:", "", "");
    walk.to_string().lines().for_each(|line| show(&format!("  {line}"), "", ""));
    draw(&walk).unwrap();
}

/// Figures 5 to 7: the surface, the field of descent with the valley, and the walk.
fn draw(walk: &Outcome) -> Result<(), Error> {
    let scene = |title| {
        Scene::new(title)
            .x_range(-2.0..=2.0)
            .y_range(-1.0..=3.0)
            .names("x", "y", "f")
            .surface(banana)
            .view(155.0, 42.0)
    };
    scene("Rosenbrock’s banana (1 − x)² + 100 (y − x²)²").save(gallery("banana_surface.png"))?;
    scene("199,077 steps down the banana")
        .walk("gradient descent, η = 10⁻⁴", walk)
        .save(gallery("banana_descent_3d.png"))?;
    Chart::new("Where the banana falls: −∇f, and the floor of the valley")
        .x_name("x")
        .y_name("y")
        .x_range(-2.0..=2.0)
        .y_range(-1.0..=3.0)
        .descent_field(banana)
        .curve("the valley y = x²", |x| x * x)
        .points("minimum (1, 1)", [[1.0, 1.0]])
        .size(600.0, 560.0)
        .save(gallery("banana_field.png"))?;
    walk.plot()
        .contours(banana)
        .title("Down the wall in a few steps, along the valley in 199,000")
        .x_range(-2.2..=2.0)
        .y_range(-1.4..=2.6)
        .save(gallery("banana_descent.png"))
}

fn main() {
    common::print(TITLE, run);
}
