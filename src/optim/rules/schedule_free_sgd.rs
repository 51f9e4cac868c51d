//! Schedule-free gradient descent: instead of a rate that falls, an average that grows.
//!
//! ```text
//! t ← t + 1                                        z = x = y = x₀ at first
//! z ← z - η_t₋₁ g                                  g the gradient at y
//! c = w_t / (w₁ + … + w_t),  w_t = (max η₁ … η_t)ᵖ
//! x ← (1 - c) x + c z
//! y ← (1 - β) z + β x
//! ```
//!
//! A. Defazio, X. A. Yang, H. Mehta, K. Mishchenko, A. Khaled and A. Cutkosky, *The road less scheduled*, NeurIPS 2024,
//! section 2. Defaults `β = 0.9` and `p = 2`, as in `optax.contrib.schedule_free_sgd`. What the optimizer steps is `y`,
//! where gradients are taken; `x`, the better point, comes from
//! [`Optimizer::eval_params`](crate::optim::Optimizer::eval_params). `η_t` is `η` itself, or with a warm-up over `W`
//! steps `η min(1, t / W)`; as in Optax, the `z` of a step moves by the rate before, so that the first step of a
//! warm-up moves nothing. Of a schedule, both are the rate of this step; Optax weighs by that of the next.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Schedule-free gradient descent, `y ← (1 - β) z + β x`, for evaluation at the average `x`. Remembers
/// [`ScheduleFreeState`].
///
/// ```
/// use downhill::optim::ScheduleFreeSgd;
/// use downhill::prelude::*;
///
/// let mut y = [5.0];
/// let mut free = ScheduleFreeSgd::new(0.1).optimizer();
/// free.step(&mut y, &[10.0]); // of x²
/// assert_eq!((y, free.eval_params(&y)), ([4.0], [4.0])); // of one point
/// free.step(&mut y, &[8.0]); // z = 4 - 0.8
/// assert!((free.eval_params(&y)[0] - (4.0 + 3.2) / 2.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScheduleFreeSgd {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How near the average the gradient is taken, `β`, above 0 to 1.
    pub beta: f64,
    /// How much steps of a larger rate count in the average, `p`.
    pub power: f64,
    /// Over how many steps the rate rises from 0, `W`.
    pub warmup: usize,
}

impl ScheduleFreeSgd {
    /// With the learning rate `lr`, `β = 0.9`, `p = 2` and no warm-up.
    pub fn new(lr: impl Into<LearningRate>) -> ScheduleFreeSgd {
        ScheduleFreeSgd { lr: lr.into(), beta: 0.9, power: 2.0, warmup: 0 }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> ScheduleFreeSgd {
        ScheduleFreeSgd { beta, ..self }
    }

    /// With another `p`.
    pub fn power(self, power: f64) -> ScheduleFreeSgd {
        ScheduleFreeSgd { power, ..self }
    }

    /// With a rate that rises from 0 over `W` steps.
    pub fn warmup(self, warmup: usize) -> ScheduleFreeSgd {
        ScheduleFreeSgd { warmup, ..self }
    }
}

/// What [`ScheduleFreeSgd`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScheduleFreeState<T = f64> {
    /// The point that is stepped, `[n]`.
    pub z: Vec<T>,
    /// The weights of the average so far.
    pub weights: Weights,
}

/// The weights of the points in a schedule-free average.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Weights {
    /// The largest rate so far.
    pub largest: f64,
    /// The sum of all weights.
    pub sum: f64,
    /// How many there are.
    pub t: usize,
}

impl Weights {
    /// One step more: the factor of the rate for `z`, and the share `c` of the new point in the average.
    pub(super) fn next(&mut self, lr: f64, warmup: usize, power: f64) -> (f64, f64) {
        let warmth = |t: usize| if t < warmup { t as f64 / warmup as f64 } else { 1.0 };
        let before = warmth(self.t);
        self.t += 1;
        self.largest = self.largest.max(lr * warmth(self.t));
        let weight = self.largest.powf(power);
        self.sum += weight;
        (before, if self.sum == 0.0 { 0.0 } else { weight / self.sum })
    }
}

impl<T: Element> Rule<T> for ScheduleFreeSgd {
    type State = ScheduleFreeState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> ScheduleFreeState<T> {
        ScheduleFreeState { z: x.to_vec(), weights: Weights::default() }
    }

    fn step(&self, ScheduleFreeState { z, weights }: &mut ScheduleFreeState<T>, now: &mut Step<'_, T>) {
        let (warmth, c) = weights.next(now.lr, self.warmup, self.power);
        let factors = [warmth, self.beta, 1.0 - self.beta, self.beta * c].map(T::nearest);
        now.each([z], move |at, [z]| average(at.x, z, at.lr * factors[0] * at.g, factors));
    }

    fn eval_params(&self, state: &ScheduleFreeState<T>, y: &[T], out: &mut [T]) {
        averaged(self.beta, &state.z, y, out);
    }
}

/// By how much `y` falls, and the new `z`, which is to fall by `u`; the factors are `[_, β, 1 - β, β c]`.
#[inline(always)]
pub(super) fn average<T: Element>(y: T, z: T, u: T, [_, beta, less, beta_c]: [T; 4]) -> (T, [T; 1]) {
    let x = (y - less * z) / beta;
    let z = z - u;
    // y - y' for y = (1 - β) z + β x, without the difference of two large numbers.
    (less * u + beta_c * (x - z), [z])
}

/// `x = (y - (1 - β) z) / β`.
pub(super) fn averaged<T: Element>(beta: f64, z: &[T], y: &[T], out: &mut [T]) {
    let [beta, less] = [beta, 1.0 - beta].map(T::nearest);
    for ((x, &y), &z) in out.iter_mut().zip(y).zip(z) {
        *x = (y - less * z) / beta;
    }
}
