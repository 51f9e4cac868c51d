//! After the first steps, a step of training allocates nothing.

use downhill::array::{Indices, Labels, Scalar};
use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::Array2;

use crate::alloc::{allocations, live_bytes};

/// Trains a classifier of two axes by plain steps, and counts allocations once it is warm.
fn assert_steady<T: Scalar>(network: &Sequential<T>, inputs: usize) {
    let mut params: Params<T> = network.init(1);
    let mut state = network.state(2);
    let wave = |(i, j): (usize, usize)| T::from(((i * 7 + j * 3) as f64).sin()).expect("a number");
    let x = Tensor::from(Array2::from_shape_fn((16, inputs), wave));
    let labels = Labels::new(&(0..16).map(|i| i % 3).collect::<Vec<_>>());
    let mut gradient = vec![T::zero(); params.len()];
    let rate = T::from(0.05).expect("a number");
    let mut step = || {
        let loss = {
            let tape = Tape::new();
            let p = tape.params(&params);
            let loss = network.train(&x, &p, &mut state).cross_entropy(&labels);
            gradient.copy_from_slice(loss.backward().slice(&p));
            loss.value()
        };
        for (x, &g) in params.values_mut().iter_mut().zip(&gradient) {
            *x -= rate * g;
        }
        loss
    };
    let before = step();
    (0..3).for_each(|_| _ = step());
    let live = live_bytes();
    let mut last = before;
    let count = allocations(|| (0..50).for_each(|_| last = step()));
    assert_eq!(count, 0, "allocations in 50 steps of {network:?} in {}", T::NAME);
    assert_eq!(live_bytes(), live, "bytes in use");
    assert!(last < before, "it learns: {before} to {last}");
}

fn dense<T: Scalar>() -> Sequential<T> {
    let activations = [Relu, Leaky(0.1), Elu(1.0), Selu, Gelu, Silu, Mish, Tanh, Sigmoid, Softplus];
    let mut network = Sequential::new().add(Dense::new(20, 30));
    for activation in activations {
        network = network.add(activation).add(Dense::new(30, 30));
    }
    network.named("head", Dense::new(30, 3).without_bias())
}

#[test]
fn a_step_of_training_dense_layers_allocates_nothing() {
    assert_steady::<f64>(&dense(), 20);
    assert_steady::<f32>(&dense(), 20);
}

fn convolutional<T: Scalar>() -> Sequential<T> {
    Sequential::new()
        .map(|x| x.reshape([16, 2, 6, 6]))
        .add(Conv2d::new(2, 4, [3, 3]).padding([1, 1]))
        .add(BatchNorm::new(4))
        .add(Relu)
        .add(MaxPool2d::new([2, 2]))
        .add(Conv2d::new(4, 6, [2, 2]))
        .add(LayerNorm::new([6, 2, 2]))
        .add(AvgPool2d::new([2, 2]))
        .add(Flatten)
        .add(Dense::new(6, 32))
        .add(BatchNorm::new(32))
        .add(Tanh)
        .add(Dropout::new(0.3))
        .add(Dense::new(32, 3))
}

#[test]
fn a_step_of_training_with_convolutions_norms_and_dropout_allocates_nothing() {
    assert_steady::<f64>(&convolutional(), 72);
    assert_steady::<f32>(&convolutional(), 72);
}

/// An embedding and a cell over a sequence of five letters.
struct Reader {
    letters: Embedding,
    cell: Gru,
    head: Dense,
}

impl<T: Scalar> Module<T> for Reader {
    fn declare(&self, plan: &mut Plan<T>) {
        plan.module("letters", &self.letters).module("cell", &self.cell).module("head", &self.head);
    }
}

#[test]
fn a_step_of_training_a_cell_allocates_nothing() {
    let reader = Reader { letters: Embedding::new(7, 4), cell: Gru::new(4, 8), head: Dense::new(8, 3) };
    let mut params: Params<f32> = reader.init(1);
    let texts: Vec<Indices> = (0..5).map(|t| Indices::from(vec![t, t + 1, 6 - t])).collect();
    let (labels, start) = (Labels::new(&[0, 1, 2]), Tensor::from(Array2::<f32>::zeros((3, 8))));
    let mut gradient = vec![0.0; params.len()];
    let mut step = || {
        {
            let tape = Tape::new();
            let p = tape.params(&params);
            let mut pass = Pass::new(&p);
            let mut h = start.clone();
            for letters in &texts {
                let x = reader.letters.forward(letters, &mut pass.within("letters"));
                h = reader.cell.forward(&x, &h, &mut pass.within("cell"));
            }
            let loss = pass.layer("head", &reader.head, &h).cross_entropy(&labels);
            gradient.copy_from_slice(loss.backward().slice(&p));
        }
        params.values_mut().iter_mut().zip(&gradient).for_each(|(x, g)| *x -= 0.1 * g);
    };
    (0..4).for_each(|_| step());
    assert_eq!(allocations(|| (0..50).for_each(|_| step())), 0);
}
