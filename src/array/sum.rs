//! Sums along axes, and means.
//!
//! ```text
//! y = Σ x,     x̄ += ȳ, broadcast
//! y = Σ x / n, x̄ += ȳ / n
//! ```

use super::Tensor;
use super::axes::reductions;
use super::each::{add, give};
use super::element::Element;
use super::layout::{Layout, Shape};
use super::lines::{Lines, WIDTH};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::{View, ViewMut};

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    /// The layout of the result, which has the axes of the input: those that are summed along have the stride 0.
    to: Layout,
    /// How the elements lie if they are in a row and no other axes lie between those.
    lines: Option<Lines>,
    mean: bool,
}

impl Rule for Sum {
    fn name(&self) -> &'static str {
        if self.mean { "mean" } else { "sum" }
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0);
        let nil = E::of(0.0);
        match (self.lines, x.row()) {
            (Some(lines), Some(x)) => {
                lines.for_each(|tile| tile.reduce(x, tile.own_mut(out), nil, |sum, x| sum + x));
            }
            _ => {
                out.fill(nil);
                add(ViewMut { numbers: out, layout: &self.to }, [x], |[x]| x);
            }
        }
        if self.mean {
            let n = E::of(self.terms(out.len()));
            out.iter_mut().for_each(|out| *out = *out / n);
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let adjoint = flow.adjoint;
        let n = E::of(if self.mean { self.terms(adjoint.len()) } else { 1.0 });
        if let Some(lines) = self.lines {
            let (target, fresh) = flow.row(0).expect("lines are of elements in a row");
            let mut shares = [n; WIDTH];
            return lines.for_each(|tile| {
                shares.iter_mut().zip(tile.own(adjoint)).for_each(|(share, &adjoint)| *share = adjoint / n);
                tile.give(target, fresh, [], [&shares], |[], [share]| share);
            });
        }
        let adjoint = View { numbers: adjoint, layout: &self.to };
        match self.mean {
            true => give(flow, 0, [adjoint], |[adjoint]| adjoint / n),
            false => give(flow, 0, [adjoint], |[adjoint]| adjoint),
        }
    }
}

impl Sum {
    /// Elements for each one of the result.
    fn terms(&self, results: usize) -> f64 {
        (self.to.len() / results.max(1)) as f64
    }
}

/// What remains of a shape when some axes are taken together: the layout of the result in the shape of the input, with
/// stride 0 along those axes, and its own shape, without them or with the length 1.
pub(crate) fn reduced(shape: &[usize], along: impl Fn(usize) -> bool, keep: bool) -> (Layout, Shape) {
    let lengths: Shape = (0..shape.len()).map(|axis| if along(axis) { 1 } else { shape[axis] }).collect();
    let layout = Layout::of_rows(&lengths).broadcast(shape).expect("lengths are equal or 1");
    let left = (0..shape.len()).filter(|&axis| keep || !along(axis)).map(|axis| lengths[axis]).collect();
    (layout, left)
}

#[track_caller]
fn total<T: Scalar>(x: &Tensor<T>, axes: &[usize], mean: bool) -> Tensor<T> {
    let (to, left) = reduced(x.shape(), |axis| axes.contains(&axis), false);
    let lines = Lines::of(x.shape(), axes).filter(|_| x.layout().is_contiguous());
    Tensor::of(Sum { to, lines, mean }, &[x], &left)
}

/// The sum along some axes, which the result has not any more.
#[track_caller]
pub(super) fn sum_along<T: Scalar>(x: &Tensor<T>, along: impl Fn(usize) -> bool) -> Tensor<T> {
    let axes: Shape = (0..x.rank()).filter(|&axis| along(axis)).collect();
    total(x, &axes, false)
}

#[track_caller]
fn sum<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    total(x, axes, false)
}

#[track_caller]
fn mean<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    total(x, axes, true)
}

reductions! {
    /// The sum of all elements; of none, 0. Eight partial sums run beside one another, and are added in pairs.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.sum().value(), 10.0);
    /// assert_eq!(x.sum_axis(0).view(), array![4.0, 6.0].into_dyn());
    /// assert_eq!(x.sum_axes([0, -1]).value(), 10.0);
    /// // With the axis kept, at length 1:
    /// assert_eq!(x.sum_axis(1).insert_axis(1).shape(), [2, 1]);
    /// ```
    sum => sum sum_axis sum_axes ();

    /// The mean of all elements; of none, NaN.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.mean_axis(1).view(), array![1.5, 3.5].into_dyn());
    /// assert_eq!(x.mean().backward().wrt(&x), array![[0.25, 0.25], [0.25, 0.25]].into_dyn());
    /// ```
    mean => mean mean_axis mean_axes ();
}
