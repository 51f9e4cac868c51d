//! Where the arrays of a network come from.

use crate::array::{Named, Scalar, Tensor};
use crate::params::Params;

/// Where the arrays of a network come from, by name: variables of a recording, to train; constants, to use what is trained.
///
/// * [`Named`], made by [`Tape::params`](crate::tape::Tape::params): variables. What is computed is recorded.
/// * [`Params`]: constants. Nothing is recorded.
/// * a function of the name: a mixture of both, for instance, where only a part is to be trained.
///
/// ```
/// use downhill::nn::{Dense, Layer, Module, Sequential};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let network = Sequential::new().add(Dense::new(2, 3)).add(Dense::new(3, 1));
/// let params: Params<f64> = network.init(1);
/// let x = Tensor::from(array![[0.5, -1.0]]);
///
/// let tape = Tape::new();
/// let p = tape.params(&params);
/// // The first layer stays as it is.
/// let source = |name: &str| if name.starts_with("0.") { params.tensor(name) } else { p.tensor(name) };
/// let gradient = network.apply(&x, &source).sum().backward().wrt(&p);
/// assert!(gradient.view("0.weight").iter().all(|&slope| slope == 0.0));
/// assert!(gradient.view("1.weight").iter().all(|&slope| slope != 0.0));
/// ```
pub trait Source<T: Scalar> {
    /// The array of this name, if there is one.
    fn find(&self, name: &str) -> Option<Tensor<T>>;
}

impl<T: Scalar> Source<T> for Named<T> {
    fn find(&self, name: &str) -> Option<Tensor<T>> {
        self.find(name)
    }
}

impl<T: Scalar> Source<T> for Params<T> {
    fn find(&self, name: &str) -> Option<Tensor<T>> {
        self.find(name)
    }
}

impl<T: Scalar, F: Fn(&str) -> Tensor<T>> Source<T> for F {
    fn find(&self, name: &str) -> Option<Tensor<T>> {
        Some(self(name))
    }
}
