//! Functions of one argument, element by element: the rows of the table.
//!
//! ```text
//! y = f(x),   x̄ += ȳ f′(x)
//! ```

use super::Tensor;
use super::each::{give, map, put};
use super::element::{Element, by_row};
use super::layout::Layout;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::View;
use crate::real::{Unary, unary_table};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Elementwise(pub(crate) Unary);

impl Rule for Elementwise {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0);
        if let Some(row) = x.row()
            && E::values(self.0, row, out)
        {
            return Ok(());
        }
        by_row!(E, self.0, Unary [Neg, Abs, Recip, Sqrt, Relu, Powi(2)],
            OP => map(out, x.shape(), [x], |[x]| x.map(OP)),
            op => map(out, x.shape(), [x], |[x]| x.map_any(op)));
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let x = flow.input(0);
        let row = Layout::of_rows(x.shape());
        let [y, adjoint] = [flow.value, flow.adjoint].map(|numbers| View { numbers, layout: &row });
        if let Some(row) = x.row()
            && many(self.0, row, flow)
        {
            return;
        }
        by_row!(E, self.0, Unary [Neg, Abs, Recip, Sqrt, Exp, Ln, Relu, Powi(2)],
            OP => give(flow, 0, [adjoint, x, y], |[adjoint, x, y]| carried(adjoint, E::slope(OP, x, y))),
            op => give(flow, 0, [adjoint, x, y], |[adjoint, x, y]| carried(adjoint, E::slope_any(op, x, y))));
    }
}

/// Slopes that are computed at once.
const TILE: usize = 256;

/// Hands on what flows through slopes that are computed many at once, if there is a way to.
fn many<E: Element>(op: Unary, x: &[E], flow: &mut Flow<E>) -> bool {
    let (y, adjoint) = (flow.value, flow.adjoint);
    if !E::many_slopes(op, &[], &[], &mut []) {
        return false;
    }
    let Some((target, fresh)) = flow.row(0) else { return false };
    let mut slopes = [E::of(0.0); TILE];
    for (k, target) in target.chunks_mut(TILE).enumerate() {
        let tile = k * TILE..k * TILE + target.len();
        let slopes = &mut slopes[..target.len()];
        E::many_slopes(op, &x[tile.clone()], &y[tile.clone()], slopes);
        for ((target, &slope), &adjoint) in target.iter_mut().zip(&*slopes).zip(&adjoint[tile]) {
            put(target, fresh, carried(adjoint, slope));
        }
    }
    true
}

/// What flows through a slope: nothing, where nothing comes, be the slope infinite.
#[inline(always)]
pub(super) fn carried<E: Element>(adjoint: E, slope: E) -> E {
    if adjoint.is_nil() { E::of(0.0) } else { adjoint * slope }
}

macro_rules! methods {
    ([] $($(#[$doc:meta])* $Name:ident $([$n:ident: $N:ty = $($sample:expr),*])? $(fn $method:ident)? $(op $label:ident)?
        ($x:ident) = $y:ident $kernel:tt => $slope:expr, on $domain:expr, away from $far:tt, at $at:tt;)*) => {
        /// Every function of one argument of the table, element by element.
        impl<T: Scalar> Tensor<T> {
            $(methods! { @ [$(#[$doc])*] $(fn $method)? $(op $label)?, $Name $(, $n: $N)? })*
        }
    };
    (@ $docs:tt op $label:ident, $($rest:tt)*) => {};
    (@ [$(#[$doc:meta])*] fn $method:ident, $Name:ident $(, $n:ident: $N:ty)?) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $method(&self $(, $n: $N)?) -> Tensor<T> {
            Tensor::of(Elementwise(Unary::$Name $(($n))?), &[self], self.shape())
        }
    };
}

unary_table!(methods []);

impl<T: Scalar> Tensor<T> {
    /// The function `op` of the table, element by element: `x.unary(Unary::Exp)` is `x.exp()`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use downhill::real::Unary;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![0.0, 1.0]);
    /// assert_eq!(x.unary(Unary::Exp).view(), x.exp().view());
    /// ```
    #[track_caller]
    pub fn unary(&self, op: Unary) -> Tensor<T> {
        Tensor::of(Elementwise(op), &[self], self.shape())
    }
}

impl<T: Scalar> Tensor<T> {
    /// The square of each element.
    #[track_caller]
    pub fn square(&self) -> Tensor<T> {
        self.powi(2)
    }
}

impl<T: Scalar> std::ops::Neg for &Tensor<T> {
    type Output = Tensor<T>;

    #[track_caller]
    fn neg(self) -> Tensor<T> {
        Tensor::of(Elementwise(Unary::Neg), &[self], self.shape())
    }
}

impl<T: Scalar> std::ops::Neg for Tensor<T> {
    type Output = Tensor<T>;

    #[track_caller]
    fn neg(self) -> Tensor<T> {
        -&self
    }
}
