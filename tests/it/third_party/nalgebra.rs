//! Matrices of `nalgebra`, differentiated as they are: the same checks with each version that has a feature.

use downhill::prelude::*;

#[allow(
    clippy::duplicate_mod,
    reason = "the same source against each version, whose types are different ones"
)]
#[path = "nalgebra"]
mod with_033 {
    use nalgebra_033 as nalgebra; // on the traits of 0.34, whose checks of functions need not be compiled twice
    #[path = "questions.rs"]
    mod questions;
}

#[allow(clippy::duplicate_mod, reason = "as above")]
#[path = "nalgebra"]
mod with_034 {
    use nalgebra_034 as nalgebra;
    #[path = "functions.rs"]
    mod functions;
    #[path = "questions.rs"]
    mod questions;
}

#[allow(clippy::duplicate_mod, reason = "as above")]
#[path = "nalgebra"]
mod with_035 {
    use ::nalgebra;
    #[path = "functions.rs"]
    mod functions;
    #[path = "questions.rs"]
    mod questions;
}

/// One function for every kind of number.
struct Function {
    name: &'static str,
    plain: fn(&[f64]) -> f64,
    reverse: fn(&[Var]) -> Var,
    forward: fn(&[Dual]) -> Dual,
    twice_forward: fn(&[Dual<Dual>]) -> Dual<Dual>,
}

/// `(45 d₁ − 9 d₂ + d₃) / 60h` in coordinate `i`.
fn stencil(f: impl Fn(&[f64]) -> f64, x: &[f64], i: usize) -> f64 {
    const H: f64 = 1.0 / 1024.0;
    let difference = |k: f64| {
        let (mut above, mut below) = (x.to_vec(), x.to_vec());
        above[i] += k * H;
        below[i] -= k * H;
        f(&above) - f(&below)
    };
    (45.0 * difference(1.0) - 9.0 * difference(2.0) + difference(3.0)) / (60.0 * H)
}

fn directional<R: Real>(f: fn(&[Dual<R>]) -> Dual<R>, x: &[R], i: usize) -> Dual<R> {
    let seeded = |(j, &x): (usize, &R)| if i == j { Dual::variable(x) } else { Dual::constant(x) };
    f(&x.iter().enumerate().map(seeded).collect::<Vec<_>>())
}

/// Slopes within this of the stencil's, in units of the largest (or of 1): decompositions iterate until they are within
/// an ulp or so of the limit, and the stencil divides that by `h`.
const TOLERANCE: f64 = 1e-8;

fn assert_agrees(f: &Function, at: &[f64]) {
    let (y, g) = value_and_gradient(f.reverse, at);
    let plain = (f.plain)(at);
    assert!((y - plain).abs() <= 1e-12 * plain.abs().max(1.0), "{}: {y} and {plain}", f.name);
    let largest = g.iter().fold(1.0, |largest: f64, g| largest.max(g.abs()));
    assert!(g.iter().any(|&g| g != 0.0), "{} has no derivative at all", f.name);
    for i in 0..at.len() {
        let wanted = stencil(f.plain, at, i);
        let forward = directional(f.forward, at, i).tangent;
        for (mode, got) in [("reverse", g[i]), ("forward", forward)] {
            let error = (got - wanted).abs() / largest;
            assert!(error <= TOLERANCE, "{}, {mode}, {i}: {got} and {wanted}, {error:.1e}", f.name);
        }
        // The second derivative in the same direction, against the stencil of the first.
        let wanted = stencil(|x| directional(f.forward, x, i).tangent, at, i);
        let seeded = |(j, &x): (usize, &f64)| Dual::new(x, f64::from(i == j));
        let inner: Vec<Dual> = at.iter().enumerate().map(seeded).collect();
        let second = directional(f.twice_forward, &inner, i).tangent;
        assert!((second.value - forward).abs() <= 1e-12 * largest, "{}, {i}", f.name);
        let error = (second.tangent - wanted).abs() / wanted.abs().max(largest);
        assert!(error <= TOLERANCE, "{}, twice, {i}: {} and {wanted}, {error:.1e}", f.name, second.tangent);
    }
}
