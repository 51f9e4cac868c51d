//! Adafactor: Adam without a mean of the gradient, and of its squares only the means of rows and columns.
//!
//! ```text
//! t ← t + 1                                        t, R, C, V = 0 at first
//! β = 1 - t^-γ
//! S = g² + a
//! vectors    V ← β V + (1 - β) S
//! matrices   R ← β R + (1 - β) mean of S over each row
//!            C ← β C + (1 - β) mean of S over each column
//!            V = R Cᵀ / max(mean of R, l)
//! u = g / √max(V, l²)
//! x ← (1 - η λ) x                                  λ the weight decay, 0 by default
//! x ← x - ρ max(ε₂, rms(x)) u / max(1, rms(u) / d)           rms(x) before the decay
//!
//! PyTorch's      a = 0,  l = ε₁,  ρ = min(η, 1 / √t)
//! Optax's        a = ε₁, l = 0,   ρ = η
//! ```
//!
//! N. Shazeer and M. Stern, *Adafactor: adaptive learning rates with sublinear memory cost*, ICML 2018, algorithms 4 to 6,
//! whose defaults are `γ = 0.8`, `ε₂ = 1e-3`, `d = 1`. By default as `torch.optim.Adafactor`: `ε₁` is the spacing of the
//! numbers at 1, and bounds `V` from below; every array of two or more axes is factored, over its last two. Optax has
//! `ε₁ = 1e-30`, added to the squares as in the paper, no bound on the rate, and factors only where both axes have at least
//! 128 numbers: [`Adafactor::optax`] (of more than two axes, Optax takes the longest two). Both measure rates in units of
//! `rms(x)`: what is 0 moves by `ε₂ η`. Optax's `weight_decay_rate` is `η λ` here, as the rate does not multiply it there.

use super::Form;
use crate::optim::each::sum_of_squares;
use crate::optim::step::norm_of;
use crate::optim::{LearningRate, Rule, Step, Whole};
use crate::params::{Element, Layout};

/// Adafactor: steps relative to the size of each array, from the mean squares of its rows and columns. Remembers `r + c`
/// numbers of each matrix of shape `[r, c]`, as many as it has of each vector, and `t`.
///
/// ```
/// use downhill::optim::Adafactor;
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array2;
///
/// let mut params = Params::new();
/// params.insert("w", &Array2::from_elem((100, 50), 2.0));
/// let gradient = params.clone();
/// let mut adafactor = Adafactor::new(0.01).optimizer();
/// adafactor.step(&mut params, &gradient);
///
/// assert!(params.values().iter().all(|x| (x - (2.0 - 0.01 * 2.0)).abs() < 1e-12));
/// let squares = &adafactor.state().unwrap().arrays[0];
/// assert_eq!(squares.rows.len() + squares.columns.len(), 150); // of 5,000
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adafactor {
    /// The learning rate `η`, in units of the root mean square of each array.
    pub lr: LearningRate,
    /// How fast the mean squares come to rest, `γ`.
    pub decay: f64,
    /// Keeps the quotient finite where there is no slope, `ε₁`; `None` for the spacing of the numbers at 1.
    pub eps1: Option<f64>,
    /// The least size of an array that counts, `ε₂`.
    pub eps2: f64,
    /// The root mean square that `u` is clipped to, `d`.
    pub clip: f64,
    /// Arrays whose last two axes both have at least so many numbers are factored.
    pub factor_from: usize,
    /// Where `ε₁` stands, and whether the rate is bounded.
    pub form: Form,
    /// The weight decay `λ`, decoupled: each step shrinks the variables by `η λ` of themselves.
    pub weight_decay: f64,
}

impl Adafactor {
    /// With the learning rate `lr` (0.01 in the paper), `γ = 0.8`, `ε₂ = 1e-3` and `d = 1`.
    pub fn new(lr: impl Into<LearningRate>) -> Adafactor {
        Adafactor {
            lr: lr.into(),
            decay: 0.8,
            eps1: None,
            eps2: 1e-3,
            clip: 1.0,
            factor_from: 1,
            form: Form::PyTorch,
            weight_decay: 0.0,
        }
    }

    /// As Optax has it, with its defaults: `ε₁ = 1e-30` in the squares, no bound on the rate, factored from 128.
    pub fn optax(lr: impl Into<LearningRate>) -> Adafactor {
        Adafactor { form: Form::Optax, ..Adafactor::new(lr).eps1(1e-30).factor_from(128) }
    }

    /// With another `γ`.
    pub fn decay(self, decay: f64) -> Adafactor {
        Adafactor { decay, ..self }
    }

    /// With another `ε₁`.
    pub fn eps1(self, eps1: f64) -> Adafactor {
        Adafactor { eps1: Some(eps1), ..self }
    }

    /// With another `ε₂`.
    pub fn eps2(self, eps2: f64) -> Adafactor {
        Adafactor { eps2, ..self }
    }

    /// With another `d`; infinite for no clipping.
    pub fn clip(self, clip: f64) -> Adafactor {
        Adafactor { clip, ..self }
    }

    /// Factored where both axes have at least `length` numbers. To be set before the first step.
    pub fn factor_from(self, length: usize) -> Adafactor {
        Adafactor { factor_from: length, ..self }
    }

