//! AdaGrad: each variable has a rate of its own, which falls with all the slope it has seen.
//!
//! ```text
//! g ← g + λ x                                      λ the weight decay, 0 by default
//! a ← a + g²                                       a = a₀ at first, 0 by default
//! η_t = η / (1 + (t - 1) δ)                        δ = 0 by default
//! x ← x - η_t g / (√(a + ε_root) + ε)
//! ```
//!
//! J. Duchi, E. Hazan and Y. Singer, *Adaptive subgradient methods for online learning and stochastic optimization*,
//! Journal of Machine Learning Research 12, 2011, 2121–2159, the diagonal form of figure 1. By default `ε = 1e-10` stands
//! outside the root and `a` begins at 0, as in `torch.optim.Adagrad`: the first step moves every variable by `η`, whatever
//! the size of its gradient. Optax has it inside, `ε_root = 1e-7`, and `a₀ = 0.1`: [`AdaGrad::optax`].

use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// AdaGrad: `a ← a + g²`, `x ← x - η g / (√a + ε)`. Remembers `a: [n]` and `t`.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [0.0, 0.0];
/// AdaGrad::new(0.5).optimizer().step(&mut x, &[1e-3, -1e3]);
/// assert!((x[0] + 0.5).abs() < 1e-6 && (x[1] - 0.5).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaGrad {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How fast the rate falls by itself, `δ`.
    pub lr_decay: f64,
    /// Where `a` begins, `a₀`.
    pub initial: f64,
    /// Keeps the quotient finite where no slope was seen; outside the root.
    pub eps: f64,
    /// The same inside the root.
    pub eps_root: f64,
    /// The weight decay `λ`, coupled: it is added to the gradient.
    pub weight_decay: f64,
}

impl AdaGrad {
    /// With the learning rate `lr` and `ε = 1e-10`.
    pub fn new(lr: impl Into<LearningRate>) -> AdaGrad {
        let lr = lr.into();
        AdaGrad { lr, lr_decay: 0.0, initial: 0.0, eps: 1e-10, eps_root: 0.0, weight_decay: 0.0 }
    }

    /// As Optax has it, with its defaults: `ε_root = 1e-7`, `ε = 0`, `a₀ = 0.1`.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let mut x = [0.0];
    /// AdaGrad::optax(0.5).optimizer().step(&mut x, &[3.0]);
    /// assert_eq!(x[0], -0.5 * 3.0 / f64::sqrt(0.1 + 9.0 + 1e-7));
    /// ```
    pub fn optax(lr: impl Into<LearningRate>) -> AdaGrad {
        AdaGrad::new(lr).initial(0.1).eps(0.0).eps_root(1e-7)
    }

    /// With a rate that falls by itself, `δ`.
    pub fn lr_decay(self, lr_decay: f64) -> AdaGrad {
        AdaGrad { lr_decay, ..self }
    }

    /// With another beginning of `a`, `a₀`.
    pub fn initial(self, initial: f64) -> AdaGrad {
        AdaGrad { initial, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> AdaGrad {
        AdaGrad { eps, ..self }
    }

    /// With another `ε_root`.
    pub fn eps_root(self, eps_root: f64) -> AdaGrad {
        AdaGrad { eps_root, ..self }
    }

    /// With coupled weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> AdaGrad {
        AdaGrad { weight_decay, ..self }
    }
}

/// What [`AdaGrad`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaGradState<T = f64> {
    /// The sum of the squares of the gradient, `[n]`.
    pub a: Vec<T>,
    /// How many steps it has seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for AdaGrad {
    type State = AdaGradState<T>;

    fn init(&self, _: &Layout, x: &[T]) -> AdaGradState<T> {
        AdaGradState { a: vec![T::nearest(self.initial); x.len()], t: 0 }
    }

    fn step(&self, AdaGradState { a, t }: &mut AdaGradState<T>, now: &mut Step<'_, T>) {
        now.add_coupled_decay(self.weight_decay);
        *t += 1;
        let fall = T::nearest(1.0 + (*t as f64 - 1.0) * self.lr_decay);
        let [eps, eps_root] = [self.eps, self.eps_root].map(T::nearest);
        now.each([a], move |at, [a]| {
            let a = a + at.g * at.g;
            (at.lr / fall * at.g / ((a + eps_root).sqrt() + eps), [a])
        });
    }
}
