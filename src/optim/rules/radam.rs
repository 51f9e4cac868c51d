//! RAdam: Adam that does not divide by a mean square before it has seen enough to trust it.
//!
//! ```text
//! g ← g + λ x   or   x ← (1 - η λ) x               the weight decay, coupled or decoupled; 0 by default
//! t ← t + 1                                        t, m, v = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! m̂ = m / (1 - β₁ᵗ)                                nesterov: β₁ m / (1 - β₁ᵗ⁺¹) + (1 - β₁) g / (1 - β₁ᵗ)
//! v̂ = v / (1 - β₂ᵗ)
//! ρ∞ = 2 / (1 - β₂) - 1
//! ρ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ)
//! ρ > 5:      x ← x - η r m̂ / (√(v̂ + ε_root) + ε'),   r = √((ρ - 4) (ρ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρ))
//! otherwise:  x ← x - η m̂
//! ```
//!
//! L. Liu, H. Jiang, P. He, W. Chen, X. Liu, J. Gao and J. Han, *On the variance of the adaptive learning rate and
//! beyond*, ICLR 2020, algorithm 2, where the bound is 4 and there is no `ε`. By default as `torch.optim.RAdam`: `ε` is
//! added to the root before the correction, `ε' = ε / √(1 - β₂ᵗ)`. Optax: `ε' = ε`, and the bound itself is enough:
//! [`RAdam::optax`]. Defaults `β₁ = 0.9`, `β₂ = 0.999` (then the first five steps are those of momentum), `ε = 1e-8`.

use super::{Form, Mean, Moments, add_decay};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// RAdam: momentum at first, Adam after, with a factor between. Remembers `m: [n]`, `v: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::RAdam;
///
/// let mut x = [0.0];
/// let mut radam = RAdam::new(0.01).optimizer();
/// for t in 1..=5 {
///     radam.step(&mut x, &[100.0]);
///     assert!((x[0] + t as f64).abs() < 1e-12); // η g
/// }
/// radam.step(&mut x, &[100.0]);
/// assert!((x[0] + 5.0).abs() < 0.01); // less than η
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[doc(alias = "RAdamW")]
pub struct RAdam {
    /// The learning rate `η`.
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
    /// Whether `ε` is added before the correction (PyTorch's) or after it (Optax's).
    pub form: Form,
    /// The weight decay `λ`.
    pub weight_decay: f64,
    /// Whether the weight decay shrinks the variables by `η λ` of themselves, instead of being added to the gradient.
    pub decoupled: bool,
}

impl RAdam {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> RAdam {
        RAdam {
            lr: lr.into(),
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            eps_root: 0.0,
            nesterov: false,
            form: Form::PyTorch,
            weight_decay: 0.0,
            decoupled: false,
        }
    }

    /// As Optax has it: `ε` after the correction.
    pub fn optax(lr: impl Into<LearningRate>) -> RAdam {
        RAdam { form: Form::Optax, ..RAdam::new(lr) }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> RAdam {
        RAdam { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> RAdam {
        RAdam { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> RAdam {
        RAdam { eps, ..self }
    }

    /// With another `ε_root`.
    pub fn eps_root(self, eps_root: f64) -> RAdam {
        RAdam { eps_root, ..self }
    }

    /// With a look ahead.
    pub fn nesterov(self) -> RAdam {
        RAdam { nesterov: true, ..self }
    }

    /// With coupled weight decay `λ`: it is added to the gradient.
    pub fn weight_decay(self, weight_decay: f64) -> RAdam {
        RAdam { weight_decay, decoupled: false, ..self }
    }

    /// With decoupled weight decay `λ`.
    pub fn decoupled_decay(self, weight_decay: f64) -> RAdam {
        RAdam { weight_decay, decoupled: true, ..self }
    }

    /// `r` at step `t`, where the mean square is to be trusted.
    fn rectification(&self, t: usize) -> Option<f64> {
        let (t, power) = (t as f64, self.beta2.powf(t as f64));
        let limit = 2.0 / (1.0 - self.beta2) - 1.0;
        let rho = limit - 2.0 * t * power / (1.0 - power);
        let trusted = match self.form {
            Form::PyTorch => rho > 5.0,
            Form::Optax => rho >= 5.0,
        };
        let r = (rho - 4.0) * (rho - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * rho);
        trusted.then(|| r.sqrt())
    }

    fn pass<T: Element, M>(&self, b1: Mean<T>, m_hat: M, state: &mut Moments<T>, now: &mut Step<'_, T>)
    where
        M: Fn(T, T) -> T,
    {
        let Moments { m, v, t } = state;
        let b2 = Mean::new(self.beta2, *t);
        let Some(r) = self.rectification(*t).map(T::nearest) else {
            return now.each([m, v], move |at, [m, v]| {
                let (m, v) = (b1.of(m, at.g), b2.of_square(v, at.g));
                (at.lr * m_hat(m, at.g), [m, v])
            });
        };
        let eps_root = T::nearest(self.eps_root);
        let eps = T::nearest(match self.form {
            Form::PyTorch => self.eps / (1.0 - self.beta2.powf(*t as f64)).sqrt(),
            Form::Optax => self.eps,
        });
        now.each([m, v], move |at, [m, v]| {
            let m = b1.of(m, at.g);
            let v = b2.of_square(v, at.g);
            let (m_hat, v_hat) = (m_hat(m, at.g), b2.corrected(v));
            (at.lr * r * m_hat / ((v_hat + eps_root).sqrt() + eps), [m, v])
        });
    }
}

impl<T: Element> Rule<T> for RAdam {
    type State = Moments<T>;

    fn init(&self, _: &Layout, x: &[T]) -> Moments<T> {
        Moments::new(x.len())
    }

    fn step(&self, state: &mut Moments<T>, now: &mut Step<'_, T>) {
        add_decay(now, self.weight_decay, self.decoupled);
        state.t += 1;
        let b1 = Mean::new(self.beta1, state.t);
        if self.nesterov {
            self.pass(b1, move |m, g| b1.ahead(m, g), state, now);
        } else {
            self.pass(b1, move |m, _| b1.corrected(m), state, now);
        }
    }
}
