//! Muon: the momentum of a matrix, made orthogonal.
//!
//! ```text
//! m ← μ m + (1 - μ) g                              for each matrix; m = 0 at first
//! u = μ m + (1 - μ) g                              without Nesterov's look ahead u = m
//! X ← u / max(|u|, ε)                              |u| = √(Σ u²)
//! X ← a X + (b X Xᵀ + c (X Xᵀ)²) X                 five times
//! x ← (1 - η λ) x - η s X                          s = √max(1, rows / columns)
//! ```
//!
//! K. Jordan, Y. Jin, V. Boza, J. You, F. Cesista, L. Newhouse and J. Bernstein, *Muon: an optimizer for hidden layers
//! in neural networks*, 2024, <https://kellerjordan.github.io/posts/muon/>, in the form of `torch.optim.Muon`:
//! `μ = 0.95`, `ε = 1e-7`, `λ = 0.1`, `(a, b, c) = (3.4445, -4.775, 2.0315)`. The iteration of Newton and Schulz, a
//! polynomial of fifth degree, brings the singular values to somewhere between 0.68 and 1.21, if the least was 0.003 of
//! the norm, and leaves the singular vectors. It is done in the number type of the variables (PyTorch: in 16 bits).
//! With [`MuonRate::MatchAdamW`] it is `s = 0.2 √max(rows, columns)`, so that rate and decay are those of AdamW: J. Liu
//! and others, *Muon is scalable for LLM training*, arXiv:2502.16982, 2025, equation 4.
//!
//! In [Optax's form](MuonForm::Optax), `ε` is added to `|u|`, the means are corrected for their start at 0,
//!
//! ```text
//! u = μ m / (1 - μᵗ⁺¹) + (1 - μ) g / (1 - μᵗ)      without Nesterov's look ahead u = m / (1 - μᵗ)
//! ```
//!
//! and as weights are transposed there, `s = √max(1, columns / rows)`.

use super::optimistic_adam::shares;
use crate::linalg::{self, Mat, MatMut, Scalar};
use crate::optim::step::norm_of;
use crate::optim::{BlockNow, LearningRate, Rule, Step, Whole};
use crate::params::{Element, Layout};

/// Muon: `x ← (1 - η λ) x - η s X`, `X` the momentum of a matrix made orthogonal. Remembers [`MuonState`].
///
/// For matrices; arrays of other shapes are stepped by [Adam](Muon::adam) if that is wanted. Embeddings and the last
/// layer of a network are usually left to Adam as well, with an optimizer of their own.
///
/// A step of a matrix `[r, c]`, `r ≤ c`, costs `10 r² (2 c + r)` operations.
///
/// ```
/// use downhill::optim::Muon;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let mut w = array![[0.0, 0.0], [0.0, 0.0]];
/// let mut muon = Muon::new(1.0).optimizer();
/// muon.step(&mut w, &array![[3.0, 0.0], [0.0, 1e-1]]);
/// // Both directions count about the same, whatever their slopes.
/// assert!((-1.2..-0.6).contains(&w[[0, 0]]) && (-1.2..-0.6).contains(&w[[1, 1]]));
/// assert!(w[[0, 1]].abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Muon {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, `μ`, from 0 to less than 1.
    pub mu: f64,
    /// The decoupled weight decay `λ`, of the matrices.
    pub weight_decay: f64,
    /// Whether the momentum looks ahead, as [`Nesterov`](super::Nesterov)'s.
    pub nesterov: bool,
    /// The polynomial `(a, b, c)`.
    pub coefficients: [f64; 3],
    /// How often it is applied.
    pub iterations: usize,
    /// The least norm that is taken for one; in Optax's form added to the norm.
    pub eps: f64,
    /// Whose definition it is.
    pub form: MuonForm,
    /// How long the step of a matrix is.
    pub rate: MuonRate,
    /// What is done with arrays that are no matrices.
    pub others: MuonOthers,
}

/// Whose definition of [`Muon`] is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MuonForm {
    /// That of `torch.optim.Muon`; weights are `[outputs, inputs]`.
    PyTorch,
    /// That of `optax.contrib.muon`; weights are `[inputs, outputs]`.
    Optax,
}

/// How long the step of [`Muon`] is: the factor `s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MuonRate {
    /// `√max(1, outputs / inputs)`.
    Original,
    /// `0.2 √max(rows, columns)`: as long as a usual step of AdamW.
    MatchAdamW,
}

/// What [`Muon`] does with arrays that are no matrices.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MuonOthers {
    /// It panics, when the state is made.
    Refuse,
    /// It steps them by Adam, with the learning rate of Muon, and Nesterov's look ahead if Muon has it.
    Adam {
        /// Adam's `β₁`.
        beta1: f64,
        /// Adam's `β₂`.
        beta2: f64,
        /// Adam's `ε`, outside the root.
        eps: f64,
    },
}

