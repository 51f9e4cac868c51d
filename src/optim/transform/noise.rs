//! Gaussian noise on the gradient, less with each step.
//!
//! ```text
//! g ← g + σ_t ξ,   ξ ~ N(0, 1) for each number,   σ_t² = η / (1 + t)^γ,   t = 0, 1, 2, …
//! ```
//!
//! A. Neelakantan, L. Vilnis, Q. V. Le, I. Sutskever, L. Kaiser, K. Kurach and J. Martens, *Adding gradient noise improves
//! learning for very deep networks*, 2015, arXiv:1511.06807, equation 1, with `γ = 0.55` and `η` of 0.01, 0.3 or 1.
//! `optax.add_noise`.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};
use crate::random::{Purpose, Random};

/// Adds Gaussian noise to each number, with the variance `eta / (1 + t)^gamma`. Remembers `t`.
///
/// Stands before a rule, by [`Rated::noise`](crate::optim::Rated::noise). The same seed gives the same noise on every
/// machine, and for `f32` the same as for `f64`, rounded.
///
/// ```
/// use downhill::prelude::*;
///
/// let noisy = || {
///     let mut x = [0.0, 0.0];
///     GradientDescent::new(1.0).noise(0.01, 0.55, 7).optimizer().step(&mut x, &[1.0, 1.0]);
///     x
/// };
/// let x = noisy();
/// assert!(x == noisy() && x[0] != x[1]);
/// assert!((x[0] + 1.0).abs() < 0.5 && (x[1] + 1.0).abs() < 0.5); // 5 σ
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Noise {
    /// The variance of the first step: `η`.
    pub eta: f64,
    /// How fast it falls: `γ`.
    pub gamma: f64,
    /// What the generator starts from.
    pub seed: u64,
}

impl<T: Element> Transform<T> for Noise {
    /// How many gradients it has seen: the noise of a step depends on its number and the seed, and on nothing else.
    type State = usize;

    fn init(&self, _: &Layout, _: &[T]) -> usize {
        0
    }

    fn transform(&self, t: &mut usize, now: &mut Step<'_, T>, stage: Stage) {
        let sigma = (self.eta / (1.0 + *t as f64).powf(self.gamma)).sqrt();
        let mut random = Random::new(self.seed, *t as u64, Purpose::Noise);
        *t += 1;
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            for g in &mut arrays.numbers[block.range] {
                *g += T::nearest(sigma * random.normal());
            }
        }
    }
}
