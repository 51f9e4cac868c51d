//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod adabelief;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adamax;
mod adamw;
mod amsgrad;
mod asgd;
mod form;
mod gradient_descent;
mod mean;
mod momentum;
mod momentum_mix;
mod nadam;
mod nesterov;
mod radam;
mod rmsprop;
mod rprop;
mod sgd;
mod yogi;

pub use adabelief::AdaBelief;
pub use adadelta::{AdaDelta, AdaDeltaState};
pub use adafactor::{Adafactor, AdafactorState, MeanSquares};
pub use adagrad::{AdaGrad, AdaGradState};
pub use adam::{Adam, Moments};
pub use adamax::Adamax;
pub use adamw::AdamW;
pub use amsgrad::{AmsGrad, AmsGradState};
pub use asgd::{Asgd, AsgdState};
pub use form::Form;
pub use gradient_descent::GradientDescent;
pub use momentum::Momentum;
pub use momentum_mix::MomentumMix;
pub use nadam::{NAdam, NAdamState};
pub use nesterov::Nesterov;
pub use radam::RAdam;
pub use rmsprop::{RmsProp, RmsPropState};
pub use rprop::{Rprop, RpropState};
pub use sgd::{Sgd, SgdState};
pub use yogi::Yogi;

use super::{LearningRate, Rated, Step};
use crate::params::Element;
use mean::Mean;

/// The rules, each with its learning rate in the field `lr`.
macro_rules! rated {
    ($($rule:ident)*) => { $(
        impl Rated for $rule {
            fn lr(&self) -> &LearningRate {
                &self.lr
            }

            fn set_lr(&mut self, lr: LearningRate) {
                self.lr = lr;
            }
        }
    )* };
}

rated! {
    AdaBelief
    AdaDelta
    Adafactor
    AdaGrad
    Adam
    Adamax
    AdamW
    AmsGrad
    Asgd
    GradientDescent
    Momentum
    MomentumMix
    NAdam
    Nesterov
    RAdam
    RmsProp
    Rprop
    Sgd
    Yogi
}

/// The states, each with all of its fields: cloned one by one, so that `clone_from` reuses memory.
macro_rules! cloned {
    ($($state:ident { $($field:ident),* })*) => { $(
        impl<T: Clone> Clone for $state<T> {
            fn clone(&self) -> $state<T> {
                $state { $($field: self.$field.clone()),* }
            }

            fn clone_from(&mut self, from: &$state<T>) {
                $(self.$field.clone_from(&from.$field);)*
            }
        }
    )* };
}

cloned! {
    AdaDeltaState { v, u }
    AdafactorState { arrays, t }
    AdaGradState { a, t }
    AmsGradState { m, v, w, t }
    AsgdState { a, t }
    MeanSquares { rows, columns, all }
    Moments { m, v, t }
    NAdamState { m, v, product, t }
    RmsPropState { v, mean, b, t }
    RpropState { last, size, rate }
    SgdState { b, t }
}

/// The weight decay of rules that have it in either way.
fn add_decay<T: Element>(now: &mut Step<'_, T>, decay: f64, decoupled: bool) {
    if decoupled {
        now.add_decoupled_decay(decay);
    } else {
        now.add_coupled_decay(decay);
    }
}

/// Room for what a rule remembers only in some of its forms, which may have been set after the first step.
fn room<T: Element>(v: &mut Vec<T>, n: usize) -> &mut [T] {
    v.resize(n, T::zero());
    v
}

/// The sign of `x`; 0 for 0, unlike `signum`, and for NaN.
#[inline(always)]
fn sign<T: Element>(x: T) -> T {
    let (zero, one) = (T::zero(), T::one());
    let positive = if x > zero { one } else { zero };
    if x < zero { -one } else { positive }
}
