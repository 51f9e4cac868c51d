//! Derivatives of the root of an equation by its parameters, whatever found the root.
//!
//! With the Jacobian `J = ∂g/∂x` at the root `x*`, as plain numbers, the root is recorded as steps of the chord method:
//!
//! ```text
//! x₀ = x*,   xₖ₊₁ = xₖ − J⁻¹ g(xₖ, θ)
//! ```
//!
//! Let `x(θ)` be the root, and let `θ` move by `δ`. The error `xₖ − x(θ)` is multiplied by `I − J⁻¹ J̃`, where `J̃` is the
//! Jacobian between the two: that is `O(δ)`. At first it is `O(δ)` itself, after `k` steps `O(δᵏ⁺¹)`: so `k` steps have the
//! first `k` derivatives of the root. The first alone are the implicit function theorem.

use ndarray::Array2;

use super::Expansion;
use crate::array::{Singular, Tensor};
use crate::tape::{Var, annex, dot};

/// How far from the root it may be, relative to its size: the error of derivatives is of this order.
const NEAR: f64 = 1e-6;

/// The derivatives that a recording for higher ones is ever asked for.
const ORDERS: usize = 3;

/// The root `x: [n]` of `g(x, θ) = 0` near `x_star: [n]`, as a function of the parameters `θ`.
///
/// The root is found by whatever solver, in plain numbers; that is not recorded. What is recorded is what it depends on:
/// `∂x/∂θ = −(∂g/∂x)⁻¹ ∂g/∂θ`, and, where they can be asked for, the second and third derivatives. `g` has as many results as
/// unknowns, and is a function of its arguments alone: parameters are handed to it as `θ`, not captured.
///
/// Cost: the Jacobian `[n, n]` by `x`, its inverse, and `g` once on the recording, or three times where second derivatives can
/// be asked for.
///
/// ```
/// use downhill::prelude::*;
///
/// // Kepler's equation x − e sin x = m, by Newton's method.
/// let anomaly = |[e, m]: [Var; 2]| {
///     let mut x = m.value();
///     for _ in 0..20 {
///         x -= (x - e.value() * x.sin() - m.value()) / (1.0 - e.value() * x.cos());
///     }
///     implicit(|x, t| vec![x[0] - t[0] * x[0].sin() - t[1]], &[x], &[e, m])[0]
/// };
/// let (x, g) = value_and_gradient(anomaly, [0.5, 1.0]);
/// assert!((g[1] - 1.0 / (1.0 - 0.5 * x.cos())).abs() < 1e-14);
/// assert!((g[0] - x.sin() / (1.0 - 0.5 * x.cos())).abs() < 1e-14);
/// ```
///
/// # Panics
///
/// If `g` has not as many results as there are unknowns, or uses variables other than its arguments; if its Jacobian is
/// singular; if `x_star` is no root: if a step of
/// Newton's method from there is longer than a millionth of the root (of 1, for a smaller one).
#[track_caller]
pub fn implicit(g: impl Fn(&[Var], &[Var]) -> Vec<Var>, x_star: &[f64], theta: &[Var]) -> Vec<Var> {
    root("implicit", g, x_star, theta)
}

/// The fixed point `x: [n]` of `x = f(x, θ)` near `x_star: [n]`, as a function of the parameters `θ`: as [`implicit`], of
/// `x − f(x, θ)`.
///
/// ```
/// use downhill::prelude::*;
///
/// // x = cos(θ x), by iteration.
/// let f = |x: &[Var], t: &[Var]| vec![(t[0] * x[0]).cos()];
/// let fixed = |t: Var| {
///     let x = (0..200).fold(0.5_f64, |x, _| (t.value() * x).cos());
///     fixed_point(f, &[x], &[t])[0]
/// };
/// let (x, slope) = (value(fixed, 1.0), derivative(fixed, 1.0));
/// assert!((slope + x * x.sin() / (1.0 + x.sin())).abs() < 1e-14);
/// ```
///
/// # Panics
///
/// As [`implicit`].
#[track_caller]
pub fn fixed_point(f: impl Fn(&[Var], &[Var]) -> Vec<Var>, x_star: &[f64], theta: &[Var]) -> Vec<Var> {
    let rest = |x: &[Var], theta: &[Var]| -> Vec<Var> {
        let image = f(x, theta);
        // The number of results is looked at below: none is left out here.
        image.iter().enumerate().map(|(i, &f)| x.get(i).map_or(f, |&x| x - f)).collect()
    };
    root("fixed_point", rest, x_star, theta)
}

#[track_caller]
fn root(name: &str, g: impl Fn(&[Var], &[Var]) -> Vec<Var>, x_star: &[f64], theta: &[Var]) -> Vec<Var> {
    let constants: Vec<Var> = theta.iter().map(|t| Var::from(t.value())).collect();
    let here = Expansion::of(|x: &[Var]| g(x, &constants), x_star);
    let inverse = inverse_at(name, &here, x_star);
    let higher = theta.iter().any(|t| annex::keeps_operations(t.edge().0));
    let mut x: Vec<Var> = x_star.iter().map(|&x| Var::from(x)).collect();
    for _ in 0..if higher { ORDERS } else { 1 } {
        let rest = g(&x, theta);
        x = x.iter().zip(&inverse).map(|(x, row)| x - dot(row, &rest)).collect();
    }
    x
}

/// The inverse of the Jacobian at the root, which is looked at whether it is one.
#[track_caller]
fn inverse_at(name: &str, here: &Expansion, x_star: &[f64]) -> Vec<Vec<f64>> {
    let (rest, n) = (here.values(), x_star.len());
    assert!(
        rest.len() == n,
        "downhill: `{name}` was given a function with {} results for {n} unknowns; it needs as many",
        rest.len()
    );
    let inverse = match inverse(&here.jacobian()) {
        Ok(inverse) => inverse,
        Err(why) => panic!(
            "downhill: `{name}` was given a function whose Jacobian by the unknowns has no inverse at {x_star:?}: {why}; the \
             root has no derivative there"
        ),
    };
    let step = inverse.iter().map(|row| row.iter().zip(&rest).map(|(a, b)| a * b).sum::<f64>().abs());
    let (step, size) = (step.fold(0.0, largest), x_star.iter().map(|x| x.abs()).fold(1.0, largest));
    assert!(
        step <= NEAR * size,
        "downhill: `{name}` was given {x_star:?}, which is no root: Newton's step from there has the length {step:e}; solve \
         more closely"
    );
    inverse
}

/// The larger one, or NaN if one is.
fn largest(a: f64, b: f64) -> f64 {
    if b <= a { a } else { b }
}

/// The rows of the inverse.
fn inverse(jacobian: &Array2<f64>) -> Result<Vec<Vec<f64>>, Singular> {
    let inverse = Tensor::from(jacobian).try_inverse()?.to_owned();
    Ok(inverse.outer_iter().map(|row| row.iter().copied().collect()).collect())
}
