//! The same rate in every step, or a fraction of it for the first ones.
//!
//! ```text
//! constant           η_k = η₀                                                k = 0, 1, 2, …
//! constant warm-up   η_k = η₀ f   for k < n,   η₀ from then on
//! ```
//!
//! The warm-up: P. Goyal et al., *Accurate, large minibatch SGD: training ImageNet in 1 hour*, 2017, section 2.2, after
//! K. He et al., *Deep residual learning for image recognition*, 2016. Goyal et al. prefer the gradual one, which is
//! [`Linear`](super::Linear).

/// The same rate in every step.
///
/// ```
/// use downhill::optim::schedule::Constant;
///
/// assert_eq!(Constant::new(0.1).rate(1_000), 0.1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Constant {
    /// The rate `η₀`.
    pub lr: f64,
}

impl Constant {
    /// `lr` in every step.
    pub fn new(lr: f64) -> Constant {
        Constant { lr }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, _step: usize) -> f64 {
        self.lr
    }
}

/// A fraction of the rate for the first steps, then all of it.
///
/// ```
/// use downhill::optim::schedule::ConstantWarmUp;
///
/// let lr = ConstantWarmUp::new(0.5, 0.25, 5);
/// assert_eq!([lr.rate(0), lr.rate(4), lr.rate(5), lr.rate(100)], [0.125, 0.125, 0.5, 0.5]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConstantWarmUp {
    /// The rate `η₀` after the warm-up.
    pub lr: f64,
    /// The fraction `f` of it during the warm-up.
    pub factor: f64,
    /// How many steps `n` the warm-up takes.
    pub steps: usize,
}

impl ConstantWarmUp {
    /// `lr · factor` for the first `steps` steps, then `lr`.
    pub fn new(lr: f64, factor: f64, steps: usize) -> ConstantWarmUp {
        ConstantWarmUp { lr, factor, steps }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        if step < self.steps { self.lr * self.factor } else { self.lr }
    }
}
