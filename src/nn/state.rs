//! What a network remembers from one pass to the next, and is no parameter.

use super::random::Random;
use crate::array::Scalar;
use crate::params::Params;

/// What a network remembers beside its parameters: the running statistics of its [`BatchNorm`](super::BatchNorm)s, and the random
/// numbers of its [`Dropout`](super::Dropout)s.
///
/// Plain data, made by [`Module::state`](super::Module::state). No gradient is taken by it and no optimizer changes it:
/// [`Layer::train`](super::Layer::train) does, and [`Layer::evaluate`](super::Layer::evaluate) reads it. The statistics are
/// saved as parameters are; with the feature `serde`, all of it with what else a run needs to go on.
///
/// ```
/// use downhill::nn::{BatchNorm, Module, Random, State};
///
/// let state: State<f64> = BatchNorm::new(2).state(7);
/// assert_eq!(state.statistics.view("running_var").as_slice(), Some(&[1.0, 1.0][..]));
/// assert_eq!(state.random, Random { seed: 7, drawn: 0 });
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "T: serde::Serialize", deserialize = "T: serde::Deserialize<'de>"))
)]
pub struct State<T: Scalar> {
    /// By name, as parameters.
    pub statistics: Params<T>,
    /// Where the random numbers have come to.
    pub random: Random,
}

impl<T: Scalar> State<T> {
    /// Parameters and statistics together: what PyTorch's `state_dict()` holds. [`Module::split`](super::Module::split) parts them.
    ///
    /// # Panics
    ///
    /// If a statistic has the name of a parameter.
    #[track_caller]
    pub fn join(&self, params: &Params<T>) -> Params<T> {
        let mut both = params.clone();
        for (name, statistic) in self.statistics.iter() {
            both.insert(name, statistic);
        }
        both
    }
}
