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

use super::transform::{After, Before, ClipNorm};
use super::{BackOff, LearningRate, Numbers, Optimizer, Step};
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
    fn clip_norm(self, most: f64) -> Before<ClipNorm, Self> {
        self.before(ClipNorm { most })
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
