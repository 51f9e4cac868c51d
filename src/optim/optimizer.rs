//! An optimizer: a rule with a state, for a loop of your own.

use std::fmt;
use std::sync::Arc;

use super::group::{Group, Groups};
use super::memory::{Given, Memory};
use super::{Deed, LearningRate, Numbers, OnNonFinite, Rule, StepReport};
use crate::params::{Element, Layout};

/// A rule and its state, for a loop of your own: give it the gradient, it changes `x`.
///
/// Made by [`Rated::optimizer`](super::Rated::optimizer) for `f64`, and by
/// [`Rated::optimizer_for`](super::Rated::optimizer_for) for `f64` or `f32`. The variables are a slice, an array, or named
/// [`Params`](crate::params::Params); the gradient is as long. The state is made at the first step, for the length and the
/// names of that `x`; later steps allocate nothing. A step costs no evaluation: you bring the gradient.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [5.0, 5.0];
/// let mut descent = GradientDescent::new(0.1).optimizer();
/// for _ in 0..50 {
///     let gradient = x.map(|x| 2.0 * x); // of x² + y²
///     descent.step(&mut x, &gradient);
/// }
/// assert!((x[0] - 5.0 * 0.8f64.powi(50)).abs() < 1e-15); // each step multiplies by 1 - 2 · 0.1
/// ```
pub struct Optimizer<R: Rule<T>, T: Element = f64> {
    /// The rule; its hyper-parameters may be changed between steps.
    pub rule: R,
    /// What is done with a gradient that is not finite; unless set, it is skipped, and the report says so.
    pub on_non_finite: OnNonFinite,
    pub(super) groups: Groups,
    pub(super) memory: Option<Memory<R::State, T>>,
    pub(super) stopped: bool,
}

impl<R: Rule<T>, T: Element> Optimizer<R, T> {
    pub(super) fn new(rule: R) -> Optimizer<R, T> {
        let on_non_finite = OnNonFinite::default();
        Optimizer { rule, on_non_finite, groups: Groups::default(), memory: None, stopped: false }
    }

    #[track_caller]
    pub(super) fn for_numbers<N: Numbers<T> + ?Sized>(rule: R, x: &N) -> Optimizer<R, T> {
        let mut optimizer = Optimizer::new(rule);
        optimizer.begin(x.layout(), x.numbers());
        optimizer
    }

    /// With another way to deal with gradients that are not finite.
    pub fn on_non_finite(mut self, on_non_finite: OnNonFinite) -> Optimizer<R, T> {
        self.on_non_finite = on_non_finite;
        self
    }

    /// With a [`Group`]: the arrays with names like `pattern`, in which `*` stands for any letters, are stepped in a way of
    /// their own. Of several groups that match a name, all count, see [`Group`]; a pattern given again replaces its group.
    ///
    /// # Panics
    ///
    /// Here or at the first step, if no array has such a name.
    #[track_caller]
    pub fn group(mut self, pattern: impl Into<String>, group: Group) -> Optimizer<R, T> {
        self.set_group(pattern, group);
        self
    }

    /// As [`group`](Optimizer::group), at any time: to thaw what was frozen, say.
    ///
    /// An array that is thawed goes on with what the rule remembers of it, which is nothing if it was frozen from the
    /// beginning, while the steps were counted all the same. What corrects a mean for its start at 0 then comes too late:
    /// the first steps of Adam and its like are several times as long there as in a run that begins. A smaller
    /// [`rate`](Group::rate) for some time helps, or [`reset`](Optimizer::reset), which begins anew for all arrays.
    ///
    /// # Panics
    ///
    /// As [`group`](Optimizer::group).
    #[track_caller]
    pub fn set_group(&mut self, pattern: impl Into<String>, group: Group) {
        self.groups.set(pattern.into(), group);
        self.regroup();
    }

    #[track_caller]
    fn regroup(&mut self) {
        if let Some(memory) = &mut self.memory {
            memory.groups = self.groups.segments(&memory.layout);
        }
    }

    /// As [`group`](Optimizer::group), of all arrays for which `which`, given name and shape, says so; for an optimizer that
    /// knows the arrays already, as [`optimizer_for`](super::Rated::optimizer_for) makes it.
    ///
    /// ```
    /// use downhill::optim::Group;
    /// use downhill::params::Params;
    /// use downhill::prelude::*;
    ///
    /// let mut params = Params::new();
    /// params.insert("weight", &ndarray::array![[1.0, 2.0]]).insert("bias", &[0.5]);
    /// // No decay for what is no matrix, as is usual.
    /// let mut adam = AdamW::new(0.1)
    ///     .weight_decay(1.0)
    ///     .optimizer_for(&params)
    ///     .group_where(|_, shape| shape.len() < 2, Group::new().decay(0.0));
    /// let still = params.zeros_like();
    /// adam.step(&mut params, &still);
    /// assert_eq!(params.values(), [0.9, 1.8, 0.5]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such array, or none is known yet.
    #[track_caller]
    pub fn group_where(mut self, which: impl Fn(&str, &[usize]) -> bool, group: Group) -> Optimizer<R, T> {
        let Some(memory) = &self.memory else {
            panic!(
                "downhill: a group was made by shapes of arrays that are not known yet: make the optimizer with \
                 `optimizer_for(&x)`"
            )
        };
        let layout = &memory.layout;
        let mut names =
            layout.iter().filter(|(name, block)| which(name, block.shape())).map(|(name, _)| name).peekable();
        assert!(
            names.peek().is_some(),
            "downhill: a group was made of arrays of which there are none, in {layout:?}"
        );
        names.for_each(|name| self.groups.set(name.to_owned(), group));
        self.regroup();
        self
    }

