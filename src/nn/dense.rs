//! Every result depends on every input: a linear layer.
//!
//! ```text
//! y = x Wᵀ + b           x: […, i],  W: [o, i],  b: [o],  y: […, o]       o (i + 1) numbers
//! ```
//!
//! PyTorch's `nn.Linear`, with its names and shapes. Where one has `[i, o]`, as JAX's Flax and Keras, the weight is to be
//! transposed.

use smallvec::SmallVec;

use super::initial::Initial;
use super::module::{Layer, Module};
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// A linear layer: `y = x Wᵀ + b`.
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight` | `[o, i]` | [`Initial::Torch`]: uniform on `±√(1/i)`; see [`weight`](Dense::weight) |
/// | `bias` | `[o]` | uniform on `±√(1/i)`; see [`bias`](Dense::bias) |
///
/// ```
/// use downhill::nn::{Dense, Layer};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let mut params = Params::new();
/// params.insert("weight", &array![[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]).insert("bias", &[0.5, 0.0]);
/// let y = Dense::new(3, 2).apply(&Tensor::from(array![[1.0, 1.0, 1.0]]), &params);
/// assert_eq!(y.view(), array![[6.5, 1.0]].into_dyn());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dense {
    inputs: usize,
    outputs: usize,
    weight: Initial,
    bias: Option<Initial>,
}

impl Dense {
    /// From so many inputs to so many outputs.
    pub fn new(inputs: usize, outputs: usize) -> Dense {
        let bias = Initial::Uniform((inputs.max(1) as f64).recip().sqrt());
        Dense { inputs, outputs, weight: Initial::Torch, bias: Some(bias) }
    }

    /// With a weight that begins with these numbers.
    ///
    /// ```
    /// use downhill::nn::{Dense, Initial, Module};
    /// use downhill::params::Params;
    ///
    /// let layer = Dense::new(3, 2).weight(Initial::HeNormal).bias(Initial::Zeros);
    /// let params: Params = layer.init(1);
    /// assert!(params.view("bias").iter().all(|&b| b == 0.0));
    /// ```
    #[must_use]
    pub fn weight(self, weight: Initial) -> Dense {
        Dense { weight, ..self }
    }

    /// With a bias that begins with these numbers.
    #[must_use]
    pub fn bias(self, bias: Initial) -> Dense {
        Dense { bias: Some(bias), ..self }
    }

    /// Without a bias.
    #[must_use]
    pub fn without_bias(self) -> Dense {
        Dense { bias: None, ..self }
    }

    fn misfit(&self, shape: &[usize]) -> Option<String> {
        let Dense { inputs, outputs, .. } = self;
        (shape.last() != Some(inputs)).then(|| {
            format!(
                "`Dense` with a weight of shape [{outputs}, {inputs}] was given an array of shape {shape:?}; its last axis needs \
                 the length {inputs}"
            )
        })
    }
}

impl<T: Scalar> Module<T> for Dense {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        plan.parameter("weight", &[self.outputs, self.inputs], self.weight);
        if let Some(bias) = self.bias {
            plan.parameter("bias", &[self.outputs], bias);
        }
    }
}

impl<T: Scalar> Layer<T> for Dense {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        pass.assert(self.misfit(x.shape()));
        let weight = pass.parameter("weight", &[self.outputs, self.inputs]).t();
        let product = match x.shape() {
            [before @ .., inputs] if before.len() > 1 => {
                let mut shape: SmallVec<[usize; 6]> = before.into();
                shape.push(self.outputs);
                x.reshape([before.iter().product(), *inputs]).dot(&weight).reshape(shape)
            }
            _ => x.dot(&weight),
        };
        match self.bias {
            Some(_) => product + pass.parameter("bias", &[self.outputs]),
            None => product,
        }
    }

    fn fault(&self, shape: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        let weight = || pass.parameter_fault("weight", &[self.outputs, self.inputs]);
        let bias = || self.bias.and_then(|_| pass.parameter_fault("bias", &[self.outputs]));
        self.misfit(shape).or_else(weight).or_else(bias)
    }
}
