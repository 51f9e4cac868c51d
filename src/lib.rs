//! Write an objective once, in plain Rust arithmetic; get exact derivatives of it; walk downhill.
//!
//! ```
//! use downhill::prelude::*;
//!
//! fn banana([x, y]: [Var; 2]) -> Var {
//!     (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
//! }
//! assert_eq!(gradient(banana, [-1.0, 2.0]), [396.0, 200.0]);
//!
//! let walk = minimize(banana, [-1.9, -0.9]).method(GradientDescent::new(1e-3)).max_iterations(1_000_000).run();
//! assert!(walk.is_converged());
//! assert!((walk.x[0] - 1.0).abs() < 1e-5);
//! println!("{walk}"); // where, how low, how many steps, and why it stopped
//! ```
//!
//! # The layers
//!
//! The modules are declared in the order in which they build on one another; each uses only those before it.
//!
//! * [`params`]: named arrays as views of one flat vector, with the features `safetensors` and `npz` in and out of files;
//! * [`real`]: what a number is, and the calculus: one row per elementary function;
//! * [`dual`]: forward mode, a number that carries its derivative;
//! * [`tape`]: reverse mode, [`Var`](tape::Var), the recording, `backward()`;
//! * [`scalar`]: these numbers as scalars of other crates: of `num-traits` and `ndarray`, and with features of their own of
//!   `nalgebra` (`nalgebra-033`, `nalgebra-034`, `nalgebra-035`), `approx` and `serde`;
//! * [`array`](mod@array): arrays on the same tape, with NumPy's rules and linear algebra;
//! * [`diff`]: the verbs: `gradient`, `derivative`, `directional`, `check_gradient`, `jacobian`, `hessian`, `hvp`;
//! * [`optim`]: update rules, learning rates, line search, `minimize`;
//! * [`problems`], [`sampled`]: test functions, and gradients of sampled ones;
//! * `data`, with the feature of that name: data sets, batches, splits, scaling, CSV and NumPy files;
//! * `nn`, with the feature of that name: layers, initial weights and losses of neural networks;
//! * `saved`, with the feature of that name: states in files that survive a crash;
//! * `plot`, with the feature of that name: pictures of functions and of walks on them, in SVG and PNG;
//! * `train`, with the feature of that name: a loop of training that can be killed and resumed.
//!
//! # Mistakes
//!
//! A mistake in a program (a variable of an ended recording, a length that does not fit) panics at the caller's line and
//! says what to do. Data from outside that cannot be used is an [`Error`](error::Error). An optimizer never fails: it
//! returns the best finite point and says why it stopped. A derivative is never silently wrong.

pub mod error;

#[cfg(any(feature = "npz", feature = "safetensors", feature = "saved"))]
mod file;

mod linalg;
pub mod params;
#[cfg(feature = "random")]
mod random;
pub mod real;
#[cfg(feature = "saved")]
pub mod saved;

pub mod dual;
pub mod tape;

pub mod scalar;

pub mod array;

mod graph;

pub mod diff;

pub mod optim;

#[cfg(feature = "data")]
pub mod data;
#[cfg(feature = "nn")]
pub mod nn;
#[cfg(feature = "plot")]
pub mod plot;
pub mod problems;
pub mod sampled;

#[cfg(feature = "train")]
pub mod train;

/// Everything one needs to write an objective, differentiate it and walk downhill.
///
/// ```
/// use downhill::prelude::*;
/// ```
pub mod prelude {
    pub use crate::array::Tensor;
    pub use crate::diff::{
        Expansion, Formula, GradientCheck, Objective, check_gradient, derivative, directional,
        find_non_finite, fixed_point, gradient, hessian, hvp, implicit, jacobian, jacobian_forward, jvp,
        laplacian, mixed_partial, taylor, third_directional, value, value_and_gradient,
        value_and_gradient_into, vjp,
    };
    pub use crate::dual::{Dual, Duals, Series};
    pub use crate::optim::{
        AdaGrad, Adam, AdamW, BackOff, GradientDescent, LearningRate, Lion, Method, Momentum, MomentumMix,
        Muon, Nesterov, Optimizer, Outcome, Prodigy, Rated, RmsProp, Rule, ScheduleFreeAdamW, Sgd,
        SteepestDescent, Stop, minimize, minimize_objective,
    };
    pub use crate::real::Real;
    pub use crate::tape::{
        Gradients, NonFinite, Tape, Var, checkpointed, custom, dot, external, log_sum_exp, norm, statement,
        sum_of,
    };
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
