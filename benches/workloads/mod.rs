//! What is measured: each workload as plain `f64` code, with its gradient by hand, and as objectives for the crate.
//!
//! ```text
//! s ← 6364136223846793005 s + 1442695040888963407  (mod 2⁶⁴),   u = ⌊s / 2¹¹⌋ 2⁻⁵³
//! ```
//!
//! All inputs come from this linear congruential generator, each workload from a seed of its own. The plain code is
//! generic over `Real` and used at `f64`; what the tape is given is the same function at `Var`. So a ratio of their
//! times compares one and the same formula, and no variant gains by being written otherwise unless its name says so.

#![allow(unreachable_pub, reason = "a module of several binaries, none of which is a library")]

pub mod black_scholes;
pub mod bundle;
pub mod euler;
pub mod mixture;
pub mod perceptron;
pub mod rosenbrock;

use downhill::prelude::*;

/// A function of the point that computes a value.
pub type Plain = Box<dyn Fn(&[f64]) -> f64>;
/// A function of the point that computes a value and writes a gradient.
pub type WithGradient = Box<dyn FnMut(&[f64], &mut [f64]) -> f64>;

/// A workload at one size.
pub struct Case {
    pub name: String,
    pub point: Vec<f64>,
    /// Rows and columns of the blocks in which derivatives are asked for: `(1, n)` for a gradient.
    pub block: (usize, usize),
    pub plain: Plain,
    pub by_hand: WithGradient,
    pub ours: Vec<(&'static str, WithGradient)>,
}

impl Case {
    /// Numbers in all the blocks.
    pub fn derivatives(&self) -> usize {
        self.point.len() * self.block.0
    }
}

/// The workloads at the sizes of the tables, but for the largest.
pub fn all() -> Vec<Case> {
    vec![
        rosenbrock::case(10),
        rosenbrock::case(1_000),
        rosenbrock::case(100_000),
        mixture::case(10, 25, 1_000),
        mixture::case(32, 25, 1_000),
        bundle::case(30_000),
        perceptron::case(16),
        black_scholes::case(100_000),
        euler::case(1_000, 252),
    ]
}

/// The generator.
pub struct Lcg(u64);

impl Lcg {
    pub fn new(seed: u64) -> Lcg {
        Lcg(seed)
    }

    /// Uniform in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `[-1, 1)`.
    pub fn symmetric(&mut self) -> f64 {
        2.0 * self.uniform() - 1.0
    }

    /// About normal: twelve uniform numbers, less six.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// `n` numbers in `[-scale, scale)`.
    pub fn symmetrics(&mut self, n: usize, scale: f64) -> impl Iterator<Item = f64> {
        (0..n).map(move |_| scale * self.symmetric())
    }
}

/// `ln Σ e^(xᵢ)`, shifted by the largest, in single operations.
pub fn log_sum_exp_in_steps<R: Real>(x: &[R]) -> R {
    let largest = x.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max(x.value()));
    let mut sum = (x[0] - largest).exp();
    for &x in &x[1..] {
        sum += (x - largest).exp();
    }
    sum.ln() + largest
}

/// An objective of the whole point, as a function that writes a gradient.
pub fn objective(mut f: impl FnMut(&[Var]) -> Var + 'static) -> WithGradient {
    Box::new(move |x, gradient| value_and_gradient_into(&mut f, x, gradient))
}
