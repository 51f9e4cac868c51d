//! Values, gradients, tangents and second derivatives as JAX has them: `tests/reference/arrays.json`.

use std::sync::OnceLock;

use downhill::prelude::*;
use serde_json::Value;

/// Relative to the largest number of a result.
const TOLERANCE: f64 = 1e-12;

fn table() -> &'static Vec<Value> {
    static TABLE: OnceLock<Vec<Value>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!("../../reference/arrays.json");
        let mut whole: Value = serde_json::from_str(text).expect("the file is JSON");
        match whole["cases"].take() {
            Value::Array(cases) => cases,
            _ => panic!("a list of cases"),
        }
    })
}

/// An array of the file.
pub(crate) struct Numbers {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f64>,
}

impl Numbers {
    pub(crate) fn of(value: &Value) -> Numbers {
        let list = |value: &Value| value.as_array().expect("a list").clone();
        Numbers {
            shape: list(&value["shape"]).iter().map(|n| n.as_u64().expect("a length") as usize).collect(),
            data: list(&value["data"]).iter().map(|x| x.as_f64().expect("a number")).collect(),
        }
    }

    fn list(value: &Value) -> Vec<Numbers> {
        value.as_array().expect("a list").iter().map(Numbers::of).collect()
    }
}

/// Holds `f`, given the parameters and the inputs of a case, against every case of the operation `op`.
pub(crate) fn check(op: &str, f: impl Fn(&Value, &[Tensor<f64>]) -> Vec<Tensor<f64>>) {
    let cases: Vec<&Value> = table().iter().filter(|case| case["op"] == op).collect();
    assert!(!cases.is_empty(), "no cases of {op}");
    for case in cases {
        check_one(case, |inputs| f(&case["args"], inputs));
    }
}

fn check_one(case: &Value, f: impl Fn(&[Tensor<f64>]) -> Vec<Tensor<f64>>) {
    let name = case["name"].as_str().expect("a name");
    let (inputs, weights) = (Numbers::list(&case["inputs"]), Numbers::list(&case["weights"]));
    let all = |list: &[Numbers]| list.iter().flat_map(|numbers| numbers.data.clone()).collect::<Vec<f64>>();
    let tensors = |x: &[Var]| {
        let mut first = 0;
        let tensor = |numbers: &Numbers| {
            let start = first;
            first += numbers.data.len();
            Tensor::of_vars(&x[start..first], &numbers.shape)
        };
        inputs.iter().map(tensor).collect::<Vec<_>>()
    };
    let constants: Vec<Var> = all(&inputs).into_iter().map(Var::from).collect();
    let outputs = Numbers::list(&case["outputs"]);
    for (own, theirs) in f(&tensors(&constants)).iter().zip(&outputs) {
        assert_eq!(own.shape(), theirs.shape, "{name}: the shape");
    }
    let results = |x: &[Var]| f(&tensors(x)).iter().flat_map(|out| out.to_vars()).collect::<Vec<Var>>();
    let (point, weights) = (all(&inputs), all(&weights));
    let here = Expansion::of(results, &point);
    close(name, "values", &here.values(), &all(&outputs));
    close(name, "gradients", &here.vjp(&weights), &all(&Numbers::list(&case["gradients"])));
    let tangents = all(&Numbers::list(&case["tangents"]));
    close(name, "tangents of the results", &here.jvp(&tangents), &all(&Numbers::list(&case["jvp"])));
    let loss = |x: &[Var]| dot(&results(x), &weights);
    close(
        name,
        "the gradient by the tape",
        &gradient(loss, &point),
        &all(&Numbers::list(&case["gradients"])),
    );
    if !case["hvp"].is_null() {
        close(name, "second derivatives", &hvp(loss, &point, &tangents), &all(&Numbers::list(&case["hvp"])));
    }
}

fn close(name: &str, what: &str, own: &[f64], theirs: &[f64]) {
    assert_eq!(own.len(), theirs.len(), "{name}: the number of {what}");
    let largest = theirs.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
    for (k, (own, theirs)) in own.iter().zip(theirs).enumerate() {
        let error = (own - theirs).abs() / largest;
        assert!(error <= TOLERANCE, "{name}: number {k} of {what} is {own}, not {theirs}");
    }
}
