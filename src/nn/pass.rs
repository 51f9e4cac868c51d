//! One way through a network: where its parameters come from, whether it trains, and what it remembers.

use std::fmt;

use super::misuse::refuse;
use super::module::Layer;
use super::path::Path;
use super::random::Stream;
use super::source::Source;
use super::state::State;
use crate::array::{Scalar, Tensor};

/// What a network is run with: where its parameters come from, whether it trains, and its state.
///
/// [`Layer::apply`], [`train`](Layer::train) and [`evaluate`](Layer::evaluate) make one; a structure of your own with another
/// `forward` is given one, see [`Module`](super::Module). Whether a network trains is said by what it is run with, and nowhere else: there
/// is no mode that it stays in, to be forgotten.
pub struct Pass<'a, T: Scalar> {
    source: &'a dyn Source<T>,
    mode: Mode<'a, T>,
    path: Path,
}

enum Mode<'a, T: Scalar> {
    Stateless,
    Train(&'a mut State<T>),
    Evaluate(&'a State<T>),
}

impl<'a, T: Scalar> Pass<'a, T> {
    /// Of a network that is the same in training and in use, and remembers nothing. A layer that is not panics.
    pub fn new(source: &'a dyn Source<T>) -> Pass<'a, T> {
        Pass { source, mode: Mode::Stateless, path: Path::default() }
    }

    /// While training: the state is written to.
    pub fn training(source: &'a dyn Source<T>, state: &'a mut State<T>) -> Pass<'a, T> {
        Pass { source, mode: Mode::Train(state), path: Path::default() }
    }

    /// Of what was trained: the state is read.
    pub fn evaluating(source: &'a dyn Source<T>, state: &'a State<T>) -> Pass<'a, T> {
        Pass { source, mode: Mode::Evaluate(state), path: Path::default() }
    }

    /// The same, for the part of this name: names in it begin with `name` and a dot.
    pub fn within(&mut self, name: &str) -> Pass<'_, T> {
        let mode = match &mut self.mode {
            Mode::Stateless => Mode::Stateless,
            Mode::Train(state) => Mode::Train(state),
            Mode::Evaluate(state) => Mode::Evaluate(state),
        };
        Pass { source: self.source, mode, path: self.path.join(name) }
    }

    /// The result of a layer that is the part of this name.
    ///
    /// # Panics
    ///
    /// If the shape does not fit, or a parameter is missing.
    #[track_caller]
    pub fn layer(&mut self, name: &str, layer: &(impl Layer<T> + ?Sized), x: &Tensor<T>) -> Tensor<T> {
        match layer.try_forward(x, &mut self.within(name)) {
            Ok(y) => y,
            Err(fault) => refuse(fault),
        }
    }

    /// A parameter.
    ///
    /// # Panics
    ///
    /// If there is none of the name, or it has another shape.
    #[track_caller]
    pub fn parameter(&self, name: &str, shape: &[usize]) -> Tensor<T> {
        match self.found("parameter", name, shape, |path| self.source.find(path)) {
            Ok(tensor) => tensor,
            Err(fault) => refuse(fault),
        }
    }

    /// What is wrong with a parameter, if anything is: it is missing, or has another shape.
    pub fn parameter_fault(&self, name: &str, shape: &[usize]) -> Option<String> {
        self.found("parameter", name, shape, |path| self.source.find(path)).err()
    }

    /// A statistic, as a constant.
    ///
    /// # Panics
    ///
    /// If the pass has no state; if there is no statistic of the name in it, or it has another shape.
    #[track_caller]
    pub fn statistic(&self, name: &str, shape: &[usize]) -> Tensor<T> {
        match self.found_statistic(name, shape) {
            Ok(tensor) => tensor,
            Err(fault) => refuse(fault),
        }
    }

    /// What is wrong with a statistic, if anything is: the pass has no state, or it is missing there, or has another shape.
    pub fn statistic_fault(&self, name: &str, shape: &[usize]) -> Option<String> {
        self.found_statistic(name, shape).err()
    }

    fn found_statistic(&self, name: &str, shape: &[usize]) -> Result<Tensor<T>, String> {
        let state = match &self.mode {
            Mode::Stateless => return Err(self.undecided()),
            Mode::Train(state) => &**state,
            Mode::Evaluate(state) => state,
        };
        self.found("statistic", name, shape, |path| state.statistics.find(path))
    }

    fn found(
        &self,
        kind: &str,
        name: &str,
        shape: &[usize],
        find: impl FnOnce(&str) -> Option<Tensor<T>>,
    ) -> Result<Tensor<T>, String> {
        let path = self.path.join(name);
        let given = match find(path.as_str()) {
            Some(tensor) if tensor.shape() == shape => return Ok(tensor),
            Some(tensor) => format!("one of shape {:?}", tensor.shape()),
            None => "none of that name".to_owned(),
        };
        Err(format!(
            "the network needs a {kind} `{path:?}` of shape {shape:?}, and was given {given}: give what its `init` and `state` \
             make, or others of the same names and shapes"
        ))
    }

    /// Lets `change` write to the numbers of a statistic.
    ///
    /// # Panics
    ///
    /// If this is no pass of training, or there is no statistic of this name.
    #[track_caller]
    pub fn change_statistic(&mut self, name: &str, change: impl FnOnce(&mut [T])) {
        let path = self.path.join(name);
        let Mode::Train(state) = &mut self.mode else {
            refuse(format_args!("the statistic `{path:?}` was to be changed in a pass that does not train"))
        };
        let range = state.statistics.layout().range(path.as_str());
        change(&mut state.statistics.values_mut()[range]);
    }

    /// The next stream of random numbers.
    ///
    /// # Panics
    ///
    /// If this is no pass of training.
    #[track_caller]
    pub fn stream(&mut self) -> Stream {
        match &mut self.mode {
            Mode::Train(state) => state.random.stream(),
            _ => refuse(format_args!(
                "layer `{:?}` asked for random numbers in a pass that does not train",
                self.path
            )),
        }
    }

    /// Whether this is a pass of training.
    ///
    /// # Panics
    ///
    /// If the pass has no state, and so does not say.
    #[track_caller]
    pub fn is_training(&self) -> bool {
        match self.mode {
            Mode::Stateless => refuse(self.undecided()),
            Mode::Train(_) => true,
            Mode::Evaluate(_) => false,
        }
    }

    /// What is wrong, if the pass does not say whether it is one of training.
    pub fn mode_fault(&self) -> Option<String> {
        matches!(self.mode, Mode::Stateless).then(|| self.undecided())
    }

    #[cold]
    fn undecided(&self) -> String {
        format!(
            "layer `{:?}` does one thing in training and another in use, and was not told which: in place of `apply` ask \
             `train(&x, &p, &mut state)` or `evaluate(&x, &params, &state)`, with the `state` that the network's `state` makes",
            self.path
        )
    }

    /// Panics with what is wrong, if anything is, and says where in the network.
    #[track_caller]
    pub(super) fn assert(&self, fault: Option<String>) {
        if let Some(fault) = fault {
            refuse(self.place(&fault));
        }
    }

    /// What is wrong, and where in the network.
    pub(super) fn place(&self, fault: &str) -> String {
        match self.path.as_str() {
            "" => fault.to_owned(),
            path => format!("layer `{path}`: {fault}"),
        }
    }
}

impl<T: Scalar> fmt::Debug for Pass<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = match self.mode {
            Mode::Stateless => "stateless",
            Mode::Train(_) => "train",
            Mode::Evaluate(_) => "evaluate",
        };
        f.debug_struct("Pass").field("mode", &mode).field("path", &self.path).finish()
    }
}
