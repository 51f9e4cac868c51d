//! The log-likelihood of a Gaussian mixture, as in ADBench.
//!
//! ```text
//! f(α, μ, q) = −n d/2 ln 2π + Σᵢ lse_k(α_k + Σ ln diag Q_k − ½ |Q_k (xᵢ − μ_k)|²) − n lse(α)
//!              + ½ (Σ exp(2 ln diag) + Σ offdiag²) − K C,     C = −½ N d ln 2 − ln Γ_d(N/2),  N = d + 1
//! ```
//!
//! Seed 2: α = u − ½; μ symmetric; for each component `d` logarithms of the diagonal, symmetric within ½, then the strict
//! lower triangle column by column, within 0.3; then the points, symmetric. The parameters lie in the order α, μ, q.

use std::f64::consts::{LN_2, PI};
use std::rc::Rc;

use downhill::prelude::*;

use super::{Case, Lcg, log_sum_exp_in_steps, objective};

pub struct Mixture {
    /// Dimensions.
    pub d: usize,
    /// Components.
    pub k: usize,
    /// Points, in rows of `d`.
    pub points: Vec<f64>,
    pub start: Vec<f64>,
}

/// The parameters, taken apart: for each component a weight, a centre, a factor's diagonal and its strict triangle.
struct Parts<'a, R> {
    weights: &'a [R],
    centres: &'a [R],
    factors: &'a [R],
}

impl Mixture {
    pub fn new(d: usize, k: usize, n: usize) -> Mixture {
        let mut random = Lcg::new(2);
        let mut start: Vec<f64> = (0..k).map(|_| random.uniform() - 0.5).collect();
        start.extend(random.symmetrics(k * d, 1.0));
        for _ in 0..k {
            start.extend(random.symmetrics(d, 0.5));
            start.extend(random.symmetrics(d * (d - 1) / 2, 0.3));
        }
        let points = random.symmetrics(n * d, 1.0).collect();
        Mixture { d, k, points, start }
    }

    fn n(&self) -> usize {
        self.points.len() / self.d
    }

    /// Numbers in a component's factor.
    fn size(&self) -> usize {
        self.d * (self.d + 1) / 2
    }

