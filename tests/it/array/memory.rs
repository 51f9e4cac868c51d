//! After the first steps, a step of training allocates nothing, and memory does not grow.

use downhill::array::Scalar;
use downhill::prelude::*;
use ndarray::{Array1, Array2, ArrayViewD};

use crate::alloc::{allocations, live_bytes};

/// Two layers, with its data.
struct Perceptron<T> {
    inputs: Tensor<T>,
    targets: Tensor<T>,
    first: Array2<T>,
    first_bias: Array1<T>,
    last: Array1<T>,
    bias: Array1<T>,
}

fn number<T: Scalar>(x: f64) -> T {
    T::from(x).expect("a number")
}

/// Adds `scale · gradient` in place.
fn step<T: Scalar, D: ndarray::Dimension>(
    w: &mut ndarray::Array<T, D>,
    gradient: Option<ArrayViewD<T>>,
    scale: T,
) {
    let gradient = gradient.expect("the loss depends on it");
    w.zip_mut_with(&gradient, |w, &g| *w += scale * g);
}

impl<T: Scalar> Perceptron<T> {
    fn new() -> Perceptron<T> {
        let wave = |i: usize, j: usize| number::<T>(((i * 7 + j * 3) as f64).sin());
        Perceptron {
            inputs: Tensor::from(Array2::from_shape_fn((6, 3), |(i, j)| wave(i, j))),
            targets: Tensor::from(Array1::from_shape_fn(6, |i| wave(i, 9))),
            first: Array2::from_shape_fn((3, 5), |(i, j)| wave(i + 4, j)),
            first_bias: Array1::zeros(5),
            last: Array1::from_shape_fn(5, |i| wave(i, 5)),
            bias: Array1::zeros(1),
        }
    }

    /// The loss before the step, and the memory of the tape.
    fn train(&mut self, rate: T) -> (T, usize) {
        let tape = Tape::new();
        let (first, first_bias) = (tape.tensor(&self.first), tape.tensor(&self.first_bias));
        let (last, bias) = (tape.tensor(&self.last), tape.tensor(&self.bias));
        let hidden = (self.inputs.dot(&first) + &first_bias).tanh();
        let errors = hidden.dot(&last) + &bias - &self.targets;
        let loss = (&errors * &errors).sum();
        let gradient = loss.backward();
        step(&mut self.first, gradient.view(&first), -rate);
        step(&mut self.first_bias, gradient.view(&first_bias), -rate);
        step(&mut self.last, gradient.view(&last), -rate);
        step(&mut self.bias, gradient.view(&bias), -rate);
        (loss.value(), tape.bytes())
    }
}

fn assert_steady_training<T: Scalar>() {
    let mut perceptron = Perceptron::<T>::new();
    let rate = number(0.02);
    let (before, bytes) = perceptron.train(rate);
    for _ in 0..3 {
        perceptron.train(rate);
    }
    let live = live_bytes();
    let mut last = before;
    let count = allocations(|| {
        for _ in 0..10_000 {
            let (loss, own) = perceptron.train(rate);
            assert_eq!(own, bytes, "bytes of the tape");
            last = loss;
        }
    });
    assert_eq!(count, 0, "allocations in 10,000 steps");
    assert_eq!(live_bytes(), live, "bytes in use");
    assert!(last < before * number(0.5), "it learns: {before} to {last}");
}

#[test]
fn a_step_of_training_in_f64_allocates_nothing() {
    assert_steady_training::<f64>();
}

#[test]
fn a_step_of_training_in_f32_allocates_nothing() {
    assert_steady_training::<f32>();
}

/// Scalars into arrays and back, by a verb.
fn mixed(x: &[Var]) -> Var {
    let v = Tensor::of_vars(&x[..4], [2, 2]);
    let y = (v.dot(&v) + x[4]).tanh();
    y.sum().to_var() * x[0] + y.at([1, 0])
}

#[test]
fn a_gradient_through_arrays_allocates_nothing() {
    let (x, mut gradient) = ([0.3, -0.2, 0.5, 0.7, 0.1], [0.0; 5]);
    let mut evaluate = || {
        value_and_gradient_into(mixed, &x[..], &mut gradient);
    };
    (0..3).for_each(|_| evaluate());
    assert_eq!(allocations(|| (0..100).for_each(|_| evaluate())), 0);
}

#[test]
fn second_derivatives_through_arrays_leave_no_memory_behind() {
    let x = [0.3, -0.2, 0.5, 0.7, 0.1];
    let evaluate = || {
        std::hint::black_box((hvp(mixed, &x[..], &[1.0; 5]), hessian(mixed, &x[..])));
    };
    (0..3).for_each(|_| evaluate());
    let live = live_bytes();
    (0..100).for_each(|_| evaluate());
    assert_eq!(live_bytes(), live);
}

#[test]
fn sizes_in_turn_share_one_memory() {
    let train = |n: usize| {
        let tape = Tape::new();
        let w = tape.tensor(Array1::<f64>::ones(n));
        let gradient = (w.exp() * &w).sum().backward();
        assert!(gradient.view(&w).is_some_and(|g| g.len() == n));
    };
    let round = || [3, 2000, 1, 500].into_iter().for_each(train);
    (0..4).for_each(|_| round());
    let live = live_bytes();
    (0..50).for_each(|_| round());
    assert_eq!(live_bytes(), live);
}

/// Arrays that fill several chunks at first: the first chunk of 2¹⁴ numbers, and as many again in part.
fn large(x: &[Var]) -> Var {
    let v = Tensor::of_vars(x, [2]);
    let mut rows = v.insert_axis(1).broadcast([2, 500]) * 0.01;
    for _ in 0..27 {
        rows = rows.reversed(1).tanh();
    }
    rows.sum().to_var()
}

#[test]
fn arrays_that_fill_several_chunks_allocate_nothing_in_the_end() {
    let mut gradient = [0.0; 2];
    let mut evaluate = || {
        value_and_gradient_into(large, &[1.0, 2.0][..], &mut gradient);
    };
    (0..4).for_each(|_| evaluate());
    assert_eq!(allocations(|| (0..20).for_each(|_| evaluate())), 0);
}

#[test]
fn terms_with_arrays_share_one_memory() {
    let x = [0.3, -0.2, 0.5];
    let mut gradient = [0.0; 3];
    let mut evaluate = |terms: usize| {
        let f = |x: &[Var]| sum_of(x, terms, |t, _| Tensor::of_vars(t, [3]).exp().sum().to_var() * t[0]);
        value_and_gradient_into(f, &x[..], &mut gradient);
    };
    (0..3).for_each(|_| evaluate(2));
    assert_eq!(allocations(|| evaluate(1000)), 0);
}

#[test]
fn sweeps_over_one_recording_allocate_nothing() {
    let tape = Tape::new();
    let x = tape.tensor(Array1::<f64>::ones(100));
    let results = [x.exp().sum().to_var(), x.square().sum().to_var()];
    let sweep = || {
        for y in results {
            // Two at once.
            std::hint::black_box([y.backward(), results[0].backward()]);
        }
    };
    (0..3).for_each(|_| sweep());
    let bytes = tape.bytes();
    assert_eq!(allocations(|| (0..100).for_each(|_| sweep())), 0);
    assert_eq!(tape.bytes(), bytes);
}
