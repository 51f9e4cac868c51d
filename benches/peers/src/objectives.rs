//! The workloads once more, over what the peers have in common; the formulas are those of `../workloads/`.

use std::rc::Rc;

use num_dual::DualNum;

use crate::number::Number;
use crate::workloads::euler::Paths;
use crate::workloads::mixture::Mixture;
use crate::workloads::perceptron::Perceptron;

/// A function that each peer can be given: generic over the number.
pub trait Objective: 'static {
    fn at<N: Number>(&self, x: &[N]) -> N;
}

pub struct Rosenbrock;

#[inline(always)]
fn term<N: Number>(x: &N, y: &N) -> N {
    let (valley, far) = (y.clone() - x.clone() * x.clone(), x.clone().times(-1.0).plus(1.0));
    (valley.clone() * valley).times(100.0) + far.clone() * far
}

impl Objective for Rosenbrock {
    fn at<N: Number>(&self, x: &[N]) -> N {
        let mut sum = term(&x[0], &x[1]);
        for pair in x[1..].windows(2) {
            sum = sum + term(&pair[0], &pair[1]);
        }
        sum
    }
}

fn log_sum_exp<N: Number>(x: &[N]) -> N {
    let largest = x.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max(x.value()));
    let sum = x.iter().map(|x| x.clone().plus(-largest).exp()).reduce(|a, b| a + b);
    sum.expect("some terms").ln().plus(largest)
}

/// Up to the constant, which has no derivative.
impl Objective for Rc<Mixture> {
    fn at<N: Number>(&self, x: &[N]) -> N {
        let (d, k, size) = (self.d, self.k, self.d * (self.d + 1) / 2);
        let (weights, rest) = x.split_at(k);
        let (centres, factors) = rest.split_at(k * d);
        let add = |a: Option<N>, b: N| {
            Some(match a {
                Some(a) => a + b,
                None => b,
            })
        };
        let (mut offsets, mut diagonals, mut penalty) = (weights.to_vec(), vec![], None);
        for (offset, factor) in offsets.iter_mut().zip(factors.chunks_exact(size)) {
            for entry in &factor[..d] {
                *offset = offset.clone() + entry.clone();
                diagonals.push(entry.clone().exp());
                penalty = add(penalty, entry.clone().times(2.0).exp());
            }
            for entry in &factor[d..] {
                penalty = add(penalty, entry.clone() * entry.clone());
            }
        }
        let n = (self.points.len() / d) as f64;
        let mut sum = log_sum_exp(weights).times(-n) + penalty.expect("some entries").times(0.5);
        let (mut away, mut y, mut exponents) = (vec![], vec![], vec![]);
        for point in self.points.chunks_exact(d) {
            exponents.clear();
            for k in 0..k {
                away.clear();
                away.extend(
                    point
                        .iter()
                        .zip(&centres[k * d..])
                        .map(|(&x, centre)| centre.clone().times(-1.0).plus(x)),
                );
                y.clear();
                y.extend(
                    away.iter().zip(&diagonals[k * d..]).map(|(away, q): (&N, &N)| q.clone() * away.clone()),
                );
                let mut triangle = factors[k * size + d..(k + 1) * size].iter();
                for l in 0..d {
                    for (y, q) in y[l + 1..].iter_mut().zip(&mut triangle) {
                        *y = y.clone() + q.clone() * away[l].clone();
                    }
                }
                let square =
                    y.iter().map(|y| y.clone() * y.clone()).reduce(|a, b| a + b).expect("a dimension");
                exponents.push(offsets[k].clone() - square.times(0.5));
            }
            sum = sum + log_sum_exp(&exponents);
        }
        sum
    }
}

