//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod acprop;
mod adagrad;
mod adam;
mod adan;
mod ademamix;
mod adopt;
mod arithmetic;
mod cocob;
mod dadapt_adamw;
mod dog;
mod dowg;
mod fromage;
mod gradient_descent;
mod lamb;
mod lars;
mod lion;
mod madgrad;
mod mechanic;
mod momentum;
mod momentum_mix;
mod momo;
mod momo_adam;
mod muon;
mod nesterov;
mod novograd;
mod optimistic_adam;
mod optimistic_gradient;
mod polyak_sgd;
mod prodigy;
mod rmsprop;
mod schedule_free_adamw;
mod schedule_free_sgd;
mod sign_sgd;
mod signum;
mod simplified_ademamix;
mod sm3;

pub use acprop::AcProp;
pub use adagrad::AdaGrad;
pub use adam::{Adam, Moments};
pub use adan::{Adan, AdanState};
pub use ademamix::{AdEmaMix, AdEmaMixState};
pub use adopt::Adopt;
pub use cocob::{Cocob, CocobState};
pub use dadapt_adamw::{DAdaptAdamW, DAdaptState};
pub use dog::{DoG, DoGState};
pub use dowg::{DoWG, DoWGState};
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
pub use nesterov::Nesterov;
pub use novograd::{NovoGrad, NovoGradState};
pub use optimistic_adam::{OptimisticAdam, OptimisticAdamState};
pub use optimistic_gradient::{LastGradient, OptimisticGradient};
pub use polyak_sgd::PolyakSgd;
pub use prodigy::{Prodigy, ProdigyState};
pub use rmsprop::RmsProp;
pub use schedule_free_adamw::{ScheduleFreeAdamW, ScheduleFreeAdamWState};
pub use schedule_free_sgd::{ScheduleFreeSgd, ScheduleFreeState, Weights};
pub use sign_sgd::SignSgd;
pub use signum::Signum;
pub use simplified_ademamix::SimplifiedAdEmaMix;
pub use sm3::{Sm3, Sm3State};

use super::{LearningRate, Rated};

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
    AdEmaMix
    AdaGrad
    Adam
    Adan
    Adopt
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
    Nesterov
    NovoGrad
    OptimisticAdam
    OptimisticGradient
    PolyakSgd
    Prodigy
    RmsProp
    ScheduleFreeAdamW
    ScheduleFreeSgd
    SignSgd
    Signum
    SimplifiedAdEmaMix
    Sm3
}
