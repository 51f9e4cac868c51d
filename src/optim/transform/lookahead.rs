//! Lookahead: k steps forward, one step back.
//!
//! ```text
//! x ← rule(x, g)                                   the fast weights; φ = x₀ at first, the slow ones
//! after every k steps:   φ ← φ + α (x − φ),   x ← φ
//! ```
//!
//! M. R. Zhang, J. Lucas, G. Hinton and J. Ba, *Lookahead optimizer: k steps forward, 1 step back*, NeurIPS 2019,
//! algorithm 1; `k = 5` or 10 and `α = 0.5` or 0.8 in their experiments. The state of the rule goes on over the step
//! back, as in `optax.lookahead`.

use super::{Running, Wrapped};
use crate::optim::{LearningRate, Rated, Rule, Step};
use crate::params::{Element, Layout};

/// A rule whose variables are put back, every `k` steps, to a share `alpha` of the way they went. Remembers `φ: [n]`.
///
/// Made by [`Rated::lookahead`]. Gradients are taken at the fast weights `x`;
/// [`Optimizer::eval_params`](crate::optim::Optimizer::eval_params) gives the slow ones, `φ`, to evaluate and to keep. In
/// whatever order it is chained with transformations, it comes last.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// let mut descent = GradientDescent::new(1.0).lookahead(2, 0.5).optimizer();
/// descent.step(&mut x, &[-3.0]);
/// assert_eq!((x, descent.eval_params(&x)), ([3.0], [0.0]));
/// descent.step(&mut x, &[-3.0]); // 6, of which half
/// assert_eq!((x, descent.eval_params(&x)), ([3.0], [3.0]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lookahead<R> {
    /// The rule of the fast weights.
    pub rule: R,
    /// How many steps it takes before each step back.
    pub k: usize,
    /// How much of their way is kept, from 0 to 1.
    pub alpha: f64,
}

impl<R: Rated> Rated for Lookahead<R> {
    fn lr(&self) -> &LearningRate {
        self.rule.lr()
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.rule.set_lr(lr);
    }
}

impl<T: Element, R: Rule<T>> Rule<T> for Lookahead<R> {
    type State = Wrapped<Running<T>, R::State>;

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        Wrapped { own: Running::from(x), rule: self.rule.init(layout, x) }
    }

    fn step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.step(&mut state.rule, now);
    }

    fn after_step(&self, Wrapped { own: slow, rule }: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(rule, now);
        slow.count += 1;
        if slow.count < self.k {
            return;
        }
        slow.count = 0;
        let alpha = T::nearest(self.alpha);
        let (x, blocks) = now.variables_mut();
        for block in blocks {
            for (x, slow) in x[block.range.clone()].iter_mut().zip(&mut slow.mean[block.range]) {
                *slow += alpha * (*x - *slow);
                *x = *slow;
            }
        }
    }

    fn eval_params(&self, state: &Self::State, _: &[T], out: &mut [T]) {
        out.copy_from_slice(&state.own.mean);
    }
}
