//! A rule whose kind is chosen when the program runs.

use std::any::Any;
use std::fmt::{self, Debug};

use super::{LearningRate, Rated, Rule, Step};
use crate::params::{Element, Layout};

/// A rule of any kind, chosen when the program runs: by an argument, or one of a list. Made by [`Rated::boxed`].
///
/// It steps as the rule in it does, bit for bit, and can be built on as any other. A step costs one call through a pointer
/// more. Where the rule of an optimizer is replaced by one with another kind of state, the next step begins anew. It cannot be
/// written to a file, since nothing says of which kind the file would be: for that, write the loop as a function of `impl Rule`,
/// and call it from each branch.
///
/// ```
/// use downhill::optim::BoxedRule;
/// use downhill::prelude::*;
///
/// fn named(name: &str, lr: f64) -> BoxedRule {
///     match name {
///         "adam" => Adam::new(lr).boxed(),
///         "momentum" => Momentum::new(lr).clip_norm(1.0).boxed(),
///         _ => GradientDescent::new(lr).boxed(),
///     }
/// }
///
/// for name in ["adam", "momentum", "descent"] {
///     let mut x = [1.0, -1.0];
///     let mut optimizer = named(name, 0.1).optimizer();
///     for _ in 0..200 {
///         let gradient = x.map(|x| 2.0 * x);
///         optimizer.step(&mut x, &gradient);
///     }
///     assert!(x.iter().all(|x| x.abs() < 1e-2), "{name}: {x:?}");
/// }
/// ```
pub struct BoxedRule<T: Element = f64>(Box<dyn Erased<T>>);

/// What a [`BoxedRule`] remembers: the state of the rule in it.
pub struct BoxedState(Box<dyn ErasedState>);

impl BoxedState {
    /// The state of the rule, if it is of the type `S`.
    ///
    /// ```
    /// use downhill::optim::{AdamW, Moments};
    /// use downhill::prelude::*;
    ///
    /// let mut adam = AdamW::new(0.1).boxed().optimizer();
    /// adam.step(&mut [1.0], &[2.0]);
    /// let moments = adam.state().unwrap().downcast_ref::<Moments>().unwrap();
    /// assert_eq!(moments.m, [2.0 * (1.0 - 0.9)]);
    /// ```
    pub fn downcast_ref<S: 'static>(&self) -> Option<&S> {
        self.0.as_any().downcast_ref()
    }
}

impl<T: Element> BoxedRule<T> {
    pub(super) fn new<R>(rule: R) -> BoxedRule<T>
    where
        R: Rule<T, State: Send + Sync + 'static> + Clone + Debug + Send + Sync + 'static,
    {
        BoxedRule(Box::new(rule))
    }
}

/// A [`Rule`] without its type.
trait Erased<T: Element>: Debug + Send + Sync {
    fn lr(&self) -> &LearningRate;
    fn set_lr(&mut self, lr: LearningRate);
    fn copied(&self) -> Box<dyn Erased<T>>;
    fn init(&self, layout: &Layout, x: &[T]) -> BoxedState;
    fn step(&self, state: &mut BoxedState, now: &mut Step<'_, T>);
    fn after_step(&self, state: &mut BoxedState, now: &mut Step<'_, T>);
    fn eval_params(&self, state: &BoxedState, x: &[T], out: &mut [T]);
}

/// A state without its type.
trait ErasedState: Debug + Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn copied(&self) -> Box<dyn ErasedState>;
    /// Whether `from` was of the same type, and has been copied.
    fn copy_from(&mut self, from: &dyn Any) -> bool;
}

impl<T, R> Erased<T> for R
where
    T: Element,
    R: Rule<T, State: Send + Sync + 'static> + Clone + Debug + Send + Sync + 'static,
{
    fn lr(&self) -> &LearningRate {
        Rated::lr(self)
    }

    fn set_lr(&mut self, lr: LearningRate) {
        Rated::set_lr(self, lr);
    }

    fn copied(&self) -> Box<dyn Erased<T>> {
        Box::new(self.clone())
    }

    fn init(&self, layout: &Layout, x: &[T]) -> BoxedState {
        BoxedState(Box::new(Rule::init(self, layout, x)))
    }

    fn step(&self, state: &mut BoxedState, now: &mut Step<'_, T>) {
        if !state.0.as_any().is::<R::State>() {
            *state = Erased::init(self, now.layout(), now.x());
        }
        if let Some(state) = state.0.as_any_mut().downcast_mut() {
            Rule::step(self, state, now);
        }
    }

    fn after_step(&self, state: &mut BoxedState, now: &mut Step<'_, T>) {
        if let Some(state) = state.0.as_any_mut().downcast_mut() {
            Rule::after_step(self, state, now);
        }
    }

    fn eval_params(&self, state: &BoxedState, x: &[T], out: &mut [T]) {
        if let Some(state) = state.downcast_ref() {
            Rule::eval_params(self, state, x, out);
        }
    }
}

impl<S: Clone + Debug + Send + Sync + 'static> ErasedState for S {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn copied(&self) -> Box<dyn ErasedState> {
        Box::new(self.clone())
    }

    fn copy_from(&mut self, from: &dyn Any) -> bool {
        from.downcast_ref().map(|from| self.clone_from(from)).is_some()
    }
}

impl<T: Element> Rated for BoxedRule<T> {
    fn lr(&self) -> &LearningRate {
        self.0.lr()
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.0.set_lr(lr);
    }
}

impl<T: Element> Rule<T> for BoxedRule<T> {
    type State = BoxedState;

    fn init(&self, layout: &Layout, x: &[T]) -> BoxedState {
        self.0.init(layout, x)
    }

    fn step(&self, state: &mut BoxedState, now: &mut Step<'_, T>) {
        self.0.step(state, now);
    }

    fn after_step(&self, state: &mut BoxedState, now: &mut Step<'_, T>) {
        self.0.after_step(state, now);
    }

    fn eval_params(&self, state: &BoxedState, x: &[T], out: &mut [T]) {
        self.0.eval_params(state, x, out);
    }
}

impl<T: Element> Clone for BoxedRule<T> {
    fn clone(&self) -> BoxedRule<T> {
        BoxedRule(self.0.copied())
    }
}

impl Clone for BoxedState {
    fn clone(&self) -> BoxedState {
        BoxedState(self.0.copied())
    }

    fn clone_from(&mut self, from: &BoxedState) {
        if !self.0.copy_from(from.0.as_any()) {
            *self = from.clone();
        }
    }
}

impl<T: Element> Debug for BoxedRule<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Debug for BoxedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
