//! Mechanic: finds the rate of another rule, by betting on what its displacements would have won.
//!
//! ```text
//! Δ = (x₀ - x) / (Σ s + ε)                         the displacements of the rule so far, summed up
//! h = ⟨g + λ Σs |g| / (|x| + ε) x, Δ⟩
//! m' = max(β m, |h| + ε)                           for each β = 0.9, 0.99, …, 1 - 1e-6
//! v ← β² v + h²
//! r ← β r + s clip(h, -m, m)                       with the m before
//! s ← (s₀/6 · m' + max(0, r)) / (√v + ε),  m ← m'  m, v, r = 0, s = s₀ at first
//! x ← x₀ - Σ s (Δ + d)                             d the displacement by the rule
//! ```
//!
//! A. Cutkosky, A. Defazio and H. Mehta, *Mechanic: a learning rate tuner*, NeurIPS 2023, algorithm 1. Defaults
//! `s₀ = 1e-6`, `λ = 0.01`, `ε = 1e-8` and six `β`, as in `optax.contrib.mechanize`.

use super::arithmetic::sum;
use crate::optim::{LearningRate, Rated, Rule, Step, Whole};
use crate::params::{Element, Layout};

/// How many rates of forgetting are tried at once.
const BETAS: usize = 6;

/// Mechanic around a rule, whose displacements it multiplies by a factor it finds. Remembers [`MechanicState`].
///
/// The learning rate is that of the rule inside, and needs no search: the factor makes up for it. A schedule of it
/// stays a schedule. A rule inside that works on the variables themselves, or is evaluated elsewhere, does not fit.
///
/// ```
/// use downhill::optim::Mechanic;
/// use downhill::prelude::*;
///
/// let mut x = [5.0, -5.0];
/// let mut mechanic = Mechanic::new(GradientDescent::new(1e-3)).optimizer(); // a rate too small
/// for _ in 0..1_000 {
///     let gradient = x.map(|x| 2.0 * x); // of x² + y²
///     mechanic.step(&mut x, &gradient);
/// }
/// assert!(f64::hypot(x[0], x[1]) < 0.2);
/// let factor: f64 = mechanic.state().unwrap().s.iter().sum();
/// assert!((2.0..20.0).contains(&factor));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Mechanic<R> {
    /// The rule inside.
    pub rule: R,
    /// The first factor, `s₀`.
    pub s0: f64,
    /// How much large variables count as a loss, `λ`.
    pub decay: f64,
    /// Keeps quotients finite.
    pub eps: f64,
}

impl<R> Mechanic<R> {
    /// Around `rule`, with `s₀ = 1e-6`, `λ = 0.01` and `ε = 1e-8`.
    pub fn new(rule: R) -> Mechanic<R> {
        Mechanic { rule, s0: 1e-6, decay: 0.01, eps: 1e-8 }
    }

    /// With another first factor `s₀`.
    pub fn s0(self, s0: f64) -> Mechanic<R> {
        Mechanic { s0, ..self }
    }

    /// With another `λ`.
    pub fn decay(self, decay: f64) -> Mechanic<R> {
        Mechanic { decay, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Mechanic<R> {
        Mechanic { eps, ..self }
    }

    /// The new factors, `h` being what the last ones won.
    fn bet<S, T>(&self, state: &mut MechanicState<S, T>, h: f64) {
        let MechanicState { s, r, m, v, .. } = state;
        for k in 0..BETAS {
            let beta = 1.0 - 0.1f64.powi(k as i32 + 1);
            let clipped = h.clamp(-m[k], m[k]);
            m[k] = (beta * m[k]).max(h.abs() + self.eps);
            v[k] = beta * beta * v[k] + h * h;
            r[k] = beta * r[k] + clipped * s[k];
            s[k] = (self.s0 / BETAS as f64 * m[k] + r[k].max(0.0)) / (v[k].sqrt() + self.eps);
        }
    }

    /// `h`: what the displacements so far win by this gradient.
    fn won<S, T: Element>(&self, state: &MechanicState<S, T>, now: &mut Step<'_, T>) -> f64 {
        let (blocks, x0, factor) = (now.blocks(), &state.x0, state.s.iter().sum::<f64>());
        let (x, g) = now.x_and_gradient();
        let along = |a: &[T]| sum(blocks.clone(), |i| a[i].wide() * (x0[i].wide() - x[i].wide()));
        let norm = |a: &[T]| sum(blocks.clone(), |i| a[i].wide() * a[i].wide()).sqrt();
        let decay = self.decay * factor * norm(g) / (norm(x) + self.eps);
        (along(g) + decay * along(x)) / (factor + self.eps)
    }
}

/// What [`Mechanic`] remembers: the state `S` of the rule inside, and the bets.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MechanicState<S, T = f64> {
    /// The state of the rule inside.
    pub inner: S,
    /// Where it began, `[n]`.
    pub x0: Vec<T>,
    /// The factors; their sum multiplies the displacements.
    pub s: [f64; BETAS],
    /// What was won, `r`.
    pub r: [f64; BETAS],
    /// The largest `|h|`, `m`.
    pub m: [f64; BETAS],
    /// The sum of all `h²`, `v`.
    pub v: [f64; BETAS],
}

impl<S: Clone, T: Clone> Clone for MechanicState<S, T> {
    fn clone(&self) -> MechanicState<S, T> {
        MechanicState { inner: self.inner.clone(), x0: self.x0.clone(), ..*self }
    }

    fn clone_from(&mut self, from: &MechanicState<S, T>) {
        self.inner.clone_from(&from.inner);
        self.x0.clone_from(&from.x0);
        (self.s, self.r, self.m, self.v) = (from.s, from.r, from.m, from.v);
    }
}

impl<R: Rated> Rated for Mechanic<R> {
    fn lr(&self) -> &LearningRate {
        self.rule.lr()
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.rule.set_lr(lr);
    }
}

impl<T: Element, R: Rule<T>> Rule<T> for Mechanic<R> {
    type State = MechanicState<R::State, T>;

    fn init(&self, layout: &Layout, x: &[T]) -> Self::State {
        let (inner, x0, zeros) = (self.rule.init(layout, x), x.to_vec(), [0.0; BETAS]);
        MechanicState { inner, x0, s: [self.s0; BETAS], r: zeros, m: zeros, v: zeros }
    }

    fn step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        let (h, before) = (self.won(state, now), state.s.iter().sum::<f64>() + self.eps);
        now.hold();
        self.rule.step(&mut state.inner, now);
        if !now.taken {
            return;
        }
        self.bet(state, h);
        let factor = state.s.iter().sum::<f64>();
        // The decay is a displacement as any other.
        let decay = std::mem::take(&mut now.decoupled);
        let Whole { x, displacement, blocks, .. } = now.whole();
        let [stay, factor] = [1.0 - factor / before, factor].map(T::nearest);
        for block in blocks {
            let decay = T::nearest(block.lr * decay * block.decay);
            for i in block.range {
                let d = displacement[i] + decay * x[i];
                displacement[i] = (x[i] - state.x0[i]) * stay + factor * d;
            }
        }
    }

    fn after_step(&self, state: &mut Self::State, now: &mut Step<'_, T>) {
        self.rule.after_step(&mut state.inner, now);
    }

    fn eval_params(&self, state: &Self::State, x: &[T], out: &mut [T]) {
        self.rule.eval_params(&state.inner, x, out);
    }
}
