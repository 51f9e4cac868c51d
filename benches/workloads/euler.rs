//! Euler–Maruyama paths of a geometric Brownian motion, and a smoothed call on their ends.
//!
//! ```text
//! S ← S + r S Δt + σ S Δz,   f(S₀, r, σ, K) = e^(−r) mean over paths of ln(1 + e^(S_T − K)),   Δt = 1/steps
//! ```
//!
//! Seed 6: Δz = z √Δt, path by path, z a sum of twelve uniform numbers less six. At S₀ = 100, r = 0.03, σ = 0.2, K = 105.

use std::rc::Rc;

use downhill::prelude::*;

use super::{Case, Lcg, objective};

pub const START: [f64; 4] = [100.0, 0.03, 0.2, 105.0];

pub struct Paths {
    pub steps: usize,
    /// Increments, a row per path.
    pub dz: Vec<f64>,
}

impl Paths {
    pub fn new(paths: usize, steps: usize) -> Paths {
        let (mut random, scale) = (Lcg::new(6), (1.0 / steps as f64).sqrt());
        Paths { steps, dz: (0..paths * steps).map(|_| random.normal() * scale).collect() }
    }

    pub fn count(&self) -> usize {
        self.dz.len() / self.steps
    }

    /// What path `i` pays at its end.
    #[inline]
    fn payoff<R: Real>(&self, x: &[R], i: usize) -> R {
        let (mut s, r, sigma, k, dt) = (x[0], x[1], x[2], x[3], 1.0 / self.steps as f64);
        for &dz in &self.dz[i * self.steps..][..self.steps] {
            s += r * s * dt + sigma * s * dz;
        }
        ((s - k).exp() + 1.0).ln()
    }

    /// The same, each step as one node.
    #[inline]
    fn payoff_by_statements(&self, x: &[Var], i: usize) -> Var {
        let (mut s, dt) = (x[0], 1.0 / self.steps as f64);
        for &dz in &self.dz[i * self.steps..][..self.steps] {
            s = statement([s, x[1], x[2]], |[s, r, sigma]| s + (r * s * dt + sigma * s * dz));
        }
        (1.0 + (s - x[3]).exp()).ln()
    }

    fn discounted<R: Real>(&self, x: &[R], sum: R) -> R {
        (-x[1]).exp() * sum / self.count() as f64
    }

    pub fn price<R: Real>(&self, x: &[R]) -> R {
        let mut sum = R::from(0.0);
        for i in 0..self.count() {
            sum += self.payoff(x, i);
        }
        self.discounted(x, sum)
    }

    /// Each path forward with its values kept, then backward.
    pub fn by_hand(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let (r, sigma, dt) = (x[1], x[2], 1.0 / self.steps as f64);
        let (mut kept, mut value, mut sums) = (vec![0.0; self.steps], 0.0, [0.0; 4]);
        for dz in self.dz.chunks_exact(self.steps) {
            let mut s = x[0];
            for (kept, &dz) in kept.iter_mut().zip(dz) {
                *kept = s;
                s += r * s * dt + sigma * s * dz;
            }
            let e = (s - x[3]).exp();
            value += (1.0 + e).ln();
            let mut back = e / (1.0 + e);
            sums[3] -= back;
            for (&s, &dz) in kept.iter().zip(dz).rev() {
                sums[1] += back * s * dt;
                sums[2] += back * s * dz;
                back += back * (r * dt + sigma * dz);
            }
            sums[0] += back;
        }
        let scale = (-r).exp() / self.count() as f64;
        for (gradient, sum) in gradient.iter_mut().zip(sums) {
            *gradient = scale * sum;
        }
        gradient[1] -= scale * value;
        scale * value
    }
}

pub fn case(paths: usize, steps: usize) -> Case {
    let data = Rc::new(Paths::new(paths, steps));
    let with = || Rc::clone(&data);
    let (plain, hand, by_path, whole, statements, duals) = (with(), with(), with(), with(), with(), with());
    Case {
        name: "Euler paths".into(),
        point: START.to_vec(),
        block: (1, START.len()),
        plain: Box::new(move |x| plain.price(x)),
        by_hand: Box::new(move |x, gradient| hand.by_hand(x, gradient)),
        ours: vec![
            (
                "operators, a path at a time",
                objective(move |x| {
                    by_path.discounted(x, sum_of(x, by_path.count(), |x, i| by_path.payoff(x, i)))
                }),
            ),
            ("operators, one tape", objective(move |x| whole.price(x))),
            (
                "`statement`, a path at a time",
                objective(move |x| {
                    let sum = sum_of(x, statements.count(), |x, i| statements.payoff_by_statements(x, i));
                    statements.discounted(x, sum)
                }),
            ),
            (
                "`Duals<4>`, forward",
                Box::new(move |x, gradient| {
                    let x: [f64; 4] = x.try_into().expect("four parameters");
                    let price = duals.price(&Duals::variables(x));
                    gradient.copy_from_slice(&price.tangents);
                    price.value
                }),
            ),
        ],
    }
}