impl MuonOthers {
    const ADAM: MuonOthers = MuonOthers::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8 };
}

impl Muon {
    /// PyTorch's form with the learning rate `lr`, `μ = 0.95`, `λ = 0.1`, Nesterov's look ahead, `ε = 1e-7`, and the
    /// original rate; other arrays than matrices are refused.
    pub fn new(lr: impl Into<LearningRate>) -> Muon {
        Muon {
            lr: lr.into(),
            mu: 0.95,
            weight_decay: 0.1,
            nesterov: true,
            coefficients: [3.4445, -4.775, 2.0315],
            iterations: 5,
            eps: 1e-7,
            form: MuonForm::PyTorch,
            rate: MuonRate::Original,
            others: MuonOthers::Refuse,
        }
    }

    /// Optax's form with the learning rate `lr`, `μ = 0.95`, Nesterov's look ahead, `ε = 1e-8`, no weight decay, the
    /// original rate, and Adam for other arrays than matrices.
    pub fn optax(lr: impl Into<LearningRate>) -> Muon {
        let muon = Muon::new(lr).form(MuonForm::Optax).weight_decay(0.0).eps(1e-8);
        muon.adam()
    }

    /// With another `μ`.
    pub fn mu(self, mu: f64) -> Muon {
        Muon { mu, ..self }
    }

    /// With another weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Muon {
        Muon { weight_decay, ..self }
    }

    /// With or without Nesterov's look ahead.
    pub fn nesterov(self, nesterov: bool) -> Muon {
        Muon { nesterov, ..self }
    }

    /// With another polynomial, or applied another number of times.
    pub fn iterations(self, coefficients: [f64; 3], iterations: usize) -> Muon {
        Muon { coefficients, iterations, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Muon {
        Muon { eps, ..self }
    }

    /// By another's definition.
    pub fn form(self, form: MuonForm) -> Muon {
        Muon { form, ..self }
    }

    /// With steps of another length.
    pub fn rate(self, rate: MuonRate) -> Muon {
        Muon { rate, ..self }
    }

    /// With Adam (`β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`) for arrays that are no matrices.
    pub fn adam(self) -> Muon {
        Muon { others: MuonOthers::ADAM, ..self }
    }

    /// The factor `s` of a matrix.
    fn scale(&self, [rows, columns]: [usize; 2]) -> f64 {
        let (rows, columns) = (rows as f64, columns as f64);
        match (self.rate, self.form) {
            (MuonRate::MatchAdamW, _) => 0.2 * rows.max(columns).sqrt(),
            (MuonRate::Original, MuonForm::PyTorch) => (rows / columns).max(1.0).sqrt(),
            (MuonRate::Original, MuonForm::Optax) => (columns / rows).max(1.0).sqrt(),
        }
    }

    /// The shares of `m` and `g` in `u` at step `t`.
    fn shares(&self, t: usize) -> [f64; 2] {
        match (self.form, self.nesterov) {
            (MuonForm::Optax, nesterov) => shares(self.mu, t, nesterov),
            (MuonForm::PyTorch, true) => [self.mu, 1.0 - self.mu],
            (MuonForm::PyTorch, false) => [1.0, 0.0],
        }
    }

    /// `X ← a X + (b X Xᵀ + c (X Xᵀ)²) X`, from `X = u / |u|`, in the type `E`, which is `T` by another name.
    fn orthogonalize<E: Scalar, T: Element>(&self, u: &mut [T], [rows, columns]: [usize; 2]) {
        let norm = norm_of(u);
        let divisor = if self.form == MuonForm::PyTorch { norm.max(self.eps) } else { norm + self.eps };
        // The square matrices in between are those of the shorter side.
        let (tall, [r, c]) = (rows > columns, [rows.min(columns), rows.max(columns)]);
        let place = |i: usize| if tall { i % columns * rows + i / columns } else { i };
        let mut lent = linalg::borrow::<E>(r * c);
        let x = &mut lent[..r * c];
        for (i, u) in u.iter().enumerate() {
            x[place(i)] = E::of(u.wide() / divisor);
        }
        self.iterate(x, [r, c]);
        for (i, u) in u.iter_mut().enumerate() {
            *u = T::nearest(x[place(i)].to_f64().expect("a number of f32 or f64"));
        }
        linalg::give_back(lent);
    }

    /// The iteration on `x: [r, c]`, in row-major order.
    fn iterate<E: Scalar>(&self, x: &mut [E], [r, c]: [usize; 2]) {
        let [a, b, c5] = self.coefficients.map(E::of);
        let mut lent = [r * r, r * r, r * c].map(linalg::borrow::<E>);
        let [gram, poly, next] = lent.each_mut();
        let (gram, poly, next) = (&mut gram[..r * r], &mut poly[..r * r], &mut next[..r * c]);
        for _ in 0..self.iterations {
            let now = Mat::of_rows(x, r, c);
            linalg::matmul(MatMut::of_rows(gram, r, r), now, now.t(), false, E::of(1.0));
            poly.iter_mut().zip(&*gram).for_each(|(p, &g)| *p = b * g);
            let square = Mat::of_rows(gram, r, r);
            linalg::matmul(MatMut::of_rows(poly, r, r), square, square, true, c5);
            next.iter_mut().zip(&*x).for_each(|(next, &x)| *next = a * x);
            linalg::matmul(MatMut::of_rows(next, r, c), Mat::of_rows(poly, r, r), now, true, E::of(1.0));
            x.copy_from_slice(next);
        }
        for lent in lent {
            linalg::give_back(lent);
        }
    }

    /// The displacement of a matrix.
    fn matrix<T: Element>(&self, now: [&[T]; 2], m: &mut [T], d: &mut [T], block: &BlockNow<'_>, t: usize) {
        let ([x, g], shape) = (now, [block.shape[0], block.shape[1]]);
        let [mu, less] = [self.mu, 1.0 - self.mu].map(T::nearest);
        let [m_share, g_share] = self.shares(t).map(T::nearest);
        for ((u, m), &g) in d.iter_mut().zip(m).zip(g) {
            *m = mu * *m + less * g;
            *u = m_share * *m + g_share * g;
        }
        match T::NAME {
            f32::NAME => self.orthogonalize::<f32, T>(d, shape),
            _ => self.orthogonalize::<f64, T>(d, shape),
        }
        let rate = T::nearest(block.lr * self.scale(shape));
        let decay = T::nearest(block.lr * self.weight_decay * block.decay);
        for (d, &x) in d.iter_mut().zip(x) {
            *d = rate * *d + decay * x;
        }
    }

    /// The displacement of any other array, by Adam.
    fn other<T: Element>(&self, g: &[T], [m, v]: [&mut [T]; 2], d: &mut [T], lr: f64, t: usize) {
        let MuonOthers::Adam { beta1, beta2, eps } = self.others else {
            return;
        };
        let [b1, less1, b2, less2] = [beta1, 1.0 - beta1, beta2, 1.0 - beta2].map(T::nearest);
        let [m_share, g_share] = shares(beta1, t, self.nesterov).map(T::nearest);
        let v_correction = T::nearest(1.0 - beta2.powf(t as f64));
        let [lr, eps] = [lr, eps].map(T::nearest);
        for (((d, m), v), &g) in d.iter_mut().zip(m).zip(v).zip(g) {
            *m = b1 * *m + less1 * g;
            *v = b2 * *v + less2 * g * g;
            *d = lr * (m_share * *m + g_share * g) / ((*v / v_correction).sqrt() + eps);
        }
    }
}

/// What [`Muon`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MuonState<T = f64> {
    /// The running mean of the gradient, `[n]`.
    pub m: Vec<T>,
    /// For each array the running mean of the square of the gradient; empty for matrices.
    pub v: Vec<Vec<T>>,
    /// How many steps they have seen.
    pub t: usize,
}

