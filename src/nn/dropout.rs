//! Elements dropped at random while training, so that none relies on another.
//!
//! ```text
//! training   y = x m,  m = 0 with probability p, else 1 / (1 − p)          in use   y = x
//! ```
//!
//! Source: N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, 2014, §10, where the
//! elements that stay are enlarged in training, so that nothing is to be done in use.

use super::misuse::refuse;
use super::module::{Layer, Module};
use super::number;
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// Drops each element with probability `p` while training, and enlarges the others by `1 / (1 − p)`. No parameters.
///
/// Which ones is decided by [`State::random`](super::State::random): the same state, the same ones.
///
/// ```
/// use downhill::nn::{Dropout, Layer, Module};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array1;
///
/// let dropout = Dropout::new(0.2);
/// let (params, mut state) = (Params::new(), dropout.state(1));
/// let x = Tensor::from(Array1::<f64>::ones(1000));
/// let y = dropout.train(&x, &params, &mut state);
/// let dropped = y.view().iter().filter(|&&y| y == 0.0).count();
/// assert!((150..250).contains(&dropped));
/// assert!(y.view().iter().all(|&y| y == 0.0 || y == 1.25));
/// assert_eq!(dropout.evaluate(&x, &params, &state).view(), x.view());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    probability: f64,
}

impl Dropout {
    /// With this probability to be dropped.
    ///
    /// # Panics
    ///
    /// If it is not at least 0 and less than 1.
    #[track_caller]
    pub fn new(probability: f64) -> Dropout {
        if !(0.0..1.0).contains(&probability) {
            refuse(format_args!(
                "`Dropout` was given the probability {probability}; it needs one of at least 0 and less than 1"
            ));
        }
        Dropout { probability }
    }
}

impl<T: Scalar> Module<T> for Dropout {
    fn declare(&self, _: &mut Plan<T>) {}
}

impl<T: Scalar> Layer<T> for Dropout {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        if !pass.is_training() {
            return x.clone();
        }
        let mut stream = pass.stream();
        // Of the 2³² numbers of 32 bits those below are dropped.
        let bound = (self.probability * 2f64.powi(32)) as u32;
        let kept = number::<T>(1.0 / (1.0 - self.probability));
        let mask = x.constant_like(|mask| {
            mask.iter_mut().for_each(|m| *m = if stream.bits() < bound { T::zero() } else { kept });
        });
        x * mask
    }

    fn fault(&self, _: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        pass.mode_fault()
    }
}
