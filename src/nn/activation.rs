//! Functions between linear layers, element by element, without parameters.
//!
//! ```text
//! relu   max(x, 0)                      leaky  x for x > 0, else a x
//! elu    x for x > 0, else a (eˣ − 1)   selu   l · elu with a = 1.6733, l = 1.0507
//! gelu   x Φ(x)                         silu   x σ(x)
//! mish   x tanh(ln(1 + eˣ))             and tanh, σ(x) = 1 / (1 + e⁻ˣ), softplus ln(1 + eˣ)
//! ```
//!
//! Sources: D.-A. Clevert et al., *Fast and accurate deep network learning by exponential linear units*, 2016, equation 15;
//! G. Klambauer et al., *Self-normalizing neural networks*, 2017, equation 2; D. Hendrycks, K. Gimpel, *Gaussian error linear
//! units*, 2016; S. Elfwing et al., *Sigmoid-weighted linear units*, 2018; D. Misra, *Mish*, 2019.

use super::module::{Layer, Module};
use super::number;
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// A function between linear layers. Each is a layer: `Sequential::new().add(Dense::new(2, 8)).add(Relu)`.
///
/// Where the sides of a kink differ, at 0, the slope is that of the left side, as in PyTorch.
///
/// ```
/// use downhill::nn::{Activation, Elu, Gelu, Leaky, Relu};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let x = Tensor::from(array![-1.0, 0.0, 2.0]);
/// assert_eq!(Relu.of(&x).view(), array![0.0, 0.0, 2.0].into_dyn());
/// assert_eq!(Leaky(0.5).of(&x).view(), array![-0.5, 0.0, 2.0].into_dyn());
/// assert_eq!(Elu(1.0).of(&x).view(), array![(-1f64).exp_m1(), 0.0, 2.0].into_dyn());
/// assert!((Gelu.of(&x).view()[2] - 2.0 * 0.977249868051821).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// `max(x, 0)`
    Relu,
    /// `x`, and `a x` where that is negative.
    Leaky(f64),
    /// `x`, and `a (eˣ − 1)` where that is negative.
    Elu(f64),
    /// The exponential linear unit that keeps mean 0 and variance 1.
    Selu,
    /// `x Φ(x)`, with the normal distribution function.
    Gelu,
    /// `x σ(x)`, also called swish.
    Silu,
    /// `x tanh(softplus(x))`
    Mish,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e⁻ˣ)`
    Sigmoid,
    /// `ln(1 + eˣ)`
    Softplus,
}

impl Activation {
    /// The function of each element.
    #[track_caller]
    pub fn of<T: Scalar>(self, x: &Tensor<T>) -> Tensor<T> {
        match self {
            Activation::Relu => x.relu(),
            Activation::Leaky(a) => x * number::<T>(a) + x.relu() * number::<T>(1.0 - a),
            Activation::Elu(a) => elu(x, a, 1.0),
            Activation::Selu => elu(x, 1.673_263_242_354_377_2, 1.050_700_987_355_480_5),
            Activation::Gelu => x * x.norm_cdf(),
            Activation::Silu => x * x.sigmoid(),
            Activation::Mish => x * x.softplus().tanh(),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => x.sigmoid(),
            Activation::Softplus => x.softplus(),
        }
    }
}

/// The positive part, and behind it the function of the negative one, so that at 0 the slope is `l a`.
#[track_caller]
fn elu<T: Scalar>(x: &Tensor<T>, a: f64, l: f64) -> Tensor<T> {
    let positive = x.relu();
    let negative = (x - &positive).exp_m1();
    positive * number::<T>(l) + negative * number::<T>(l * a)
}

impl<T: Scalar> Module<T> for Activation {
    fn declare(&self, _: &mut Plan<T>) {}
}

impl<T: Scalar> Layer<T> for Activation {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, _: &mut Pass<'_, T>) -> Tensor<T> {
        self.of(x)
    }
}
