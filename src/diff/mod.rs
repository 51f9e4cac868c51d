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

mod check;
mod closure;
mod directional;
mod expansion;
mod formula;
mod forward;
mod gradient;
mod hessian;
mod jacobian;
mod map;
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
pub use jacobian::{jacobian, jvp, vjp};
pub use map::{Map, Outputs};
pub use objective::Objective;
pub use start::Start;
