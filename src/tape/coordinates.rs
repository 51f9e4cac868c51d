//! The coordinates of a point, whose type is a shape: of variables, of gradients, of what a closure receives.

use ndarray::{Array, ArrayBase, Dimension};

use super::Var;

/// The coordinates of a point, in a shape that variables and gradients share.
///
/// | point | a closure receives | variables | gradient |
/// |---|---|---|---|
/// | `&[f64]`, `&Vec<f64>`, `&[f64; N]` | `x: &[Var]` | `Vec<Var>` | `Vec<f64>` |
/// | `[f64; N]` by value | `[x, y]: [Var; 2]` | `[Var; N]` | `[f64; N]` |
/// | `f64` | `x: Var` | `Var` | `f64` |
/// | `&Array<f64, D>` | `x: &Tensor<f64>` | `Vec<Var>` | `Array<f64, D>` |
pub trait Coordinates {
    /// Variables in the shape of the point, owned.
    type Variables;
    /// Numbers in the shape of the point, such as a gradient.
    type Numbers;

    /// What is to be known of a point, beside its type, to put others into its shape.
    type Shape: Clone;

    /// The shape.
    fn shape(&self) -> Self::Shape;

    /// The coordinates, in a row.
    fn values(&self) -> &[f64];

    /// Owned variables, one per coordinate.
    fn variables(variables: impl Iterator<Item = Var>) -> Self::Variables;

    /// Zeros in the shape of the point.
    fn zeros(&self) -> Self::Numbers;

    /// Numbers of that shape, in a row.
    fn row(numbers: &mut Self::Numbers) -> &mut [f64];
}

macro_rules! as_slice {
    ($([$($generics:tt)*] $T:ty;)*) => { $(
        impl<$($generics)*> Coordinates for $T {
            type Variables = Vec<Var>;
            type Numbers = Vec<f64>;
            type Shape = ();

            #[inline]
            fn shape(&self) {}

            #[inline]
            fn values(&self) -> &[f64] {
                &self[..]
            }

            #[inline]
            fn variables(variables: impl Iterator<Item = Var>) -> Vec<Var> {
                variables.collect()
            }

            #[inline]
            fn zeros(&self) -> Vec<f64> {
                vec![0.0; self.len()]
            }

            #[inline]
            fn row(numbers: &mut Vec<f64>) -> &mut [f64] {
                numbers
            }
        }
    )* };
}

as_slice! { [] &[f64]; [] &Vec<f64>; [const N: usize] &[f64; N]; }

impl<const N: usize> Coordinates for [f64; N] {
    type Variables = [Var; N];
    type Numbers = [f64; N];
    type Shape = ();

    #[inline]
    fn shape(&self) {}

    #[inline]
    fn values(&self) -> &[f64] {
        self
    }

    #[inline]
    fn variables(variables: impl Iterator<Item = Var>) -> [Var; N] {
        let mut array = [Var::constant(0.0); N];
        for (slot, x) in array.iter_mut().zip(variables) {
            *slot = x;
        }
        array
    }

    #[inline]
    fn zeros(&self) -> [f64; N] {
        [0.0; N]
    }

    #[inline]
    fn row(numbers: &mut [f64; N]) -> &mut [f64] {
        numbers
    }
}

impl Coordinates for f64 {
    type Variables = Var;
    type Numbers = f64;
    type Shape = ();

    #[inline]
    fn shape(&self) {}

    #[inline]
    fn values(&self) -> &[f64] {
        std::slice::from_ref(self)
    }

    #[inline]
    fn variables(mut variables: impl Iterator<Item = Var>) -> Var {
        variables.next().expect("one variable per coordinate")
    }

    #[inline]
    fn zeros(&self) -> f64 {
        0.0
    }

    #[inline]
    fn row(number: &mut f64) -> &mut [f64] {
        std::slice::from_mut(number)
    }
}

impl<D: Dimension> Coordinates for &Array<f64, D> {
    type Variables = Vec<Var>;
    type Numbers = Array<f64, D>;
    type Shape = D;

    fn shape(&self) -> D {
        self.raw_dim()
    }

    /// # Panics
    ///
    /// If the elements do not lie row after row.
    #[track_caller]
    fn values(&self) -> &[f64] {
        match self.as_slice() {
            Some(row) => row,
            None => panic!(
                "downhill: a point was given as an array of shape {:?} whose elements do not lie row after row; it needs one \
                 in standard layout: `&x.as_standard_layout().into_owned()`",
                ArrayBase::shape(self)
            ),
        }
    }

    fn variables(variables: impl Iterator<Item = Var>) -> Vec<Var> {
        variables.collect()
    }

    fn zeros(&self) -> Array<f64, D> {
        Array::zeros(self.raw_dim())
    }

    fn row(numbers: &mut Array<f64, D>) -> &mut [f64] {
        numbers.as_slice_mut().expect("made in standard layout")
    }
}
