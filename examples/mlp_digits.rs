//! A fully-connected network learns to read handwritten digits, by backpropagation through the tape.
//!
//! ```text
//! h = relu(x W₁ + b₁)                         x: [n, 64] pixels, h: [n, 256]
//! z = h W₂ + b₂                               z: [n, 10], one number for each digit
//! loss = mean of ln Σ exp(z) − z(digit)       the cross-entropy of softmax(z)
//! ```
//!
//! The weights are drawn by K. He et al., *Delving deep into rectifiers*, 2015, equation 10; Adam changes them after every 32
//! pictures, at a rate that falls. A fifth of the pictures is held out, to see how the network reads what it never saw.
//! The same seed gives the same network.

mod common;

use std::time::Instant;

use common::{Show, gallery, grouped};
use downhill::error::Error;
use downhill::params::Params;
use downhill::plot::{Chart, Grid, Panels};
use downhill::prelude::*;
use indicatif::{ProgressBar, ProgressStyle};
use ndarray::{Array1, Array2, Axis};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use rand_distr::{Distribution, Normal};

pub(crate) const TITLE: &str = "A network of two layers reads 1,797 handwritten digits of 8 × 8 pixels";

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.npz");
const SEED: u64 = 1;
const PIXELS: usize = 64;
const HIDDEN: usize = 256;
const DIGITS: usize = 10;
const BATCH: usize = 32;
const EPOCHS: usize = 30;

/// Pictures with the digits they show.
#[derive(Debug)]
pub(crate) struct Set {
    /// `[n, 64]`, from 0 for paper to 1 for ink.
    images: Array2<f64>,
    /// `[n]`
    labels: Vec<usize>,
}

impl Set {
    /// All pictures of the file, cut by the seed into four fifths to learn from and one to hold out.
    pub(crate) fn learned_and_held_out() -> Result<(Set, Set), Error> {
        let file = Params::<f64>::load_npz(FILE)?;
        let images = file.view("images").into_shape_with_order((file.view("labels").len(), PIXELS)).unwrap();
        let all =
            Set { images: &images / 16.0, labels: file.view("labels").iter().map(|&v| v as usize).collect() };
        let mut order: Vec<usize> = (0..all.labels.len()).collect();
        order.shuffle(&mut StdRng::seed_from_u64(SEED));
        let (held_out, training) = order.split_at(order.len() / 5);
        Ok((all.select(training), all.select(held_out)))
    }

    fn select(&self, which: &[usize]) -> Set {
        Set {
            images: self.images.select(Axis(0), which),
            labels: which.iter().map(|&k| self.labels[k]).collect(),
        }
    }
}

/// Weights drawn with the deviation `√(2 / inputs)`, which keeps the size of the numbers from layer to layer.
fn network(random: &mut StdRng) -> Params {
    let mut params = Params::new();
    for (layer, inputs, outputs) in [(1, PIXELS, HIDDEN), (2, HIDDEN, DIGITS)] {
        let weight = Normal::new(0.0, (2.0 / inputs as f64).sqrt()).unwrap();
        let weights = Array2::from_shape_simple_fn((inputs, outputs), || weight.sample(random));
        params.insert(format!("w{layer}"), &weights);
        params.insert(format!("b{layer}"), &Array1::zeros(outputs));
    }
    params
}

/// The numbers from which the digits are read: `x: [n, 64] → z: [n, 10]`.
fn logits(x: &Array2<f64>, p: impl Fn(&str) -> Tensor<f64>) -> Tensor<f64> {
    let hidden = (Tensor::from(x).dot(p("w1")) + p("b1")).relu();
    hidden.dot(p("w2")) + p("b2")
}

/// The gradient of the loss on some pictures.
fn gradient_on(set: &Set, params: &Params) -> Params {
    let tape = Tape::new();
    let p = tape.params(params);
    let z = logits(&set.images, |name| p.tensor(name));
    z.cross_entropy(&set.labels).backward().wrt(&p)
}

/// How well the network reads pictures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub(crate) loss: f64,
    /// The digits read: `[n]`.
    pub(crate) digits: Vec<usize>,
    /// The part of them that are right.
    pub(crate) accuracy: f64,
}

pub(crate) fn read(params: &Params, set: &Set) -> Reading {
    // Of constants: nothing is recorded.
    let z = logits(&set.images, |name| Tensor::from(&params.view(name)));
    let digits = z.argmax(1).into_raw_vec_and_offset().0;
    let right = digits.iter().zip(&set.labels).filter(|(read, label)| read == label).count();
    let loss = z.cross_entropy(&set.labels).value();
    Reading { loss, accuracy: right as f64 / digits.len() as f64, digits }
}

