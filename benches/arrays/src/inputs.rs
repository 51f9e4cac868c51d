//! What everybody computes with, by formula: the linear congruential generator of `../../workloads/mod.rs`, in the order in
//! which the fields stand here. The mixture is that of the other benches.
//!
//! ```text
//! perceptron, seed 11:  x in [0, 1);  labels ⌊10 u⌋;  W₁ within √(6/784), b₁ within 0.1, W₂ within √(6/128), b₂ within 0.1
//! logistic,   seed 12:  x in [−1, 1);  w within 0.5;  b = 0.1;  y = 1 where u < σ(x·w + b), else 0
//! steps,      seed 13:  x within 0.5;  gradient within 1
//! ```
//!
//! The digits are those of `examples/data`, the weights to begin with and the orders of the pictures those of `downhill`.

use downhill::data::{Dataset, Npz, order};
use downhill::nn::{Dense, Module, Relu, Sequential};
use downhill::params::Params;
use ndarray::Array2;

use crate::workloads::Lcg;

pub const INPUTS: usize = 784;
pub const HIDDEN: usize = 128;
pub const CLASSES: usize = 10;
pub const BATCH: usize = 128;

pub const RATE: f64 = 1e-3;
pub const BETAS: [f64; 2] = [0.9, 0.999];
pub const EPSILON: f64 = 1e-8;

/// `softmax(relu(x W₁ + b₁) W₂ + b₂)` against labels: cross-entropy, the mean of the batch. Matrices in rows.
pub struct Perceptron {
    /// `BATCH × INPUTS`
    pub x: Vec<f32>,
    pub labels: Vec<u32>,
    /// `INPUTS × HIDDEN`
    pub w1: Vec<f32>,
    pub b1: Vec<f32>,
    /// `HIDDEN × CLASSES`
    pub w2: Vec<f32>,
    pub b2: Vec<f32>,
}

impl Perceptron {
    pub fn new() -> Perceptron {
        let mut random = Lcg::new(11);
        let x = (0..BATCH * INPUTS).map(|_| random.uniform() as f32).collect();
        let labels = (0..BATCH).map(|_| (CLASSES as f64 * random.uniform()) as u32).collect();
        let mut within = |n, scale: f64| random.symmetrics(n, scale).map(|x| x as f32).collect();
        Perceptron {
            x,
            labels,
            w1: within(INPUTS * HIDDEN, (6.0 / INPUTS as f64).sqrt()),
            b1: within(HIDDEN, 0.1),
            w2: within(HIDDEN * CLASSES, (6.0 / HIDDEN as f64).sqrt()),
            b2: within(CLASSES, 0.1),
        }
    }
}

pub const POINTS: usize = 10_000;
pub const FEATURES: usize = 100;

/// The mean of `softplus(z) − y z`, `z = x w + b`; the gradient is that of `w` and of `b`.
pub struct Logistic {
    /// `POINTS × FEATURES`, in rows.
    pub x: Vec<f64>,
    pub w: Vec<f64>,
    pub b: f64,
    pub y: Vec<f64>,
}

impl Logistic {
    pub fn new() -> Logistic {
        let mut random = Lcg::new(12);
        let x: Vec<f64> = random.symmetrics(POINTS * FEATURES, 1.0).collect();
        let w: Vec<f64> = random.symmetrics(FEATURES, 0.5).collect();
        let b = 0.1;
        let label = |x: &[f64]| {
            let z = x.iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() + b;
            if random.uniform() < 1.0 / (1.0 + (-z).exp()) { 1.0 } else { 0.0 }
        };
        let y = x.chunks_exact(FEATURES).map(label).collect();
        Logistic { x, w, b, y }
    }
}

pub const NUMBERS: usize = 10_000_000;

/// What an optimizer steps: the gradient is the same at each step.
pub struct Step {
    pub x: Vec<f32>,
    pub gradient: Vec<f32>,
}

impl Step {
    pub fn new() -> Step {
        let mut random = Lcg::new(13);
        let mut within = |scale| random.symmetrics(NUMBERS, scale).map(|x| x as f32).collect();
        Step { x: within(0.5), gradient: within(1.0) }
    }
}

pub const PIXELS: usize = 64;
pub const UNITS: usize = 256;
pub const FEW: usize = 32;

/// What orders and first weights are drawn by.
pub const SEED: u64 = 14;

/// Four fifths of the handwritten digits, and a network 64-256-10 with relu to read them.
pub struct Digits {
    pub set: Dataset<Array2<f32>, Vec<usize>>,
    /// `0.weight: [256, 64]`, `0.bias`, `2.weight: [10, 256]`, `2.bias`
    pub start: Params<f32>,
}

impl Digits {
    pub fn new() -> Digits {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/digits.npz");
        let npz = Npz::load(file).expect("the file of the examples");
        let images = npz.array::<f32>("images").expect("pictures") / 16.0;
        let labels = npz.labels("labels").expect("a label for each");
        let images = images.into_shape_with_order((labels.len(), PIXELS)).expect("pictures of 8 × 8");
        let (set, _) = Dataset::new(images, labels).split(0.2, SEED);
        Digits { set, start: Digits::network().init(SEED) }
    }

    pub fn network() -> Sequential<f32> {
        Sequential::new().add(Dense::new(PIXELS, UNITS)).add(Relu).add(Dense::new(UNITS, CLASSES))
    }

    /// The order of the pictures in an epoch; each has one of its own.
    pub fn order(&self, epoch: u64) -> Vec<usize> {
        order(self.set.len(), SEED, epoch)
    }
}
