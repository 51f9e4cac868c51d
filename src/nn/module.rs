//! What has parameters, and what turns an array into another.

use super::pass::Pass;
use super::plan::Plan;
use super::source::Source;
use super::state::State;
use crate::array::{Scalar, Tensor};
use crate::error::Error;
use crate::params::Params;

/// A layer, or a network of them: a description without numbers. It says which parameters there are; they themselves lie in
/// [`Params`], by name.
///
/// A structure of your own declares its parts under names, and computes with them under the same names:
///
/// ```
/// use downhill::nn::{Dense, Module, Pass, Plan};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// struct Distance {
///     embedding: Dense,
/// }
///
/// impl Module<f64> for Distance {
///     fn declare(&self, plan: &mut Plan<f64>) {
///         plan.module("embedding", &self.embedding);
///     }
/// }
///
/// impl Distance {
///     fn forward(&self, x: &Tensor<f64>, y: &Tensor<f64>, pass: &mut Pass<f64>) -> Tensor<f64> {
///         let [x, y] = [x, y].map(|x| pass.layer("embedding", &self.embedding, x));
///         (x - y).norm_axis(1)
///     }
/// }
///
/// let distance = Distance { embedding: Dense::new(2, 3) };
/// let params = distance.init(1);
/// assert!(params.layout().names().eq(["embedding.weight", "embedding.bias"]));
///
/// let [x, y] = [array![[1.0, 2.0]], array![[1.0, 2.0]]].map(Tensor::from);
/// assert_eq!(distance.forward(&x, &y, &mut Pass::new(&params)).view(), array![0.0].into_dyn());
/// ```
pub trait Module<T: Scalar> {
    /// Says which parameters and statistics there are, and what they begin with.
    fn declare(&self, plan: &mut Plan<T>);

    /// The parameters to begin with. Those of a name depend on the seed, the name and the shape only; those of `f32` are those
    /// of `f64`, rounded.
    ///
    /// # Panics
    ///
    /// If two have the same name; if one is to begin with numbers that depend on its fans, and has fewer than two axes.
    #[track_caller]
    fn init(&self, seed: u64) -> Params<T> {
        let mut plan = Plan::new(seed);
        self.declare(&mut plan);
        plan.into_parts().0
    }

    /// The state to begin with; the seed is that of the random numbers of [`Dropout`](super::Dropout).
    ///
    /// # Panics
    ///
    /// As [`init`](Module::init).
    #[track_caller]
    fn state(&self, seed: u64) -> State<T> {
        let mut plan = Plan::new(seed);
        self.declare(&mut plan);
        plan.into_parts().1
    }

    /// Parameters and statistics that are together, as in a file of PyTorch, apart; the seed is that of the state.
    ///
    /// PyTorch's batch norms keep a count, `num_batches_tracked`, which is an integer and has no place here: leave it out there,
    /// with `{k: v for k, v in model.state_dict().items() if v.is_floating_point()}`.
    ///
    /// ```
    /// use downhill::nn::{BatchNorm, Dense, Module, Sequential, State};
    /// use downhill::params::Params;
    ///
    /// let network = Sequential::new().add(Dense::new(2, 3)).add(BatchNorm::new(3));
    /// let (params, state): (Params<f64>, State<f64>) = (network.init(1), network.state(2));
    /// let both = state.join(&params);
    /// assert!(both.contains("1.weight") && both.contains("1.running_mean"));
    /// assert_eq!(network.split(&both, 2)?, (params, state));
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_name`](Error::is_name) if a name is missing, or one too many; [`is_shape`](Error::is_shape) if an array has another shape.
    fn split(&self, both: &Params<T>, seed: u64) -> Result<(Params<T>, State<T>), Error> {
        let (mut params, mut state) = (self.init(seed), self.state(seed));
        state.join(&params).assign(both)?;
        for part in [&mut params, &mut state.statistics] {
            let layout = part.layout().clone();
            for (name, block) in layout.iter() {
                part.values_mut()[block.range()].copy_from_slice(&both.values()[both.layout().range(name)]);
            }
        }
        Ok((params, state))
    }
}

/// What turns an array into another, with parameters or without.
///
/// ```
/// use downhill::nn::{Dense, Layer, Module, Pass, Plan, Sequential, Tanh};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// /// `y = x + f(x)`
/// struct Residual<T>(Sequential<T>);
///
/// impl<T: downhill::array::Scalar> Module<T> for Residual<T> {
///     fn declare(&self, plan: &mut Plan<T>) {
///         plan.module("f", &self.0);
///     }
/// }
///
/// impl<T: downhill::array::Scalar> Layer<T> for Residual<T> {
///     fn forward(&self, x: &Tensor<T>, pass: &mut Pass<T>) -> Tensor<T> {
///         x + pass.layer("f", &self.0, x)
///     }
/// }
///
/// let block = || Residual(Sequential::new().add(Dense::new(2, 2)).add(Tanh));
/// let network = Sequential::new().add(block()).add(block());
/// let params: Params<f32> = network.init(1);
/// assert_eq!(params.layout().names().next(), Some("0.f.0.weight"));
/// let y = network.apply(&Tensor::from(array![[1.0, 2.0]]), &params);
/// assert_eq!(y.shape(), [1, 2]);
/// ```
pub trait Layer<T: Scalar>: Module<T> {
    /// The result for `x`.
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T>;

    /// What is wrong with an input of this shape, or with the parameters of the pass, if anything is. A network asks before it
    /// hands an array on, to say so at the line where it was called itself; a layer that does not tell panics in its own code.
    fn fault(&self, shape: &[usize], pass: &Pass<'_, T>) -> Option<String> {
        let _ = (shape, pass);
        None
    }

    /// As [`forward`](Layer::forward), but what [`fault`](Layer::fault) finds is returned.
    ///
    /// # Errors
    ///
    /// What is wrong, and in which layer.
    #[track_caller]
    fn try_forward(&self, x: &Tensor<T>, pass: &mut Pass<'_, T>) -> Result<Tensor<T>, String> {
        match self.fault(x.shape(), pass) {
            Some(fault) => Err(pass.place(&fault)),
            None => Ok(self.forward(x, pass)),
        }
    }

    /// The result of a network that is the same in training and in use, and remembers nothing.
    ///
    /// # Panics
    ///
    /// If a layer is of another kind ([`Dropout`](super::Dropout), [`BatchNorm`](super::BatchNorm)): ask [`train`](Layer::train) or
    /// [`evaluate`](Layer::evaluate) then; if the shape does not fit, or a parameter is missing.
    #[track_caller]
    fn apply(&self, x: &Tensor<T>, source: &dyn Source<T>) -> Tensor<T> {
        self.forward(x, &mut Pass::new(source))
    }

    /// The result while training: statistics are those of the batch, and go into the running ones of the state; dropout drops.
    ///
    /// # Panics
    ///
    /// If the shape does not fit, or a parameter or statistic is missing.
    #[track_caller]
    fn train(&self, x: &Tensor<T>, source: &dyn Source<T>, state: &mut State<T>) -> Tensor<T> {
        self.forward(x, &mut Pass::training(source, state))
    }

    /// The result of what was trained: statistics are the running ones, and nothing is dropped.
    ///
    /// # Panics
    ///
    /// If the shape does not fit, or a parameter or statistic is missing.
    #[track_caller]
    fn evaluate(&self, x: &Tensor<T>, source: &dyn Source<T>, state: &State<T>) -> Tensor<T> {
        self.forward(x, &mut Pass::evaluating(source, state))
    }
}
