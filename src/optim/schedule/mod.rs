//! Schedules of the learning rate: pure functions of the step `k = 0, 1, 2, …`.
//!
//! ```
//! use downhill::optim::schedule::{CosineDecay, Linear, Schedule, Sequential};
//!
//! let lr: Schedule = Sequential::new(Linear::new(0.0, 0.1, 100)).then(100, CosineDecay::new(0.1, 900)).into();
//! assert_eq!([lr.rate(0), lr.rate(50), lr.rate(100), lr.rate(1_000)], [0.0, 0.05, 0.1, 0.0]);
//! ```
//!
//! Each schedule is a plain struct, which says what `rate(step)` is in a formula; a [`Schedule`] is any of them. Nothing is
//! counted inside: the step is an argument, so that a run which goes on from a file needs only its number. All rates are
//! rates, none is a factor of another: where PyTorch has a base rate in the optimizer and a schedule that multiplies it, the
//! base rate is an argument of the schedule here.
//!
//! # Which is mine?
//!
//! | `torch.optim.lr_scheduler` | `optax` | here |
//! |---|---|---|
//! | | `constant_schedule` | [`Constant`] |
//! | `ConstantLR` | | [`ConstantWarmUp`] |
//! | `LinearLR` | `linear_schedule`, `warmup_constant_schedule` | [`Linear`] |
//! | `PolynomialLR` | `polynomial_schedule` | [`Polynomial`] |
//! | `StepLR` | `exponential_decay(staircase=True)` | [`StepDecay`] |
//! | `MultiStepLR` | | [`MultiStepDecay`] |
//! | `ExponentialLR` | `exponential_decay` | [`ExponentialDecay`] |
//! | | `piecewise_constant_schedule` | [`PiecewiseConstant`] |
//! | | `piecewise_interpolate_schedule` | [`PiecewiseInterpolated`] |
//! | | `cosine_decay_schedule` | [`CosineDecay`] |
//! | `CosineAnnealingLR` | | [`CosineAnnealing`] |
//! | `CosineAnnealingWarmRestarts` | | [`WarmRestarts`] |
//! | | `sgdr_schedule` | [`Sgdr`] |
//! | | `warmup_cosine_decay_schedule` | [`WarmUpCosine`] |
//! | | `warmup_exponential_decay_schedule` | [`WarmUpExponential`] |
//! | `OneCycleLR` | | [`OneCycle`] |
//! | | `cosine_onecycle_schedule` | [`CosineOneCycle`] |
//! | | `linear_onecycle_schedule` | [`LinearOneCycle`] |
//! | `CyclicLR` | | [`Cyclic`] |
//! | `swa_utils.SWALR` | | [`SwaAnnealing`] |
//! | | | [`InverseTimeDecay`], [`InverseSquareRoot`] (Vaswani et al.'s), [`WarmUpStableDecay`] |
//! | `SequentialLR` | `join_schedules` | [`Sequential`] |
//! | `ChainedScheduler` | | [`Chained`] |
//! | `LambdaLR` | any function | [`Schedule::of`] |
//! | `MultiplicativeLR` | | [`Schedule::multiplicative`] |
//! | `ReduceLROnPlateau` | `contrib.reduce_on_plateau` | [`ReduceOnPlateau`], which is no [`Schedule`]: it remembers |
//!
//! # Limits
//!
//! Ends are met exactly: the rate at the end of a decay is the end given, to the bit. A way of 0 steps is at its end at once,
//! so that a warm-up of 0 steps is none; a period of 0 steps is a mistake, and panics where it is given. With finite
//! settings, rates are numbers at every step up to `usize::MAX`; one that grows without an end may become infinite.

mod closure;
mod compound;
mod constant;
mod cosine;
mod cyclic;
mod exponential;
mod inverse;
mod one_cycle;
mod optax_one_cycle;
mod piecewise;
mod plateau;
mod polynomial;
mod restarts;
mod shape;
mod stable;
mod step;
mod swa;
mod warm_up;

