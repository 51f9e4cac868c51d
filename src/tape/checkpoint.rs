//! Recurrences of many steps in little memory: a few states are kept, and what lies between is computed again.
//!
//! ```text
//! t(s, l) = min over k of  k + t(s, k) + t(s − 1, l − k)      plain steps to reverse l of them from s states kept
//!         = r l − β(s + 1, r − 1),    β(s, r) = (s + r)! / (s! r!),    β(s, r − 1) < l ≤ β(s, r)
//! ```
//!
//! From a state that is kept, `k` steps forward to the next to keep; then what is beyond it is reversed, its place is free
//! again, and so on with what is before it. Every `k` with `β(s, r − 2) ≤ k ≤ β(s, r − 1)` and
//! `β(s − 1, r − 1) ≤ l − k ≤ β(s − 1, r)` is best.
//!
//! Source: Griewank & Walther, Algorithm 799: revolve, ACM TOMS 26 (2000), 19–45, sections 2 and 3.

use super::{Scope, Var, dot, external};

/// Runs `step(state, parameters, i)` for `i` in `0..n`, each changing `state: [d]` in place, and returns the last state as
/// variables that hang on the first state and on the parameters: a time integration, a filter, a long recurrence, whose
/// steps are not recorded. `memory` states are kept, the first among them; the sweep computes what lies between again,
/// records one step at a time, and forgets it.
///
/// With `s` the memory and `r` the least number such that `n ≤ β = (s + r)! / (s! r!)`, the step is called
/// `r n − (s + r)! / ((s + 1)! (r − 1)!) + 1` times on plain numbers, `n` of these at once and the others in the first
/// sweep, and `n` times on variables. So 20 states serve for 10,626 steps at 3.8 plain evaluations of each, and for a
/// million at 6.8. Another sweep over the same recording takes one call less than the first and the evaluation together.
///
/// Where second derivatives are asked for, every step is recorded. It allocates `memory + 3` states and as much again as [`external`]; steps and sweep allocate nothing.
///
/// ```
/// use downhill::prelude::*;
///
/// // A pendulum with friction: where is it after 10,000 steps, and how does that depend on where it started?
/// let swing = |start: Var, friction: Var| {
///     let step = |state: &mut [Var], parameters: &[Var], _: usize| {
///         let [angle, speed] = [state[0], state[1]];
///         state[1] = speed - 1e-3 * (angle.sin() + parameters[0] * speed);
///         state[0] = angle + 1e-3 * state[1];
///     };
///     checkpointed(&[start, 0.0.into()], &[friction], 10_000, 20, step)[0]
/// };
/// let slopes = gradient(|[start, friction]| swing(start, friction), [0.5, 0.1]);
/// let h = 1e-5;
/// let at = |start: f64, friction: f64| swing(start.into(), friction.into()).value();
/// assert!((slopes[0] - (at(0.5 + h, 0.1) - at(0.5 - h, 0.1)) / (2.0 * h)).abs() < 1e-9);
/// assert!((slopes[1] - (at(0.5, 0.1 + h) - at(0.5, 0.1 - h)) / (2.0 * h)).abs() < 1e-9);
/// ```
///
/// # Panics
///
/// If `memory` is 0; if a step uses a variable other than its arguments; as [`external`]. A step must compute the same
/// whenever it is called with the same arguments.
#[track_caller]
pub fn checkpointed(
    state: &[Var],
    parameters: &[Var],
    n: usize,
    memory: usize,
    step: impl Fn(&mut [Var], &[Var], usize) + 'static,
) -> Vec<Var> {
    assert!(
        memory > 0,
        "downhill: `checkpointed` was given room for 0 states; it needs room for the first at least"
    );
    if n == 0 || [state, parameters].into_iter().flatten().any(|x| x.records_operations()) {
        let mut state = state.to_vec();
        (0..n).for_each(|i| step(&mut state, parameters, i));
        return state;
    }
    let inputs = [state, parameters].concat();
    let mut run = Run::new(state, parameters, n, memory, step);
    let last = run.forward();
    external("checkpointed", &inputs, &last, move |adjoints, to_inputs| run.backward(adjoints, to_inputs))
}

/// A recurrence and the states that are kept of it.
struct Run<F> {
    step: F,
    n: usize,
    memory: usize,
    parameters: Vec<Var>,
    /// Which states are kept, in order; the first is always.
    kept: Vec<usize>,
    /// The numbers of each.
    numbers: Vec<f64>,
    /// A state on its way, and which it is.
    state: Vec<Var>,
    at: usize,
    /// What goes into a recorded step, and the partials by it.
    inputs: Vec<f64>,
    partials: Vec<f64>,
}

