//! An update rule: hyper-parameters and a formula for one step.
//!
//! ```text
//! x_{k+1} = rule(state_k, η_k, x_k, g_k)           g_k = ∇f(x_k),   η_k from the learning rate
//! ```
//!
//! A [`Rule`] is hyper-parameters and a formula; what it remembers is its `State`, kept apart. An
//! [`Optimizer`] is both together for the loop a program writes itself;
//! [`minimize_objective`](super::minimize_objective) takes the rule alone and brings the loop.

use std::fmt::Debug;

use super::transform::{
    Accumulate, AdaptiveClip, After, Average, Averaged, Before, Centralize, ClipBlockNorm, ClipBlockRms,
    ClipNorm, ClipValue, DecoupledWeightDecay, Ema, Lookahead, Maximize, Normalize, WeightDecay, ZeroNans,
    check,
};
use super::{BackOff, BoxedRule, LearningRate, Numbers, Optimizer, Step};
use crate::params::{Element, Layout};

/// How one gradient changes `x`, given the learning rate and what the rule remembers: the formula, for numbers `T`.
///
/// To write one of your own, give the formula in [`step`](Rule::step) ([`Step`] says what there is to work with) and the
/// learning rate in [`Rated`]. Everything that takes a rule then takes yours.
///
/// ```
/// use downhill::optim::{Rated, Step};
/// use downhill::params::{Element, Layout};
/// use downhill::prelude::*;
///
/// /// x -= η sign(g)
/// struct SignDescent {
///     lr: LearningRate,
/// }
///
/// impl Rated for SignDescent {
///     fn lr(&self) -> &LearningRate {
///         &self.lr
///     }
///     fn set_lr(&mut self, lr: LearningRate) {
///         self.lr = lr;
///     }
/// }
///
/// impl<T: Element> Rule<T> for SignDescent {
///     type State = ();
///     fn init(&self, _: &Layout, _: &[T]) {}
///     fn step(&self, _: &mut (), now: &mut Step<'_, T>) {
///         now.each([], |at, []| (at.lr * at.g.signum(), []));
///     }
/// }
///
/// let mut x = [3.0, -4.0];
/// SignDescent { lr: 0.5.into() }.optimizer().step(&mut x, &[6.0, -8.0]);
/// assert_eq!(x, [2.5, -3.5]);
/// ```
pub trait Rule<T: Element = f64>: Rated {
    /// What the rule remembers from step to step. `clone_from` should reuse memory: [`BackOff`] calls it in every step.
    type State: Clone + Debug;

    /// The state before the first step from `x: [n]`, which is divided into arrays as `layout` says.
    fn init(&self, layout: &Layout, x: &[T]) -> Self::State;

    /// One step: changes `state`, and says in `now` by how much each number of `x` falls.
    fn step(&self, state: &mut Self::State, now: &mut Step<'_, T>);

    /// After the whole step, once the variables are new: what averages them, or puts them elsewhere, does so here
    /// ([`Step::variables_mut`]). A rule that is built around another one passes it on.
    fn after_step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        let _ = (state, now);
    }

    /// Where the objective is to be evaluated, if that is not `x` itself: rules that average, or take their gradients
    /// elsewhere, write it into `out: [n]`, which holds `x: [n]` when it comes.
    fn eval_params(&self, state: &Self::State, x: &[T], out: &mut [T]) {
        let _ = (state, x, out);
    }
}

const ABOVE_0: &str = "a number above 0";
const NOT_BELOW_0: &str = "a number that is not below 0";
const A_SHARE: &str = "what is kept from step to step, at least 0 and below 1";

/// What every rule has, whatever its numbers: a learning rate, and what may be built on it.
pub trait Rated: Sized {
    /// The learning rate.
    fn lr(&self) -> &LearningRate;

    /// Replaces the learning rate.
    fn set_lr(&mut self, lr: LearningRate);

    /// The rule with a state of its own, for a loop you write yourself, on `f64`.
    fn optimizer(self) -> Optimizer<Self>
    where
        Self: Rule,
    {
        Optimizer::new(self)
    }

