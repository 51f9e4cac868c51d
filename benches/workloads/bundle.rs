//! Bundle adjustment: the error of an observation's projection and its 2 × 15 Jacobian, as in ADBench.
//!
//! ```text
//! e = w (p − feature),   p = f L(ρ) (X'/X'₃)₁,₂ + (u₀, v₀),   L = 1 + k₁ρ + k₂ρ²,   ρ = |(X'/X'₃)₁,₂|²
//! X' = R(r) (X − C),     R by Rodrigues' formula: X' = Y cos θ + (a × Y) sin θ + a (a·Y)(1 − cos θ),  θ = |r|,  a = r/θ
//! ```
//!
//! Seed 3, for each observation: r = 0.2 s + 0.05 (three times), C = s (three), f = 500 + 50 s, u₀ = 320 + s, v₀ = 240 + s,
//! k₁ = 0.01 s, k₂ = 0.001 s, X = s, s, 6 + s, w = ½ + u, feature = 640 u, 480 u; s is symmetric, u in [0, 1). The inputs
//! are r, C, f, u₀, v₀, k₁, k₂, X, w; the value that is returned is the sum of all errors.

use std::rc::Rc;

use downhill::prelude::*;

use super::{Case, Lcg};

/// Inputs of an observation.
const INPUTS: usize = 15;

pub struct Observations {
    pub inputs: Vec<f64>,
    pub features: Vec<[f64; 2]>,
}

impl Observations {
    pub fn new(n: usize) -> Observations {
        let mut random = Lcg::new(3);
        let (mut inputs, mut features) = (Vec::with_capacity(INPUTS * n), Vec::with_capacity(n));
        for _ in 0..n {
            inputs.extend((0..3).map(|_| 0.2 * random.symmetric() + 0.05));
            inputs.extend(random.symmetrics(3, 1.0));
            let (scales, offsets) = (
                [50.0, 1.0, 1.0, 0.01, 0.001, 1.0, 1.0, 1.0],
                [500.0, 320.0, 240.0, 0.0, 0.0, 0.0, 0.0, 6.0],
            );
            inputs.extend(
                scales.iter().zip(offsets).map(|(scale, offset)| offset + scale * random.symmetric()),
            );
            inputs.push(0.5 + random.uniform());
            features.push([640.0 * random.uniform(), 480.0 * random.uniform()]);
        }
        Observations { inputs, features }
    }

    /// The observations: inputs from `x`, and features.
    fn each<'a>(&'a self, x: &'a [f64]) -> impl Iterator<Item = ([f64; INPUTS], [f64; 2])> + 'a {
        let inputs = x.chunks_exact(INPUTS).map(|x| <[f64; INPUTS]>::try_from(x).unwrap());
        inputs.zip(self.features.iter().copied())
    }
}

