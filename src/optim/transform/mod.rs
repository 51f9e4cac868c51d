//! Transformations of the gradient before a rule, and of the displacement after it.
//!
//! ```text
//! g ← before(g)     d ← rule(g)     d ← after(d)     x ← x − d
//! ```
//!
//! A rule with transformations is a rule again, so they may be chained at will: `Adam::new(1e-3).clip_norm(1.0)`. What
//! stands further to the left is nearer to the rule: of two transformations before it, the one further right comes first.

mod clip_norm;

use std::fmt::Debug;

pub use clip_norm::ClipNorm;

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
    type State = (F::State, R::State);

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        (self.transform.init(layout, x), self.rule.init(layout, x))
    }

    fn step(&self, (own, rule): &mut Self::State, now: &mut Step<'_, T>) {
        self.transform.transform(own, now, Stage::Gradient);
        if !now.is_put_off() {
            self.rule.step(rule, now);
        }
    }

    fn after_step(&self, (_, rule): &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(rule, now);
    }

    fn eval_params(&self, (_, rule): &Self::State, x: &[T], out: &mut [T]) {
        self.rule.eval_params(rule, x, out);
    }
}

impl<T: Element, F: Transform<T>, R: Rule<T>> Rule<T> for After<F, R> {
    type State = (F::State, R::State);

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        (self.transform.init(layout, x), self.rule.init(layout, x))
    }

    fn step(&self, (own, rule): &mut Self::State, now: &mut Step<'_, T>) {
        now.hold();
        self.rule.step(rule, now);
        if !now.is_put_off() {
            self.transform.transform(own, now, Stage::Displacement);
        }
    }

    fn after_step(&self, (_, rule): &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(rule, now);
    }

    fn eval_params(&self, (_, rule): &Self::State, x: &[T], out: &mut [T]) {
        self.rule.eval_params(rule, x, out);
    }
}
