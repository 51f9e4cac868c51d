//! An update rule, and the optimizer a program's own loop drives with it.
//!
//! ```text
//! x_{k+1} = rule(state_k, η_k, x_k, g_k)           g_k = ∇f(x_k),   η_k from the learning rate
//! ```
//!
//! A [`Rule`] is hyper-parameters and a formula; what it remembers is its `State`, kept apart. An [`Optimizer`] is both
//! together for the loop a program writes itself; [`minimize_objective`](super::minimize_objective) takes the rule
//! alone and brings the loop.

use std::fmt::Debug;

use super::{BackOff, LearningRate};

/// How one gradient changes `x`, given the learning rate and what the rule remembers.
///
/// To write one of your own, give the formula in [`step`](Rule::step); the learning rate arrives as the number to be
/// used in this step. Everything that takes a rule then takes yours.
///
/// ```
/// use downhill::prelude::*;
///
/// /// x -= η sign(g)
/// struct SignDescent {
///     lr: LearningRate,
/// }
///
/// impl Rule for SignDescent {
///     type State = ();
///     fn lr(&self) -> LearningRate {
///         self.lr
///     }
///     fn set_lr(&mut self, lr: LearningRate) {
///         self.lr = lr;
///     }
///     fn init(&self, _: usize) {}
///     fn step(&self, _: &mut (), lr: f64, x: &mut [f64], gradient: &[f64]) {
///         for (x, g) in x.iter_mut().zip(gradient) {
///             *x -= lr * g.signum();
///         }
///     }
/// }
///
/// let mut x = [3.0, -4.0];
/// SignDescent { lr: 0.5.into() }.optimizer().step(&mut x, &[6.0, -8.0]);
/// assert_eq!(x, [2.5, -3.5]);
/// ```
pub trait Rule {
    /// What the rule remembers from step to step. `clone_from` should reuse memory: [`BackOff`] calls it in every step.
    type State: Clone + Debug;

    /// The learning rate.
    fn lr(&self) -> LearningRate;

    /// Replaces the learning rate.
    fn set_lr(&mut self, lr: LearningRate);

    /// The state before the first step, for `n` variables.
    fn init(&self, n: usize) -> Self::State;

    /// Changes `x: [n]` by one step with the rate `lr`, given the `gradient: [n]` at `x`. It need not check lengths.
    fn step(&self, state: &mut Self::State, lr: f64, x: &mut [f64], gradient: &[f64]);

    /// The rule with a state of its own, for a loop you write yourself.
    fn optimizer(self) -> Optimizer<Self>
    where
        Self: Sized,
    {
        Optimizer { rule: self, memory: None, n: 0 }
    }

    /// The rule as a method for [`minimize_objective`](super::minimize_objective) that halves the learning rate
    /// whenever the value rises.
    fn back_off(self) -> BackOff<Self>
    where
        Self: Sized,
    {
        BackOff::new(self)
    }
}

/// What a rule in progress remembers: its state, how many steps it took, and what the learning rate looks back to.
#[derive(Debug)]
pub struct Memory<S> {
    state: S,
    steps: usize,
    last: Vec<f64>,
    /// The rate of the last step, with the learning rate it came from.
    used: Option<(LearningRate, f64)>,
}

impl<S> Memory<S> {
    pub(crate) fn new(state: S) -> Memory<S> {
        Memory { state, steps: 0, last: Vec::new(), used: None }
    }

    /// Begins anew from the state `fresh`; the count of steps, on which the rate may depend, goes on.
    pub(crate) fn restart(&mut self, fresh: &S)
    where
        S: Clone,
    {
        self.state.clone_from(fresh);
        self.last.clear();
    }

    /// One step of `rule`, its rate multiplied by `cut`.
    pub(crate) fn step<R>(&mut self, rule: &R, cut: f64, x: &mut [f64], gradient: &[f64])
    where
        R: Rule<State = S> + ?Sized,
    {
        let lr = rule.lr();
        let rate = cut * lr.rate(self.steps, gradient, &self.last);
        rule.step(&mut self.state, rate, x, gradient);
        self.last.clear();
        if lr.looks_back() {
            self.last.extend_from_slice(gradient);
        }
        self.steps += 1;
        self.used = Some((lr, rate));
    }
}

impl<S: Clone> Clone for Memory<S> {
    fn clone(&self) -> Memory<S> {
        Memory { state: self.state.clone(), steps: self.steps, last: self.last.clone(), used: self.used }
    }

    fn clone_from(&mut self, from: &Memory<S>) {
        self.state.clone_from(&from.state);
        self.steps = from.steps;
        self.last.clone_from(&from.last);
        self.used = from.used;
    }
}

/// A rule and its state, for a loop of your own: give it the gradient, it changes `x`.
///
/// Made by [`Rule::optimizer`]. The state is made at the first step, for the length of that `x`; later steps allocate
/// nothing (the first step under a rate by angle allocates once more). A step costs no evaluation: you bring the
/// gradient.
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
#[derive(Debug, Clone)]
pub struct Optimizer<R: Rule> {
    /// The rule; its hyper-parameters may be changed between steps.
    pub rule: R,
    memory: Option<Memory<R::State>>,
    n: usize,
}

impl<R: Rule> Optimizer<R> {
    /// Changes `x: [n]` by one step, given the `gradient: [n]` at `x`.
    ///
    /// A gradient that is not finite is used like any other, and spoils `x` and the state: test it before if it may
    /// happen. [`minimize_objective`](super::minimize_objective) does.
    ///
    /// # Panics
    ///
    /// If `x` and `gradient` differ in length, or `x` is not as long as at the first step.
    #[track_caller]
    pub fn step(&mut self, x: &mut [f64], gradient: &[f64]) {
        assert!(
            x.len() == gradient.len(),
            "Optimizer::step was given x of length {} and a gradient of length {}; they must be equally long: \
             pass the gradient with respect to this very x",
            x.len(),
            gradient.len(),
        );
        assert!(
            self.memory.is_none() || x.len() == self.n,
            "Optimizer::step was given x of length {}, but its state was made for length {} at its first step; \
             call reset() to begin anew, or keep one optimizer for each x",
            x.len(),
            self.n,
        );
        self.n = x.len();
        let memory = self.memory.get_or_insert_with(|| Memory::new(self.rule.init(x.len())));
        memory.step(&self.rule, 1.0, x, gradient);
    }

    /// The rate the last step used; before the first step and after the learning rate was replaced, the rate it starts
    /// from.
    pub fn lr(&self) -> f64 {
        let lr = self.rule.lr();
        match self.memory.as_ref().and_then(|memory| memory.used) {
            Some((from, rate)) if from == lr => rate,
            _ => lr.start(),
        }
    }

    /// Replaces the learning rate; the state stays, and so does the count of steps that a decay starts from.
    pub fn set_lr(&mut self, lr: impl Into<LearningRate>) {
        self.rule.set_lr(lr.into());
    }

    /// How many steps were taken since the beginning or the last [`reset`](Optimizer::reset).
    pub fn steps(&self) -> usize {
        self.memory.as_ref().map_or(0, |memory| memory.steps)
    }

    /// Forgets the state and the steps taken; the hyper-parameters and the learning rate stay as they are.
    pub fn reset(&mut self) {
        self.memory = None;
    }
}
