//! The plane that touches a surface: the gradient is its two slopes.
//!
//! ```text
//! z = f(a, b) + ∂f/∂x (x − a) + ∂f/∂y (y − b),        normal (−∂f/∂x, −∂f/∂y, 1)
//! ```
//!
//! On the hill `f = −0.02 x² − 0.02 y² + 20` at (20, 5) both slopes fall. The article prints the signs wrong.

mod common;

use common::{Show, gallery, rounded};
use downhill::error::Error;
use downhill::plot::{Panels, Scene};
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
    draw([a, b, height], [-dx, -dy, 1.0]).unwrap();
}

/// Figures 1 to 4: planes by their normals, and the plane that touches the hill.
fn draw(touch: [f64; 3], normal: [f64; 3]) -> Result<(), Error> {
    let plane = |title, normal: [f64; 3]| {
        let tip = normal.map(|c| 0.8 * c);
        Scene::new(title)
            .z_range(-1.0..=1.0)
            .equal_units()
            .plane("", [0.0; 3], normal)
            .arrow("", [0.0; 3], tip)
    };
    Panels::new("A plane is known by its normal", 3)
        .size(240.0, 280.0)
        .add(plane("(0, 0, 1)", [0.0, 0.0, 1.0]))
        .add(plane("(−0.5, 0, 1)", [-0.5, 0.0, 1.0]))
        .add(plane("(−0.4, 0.6, 1)", [-0.4, 0.6, 1.0]))
        .save(gallery("planes.png"))?;
    let tip = [0, 1, 2].map(|k| touch[k] + 12.0 * normal[k]);
    Scene::new("The tangent plane of a hill at (20, 5), and its normal")
        .x_range(-40.0..=40.0)
        .y_range(-40.0..=40.0)
        .z_range(-45.0..=45.0)
        .surface(hill)
        .plane("z = −0.8 x − 0.2 y + 28.5", touch, normal)
        .arrow("12 · (0.8, 0.2, 1)", touch, tip)
        .save(gallery("tangent_plane.png"))
}

fn main() {
    common::print(TITLE, run);
}
