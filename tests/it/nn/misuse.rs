//! Mistakes with networks are told at the caller's line.

use downhill::nn::loss::*;
use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{Array2, array};

use crate::misuse::{assert_mistake, mistake};

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
}

#[test]
fn names_that_are_taken_are_told() {
    let twice = Sequential::<f64>::new().named("a", Dense::new(1, 1)).named("a", Dense::new(1, 1));
    assert!(mistake(|| twice.init(1)).message.contains("a parameter named `a.weight` is there already"));
}
