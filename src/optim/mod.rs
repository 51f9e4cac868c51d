//! Optimizers: from a gradient to a minimum.
//!
//! # Two ways of use
//!
//! A loop of your own: an [`Optimizer`] changes `x` by one step when given the gradient there.
//!
//! ```
//! use downhill::prelude::*;
//!
//! let mut x = [5.0, 5.0];
//! let mut adam = Adam::new(0.5).optimizer();
//! for _ in 0..500 {
//!     let gradient = [2.0 * x[0], 2.0 * x[1]]; // of x² + y²
//!     adam.step(&mut x, &gradient);
//! }
//! assert!(x[0].abs() < 1e-3 && x[1].abs() < 1e-3);
//! ```
//!
//! Or one call with the loop inside: [`minimize`] (for a hand-written gradient [`minimize_objective`]) evaluates, steps,
//! tests and stops, and returns an [`Outcome`] with the best point and the reason.
//!
//! # Which one?
//!
//! | you have | take | cost of a step |
//! |---|---|---|
//! | a smooth function, and no wish to set anything | [`SteepestDescent`] | 2–8 evaluations |
//! | a rate known to be good | [`GradientDescent`] | 1 |
//! | a rate that may be too high | `GradientDescent::new(lr).back_off()` ([`BackOff`]) | 1, and 1 for each cut |
//! | a narrow valley | [`Momentum`], [`Nesterov`] | 1 |
//! | a path that zigzags a little | [`MomentumMix`] | 1 |
//! | variables of very different scales | [`Adam`], [`RmsProp`] | 1 |
//! | slopes that are mostly zero, and rarely large | [`AdaGrad`] | 1 |
//!
//! Every rule takes a fixed rate or another [`LearningRate`]: one of the [schedules](schedule), one that is careful on steep
//! slopes, one that is careful where the path turns.
//!
//! # Training
//!
//! Networks are trained with gradients of small batches. The first-order rules that PyTorch and Optax have are here, in `f64` and
//! `f32`; where the two differ under one name, the file of the rule says which is the default and how to have the other.
//!
//! | you have | take |
//! |---|---|
//! | a network, and no wish to think about it | [`AdamW`] with a [`WarmUpCosine`](schedule::WarmUpCosine) rate |
//! | pictures, and time to find the rate | [`Sgd`] with momentum |
//! | no rate, and no wish to find one | [`Prodigy`], [`DAdaptAdamW`]; for plain descent [`DoG`], [`DoWG`], [`Cocob`]; around any rule [`Mechanic`] |
//! | no known end of the training | [`ScheduleFreeAdamW`], [`ScheduleFreeSgd`]; read them out with [`Optimizer::eval_params`] |
//! | hidden matrices of a network | [`Muon`] |
//! | little memory | [`Lion`], [`SignSgd`], [`Signum`]; for large matrices [`Adafactor`], [`Sm3`] |
//! | very large batches | [`Lamb`], [`Lars`], [`NovoGrad`]; one rate for all layers [`Fromage`] |
//! | whole gradients, whose signs say enough | [`Rprop`] |
//! | a least value that is known | [`PolyakSgd`], [`Momo`], [`MomoAdam`] |
//! | sparse slopes, and momentum wanted | [`MadGrad`], [`AdaDelta`] |
//! | a game, or a saddle point | [`OptimisticGradient`], [`OptimisticAdam`] |
//! | Adam, but for something | [`AmsGrad`], [`Adamax`], [`NAdam`], [`RAdam`], [`AdaBelief`], [`Yogi`], [`Adan`], [`Adopt`], [`AcProp`], [`AdEmaMix`], [`SimplifiedAdEmaMix`] |
//! | the mean of a noisy path | [`Asgd`], or `averaged()` around any rule |
//! | the choice left to whoever runs the program | any, [`boxed`](Rated::boxed) |
//!
//! ```
//! use downhill::optim::{Group, schedule::WarmUpCosine};
//! use downhill::params::Params;
//! use downhill::prelude::*;
//!
//! let mut params = Params::<f32>::new();
//! params.insert("weight", &[1.0, 2.0]).insert("bias", &[0.5]);
//! let gradient = params.clone();
//!
//! let rule = AdamW::new(WarmUpCosine::new(0.0, 1e-3, 10, 1_000)).weight_decay(0.01).clip_norm(1.0);
//! let mut adam = rule.optimizer_for(&params).group("bias", Group::new().decay(0.0));
//! let report = adam.step(&mut params, &gradient);
//! assert!(report.clipped && adam.steps() == 1);
//! ```
//!
//! # The parts
//!
//! A [`Rule`] is a formula for one step, a [`Method`] may also evaluate, a [`Search`](search::Search) chooses how far
//! to go along a line, a [`Stop`] says why a run ended. What clips, decays, accumulates or averages is put around any
//! rule by a method of [`Rated`], see [`transform`]. All work on slices of `f64` and on an
//! [`Objective`](crate::diff::Objective); none knows where gradients come from.

mod back_off;
mod boxed;
mod change;
mod digits;
mod each;
mod group;
mod memory;
mod method;
mod minimize;
mod norm;
mod numbers;
mod optimizer;
mod outcome;
mod rate;
mod report;
mod rule;
mod rules;
pub mod schedule;
pub mod search;
#[cfg(feature = "serde")]
mod serial;
mod steepest;
mod step;
mod stop;
pub mod transform;
mod walk;

pub use back_off::{BackOff, BackOffMemory};
pub use boxed::{BoxedRule, BoxedState};
pub use change::Arrays;
pub use each::At;
pub use group::Group;
pub use memory::Memory;
pub use method::{Evaluations, Method, Point};
pub use minimize::{Minimize, Progress, minimize, minimize_objective};
pub use numbers::Numbers;
pub use optimizer::Optimizer;
pub use outcome::Outcome;
pub use rate::LearningRate;
pub use report::{Deed, OnNonFinite, StepReport};
pub use rule::{Rated, Rule};
pub use rules::*;
pub use search::Exact;
pub use steepest::{SteepestDescent, SteepestMemory};
pub use step::{BlockNow, Blocks, Step, Whole};
pub use stop::{Quantity, Stop};
