//! Each example shifted and scaled to mean 0 and variance 1 over its own elements.
//!
//! ```text
//! y = (x − m) / √(v + ε) · w + b        x: […, s],  m, v: […], over the axes of s;  w, b: [s]      2 Πs numbers
//! ```
//!
//! Source: J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, 2016, equation 3; the variance is the biased one.

use smallvec::SmallVec;

use super::initial::Initial;
use super::module::{Layer, Module};
use super::number;
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// Each example of mean 0 and variance 1 over its last axes, and then of learned deviations and means:
/// `y = (x − m) / √(v + ε) · w + b`, with the biased variance.
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight`, `bias` | `[s]` | 1, 0 |
///
/// ```
/// use downhill::nn::{Layer, LayerNorm, Module};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let norm = LayerNorm::new([2]);
/// let params: Params = norm.init(1);
/// let y = norm.apply(&Tensor::from(array![[1.0, 3.0], [-10.0, 10.0]]), &params);
/// assert!((&y.view() - &array![[-1.0, 1.0], [-1.0, 1.0]]).iter().all(|e| e.abs() < 1e-5));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LayerNorm {
    shape: SmallVec<[usize; 4]>,
    epsilon: f64,
    affine: bool,
}

impl LayerNorm {
    /// Over the last axes, which have these lengths.
    pub fn new(shape: impl AsRef<[usize]>) -> LayerNorm {
        LayerNorm { shape: shape.as_ref().into(), epsilon: 1e-5, affine: true }
    }

    /// With another `ε`; `1e-5` by default.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> LayerNorm {
        LayerNorm { epsilon, ..self }
    }

    /// Without parameters.
    #[must_use]
    pub fn without_parameters(self) -> LayerNorm {
        LayerNorm { affine: false, ..self }
    }

    fn misfit(&self, shape: &[usize]) -> Option<String> {
        let own = &self.shape[..];
        (own.is_empty() || !shape.ends_with(own)).then(|| {
            format!(
                "`LayerNorm` over axes of the lengths {own:?} was given an array of shape {shape:?}; its last axes need those \
                 lengths, and it needs one at least"
            )
        })
    }
}

impl<T: Scalar> Module<T> for LayerNorm {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        if self.affine {
            plan.parameter("weight", &self.shape, Initial::Ones);
            plan.parameter("bias", &self.shape, Initial::Zeros);
        }
    }
}

impl<T: Scalar> Layer<T> for LayerNorm {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        pass.assert(self.misfit(x.shape()));
        let over = self.shape.len();
        let axes: SmallVec<[isize; 4]> = (1..=over as isize).map(|axis| -axis).collect();
        // With axes of length 1 where the others were.
        let mut left: SmallVec<[usize; 6]> = x.shape().into();
        left[x.rank() - over..].fill(1);
        let mean = x.mean_axes(&axes).reshape(&left);
        let deviation = (x.var_axes(&axes, 0) + number::<T>(self.epsilon)).sqrt().reshape(&left);
        let y = (x - mean) / deviation;
        match self.affine {
            true => y * pass.parameter("weight", &self.shape) + pass.parameter("bias", &self.shape),
            false => y,
        }
    }

    fn fault(&self, shape: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        let names: &[&str] = if self.affine { &["weight", "bias"] } else { &[] };
        let parameters = || names.iter().find_map(|name| pass.parameter_fault(name, &self.shape));
        self.misfit(shape).or_else(parameters)
    }
}