#[inline(always)]
fn inner<R: Real>(a: [R; 3], b: [R; 3]) -> R {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline(always)]
fn cross<R: Real>(a: [R; 3], b: [R; 3]) -> [R; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// The two errors of an observation. No angle is zero here.
#[inline(always)]
pub fn errors<R: Real>(x: [R; INPUTS], feature: [f64; 2]) -> [R; 2] {
    let [r0, r1, r2, c0, c1, c2, f, u0, v0, k1, k2, x0, x1, x2, w] = x;
    let (r, y) = ([r0, r1, r2], [x0 - c0, x1 - c1, x2 - c2]);
    let angle = inner(r, r).sqrt();
    let (sin, cos, over) = (angle.sin(), angle.cos(), angle.recip());
    let axis = r.map(|r| r * over);
    let (side, along) = (cross(axis, y), inner(axis, y) * (-cos + 1.0));
    let turned: [R; 3] = std::array::from_fn(|i| y[i] * cos + side[i] * sin + axis[i] * along);
    let depth = turned[2].recip();
    let (p, q) = (turned[0] * depth, turned[1] * depth);
    let square = p * p + q * q;
    let zoom = f * (square * k1 + square * square * k2 + 1.0);
    [w * (p * zoom + u0 - feature[0]), w * (q * zoom + v0 - feature[1])]
}

/// The errors and their Jacobian by the chain rule, each row backward from its error.
#[inline(always)]
fn by_hand(x: [f64; INPUTS], feature: [f64; 2], jacobian: &mut [f64]) -> [f64; 2] {
    let [r0, r1, r2, c0, c1, c2, f, u0, v0, k1, k2, x0, x1, x2, w] = x;
    let (r, y) = ([r0, r1, r2], [x0 - c0, x1 - c1, x2 - c2]);
    let angle = inner(r, r).sqrt();
    let ((sin, cos), over) = (angle.sin_cos(), 1.0 / angle);
    let axis = r.map(|r| r * over);
    let (side, dot) = (cross(axis, y), inner(axis, y));
    let along = dot * (1.0 - cos);
    let turned: [f64; 3] = std::array::from_fn(|i| y[i] * cos + side[i] * sin + axis[i] * along);
    let depth = 1.0 / turned[2];
    let (p, q) = (turned[0] * depth, turned[1] * depth);
    let square = p * p + q * q;
    let distortion = 1.0 + square * k1 + square * square * k2;
    let (zoom, slope) = (f * distortion, f * (k1 + 2.0 * square * k2));
    let plain = [p * zoom + u0 - feature[0], q * zoom + v0 - feature[1]];
    for (row, jacobian) in jacobian.chunks_exact_mut(INPUTS).enumerate() {
        let (own, other) = if row == 0 { (p, q) } else { (q, p) };
        let (to_own, to_other) = (w * (zoom + 2.0 * own * own * slope), w * 2.0 * own * other * slope);
        let (to_p, to_q) = if row == 0 { (to_own, to_other) } else { (to_other, to_own) };
        let to_turned = [to_p * depth, to_q * depth, -(to_p * p + to_q * q) * depth];
        // X' = y cos + (axis × y) sin + axis (axis·y)(1 − cos)
        let to_along = inner(to_turned, axis);
        let to_side = to_turned.map(|t| t * sin);
        let to_dot = to_along * (1.0 - cos);
        let (from_y, from_axis) = (cross(to_side, axis), cross(y, to_side));
        let to_angle = -inner(to_turned, y) * sin + inner(to_turned, side) * cos + to_along * dot * sin;
        let to_axis: [f64; 3] = std::array::from_fn(|i| to_turned[i] * along + to_dot * y[i] + from_axis[i]);
        let radial = to_angle - inner(to_axis, axis) * over;
        for i in 0..3 {
            let to_y = to_turned[i] * cos + from_y[i] + to_dot * axis[i];
            jacobian[i] = to_axis[i] * over + radial * axis[i];
            jacobian[3 + i] = -to_y;
            jacobian[11 + i] = to_y;
        }
        let by_f = w * own * f;
        jacobian[6] = w * own * distortion;
        jacobian[7] = if row == 0 { w } else { 0.0 };
        jacobian[8] = if row == 1 { w } else { 0.0 };
        jacobian[9] = by_f * square;
        jacobian[10] = by_f * square * square;
        jacobian[14] = plain[row];
    }
    plain.map(|e| w * e)
}

/// One recording an observation, swept from each of the two errors.
fn on_tape(x: [f64; INPUTS], feature: [f64; 2], jacobian: &mut [f64]) -> f64 {
    let tape = Tape::new();
    let inputs = tape.vars(x);
    let errors = errors(inputs, feature);
    for (error, row) in errors.iter().zip(jacobian.chunks_exact_mut(INPUTS)) {
        row.copy_from_slice(&error.backward().wrt_array(inputs));
    }
    errors[0].value() + errors[1].value()
}

/// Forward: fifteen tangents at once.
fn forward(x: [f64; INPUTS], feature: [f64; 2], jacobian: &mut [f64]) -> f64 {
    let (errors, rows) = jacobian_forward(|x| errors(x, feature), x);
    jacobian.copy_from_slice(rows.as_flattened());
    errors[0] + errors[1]
}

pub fn case(n: usize) -> Case {
    let observations = Rc::new(Observations::new(n));
    let with = || Rc::clone(&observations);
    let (plain, hand, tape, duals) = (with(), with(), with(), with());
    let jacobians = |x: &[f64],
                     jacobian: &mut [f64],
                     of: &Observations,
                     f: fn([f64; INPUTS], [f64; 2], &mut [f64]) -> f64| {
        let blocks = jacobian.chunks_exact_mut(2 * INPUTS);
        of.each(x).zip(blocks).map(|((x, feature), block)| f(x, feature, block)).sum()
    };
    Case {
        name: "bundle adjustment".into(),
        point: observations.inputs.clone(),
        block: (2, INPUTS),
        plain: Box::new(move |x| {
            plain.each(x).map(|(x, feature)| errors(x, feature).iter().sum::<f64>()).sum()
        }),
        by_hand: Box::new(move |x, jacobian| {
            jacobians(x, jacobian, &hand, |x, feature, block| by_hand(x, feature, block).iter().sum())
        }),
        ours: vec![
            ("a tape, two sweeps", Box::new(move |x, jacobian| jacobians(x, jacobian, &tape, on_tape))),
            ("`Duals<15>`, forward", Box::new(move |x, jacobian| jacobians(x, jacobian, &duals, forward))),
        ],
    }
}
