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