    /// The rule with a state of its own for `x`, of `f64` or `f32`; all memory is allocated at once.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let mut x = [5.0_f32, 5.0];
    /// let mut adam = Adam::new(0.5).optimizer_for(&x);
    /// adam.step(&mut x, &[1.0, -1.0]);
    /// assert_eq!(x, [4.5, 5.5]);
    /// ```
    #[track_caller]
    fn optimizer_for<T: Element, N: Numbers<T> + ?Sized>(self, x: &N) -> Optimizer<Self, T>
    where
        Self: Rule<T>,
    {
        Optimizer::for_numbers(self, x)
    }

    /// The rule after a transformation of the gradient, see [`Before`].
    fn before<F>(self, transform: F) -> Before<F, Self> {
        Before { transform, rule: self }
    }

    /// The rule with a transformation of its displacements, see [`After`].
    fn after<F>(self, transform: F) -> After<F, Self> {
        After { transform, rule: self }
    }

    /// The gradient no longer than `most`, see [`ClipNorm`].
    ///
    /// # Panics
    ///
    /// Unless `most` is above 0.
    #[track_caller]
    fn clip_norm(self, most: f64) -> Before<ClipNorm, Self> {
        check("clip_norm", most, most > 0.0, ABOVE_0);
        self.before(ClipNorm { most })
    }

    /// No array of the gradient longer than `most`, see [`ClipBlockNorm`].
    ///
    /// # Panics
    ///
    /// Unless `most` is above 0.
    #[track_caller]
    fn clip_block_norm(self, most: f64) -> Before<ClipBlockNorm, Self> {
        check("clip_block_norm", most, most > 0.0, ABOVE_0);
        self.before(ClipBlockNorm { most })
    }

    /// No array of the displacement with a root mean square above `most` learning rates, see [`ClipBlockRms`].
    ///
    /// # Panics
    ///
    /// Unless `most` is above 0.
    #[track_caller]
    fn clip_block_rms(self, most: f64) -> After<ClipBlockRms, Self> {
        check("clip_block_rms", most, most > 0.0, ABOVE_0);
        self.after(ClipBlockRms { most })
    }

    /// No number of the gradient larger than `most`, see [`ClipValue`].
    ///
    /// # Panics
    ///
    /// Unless `most` is above 0.
    #[track_caller]
    fn clip_value(self, most: f64) -> Before<ClipValue, Self> {
        check("clip_value", most, most > 0.0, ABOVE_0);
        self.before(ClipValue { most })
    }

    /// No unit of the gradient longer than `ratio` times that of the weights, see [`AdaptiveClip`]; with `ε = 1e-3`.
    ///
    /// # Panics
    ///
    /// Unless `ratio` is above 0.
    #[track_caller]
    fn adaptive_clip(self, ratio: f64) -> Before<AdaptiveClip, Self> {
        check("adaptive_clip", ratio, ratio > 0.0, ABOVE_0);
        self.before(AdaptiveClip { ratio, eps: 1e-3 })
    }

    /// `decay · x` added to the gradient, see [`WeightDecay`]: on top of what a rule has in a `weight_decay` of its own.
    ///
    /// # Panics
    ///
    /// If `decay` is below 0 or NaN.
    #[track_caller]
    fn coupled_weight_decay(self, decay: f64) -> Before<WeightDecay, Self> {
        check("coupled_weight_decay", decay, decay >= 0.0, NOT_BELOW_0);
        self.before(WeightDecay { decay })
    }

    /// `x` multiplied by `1 − η · decay`, see [`DecoupledWeightDecay`].
    ///
    /// # Panics
    ///
    /// If `decay` is below 0 or NaN.
    #[track_caller]
    fn decoupled_weight_decay(self, decay: f64) -> Before<DecoupledWeightDecay, Self> {
        check("decoupled_weight_decay", decay, decay >= 0.0, NOT_BELOW_0);
        self.before(DecoupledWeightDecay { decay })
    }

    /// Uphill instead of downhill, see [`Maximize`].
    fn maximize(self) -> Before<Maximize, Self> {
        self.before(Maximize)
    }

