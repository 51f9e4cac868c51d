//! Neural networks: layers, what they begin with, and losses, on arrays of `f64` and `f32`.
//!
//! A layer is a description without numbers. Its parameters lie in [`Params`](crate::params::Params), by name, as everywhere in this crate; a
//! network computes with the variables of a tape to be trained, and with constants, by the same code, to be used.
//!
//! ```
//! use downhill::nn::{Dense, Layer, Module, Relu, Sequential, loss::cross_entropy};
//! use downhill::params::Params;
//! use downhill::prelude::*;
//! use ndarray::array;
//!
//! let network = Sequential::new().add(Dense::new(2, 16)).add(Relu).add(Dense::new(16, 2));
//! let mut params: Params<f64> = network.init(1); // "0.weight", "0.bias", "2.weight", "2.bias"
//!
//! // Exclusive or.
//! let x = Tensor::from(array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
//! let labels = [0, 1, 1, 0];
//! let mut adam = Adam::new(0.02).optimizer();
//! for _ in 0..200 {
//!     let gradient = {
//!         let tape = Tape::new();
//!         let p = tape.params(&params); // variables: what is computed is recorded
//!         cross_entropy(&network.apply(&x, &p), &labels).backward().wrt(&p)
//!     };
//!     adam.step(params.values_mut(), gradient.values());
//! }
//! let z = network.apply(&x, &params); // constants: nothing is recorded
//! assert_eq!(z.argmax(1), array![0, 1, 1, 0].into_dyn());
//! ```
//!
//! # Training and use
//!
//! Three methods of [`Layer`] run a network:
//!
//! | method | for | dropout, batch norm |
//! |---|---|---|
//! | [`apply(&x, &p)`](Layer::apply) | networks that remember nothing | a mistake |
//! | [`train(&x, &p, &mut state)`](Layer::train) | training | drop; statistics of the batch, and the running ones follow |
//! | [`evaluate(&x, &params, &state)`](Layer::evaluate) | use | do not; the running statistics |
//!
//! What a network remembers beside its parameters is in a [`State`], plain data made by [`Module::state`]. Whether it trains is said
//! where it is called: there is no mode to be forgotten, a state cannot be changed by what borrows it to read, and a layer that
//! needs to know and was not told panics.
//!
//! A pass looks each parameter up by its name, and puts the names together as it goes, without asking for memory up to 64 bytes. After
//! the first steps a step of training allocates nothing.
//!
//! # Structures of your own
//!
//! A structure with layers as fields is a [`Module`]: it declares its parts under names. If it makes one array of another it is a
//! [`Layer`], else it has a `forward` of its own that is given a [`Pass`]. Both are shown there.
//!
//! # Initial numbers
//!
//! [`Initial`] lists the distributions. What a parameter begins with depends on the seed, its name and its shape only: another
//! layer beside it changes nothing. The numbers are the same on every platform but for the rounding of logarithms and sines, and
//! those of `f32` are those of `f64`, rounded.
//!
//! # Exchange with PyTorch
//!
//! Names, shapes and formulas are PyTorch's: the weight of [`Dense`] is `[outputs, inputs]`, so that what `state_dict()` of an
//! `nn.Sequential` holds fits the same [`Sequential`] as it is, and the other way round: `params.read_safetensors(file)`, with the
//! feature `safetensors`. The running statistics of batch norms, which PyTorch keeps among the weights, are those of the state:
//! [`Module::split`] parts them, [`State::join`] puts them together.

mod activation;
mod batch_norm;
mod convolution;
mod dense;
mod dropout;
mod embedding;
mod initial;
mod layer_norm;
pub mod loss;
mod misuse;
mod module;
mod pass;
mod path;
mod plan;
mod pooling;
mod random;
mod recurrent;
mod sequential;
mod source;
mod state;

pub use activation::Activation::{self, Elu, Gelu, Leaky, Mish, Relu, Selu, Sigmoid, Silu, Softplus, Tanh};
pub use batch_norm::BatchNorm;
pub use convolution::{Conv1d, Conv2d, Convolution};
pub use dense::Dense;
pub use dropout::Dropout;
pub use embedding::Embedding;
pub use initial::Initial;
pub use layer_norm::LayerNorm;
pub use module::{Layer, Module};
pub use pass::Pass;
pub use plan::Plan;
pub use pooling::{AvgPool1d, AvgPool2d, Flatten, MaxPool1d, MaxPool2d, Pool};
pub use random::{Random, Stream};
pub use recurrent::{Gru, Rnn};
pub use sequential::Sequential;
pub use source::Source;
pub use state::State;

use crate::array::Scalar;

/// A number of the kind that arrays are made of, rounded.
fn number<T: Scalar>(x: f64) -> T {
    T::from(x).expect("a float")
}
