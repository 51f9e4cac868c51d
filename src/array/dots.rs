//! Inner products along axes, and squared lengths, without the products as an array.
//!
//! ```text
//! z = Σ xᵢ yᵢ,   x̄ᵢ += z̄ yᵢ,   ȳᵢ += z̄ xᵢ
//! z = Σ xᵢ²,     x̄ᵢ += z̄ 2 xᵢ
//! ```

use super::Tensor;
use super::axes::reductions;
use super::binary::broadcast;
use super::element::Element;
use super::lines::Lines;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;
use super::views::axis_of;

/// Of two arrays in a row, or of one with itself.
#[derive(Debug, Clone)]
pub(crate) struct Dots {
    lines: Lines,
    one: bool,
}

impl Rule for Dots {
    fn name(&self) -> &'static str {
        if self.one { "norm_squared" } else { "vecdot" }
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        let y = if self.one { x } else { inputs.at(1).row().expect("in a row") };
        self.lines.for_each(|tile| tile.dot(x, y, tile.own_mut(out)));
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let adjoint = flow.adjoint;
        if self.one {
            let x = flow.input(0).row().expect("in a row");
            let (target, fresh) = flow.row(0).expect("in a row");
            return self.lines.for_each(|tile| {
                let flows = |[x]: [E; 1], [adjoint]: [E; 1]| carried(adjoint, x + x);
                tile.give(target, fresh, [x], [tile.own(adjoint)], flows);
            });
        }
        for k in 0..2 {
            if !flow.varies(k) {
                continue;
            }
            let other = flow.input(1 - k).row().expect("in a row");
            let (target, fresh) = flow.row(k).expect("in a row");
            self.lines.for_each(|tile| {
                let flows = |[other]: [E; 1], [adjoint]: [E; 1]| carried(adjoint, other);
                tile.give(target, fresh, [other], [tile.own(adjoint)], flows);
            });
        }
    }
}

/// The inner products along `axes`, which are in order, of arrays of one shape.
#[track_caller]
pub(super) fn dots<T: Scalar>(x: &Tensor<T>, y: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    let ((x, lines, left), (y, ..)) = (x.lines(axes), y.lines(axes));
    Tensor::of(Dots { lines, one: false }, &[&x, &y], &left)
}

#[track_caller]
fn norm_squared<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    Tensor::of(Dots { lines, one: true }, &[&row], &left)
}

reductions! {
    /// The squared Euclidean length `Σ x²` of all elements: `x.square().sum()` in one step, without the squares as an array.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[3.0, 4.0], [0.0, 1.0]]);
    /// assert_eq!(x.norm_squared_axis(1).view(), array![25.0, 1.0].into_dyn());
    /// let gradient = x.norm_squared().backward();
    /// assert_eq!(gradient.wrt(&x), array![[6.0, 8.0], [0.0, 2.0]].into_dyn());
    /// ```
    norm_squared => norm_squared norm_squared_axis norm_squared_axes ();
}

impl<T: Scalar> Tensor<T> {
    /// The inner products along an axis, of arrays that are first broadcast: `(&x * &y).sum_axis(axis)` in one step, without the
    /// products as an array; −1 is the last axis. NumPy's `vecdot`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.vecdot(&array![10.0, 1.0], 1).view(), array![12.0, 34.0].into_dyn());
    /// assert_eq!(x.vecdot(&x, 0).view(), array![10.0, 20.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit: matched from the last axis on, lengths need to be equal, or 1 on one side. If there is no such
    /// axis.
    #[track_caller]
    pub fn vecdot(&self, y: impl Into<Tensor<T>>, axis: isize) -> Tensor<T> {
        let [x, y] = broadcast([self, &y.into()], "vecdot");
        let axis = axis_of("vecdot", axis, x.shape());
        dots(&x, &y, &[axis])
    }
}
