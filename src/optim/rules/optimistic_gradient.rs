//! Optimistic gradient descent: the next gradient is expected to differ from this one as this one does from the last.
//!
//! ```text
//! x ← x - η ((α + β) g - β g')                     g' the gradient of the step before; g at first
//! ```
//!
//! L. D. Popov, *A modification of the Arrow-Hurwicz method for search of saddle points*, Mathematical Notes of the
//! Academy of Sciences of the USSR 28 (5), 1980, 845–848; in this form A. Mokhtari, A. Ozdaglar and S. Pattathil, *A
//! unified analysis of extra-gradient and optimistic gradient methods for saddle point problems*, AISTATS 2020.
//! Defaults `α = β = 1`, as in `optax.optimistic_gradient_descent`. On games, where each side's gradient turns as the
//! other moves, plain descent spirals out and this one comes in.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Optimistic gradient descent: `x ← x - η ((α + β) g - β g')`. Remembers [`LastGradient`].
///
/// ```
/// use downhill::optim::OptimisticGradient;
/// use downhill::prelude::*;
///
/// // The game x y: x is to fall, y to rise.
/// let mut x = [1.0, 1.0];
/// let mut optimistic = OptimisticGradient::new(0.3).optimizer();
/// for _ in 0..200 {
///     let gradient = [x[1], -x[0]];
///     optimistic.step(&mut x, &gradient);
/// }
/// assert!(f64::hypot(x[0], x[1]) < 1e-3); // plain descent: 1.4 · 1.09¹⁰⁰
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OptimisticGradient {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much the gradient counts, `α`.
    pub alpha: f64,
    /// How much its change counts, `β`.
    pub beta: f64,
}

impl OptimisticGradient {
    /// With the learning rate `lr` and `α = β = 1`.
    pub fn new(lr: impl Into<LearningRate>) -> OptimisticGradient {
        OptimisticGradient { lr: lr.into(), alpha: 1.0, beta: 1.0 }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> OptimisticGradient {
        OptimisticGradient { alpha, ..self }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> OptimisticGradient {
        OptimisticGradient { beta, ..self }
    }
}

/// What [`OptimisticGradient`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LastGradient<T = f64> {
    /// The gradient of the last step, `g'`, `[n]`.
    pub last: Vec<T>,
    /// How many steps it has seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for OptimisticGradient {
    type State = LastGradient<T>;

    fn init(&self, _: &Layout, x: &[T]) -> LastGradient<T> {
        LastGradient { last: vec![T::zero(); x.len()], t: 0 }
    }

    fn step(&self, LastGradient { last, t }: &mut LastGradient<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let first = *t == 1;
        let [both, beta] = [self.alpha + self.beta, self.beta].map(T::nearest);
        now.each([last], move |at, [last]| {
            let last = if first { at.g } else { last };
            (at.lr * (both * at.g - beta * last), [at.g])
        });
    }
}
