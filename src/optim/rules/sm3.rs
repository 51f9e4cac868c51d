//! SM3: AdaGrad that keeps, of an array, one number for each row, each column, each index of any axis.
//!
//! ```text
//! a_i = g_i² + min over the axes k of μ_k[i_k]     i = (i₁, i₂, …) the place in the array; μ = 0 at first
//! μ_k[j] ← max of a_i over all i with i_k = j
//! u = g / √(a + ε)                                 0 where a = 0
//! m ← β m + (1 - β) u                              m = 0 at first
//! x ← x - η m
//! ```
//!
//! R. Anil, V. Gupta, T. Koren and Y. Singer, *Memory efficient adaptive optimization*, NeurIPS 2019, algorithm SM3-II,
//! with the momentum of `optax.sm3`. Defaults `β = 0.9` and `ε = 1e-8`, inside the root. For arrays of one axis it is
//! AdaGrad with momentum; for a matrix of `r` rows and `c` columns it keeps `r + c` sums instead of `r c`.

use crate::optim::Whole;
use crate::optim::{LearningRate, Rule, Step};
use crate::params::{Element, Layout};

/// SM3: AdaGrad with sums by row and column, `m ← β m + (1 - β) g / √(a + ε)`, `x ← x - η m`. Remembers [`Sm3State`].
///
/// ```
/// use downhill::optim::Sm3;
/// use downhill::prelude::*;
///
/// let mut w = ndarray::array![[0.0, 0.0], [0.0, 0.0]];
/// let mut sm3 = Sm3::new(1.0).beta(0.0).optimizer();
/// sm3.step(&mut w, &ndarray::array![[3.0, 0.0], [0.0, 0.0]]); // 9 in the first row, and in the first column
/// sm3.step(&mut w, &ndarray::array![[0.0, 1.0], [0.0, 0.0]]); // the second column has 0
/// assert!((w[[0, 0]] + 1.0).abs() < 1e-7 && (w[[0, 1]] + 1.0).abs() < 1e-7);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sm3 {
    /// The learning rate `η`.
    pub lr: LearningRate,
    /// How much of `m` is kept from step to step, from 0 to less than 1.
    pub beta: f64,
    /// Keeps the quotient finite; inside the root.
    pub eps: f64,
}

impl Sm3 {
    /// With the learning rate `lr`, `β = 0.9` and `ε = 1e-8`.
    pub fn new(lr: impl Into<LearningRate>) -> Sm3 {
        Sm3 { lr: lr.into(), beta: 0.9, eps: 1e-8 }
    }

    /// With another `β`.
    pub fn beta(self, beta: f64) -> Sm3 {
        Sm3 { beta, ..self }
    }

    /// With another `ε`.
    pub fn eps(self, eps: f64) -> Sm3 {
        Sm3 { eps, ..self }
    }
}

/// What [`Sm3`] remembers.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sm3State<T = f64> {
    /// The momentum, `[n]`.
    pub m: Vec<T>,
    /// For each array and each of its axes, one number for each index, `μ`.
    pub mu: Vec<Vec<Vec<T>>>,
}

impl<T: Element> Rule<T> for Sm3 {
    type State = Sm3State<T>;

    fn init(&self, layout: &Layout, x: &[T]) -> Sm3State<T> {
        let array = |shape: &[usize]| axes(shape).map(|[_, n, _]| vec![T::zero(); n]).collect();
        let mu = layout.iter().map(|(_, block)| array(block.shape())).collect();
        Sm3State { m: vec![T::zero(); x.len()], mu }
    }

    fn step(&self, Sm3State { m, mu }: &mut Sm3State<T>, now: &mut Step<'_, T>) {
        let [beta, less, eps] = [self.beta, 1.0 - self.beta, self.eps].map(T::nearest);
        let Whole { gradient, displacement, blocks, .. } = now.whole();
        for block in blocks {
            let (g, lr) = (&gradient[block.range.clone()], T::nearest(block.lr));
            let a = &mut displacement[block.range.clone()];
            cover(a, g, block.shape, &mut mu[block.index]);
            for ((a, m), &g) in a.iter_mut().zip(&mut m[block.range]).zip(g) {
                let u = if *a > T::zero() { g / (*a + eps).sqrt() } else { T::zero() };
                *m = beta * *m + less * u;
                *a = lr * *m;
            }
        }
    }
}

/// `a` from `g` and `mu`, and the new `mu`.
fn cover<T: Element>(a: &mut [T], g: &[T], shape: &[usize], mu: &mut [Vec<T>]) {
    a.fill(T::infinity());
    for (axis, mu) in axes(shape).zip(&*mu) {
        along(a, axis, |a, j| *a = a.min(mu[j]));
    }
    a.iter_mut().zip(g).for_each(|(a, &g)| *a += g * g);
    for (axis, mu) in axes(shape).zip(mu) {
        mu.fill(T::zero());
        along(a, axis, |a, j| mu[j] = mu[j].max(*a));
    }
}

/// Each axis as `[how many places before it, its length, how many after it]`; a single number has one axis of length 1.
fn axes(shape: &[usize]) -> impl Iterator<Item = [usize; 3]> {
    let shape = if shape.is_empty() { &[1] } else { shape };
    (0..shape.len()).map(|k| [shape[..k].iter().product(), shape[k], shape[k + 1..].iter().product()])
}

/// Every number of `a` with its index along an axis.
fn along<T>(a: &mut [T], [_, n, after]: [usize; 3], mut f: impl FnMut(&mut T, usize)) {
    for slab in a.chunks_exact_mut((n * after).max(1)) {
        for (j, row) in slab.chunks_exact_mut(after.max(1)).enumerate() {
            row.iter_mut().for_each(|a| f(a, j));
        }
    }
}
