//! NovoGrad: momentum on gradients that are divided by a running norm of their array.
//!
//! ```text
//! t ← t + 1                                        t, m = 0 at first
//! v ← β₂ v + (1 - β₂) |g|²                         one number for each array; |g|² at t = 1
//! m ← β₁ m + g / (√v + ε) + λ x
//! x ← x - η m
//! ```
//!
//! B. Ginsburg, P. Castonguay, O. Hrinchuk, O. Kuchaiev, V. Lavrukhin and others, *Stochastic gradient methods with
//! layer-wise adaptive moments for training of deep networks*, arXiv:1905.11286, 2019, algorithm 1. Defaults
//! `β₁ = 0.9`, `β₂ = 0.25`, `ε = 1e-6` (outside the root) and `λ = 0`, as in `optax.novograd`.

use crate::optim::Whole;
use crate::optim::step::norm_of;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// NovoGrad: `m ← β₁ m + g / (√v + ε) + λ x`, `x ← x - η m`. Remembers [`NovoGradState`].
///
/// ```
/// use downhill::optim::NovoGrad;
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// NovoGrad::new(0.1).optimizer().step(&mut x, &[30.0, -40.0]); // of length 50
/// assert!((x[0] + 0.06).abs() < 1e-8 && (x[1] - 0.08).abs() < 1e-8);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NovoGrad {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The weight decay `λ`, part of what `m` gathers.
    pub weight_decay: f64,
}

impl NovoGrad {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.25`, `ε = 1e-6` and no weight decay.
    pub fn new(lr: impl Into<LearningRate>) -> NovoGrad {
        NovoGrad { lr: lr.into(), beta1: 0.9, beta2: 0.25, eps: 1e-6, weight_decay: 0.0 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> NovoGrad {
        NovoGrad { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> NovoGrad {
        NovoGrad { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> NovoGrad {
        NovoGrad { eps, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> NovoGrad {
        NovoGrad { weight_decay, ..self }
    }
}

/// What [`NovoGrad`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NovoGradState<T = f64> {
    /// The momentum, `[n]`.
    pub m: Vec<T>,
    /// The running mean of `|g|²`, one number for each array.
    pub v: Vec<f64>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for NovoGrad {
    type State = NovoGradState<T>;

    fn init(&self, layout: &Layout, x: &[T]) -> NovoGradState<T> {
        NovoGradState { m: vec![T::zero(); x.len()], v: vec![0.0; layout.iter().len()], t: 0 }
    }

    fn step(&self, NovoGradState { m, v, t }: &mut NovoGradState<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let b1 = T::nearest(self.beta1);
        let Whole { x, gradient, displacement, blocks } = now.whole();
        for block in blocks {
            let range = block.range;
            let g = &gradient[range.clone()];
            let (v, squares) = (&mut v[block.index], norm_of(g).powi(2));
            *v = if *t == 1 { squares } else { self.beta2 * *v + (1.0 - self.beta2) * squares };
            let divisor = T::nearest(v.sqrt() + self.eps);
            let (lr, decay) = (T::nearest(block.lr), T::nearest(self.weight_decay * block.decay));
            let (x, m, d) = (&x[range.clone()], &mut m[range.clone()], &mut displacement[range]);
            for (((d, m), &g), &x) in d.iter_mut().zip(m).zip(g).zip(x) {
                *m = b1 * *m + (g / divisor + decay * x);
                *d = lr * *m;
            }
        }
    }
}
