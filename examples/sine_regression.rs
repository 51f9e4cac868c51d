//! A small network learns a wave from noisy samples, and goes on after an interruption.
//!
//! ```text
//! ŷ = W₂ tanh(W₁ x + b₁) + b₂                       x: [n, 1], ŷ: [n, 1]
//! loss = mean of (ŷ − y)²,   y = sin x + noise
//! ```
//!
//! The run is saved every 50 steps. Half-way it is abandoned, as by a crash; the second one finds what was saved, goes on, and
//! ends with the same weights as a run that was never interrupted.

mod common;

use std::path::Path;

use common::{Show, gallery};
use downhill::data::{Dataset, Progress, sine};
use downhill::error::Error;
use downhill::nn::{Dense, Layer, Module, Sequential, Tanh, loss::mse};
use downhill::optim::schedule::CosineDecay;
use downhill::params::Params;
use downhill::plot::{Chart, Panels};
use downhill::prelude::*;
use downhill::train::{History, Training};
use ndarray::{Array2, array};
use serde::{Deserialize, Serialize};

pub(crate) const TITLE: &str = "A small network learns a wave, and survives an interruption";

const SEED: u64 = 5;
const BATCH: usize = 20;
const EPOCHS: usize = 80;

type Samples = Dataset<Array2<f64>, Array2<f64>>;

/// All a run needs to go on.
#[derive(Serialize, Deserialize)]
struct State {
    params: Params,
    adam: Optimizer<Adam>,
    batches: Progress,
}

pub(crate) struct Trained {
    network: Sequential<f64>,
    pub(crate) params: Params,
    history: History,
}

impl Trained {
    pub(crate) fn at(&self, x: f64) -> f64 {
        self.network.apply(&Tensor::from(array![[x]]), &self.params).value()
    }

    /// The root of the mean square distance to the wave without noise.
    pub(crate) fn error(&self) -> f64 {
        let squares = (0..=100).map(|k| f64::from(k) * std::f64::consts::TAU / 100.0);
        (squares.map(|x| (self.at(x) - x.sin()).powi(2)).sum::<f64>() / 101.0).sqrt()
    }
}

pub(crate) fn samples() -> (Samples, Samples) {
    sine(600, 0.1, SEED).split(0.2, SEED)
}

/// Trains to the end, or gives up after so many steps; goes on with what is saved at `path`.
pub(crate) fn train(
    (learned, held_out): (&Samples, &Samples),
    path: &Path,
    give_up: Option<usize>,
) -> Result<Trained, Error> {
    let network = Sequential::new().add(Dense::new(1, 32)).add(Tanh).add(Dense::new(32, 1));
    let mut training = Training::new(EPOCHS).bar("sine").save_every(50, path);
    let params = network.init(SEED);
    let rate = CosineDecay::new(0.02, EPOCHS * learned.batches(BATCH, SEED).per_epoch());
    let adam = Adam::new(rate).optimizer_for(&params);
    let batches = learned.batches(BATCH, SEED).progress();
    let mut state = training.begin(State { params, adam, batches })?;
    let mut batches = learned.batches(BATCH, SEED).resume(state.batches);
    while training.epoch() {
        while let Some(batch) = batches.next_batch() {
            let (loss, gradient) = {
                let tape = Tape::new();
                let p = tape.params(&state.params);
                let loss =
                    mse(&network.apply(&Tensor::from(batch.inputs()), &p), Tensor::from(batch.targets()));
                (loss.value(), loss.backward().wrt(&p))
            };
            state.adam.step(&mut state.params, &gradient);
            state.batches = batches.progress();
            if !training.step(loss, &state)? || give_up == Some(training.steps()) {
                return Ok(Trained { network, params: state.params, history: training.history().clone() });
            }
        }
        state.batches = batches.progress(); // the next epoch
        let y = network.apply(&Tensor::from(held_out.inputs()), &state.params);
        training.validate(mse(&y, Tensor::from(held_out.targets())).value(), &state)?;
    }
    Ok(Trained { network, params: state.params, history: training.history().clone() })
}

pub(crate) fn run(show: &mut Show) {
    let (learned, held_out) = samples();
    let sets = (&learned, &held_out);
    let paths = ["sine_whole.state", "sine_interrupted.state"].map(gallery);
    for path in &paths {
        // What an earlier run of this example has left would be gone on with.
        let _ = std::fs::remove_file(path);
        let _ = std::fs::remove_file(path.with_extension("state.before"));
    }
    let whole = train(sets, &paths[0], None).unwrap();
    show("samples to learn from, held out", &format!("{}, {}", learned.len(), held_out.len()), "");
    show("the last epoch", &whole.history.last().unwrap().to_string(), "");
    show("distance to the wave without noise", &format!("{:.4}", whole.error()), "");

    let half = train(sets, &paths[1], Some(777)).unwrap();
    show("distance when the run was given up", &format!("{:.4}", half.error()), "");
    let resumed = train(sets, &paths[1], None).unwrap();
    let same = resumed.params == whole.params;
    show("weights after going on", if same { "those of the whole run, to the bit" } else { "others" }, "");
    draw(&whole, &half, &learned).unwrap();
    assert!(same && whole.error() < 0.05);
}

fn draw(whole: &Trained, half: &Trained, learned: &Samples) -> Result<(), Error> {
    let points = learned.inputs().iter().zip(learned.targets()).map(|(&x, &y)| [x, y]);
    let wave = Chart::new("What was learned")
        .points("samples", points)
        .dashed_curve("sin x", f64::sin)
        .curve("after 777 steps", |x| half.at(x))
        .curve("in the end", |x| whole.at(x));
    Panels::new(TITLE, 2).add(wave).add(whole.history.chart("Mean square")).save(gallery("sine.png"))
}

fn main() {
    common::print(TITLE, run);
}
