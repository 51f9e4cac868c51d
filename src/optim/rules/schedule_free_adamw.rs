//! Schedule-free AdamW: instead of a rate that falls, and of momentum, an average that grows.
//!
//! ```text
//! t ← t + 1                                        v = 0, z = x = y = x₀ at first
//! v ← β₂ v + (1 - β₂) g²                           g the gradient at y
//! z ← z - η_t₋₁ (g / (√(v / (1 - β₂ᵗ)) + ε) + λ y)
//! c = w_t / (w₁ + … + w_t),  w_t = (max η₁ … η_t)ᵖ
//! x ← (1 - c) x + c z
//! y ← (1 - β) z + β x
//! ```
//!
//! A. Defazio, X. A. Yang, H. Mehta, K. Mishchenko, A. Khaled and A. Cutkosky, *The road less scheduled*, NeurIPS 2024,
//! algorithm 1. Defaults `β = 0.9`, `β₂ = 0.999`, `ε = 1e-8` (outside the root), `p = 2` and `λ = 0`, as in
//! `optax.contrib.schedule_free_adamw`. What the optimizer steps is `y`, where gradients are taken; `x`, the better
//! point, comes from [`Optimizer::eval_params`](crate::optim::Optimizer::eval_params). `η_t` is as in
//! [`ScheduleFreeSgd`](super::ScheduleFreeSgd); here a warm-up is advised.

use super::schedule_free_sgd::{Weights, average, averaged};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Schedule-free AdamW, `y ← (1 - β) z + β x`, for evaluation at the average `x`. Remembers [`ScheduleFreeAdamWState`].
///
/// ```
/// use downhill::optim::ScheduleFreeAdamW;
/// use downhill::prelude::*;
///
/// let mut y = [5.0];
/// let mut free = ScheduleFreeAdamW::new(0.5).warmup(10).optimizer();
/// for _ in 0..200 {
///     let gradient = [2.0 * y[0]]; // of x²
///     free.step(&mut y, &gradient);
/// }
/// assert!(free.eval_params(&y)[0].abs() < 0.1);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScheduleFreeAdamW {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How near the average the gradient is taken, `β`, above 0 to 1.
    pub beta: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The weight decay `λ`, of `y`.
    pub weight_decay: f64,
    /// How much steps of a larger rate count in the average, `p`.
    pub power: f64,
    /// Over how many steps the rate rises from 0, `W`.
    pub warmup: usize,
}

impl ScheduleFreeAdamW {
    /// With the learning rate `lr`, `β = 0.9`, `β₂ = 0.999`, `ε = 1e-8`, `p = 2`, and neither weight decay nor warm-up.
    pub fn new(lr: impl Into<LearningRate>) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW {
            lr: lr.into(),
            beta: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
            power: 2.0,
            warmup: 0,
        }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW { beta, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW { eps, ..self }
    }

    /// With a weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW { weight_decay, ..self }
    }

    /// With another `p`.
    pub fn power(self, power: f64) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW { power, ..self }
    }

    /// With a rate that rises from 0 over `W` steps.
    pub fn warmup(self, warmup: usize) -> ScheduleFreeAdamW {
        ScheduleFreeAdamW { warmup, ..self }
    }
}

/// What [`ScheduleFreeAdamW`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScheduleFreeAdamWState<T = f64> {
    /// The point that is stepped, `[n]`.
    pub z: Vec<T>,
    /// The running mean of the square of the gradient, `[n]`.
    pub v: Vec<T>,
    /// The weights of the average so far.
    pub weights: Weights,
}

impl<T: Element> Rule<T> for ScheduleFreeAdamW {
    type State = ScheduleFreeAdamWState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> ScheduleFreeAdamWState<T> {
        ScheduleFreeAdamWState { z: x.to_vec(), v: vec![T::zero(); x.len()], weights: Weights::default() }
    }

    fn step(&self, state: &mut ScheduleFreeAdamWState<T>, now: &mut Step<'_, T>) {
        let ScheduleFreeAdamWState { z, v, weights } = state;
        let (warmth, c) = weights.next(now.lr, self.warmup, self.power);
        let factors = [warmth, self.beta, 1.0 - self.beta, self.beta * c].map(T::nearest);
        let [b2, less2, eps, decay] =
            [self.beta2, 1.0 - self.beta2, self.eps, self.weight_decay].map(T::nearest);
        let v_correction = T::nearest(1.0 - self.beta2.powf(weights.t as f64));
        now.each([z, v], move |at, [z, v]| {
            let v = b2 * v + less2 * at.g * at.g;
            let u = at.g / ((v / v_correction).sqrt() + eps) + decay * at.decay * at.x;
            let (by, [z]) = average(at.x, z, at.lr * factors[0] * u, factors);
            (by, [z, v])
        });
    }

    fn eval_params(&self, state: &ScheduleFreeAdamWState<T>, y: &[T], out: &mut [T]) {
        averaged(self.beta, &state.z, y, out);
    }
}