impl<F: Fn(&mut [Var], &[Var], usize)> Run<F> {
    fn new(state: &[Var], parameters: &[Var], n: usize, memory: usize, step: F) -> Run<F> {
        let parameters: Vec<Var> = parameters.iter().map(|x| x.detach()).collect();
        let state: Vec<Var> = state.iter().map(|x| x.detach()).collect();
        let mut numbers = Vec::with_capacity(memory.min(n) * state.len());
        numbers.extend(state.iter().map(|x| x.value()));
        let inputs = vec![0.0; state.len() + parameters.len()];
        let partials = inputs.clone();
        Run { step, n, memory, parameters, kept: vec![0], numbers, state, at: 0, inputs, partials }
    }

    /// The last state. What the sweep will need first is kept on the way.
    #[track_caller]
    fn forward(&mut self) -> Vec<f64> {
        self.reach(self.n);
        let before: Vec<Var> = self.state.clone();
        (self.step)(&mut self.state, &self.parameters, self.n - 1);
        self.assert_plain();
        let last = self.state.iter().map(|x| x.value()).collect();
        self.state = before;
        last
    }

    /// Makes the state from which the step to state `end` goes out the one under way, and keeps states on the way to it.
    #[track_caller]
    fn reach(&mut self, end: usize) {
        if self.at == end - 1 {
            return;
        }
        // None is under way while a step, which is the caller's, may panic.
        self.at = usize::MAX;
        let (d, last) = (self.state.len(), self.kept.len() - 1);
        let mut at = self.kept[last];
        for (x, &number) in self.state.iter_mut().zip(&self.numbers[last * d..]) {
            *x = Var::constant(number);
        }
        while at < end - 1 {
            let k = stride(self.memory + 1 - self.kept.len(), end - at);
            for i in at..at + k {
                (self.step)(&mut self.state, &self.parameters, i);
                self.assert_plain();
            }
            at += k;
            if at < end - 1 {
                self.kept.push(at);
                self.numbers.extend(self.state.iter().map(|x| x.value()));
            }
        }
        self.at = at;
    }

    #[track_caller]
    fn assert_plain(&self) {
        assert!(
            self.state.iter().all(|x| x.is_constant()),
            "downhill: a step of `checkpointed` used a variable that is not among its arguments, whose derivative would be \
             lost; pass it in among the parameters"
        );
    }

    /// From the adjoints of the last state to those of the first and of the parameters.
    fn backward(&mut self, adjoints: &[f64], to_inputs: &mut [f64]) {
        let (to_state, to_parameters) = to_inputs.split_at_mut(adjoints.len());
        to_state.copy_from_slice(adjoints);
        for end in (1..=self.n).rev() {
            self.reach(end);
            self.pull_back(to_state);
            let (by_state, by_parameters) = self.partials.split_at(to_state.len());
            to_state.copy_from_slice(by_state);
            to_parameters.iter_mut().zip(by_parameters).for_each(|(sum, partial)| *sum += partial);
            if self.kept.len() > 1 && self.kept.last() == Some(&(end - 1)) {
                self.kept.pop();
                self.numbers.truncate(self.kept.len() * to_state.len());
            }
        }
    }

    /// The partials of `Σ adjoints[j] · next[j]`, where `next` is the state after the one under way.
    fn pull_back(&mut self, adjoints: &[f64]) {
        let values = self.state.iter().chain(&self.parameters).map(|x| x.value());
        self.inputs.iter_mut().zip(values).for_each(|(input, value)| *input = value);
        let scope = Scope::begin(&self.inputs);
        let (state, parameters) = scope.variables().split_at(adjoints.len());
        self.state.copy_from_slice(state);
        let at = std::mem::replace(&mut self.at, usize::MAX); // the state is spent, and none under way
        (self.step)(&mut self.state, parameters, at);
        scope.gradient_into(dot(&self.state, adjoints), "a step of `checkpointed`", &mut self.partials);
    }
}

/// How far to go to the next state to keep, on the way through `l > 1` steps with room for `s` states, that at their start
/// included.
fn stride(s: usize, l: usize) -> usize {
    let (mut r, mut reach, mut before) = (0, 1, 0);
    while reach < l {
        r += 1;
        before = reach;
        reach = beta(s, r, reach);
    }
    // β(s − 1, r − 1) = β(s, r − 1) s / (s + r − 1)
    let beyond = (before as u128 * s as u128 / (s + r - 1) as u128) as usize;
    before.min(l - beyond)
}

/// `β(s, r)` from `β(s, r − 1)`; the largest number where it is larger.
fn beta(s: usize, r: usize, before: usize) -> usize {
    usize::try_from(before as u128 * (s + r) as u128 / r as u128).unwrap_or(usize::MAX)
}
