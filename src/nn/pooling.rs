//! Windows of a signal or an image, each as one number; and arrays flattened to rows.
//!
//! ```text
//! max   y[n, c, p] = max_q x[n, c, stride p + q − padding]        mean   Σ_q x[…] / Πkernel, the padding counted as 0
//! ```
//!
//! PyTorch's `nn.MaxPool1d`, `nn.MaxPool2d`, `nn.AvgPool1d`, `nn.AvgPool2d`. Source: K. Jarrett et al., *What is the best multi-stage
//! architecture for object recognition?*, 2009, §2.

use super::misuse::{positive, refuse};
use super::module::{Layer, Module};
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// The largest elements of windows of signals `[n, c, length]`.
pub type MaxPool1d = Pool<1, true>;
/// The largest elements of windows of images `[n, c, height, width]`.
pub type MaxPool2d = Pool<2, true>;
/// The means of windows of signals `[n, c, length]`.
pub type AvgPool1d = Pool<1, false>;
/// The means of windows of images `[n, c, height, width]`.
pub type AvgPool2d = Pool<2, false>;

/// Windows of `D` dimensions, one or two, as one number each, the largest element or the mean: [`MaxPool1d`], [`MaxPool2d`],
/// [`AvgPool1d`], [`AvgPool2d`]. No parameters.
///
/// ```
/// use downhill::nn::{Layer, MaxPool2d};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let x = Tensor::from(array![[[[1.0, 5.0, 2.0, 0.0], [4.0, 3.0, 0.0, 6.0]]]]);
/// let y = MaxPool2d::new([2, 2]).apply(&x, &Params::new());
/// assert_eq!(y.view(), array![[[[5.0, 6.0]]]].into_dyn());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool<const D: usize, const MAX: bool> {
    kernel: [usize; D],
    stride: [usize; D],
    padding: [usize; D],
}

impl<const D: usize, const MAX: bool> Pool<D, MAX> {
    /// Of windows of these lengths, side by side.
    ///
    /// # Panics
    ///
    /// If one is 0.
    #[track_caller]
    pub fn new(kernel: [usize; D]) -> Pool<D, MAX> {
        const { assert!(D == 1 || D == 2, "windows have one or two dimensions") };
        positive("windows", "length", &kernel);
        Pool { kernel, stride: kernel, padding: [0; D] }
    }

    /// With another stride than the lengths of the windows.
    ///
    /// # Panics
    ///
    /// If one is 0.
    #[must_use]
    #[track_caller]
    pub fn stride(self, stride: [usize; D]) -> Pool<D, MAX> {
        positive("windows", "stride", &stride);
        Pool { stride, ..self }
    }

    /// With so many elements beyond both ends; none by default.
    ///
    /// # Panics
    ///
    /// If they are more than half a window, which might see nothing else.
    #[must_use]
    #[track_caller]
    pub fn padding(self, padding: [usize; D]) -> Pool<D, MAX> {
        if (0..D).any(|k| 2 * padding[k] > self.kernel[k]) {
            refuse(format_args!(
                "windows of the lengths {:?} were given a padding of {padding:?}; it needs to be half of them at most",
                self.kernel
            ));
        }
        Pool { padding, ..self }
    }
}

impl<T: Scalar, const D: usize, const MAX: bool> Module<T> for Pool<D, MAX> {
    fn declare(&self, _: &mut Plan<T>) {}
}

impl<T: Scalar, const D: usize, const MAX: bool> Layer<T> for Pool<D, MAX> {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        pass.assert(Layer::<T>::fault(self, x.shape(), pass));
        let Pool { kernel, stride, padding } = self;
        if D == 1 {
            let [kernel, stride, padding] = [kernel[0], stride[0], padding[0]];
            return if MAX {
                x.max_pool1d(kernel, stride, padding)
            } else {
                x.avg_pool1d(kernel, stride, padding)
            };
        }
        let [kernel, stride, padding] = [kernel, stride, padding].map(|given| [given[0], given[1]]);
        if MAX { x.max_pool2d(kernel, stride, padding) } else { x.avg_pool2d(kernel, stride, padding) }
    }

    fn fault(&self, shape: &[usize], _: &Pass<'_, T>) -> Option<String> {
        let long_enough = |k: usize| shape[2 + k] + 2 * self.padding[k] >= self.kernel[k];
        let fits = shape.len() == 2 + D && (0..D).all(long_enough);
        (!fits).then(|| {
            let form = if D == 1 { "[n, c, length]" } else { "[n, c, height, width]" };
            format!(
                "windows of the lengths {:?} were asked for in an array of shape {shape:?}; it needs to be {form}, as long as a \
                 window at least",
                self.kernel
            )
        })
    }
}

/// All axes but the first as one: from `[n, c, h, w]` to `[n, c h w]`, what a dense layer takes. No parameters.
///
/// ```
/// use downhill::nn::{Flatten, Layer};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array4;
///
/// let y = Flatten.apply(&Tensor::from(Array4::<f64>::zeros((5, 2, 3, 3))), &Params::new());
/// assert_eq!(y.shape(), [5, 18]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flatten;

impl<T: Scalar> Module<T> for Flatten {
    fn declare(&self, _: &mut Plan<T>) {}
}

impl<T: Scalar> Layer<T> for Flatten {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        pass.assert(Layer::<T>::fault(self, x.shape(), pass));
        let shape = x.shape();
        x.reshape([shape[0], shape[1..].iter().product()])
    }

    fn fault(&self, shape: &[usize], _: &Pass<'_, T>) -> Option<String> {
        shape.is_empty().then(|| "`Flatten` was given a number; it needs one axis at least".to_owned())
    }
}
