//! Mistakes with networks are told at the caller's line.

use std::cell::Cell;

use downhill::nn::loss::*;
use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{Array2, array};

use crate::misuse::{Mistake, assert_mistake, mistake};

fn zeros(n: usize, k: usize) -> Tensor<f64> {
    Tensor::from(Array2::zeros((n, k)))
}

#[test]
fn shapes_that_do_not_fit_are_told_with_both() {
    let dense = Dense::new(64, 10);
    let params: Params<f64> = dense.init(1);
    let words =
        "a weight of shape [10, 64] was given an array of shape [5, 10]; its last axis needs the length 64";
    assert_mistake(line!(), words, || dense.apply(&zeros(5, 10), &params));

    // Through pointers, and from networks in networks.
    let inner = || Sequential::new().add(Dense::new(4, 3)).add(Relu).named("head", Dense::new(2, 1));
    let network = Sequential::new().named("inner", inner()).add(Tanh);
    let params: Params<f64> = network.init(1);
    let words =
        "layer `inner.head`: `Dense` with a weight of shape [1, 2] was given an array of shape [5, 3]";
    assert_mistake(line!(), words, || network.apply(&zeros(5, 4), &params));
}

#[test]
fn parameters_of_another_network_are_told() {
    let network = Sequential::new().add(Dense::new(4, 3)).add(Dense::new(3, 1));
    let short: Params<f64> = Sequential::new().add(Dense::new(4, 3)).init(1);
    let words = "needs a parameter `1.weight` of shape [1, 3], and was given none of that name";
    assert_mistake(line!(), words, || network.apply(&zeros(5, 4), &short));
    let wide: Params<f64> = Sequential::new().add(Dense::new(4, 3)).add(Dense::new(3, 2)).init(1);
    let words = "needs a parameter `1.weight` of shape [1, 3], and was given one of shape [2, 3]";
    assert_mistake(line!(), words, || network.apply(&zeros(5, 4), &wide));
}

#[test]
fn losses_of_different_shapes_are_told() {
    let (y, t) = (zeros(4, 1), array![0.0, 1.0, 0.0, 1.0]);
    let words = "was given a result of shape [4, 1] and a target of shape [4]; they need the same shape";
    assert_mistake(line!(), words, || mse(&y, &t));
    assert_mistake(line!(), words, || squared_errors(&y, &t));
    assert_mistake(line!(), words, || mae(&y, &t));
    assert_mistake(line!(), words, || absolute_errors(&y, &t));
    assert_mistake(line!(), words, || huber(&y, &t, 1.0));
    assert_mistake(line!(), words, || hubers(&y, &t, 1.0));
    assert_mistake(line!(), words, || binary_cross_entropy(&y, &t));
    assert_mistake(line!(), words, || binary_cross_entropies(&y, &t));
    assert_mistake(line!(), words, || hinge(&y, &t));
    assert_mistake(line!(), words, || hinges(&y, &t));
    assert_mistake(line!(), words, || kl_divergence(&y, &t));
    assert_mistake(line!(), words, || kl_divergences(&y, &t));
}

#[test]
fn labels_that_do_not_fit_are_told() {
    let z = zeros(2, 3);
    assert_mistake(line!(), "3 labels", || cross_entropy(&z, &[0, 1, 2]));
    assert_mistake(line!(), "3 labels", || cross_entropies(&z, &[0, 1, 2]));
    assert_mistake(line!(), "3 labels", || nll(&z, &[0, 1, 2]));
    assert_mistake(line!(), "label 3", || cross_entropy(&z, &[0, 3]));
    assert_mistake(line!(), "label 3", || nlls(&z, &[0, 3]));
    assert_mistake(line!(), "two axes", || nlls(&z.flatten(), &[0, 1, 2, 0, 1, 2]));
    assert_mistake(line!(), "the bound -1", || huber(&z, &z, -1.0));
}

#[test]
fn fans_of_a_vector_are_told() {
    let words = "`Initial::HeNormal` was asked for an array of shape [3]";
    assert_mistake(line!(), words, || Initial::HeNormal.array(&[3], 1));
    let dense = Dense::new(2, 3).bias(Initial::HeNormal);
    assert_mistake(line!(), words, || Module::<f64>::init(&dense, 1));
    let network = Sequential::<f64>::new().add(Relu).add(dense);
    assert_mistake(line!(), &format!("parameter `1.bias`: {words}"), || network.init(1));
}

