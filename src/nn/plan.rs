//! The parameters of a network before there are any: names, shapes, and what they begin with.

use ndarray::{ArrayD, IxDyn};

use super::initial::Initial;
use super::misuse::refuse;
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
    /// The first mistake. A call through a pointer forgets from where it was made, so that it is told by who made the plan.
    fault: Option<String>,
}

impl<T: Scalar> Plan<T> {
    pub(super) fn new(seed: u64) -> Plan<T> {
        let state = State { statistics: Params::new(), random: Random { seed, drawn: 0 } };
        Plan { path: Path::default(), params: Params::new(), state, fault: None }
    }

    #[track_caller]
    pub(super) fn into_parts(self) -> (Params<T>, State<T>) {
        match self.fault {
            Some(fault) => refuse(fault),
            None => (self.params, self.state),
        }
    }

    /// A parameter. That its name is taken, or that it is to begin with numbers that depend on its fans and has fewer than two
    /// axes, is told by [`init`](Module::init) and [`state`](Module::state), at the line where they are called.
    pub fn parameter(&mut self, name: &str, shape: &[usize], initial: Initial) -> &mut Plan<T> {
        let path = self.path.join(name);
        if let Some(fault) = taken("parameter", &self.params, path.as_str(), shape) {
            return self.note(fault);
        }
        if let Some(fault) = initial.fault(shape) {
            return self.note(format!("parameter `{path:?}`: {fault}"));
        }
        let numbers = initial.draw(shape, &mut Stream::named(self.state.random.seed, path.as_str()));
        let rounded = numbers.mapv(number::<T>);
        self.params.insert(path.as_str(), &rounded);
        self
    }

    /// A statistic, which begins with this number everywhere. That its name is taken is told as for a parameter.
    pub fn statistic(&mut self, name: &str, shape: &[usize], value: T) -> &mut Plan<T> {
        let path = self.path.join(name);
        if let Some(fault) = taken("statistic", &self.state.statistics, path.as_str(), shape) {
            return self.note(fault);
        }
        let numbers = ArrayD::from_elem(IxDyn(shape), value);
        self.state.statistics.insert(path.as_str(), &numbers);
        self
    }

    /// A part, whose names begin with `name` and a dot.
    pub fn module(&mut self, name: &str, module: &(impl Module<T> + ?Sized)) -> &mut Plan<T> {
        let within = self.path.join(name);
        let before = std::mem::replace(&mut self.path, within);
        module.declare(self);
        self.path = before;
        self
    }

    /// Keeps the first mistake.
    fn note(&mut self, fault: String) -> &mut Plan<T> {
        self.fault.get_or_insert(fault);
        self
    }
}

/// What is wrong with a new name, if it is there already.
fn taken<T: Scalar>(kind: &str, there: &Params<T>, name: &str, shape: &[usize]) -> Option<String> {
    there.contains(name).then(|| {
        format!(
            "a {kind} named `{name}` is there already, of shape {:?}, and one of shape {shape:?} was to be declared: give one of \
             the two another name",
            there.layout().shape(name)
        )
    })
}