pub use closure::Closure;
pub use compound::{Chained, Sequential};
pub use constant::{Constant, ConstantWarmUp};
pub use cosine::{CosineAnnealing, CosineDecay};
pub use cyclic::{Cycles, Cyclic};
pub use exponential::ExponentialDecay;
pub use inverse::{InverseSquareRoot, InverseTimeDecay};
pub use one_cycle::OneCycle;
pub use optax_one_cycle::{CosineOneCycle, LinearOneCycle};
pub use piecewise::{PiecewiseConstant, PiecewiseInterpolated};
pub use plateau::ReduceOnPlateau;
pub use polynomial::{Linear, Polynomial};
pub use restarts::{Sgdr, WarmRestarts};
pub use shape::Shape;
pub use stable::WarmUpStableDecay;
pub use step::{MultiStepDecay, StepDecay};
pub use swa::SwaAnnealing;
pub use warm_up::{WarmUpCosine, WarmUpExponential};

/// Declares [`Schedule`], its `rate`, and the ways into it, from the list of what it may be.
macro_rules! schedules {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Any schedule: a pure function of the step `k = 0, 1, 2, …`.
        ///
        /// ```
        /// use downhill::optim::schedule::{CosineDecay, Schedule, StepDecay};
        ///
        /// let rates: [Schedule; 3] =
        ///     [StepDecay::new(0.1, 30, 0.5).into(), CosineDecay::new(0.1, 60).into(), Schedule::of(|_| 0.1)];
        /// let at_30 = rates.map(|lr| lr.rate(30));
        /// assert!((at_30[1] - 0.05).abs() < 1e-15);
        /// assert_eq!([at_30[0], at_30[2]], [0.05, 0.1]);
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum Schedule {
            $($(#[$doc])* $name($name),)+
        }

        impl Schedule {
            /// The rate of step `step = 0, 1, 2, …`.
            pub fn rate(&self, step: usize) -> f64 {
                match self {
                    $(Schedule::$name(schedule) => schedule.rate(step),)+
                }
            }
        }

        $(
            impl From<$name> for Schedule {
                fn from(schedule: $name) -> Schedule {
                    Schedule::$name(schedule)
                }
            }
        )+
    };
}

schedules! {
    /// The same rate in every step.
    Constant,
    /// A fraction of the rate for the first steps.
    ConstantWarmUp,
    /// A straight line from one rate to another.
    Linear,
    /// From one rate to another by a power.
    Polynomial,
    /// A factor every so many steps.
    StepDecay,
    /// A factor at each milestone.
    MultiStepDecay,
    /// The same factor in every step.
    ExponentialDecay,
    /// A factor of its own at each boundary.
    PiecewiseConstant,
    /// The same, with the rate on its way from boundary to boundary.
    PiecewiseInterpolated,
    /// Down half a wave of the cosine.
    CosineDecay,
    /// Down, up and down along the cosine.
    CosineAnnealing,
    /// Down half a wave of the cosine, again and again.
    WarmRestarts,
    /// The same, with cycles that are given.
    Sgdr,
    /// A straight line up, then half a wave of the cosine down.
    WarmUpCosine,
    /// A straight line up, then exponential decay.
    WarmUpExponential,
    /// Up to a high rate, then down to almost nothing.
    OneCycle,
    /// The same with Optax's phases, along the cosine.
    CosineOneCycle,
    /// The same with Optax's phases, in straight lines.
    LinearOneCycle,
    /// Up and down between two rates, again and again.
    Cyclic,
    /// To the rate at which weights are averaged.
    SwaAnnealing,
    /// The inverse of the time.
    InverseTimeDecay,
    /// Up, then down by the inverse of the root of the time.
    InverseSquareRoot,
    /// Up, level, down.
    WarmUpStableDecay,
    /// Schedules one after another.
    Sequential,
    /// The product of schedules.
    Chained,
    /// A function of the program.
    Closure,
}
