//! Functions of two arguments, element by element, with broadcasting: the rows of the table.
//!
//! ```text
//! z = f(x, y),   x̄ += z̄ ∂f/∂x,   ȳ += z̄ ∂f/∂y
//! ```
//!
//! An axis along which an input is broadcast has the stride 0 in its layout, and so in that of its adjoint: what flows to a
//! repeated element adds up without further ado.

use super::each::{give, hand_on, map};
use super::element::{Element, by_row};
use super::layout::{Layout, Shape, common_shape};
use super::operators::Argument;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;
use super::view::View;
use super::{Tensor, misuse};
use crate::real::{Binary, binary_table};

/// Inputs have one shape, broadcast.
#[derive(Debug, Clone)]
pub(crate) struct Elementwise(pub(crate) Binary);

impl Rule for Elementwise {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (x, y) = (inputs.at(0), inputs.at(1));
        by_row!(E, self.0, Binary [Add, Sub, Mul, Div, Max, Min],
            OP => map(out, x.shape(), [x, y], |[x, y]| x.zip(OP, y)),
            op => map(out, x.shape(), [x, y], |[x, y]| x.zip_any(op, y)));
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, y) = (flow.input(0), flow.input(1));
        let row = Layout::of_rows(x.shape());
        let [z, adjoint] = [flow.value, flow.adjoint].map(|numbers| View { numbers, layout: &row });
        if flow.varies(0) {
            match self.0 {
                Binary::Add | Binary::Sub => hand_on(flow, 0, adjoint),
                given => by_row!(E, given, Binary [Mul, Div, Max, Min],
                    OP => give(flow, 0, [adjoint, x, y, z], |[a, x, y, z]| carried(a, E::slopes(OP, x, y, z).0)),
                    op => give(flow, 0, [adjoint, x, y, z], |[a, x, y, z]| carried(a, E::slopes_any(op, x, y, z).0))),
            }
        }
        if flow.varies(1) {
            match self.0 {
                Binary::Add => hand_on(flow, 1, adjoint),
                Binary::Sub => give(flow, 1, [adjoint], |[adjoint]| -adjoint),
                given => by_row!(E, given, Binary [Mul, Div, Max, Min],
                    OP => give(flow, 1, [adjoint, x, y, z], |[a, x, y, z]| carried(a, E::slopes(OP, x, y, z).1)),
                    op => give(flow, 1, [adjoint, x, y, z], |[a, x, y, z]| carried(a, E::slopes_any(op, x, y, z).1))),
            }
        }
    }
}

impl<T: Scalar> Tensor<T> {
    /// Element by element, after broadcasting.
    #[track_caller]
    pub(crate) fn with(&self, op: Binary, other: &Tensor<T>) -> Tensor<T> {
        let [x, y] = broadcast([self, other], op.name());
        Tensor::of(Elementwise(op), &[&x, &y], x.shape())
    }

    /// The function `op` of the table, element by element after broadcasting: `x.binary(Binary::Add, &y)` is `&x + &y`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use downhill::real::Binary;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![3.0, 4.0]);
    /// assert_eq!(x.binary(Binary::Hypot, &array![4.0, 3.0]).view(), array![5.0, 5.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit: matched from the last axis on, lengths need to be equal, or 1 on one side.
    #[track_caller]
    pub fn binary(&self, op: Binary, other: impl Into<Tensor<T>>) -> Tensor<T> {
        self.with(op, &other.into())
    }
}

/// Views of arrays in the shape they have together.
#[track_caller]
pub(crate) fn broadcast<T: Scalar, const N: usize>(
    arrays: [&Tensor<T>; N],
    operation: &str,
) -> [Tensor<T>; N] {
    let mut shape = Shape::new();
    for array in arrays {
        shape = match common_shape(&shape, array.shape()) {
            Some(shape) => shape,
            None => misuse::shapes(
                operation,
                &shape,
                array.shape(),
                "matched from the last axis on, they need equal lengths, or 1 on one side, which is repeated",
            ),
        };
    }
    arrays.map(|array| array.seen_as(array.layout().broadcast(&shape).expect("the shape they have together")))
}

macro_rules! methods {
    ([] $($(#[$doc:meta])* $Name:ident $([$n:ident: $N:ty = $sample:expr])? $(fn $method:ident)? $(op $label:ident)?
        ($x:ident, $y:ident) = $z:ident $kernel:tt => $slopes:expr, on $domain:expr, away by $distance:expr, at $at:tt;)*) => {
        /// Every function of two arguments of the table, element by element with broadcasting.
        impl<T: Scalar> Tensor<T> {
            $(methods! { @ [$(#[$doc])*] $(fn $method)? $(op $label)?, $Name $(, $n: $N)?; $y })*
        }
    };
    (@ $docs:tt op $label:ident, $($rest:tt)*) => {};
    // The methods of these names take the largest and the smallest along axes.
    (@ $docs:tt fn max, $($rest:tt)*) => {};
    (@ $docs:tt fn min, $($rest:tt)*) => {};
    (@ [$(#[$doc:meta])*] fn $method:ident, $Name:ident $(, $n:ident: $N:ty)?; $y:ident) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $method(&self $(, $n: $N)?, $y: impl Argument<T>) -> Tensor<T> {
            $y.beside(Binary::$Name $(($n))?, self)
        }
    };
}

binary_table!(methods []);

impl<T: Scalar> Tensor<T> {
    /// The larger of two elements each; NaN only where both are. Of equal ones each has half the slope.
    #[track_caller]
    pub fn maximum(&self, y: impl Argument<T>) -> Tensor<T> {
        y.beside(Binary::Max, self)
    }

    /// The smaller of two elements each; NaN only where both are. Of equal ones each has half the slope.
    #[track_caller]
    pub fn minimum(&self, y: impl Argument<T>) -> Tensor<T> {
        y.beside(Binary::Min, self)
    }
}
