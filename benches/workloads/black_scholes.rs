//! The prices of European call options and five Greeks of each.
//!
//! ```text
//! C = S Φ(d₁) − K e^(−rT) Φ(d₂),   d₁ = (ln(S/K) + (r + σ²/2) T) / (σ√T),   d₂ = d₁ − σ√T,   Φ(x) = ½ (1 + erf(x/√2))
//! ```
//!
//! Seed 5, for each option: S = 80 + 40u, K = 80 + 40u, r = 0.01 + 0.05u, σ = 0.1 + 0.4u, T = 0.1 + 1.9u. The value is the
//! sum of the prices, the gradient in the order S, K, r, σ, T for each option.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use downhill::prelude::*;

use super::{Case, Lcg, WithGradient, objective};

/// Parameters of an option.
const GREEKS: usize = 5;

/// Inlined, as in a loop written out.
#[inline(always)]
fn normal_cdf<R: Real>(x: R) -> R {
    ((x * FRAC_1_SQRT_2).erf() + 1.0) * 0.5
}

#[inline(always)]
pub fn call<R: Real>([s, k, r, sigma, t]: [R; GREEKS]) -> R {
    let width = sigma * t.sqrt();
    let d1 = ((s / k).ln() + (r + sigma * sigma * 0.5) * t) / width;
    s * normal_cdf(d1) - k * (-r * t).exp() * normal_cdf(d1 - width)
}

fn by_hand([s, k, r, sigma, t]: [f64; GREEKS], greeks: &mut [f64]) -> f64 {
    let root = t.sqrt();
    let width = sigma * root;
    let d1 = ((s / k).ln() + (r + 0.5 * sigma * sigma) * t) / width;
    let (above, below, discount) = (normal_cdf(d1), normal_cdf(d1 - width), (-r * t).exp());
    let density = s * (-0.5 * d1 * d1).exp() / (2.0 * PI).sqrt();
    let strike = k * discount * below;
    greeks[0] = above;
    greeks[1] = -discount * below;
    greeks[2] = t * strike;
    greeks[3] = density * root;
    greeks[4] = 0.5 * density * sigma / root + r * strike;
    s * above - strike
}

pub fn options(n: usize) -> Vec<f64> {
    let mut random = Lcg::new(5);
    let ranges = [(80.0, 40.0), (80.0, 40.0), (0.01, 0.05), (0.1, 0.4), (0.1, 1.9)];
    (0..n).flat_map(|_| ranges.map(|(from, width)| from + width * random.uniform())).collect()
}

fn each(x: &[f64]) -> impl Iterator<Item = [f64; GREEKS]> {
    x.chunks_exact(GREEKS).map(|x| <[f64; GREEKS]>::try_from(x).unwrap())
}

/// One evaluation an option: an objective of five arguments.
fn option_by_option(f: impl Fn([Var; GREEKS]) -> Var + 'static) -> WithGradient {
    Box::new(move |x, gradient| {
        let rows = gradient.chunks_exact_mut(GREEKS);
        each(x).zip(rows).map(|(x, row)| value_and_gradient_into(&f, x, row)).sum()
    })
}

/// Five tangents at once, without a tape.
fn forward(x: &[f64], gradient: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for (x, row) in each(x).zip(gradient.chunks_exact_mut(GREEKS)) {
        let price = call(Duals::variables(x));
        row.copy_from_slice(&price.tangents);
        sum += price.value;
    }
    sum
}

pub fn case(n: usize) -> Case {
    let one_tape = |x: &[Var]| {
        let mut sum = Var::from(0.0);
        for x in x.chunks_exact(GREEKS) {
            sum += call([x[0], x[1], x[2], x[3], x[4]]);
        }
        sum
    };
    Case {
        name: "Black–Scholes".into(),
        point: options(n),
        block: (1, n * GREEKS),
        plain: Box::new(|x| each(x).map(call).sum()),
        by_hand: Box::new(|x, gradient| {
            each(x).zip(gradient.chunks_exact_mut(GREEKS)).map(|(x, row)| by_hand(x, row)).sum()
        }),
        ours: vec![
            ("operators, an option at a time", option_by_option(call::<Var>)),
            ("operators, one tape", objective(one_tape)),
            ("`statement`", option_by_option(|x| statement(x, call))),
            ("`Duals<5>`, forward", Box::new(forward)),
        ],
    }
}
