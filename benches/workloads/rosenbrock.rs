//! Chained Rosenbrock functions.
//!
//! ```text
//! f(x) = Σᵢ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²        seed 1:  xᵢ = 4u − 2
//! ```

use downhill::prelude::*;

use super::{Case, Lcg, objective};

/// One term: inlined, as in a loop written out.
#[inline(always)]
fn term<R: Real>(pair: &[R]) -> R {
    (pair[1] - pair[0] * pair[0]).powi(2) * 100.0 + (-pair[0] + 1.0).powi(2)
}

/// Summed up by a loop.
pub fn chain<R: Real>(x: &[R]) -> R {
    let mut sum = term(&x[..2]);
    for pair in x[1..].windows(2) {
        sum += term(pair);
    }
    sum
}

fn by_hand(x: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut sum = 0.0;
    for i in 0..x.len() - 1 {
        let (valley, far) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        sum += 100.0 * valley * valley + far * far;
        gradient[i] += -400.0 * valley * x[i] - 2.0 * far;
        gradient[i + 1] += 200.0 * valley;
    }
    sum
}

pub fn point(n: usize) -> Vec<f64> {
    let mut random = Lcg::new(1);
    (0..n).map(|_| 4.0 * random.uniform() - 2.0).collect()
}

pub fn case(n: usize) -> Case {
    let of_pair = |[x, y]: [Var; 2]| statement([x, y], |[x, y]| term(&[x, y]));
    Case {
        name: format!("Rosenbrock n = {n}"),
        point: point(n),
        block: (1, n),
        plain: Box::new(chain::<f64>),
        by_hand: Box::new(by_hand),
        ours: vec![
            ("operators", objective(chain::<Var>)),
            ("`.sum()`", objective(|x| x.windows(2).map(term::<Var>).sum())),
            ("`statement`", objective(move |x| x.windows(2).map(|pair| of_pair([pair[0], pair[1]])).sum())),
        ],
    }
}
