//! The verbs: what a mathematician asks of a function.
//!
//! Each takes a closure over variables and a point. The point's type decides the closure's shape (see [`Start`]):
//!
//! ```
//! use downhill::prelude::*;
//!
//! assert_eq!(derivative(|x| x * x, 3.0), 6.0);
//! assert_eq!(gradient(|[x, y]| x * y, [3.0, 4.0]), [4.0, 3.0]);
//! assert_eq!(gradient(|x| x.iter().sum(), &[1.0, 2.0, 3.0]), [1.0, 1.0, 1.0]);
//! ```
//!
//! # Cost
//!
//! Every verb calls f once and records it ([`check_gradient`] alone calls it more often). What follows is counted in
//! *sweeps* over that recording: forward, which computes a value for each operation of f, or back, which computes an adjoint.
//! With `k` tangents a sweep computes `k + 1` numbers in place of one; that takes less than `k + 1` times as long, as the
//! values are looked at once and several tangents fit into a vector. A gradient is a sweep forward (while recording) and one
//! back. The counts are tested.

mod check;
mod closure;
#[cfg(test)]
mod cost;
mod directional;
mod expansion;
mod formula;
mod forward;
mod gradient;
mod hessian;
mod implicit;
mod jacobian;
mod map;
mod non_finite;
mod objective;
mod start;

pub use check::{GradientCheck, check_gradient};
pub use closure::Closure;
pub use directional::directional;
pub use expansion::Expansion;
pub use formula::{Formula, taylor};
pub use forward::jacobian_forward;
pub use gradient::{derivative, gradient, value, value_and_gradient, value_and_gradient_into};
pub use hessian::{hessian, hvp, laplacian, mixed_partial, third_directional};
pub use implicit::{fixed_point, implicit};
pub use jacobian::{jacobian, jvp, vjp};
pub use map::{Map, Outputs};
pub use non_finite::find_non_finite;
pub use objective::Objective;
pub use start::Start;
