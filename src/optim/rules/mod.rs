//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod acprop;
mod adabelief;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adamax;
mod adamw;
mod adan;
mod ademamix;
mod adopt;
mod amsgrad;
mod arithmetic;
mod asgd;
mod cocob;
mod dadapt_adamw;
mod dog;
mod dowg;
mod form;
mod fromage;
mod gradient_descent;
mod lamb;
mod lars;
mod lion;
mod madgrad;
mod mean;
mod mechanic;
mod momentum;
mod momentum_mix;
mod momo;
mod momo_adam;
mod muon;
mod nadam;
mod nesterov;
mod novograd;
mod optimistic_adam;
mod optimistic_gradient;
mod polyak_sgd;
mod prodigy;
mod radam;
mod rmsprop;
mod rprop;
mod schedule_free_adamw;
mod schedule_free_sgd;
mod sgd;
mod sign_sgd;
mod signum;
mod simplified_ademamix;
mod sm3;
mod yogi;

pub use acprop::AcProp;
pub use adabelief::AdaBelief;
pub use adadelta::{AdaDelta, AdaDeltaState};
pub use adafactor::{Adafactor, AdafactorState, MeanSquares};
pub use adagrad::{AdaGrad, AdaGradState};
pub use adam::{Adam, Moments};
pub use adamax::Adamax;
pub use adamw::AdamW;
pub use adan::{Adan, AdanState};
pub use ademamix::{AdEmaMix, AdEmaMixState};
pub use adopt::Adopt;
pub use amsgrad::{AmsGrad, AmsGradState};
pub use asgd::{Asgd, AsgdState};
pub use cocob::{Cocob, CocobState};
pub use dadapt_adamw::{DAdaptAdamW, DAdaptState};
pub use dog::{DoG, DoGState};
pub use dowg::{DoWG, DoWGState};
pub use form::Form;
pub use fromage::Fromage;
pub use gradient_descent::GradientDescent;
pub use lamb::Lamb;
pub use lars::Lars;
pub use lion::Lion;
pub use madgrad::{MadGrad, MadGradState};
pub use mechanic::{Mechanic, MechanicState};
pub use momentum::Momentum;
pub use momentum_mix::MomentumMix;
pub use momo::{Momo, MomoState};
pub use momo_adam::{MomoAdam, MomoAdamState};
pub use muon::{Muon, MuonForm, MuonOthers, MuonRate, MuonState};
pub use nadam::{NAdam, NAdamState};
pub use nesterov::Nesterov;
pub use novograd::{NovoGrad, NovoGradState};
pub use optimistic_adam::{OptimisticAdam, OptimisticAdamState};
pub use optimistic_gradient::{LastGradient, OptimisticGradient};
pub use polyak_sgd::PolyakSgd;
pub use prodigy::{Prodigy, ProdigyState};
pub use radam::RAdam;
pub use rmsprop::{RmsProp, RmsPropState};
pub use rprop::{Rprop, RpropState};
pub use schedule_free_adamw::{ScheduleFreeAdamW, ScheduleFreeAdamWState};
pub use schedule_free_sgd::{ScheduleFreeSgd, ScheduleFreeState, Weights};
pub use sgd::{Sgd, SgdState};
pub use sign_sgd::SignSgd;
pub use signum::Signum;
pub use simplified_ademamix::SimplifiedAdEmaMix;
pub use sm3::{Sm3, Sm3State};
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
    AcProp
    AdaBelief
    AdaDelta
    Adafactor
    AdaGrad
    Adam
    Adamax
    AdamW
    Adan
    AdEmaMix
    Adopt
    AmsGrad
    Asgd
    Cocob
    DAdaptAdamW
    DoG
    DoWG
    Fromage
    GradientDescent
    Lamb
    Lars
    Lion
    MadGrad
    Momentum
    MomentumMix
    Momo
    MomoAdam
    Muon
    NAdam
    Nesterov
    NovoGrad
    OptimisticAdam
    OptimisticGradient
    PolyakSgd
    Prodigy
    RAdam
    RmsProp
    Rprop
    ScheduleFreeAdamW
    ScheduleFreeSgd
    Sgd
    SignSgd
    Signum
    SimplifiedAdEmaMix
    Sm3
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
    AdanState { m, v, n, last, t }
    AdEmaMixState { m1, m2, v, t }
    AmsGradState { m, v, w, t }
    AsgdState { a, t }
    CocobState { x0, scale, slopes, reward, theta }
    DAdaptState { moments, s, d, r }
    DoGState { x0, distance, squares }
    DoWGState { x0, r_squared, squares }
    LastGradient { last, t }
    MadGradState { s, nu, x0, t }
    MeanSquares { rows, columns, all }
    Moments { m, v, t }
    MomoAdamState { moments, value, gamma }
    MomoState { m, value, gamma, t }
    MuonState { m, v, t }
    NAdamState { m, v, product, t }
    NovoGradState { m, v, t }
    OptimisticAdamState { m, v, last, t }
    ProdigyState { moments, s, x0, d, r }
    RmsPropState { v, mean, b, t }
    RpropState { last, size, rate }
    ScheduleFreeAdamWState { z, v, weights }
    ScheduleFreeState { z, weights }
    SgdState { b, t }
    Sm3State { m, mu }
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
