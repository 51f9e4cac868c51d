//! A fully-connected network learns to read handwritten digits, by backpropagation through the tape.
//!
//! ```text
//! h = relu(W₁ x + b₁)                         x: [n, 64] pixels, h: [n, 256]
//! z = W₂ h + b₂                               z: [n, 10], one number for each digit
//! loss = mean of ln Σ exp(z) − z(digit)       the cross-entropy of softmax(z)
//! ```
//!
//! The weights are drawn by K. He et al., *Delving deep into rectifiers*, 2015, equation 10; Adam changes them after every 32
//! pictures, at a rate that falls along half a wave of the cosine. A fifth of the pictures is held out, to see how the network
//! reads what it never saw. The same seed gives the same network. Ctrl-C ends the training early.

mod common;

use std::time::Instant;

use common::{Show, gallery, grouped};
use downhill::data::{Dataset, Npz};
use downhill::error::Error;
use downhill::nn::{Dense, Initial, Layer, Module, Relu, Sequential, loss::cross_entropy};
use downhill::optim::schedule::CosineDecay;
use downhill::params::Params;
use downhill::plot::{Grid, Panels};
use downhill::prelude::*;
use downhill::train::{History, Training};
use ndarray::Array2;

pub(crate) const TITLE: &str = "A network of two layers reads 1,797 handwritten digits of 8 × 8 pixels";

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.npz");
const SEED: u64 = 1;
const PIXELS: usize = 64;
const HIDDEN: usize = 256;
const DIGITS: usize = 10;
const BATCH: usize = 32;
const EPOCHS: usize = 30;

/// Pictures `[n, 64]`, from 0 for paper to 1 for ink, with the digits they show.
pub(crate) type Pictures = Dataset<Array2<f32>, Vec<usize>>;

/// All pictures of the file, cut by the seed into four fifths to learn from and one to hold out.
pub(crate) fn learned_and_held_out() -> Result<(Pictures, Pictures), Error> {
    let file = Npz::load(FILE)?;
    let labels = file.labels("labels")?;
    let images = file.array::<f32>("images")?.into_shape_with_order((labels.len(), PIXELS)).expect("8 × 8");
    Ok(Dataset::new(images / 16.0, labels).split_stratified(0.2, SEED))
}

/// What reads, and how it came to.
pub(crate) struct Reader {
    network: Sequential<f32>,
    params: Params<f32>,
    pub(crate) history: History,
}

/// How well pictures are read.
pub(crate) struct Reading {
    loss: f64,
    /// The digits read: `[n]`.
    digits: Vec<usize>,
    /// The part of them that are right.
    pub(crate) accuracy: f64,
}

fn read(network: &Sequential<f32>, params: &Params<f32>, pictures: &Pictures) -> Reading {
    let z = network.apply(&Tensor::from(pictures.inputs()), params); // of constants: nothing is recorded
    let digits = z.argmax(1).into_raw_vec_and_offset().0;
    let right = digits.iter().zip(pictures.targets()).filter(|(read, digit)| read == digit).count();
    let loss = f64::from(cross_entropy(&z, pictures.targets()).value());
    Reading { loss, accuracy: right as f64 / digits.len() as f64, digits }
}

impl Reader {
    pub(crate) fn read(&self, pictures: &Pictures) -> Reading {
        read(&self.network, &self.params, pictures)
    }
}

/// Trains a network on some pictures, and looks after each epoch how it reads those held out.
pub(crate) fn train((learned, held_out): (&Pictures, &Pictures), epochs: usize) -> Result<Reader, Error> {
    let network = Sequential::new()
        .add(Dense::new(PIXELS, HIDDEN).weight(Initial::HeNormal))
        .add(Relu)
        .add(Dense::new(HIDDEN, DIGITS).weight(Initial::HeNormal));
    let mut params = network.init(SEED);
    let mut batches = learned.batches(BATCH, SEED);
    let mut adam = Adam::new(CosineDecay::new(5e-3, epochs * batches.per_epoch())).optimizer_for(&params);

    let mut training = Training::new(epochs).bar("digits").stop_on_ctrl_c();
    while training.epoch() {
        while let Some(batch) = batches.next_batch() {
            let (loss, gradient) = {
                let tape = Tape::new();
                let p = tape.params(&params);
                let loss = cross_entropy(&network.apply(&Tensor::from(batch.inputs()), &p), batch.targets());
                (f64::from(loss.value()), loss.backward().wrt(&p))
            };
            adam.step(&mut params, &gradient);
            if !training.step(loss, &())? {
                break;
            }
        }
        let new = read(&network, &params, held_out);
        training.validate_with(new.loss, Some(new.accuracy), &())?;
    }
    Ok(Reader { network, params, history: training.history().clone() })
}

pub(crate) fn run(show: &mut Show) {
    let (learned, held_out) = learned_and_held_out().unwrap();
    let counts = [&learned, &held_out].map(|set| grouped(set.len()));
    show("pictures to learn from, held out", &counts.join(", "), "");
    let begun = Instant::now();
    let reader = train((&learned, &held_out), EPOCHS).unwrap();
    show("weights", &grouped(reader.params.len()), "");
    for epoch in reader.history.iter().filter(|epoch| [1, 3, 10, EPOCHS].contains(&epoch.epoch)) {
        show(&format!("epoch {}", epoch.epoch), &epoch.to_string(), "");
    }
    let last = reader.read(&held_out);
    let misread = held_out.targets().iter().zip(&last.digits).filter(|(digit, read)| digit != read).count();
    show("misread in the end, of those held out", &format!("{misread} of {}", held_out.len()), "");
    show("seconds", &format!("{:.1}", begun.elapsed().as_secs_f64()), "");
    reader.history.save_csv(gallery("digits_loss.csv")).unwrap();
    reader.history.chart("Learning to read digits").save(gallery("digits_loss.png")).unwrap();
    draw_misread(&held_out, &last.digits).unwrap();
    assert!(last.accuracy >= 0.97, "only {:.4} of the digits held out are read right", last.accuracy);
}

/// Which digits are read as which, and the pictures of those misread.
fn draw_misread(held_out: &Pictures, read: &[usize]) -> Result<(), Error> {
    let mut counts = Array2::zeros((DIGITS, DIGITS));
    held_out.targets().iter().zip(read).for_each(|(&digit, &read)| counts[[digit, read]] += 1.0);
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
    for (k, (digit, read)) in held_out.targets().iter().zip(read).enumerate().filter(|(_, (a, b))| a != b) {
        let picture = held_out.inputs().row(k).mapv(f64::from).into_shape_with_order((8, 8)).unwrap();
        panels = panels.add(Grid::new(format!("{digit} read as {read}"), &picture).range(0.0..=1.0).grey());
    }
    panels.save(gallery("digits_misread.png"))
}

fn main() {
    common::print(TITLE, run);
}
