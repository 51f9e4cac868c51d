//! Windows of a signal or an image, each seen by the same weights.
//!
//! ```text
//! y[n, o, p] = b[o] + Σ_c Σ_q W[o, c, q] x[n, c, stride p + dilation q − padding]
//!
//! x: [n, c, …],  W: [o, c / groups, kernel…],  b: [o],  y: [n, o, …]          o (c / groups · Πkernel + 1) numbers
//! ```
//!
//! PyTorch's `nn.Conv1d` and `nn.Conv2d`, with their names and shapes. Source: Y. LeCun et al., *Gradient-based learning applied to
//! document recognition*, 1998, §II.A.

use smallvec::SmallVec;

use super::initial::Initial;
use super::misuse::{positive, refuse};
use super::module::{Layer, Module};
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Conv, Scalar, Tensor};

/// A convolution of signals `[n, c, length]`.
pub type Conv1d = Convolution<1>;

/// A convolution of images `[n, c, height, width]`.
pub type Conv2d = Convolution<2>;

/// A convolution of `D` dimensions, one or two: [`Conv1d`], [`Conv2d`]. Each result is the sum of a window of the input times a
/// weight, and a bias; see [`Tensor::conv2d`].
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight` | `[o, c / groups, kernel…]` | [`Initial::Torch`]: uniform on `±√(1/n)`, with `n = c / groups · Πkernel` |
/// | `bias` | `[o]` | the same |
///
/// ```
/// use downhill::nn::{Conv2d, Layer, Module};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array4;
///
/// let layer = Conv2d::new(3, 16, [3, 3]).padding([1, 1]).stride([2, 2]);
/// let params: Params<f32> = layer.init(1);
/// assert_eq!(params.len(), 16 * (3 * 3 * 3 + 1));
/// let y = layer.apply(&Tensor::from(Array4::zeros((5, 3, 8, 8))), &params);
/// assert_eq!(y.shape(), [5, 16, 4, 4]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convolution<const D: usize> {
    channels: usize,
    results: usize,
    kernel: [usize; D],
    options: Conv<D>,
    weight: Initial,
    bias: Option<Option<Initial>>,
}

impl<const D: usize> Convolution<D> {
    /// From so many channels to so many results, by windows of these lengths.
    ///
    /// # Panics
    ///
    /// If one is 0.
    #[track_caller]
    pub fn new(channels: usize, results: usize, kernel: [usize; D]) -> Convolution<D> {
        const { assert!(D == 1 || D == 2, "a convolution has one or two dimensions") };
        positive("windows", "length", &kernel);
        Convolution {
            channels,
            results,
            kernel,
            options: Conv::default(),
            weight: Initial::Torch,
            bias: Some(None),
        }
    }

    /// With another stride; 1 by default.
    ///
    /// # Panics
    ///
    /// If one is 0.
    #[must_use]
    #[track_caller]
    pub fn stride(self, stride: [usize; D]) -> Convolution<D> {
        positive("windows", "stride", &stride);
        Convolution { options: self.options.stride(stride), ..self }
    }

    /// With zeros beyond both ends; none by default.
    #[must_use]
    pub fn padding(self, padding: [usize; D]) -> Convolution<D> {
        Convolution { options: self.options.padding(padding), ..self }
    }

    /// With gaps within the kernel; 1, which is none, by default.
    ///
    /// # Panics
    ///
    /// If one is 0.
    #[must_use]
    #[track_caller]
    pub fn dilation(self, dilation: [usize; D]) -> Convolution<D> {
        positive("windows", "dilation", &dilation);
        Convolution { options: self.options.dilation(dilation), ..self }
    }

    /// In groups of channels; 1 by default.
    ///
    /// # Panics
    ///
    /// If the channels or the results are no multiple of them.
    #[must_use]
    #[track_caller]
    pub fn groups(self, groups: usize) -> Convolution<D> {
        let (channels, results) = (self.channels, self.results);
        if groups == 0 || channels % groups != 0 || results % groups != 0 {
            refuse(format_args!(
                "a convolution from {channels} channels to {results} results was given {groups} groups; both need to be a \
                 multiple of the groups"
            ));
        }
        Convolution { options: self.options.groups(groups), ..self }
    }

    /// With a weight that begins with these numbers.
    #[must_use]
    pub fn weight(self, weight: Initial) -> Convolution<D> {
        Convolution { weight, ..self }
    }

    /// With a bias that begins with these numbers.
    #[must_use]
    pub fn bias(self, bias: Initial) -> Convolution<D> {
        Convolution { bias: Some(Some(bias)), ..self }
    }

    /// Without a bias.
    #[must_use]
    pub fn without_bias(self) -> Convolution<D> {
        Convolution { bias: None, ..self }
    }

    /// The shape of the weight.
    fn shape(&self) -> SmallVec<[usize; 4]> {
        let mut shape = SmallVec::from_slice(&[self.results, self.channels / self.options.groups]);
        shape.extend_from_slice(&self.kernel);
        shape
    }

    fn misfit(&self, shape: &[usize]) -> Option<String> {
        let reach = |k: usize| self.options.dilation[k] * self.kernel[k].saturating_sub(1) + 1;
        let long_enough = |k: usize| shape[2 + k] + 2 * self.options.padding[k] >= reach(k);
        let fits = shape.len() == 2 + D && shape[1] == self.channels && (0..D).all(long_enough);
        (!fits).then(|| {
            let (form, weight) = (if D == 1 { "length" } else { "height, width" }, self.shape());
            format!(
                "a convolution with a weight of shape {weight:?} was given an array of shape {shape:?}; it needs [n, {}, {form}], \
                 as long as the kernel at least",
                self.channels
            )
        })
    }
}

impl<T: Scalar, const D: usize> Module<T> for Convolution<D> {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        let shape = self.shape();
        plan.parameter("weight", &shape, self.weight);
        if let Some(bias) = self.bias {
            let seen = shape[1..].iter().product::<usize>().max(1);
            plan.parameter(
                "bias",
                &[self.results],
                bias.unwrap_or(Initial::Uniform((1.0 / seen as f64).sqrt())),
            );
        }
    }
}

impl<T: Scalar, const D: usize> Layer<T> for Convolution<D> {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        pass.assert(self.misfit(x.shape()));
        let weight = pass.parameter("weight", &self.shape());
        let Conv { stride, padding, dilation, groups } = self.options;
        let y = match D {
            1 => {
                let [stride, padding, dilation] = [stride, padding, dilation].map(|given| [given[0]]);
                x.conv1d(weight, Conv { stride, padding, dilation, groups })
            }
            _ => {
                let [stride, padding, dilation] =
                    [stride, padding, dilation].map(|given| [given[0], given[1]]);
                x.conv2d(weight, Conv { stride, padding, dilation, groups })
            }
        };
        match self.bias {
            Some(_) => {
                // As an axis before those of each image.
                let beside = [self.results, 1, 1];
                y + pass.parameter("bias", &[self.results]).reshape(&beside[..1 + D])
            }
            None => y,
        }
    }

    fn fault(&self, shape: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        let weight = || pass.parameter_fault("weight", &self.shape());
        let bias = || self.bias.and_then(|_| pass.parameter_fault("bias", &[self.results]));
        self.misfit(shape).or_else(weight).or_else(bias)
    }
}
