//! What a function of several results returns, and where it can start.

use ndarray::{Array, Dimension};

use crate::array::Tensor;
use crate::tape::{Coordinates, Var};

/// The results of a function: a `Var`, `[Var; M]` or `Vec<Var>`.
pub trait Outputs {
    /// The results in a row.
    fn row(&self) -> &[Var];
}

impl Outputs for Var {
    fn row(&self) -> &[Var] {
        std::slice::from_ref(self)
    }
}

impl<const M: usize> Outputs for [Var; M] {
    fn row(&self) -> &[Var] {
        self
    }
}

impl Outputs for Vec<Var> {
    fn row(&self) -> &[Var] {
        self
    }
}

/// A point at which a function `F` with one or more results can be evaluated; as [`Start`](super::Start) is for functions
/// with one.
pub trait Map<F>: Coordinates {
    /// What `F` returns.
    type Output: Outputs;

    /// Calls `f` with `variables` in the shape of a point.
    #[track_caller]
    fn call(f: &mut F, shape: &Self::Shape, variables: &[Var]) -> Self::Output;
}

macro_rules! on_slices {
    ($([$($generics:tt)*] $T:ty;)*) => { $(
        impl<F: FnMut(&[Var]) -> O, O: Outputs $($generics)*> Map<F> for $T {
            type Output = O;

            #[inline]
            fn call(f: &mut F, (): &(), variables: &[Var]) -> O {
                f(variables)
            }
        }
    )* };
}

on_slices! { [] &[f64]; [] &Vec<f64>; [, const N: usize] &[f64; N]; }

impl<F: FnMut([Var; N]) -> O, O: Outputs, const N: usize> Map<F> for [f64; N] {
    type Output = O;

    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> O {
        f(*variables.first_chunk().expect("one variable per coordinate"))
    }
}

impl<F: FnMut(Var) -> O, O: Outputs> Map<F> for f64 {
    type Output = O;

    #[inline]
    fn call(f: &mut F, (): &(), variables: &[Var]) -> O {
        f(variables[0])
    }
}

/// The elements of the result, in their order.
impl<F: FnMut(&Tensor<f64>) -> O, O: Into<Tensor<f64>>, D: Dimension> Map<F> for &Array<f64, D> {
    type Output = Vec<Var>;

    #[track_caller]
    fn call(f: &mut F, shape: &D, variables: &[Var]) -> Vec<Var> {
        f(&Tensor::of_vars(variables, shape.slice())).into().to_vars()
    }
}
