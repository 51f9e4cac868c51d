//! Values and gradients of layers and losses as JAX has them: `tests/reference/nn.json`; and those in `f32` beside them.

use std::sync::OnceLock;

use downhill::array::Scalar;
use downhill::nn::{self, Layer, Pass, Random, State};
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{ArrayD, IxDyn};
use serde_json::Value;

/// Relative to the largest number of a result.
const TOLERANCE: f64 = 1e-12;
/// The same in single precision: some 20 roundings.
const SINGLE: f64 = 3e-6;

fn table() -> &'static Vec<Value> {
    static TABLE: OnceLock<Vec<Value>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut whole: Value = serde_json::from_str(include_str!("../../reference/nn.json")).expect("JSON");
        match whole["cases"].take() {
            Value::Array(cases) => cases,
            _ => panic!("a list of cases"),
        }
    })
}

/// A case of the file.
struct Case {
    name: String,
    args: Value,
    params: Params<f64>,
    statistics: Params<f64>,
    after: Params<f64>,
    inputs: Vec<ArrayD<f64>>,
    integers: Vec<ArrayD<usize>>,
    output: ArrayD<f64>,
    weights: ArrayD<f64>,
    by_params: Params<f64>,
    by_inputs: Vec<ArrayD<f64>>,
}

fn shape(value: &Value) -> IxDyn {
    let lengths = value["shape"].as_array().expect("a shape");
    IxDyn(&lengths.iter().map(|n| n.as_u64().expect("a length") as usize).collect::<Vec<_>>())
}

fn array(value: &Value) -> ArrayD<f64> {
    let data = value["data"].as_array().expect("numbers").iter().map(|x| x.as_f64().expect("a number"));
    ArrayD::from_shape_vec(shape(value), data.collect()).expect("as many numbers")
}

fn integers(value: &Value) -> ArrayD<usize> {
    let data =
        value["data"].as_array().expect("numbers").iter().map(|x| x.as_u64().expect("an index") as usize);
    ArrayD::from_shape_vec(shape(value), data.collect()).expect("as many numbers")
}

fn list<T>(value: &Value, f: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().expect("a list").iter().map(f).collect()
}

/// The arrays of these names in a table.
fn named(value: &Value, names: &[String]) -> Params<f64> {
    let mut params = Params::new();
    names.iter().for_each(|name| _ = params.insert(name.as_str(), &array(&value[name])));
    params
}

impl Case {
    fn all(op: &str) -> Vec<Case> {
        let cases: Vec<Case> = table().iter().filter(|case| case["op"] == op).map(Case::of).collect();
        assert!(!cases.is_empty(), "no cases of {op}");
        cases
    }

    fn of(case: &Value) -> Case {
        let names =
            |table: &str| case[table].as_object().expect("a table").keys().cloned().collect::<Vec<_>>();
        Case {
            name: format!("{}, {}", case["op"], case["name"]),
            args: case["args"].clone(),
            params: named(&case["params"], &names("params")),
            statistics: named(&case["statistics"], &names("statistics")),
            after: named(&case["after"], &names("statistics")),
            inputs: list(&case["inputs"], array),
            integers: list(&case["integers"], integers),
            output: array(&case["output"]),
            weights: array(&case["weights"]),
            by_params: named(&case["gradients"], &names("params")),
            by_inputs: list(&case["gradients"]["inputs"], array),
        }
    }

    fn number(&self, name: &str) -> usize {
        self.args[name].as_u64().unwrap_or_else(|| panic!("{}: {name}", self.name)) as usize
    }

    fn flag(&self, name: &str) -> bool {
        self.args[name].as_bool().unwrap_or_else(|| panic!("{}: {name}", self.name))
    }

    fn numbers(&self, name: &str) -> Vec<usize> {
        list(&self.args[name], |n| n.as_u64().expect("a number") as usize)
    }

    fn axes<const D: usize>(&self, name: &str) -> [usize; D] {
        self.numbers(name).try_into().expect("one for each axis")
    }

    fn labels(&self) -> Vec<usize> {
        self.integers[0].iter().copied().collect()
    }

    /// Runs `f` in `f64` and in `f32`.
    fn check(&self, double: impl Run<f64>, single: impl Run<f32>) {
        self.check_in(double, TOLERANCE);
        self.check_in(single, SINGLE);
    }