    fn parts<'a, R>(&self, x: &'a [R]) -> Parts<'a, R> {
        let (weights, rest) = x.split_at(self.k);
        let (centres, factors) = rest.split_at(self.k * self.d);
        Parts { weights, centres, factors }
    }

    /// The parameters as the points need them: weights with the logarithms of the determinants, diagonals exponentiated.
    fn prepared<R: Real>(&self, x: &[R]) -> Vec<R> {
        let mut prepared = x.to_vec();
        let (weights, rest) = prepared.split_at_mut(self.k);
        let factors = &mut rest[self.k * self.d..];
        for (weight, factor) in weights.iter_mut().zip(factors.chunks_exact_mut(self.size())) {
            for entry in &mut factor[..self.d] {
                *weight += *entry;
                *entry = entry.exp();
            }
        }
        prepared
    }

    /// The logarithm of one point's density, up to the constant.
    #[inline]
    fn point<R: Real>(&self, prepared: &[R], point: &[f64], room: &mut Vec<R>) -> R {
        let Parts { weights, centres, factors } = self.parts(prepared);
        let d = self.d;
        room.resize(self.k + 2 * d, R::from(0.0));
        let (exponents, room) = room.split_at_mut(self.k);
        let (away, y) = room.split_at_mut(d);
        for k in 0..self.k {
            let (diagonal, mut triangle) = factors[k * self.size()..][..self.size()].split_at(d);
            for j in 0..d {
                away[j] = -centres[k * d + j] + point[j];
                y[j] = diagonal[j] * away[j];
            }
            for l in 0..d - 1 {
                let (column, rest) = triangle.split_at(d - 1 - l);
                for (y, &q) in y[l + 1..].iter_mut().zip(column) {
                    *y += q * away[l];
                }
                triangle = rest;
            }
            let mut square = y[0] * y[0];
            for &y in &y[1..] {
                square += y * y;
            }
            exponents[k] = weights[k] - square * 0.5;
        }
        log_sum_exp_in_steps(exponents)
    }

    /// What does not depend on the points, besides the constant.
    fn prior<R: Real>(&self, x: &[R]) -> R {
        let Parts { weights, factors, .. } = self.parts(x);
        let mut penalty = R::from(0.0);
        for factor in factors.chunks_exact(self.size()) {
            for &entry in &factor[..self.d] {
                penalty += (entry * 2.0).exp();
            }
            for &entry in &factor[self.d..] {
                penalty += entry * entry;
            }
        }
        log_sum_exp_in_steps(weights) * -(self.n() as f64) + penalty * 0.5
    }

    /// `−n d/2 ln 2π − K C`
    pub fn constant(&self) -> f64 {
        let d = self.d as f64;
        let multivariate =
            d * (d - 1.0) / 4.0 * PI.ln() + (1..=self.d).map(|j| ln_gamma_half(self.d + 2 - j)).sum::<f64>();
        let c = -0.5 * (d + 1.0) * d * LN_2 - multivariate;
        -(self.n() as f64) * d / 2.0 * (2.0 * PI).ln() - self.k as f64 * c
    }

    pub fn likelihood<R: Real>(&self, x: &[R]) -> R {
        let (prepared, mut room) = (self.prepared(x), Vec::new());
        let mut sum = self.prior(x) + self.constant();
        for point in self.points.chunks_exact(self.d) {
            sum += self.point(&prepared, point, &mut room);
        }
        sum
    }

    /// Each point recorded, swept and forgotten by itself.
    fn by_points(&self, x: &[Var]) -> Var {
        let mut room = Vec::new();
        let term = |x: &[Var], i: usize| self.point(x, &self.points[i * self.d..][..self.d], &mut room);
        sum_of(&self.prepared(x), self.n(), term) + self.prior(x) + self.constant()
    }

    /// The same with a node for each row, square and point: `sum_of`, `.sum()`, `dot` and `log_sum_exp`.
    fn by_rows(&self, x: &[Var]) -> Var {
        let (d, size) = (self.d, self.size());
        let (mut away, mut y, mut exponents) = (vec![], vec![], vec![]);
        let term = |x: &[Var], i: usize| {
            let Parts { weights, centres, factors } = self.parts(x);
            let point = &self.points[i * d..][..d];
            exponents.clear();
            for ((&weight, centre), factor) in
                weights.iter().zip(centres.chunks_exact(d)).zip(factors.chunks_exact(size))
            {
                away.clear();
                away.extend(point.iter().zip(centre).map(|(x, centre)| x - centre));
                y.clear();
                y.extend((0..d).map(|j| row(factor, &away, j)));
                exponents.push(weight - 0.5 * dot(&y, &y));
            }
            log_sum_exp(&exponents)
        };
        sum_of(&self.prepared(x), self.n(), term) + self.prior(x) + self.constant()
    }

    /// The gradient by the chain rule, point by point.
    pub fn by_hand(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let (d, size) = (self.d, self.size());
        let prepared = self.prepared(x);
        let Parts { weights, centres, factors } = self.parts(&prepared);
        let n = self.n() as f64;
        gradient.fill(0.0);
        let (to_weights, rest) = gradient.split_at_mut(self.k);
        let (to_centres, to_factors) = rest.split_at_mut(self.k * d);
        let (mut away, mut y) = (vec![0.0; self.k * d], vec![0.0; self.k * d]);
        let (mut exponents, mut back) = (vec![0.0; self.k], vec![0.0; d]);
        let mut value = self.prior(x) + self.constant();
        for point in self.points.chunks_exact(d) {
            for k in 0..self.k {
                let (away, y) = (&mut away[k * d..][..d], &mut y[k * d..][..d]);
                let (diagonal, mut triangle) = factors[k * size..][..size].split_at(d);
                for j in 0..d {
                    away[j] = point[j] - centres[k * d + j];
                    y[j] = diagonal[j] * away[j];
                }
                for l in 0..d - 1 {
                    let (column, rest) = triangle.split_at(d - 1 - l);
                    y[l + 1..].iter_mut().zip(column).for_each(|(y, q)| *y += q * away[l]);
                    triangle = rest;
                }
                exponents[k] = weights[k] - 0.5 * y.iter().map(|y| y * y).sum::<f64>();
            }
            let of_point = log_sum_exp_in_steps(&exponents);
            value += of_point;
            for k in 0..self.k {
                let share = (exponents[k] - of_point).exp();
                to_weights[k] += share;
                let (away, y) = (&away[k * d..][..d], &y[k * d..][..d]);
                let (diagonal, mut triangle) = factors[k * size..][..size].split_at(d);
                let (to_diagonal, mut to_triangle) = to_factors[k * size..][..size].split_at_mut(d);
                for j in 0..d {
                    back[j] = -share * y[j];
                    to_diagonal[j] += share + back[j] * diagonal[j] * away[j];
                }
                for l in 0..d {
                    let (column, rest) = triangle.split_at(d - 1 - l);
                    let (to_column, to_rest) = to_triangle.split_at_mut(d - 1 - l);
                    let mut through = back[l] * diagonal[l];
                    for ((q, to_q), back) in column.iter().zip(to_column).zip(&back[l + 1..]) {
                        *to_q += back * away[l];
                        through += back * q;
                    }
                    to_centres[k * d + l] -= through;
                    (triangle, to_triangle) = (rest, to_rest);
                }
            }
        }
        let all = log_sum_exp_in_steps(&x[..self.k]);
        for k in 0..self.k {
            to_weights[k] -= n * (x[k] - all).exp();
            for j in 0..size {
                let entry = factors[k * size + j];
                to_factors[k * size + j] += if j < d { entry * entry } else { entry };
            }
        }
        value
    }
}

/// `ln Γ(m/2)`
fn ln_gamma_half(m: usize) -> f64 {
    match m {
        1 => 0.5 * PI.ln(),
        2 => 0.0,
        _ => ln_gamma_half(m - 2) + (m as f64 / 2.0 - 1.0).ln(),
    }
}

/// Row `j` of a factor, times `away`: one node.
fn row(factor: &[Var], away: &[Var], j: usize) -> Var {
    let d = away.len();
    // Column l of the strict triangle starts at l (2d − l − 1)/2, with row l + 1.
    let entry = |l: usize| factor[d + l * (2 * d - l - 1) / 2 + j - l - 1] * away[l];
    (0..j).map(entry).sum::<Var>() + factor[j] * away[j]
}

pub fn case(d: usize, k: usize, n: usize) -> Case {
    let mixture = Rc::new(Mixture::new(d, k, n));
    let with = || Rc::clone(&mixture);
    let (plain, hand, whole, points, rows) = (with(), with(), with(), with(), with());
    Case {
        name: format!("mixture d = {d}"),
        point: mixture.start.clone(),
        block: (1, mixture.start.len()),
        plain: Box::new(move |x| plain.likelihood(x)),
        by_hand: Box::new(move |x, gradient| hand.by_hand(x, gradient)),
        ours: vec![
            ("operators", objective(move |x| whole.likelihood(x))),
            ("`sum_of`", objective(move |x| points.by_points(x))),
            ("`sum_of`, a node a row", objective(move |x| rows.by_rows(x))),
        ],
    }
}
