//! The parameters of a network before there are any: names, shapes, and what they begin with.

use ndarray::{ArrayD, IxDyn};

use super::initial::Initial;
use super::module::Module;
use super::number;
use super::path::Path;
use super::random::{Random, Stream};
use super::state::State;
use crate::array::Scalar;
use crate::params::Params;

/// What a [`Module`] declares its parameters to, each under the name of the module it is in.
///
/// ```
/// use downhill::nn::{Initial, Module, Plan};
/// use downhill::params::Params;
///
/// struct Line;
///
/// impl Module<f64> for Line {
///     fn declare(&self, plan: &mut Plan<f64>) {
///         plan.parameter("slope", &[], Initial::Ones).parameter("height", &[], Initial::Zeros);
///     }
/// }
///
/// let params: Params = Line.init(1);
/// assert_eq!(params.values(), [1.0, 0.0]);
/// ```
#[derive(Debug)]
pub struct Plan<T: Scalar> {
    path: Path,
    params: Params<T>,
    state: State<T>,
}

impl<T: Scalar> Plan<T> {
    pub(super) fn new(seed: u64) -> Plan<T> {
        let state = State { statistics: Params::new(), random: Random { seed, drawn: 0 } };
        Plan { path: Path::default(), params: Params::new(), state }
    }

    pub(super) fn into_parts(self) -> (Params<T>, State<T>) {
        (self.params, self.state)
    }

    /// A parameter.
    ///
    /// # Panics
    ///
    /// If the name is taken; if it is to begin with numbers that depend on its fans, and has fewer than two axes.
    #[track_caller]
    pub fn parameter(&mut self, name: &str, shape: &[usize], initial: Initial) -> &mut Plan<T> {
        let path = self.path.join(name);
        let numbers = initial.draw(shape, &mut Stream::named(self.state.random.seed, path.as_str()));
        let rounded = numbers.mapv(number::<T>);
        self.params.insert(path.as_str(), &rounded);
        self
    }

    /// A statistic, which begins with this number everywhere.
    ///
    /// # Panics
    ///
    /// If the name is taken.
    #[track_caller]
    pub fn statistic(&mut self, name: &str, shape: &[usize], value: T) -> &mut Plan<T> {
        let numbers = ArrayD::from_elem(IxDyn(shape), value);
        self.state.statistics.insert(self.path.join(name).as_str(), &numbers);
        self
    }

    /// A part, whose names begin with `name` and a dot.
    ///
    /// # Panics
    ///
    /// If a name in it is taken.
    #[track_caller]
    pub fn module(&mut self, name: &str, module: &(impl Module<T> + ?Sized)) -> &mut Plan<T> {
        let within = self.path.join(name);
        let before = std::mem::replace(&mut self.path, within);
        module.declare(self);
        self.path = before;
        self
    }
}