/// Trains a network, and shows `watch` after each epoch how it reads the pictures of training and those held out.
pub(crate) fn train(
    (training, held_out): (&Set, &Set),
    epochs: usize,
    mut watch: impl FnMut(Reading, Reading),
) -> Params {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut params = network(&mut random);
    let mut adam = Adam::new(LearningRate::decay(5e-3, 0.998, 1e-4)).optimizer();
    let mut order: Vec<usize> = (0..training.labels.len()).collect();
    for _ in 0..epochs {
        order.shuffle(&mut random);
        for batch in order.chunks(BATCH) {
            let gradient = gradient_on(&training.select(batch), &params);
            adam.step(params.values_mut(), gradient.values());
        }
        watch(read(&params, training), read(&params, held_out));
    }
    params
}

pub(crate) fn run(show: &mut Show) {
    let (training, held_out) = Set::learned_and_held_out().unwrap();
    let counts = [&training, &held_out].map(|set| grouped(set.labels.len()));
    show("pictures to learn from, held out", &counts.join(", "), "");
    show("weights", &grouped(network(&mut StdRng::seed_from_u64(SEED)).len()), "");

    // Drawn to stderr, and not at all if that is no terminal.
    let style = ProgressStyle::with_template("[{bar:32}] epoch {pos}/{len}, {eta} left  {wide_msg}").unwrap();
    let bar = ProgressBar::new(EPOCHS as u64).with_style(style.progress_chars("=> "));
    let (begun, mut readings) = (Instant::now(), Vec::new());
    train((&training, &held_out), EPOCHS, |learned, new| {
        let percent = 100.0 * new.accuracy;
        bar.set_message(format!("loss {:.4}, of those held out {percent:.1} % right", learned.loss));
        bar.inc(1);
        readings.push([learned, new]);
        if [1, 3, 10, EPOCHS].contains(&readings.len()) {
            let [learned, new] = readings.last().unwrap();
            let losses = format!("loss {:.4}, held out {:.4}, {percent:.2} % right", learned.loss, new.loss);
            bar.suspend(|| show(&format!("epoch {}", readings.len()), &losses, ""));
        }
    });
    bar.finish_and_clear();

    let [_, last] = readings.last().unwrap();
    let misread = held_out.labels.iter().zip(&last.digits).filter(|(digit, read)| digit != read).count();
    show("misread in the end, of those held out", &format!("{misread} of {}", held_out.labels.len()), "");
    show("seconds", &format!("{:.1}", begun.elapsed().as_secs_f64()), "");
    draw_losses(&readings).unwrap();
    draw_misread(&held_out, &last.digits).unwrap();
    assert!(last.accuracy >= 0.97, "only {:.4} of the digits held out are read right", last.accuracy);
}

fn draw_losses(readings: &[[Reading; 2]]) -> Result<(), Error> {
    let line = |which: usize| {
        let losses = readings.iter().map(move |reading| reading[which].loss);
        (1..).zip(losses).map(|(epoch, loss)| [f64::from(epoch), loss])
    };
    Chart::new("Learning to read digits")
        .x_name("epoch")
        .y_name("cross-entropy per picture")
        .log_y()
        .line("pictures to learn from", line(0))
        .line("pictures held out", line(1))
        .save(gallery("digits_loss.png"))
}

/// Which digits are read as which, and the pictures of those misread.
fn draw_misread(held_out: &Set, read: &[usize]) -> Result<(), Error> {
    let mut counts = Array2::zeros((DIGITS, DIGITS));
    held_out.labels.iter().zip(read).for_each(|(&digit, &read)| counts[[digit, read]] += 1.0);
    Grid::new("How the digits held out are read", &counts)
        .rows(0..DIGITS)
        .columns(0..DIGITS)
        .y_name("digit")
        .x_name("read as")
        .shade(f64::sqrt)
        .values(|count| if count == 0.0 { String::new() } else { format!("{count}") })
        .size(480.0, 504.0)
        .save(gallery("digits_confusion.png"))?;

    let mut panels = Panels::new("The digits that are misread", 4).size(200.0, 224.0);
    for (k, (digit, read)) in held_out.labels.iter().zip(read).enumerate().filter(|(_, (a, b))| a != b) {
        let picture = held_out.images.row(k).into_shape_with_order((8, 8)).unwrap();
        panels = panels.add(Grid::new(format!("{digit} read as {read}"), picture).range(0.0..=1.0).grey());
    }
    panels.save(gallery("digits_misread.png"))
}

fn main() {
    common::print(TITLE, run);
}