impl Objective for Rc<Perceptron> {
    fn at<N: Number>(&self, x: &[N]) -> N {
        let (w1, rest) = x.split_at(64 * 64);
        let (b1, rest) = rest.split_at(64);
        let (w2, b2) = rest.split_at(10 * 64);
        let (mut hidden, mut out, mut sum): (Vec<N>, Vec<N>, Option<N>) = (vec![], vec![], None);
        for (input, &label) in self.inputs.chunks_exact(64).zip(&self.labels) {
            hidden.clear();
            for (row, bias) in w1.chunks_exact(64).zip(b1) {
                let mut a = bias.clone();
                for (w, &x) in row.iter().zip(input) {
                    a = a + w.clone().times(x);
                }
                hidden.push(a.tanh());
            }
            out.clear();
            for (row, bias) in w2.chunks_exact(64).zip(b2) {
                let mut a = bias.clone();
                for (w, h) in row.iter().zip(&hidden) {
                    a = a + w.clone() * h.clone();
                }
                out.push(a);
            }
            let loss = log_sum_exp(&out) - out[label].clone();
            sum = Some(match sum {
                Some(sum) => sum + loss,
                None => loss,
            });
        }
        sum.expect("a batch").times(1.0 / self.labels.len() as f64)
    }
}

/// One option.
#[derive(Clone, Copy)]
pub struct Call;

impl Objective for Call {
    #[inline(always)]
    fn at<N: Number>(&self, x: &[N]) -> N {
        let [s, k, r, sigma, t] = [&x[0], &x[1], &x[2], &x[3], &x[4]].map(N::clone);
        let width = sigma.clone() * t.clone().sqrt();
        let drift = (r.clone() + (sigma.clone() * sigma).times(0.5)) * t.clone();
        let d1 = (s.clone().over(k.clone()).ln() + drift).over(width.clone());
        let discounted = k * (r.times(-1.0) * t).exp();
        s * d1.clone().normal_cdf() - discounted * (d1 - width).normal_cdf()
    }
}

impl Objective for Rc<Paths> {
    fn at<N: Number>(&self, x: &[N]) -> N {
        let [s0, r, sigma, k] = [&x[0], &x[1], &x[2], &x[3]].map(N::clone);
        let dt = 1.0 / self.steps as f64;
        let mut sum: Option<N> = None;
        for dz in self.dz.chunks_exact(self.steps) {
            let mut s = s0.clone();
            for &dz in dz {
                s = s.clone() + ((r.clone() * s.clone()).times(dt) + (sigma.clone() * s).times(dz));
            }
            let payoff = (s - k.clone()).exp().plus(1.0).ln();
            sum = Some(match sum {
                Some(sum) => sum + payoff,
                None => payoff,
            });
        }
        r.times(-1.0).exp() * sum.expect("a path").times(1.0 / self.count() as f64)
    }
}

/// The two errors of an observation in bundle adjustment.
#[inline(always)]
pub fn errors<N: DualNum<Primitive = f64>>(x: &[N], feature: [f64; 2]) -> [N; 2] {
    let inner = |a: &[N; 3], b: &[N; 3]| a[0].clone() * &b[0] + a[1].clone() * &b[1] + a[2].clone() * &b[2];
    let r: [N; 3] = std::array::from_fn(|i| x[i].clone());
    let y: [N; 3] = std::array::from_fn(|i| x[11 + i].clone() - &x[3 + i]);
    let (f, u0, v0, k1, k2, w) = (&x[6], &x[7], &x[8], &x[9], &x[10], &x[14]);
    let angle = inner(&r, &r).sqrt();
    let (sin, cos, over) = (angle.sin(), angle.cos(), angle.recip());
    let axis = r.map(|r| r * &over);
    let side: [N; 3] = std::array::from_fn(|i| {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3);
        axis[j].clone() * &y[k] - axis[k].clone() * &y[j]
    });
    let along = inner(&axis, &y) * (-cos.clone() + 1.0);
    let turned: [N; 3] =
        std::array::from_fn(|i| y[i].clone() * &cos + side[i].clone() * &sin + axis[i].clone() * &along);
    let depth = turned[2].recip();
    let (p, q) = (turned[0].clone() * &depth, turned[1].clone() * &depth);
    let square = p.clone() * &p + q.clone() * &q;
    let zoom = (square.clone() * k1 + square.clone() * &square * k2 + 1.0) * f;
    [(p * &zoom + u0 - feature[0]) * w, (q * &zoom + v0 - feature[1]) * w]
}
