//! Small networks learn.

use std::f64::consts::{PI, TAU};

use downhill::nn::loss::*;
use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{Array1, Array2, Axis};

/// Arms of a spiral, `[arms · n, 2]` points and the arm of each.
fn spirals(arms: usize, n: usize, seed: u64) -> (Array2<f64>, Vec<usize>) {
    let mut noise = Random { seed, drawn: 0 }.stream();
    let mut points = Array2::zeros((arms * n, 2));
    for (i, mut point) in points.axis_iter_mut(Axis(0)).enumerate() {
        let (arm, along) = (i % arms, (i / arms) as f64 / n as f64);
        let angle = 1.5 * PI * along + TAU * arm as f64 / arms as f64 + 0.1 * noise.normal();
        let radius = 0.1 + 0.9 * along;
        point[0] = radius * angle.cos();
        point[1] = radius * angle.sin();
    }
    (points, (0..arms * n).map(|i| i % arms).collect())
}

fn accuracy(z: &Tensor<f64>, labels: &[usize]) -> f64 {
    let read = z.argmax(1);
    read.iter().zip(labels).filter(|(read, label)| read == label).count() as f64 / labels.len() as f64
}

#[test]
fn arms_of_a_spiral_are_told_apart() {
    let network = Sequential::new()
        .add(Dense::new(2, 32))
        .add(Relu)
        .add(Dense::new(32, 32))
        .add(Relu)
        .add(Dense::new(32, 3));
    let mut params: Params<f64> = network.init(1);
    let (x, labels) = spirals(3, 100, 1);
    let x = Tensor::from(x);
    let mut adam = Adam::new(1e-2).optimizer();
    for _ in 0..400 {
        let gradient = {
            let tape = Tape::new();
            let p = tape.params(&params);
            cross_entropy(&network.apply(&x, &p), &labels).backward().wrt(&p)
        };
        adam.step(params.values_mut(), gradient.values());
    }
    let reached = accuracy(&network.apply(&x, &params), &labels);
    assert!(reached >= 0.99, "{reached} of the points of training");
    let (new, labels) = spirals(3, 100, 2);
    let reached = accuracy(&network.apply(&Tensor::from(new), &params), &labels);
    assert!(reached >= 0.97, "{reached} of points never seen");
}

#[test]
fn a_sine_is_fitted() {
    let network = Sequential::new()
        .add(Dense::new(1, 24))
        .add(Tanh)
        .add(Dense::new(24, 24))
        .add(Tanh)
        .add(Dense::new(24, 1));
    let mut params: Params<f64> = network.init(2);
    let x = Array1::linspace(-PI, PI, 64).insert_axis(Axis(1));
    let (t, x) = (Tensor::from(x.mapv(f64::sin)), Tensor::from(x));
    let mut adam = Adam::new(LearningRate::decay(1e-2, 0.998, 1e-4)).optimizer();
    for _ in 0..1500 {
        let gradient = {
            let tape = Tape::new();
            let p = tape.params(&params);
            mse(&network.apply(&x, &p), &t).backward().wrt(&p)
        };
        adam.step(params.values_mut(), gradient.values());
    }
    let worst = absolute_errors(&network.apply(&x, &params), &t).max().value();
    assert!(worst < 0.01, "off by {worst}");
}