    /// With decoupled weight decay `λ`.
    pub fn weight_decay(self, weight_decay: f64) -> Adafactor {
        Adafactor { weight_decay, ..self }
    }
}

/// What [`Adafactor`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdafactorState<T = f64> {
    /// The mean squares of the gradient, array by array.
    pub arrays: Vec<MeanSquares<T>>,
    /// How many steps they have seen.
    pub t: usize,
}

/// The mean squares of one array in [`AdafactorState`]: either those of its rows and columns, or all.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MeanSquares<T = f64> {
    /// Over each row, `R: […, r]`; empty if not factored.
    pub rows: Vec<T>,
    /// Over each column, `C: […, c]`; empty if not factored.
    pub columns: Vec<T>,
    /// Of each number, `V: [n]`; empty if factored.
    pub all: Vec<T>,
}

/// The scalars of one step.
struct Now<T> {
    /// `β` and `1 - β`
    keep: T,
    less: f64,
    /// `a`, `l` and `l²`
    added: f64,
    least_mean: T,
    least: T,
}

impl<T: Element> Rule<T> for Adafactor {
    type State = AdafactorState<T>;

    fn init(&self, layout: &Layout, _: &[T]) -> AdafactorState<T> {
        let zeros = |n: usize| vec![T::zero(); n];
        let arrays = layout.iter().map(|(_, block)| match *block.shape() {
            [ref many @ .., r, c] if r.min(c) >= self.factor_from => {
                let many: usize = many.iter().product();
                MeanSquares { rows: zeros(many * r), columns: zeros(many * c), all: Vec::new() }
            }
            _ => MeanSquares { rows: Vec::new(), columns: Vec::new(), all: zeros(block.range().len()) },
        });
        AdafactorState { arrays: arrays.collect(), t: 0 }
    }

    fn step(&self, state: &mut AdafactorState<T>, now: &mut Step<'_, T>) {
        now.add_decoupled_decay(self.weight_decay);
        state.t += 1;
        let t = state.t as f64;
        let less = t.powf(-self.decay);
        let eps1 = self.eps1.unwrap_or(T::epsilon().wide());
        let (added, least, most) = match self.form {
            Form::PyTorch => (0.0, eps1, t.sqrt().recip()),
            Form::Optax => (eps1, 0.0, f64::INFINITY),
        };
        let scalars = Now {
            keep: T::nearest(1.0 - less),
            less,
            added,
            least_mean: T::nearest(least),
            least: T::nearest(least * least),
        };
        let Whole { x, gradient, displacement, blocks } = now.whole();
        for block in blocks.filter(|block| !block.range.is_empty()) {
            let (x, g) = (&x[block.range.clone()], &gradient[block.range.clone()]);
            let u = &mut displacement[block.range.clone()];
            let squares = &mut state.arrays[block.index];
            match *block.shape {
                [.., r, c] if squares.all.is_empty() => squares.factored(&scalars, [r, c], g, u),
                _ => squares.full(&scalars, g, u),
            }
            let rate = block.lr.min(most) * rms(x).max(self.eps2);
            let scale = T::nearest(rate / (rms(u) / self.clip).max(1.0));
            u.iter_mut().for_each(|u| *u *= scale);
        }
    }
}

impl<T: Element> MeanSquares<T> {
    /// `u = g / √V` of a vector.
    fn full(&mut self, now: &Now<T>, g: &[T], u: &mut [T]) {
        let [less, added] = [now.less, now.added].map(T::nearest);
        for ((u, &g), v) in u.iter_mut().zip(g).zip(&mut self.all) {
            *v = now.keep * *v + less * (g * g + added);
            *u = g / v.max(now.least).sqrt();
        }
    }

    /// `u = g / √V` of a matrix, or of several of one shape.
    fn factored(&mut self, now: &Now<T>, [r, c]: [usize; 2], g: &[T], u: &mut [T]) {
        let matrices = g.chunks_exact(r * c).zip(u.chunks_exact_mut(r * c));
        let means = self.rows.chunks_exact_mut(r).zip(self.columns.chunks_exact_mut(c));
        for ((g, u), (rows, columns)) in matrices.zip(means) {
            columns.iter_mut().for_each(|mean| *mean *= now.keep);
            let less = T::nearest(now.less / r as f64);
            let added = T::nearest(now.added);
            for (g, row) in g.chunks_exact(c).zip(&mut *rows) {
                let mean = sum_of_squares(g) / c as f64 + now.added;
                *row = now.keep * *row + T::nearest(now.less * mean);
                for (column, &g) in columns.iter_mut().zip(g) {
                    *column += less * (g * g + added);
                }
            }
            let mean = T::nearest(rows.iter().map(|row| row.wide()).sum::<f64>() / r as f64);
            let mean = mean.max(now.least_mean);
            for ((g, u), &row) in g.chunks_exact(c).zip(u.chunks_exact_mut(c)).zip(&*rows) {
                let share = row / mean;
                for ((u, &g), &column) in u.iter_mut().zip(g).zip(&*columns) {
                    *u = g / (share * column).max(now.least).sqrt();
                }
            }
        }
    }
}

/// The root of the mean of squares.
fn rms<T: Element>(v: &[T]) -> f64 {
    norm_of(v) / (v.len() as f64).sqrt()
}