    fn check_in<T: Scalar>(&self, f: impl Run<T>, tolerance: f64) {
        let round = |x: &ArrayD<f64>| x.mapv(|x| T::from(x).expect("a number"));
        let converted = |params: &Params<f64>| {
            let mut converted = Params::<T>::new();
            for (name, array) in params.iter() {
                converted.insert(name, &round(&array.to_owned()));
            }
            converted
        };
        let params = converted(&self.params);
        let random = Random { seed: 1, drawn: 0 };
        let mut state = State { statistics: converted(&self.statistics), random };

        let tape = Tape::new();
        let p = tape.params(&params);
        let inputs: Vec<Tensor<T>> = self.inputs.iter().map(|x| tape.tensor(round(x))).collect();
        let y = f(&inputs, &p, &mut state);
        let what = |of: &str| format!("{}: {of} in {}", self.name, T::NAME);
        close(&what("the output"), y.view().mapv(double), &self.output, tolerance);
        let gradient = (&y * &round(&self.weights)).sum().backward();
        for (name, expected) in self.by_params.iter() {
            let own = gradient.wrt(&p).view(name).mapv(double);
            close(&what(name), own, &expected.to_owned(), tolerance);
        }
        for (k, (x, expected)) in inputs.iter().zip(&self.by_inputs).enumerate() {
            close(&what(&format!("input {k}")), gradient.wrt(x).mapv(double), expected, tolerance);
        }
        for (name, expected) in self.after.iter() {
            close(&what(name), state.statistics.view(name).mapv(double), &expected.to_owned(), tolerance);
        }
    }
}

fn double<T: Scalar>(x: T) -> f64 {
    x.to_f64().expect("a number")
}

/// What a case is computed by.
trait Run<T: Scalar>: Fn(&[Tensor<T>], &downhill::array::Named<T>, &mut State<T>) -> Tensor<T> {}

impl<T: Scalar, F: Fn(&[Tensor<T>], &downhill::array::Named<T>, &mut State<T>) -> Tensor<T>> Run<T> for F {}

#[track_caller]
fn close(what: &str, own: ArrayD<f64>, expected: &ArrayD<f64>, tolerance: f64) {
    assert_eq!(own.shape(), expected.shape(), "the shape of {what}");
    let largest = expected.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
    for (own, expected) in own.iter().zip(expected) {
        assert!((own - expected).abs() <= tolerance * largest, "{what}: {own} in place of {expected}");
    }
}

/// Holds a layer against the cases of the operation `op` that it is for, on the tape and on constants.
fn check_layers<L: Layer<f64> + Layer<f32>>(
    op: &str,
    takes: impl Fn(&Case) -> bool,
    make: impl Fn(&Case) -> L,
) {
    let cases: Vec<Case> = Case::all(op).into_iter().filter(takes).collect();
    assert!(!cases.is_empty(), "no cases of {op}");
    for case in cases {
        let layer = make(&case);
        let declared: Params<f64> = layer.init(1);
        let shapes = |params: &Params<f64>| {
            let mut shapes: Vec<_> =
                params.iter().map(|(name, x)| (name.to_owned(), x.shape().to_vec())).collect();
            shapes.sort();
            shapes
        };
        assert_eq!(shapes(&declared), shapes(&case.params), "{}: what is declared", case.name);
        let train = case.args.get("train").is_none_or(|train| train == true);
        if train {
            case.check(
                |x, p, state| layer.train(&x[0], p, state),
                |x, p, state| layer.train(&x[0], p, state),
            );
        } else {
            case.check(
                |x, p, state| layer.evaluate(&x[0], p, state),
                |x, p, state| layer.evaluate(&x[0], p, state),
            );
        }
        let random = Random { seed: 1, drawn: 0 };
        let mut state = State { statistics: case.statistics.clone(), random };
        let x = Tensor::from(&case.inputs[0]);
        let y = match train {
            true => layer.train(&x, &case.params, &mut state),
            false => layer.evaluate(&x, &case.params, &state),
        };
        assert!(y.is_constant(), "{}: nothing is recorded", case.name);
        close(&case.name, y.to_owned(), &case.output, TOLERANCE);
    }
}

#[test]
fn dense_layers_are_those_of_jax() {
    check_layers(
        "dense",
        |_| true,
        |case| {
            let dense = nn::Dense::new(case.number("inputs"), case.number("outputs"));
            if case.flag("bias") { dense } else { dense.without_bias() }
        },
    );
}

#[test]
fn activations_are_those_of_jax() {
    let all = [
        nn::Relu,
        nn::Tanh,
        nn::Sigmoid,
        nn::Softplus,
        nn::Silu,
        nn::Mish,
        nn::Selu,
        nn::Gelu,
        nn::Leaky(0.2),
        nn::Elu(0.7),
    ];
    let cases = Case::all("activation");
    assert_eq!(cases.len(), all.len());
    for (case, activation) in cases.iter().zip(all) {
        let name = format!("{activation:?}").to_lowercase();
        assert!(case.name.contains(name.split('(').next().expect("a name")), "{} beside {name}", case.name);
        case.check(|x, p, _| activation.apply(&x[0], p), |x, p, _| activation.apply(&x[0], p));
    }
}

