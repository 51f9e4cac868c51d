//! What a rule in progress remembers, and how one step of it is taken.

use std::sync::Arc;

use super::each::count_non_finite;
use super::step::{Segment, Work, moving};
use super::{Deed, LearningRate, OnNonFinite, Point, Rule, Step, StepReport};
use crate::params::{Element, Layout};

/// What a rule in progress remembers: its state, how many steps it took, and what the learning rate looks back to.
#[derive(Debug)]
pub struct Memory<S, T: Element = f64> {
    pub(super) state: S,
    pub(super) layout: Arc<Layout>,
    pub(super) groups: Vec<Segment>,
    pub(super) steps: usize,
    pub(super) last: Vec<T>,
    /// The rate of the last step, with the learning rate it came from.
    pub(super) used: Option<(LearningRate, f64)>,
    work: Work<T>,
}

/// What a step is taken with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a, T> {
    pub(super) gradient: &'a [T],
    pub(super) value: Option<f64>,
    /// The rate is multiplied by this.
    pub(super) cut: f64,
    pub(super) on_non_finite: OnNonFinite,
}

impl<'a> Given<'a, f64> {
    /// A point of a walk, whose end is looked at by the loop around.
    pub(super) fn of(at: &'a Point, cut: f64) -> Given<'a, f64> {
        let on_non_finite = OnNonFinite::Propagate;
        Given { gradient: &at.gradient, value: Some(at.value), cut, on_non_finite }
    }
}

impl<S, T: Element> Memory<S, T> {
    pub(super) fn new(state: S, layout: Arc<Layout>) -> Memory<S, T> {
        let groups = vec![Segment::all(layout.len())];
        Memory { state, layout, groups, steps: 0, last: Vec::new(), used: None, work: Work::default() }
    }

    /// Begins anew from the state `fresh`; the count of steps, on which the rate may depend, goes on.
    pub(super) fn restart(&mut self, fresh: &S)
    where
        S: Clone,
    {
        self.state.clone_from(fresh);
        self.last.clear();
    }

    /// One step of `rule`.
    pub(super) fn step<R>(&mut self, rule: &R, x: &mut [T], given: Given<'_, T>) -> StepReport
    where
        R: Rule<T, State = S>,
    {
        let gradient = given.gradient;
        let rate = given.cut * rule.lr().rate_of(self.steps, gradient, &self.last);
        let mut now = Step {
            t: self.steps + 1,
            lr: rate,
            value: given.value,
            layout: &self.layout,
            groups: &self.groups,
            x,
            given: gradient,
            work: &mut self.work,
            scale: 1.0,
            coupled: 0.0,
            decoupled: 0.0,
            copied: false,
            held: false,
            clipped: false,
            taken: true,
            norm: None,
        };
        if given.on_non_finite != OnNonFinite::Propagate && !now.given_norm().is_finite() {
            let non_finite = moving(&self.groups).map(|range| count_non_finite(&gradient[range])).sum();
            if non_finite > 0 {
                let deed = match given.on_non_finite {
                    OnNonFinite::Stop => Deed::Stopped,
                    _ => Deed::Skipped,
                };
                return StepReport { deed, lr: rate, norm: now.norm, clipped: false, non_finite };
            }
        }
        rule.step(&mut self.state, &mut now);
        now.finish();
        if now.taken {
            rule.after_step(&mut self.state, &mut now);
        }
        let (taken, norm, clipped) = (now.taken, now.norm, now.clipped);
        if taken {
            self.count(rule.lr(), rate, gradient);
        }
        let deed = if taken { Deed::Stepped } else { Deed::Accumulated };
        StepReport { deed, lr: rate, norm, clipped, non_finite: 0 }
    }

    /// One more step, of this rate, has been taken.
    fn count(&mut self, lr: &LearningRate, rate: f64, gradient: &[T]) {
        self.steps += 1;
        self.last.clear();
        if lr.looks_back() {
            self.last.extend_from_slice(gradient);
        }
        match &mut self.used {
            Some((from, used)) if from == lr => *used = rate,
            used => *used = Some((lr.clone(), rate)),
        }
    }
}

impl<S: Clone, T: Element> Clone for Memory<S, T> {
    fn clone(&self) -> Memory<S, T> {
        Memory {
            state: self.state.clone(),
            layout: Arc::clone(&self.layout),
            groups: self.groups.clone(),
            steps: self.steps,
            last: self.last.clone(),
            used: self.used.clone(),
            work: Work::default(),
        }
    }

    fn clone_from(&mut self, from: &Memory<S, T>) {
        self.state.clone_from(&from.state);
        self.layout.clone_from(&from.layout);
        self.groups.clone_from(&from.groups);
        self.steps = from.steps;
        self.last.clone_from(&from.last);
        self.used.clone_from(&from.used);
    }
}
