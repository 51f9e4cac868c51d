//! Layers one after the other: `y = f_k(… f_2(f_1(x)))`.

use std::fmt;

use super::misuse::refuse;
use super::module::{Layer, Module};
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// Layers one after the other. Their names are `0`, `1`, … unless given: those that PyTorch's `nn.Sequential` gives.
///
/// ```
/// use downhill::nn::{Dense, Layer, Module, Relu, Sequential};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array2;
///
/// let network = Sequential::new().add(Dense::new(64, 256)).add(Relu).named("head", Dense::new(256, 10));
/// let params: Params<f32> = network.init(1);
/// assert!(params.layout().names().eq(["0.weight", "0.bias", "head.weight", "head.bias"]));
/// assert_eq!(params.len(), 64 * 256 + 256 + 256 * 10 + 10);
///
/// let z = network.apply(&Tensor::from(Array2::zeros((5, 64))), &params);
/// assert_eq!(z.shape(), [5, 10]);
/// ```
pub struct Sequential<T> {
    layers: Vec<(String, Box<dyn Layer<T> + Send + Sync>)>,
}

impl<T: Scalar> Sequential<T> {
    /// No layers: what is put in comes out.
    pub fn new() -> Sequential<T> {
        Sequential { layers: Vec::new() }
    }

    /// With another layer at the end, whose name is the number of those before it.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "nothing is summed")]
    pub fn add(self, layer: impl Layer<T> + Send + Sync + 'static) -> Sequential<T> {
        let name = self.layers.len().to_string();
        self.named(name, layer)
    }

    /// With another layer at the end, of this name.
    #[must_use]
    pub fn named(
        mut self,
        name: impl Into<String>,
        layer: impl Layer<T> + Send + Sync + 'static,
    ) -> Sequential<T> {
        self.layers.push((name.into(), Box::new(layer)));
        self
    }

    /// With a function at the end that has no parameters.
    ///
    /// ```
    /// use downhill::nn::{Dense, Layer, Module, Sequential};
    /// use downhill::params::Params;
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let network = Sequential::new().add(Dense::new(1, 8)).map(|x| x.sin()).add(Dense::new(8, 1));
    /// let params: Params<f64> = network.init(1);
    /// assert_eq!(network.apply(&Tensor::from(array![[0.5]]), &params).shape(), [1, 1]);
    /// ```
    #[must_use]
    pub fn map(self, function: impl Fn(&Tensor<T>) -> Tensor<T> + Send + Sync + 'static) -> Sequential<T> {
        self.add(Map(function))
    }
}

impl<T: Scalar> Default for Sequential<T> {
    fn default() -> Sequential<T> {
        Sequential::new()
    }
}

impl<T: Scalar> Module<T> for Sequential<T> {
    fn declare(&self, plan: &mut Plan<T>) {
        for (name, layer) in &self.layers {
            plan.module(name, &**layer);
        }
    }
}

impl<T: Scalar> Layer<T> for Sequential<T> {
    #[track_caller]
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        match self.try_forward(x, pass) {
            Ok(y) => y,
            Err(fault) => refuse(fault),
        }
    }

    // A call through a pointer forgets from where it was made, so that a mistake is returned through it.
    fn try_forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Result<Tensor<T>, String> {
        let mut x = x.clone();
        for (name, layer) in &self.layers {
            x = layer.try_forward(&x, &mut pass.within(name))?;
        }
        Ok(x)
    }
}

impl<T> fmt::Debug for Sequential<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.layers.iter().map(|(name, _)| name)).finish()
    }
}

/// A function as a layer.
struct Map<F>(F);

impl<T: Scalar, F> Module<T> for Map<F> {
    fn declare(&self, _: &mut Plan<T>) {}
}

impl<T: Scalar, F: Fn(&Tensor<T>) -> Tensor<T>> Layer<T> for Map<F> {
    fn forward(&self, x: &Tensor<T>, _: &mut Pass<'_, T>) -> Tensor<T> {
        (self.0)(x)
    }
}
