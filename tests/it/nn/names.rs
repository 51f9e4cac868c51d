//! Names of parameters, and how a network finds them.

use downhill::array::Scalar;
use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{Array2, array};

struct Autoencoder<T> {
    encoder: Sequential<T>,
    decoder: Dense,
}

impl<T: Scalar> Autoencoder<T> {
    fn new() -> Autoencoder<T> {
        let encoder = Sequential::new().add(Dense::new(4, 3)).add(Tanh).named("code", Dense::new(3, 2));
        Autoencoder { encoder, decoder: Dense::new(2, 4) }
    }
}

impl<T: Scalar> Module<T> for Autoencoder<T> {
    fn declare(&self, plan: &mut Plan<T>) {
        plan.module("encoder", &self.encoder).module("decoder", &self.decoder);
        plan.parameter("shift", &[4], Initial::Constant(0.5));
    }
}

impl<T: Scalar> Layer<T> for Autoencoder<T> {
    fn forward(&self, x: &Tensor<T>, pass: &mut Pass<T>) -> Tensor<T> {
        let code = pass.layer("encoder", &self.encoder, x);
        pass.layer("decoder", &self.decoder, &code) + pass.parameter("shift", &[4])
    }
}

#[test]
fn names_are_the_path_to_a_parameter() {
    let params: Params<f64> = Autoencoder::new().init(1);
    let names = [
        "encoder.0.weight",
        "encoder.0.bias",
        "encoder.code.weight",
        "encoder.code.bias",
        "decoder.weight",
        "decoder.bias",
        "shift",
    ];
    assert!(params.layout().names().eq(names), "{params}");
    let nested: Params<f64> = Sequential::new().add(Relu).named("all", Autoencoder::new()).init(1);
    assert!(nested.layout().names().eq(names.map(|name| format!("all.{name}"))));
}

#[test]
fn long_paths_are_found() {
    let mut network = Sequential::new().add(Dense::new(2, 2));
    for _ in 0..9 {
        network = Sequential::new().named("a part with a long name", network);
    }
    let params: Params<f64> = network.init(1);
    let name = params.layout().names().next().expect("a parameter");
    assert_eq!(name.len(), 9 * 24 + "0.weight".len());
    assert_eq!(network.apply(&Tensor::from(array![[1.0, 2.0]]), &params).shape(), [1, 2]);
}

#[test]
fn the_same_code_runs_on_variables_on_constants_and_on_functions() {
    let network = Autoencoder::new();
    let params: Params<f64> = network.init(3);
    let x = Tensor::from(Array2::from_shape_fn((5, 4), |(i, j)| ((i * 4 + j) as f64).sin()));
    let by_hand = {
        let p = |name: &str| params.tensor(name);
        let h = (x.dot(p("encoder.0.weight").t()) + p("encoder.0.bias")).tanh();
        let code = h.dot(p("encoder.code.weight").t()) + p("encoder.code.bias");
        code.dot(p("decoder.weight").t()) + p("decoder.bias") + p("shift")
    };
    let tape = Tape::new();
    let p = tape.params(&params);
    let recorded = network.apply(&x, &p);
    assert!(!recorded.is_constant());
    let constant = network.apply(&x, &params);
    assert!(constant.is_constant());
    let mixed = network.apply(&x, &|name: &str| p.tensor(name));
    for own in [recorded, constant, mixed] {
        assert_eq!(own.view(), by_hand.view());
    }
}

#[test]
fn constants_share_the_memory_of_their_parameters() {
    let params: Params<f64> = Dense::new(2, 3).init(1);
    let weight = params.tensor("weight");
    assert!(std::ptr::eq(weight.view().as_ptr(), params.values().as_ptr()));
    let mut other = params.clone();
    other.values_mut()[0] = 7.0;
    assert_ne!(params.tensor("weight").view()[[0, 0]], 7.0);
}

#[test]
fn parameters_and_statistics_are_parted_and_joined() {
    let network = || Sequential::new().add(Dense::new(2, 3)).add(BatchNorm::new(3)).add(Dropout::new(0.1));
    let (params, mut state): (Params<f64>, State<f64>) = (network().init(1), network().state(2));
    let x = Tensor::from(array![[1.0, 2.0], [3.0, 5.0], [0.0, -1.0]]);
    network().train(&x, &params, &mut state);
    assert_eq!(state.random, Random { seed: 2, drawn: 1 });
    let both = state.join(&params);
    let names = ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"];
    assert!(both.layout().names().eq(names));
    let (own, parted) = network().split(&both, 5).expect("all are there");
    assert_eq!((&own, &parted.statistics), (&params, &state.statistics));
    assert_eq!(parted.random, Random { seed: 5, drawn: 0 });
    // In use, nothing is random.
    let [y, again] = [network().evaluate(&x, &params, &state), network().evaluate(&x, &own, &parted)];
    assert_eq!(y.view(), again.view());

    assert!(network().split(&params, 5).unwrap_err().is_name());
    let mut more = both.clone();
    more.insert("1.num_batches_tracked", &ndarray::arr0(3.0));
    assert!(network().split(&more, 5).unwrap_err().is_name());
    let wide = Sequential::new().add(Dense::new(2, 4)).add(BatchNorm::new(4));
    let error = wide.split(&both, 5).unwrap_err();
    assert!(error.is_shape() && error.to_string().contains("`0.weight` has shape [4, 2]"), "{error}");
}
