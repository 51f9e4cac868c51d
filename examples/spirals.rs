//! A small network tells three spirals apart.
//!
//! ```text
//! z = W₃ relu(W₂ relu(W₁ x + b₁) + b₂) + b₃         x: [n, 2] points, z: [n, 3], one number for each arm
//! loss = mean of ln Σ exp(z) − z(arm)
//! ```
//!
//! The weights of the hidden layers begin with the deviation `√(2 / inputs)`. Adam changes all 4,547 after every 32 points, at a rate that rises at first and falls along half a wave of the
//! cosine; its gradients are kept short. A quarter of the points is held out. Ctrl-C ends the training early.

mod common;

use common::{Show, gallery, grouped};
use downhill::data::{Dataset, spirals};
use downhill::error::Error;
use downhill::nn::{Dense, Initial, Layer, Module, Relu, Sequential, loss::cross_entropy};
use downhill::optim::schedule::WarmUpCosine;
use downhill::params::Params;
use downhill::plot::{Chart, Panels};
use downhill::prelude::*;
use downhill::train::{History, Training};
use ndarray::{Array2, array};

pub(crate) const TITLE: &str = "A small network tells three spirals apart";

const ARMS: usize = 3;
const WIDTH: usize = 64;
const SEED: u64 = 3;
const BATCH: usize = 32;
const EPOCHS: usize = 60;

/// Points `[n, 2]`, each with the arm it is of.
type Points = Dataset<Array2<f32>, Vec<usize>>;

/// A network, and what became of it.
pub(crate) struct Trained {
    network: Sequential<f32>,
    params: Params<f32>,
    pub(crate) history: History,
}

impl Trained {
    /// The part of the points that are told right.
    pub(crate) fn accuracy(&self, points: &Points) -> f64 {
        accuracy(&self.network, &self.params, points)
    }

    /// How sure the network is of the arm it takes the point for: from a third to 1.
    fn certainty(&self, x: f64, y: f64) -> f64 {
        let z = self.network.apply(&Tensor::from(array![[x as f32, y as f32]]), &self.params);
        f64::from(z.softmax(1).max().value())
    }
}

fn accuracy(network: &Sequential<f32>, params: &Params<f32>, points: &Points) -> f64 {
    let told = network.apply(&Tensor::from(points.inputs()), params).argmax(1);
    let right = told.iter().zip(points.targets()).filter(|(told, arm)| told == arm).count();
    right as f64 / points.len() as f64
}

/// Points to learn from, and points held out.
pub(crate) fn points() -> (Points, Points) {
    spirals(1200, ARMS, 1.25, 0.008, SEED).split_stratified(0.25, SEED)
}

pub(crate) fn train((learned, held_out): (&Points, &Points), epochs: usize) -> Result<Trained, Error> {
    let hidden = |inputs| Dense::new(inputs, WIDTH).weight(Initial::HeNormal);
    let network = Sequential::new().add(hidden(2)).add(Relu).add(hidden(WIDTH)).add(Relu);
    let network = network.add(Dense::new(WIDTH, ARMS));
    let mut params = network.init(SEED);
    let mut batches = learned.batches(BATCH, SEED);
    let steps = epochs * batches.per_epoch();
    let rate = WarmUpCosine::new(0.0, 0.01, steps / 20, steps);
    let mut adam = Adam::new(rate).clip_norm(1.0).optimizer_for(&params);

    let mut training = Training::new(epochs).bar("spirals").stop_on_ctrl_c();
    while training.epoch() {
        while let Some(batch) = batches.next_batch() {
            let (loss, gradient) = {
                let tape = Tape::new();
                let p = tape.params(&params);
                let z = network.apply(&Tensor::from(batch.inputs()), &p);
                let loss = cross_entropy(&z, batch.targets());
                (f64::from(loss.value()), loss.backward().wrt(&p))
            };
            adam.step(&mut params, &gradient);
            if !training.step(loss, &())? {
                break;
            }
        }
        let z = network.apply(&Tensor::from(held_out.inputs()), &params);
        let loss = f64::from(cross_entropy(&z, held_out.targets()).value());
        training.validate_with(loss, Some(accuracy(&network, &params, held_out)), &())?;
    }
    Ok(Trained { network, params, history: training.history().clone() })
}

pub(crate) fn run(show: &mut Show) {
    let (learned, held_out) = points();
    let counts = [&learned, &held_out].map(|points| grouped(points.len()));
    show("points to learn from, held out", &counts.join(", "), "");
    let trained = train((&learned, &held_out), EPOCHS).unwrap();
    show("weights", &grouped(trained.params.len()), "");
    for epoch in trained.history.iter().filter(|epoch| [1, 5, 20, EPOCHS].contains(&epoch.epoch)) {
        show(&format!("epoch {}", epoch.epoch), &epoch.to_string(), "");
    }
    let accuracy = trained.accuracy(&held_out);
    show("held out and told right", &format!("{:.2} %", 100.0 * accuracy), "");
    draw(&trained, &held_out).unwrap();
    assert!(accuracy >= 0.99, "only {accuracy:.4} of the points held out are told right");
}

/// How sure the network is where, with the points held out, and how the losses fell.
fn draw(trained: &Trained, held_out: &Points) -> Result<(), Error> {
    let mut plane = Chart::new("How sure the network is, and the points held out")
        .x_range(-1.2..=1.2)
        .y_range(-1.2..=1.2)
        .contours(|x: f64, y: f64| trained.certainty(x, y));
    for arm in 0..ARMS {
        let of_arm = held_out.inputs().outer_iter().zip(held_out.targets()).filter(|&(_, &a)| a == arm);
        let points = of_arm.map(|(point, _)| [f64::from(point[0]), f64::from(point[1])]);
        plane = plane.points(format!("arm {}", arm + 1), points);
    }
    let losses = trained.history.chart("Cross-entropy per point");
    trained.history.save_csv(gallery("spirals.csv"))?;
    Panels::new(TITLE, 2).add(plane).add(losses).save(gallery("spirals.png"))
}

fn main() {
    common::print(TITLE, run);
}
