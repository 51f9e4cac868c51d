//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod adagrad;
mod adam;
mod arithmetic;
mod fromage;
mod gradient_descent;
mod lamb;
mod lars;
mod lion;
mod momentum;
mod momentum_mix;
mod nesterov;
mod novograd;
mod rmsprop;
mod schedule_free_adamw;
mod schedule_free_sgd;
mod sign_sgd;
mod signum;
mod sm3;

pub use adagrad::AdaGrad;
pub use adam::{Adam, Moments};
pub use fromage::Fromage;
pub use gradient_descent::GradientDescent;
pub use lamb::Lamb;
pub use lars::Lars;
pub use lion::Lion;
pub use momentum::Momentum;
pub use momentum_mix::MomentumMix;
pub use nesterov::Nesterov;
pub use novograd::{NovoGrad, NovoGradState};
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
    Fromage
    GradientDescent
    Lamb
    Lars
    Lion
    Momentum
    MomentumMix
    Nesterov
    NovoGrad
    RmsProp
    ScheduleFreeAdamW
    ScheduleFreeSgd
    SignSgd
    Signum
    Sm3
}
