//! Adam: a running mean of the gradient over the root of a running mean of its square.
//!
//! ```text
//! g ← g + λ x                                      λ the weight decay, 0 by default
//! t ← t + 1                                        t, m, v = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! m̂ = m / (1 - β₁ᵗ)                                nesterov: β₁ m / (1 - β₁ᵗ⁺¹) + (1 - β₁) g / (1 - β₁ᵗ)
//! v̂ = v / (1 - β₂ᵗ)
//! x ← x - η m̂ / (√(v̂ + ε_root) + ε)                ε_root = 0 by default
//! ```
//!
//! D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015, algorithm 1, whose defaults these
//! are: `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`. `ε` stands outside the root and is added after the correction, as in
//! `torch.optim.Adam`; Optax has the same and `ε_root`. The corrections undo the start at 0: where `|g|` is well above
//! `ε`, the first step moves every variable by `η`, whatever the size of its gradient. The weight decay here is the
//! gradient of a penalty, and is divided by `√v̂` like all gradients; [`AdamW`](super::AdamW) has the other kind. Nesterov's
//! look ahead is the one of `optax.nadam`; that of PyTorch is [`NAdam`](super::NAdam).

use super::Mean;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// Adam: `x ← x - η m̂ / (√v̂ + ε)`. Remembers `m: [n]`, `v: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// Adam::new(0.01).optimizer().step(&mut x, &[1e-2, -1e9]);
/// assert!((x[0] + 0.01).abs() < 1e-7 && (x[1] - 0.01).abs() < 1e-7); // the first step is η
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adam {
    /// The learning rate `η` (`α` in the paper).
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta1: f64,
    /// How much of `v` is kept from step to step, from 0 to less than 1.
    pub beta2: f64,
    /// Keeps the quotient finite where there is no slope; outside the root.
    pub eps: f64,
    /// The same inside the root.
    pub eps_root: f64,
    /// Whether the mean of the gradient looks ahead.
    pub nesterov: bool,
    /// The weight decay `λ`, coupled: it is added to the gradient.
    pub weight_decay: f64,
}

impl Adam {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> Adam {
        let (lr, nesterov) = (lr.into(), false);
        Adam { lr, beta1: 0.9, beta2: 0.999, eps: 1e-8, eps_root: 0.0, nesterov, weight_decay: 0.0 }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> Adam {
        Adam { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> Adam {
        Adam { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Adam {
        Adam { eps, ..self }
    }

    /// With another `ε_root`: where a step is itself differentiated, a positive one keeps the slope of the root finite.
    pub fn eps_root(self, eps_root: f64) -> Adam {
        Adam { eps_root, ..self }
    }

    /// With a look ahead, as `optax.nadam`.
    pub fn nesterov(self) -> Adam {
        Adam { nesterov: true, ..self }
    }

    /// With coupled weight decay `λ`; for the decoupled one see [`AdamW`](super::AdamW).
    pub fn weight_decay(self, weight_decay: f64) -> Adam {
        Adam { weight_decay, ..self }
    }
}

/// What [`Adam`] and its kin remember: running means of the gradient and of its square.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Moments<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// The running mean of its square, or what the rule has in its place, `[n]`.
    pub v: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Moments<T> {
    /// Those before the first step: all 0.
    pub fn new(n: usize) -> Moments<T> {
        Moments { m: vec![T::zero(); n], v: vec![T::zero(); n], t: 0 }
    }
}

impl<T: Element> Rule<T> for Adam {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, state: &mut Moments<T>, now: &mut Step<'_, T>) {
        now.add_coupled_decay(self.weight_decay);
        let Adam { beta1, beta2, eps, eps_root, nesterov, .. } = *self;
        Formula { beta1, beta2, eps, eps_root, nesterov }.step(state, now);
    }
}

/// All of it but the weight decay, for [`AdamW`](super::AdamW) too.
pub(super) struct Formula {
    pub(super) beta1: f64,
    pub(super) beta2: f64,
    pub(super) eps: f64,
    pub(super) eps_root: f64,
    pub(super) nesterov: bool,
}

impl Formula {
    pub(super) fn step<T: Element>(&self, state: &mut Moments<T>, now: &mut Step<'_, T>) {
        state.t += 1;
        let b1 = Mean::new(self.beta1, state.t);
        if self.nesterov {
            self.pass(b1, move |m, g| b1.ahead(m, g), state, now);
        } else {
            self.pass(b1, move |m, _| b1.corrected(m), state, now);
        }
    }

    fn pass<T: Element, M>(&self, b1: Mean<T>, m_hat: M, state: &mut Moments<T>, now: &mut Step<'_, T>)
    where
        M: Fn(T, T) -> T,
    {
        let Moments { m, v, t } = state;
        let b2 = Mean::new(self.beta2, *t);
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        now.each([m, v], move |at, [m, v]| {
            let m = b1.of(m, at.g);
            let v = b2.of_square(v, at.g);
            let (m_hat, v_hat) = (m_hat(m, at.g), b2.corrected(v));
            (at.lr * m_hat / ((v_hat + eps_root).sqrt() + eps), [m, v])
        });
    }
}
