//! A perceptron, 64–64–10, in scalar code: the mean cross-entropy of its softmax over a batch.
//!
//! ```text
//! h = tanh(W₁ x + b₁),   o = W₂ h + b₂,   f = mean over the batch of  lse(o) − o[label]
//! ```
//!
//! Seed 4: 4,810 parameters 0.125 s in the order W₁ (64 × 64, a row per output), b₁, W₂ (10 × 64), b₂; then 16 × 64 inputs
//! s, then 16 labels ⌊10 u⌋; s is symmetric, u in [0, 1).

use std::rc::Rc;

use downhill::prelude::*;

use super::{Case, Lcg, log_sum_exp_in_steps, objective};

const IN: usize = 64;
const HIDDEN: usize = 64;
const OUT: usize = 10;

pub struct Perceptron {
    pub inputs: Vec<f64>,
    pub labels: Vec<usize>,
    pub start: Vec<f64>,
}

/// The parameters, taken apart.
struct Layers<'a, R> {
    w1: &'a [R],
    b1: &'a [R],
    w2: &'a [R],
    b2: &'a [R],
}

fn layers<R>(x: &[R]) -> Layers<'_, R> {
    let (w1, rest) = x.split_at(HIDDEN * IN);
    let (b1, rest) = rest.split_at(HIDDEN);
    let (w2, b2) = rest.split_at(OUT * HIDDEN);
    Layers { w1, b1, w2, b2 }
}

impl Perceptron {
    pub fn new(batch: usize) -> Perceptron {
        let mut random = Lcg::new(4);
        let start = random.symmetrics(HIDDEN * IN + HIDDEN + OUT * HIDDEN + OUT, 0.125).collect();
        let inputs = random.symmetrics(batch * IN, 1.0).collect();
        let labels = (0..batch).map(|_| (10.0 * random.uniform()) as usize).collect();
        Perceptron { inputs, labels, start }
    }

    fn batch(&self) -> impl Iterator<Item = (&[f64], usize)> {
        self.inputs.chunks_exact(IN).zip(self.labels.iter().copied())
    }

    pub fn loss<R: Real>(&self, x: &[R]) -> R {
        let Layers { w1, b1, w2, b2 } = layers(x);
        let (mut hidden, mut out) = ([R::from(0.0); HIDDEN], [R::from(0.0); OUT]);
        let mut sum = R::from(0.0);
        for (input, label) in self.batch() {
            for (h, (row, &bias)) in hidden.iter_mut().zip(w1.chunks_exact(IN).zip(b1)) {
                let mut a = bias;
                for (&w, &x) in row.iter().zip(input) {
                    a += w * x;
                }
                *h = a.tanh();
            }
            for (o, (row, &bias)) in out.iter_mut().zip(w2.chunks_exact(HIDDEN).zip(b2)) {
                let mut a = bias;
                for (&w, &h) in row.iter().zip(&hidden) {
                    a += w * h;
                }
                *o = a;
            }
            sum += log_sum_exp_in_steps(&out) - out[label];
        }
        sum / self.labels.len() as f64
    }

    /// One node a row, and one for each example's `log_sum_exp`.
    fn with_dot(&self, x: &[Var]) -> Var {
        let Layers { w1, b1, w2, b2 } = layers(x);
        let (mut hidden, mut out) = ([Var::from(0.0); HIDDEN], [Var::from(0.0); OUT]);
        let mut sum = Var::from(0.0);
        for (input, label) in self.batch() {
            for (i, h) in hidden.iter_mut().enumerate() {
                *h = (dot(&w1[i * IN..][..IN], input) + b1[i]).tanh();
            }
            for (i, o) in out.iter_mut().enumerate() {
                *o = dot(&w2[i * HIDDEN..][..HIDDEN], &hidden) + b2[i];
            }
            sum += log_sum_exp(&out) - out[label];
        }
        sum / self.labels.len() as f64
    }

    /// Backpropagation, example by example.
    pub fn by_hand(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let Layers { w1, b1, w2, b2 } = layers(x);
        gradient.fill(0.0);
        let (to_w1, rest) = gradient.split_at_mut(HIDDEN * IN);
        let (to_b1, rest) = rest.split_at_mut(HIDDEN);
        let (to_w2, to_b2) = rest.split_at_mut(OUT * HIDDEN);
        let (mut hidden, mut out, share) = ([0.0; HIDDEN], [0.0; OUT], 1.0 / self.labels.len() as f64);
        let mut value = 0.0;
        for (input, label) in self.batch() {
            for (h, (row, &bias)) in hidden.iter_mut().zip(w1.chunks_exact(IN).zip(b1)) {
                *h = row.iter().zip(input).fold(bias, |a, (w, x)| a + w * x).tanh();
            }
            for (o, (row, &bias)) in out.iter_mut().zip(w2.chunks_exact(HIDDEN).zip(b2)) {
                *o = row.iter().zip(&hidden).fold(bias, |a, (w, h)| a + w * h);
            }
            let total = log_sum_exp_in_steps(&out);
            value += total - out[label];
            let mut to_hidden = [0.0; HIDDEN];
            for o in 0..OUT {
                let to_o = share * ((out[o] - total).exp() - if o == label { 1.0 } else { 0.0 });
                to_b2[o] += to_o;
                let (row, to_row) = (&w2[o * HIDDEN..][..HIDDEN], &mut to_w2[o * HIDDEN..][..HIDDEN]);
                for j in 0..HIDDEN {
                    to_row[j] += to_o * hidden[j];
                    to_hidden[j] += to_o * row[j];
                }
            }
            for (i, to_row) in to_w1.chunks_exact_mut(IN).enumerate() {
                let to_a = to_hidden[i] * (1.0 - hidden[i] * hidden[i]);
                to_b1[i] += to_a;
                to_row.iter_mut().zip(input).for_each(|(to_w, x)| *to_w += to_a * x);
            }
        }
        value * share
    }
}

pub fn case(batch: usize) -> Case {
    let perceptron = Rc::new(Perceptron::new(batch));
    let with = || Rc::clone(&perceptron);
    let (plain, hand, operators, nodes) = (with(), with(), with(), with());
    Case {
        name: "perceptron".into(),
        point: perceptron.start.clone(),
        block: (1, perceptron.start.len()),
        plain: Box::new(move |x| plain.loss(x)),
        by_hand: Box::new(move |x, gradient| hand.by_hand(x, gradient)),
        ours: vec![
            ("operators", objective(move |x| operators.loss(x))),
            ("`dot`", objective(move |x| nodes.with_dot(x))),
        ],
    }
}