#[test]
fn at_a_kink_the_slope_is_that_of_the_left_side() {
    // PyTorch's `where(x > 0, …, …)`; of the rectifier it is 0.
    let selu = 1.050_700_987_355_480_5 * 1.673_263_242_354_377_2;
    for (activation, slope) in
        [(nn::Relu, 0.0), (nn::Leaky(0.2), 0.2), (nn::Elu(0.7), 0.7), (nn::Elu(1.0), 1.0), (nn::Selu, selu)]
    {
        let tape = Tape::new();
        let x = tape.tensor(&[0.0, -0.0][..]);
        let own = activation.of(&x).sum().backward().wrt(&x);
        assert!(own.iter().all(|&own: &f64| (own - slope).abs() < 1e-15), "{activation:?}: {own}");
    }
}

/// A loss of an output and a target, in both precisions.
macro_rules! check_loss {
    ($name:ident, $($rest:expr),*) => {
        for case in Case::all(stringify!($name)) {
            case.check(
                |x, _, _| nn::loss::$name(&x[0], &x[1] $(, $rest)*),
                |x, _, _| nn::loss::$name(&x[0], &x[1] $(, $rest)*),
            );
        }
    };
}

#[test]
fn losses_are_those_of_jax() {
    check_loss!(squared_errors,);
    check_loss!(absolute_errors,);
    check_loss!(hubers, 0.8);
    check_loss!(binary_cross_entropies,);
    check_loss!(kl_divergences,);
    check_loss!(hinges,);
    for case in Case::all("cross_entropies") {
        let labels = case.labels();
        case.check(
            |z, _, _| nn::loss::cross_entropies(&z[0], &labels),
            |z, _, _| nn::loss::cross_entropies(&z[0], &labels),
        );
    }
    for case in Case::all("nlls") {
        let labels = case.labels();
        case.check(|l, _, _| nn::loss::nlls(&l[0], &labels), |l, _, _| nn::loss::nlls(&l[0], &labels));
    }
}

#[test]
fn convolutions_are_those_of_jax() {
    fn layer<const D: usize>(case: &Case) -> nn::Convolution<D> {
        let layer =
            nn::Convolution::new(case.number("channels"), case.number("results"), case.axes("kernel"));
        let layer = layer.stride(case.axes("stride")).padding(case.axes("padding"));
        layer.dilation(case.axes("dilation")).groups(case.number("groups"))
    }
    let of = |d: usize| move |case: &Case| case.numbers("kernel").len() == d;
    check_layers("convolution", of(1), layer::<1>);
    check_layers("convolution", of(2), layer::<2>);
}

#[test]
fn pools_are_those_of_jax() {
    fn layer<const D: usize, const MAX: bool>(case: &Case) -> nn::Pool<D, MAX> {
        nn::Pool::new(case.axes("kernel")).stride(case.axes("stride")).padding(case.axes("padding"))
    }
    let of = |d: usize| move |case: &Case| case.numbers("kernel").len() == d;
    check_layers("max_pool", of(1), layer::<1, true>);
    check_layers("max_pool", of(2), layer::<2, true>);
    check_layers("avg_pool", of(1), layer::<1, false>);
    check_layers("avg_pool", of(2), layer::<2, false>);
}

#[test]
fn layer_norms_are_those_of_jax() {
    check_layers(
        "layer_norm",
        |_| true,
        |case| {
            let norm = nn::LayerNorm::new(case.numbers("over"));
            if case.flag("affine") { norm } else { norm.without_parameters() }
        },
    );
}

#[test]
fn batch_norms_are_those_of_jax_and_remember_what_pytorchs_do() {
    check_layers("batch_norm", |_| true, |_| nn::BatchNorm::new(3));
}

#[test]
fn embeddings_are_those_of_jax() {
    for case in Case::all("embedding") {
        let layer = nn::Embedding::new(case.number("rows"), case.number("width"));
        let indices = &case.integers[0];
        case.check(
            |_, p, _| layer.forward(indices, &mut Pass::new(p)),
            |_, p, _| layer.forward(indices, &mut Pass::new(p)),
        );
    }
}

#[test]
fn cells_are_those_of_jax() {
    for case in Case::all("rnn") {
        let cell = nn::Rnn::new(case.number("inputs"), case.number("width"));
        case.check(
            |x, p, _| cell.forward(&x[0], &x[1], &mut Pass::new(p)),
            |x, p, _| cell.forward(&x[0], &x[1], &mut Pass::new(p)),
        );
    }
    for case in Case::all("gru") {
        let cell = nn::Gru::new(case.number("inputs"), case.number("width"));
        case.check(
            |x, p, _| cell.forward(&x[0], &x[1], &mut Pass::new(p)),
            |x, p, _| cell.forward(&x[0], &x[1], &mut Pass::new(p)),
        );
    }
}