/// Declares two statistics under one name.
struct Sharing;

impl Module<f64> for Sharing {
    fn declare(&self, plan: &mut Plan<f64>) {
        plan.statistic("mean", &[2], 0.0).statistic("mean", &[3], 0.0);
    }
}

impl Layer<f64> for Sharing {
    fn forward(&self, x: &Tensor<f64>, _: &mut Pass<f64>) -> Tensor<f64> {
        x.clone()
    }
}

#[test]
fn names_that_are_taken_are_told() {
    let twice = Sequential::<f64>::new().named("a", Dense::new(1, 1)).named("a", Dense::new(1, 1));
    let words = "a parameter named `a.weight` is there already, of shape [1, 1]";
    assert_mistake(line!(), words, || twice.init(1));
    assert_mistake(line!(), words, || twice.state(1));
    let norms = Sequential::<f64>::new().add(Sharing);
    let words =
        "a statistic named `0.mean` is there already, of shape [2], and one of shape [3] was to be declared";
    assert_mistake(line!(), words, || norms.state(1));
}

#[test]
fn a_layer_that_needs_to_know_whether_it_trains_is_not_left_to_guess() {
    let network = Sequential::new().add(Dense::new(4, 3)).add(Dropout::new(0.5));
    let params: Params<f64> = network.init(1);
    let words = "layer `1` does one thing in training and another in use, and was not told which: in place of `apply`";
    assert_mistake(line!(), words, || network.apply(&zeros(5, 4), &params));
    let norm = BatchNorm::new(4);
    let params: Params<f64> = norm.init(1);
    assert_mistake(line!(), "was not told which", || norm.apply(&zeros(5, 4), &params));
    let only: State<f64> = Dropout::new(0.5).state(1);
    let words = "needs a statistic `running_mean` of shape [4], and was given none of that name";
    assert_mistake(line!(), words, || norm.evaluate(&zeros(5, 4), &params, &only));
    let mut only = only;
    let words = "needs a statistic `0.running_mean` of shape [4], and was given none of that name";
    let network = Sequential::new().add(norm);
    let params = network.init(1);
    assert_mistake(line!(), words, || network.train(&zeros(5, 4), &params, &mut only));
}

#[test]
fn a_pass_that_does_not_train_changes_nothing() {
    let (params, state): (Params<f64>, _) = (Params::new(), BatchNorm::new(4).state(1));
    let mut pass = Pass::evaluating(&params, &state);
    assert_mistake(line!(), "a pass that does not train", || pass.stream());
    assert_mistake(line!(), "a pass that does not train", || pass.change_statistic("running_mean", |_| ()));
    assert_mistake(line!(), "was not told which", || Pass::<f64>::new(&params).is_training());
}

#[test]
fn shapes_that_do_not_fit_a_layer_are_told_with_both() {
    fn check(layer: impl Layer<f64> + Copy + Send + Sync + 'static, shape: &[usize], words: &str) {
        let x = Tensor::from(ndarray::ArrayD::zeros(shape));
        let (params, mut state) = (layer.init(1), layer.state(1));
        assert_mistake(line!(), words, || layer.train(&x, &params, &mut state));
        let network = Sequential::new().add(layer);
        let (params, mut state) = (network.init(1), network.state(1));
        assert_mistake(line!(), words, || network.train(&x, &params, &mut state));
    }
    let conv = Conv2d::new(2, 3, [3, 3]);
    check(
        conv,
        &[1, 3, 5, 5],
        "weight of shape [3, 2, 3, 3] was given an array of shape [1, 3, 5, 5]; it needs [n, 2, height, width]",
    );
    check(conv, &[1, 2, 5], "was given an array of shape [1, 2, 5]");
    check(conv, &[1, 2, 5, 2], "as long as the kernel");
    check(Conv1d::new(2, 3, [3]).dilation([3]), &[1, 2, 6], "it needs [n, 2, length]");
    check(
        MaxPool2d::new([2, 2]),
        &[1, 3, 1, 4],
        "windows of the lengths [2, 2] were asked for in an array of shape [1, 3, 1, 4]",
    );
    check(AvgPool1d::new([2]), &[3, 4], "it needs to be [n, c, length]");
    check(
        BatchNorm::new(3),
        &[5, 4],
        "weight of shape [3] was given an array of shape [5, 4]; it needs [n, 3]",
    );
    check(
        BatchNorm::new(3),
        &[1, 3],
        "an array of shape [1, 3] to train with; it needs two elements of each channel",
    );
    check(Flatten, &[], "`Flatten` was given a number");
    let (norm, x) = (LayerNorm::new([4, 3]), Tensor::from(ndarray::ArrayD::<f64>::zeros(&[2, 3][..])));
    let params = norm.init(1);
    let words = "axes of the lengths [4, 3] was given an array of shape [2, 3]";
    assert_mistake(line!(), words, || norm.apply(&x, &params));
    let network = Sequential::new().add(norm);
    assert_mistake(line!(), words, || network.apply(&x, &params));
}