impl<T: Element> Rule<T> for Muon {
    type State = MuonState<T>;

    /// # Panics
    ///
    /// If there is an array that is no matrix, and those are refused.
    #[track_caller]
    fn init(&self, layout: &Layout, x: &[T]) -> MuonState<T> {
        let mut v = Vec::new();
        for (name, block) in layout.iter() {
            let (shape, is_matrix) = (block.shape(), block.shape().len() == 2);
            assert!(
                is_matrix || self.others != MuonOthers::Refuse,
                "downhill: Muon steps matrices, and was given the array `{name}` of shape {shape:?}: step it by \
                 another optimizer, or by Adam with `Muon::new(lr).adam()`",
            );
            v.push(if is_matrix { Vec::new() } else { vec![T::zero(); block.range().len()] });
        }
        MuonState { m: vec![T::zero(); x.len()], v, t: 0 }
    }

    fn step(&self, MuonState { m, v, t }: &mut MuonState<T>, now: &mut Step<'_, T>) {
        *t += 1;
        let Whole { x, gradient, displacement, blocks } = now.whole();
        for block in blocks {
            let range = block.range.clone();
            let (x, g) = (&x[range.clone()], &gradient[range.clone()]);
            let (m, d) = (&mut m[range.clone()], &mut displacement[range]);
            if block.shape.len() == 2 {
                self.matrix([x, g], m, d, &block, *t);
            } else {
                self.other(g, [m, &mut v[block.index]], d, block.lr, *t);
            }
        }
    }
}
