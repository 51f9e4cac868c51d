//! Roots as functions of parameters, against closed forms.

use downhill::prelude::*;

use crate::misuse::assert_mistake;

/// The real root of x³ + x = θ, by bisection.
fn cubic(theta: f64) -> f64 {
    let (mut low, mut high) = (-theta.abs() - 1.0, theta.abs() + 1.0);
    for _ in 0..200 {
        let x = 0.5 * (low + high);
        if x * x * x + x < theta { low = x } else { high = x }
    }
    0.5 * (low + high)
}

fn root(theta: Var) -> Var {
    implicit(|x, t| vec![x[0].powi(3) + x[0] - t[0]], &[cubic(theta.value())], &[theta])[0]
}

#[test]
fn the_root_of_a_cubic_has_three_derivatives() {
    for theta in [-3.0, 0.0, 0.4, 10.0] {
        let x = cubic(theta);
        let first = 1.0 / (3.0 * x * x + 1.0);
        let second = -6.0 * x * first.powi(3);
        let third = -6.0 * first.powi(4) + 18.0 * 6.0 * x * x * first.powi(5);
        let f = |[theta]: [Var; 1]| root(theta);
        assert!((derivative(root, theta) - first).abs() < 1e-14);
        assert!((hessian(f, [theta])[[0, 0]] - second).abs() < 1e-13);
        assert!((third_directional(f, [theta], &[1.0]) - third).abs() < 1e-12);
        assert!((jvp(f, [theta], &[2.0])[0] - 2.0 * first).abs() < 1e-14);
    }
}

#[test]
fn a_system_of_two_has_the_derivatives_of_its_closed_form() {
    // x + y = s, x y = p: x and y are the roots of z² − s z + p.
    let closed = |[s, p]: [Var; 2]| {
        let r = (s * s - 4.0 * p).sqrt();
        ((s + r) / 2.0).sin() * (s - r) / 2.0
    };
    let implied = |[s, p]: [Var; 2]| {
        let r = (s.value() * s.value() - 4.0 * p.value()).sqrt();
        let found = [(s.value() + r) / 2.0, (s.value() - r) / 2.0];
        let x = implicit(|x, t| vec![x[0] + x[1] - t[0], x[0] * x[1] - t[1]], &found, &[s, p]);
        x[0].sin() * x[1]
    };
    let at = [3.0, 1.2];
    let (y, g) = value_and_gradient(closed, at);
    let (z, h) = value_and_gradient(implied, at);
    assert!((y - z).abs() < 1e-14);
    assert!(g.iter().zip(&h).all(|(g, h)| (g - h).abs() < 1e-13));
    let (g, h) = (hessian(closed, at), hessian(implied, at));
    assert!(g.iter().zip(&h).all(|(g, h)| (g - h).abs() < 1e-12), "{g} {h}");
    let (g, h) = (third_directional(closed, at, &[0.5, -1.0]), third_directional(implied, at, &[0.5, -1.0]));
    assert!((g - h).abs() < 1e-10, "{g} {h}");
}

#[test]
fn a_fixed_point_is_a_root() {
    let fixed = |t: Var| {
        let x = (0..300).fold(0.5_f64, |x, _| (t.value() * x).cos());
        fixed_point(|x, t| vec![(t[0] * x[0]).cos()], &[x], &[t])[0]
    };
    let root = |t: Var| {
        let x = (0..300).fold(0.5_f64, |x, _| (t.value() * x).cos());
        implicit(|x, t| vec![x[0] - (t[0] * x[0]).cos()], &[x], &[t])[0]
    };
    assert_eq!(derivative(fixed, 0.9), derivative(root, 0.9));
}

#[test]
fn a_root_on_a_tape_and_in_arrays_has_its_gradient() {
    let tape = Tape::new();
    let theta = tape.var(10.0);
    let x = root(theta);
    assert_eq!(x.value(), 2.0);
    assert!((x.backward().wrt(theta) - 1.0 / 13.0).abs() < 1e-15);
    // A x = b, the matrix a constant and the right side the parameters, in arrays.
    let a = ndarray::array![[2.0, 1.0], [0.0, 4.0]];
    let f = |b: &[Var]| {
        let solution = [b[0].value() / 2.0 - b[1].value() / 8.0, b[1].value() / 4.0];
        let g = |x: &[Var], b: &[Var]| {
            (Tensor::from(&a).dot(Tensor::of_vars(x, [2])) - Tensor::of_vars(b, [2])).to_vars()
        };
        let x = implicit(g, &solution, b);
        x[0] * x[1]
    };
    let closed = |b: &[Var]| (b[0] / 2.0 - b[1] / 8.0) * b[1] / 4.0;
    let at = [1.0, 3.0];
    assert!(gradient(f, &at).iter().zip(gradient(closed, &at)).all(|(f, g)| (f - g).abs() < 1e-15));
    assert!(hessian(f, &at).iter().zip(hessian(closed, &at)).all(|(f, g)| (f - g).abs() < 1e-15));
}

#[test]
fn what_is_no_root_is_refused_at_the_callers_line() {
    let tape = Tape::new();
    let t = tape.var(4.0);
    let square = |x: &[Var], t: &[Var]| vec![x[0] * x[0] - t[0]];
    assert_mistake(line!(), "[1.9], which is no root: Newton's step", || implicit(square, &[1.9], &[t]));
    assert_mistake(line!(), "[NaN]", || implicit(square, &[f64::NAN], &[t]));
    let flat = |x: &[Var], _: &[Var]| vec![x[0] * x[0]];
    assert_mistake(line!(), "has no inverse at [0.0]", || implicit(flat, &[0.0], &[t]));
    let none = |_: &[Var], _: &[Var]| vec![];
    let two = |x: &[Var], _: &[Var]| vec![x[0], x[0]];
    assert_mistake(line!(), "`implicit` was given a function with 0", || implicit(none, &[1.0], &[t]));
    assert_mistake(line!(), "`fixed_point` was given a function with 2", || fixed_point(two, &[1.0], &[t]));
}
