//! The plane that touches a surface: the gradient is its two slopes.
//!
//! ```text
//! z = f(a, b) + ∂f/∂x (x − a) + ∂f/∂y (y − b),        normal (−∂f/∂x, −∂f/∂y, 1)
//! ```
//!
//! On the hill `f = −0.02 x² − 0.02 y² + 20` at (20, 5) both slopes fall. The article prints the signs wrong.

mod common;

use common::{Show, rounded};
use downhill::prelude::*;

pub(crate) const TITLE: &str = "The tangent plane of z = −0.02 x² − 0.02 y² + 20 at (20, 5)";

fn hill([x, y]: [Var; 2]) -> Var {
    -0.02 * x.powi(2) - 0.02 * y.powi(2) + 20.0
}

pub(crate) fn run(show: &mut Show) {
    let (a, b) = (20.0, 5.0);
    let (height, [dx, dy]) = value_and_gradient(hill, [a, b]);
    let offset = height - dx * a - dy * b;
    let plane = format!("z = {}x - {}y + {}", rounded(dx), rounded(-dy), rounded(offset));
    assert_eq!(plane, "z = -0.8x - 0.2y + 28.5");
    show("tangent plane", &plane, "other signs (misprint)");
    let normal = format!("({}, {}, 1)", rounded(-dx), rounded(-dy));
    assert_eq!(normal, "(0.8, 0.2, 1)");
    show("normal", &normal, "other signs (misprint)");

    // The hill bends away from the plane that touches it by 0.02 d² at the distance d.
    for d in [0.0, 1.0, 2.0] {
        let gap = dx * (a + d) + dy * b + offset - value(hill, [a + d, b]);
        assert!((gap - 0.02 * d * d).abs() < 1e-12);
        show(&format!("the plane over the hill at ({}, {b})", a + d), &format!("{}", rounded(gap).abs()), "");
    }
}

fn main() {
    common::print(TITLE, run);
}
