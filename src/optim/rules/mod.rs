//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod adagrad;
mod adam;
mod arithmetic;
mod gradient_descent;
mod lion;
mod momentum;
mod momentum_mix;
mod nesterov;
mod rmsprop;
mod sign_sgd;
mod signum;

pub use adagrad::AdaGrad;
pub use adam::{Adam, Moments};
pub use gradient_descent::GradientDescent;
pub use lion::Lion;
pub use momentum::Momentum;
pub use momentum_mix::MomentumMix;
pub use nesterov::Nesterov;
pub use rmsprop::RmsProp;
pub use sign_sgd::SignSgd;
pub use signum::Signum;

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
    GradientDescent
    Lion
    Momentum
    MomentumMix
    Nesterov
    RmsProp
    SignSgd
    Signum
}
