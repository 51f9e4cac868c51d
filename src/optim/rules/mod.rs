//! The update rules, a file each: the paper's formula, then code that matches it symbol by symbol.

mod adagrad;
mod adam;
mod gradient_descent;
mod momentum;
mod momentum_mix;
mod nesterov;
mod rmsprop;

pub use adagrad::AdaGrad;
pub use adam::{Adam, Moments};
pub use gradient_descent::GradientDescent;
pub use momentum::Momentum;
pub use momentum_mix::MomentumMix;
pub use nesterov::Nesterov;
pub use rmsprop::RmsProp;

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
    Momentum
    MomentumMix
    Nesterov
    RmsProp
}