    /// The mean of `every` gradients for each step, see [`Accumulate`], which can also sum them.
    ///
    /// # Panics
    ///
    /// If `every` is 0.
    #[track_caller]
    fn accumulate(self, every: usize) -> Before<Accumulate, Self> {
        check("accumulate", every, every > 0, "at least 1 gradient for each step");
        self.before(Accumulate { every, sum: false })
    }

    /// Gradients of mean 0, see [`Centralize`].
    fn centralize(self) -> Before<Centralize, Self> {
        self.before(Centralize)
    }

    /// Gradients of length 1, see [`Normalize`]; with `ε = 1e-6`.
    fn normalize(self) -> Before<Normalize, Self> {
        self.before(Normalize { length: 1.0, eps: 1e-6 })
    }

    /// An exponential moving average of gradients in place of each, corrected for its start at 0, see [`Ema`].
    ///
    /// # Panics
    ///
    /// Unless `decay` is at least 0 and below 1.
    #[track_caller]
    fn ema(self, decay: f64) -> Before<Ema, Self> {
        check("ema", decay, (0.0..1.0).contains(&decay), A_SHARE);
        self.before(Ema { decay, debias: true })
    }

    /// 0 in place of NaN, see [`ZeroNans`]; wants [`OnNonFinite::Propagate`](super::OnNonFinite::Propagate).
    fn zero_nans(self) -> Before<ZeroNans, Self> {
        self.before(ZeroNans)
    }

    /// Gaussian noise on the gradient, of the variance `eta / (1 + t)^gamma`, see [`Noise`](super::transform::Noise).
    ///
    /// # Panics
    ///
    /// If `eta` is below 0 or NaN.
    #[cfg(feature = "random")]
    #[track_caller]
    fn noise(self, eta: f64, gamma: f64, seed: u64) -> Before<super::transform::Noise, Self> {
        check("noise", eta, eta >= 0.0, NOT_BELOW_0);
        self.before(super::transform::Noise { eta, gamma, seed })
    }

    /// Every `k` steps a step back, to the share `alpha` of the way, see [`Lookahead`].
    ///
    /// # Panics
    ///
    /// If `k` is 0, or unless `alpha` is above 0 and at most 1.
    #[track_caller]
    fn lookahead(self, k: usize, alpha: f64) -> Lookahead<Self> {
        check("lookahead", k, k > 0, "at least 1 step before each step back");
        check("lookahead", alpha, alpha > 0.0 && alpha <= 1.0, "a share of the way above 0 and at most 1");
        Lookahead { rule: self, k, alpha }
    }

    /// With the mean of the variables after all steps, see [`Averaged`].
    fn averaged(self) -> Averaged<Self> {
        self.averaged_from(1)
    }

    /// With the mean of the variables after step `from` (they are counted from 1) and all later ones, see [`Averaged`].
    fn averaged_from(self, from: usize) -> Averaged<Self> {
        Averaged { rule: self, average: Average::Equal { from } }
    }

    /// With an exponential moving average of the variables, in which those before the first step do not count, see
    /// [`Averaged`].
    ///
    /// # Panics
    ///
    /// Unless `decay` is at least 0 and below 1.
    #[track_caller]
    fn averaged_exponentially(self, decay: f64) -> Averaged<Self> {
        check("averaged_exponentially", decay, (0.0..1.0).contains(&decay), A_SHARE);
        Averaged { rule: self, average: Average::Exponential { decay, debias: true } }
    }

    /// The rule without its type, for a choice made when the program runs, see [`BoxedRule`].
    fn boxed<T: Element>(self) -> BoxedRule<T>
    where
        Self: Rule<T, State: Send + Sync + 'static> + Clone + Debug + Send + Sync + 'static,
    {
        BoxedRule::new(self)
    }

    /// The rule as a method for [`minimize_objective`](super::minimize_objective) that halves the learning rate
    /// whenever the value rises.
    fn back_off(self) -> BackOff<Self>
    where
        Self: Rule,
    {
        BackOff::new(self)
    }
}