#[test]
fn steps_of_cells_and_indices_that_do_not_fit_are_told() {
    let (cell, embedding) = (Gru::new(3, 4), Embedding::new(5, 2));
    let params: Params<f64> = cell.init(1);
    let words =
        "`Gru` was given an input of shape [2, 3] and a state of shape [1, 4]; it needs [n, 3] and [n, 4]";
    let mut pass = Pass::new(&params);
    assert_mistake(line!(), words, || cell.forward(&zeros(2, 3), &zeros(1, 4), &mut pass));
    let params: Params<f64> = embedding.init(1);
    let mut pass = Pass::new(&params);
    let words = "`Embedding` of 5 rows was given index 5";
    assert_mistake(line!(), words, || embedding.forward([1, 5], &mut pass));
}

#[test]
fn layers_that_cannot_be_are_told() {
    assert_mistake(line!(), "the probability 1;", || Dropout::new(1.0));
    assert_mistake(line!(), "the probability NaN;", || Dropout::new(f64::NAN));
    assert_mistake(line!(), "a length of [3, 0]", || Conv2d::new(1, 1, [3, 0]));
    assert_mistake(line!(), "a stride of [0]", || Conv1d::new(1, 1, [3]).stride([0]));
    assert_mistake(line!(), "a dilation of [0]", || Conv1d::new(1, 1, [3]).dilation([0]));
    assert_mistake(line!(), "3 groups", || Conv1d::new(6, 4, [3]).groups(3));
    assert_mistake(line!(), "a length of [0]", || MaxPool1d::new([0]));
    assert_mistake(line!(), "a stride of [0]", || MaxPool1d::new([2]).stride([0]));
    assert_mistake(line!(), "a padding of [2]", || MaxPool1d::new([3]).padding([2]));
}

thread_local! {
    static LINE: Cell<u32> = const { Cell::new(0) };
}

/// A layer with a mistake of its own.
struct Narrow(Dense, Box<dyn Layer<f64> + Send + Sync>);

impl Module<f64> for Narrow {
    fn declare(&self, plan: &mut Plan<f64>) {
        plan.module("a", &self.0).module("b", &*self.1);
    }
}

impl Layer<f64> for Narrow {
    fn forward(&self, x: &Tensor<f64>, pass: &mut Pass<f64>) -> Tensor<f64> {
        LINE.set(line!() + 1);
        let y = pass.layer("a", &self.0, x);
        LINE.set(line!() + 1);
        let z = pass.layer("b", &*self.1, &y);
        LINE.set(line!() + 1);
        z + Tensor::from(array![1.0, 2.0, 3.0])
    }
}

#[test]
fn a_mistake_in_a_layer_of_ones_own_is_told_at_its_line() {
    let told = |narrow: Narrow, words: &str| {
        let network = Sequential::new().add(narrow);
        let params: Params<f64> = network.init(1);
        let Mistake { file, line, message } = mistake(|| network.apply(&zeros(2, 4), &params));
        assert!(message.contains(words), "{message}");
        assert_eq!((file.as_str(), line), (file!(), LINE.get()), "{message}");
    };
    told(
        Narrow(Dense::new(5, 3), Box::new(Dense::new(3, 2))),
        "layer `0.a`: `Dense` with a weight of shape [3, 5]",
    );
    told(
        Narrow(Dense::new(4, 3), Box::new(Dense::new(2, 2))),
        "layer `0.b`: `Dense` with a weight of shape [2, 2]",
    );
    told(Narrow(Dense::new(4, 3), Box::new(Dense::new(3, 2))), "arrays of shapes [2, 2] and [3]");
}
