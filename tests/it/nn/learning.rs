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

/// Reads a text letter by letter, and tells which letter comes next.
struct Speller {
    letters: Embedding,
    cell: Gru,
    head: Dense,
}

impl Module<f64> for Speller {
    fn declare(&self, plan: &mut Plan<f64>) {
        plan.module("letters", &self.letters).module("cell", &self.cell).module("head", &self.head);
    }
}

impl Speller {
    /// The logits of the next letters, `[n, 27]` each, for letters one after the other, `[n]` each.
    fn forward(&self, texts: &[Vec<usize>], pass: &mut Pass<f64>) -> Vec<Tensor<f64>> {
        let mut h = Tensor::from(Array2::zeros((texts[0].len(), 32)));
        let mut logits = Vec::new();
        for letters in texts {
            let x = self.letters.forward(letters, &mut pass.within("letters"));
            h = self.cell.forward(&x, &h, &mut pass.within("cell"));
            logits.push(pass.layer("head", &self.head, &h));
        }
        logits
    }
}

#[test]
fn a_rhyme_is_learned_by_heart() {
    let text = "the gradient points uphill so take a step the other way and look again ";
    let letters: Vec<usize> =
        text.bytes().map(|b| if b == b' ' { 26 } else { usize::from(b - b'a') }).collect();
    let n = letters.len();
    // Sixteen pieces of 24 letters, the text going round.
    let at = |t: usize| (0..16).map(|k| letters[(k * n / 16 + t) % n]).collect::<Vec<_>>();
    let (texts, next): (Vec<_>, Vec<_>) = (0..24).map(|t| (at(t), at(t + 1))).unzip();

    let speller =
        Speller { letters: Embedding::new(27, 12), cell: Gru::new(12, 32), head: Dense::new(32, 27) };
    let mut params = speller.init(1);
    let mut adam = Adam::new(2e-2).optimizer();
    for _ in 0..120 {
        let gradient = {
            let tape = Tape::new();
            let p = tape.params(&params);
            let logits = speller.forward(&texts, &mut Pass::new(&p));
            let losses = logits.iter().zip(&next).map(|(z, next)| cross_entropy(z, next));
            let loss = losses.reduce(|sum, loss| sum + loss).expect("letters") / 24.0;
            loss.backward().wrt(&p)
        };
        adam.step(params.values_mut(), gradient.values());
    }
    let logits = speller.forward(&texts, &mut Pass::new(&params));
    let (z, next) = (&logits[12..], &next[12..]);
    let right = z
        .iter()
        .zip(next)
        .flat_map(|(z, next)| z.argmax(1).into_iter().zip(next.clone()).collect::<Vec<_>>());
    let right = right.filter(|(read, next)| read == next).count();
    assert!(right >= 12 * 16 * 98 / 100, "{right} letters of {}", 12 * 16);
}
