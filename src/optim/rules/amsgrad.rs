//! AMSGrad: Adam that never forgets the largest mean square it has seen, so that its steps do not grow again.
//!
//! ```text
//! g ← g + λ x   or   x ← (1 - η λ) x               the weight decay, coupled or decoupled; 0 by default
//! t ← t + 1                                        t, m, v, w = 0 at first
//! m ← β₁ m + (1 - β₁) g
//! v ← β₂ v + (1 - β₂) g²
//! PyTorch's      w ← max(w, v),                v̂ = w / (1 - β₂ᵗ)
//! Optax's        w ← max(w, v / (1 - β₂ᵗ)),    v̂ = w
//! x ← x - η m̂ / (√(v̂ + ε_root) + ε)                m̂ = m / (1 - β₁ᵗ)
//! ```
//!
//! S. J. Reddi, S. Kale and S. Kumar, *On the convergence of Adam and beyond*, ICLR 2018, algorithm 2, which has no
//! corrections. By default `w` is the largest of `v` as it is and is corrected after, as in `torch.optim.Adam(amsgrad=True)`;
//! in Optax it is the largest of the corrected: [`AmsGrad::optax`]. Defaults `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.

use super::{Form, Mean, add_decay};
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AMSGrad: Adam with the largest `v` so far in place of `v`. Remembers `m: [n]`, `v: [n]`, `w: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
/// use downhill::optim::AmsGrad;
///
/// let mut x = [0.0];
/// let mut amsgrad = AmsGrad::new(0.01).optimizer();
/// amsgrad.step(&mut x, &[1e3]);
/// let far = amsgrad.state().unwrap().w[0];
/// for _ in 0..5_000 {
///     amsgrad.step(&mut x, &[1e-3]);
/// }
/// let state = amsgrad.state().unwrap();
/// assert!(state.w[0] == far && state.v[0] < 0.01 * far); // Adam would have forgotten
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AmsGrad {
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
    /// Whether the largest is that of `v` (PyTorch's) or of the corrected (Optax's).
    pub form: Form,
    /// The weight decay `λ`.
    pub weight_decay: f64,
    /// Whether the weight decay shrinks the variables by `η λ` of themselves, instead of being added to the gradient.
    pub decoupled: bool,
}

impl AmsGrad {
    /// With the learning rate `lr`, `β₁ = 0.9`, `β₂ = 0.999` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> AmsGrad {
        AmsGrad {
            lr: lr.into(),
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            eps_root: 0.0,
            form: Form::PyTorch,
            weight_decay: 0.0,
            decoupled: false,
        }
    }

    /// As Optax has it: the largest of the corrected.
    pub fn optax(lr: impl Into<LearningRate>) -> AmsGrad {
        AmsGrad { form: Form::Optax, ..AmsGrad::new(lr) }
    }

    /// With another `β₁`.
    pub fn beta1(self, beta1: f64) -> AmsGrad {
        AmsGrad { beta1, ..self }
    }

    /// With another `β₂`.
    pub fn beta2(self, beta2: f64) -> AmsGrad {
        AmsGrad { beta2, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AmsGrad {
        AmsGrad { eps, ..self }
    }

    /// With another `ε_root`.
    pub fn eps_root(self, eps_root: f64) -> AmsGrad {
        AmsGrad { eps_root, ..self }
    }

    /// With coupled weight decay `λ`: it is added to the gradient.
    pub fn weight_decay(self, weight_decay: f64) -> AmsGrad {
        AmsGrad { weight_decay, decoupled: false, ..self }
    }

    /// With decoupled weight decay `λ`, as `torch.optim.AdamW(amsgrad=True)`.
    pub fn decoupled_decay(self, weight_decay: f64) -> AmsGrad {
        AmsGrad { weight_decay, decoupled: true, ..self }
    }
}

/// What [`AmsGrad`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AmsGradState<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// The running mean of its square, `[n]`.
    pub v: Vec<T>,
    /// The largest of the means of its square, `[n]`.
    pub w: Vec<T>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for AmsGrad {
    type State = AmsGradState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> AmsGradState<T> {
        let zeros = || vec![T::zero(); x.len()];
        AmsGradState { m: zeros(), v: zeros(), w: zeros(), t: 0 }
    }

    fn step(&self, AmsGradState { m, v, w, t }: &mut AmsGradState<T>, now: &mut Step<'_, T>) {
        add_decay(now, self.weight_decay, self.decoupled);
        *t += 1;
        let (b1, b2) = (Mean::new(self.beta1, *t), Mean::new(self.beta2, *t));
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        // What v is multiplied by before the largest is taken, and after.
        let (before, after) = match self.form {
            Form::PyTorch => (T::one(), b2.scale),
            Form::Optax => (b2.scale, T::one()),
        };
        now.each([m, v, w], move |at, [m, v, w]| {
            let m = b1.of(m, at.g);
            let v = b2.of_square(v, at.g);
            let w = w.max(v * before);
            let (m_hat, v_hat) = (b1.corrected(m), w * after);
            (at.lr * m_hat / ((v_hat + eps_root).sqrt() + eps), [m, v, w])
        });
    }
}
