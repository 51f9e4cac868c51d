//! What a closure receives, decided by where it starts.

use ndarray::{Array, Dimension};

use crate::array::Tensor;
use crate::tape::{Coordinates, Var};

/// A point at which a function `F` can be evaluated: its type decides the shape of the function's arguments.
///
/// | start | the function |
/// |---|---|
/// | `&[f64]`, `&Vec<f64>`, `&[f64; N]` | `\|x\|` with `x: &[Var]` |
/// | `[f64; N]` by value | `\|[x, y]\|` |
/// | `f64` | `\|x\|` with `x: Var` |
/// | `&Array<f64, D>` of `ndarray` | `\|x\|` with `x: &Tensor<f64>`; it may return a [`Tensor`] of one element |
///
/// The trait is on the point, not on the function: so the arguments of a closure need no annotation.
///
/// ```
/// use downhill::prelude::*;
///
/// let data = vec![1.0, 2.0];
/// assert_eq!(gradient(|x| x[0] * x[1], &data), [2.0, 1.0]);
/// assert_eq!(gradient(|[x, y]| x * y, [1.0, 2.0]), [2.0, 1.0]);
/// assert_eq!(gradient(|x| x * x, 3.0), 6.0);
/// let w = ndarray::array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(gradient(|w| (w.t() * 2.0).square().sum(), &w), 8.0 * &w);
/// ```
pub trait Start<F>: Coordinates {
    /// Calls `f` with `variables` in the shape of a point.
    #[track_caller]
    fn call(f: &mut F, shape: &Self::Shape, variables: &[Var]) -> Var;
}

impl<F: FnMut(&[Var]) -> Var> Start<F> for &[f64] {
    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> Var {
        f(variables)
    }
}

impl<F: FnMut(&[Var]) -> Var> Start<F> for &Vec<f64> {
    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> Var {
        f(variables)
    }
}

impl<F: FnMut(&[Var]) -> Var, const N: usize> Start<F> for &[f64; N] {
    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> Var {
        f(variables)
    }
}

impl<F: FnMut([Var; N]) -> Var, const N: usize> Start<F> for [f64; N] {
    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> Var {
        f(*variables.first_chunk().expect("one variable per coordinate"))
    }
}

impl<F: FnMut(Var) -> Var> Start<F> for f64 {
    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> Var {
        f(variables[0])
    }
}

impl<F: FnMut(&Tensor<f64>) -> O, O: Into<Var>, D: Dimension> Start<F> for &Array<f64, D> {
    #[track_caller]
    fn call(f: &mut F, shape: &D, variables: &[Var]) -> Var {
        f(&Tensor::of_vars(variables, shape.slice())).into()
    }
}
