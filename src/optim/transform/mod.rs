//! Transformations of the gradient before a rule, and of the displacement after it.
//!
//! ```text
//! g ← before(g)     d ← rule(g)     d ← after(d)     x ← x − d
//! ```
//!
//! A rule with transformations is a rule again, so they may be chained at will: `Adam::new(1e-3).clip_norm(1.0)`. What
//! stands further to the left is nearer to the rule: of two transformations before it, the one further right comes first;
//! of two after it, the one further left.
//!
//! | transformation | made by | stands | what it does |
//! |---|---|---|---|
//! | [`ClipValue`] | `clip_value` | before | no number larger than c |
//! | [`ClipNorm`] | `clip_norm` | before | all arrays together no longer than c |
//! | [`ClipBlockNorm`] | `clip_block_norm` | before | no array longer than c |
//! | [`AdaptiveClip`] | `adaptive_clip` | before | no unit longer than a share of its weights |
//! | [`ClipBlockRms`] | `clip_block_rms` | after | no array's root mean square larger than c learning rates |
//! | [`WeightDecay`] | `coupled_weight_decay` | before | λ x in the gradient |
//! | [`DecoupledWeightDecay`] | `decoupled_weight_decay` | beside | x falls by η λ x |
//! | [`Maximize`] | `maximize` | before | uphill |
//! | `Noise`, with the feature `random` | `noise` | before | Gaussian noise, less with each step |
//! | [`Accumulate`] | `accumulate` | before | the mean of k gradients for one step |
//! | [`Centralize`] | `centralize` | before | mean 0 over all axes but the first |
//! | [`Normalize`] | `normalize` | before | length 1 |
//! | [`Ema`] | `ema` | before | an exponential moving average |
//! | [`ZeroNans`] | `zero_nans` | before | 0 for NaN |
//! | [`Lookahead`] | `lookahead` | around | every k steps, a step back |
//! | [`Averaged`] | `averaged`, `averaged_from`, `averaged_exponentially` | around | a mean of the variables |
//!
//! "Made by" names the methods of [`Rated`]. Those that stand before or after a rule by their nature can be put on the
//! other side with [`Rated::before`] and [`Rated::after`]; each says what it does there, if that is another thing.
//!
//! ```
//! use downhill::prelude::*;
//!
//! // Each of four gradients is clipped; their mean is clipped again, and stepped by Adam with a decoupled decay.
//! let rule = Adam::new(1e-3).decoupled_weight_decay(0.01).clip_norm(0.5).accumulate(4).clip_norm(1.0);
//! let mut x = [1.0, 1.0];
//! let mut adam = rule.optimizer();
//! for k in 1..=8 {
//!     let report = adam.step(&mut x, &[3.0, 4.0]);
//!     assert_eq!((report.clipped, report.is_stepped()), (true, k % 4 == 0));
//! }
//! ```

mod accumulate;
mod adaptive_clip;
mod averaged;
mod centralize;
mod clip_block_norm;
mod clip_block_rms;
mod clip_norm;
mod clip_value;
mod ema;
mod lookahead;
mod maximize;
#[cfg(feature = "random")]
mod noise;
mod normalize;
mod running;
mod weight_decay;
mod wrapped;
mod zero_nans;

use std::fmt::{Debug, Display};

pub use accumulate::Accumulate;
pub use adaptive_clip::AdaptiveClip;
pub use averaged::{Average, Averaged};
pub use centralize::Centralize;
pub use clip_block_norm::ClipBlockNorm;
pub use clip_block_rms::ClipBlockRms;
pub use clip_norm::ClipNorm;
pub use clip_value::ClipValue;
pub use ema::Ema;
pub use lookahead::Lookahead;
pub use maximize::Maximize;
#[cfg(feature = "random")]
pub use noise::Noise;
pub use normalize::Normalize;
pub use running::Running;
pub use weight_decay::{DecoupledWeightDecay, WeightDecay};
pub use wrapped::Wrapped;
pub use zero_nans::ZeroNans;

use super::{LearningRate, Rated, Rule, Step};
use crate::params::{Element, Layout};

/// A transformation of the gradient before a rule ([`Rated::before`]), or of the displacement after it
/// ([`Rated::after`]); it works in place, and allocates nothing after the first step.
pub trait Transform<T: Element = f64> {
    /// What it remembers from step to step.
    type State: Clone + Debug;

    /// The state before the first step, as [`Rule::init`].
    fn init(&self, layout: &Layout, x: &[T]) -> Self::State;

    /// Changes the gradient or the displacement of a step, as [`Stage`] says.
    fn transform(&self, state: &mut Self::State, now: &mut Step<'_, T>, stage: Stage);
}

/// What a transformation is to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The gradient: [`Step::gradient_mut`] and what else changes it.
    Gradient,
    /// The displacement: [`Step::displacement_mut`].
    Displacement,
}

/// Panics at the line of the caller's caller, unless what a method was given is `allowed`.
#[track_caller]
pub(super) fn check(method: &str, given: impl Display, allowed: bool, needed: &str) {
    assert!(allowed, "downhill: `{method}` was given {given}; it needs {needed}");
}

/// A rule with a transformation of the gradient before it. Made by [`Rated::before`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Before<F, R> {
    /// The transformation.
    pub transform: F,
    /// The rule.
    pub rule: R,
}

/// A rule with a transformation of the displacement after it. Made by [`Rated::after`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct After<F, R> {
    /// The transformation.
    pub transform: F,
    /// The rule.
    pub rule: R,
}

impl<F, R: Rated> Rated for Before<F, R> {
    fn lr(&self) -> &LearningRate {
        self.rule.lr()
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.rule.set_lr(lr);
    }
}

impl<F, R: Rated> Rated for After<F, R> {
    fn lr(&self) -> &LearningRate {
        self.rule.lr()
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.rule.set_lr(lr);
    }
}

impl<T: Element, F: Transform<T>, R: Rule<T>> Rule<T> for Before<F, R> {
    type State = Wrapped<F::State, R::State>;

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        Wrapped { own: self.transform.init(layout, x), rule: self.rule.init(layout, x) }
    }

    fn step(&self, Wrapped { own, rule }: &mut Self::State, now: &mut Step<'_, T>) {
        self.transform.transform(own, now, Stage::Gradient);
        if !now.is_put_off() {
            self.rule.step(rule, now);
        }
    }

    fn after_step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(&mut state.rule, now);
    }

    fn eval_params(&self, state: &Self::State, x: &[T], out: &mut [T]) {
        self.rule.eval_params(&state.rule, x, out);
    }
}

impl<T: Element, F: Transform<T>, R: Rule<T>> Rule<T> for After<F, R> {
    type State = Wrapped<F::State, R::State>;

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        Wrapped { own: self.transform.init(layout, x), rule: self.rule.init(layout, x) }
    }

    fn step(&self, Wrapped { own, rule }: &mut Self::State, now: &mut Step<'_, T>) {
        now.hold();
        self.rule.step(rule, now);
        if !now.is_put_off() {
            self.transform.transform(own, now, Stage::Displacement);
        }
    }

    fn after_step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(&mut state.rule, now);
    }

    fn eval_params(&self, state: &Self::State, x: &[T], out: &mut [T]) {
        self.rule.eval_params(&state.rule, x, out);
    }
}
