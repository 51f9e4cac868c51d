//! Means of the variables beside them.
//!
//! ```text
//! x ← rule(x, g)                                   step t = 1, 2, 3, …
//! x̄ ← x̄ + w (x − x̄)                                x̄ = x₀ at first
//!
//! w = 1 / j,   j = 1, 2, … from step t₀ on         equal weights
//! w = 1 − β                                        exponential ones
//! w = (1 − β) / (1 − βᵗ)                           the same, without a share of x₀
//! ```
//!
//! B. T. Polyak and A. B. Juditsky, *Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and
//! Optimization 30, 1992, 838–855; late steps only: P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov and A.
//! G. Wilson, *Averaging weights leads to wider optima and better generalization*, UAI 2018. Exponential weights: A.
//! Tarvainen and H. Valpola, *Mean teachers are better role models*, NeurIPS 2017, §2. `torch.optim.swa_utils`,
//! `optax.params_ema`.

use super::{Running, Wrapped};
use crate::optim::{LearningRate, Rated, Rule, Step};
use crate::params::{Element, Layout};

/// A rule beside which a mean of the variables is kept. Remembers `x̄: [n]`; the rule's way is as it would be without.
///
/// Made by [`Rated::averaged`], [`Rated::averaged_from`] and [`Rated::averaged_exponentially`].
/// [`Optimizer::eval_params`](crate::optim::Optimizer::eval_params) gives the mean, and `x` as long as there is none. In
/// whatever order it is chained with transformations, it comes last.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0];
/// let mut descent = GradientDescent::new(1.0).averaged_from(2).optimizer();
/// for g in [-1.0, -2.0, -4.0] {
///     descent.step(&mut x, &[g]);
/// }
/// assert_eq!((x, descent.eval_params(&x)), ([7.0], [5.0])); // of 3 and 7
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Averaged<R> {
    /// The rule.
    pub rule: R,
    /// Which mean.
    pub average: Average,
}

/// How much each of the variables' values counts in a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Average {
    /// All alike, from a step on.
    Equal {
        /// The first step (they are counted from 1) after which the variables count.
        from: usize,
    },
    /// Each step's values by `1 − decay`, what was before by `decay`.
    Exponential {
        /// What is kept of the mean in each step, from 0 to less than 1: `β`.
        decay: f64,
        /// Whether the values before the first step do not count.
        debias: bool,
    },
}

impl Average {
    /// What the `count`-th values count, `w`.
    fn weight(self, count: usize) -> f64 {
        match self {
            Average::Equal { .. } => 1.0 / count as f64,
            Average::Exponential { decay, debias: false } => 1.0 - decay,
            Average::Exponential { decay, debias: true } => (1.0 - decay) / (1.0 - decay.powf(count as f64)),
        }
    }
}

impl<R: Rated> Rated for Averaged<R> {
    fn lr(&self) -> &LearningRate {
        self.rule.lr()
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.rule.set_lr(lr);
    }
}

impl<T: Element, R: Rule<T>> Rule<T> for Averaged<R> {
    type State = Wrapped<Running<T>, R::State>;

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        Wrapped { own: Running::from(x), rule: self.rule.init(layout, x) }
    }

    fn step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.step(&mut state.rule, now);
    }

    fn after_step(&self, Wrapped { own, rule }: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(rule, now);
        if matches!(self.average, Average::Equal { from } if now.t < from) {
            return;
        }
        own.count += 1;
        let weight = self.average.weight(own.count);
        let (x, blocks) = now.variables_mut();
        for block in blocks {
            let (x, mean) = (&x[block.range.clone()], &mut own.mean[block.range]);
            if weight == 1.0 {
                mean.copy_from_slice(x);
            } else {
                let weight = T::nearest(weight);
                mean.iter_mut().zip(x).for_each(|(mean, &x)| *mean += weight * (x - *mean));
            }
        }
    }

    fn eval_params(&self, Wrapped { own, rule }: &Self::State, x: &[T], out: &mut [T]) {
        if own.count == 0 {
            self.rule.eval_params(rule, x, out);
        } else {
            out.copy_from_slice(&own.mean);
        }
    }
}
