//! Averaged gradient descent: rates that fall, and the mean of the path beside it.
//!
//! ```text
//! g ← g + λ₂ x                                     λ₂ the weight decay, 0 by default
//! η_t = η / (1 + λ η (t - 1))^α
//! x ← (1 - λ η_t) x - η_t g
//! a ← a + (x - a) / max(1, t - 1 - t₀)             a the mean of all x after step t₀ + 1
//! ```
//!
//! B. T. Polyak and A. B. Juditsky, *Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and
//! Optimization 30 (4), 1992, 838–855, in the form of `torch.optim.ASGD`, whose defaults these are: `λ = 1e-4`,
//! `α = 0.75`, `t₀ = 1e6`. Until `t₀ + 2` steps are taken `a` is `x` itself, so `t₀` is to be set below the number of
//! steps; the mean is read by [`Optimizer::eval_params`](crate::optim::Optimizer::eval_params). Where a group has a rate
//! of its own, its `η_t` has that factor outside of the power. An `η` that changes counts at once, in PyTorch a step
//! later.

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Averaged gradient descent: `x ← (1 - λ η_t) x - η_t g`, and the mean of `x`. Remembers `a: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::Asgd;
///
/// let mut x = [0.0];
/// let mut asgd = Asgd::new(1.0).lambda(0.0).t0(0.0).optimizer();
/// for slope in [-1.0, -1.0, -1.0] {
///     asgd.step(&mut x, &[slope]); // 1, 2, 3
/// }
/// assert_eq!((x[0], asgd.eval_params(&x)[0]), (3.0, 2.5)); // the mean of 2 and 3
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Asgd {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How fast rates fall, and weights decay, `λ`.
    pub lambda: f64,
    /// The power of the fall, `α`.
    pub alpha: f64,
    /// How many steps the mean leaves out, `t₀`.
    pub t0: f64,
    /// The weight decay `λ₂`, coupled: it is added to the gradient.
    pub weight_decay: f64,
}

impl Asgd {
    /// With the learning rate `lr`, `λ = 1e-4`, `α = 0.75`, `t₀ = 1e6`, and no weight decay but `λ`.
    pub fn new(lr: impl Into<LearningRate>) -> Asgd {
        Asgd { lr: lr.into(), lambda: 1e-4, alpha: 0.75, t0: 1e6, weight_decay: 0.0 }
    }

    /// With another `λ`.
    pub fn lambda(self, lambda: f64) -> Asgd {
        Asgd { lambda, ..self }
    }

    /// With another `α`.
    pub fn alpha(self, alpha: f64) -> Asgd {
        Asgd { alpha, ..self }
    }

    /// With another `t₀`.
    pub fn t0(self, t0: f64) -> Asgd {
        Asgd { t0, ..self }
    }

    /// With coupled weight decay `λ₂`.
    pub fn weight_decay(self, weight_decay: f64) -> Asgd {
        Asgd { weight_decay, ..self }
    }
}

/// What [`Asgd`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AsgdState<T = f64> {
    /// The mean of the variables, `[n]`.
    pub a: Vec<T>,
    /// How many steps were taken.
    pub t: usize,
}

impl<T: Element> Rule<T> for Asgd {
    type State = AsgdState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> AsgdState<T> {
        AsgdState { a: x.to_vec(), t: 0 }
    }

    fn step(&self, AsgdState { t, .. }: &mut AsgdState<T>, now: &mut Step<'_, T>) {
        now.add_coupled_decay(self.weight_decay);
        *t += 1;
        let before = *t as f64 - 1.0;
        let fall = T::nearest((1.0 + self.lambda * now.lr * before).powf(self.alpha).recip());
        let lambda = T::nearest(self.lambda);
        now.each([], move |at, []| {
            let eta = at.lr * fall;
            (eta * (lambda * at.decay * at.x + at.g), [])
        });
    }

    fn after_step(&self, AsgdState { a, t }: &mut AsgdState<T>, now: &mut Step<'_, T>) {
        let share = (*t as f64 - 1.0 - self.t0).max(1.0).recip();
        let (x, blocks) = now.variables_mut();
        for block in blocks {
            let (x, a) = (&x[block.range.clone()], &mut a[block.range]);
            if share == 1.0 {
                a.copy_from_slice(x);
            } else {
                let share = T::nearest(share);
                a.iter_mut().zip(x).for_each(|(a, &x)| *a += share * (x - *a));
            }
        }
    }

    fn eval_params(&self, state: &AsgdState<T>, _: &[T], out: &mut [T]) {
        out.copy_from_slice(&state.a);
    }
}
