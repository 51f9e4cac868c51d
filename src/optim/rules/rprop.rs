//! Rprop: a step size for each variable, which grows while the sign of its slope stays, and shrinks where it turns.
//!
//! ```text
//! Δ ← clip(Δ η₊, least, most)   where g g' > 0     g' = 0, Δ = η at first
//! Δ ← clip(Δ η₋, least, most)   where g g' < 0, and g ← 0
//! x ← x - sign(g) Δ
//! g' ← g
//! ```
//!
//! M. Riedmiller and H. Braun, *A direct adaptive method for faster backpropagation learning: the RPROP algorithm*, IEEE
//! International Conference on Neural Networks, 1993, 586–591, without its step back: where the sign turns, the variable
//! rests for a step (iRprop⁻ of C. Igel and M. Hüsken, *Improving the Rprop learning algorithm*, Neural Computation 2000).
//! This is `torch.optim.Rprop`, with its defaults: `η₋ = 0.5`, `η₊ = 1.2`, sizes from 1e-6 to 50. (Optax 0.2.8 has the
//! same, a step late.) Only signs matter, so it is for whole gradients and not for those of mini-batches. The rate is
//! where sizes begin; a rate that changes later multiplies the steps by as much as it changed.

use super::arithmetic::sign;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Rprop: `x ← x - sign(g) Δ`, with a `Δ` for each variable that grows and shrinks by the signs of its slopes. Remembers
/// `g': [n]` and `Δ: [n]`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::Rprop;
///
/// let mut x = [0.0];
/// let mut rprop = Rprop::new(0.1).optimizer();
/// rprop.step(&mut x, &[-7.0]); // Δ = 0.1
/// rprop.step(&mut x, &[-0.3]); // the same sign: Δ = 0.12
/// assert!((x[0] - 0.22).abs() < 1e-15);
/// rprop.step(&mut x, &[1.0]); // another: Δ = 0.06, and a rest
/// assert!((x[0] - 0.22).abs() < 1e-15);
/// rprop.step(&mut x, &[1.0]);
/// assert!((x[0] - 0.16).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rprop {
    /// The learning rate `η`: the first step size.
    pub lr: LearningRate,
    /// What a step size is multiplied by where the sign turns, `η₋`, from 0 to less than 1.
    pub shrink: f64,
    /// What a step size is multiplied by where the sign stays, `η₊`, above 1.
    pub grow: f64,
    /// The least step size.
    pub least: f64,
    /// The largest step size.
    pub most: f64,
}

impl Rprop {
    /// With the learning rate `lr`, `η₋ = 0.5`, `η₊ = 1.2`, and step sizes from 1e-6 to 50.
    pub fn new(lr: impl Into<LearningRate>) -> Rprop {
        Rprop { lr: lr.into(), shrink: 0.5, grow: 1.2, least: 1e-6, most: 50.0 }
    }

    /// With other factors `η₋ < 1 < η₊`.
    pub fn factors(self, shrink: f64, grow: f64) -> Rprop {
        Rprop { shrink, grow, ..self }
    }

    /// With step sizes from `least` to `most`.
    pub fn sizes(self, least: f64, most: f64) -> Rprop {
        Rprop { least, most, ..self }
    }
}

/// What [`Rprop`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RpropState<T = f64> {
    /// The gradient of the step before, 0 where it was not followed, `[n]`.
    pub last: Vec<T>,
    /// The step sizes, `[n]`.
    pub size: Vec<T>,
    /// The learning rate of the first step; 0 before.
    pub rate: f64,
}

impl<T: Element> Rule<T> for Rprop {
    type State = RpropState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> RpropState<T> {
        RpropState { last: vec![T::zero(); x.len()], size: vec![T::zero(); x.len()], rate: 0.0 }
    }

    fn step(&self, RpropState { last, size, rate }: &mut RpropState<T>, now: &mut Step<'_, T>) {
        let [shrink, grow, least, most] = [self.shrink, self.grow, self.least, self.most].map(T::nearest);
        if *rate == 0.0 {
            *rate = now.lr;
            return now.each([last, size], move |at, _| {
                let size = at.lr.max(least).min(most);
                (sign(at.g) * size, [at.g, size])
            });
        }
        let [changed, begin] = [now.lr / *rate, *rate / now.lr].map(T::nearest);
        now.each([last, size], move |at, [last, size]| {
            let turn = at.g * last;
            let (zero, one) = (T::zero(), T::one());
            let factor = if turn > zero { grow } else { one };
            let factor = if turn < zero { shrink } else { factor };
            // An array that was frozen until now has no size yet.
            let size = if size > zero { size * factor } else { begin * at.lr };
            let size = size.max(least).min(most);
            let g = if turn < zero { zero } else { at.g };
            (changed * (sign(g) * size), [g, size])
        });
    }
}