    /// Changes `x: [n]` by one step, given the `gradient: [n]` at `x`.
    ///
    /// What a gradient that is not finite does, is set by [`on_non_finite`](Optimizer::on_non_finite); unless set, nothing
    /// is stepped, and the report says so.
    ///
    /// # Panics
    ///
    /// If `x` and `gradient` differ in length or names, or `x` is not as it was at the first step.
    #[track_caller]
    pub fn step<X, G>(&mut self, x: &mut X, gradient: &G) -> StepReport
    where
        X: Numbers<T> + ?Sized,
        G: Numbers<T> + ?Sized,
    {
        self.prepare(x, gradient);
        self.advance(x.numbers_mut(), gradient.numbers(), None)
    }

    /// As [`step`](Optimizer::step), with the `value` of the objective at `x`, for rules that use it.
    ///
    /// # Panics
    ///
    /// As [`step`](Optimizer::step).
    #[track_caller]
    pub fn step_with_value<X, G>(&mut self, x: &mut X, gradient: &G, value: f64) -> StepReport
    where
        X: Numbers<T> + ?Sized,
        G: Numbers<T> + ?Sized,
    {
        self.prepare(x, gradient);
        self.advance(x.numbers_mut(), gradient.numbers(), Some(value))
    }

    #[track_caller]
    fn prepare<X, G>(&mut self, x: &X, gradient: &G)
    where
        X: Numbers<T> + ?Sized,
        G: Numbers<T> + ?Sized,
    {
        let (n, m) = (x.numbers().len(), gradient.numbers().len());
        assert!(
            n == m,
            "Optimizer::step was given x of length {n} and a gradient of length {m}; they must be equally long: \
             pass the gradient with respect to this very x",
        );
        if self.memory.is_none() {
            self.begin(x.layout(), x.numbers());
        }
        let layout = &self.memory.as_ref().expect("made just now").layout;
        let there = layout.len();
        assert!(
            n == there,
            "Optimizer::step was given x of length {n}, but its state was made for length {there} at its first \
             step; call reset() to begin anew, or keep one optimizer for each x",
        );
        assert!(
            x.is_laid_out(layout) && gradient.is_laid_out(layout),
            "Optimizer::step was given arrays of other names or shapes than x had at the first step; call reset() to \
             begin anew, or keep one optimizer for each x",
        );
    }

    #[track_caller]
    fn begin(&mut self, layout: Arc<Layout>, x: &[T]) {
        let groups = self.groups.segments(&layout);
        let mut memory = Memory::new(self.rule.init(&layout, x), layout);
        memory.groups = groups;
        self.memory = Some(memory);
    }

    fn advance(&mut self, x: &mut [T], gradient: &[T], value: Option<f64>) -> StepReport {
        let memory = self.memory.as_mut().expect("made before the first step");
        if self.stopped {
            let lr = memory.used.as_ref().map_or(self.rule.lr().start(), |&(_, used)| used);
            return StepReport { deed: Deed::Stopped, lr, norm: None, clipped: false, non_finite: 0 };
        }
        let given = Given { gradient, value, cut: 1.0, on_non_finite: self.on_non_finite };
        let report = memory.step(&self.rule, x, given);
        self.stopped = report.deed == Deed::Stopped;
        report
    }

    /// The rate the last step used; before the first step and after the learning rate was replaced, the rate it starts
    /// from.
    pub fn lr(&self) -> f64 {
        let lr = self.rule.lr();
        match self.memory.as_ref().and_then(|memory| memory.used.as_ref()) {
            Some((from, rate)) if from == lr => *rate,
            _ => lr.start(),
        }
    }

    /// Replaces the learning rate; the state stays, and so does the count of steps that a decay starts from.
    pub fn set_lr(&mut self, lr: impl Into<LearningRate>) {
        self.rule.set_lr(lr.into());
    }

    /// How many steps were taken since the beginning or the last [`reset`](Optimizer::reset); those skipped or put off do
    /// not count.
    pub fn steps(&self) -> usize {
        self.memory.as_ref().map_or(0, |memory| memory.steps)
    }

    /// What the rule remembers; `None` before the first step.
    pub fn state(&self) -> Option<&R::State> {
        self.memory.as_ref().map(|memory| &memory.state)
    }

    /// Where the objective is to be evaluated: `x` itself, but for rules that average or take their gradients elsewhere.
    ///
    /// # Panics
    ///
    /// If `x` is not as it was at the first step.
    #[track_caller]
    pub fn eval_params<X: Numbers<T> + Clone>(&self, x: &X) -> X {
        let mut out = x.clone();
        if let Some(memory) = &self.memory {
            assert!(
                x.is_laid_out(&memory.layout),
                "Optimizer::eval_params was given arrays of other names, shapes or lengths than its first step",
            );
            self.rule.eval_params(&memory.state, x.numbers(), out.numbers_mut());
        }
        out
    }

    /// Forgets the state and the steps taken; the hyper-parameters, groups and the learning rate stay as they are.
    pub fn reset(&mut self) {
        self.memory = None;
        self.stopped = false;
    }
}

impl<R: Rule<T> + Clone, T: Element> Clone for Optimizer<R, T> {
    fn clone(&self) -> Optimizer<R, T> {
        Optimizer {
            rule: self.rule.clone(),
            on_non_finite: self.on_non_finite,
            groups: self.groups.clone(),
            memory: self.memory.clone(),
            stopped: self.stopped,
        }
    }
}

impl<R: Rule<T> + fmt::Debug, T: Element> fmt::Debug for Optimizer<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Optimizer")
            .field("rule", &self.rule)
            .field("on_non_finite", &self.on_non_finite)
            .field("groups", &self.groups)
            .field("memory", &self.memory)
            .field("stopped", &self.stopped)
            .finish()
    }
}
