//! COCOB: each variable bets on its slopes, without any learning rate.
//!
//! ```text
//! L ← max(L, |g|)                                  L = ε, G, R, θ = 0 at first
//! G ← G + |g|
//! R ← max(R - g (x - x₀), 0)
//! θ ← θ - g
//! x ← x₀ + θ (L + R) / (L max(G + L, α L))
//! ```
//!
//! F. Orabona and T. Tommasi, *Training deep networks without learning rates through coin betting*, NeurIPS 2017,
//! algorithm 2. Defaults `α = 100` and `ε = 1e-8`, as in `optax.contrib.cocob`. `η` only multiplies the gradient, whose
//! scale does not matter (once it is above `ε`): it is 1. As every point is made from `x₀`, a weight decay pulls
//! towards where the search began.

use crate::optim::Whole;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// COCOB: `x ← x₀ + θ (L + R) / (L max(G + L, α L))`. Remembers [`CocobState`].
///
/// ```
/// use downhill::optim::Cocob;
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// Cocob::default().optimizer().step(&mut x, &[1e-3, -1e3]);
/// assert_eq!(x, [-0.01, 0.01]); // 1/α, whatever the size of the slope
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cocob {
    /// A factor of the gradient, usually 1.
    pub lr: LearningRate,
    /// How carefully it bets at first, `α`.
    pub alpha: f64,
    /// The least scale of a slope.
    pub eps: f64,
}

impl Cocob {
    /// With the factor `lr`, `α = 100` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> Cocob {
        Cocob { lr: lr.into(), alpha: 100.0, eps: 1e-8 }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> Cocob {
        Cocob { alpha, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Cocob {
        Cocob { eps, ..self }
    }
}

/// With the factor 1.
impl Default for Cocob {
    fn default() -> Cocob {
        Cocob::new(1.0)
    }
}

/// What [`Cocob`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CocobState<T = f64> {
    /// Where it began, `[n]`.
    pub x0: Vec<T>,
    /// The largest slope, `L`, `[n]`.
    pub scale: Vec<T>,
    /// The sum of all `|g|`, `G`, `[n]`.
    pub slopes: Vec<T>,
    /// What was won, `R`, `[n]`.
    pub reward: Vec<T>,
    /// The sum of all `-g`, `θ`, `[n]`.
    pub theta: Vec<T>,
}

impl<T: Element> Rule<T> for Cocob {
    type State = CocobState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> CocobState<T> {
        let zeros = || vec![T::zero(); x.len()];
        let scale = vec![T::nearest(self.eps); x.len()];
        CocobState { x0: x.to_vec(), scale, slopes: zeros(), reward: zeros(), theta: zeros() }
    }

    fn step(&self, state: &mut CocobState<T>, now: &mut Step<'_, T>) {
        let CocobState { x0, scale, slopes, reward, theta } = state;
        let alpha = T::nearest(self.alpha);
        let Whole { x, gradient, displacement, blocks } = now.whole();
        for block in blocks {
            let lr = T::nearest(block.lr);
            // Five slices of state: one more than `each` takes.
            for i in block.range {
                let g = lr * gradient[i];
                let off = x[i] - x0[i];
                let (l, sum) = (scale[i].max(g.abs()), slopes[i] + g.abs());
                let r = (reward[i] - g * off).max(T::zero());
                theta[i] -= g;
                (scale[i], slopes[i], reward[i]) = (l, sum, r);
                displacement[i] = off - theta[i] / (l * (sum + l).max(alpha * l)) * (l + r);
            }
        }
    }
}
