//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod adagrad;
mod adam;
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
mod momentum;
mod momentum_mix;
mod nesterov;
mod novograd;
mod prodigy;
mod rmsprop;
mod schedule_free_adamw;
mod schedule_free_sgd;
mod sign_sgd;
mod signum;
mod sm3;

pub use adagrad::AdaGrad;
pub use adam::{Adam, Moments};
pub use cocob::{Cocob, CocobState};
pub use dadapt_adamw::{DAdaptAdamW, DAdaptState};
pub use dog::{DoG, DoGState};
pub use dowg::{DoWG, DoWGState};
pub use fromage::Fromage;
pub use gradient_descent::GradientDescent;
pub use lamb::Lamb;
pub use lars::Lars;
pub use lion::Lion;
pub use momentum::Momentum;
pub use momentum_mix::MomentumMix;
pub use nesterov::Nesterov;
pub use novograd::{NovoGrad, NovoGradState};
pub use prodigy::{Prodigy, ProdigyState};
pub use rmsprop::RmsProp;
pub use schedule_free_adamw::{ScheduleFreeAdamW, ScheduleFreeAdamWState};
pub use schedule_free_sgd::{ScheduleFreeSgd, ScheduleFreeState, Weights};
pub use sign_sgd::SignSgd;
pub use signum::Signum;
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
    AdaGrad
    Adam
    Cocob
    DAdaptAdamW
    DoG
    DoWG
    Fromage
    GradientDescent
    Lamb
    Lars
    Lion
    Momentum
    MomentumMix
    Nesterov
    NovoGrad
    Prodigy
    RmsProp
    ScheduleFreeAdamW
    ScheduleFreeSgd
    SignSgd
    Signum
    Sm3
}
