//! Each channel shifted and scaled to mean 0 and variance 1 over the batch.
//!
//! ```text
//! y = (x − m) / √(v + ε) · w + b        x: [n, c] or [n, c, …],  w, b: [c]                      2 c numbers
//!
//! training   m, v: mean and variance of the channel in the batch, of k elements; r = 0.1:
//!            m̂ ← (1 − r) m̂ + r m,   v̂ ← (1 − r) v̂ + r v k / (k − 1)
//! in use     m = m̂, v = v̂
//! ```
//!
//! As in PyTorch the variance of the batch is the biased one, and that which is remembered the unbiased one.
//!
//! Source: S. Ioffe, C. Szegedy, *Batch normalization*, 2015, algorithms 1 and 2.

use smallvec::SmallVec;

use super::initial::Initial;
use super::module::{Layer, Module};
use super::number;
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// Each channel (axis 1) of mean 0 and variance 1, and then of a learned deviation and mean:
/// `y = (x − m) / √(v + ε) · w + b`, of arrays `[n, c]` or `[n, c, …]`.
///
/// In training `m` and `v` are those of the batch, `v` the biased variance; the running ones follow, `m̂ ← (1 − r) m̂ + r m`, and so
/// for the unbiased variance. In use the running ones take their place.
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight`, `bias` | `[c]` | 1, 0 |
/// | `running_mean`, `running_var`, statistics | `[c]` | 0, 1 |
///
/// The statistics are no parameters: they lie in the [`State`](super::State), where training writes them.
///
/// ```
/// use downhill::nn::{BatchNorm, Layer, Module};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let norm = BatchNorm::new(1);
/// let (params, mut state): (Params, _) = (norm.init(1), norm.state(1));
/// let x = Tensor::from(array![[1.0], [3.0]]);
/// let y = norm.train(&x, &params, &mut state);
/// assert!((y.view()[[1, 0]] - 1.0).abs() < 1e-5);
/// assert!((state.statistics.view("running_mean")[0] - 0.1 * 2.0).abs() < 1e-15);
/// assert!((state.statistics.view("running_var")[0] - (0.9 + 0.1 * 2.0)).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchNorm {
    channels: usize,
    rate: f64,
    epsilon: f64,
}

impl BatchNorm {
    /// Of so many channels.
    pub fn new(channels: usize) -> BatchNorm {
        BatchNorm { channels, rate: 0.1, epsilon: 1e-5 }
    }

    /// With another rate `r` at which the running statistics follow; 0.1 by default. PyTorch calls it momentum.
    #[must_use]
    pub fn rate(self, rate: f64) -> BatchNorm {
        BatchNorm { rate, ..self }
    }

    /// With another `ε`; `1e-5` by default.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> BatchNorm {
        BatchNorm { epsilon, ..self }
    }

    fn misfit(&self, shape: &[usize]) -> Option<String> {
        let c = self.channels;
        (shape.get(1) != Some(&c)).then(|| {
            format!(
                "`BatchNorm` with a weight of shape [{c}] was given an array of shape {shape:?}; it needs [n, {c}] or [n, {c}, …]"
            )
        })
    }

    /// In training, a channel of one element has no variance to be remembered.
    fn too_few<T: Scalar>(&self, shape: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        let each = shape.iter().product::<usize>() / self.channels.max(1);
        (each < 2 && pass.mode_fault().is_none() && pass.is_training()).then(|| {
            format!(
                "`BatchNorm` was given an array of shape {shape:?} to train with; it needs two elements of each channel at least"
            )
        })
    }

    /// Moves the running statistics towards those of a batch.
    #[track_caller]
    fn follow<T: Scalar>(&self, pass: &mut Pass<'_, T>, mean: &Tensor<T>, variance: &Tensor<T>, each: usize) {
        let unbiased = each as f64 / (each - 1) as f64;
        for (name, now, factor) in [("running_mean", mean, 1.0), ("running_var", variance, unbiased)] {
            let (stay, go) = (number::<T>(1.0 - self.rate), number::<T>(self.rate * factor));
            pass.change_statistic(name, |old| {
                old.iter_mut().zip(&now.view()).for_each(|(old, &now)| *old = stay * *old + go * now);
            });
        }
    }
}

impl<T: Scalar> Module<T> for BatchNorm {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        let shape = [self.channels];
        plan.parameter("weight", &shape, Initial::Ones).parameter("bias", &shape, Initial::Zeros);
        plan.statistic("running_mean", &shape, T::zero()).statistic("running_var", &shape, T::one());
    }
}

impl<T: Scalar> Layer<T> for BatchNorm {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        pass.assert(self.misfit(x.shape()));
        pass.assert(self.too_few(x.shape(), pass));
        let shape = [self.channels];
        // As an axis before those of each image.
        let mut beside: SmallVec<[usize; 6]> = SmallVec::from_elem(1, x.rank() - 1);
        beside[0] = self.channels;
        let spread = |tensor: Tensor<T>| tensor.reshape(&beside);
        let (mean, variance) = if pass.is_training() {
            let axes: SmallVec<[isize; 6]> = (0..x.rank() as isize).filter(|&axis| axis != 1).collect();
            let (mean, variance) = (x.mean_axes(&axes), x.var_axes(&axes, 0));
            self.follow(pass, &mean, &variance, x.len() / self.channels.max(1));
            (mean, variance)
        } else {
            (pass.statistic("running_mean", &shape), pass.statistic("running_var", &shape))
        };
        let scale = pass.parameter("weight", &shape) / (variance + number::<T>(self.epsilon)).sqrt();
        (x - spread(mean)) * spread(scale) + spread(pass.parameter("bias", &shape))
    }

    fn fault(&self, shape: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        let own = [self.channels];
        let parameters = || ["weight", "bias"].iter().find_map(|name| pass.parameter_fault(name, &own));
        let statistics =
            || ["running_mean", "running_var"].iter().find_map(|name| pass.statistic_fault(name, &own));
        let few = || self.too_few(shape, pass);
        self.misfit(shape).or_else(|| pass.mode_fault()).or_else(few).or_else(parameters).or_else(statistics)
    }
}
