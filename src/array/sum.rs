//! Sums along axes.
//!
//! ```text
//! y = Σ x,   x̄ += ȳ, broadcast
//! ```

use super::Tensor;
use super::each::{add, give, sum};
use super::element::Element;
use super::layout::{Layout, Shape};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::{View, ViewMut};
use super::views::axis_of;

/// The layout of the result, which has the axes of the input: those that are summed along have the stride 0.
#[derive(Debug, Clone)]
pub(crate) struct Sum(Layout);

impl Rule for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0);
        if let (1, Some(row)) = (out.len(), x.row()) {
            out[0] = sum(row);
            return Ok(());
        }
        out.fill(E::of(0.0));
        add(ViewMut { numbers: out, layout: &self.0 }, [x], |[x]| x);
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let adjoint = View { numbers: flow.adjoint, layout: &self.0 };
        give(flow, 0, [adjoint], |[adjoint]| adjoint);
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

impl<T: Scalar> Tensor<T> {
    /// The sum of all elements.
    #[track_caller]
    pub fn sum(&self) -> Tensor<T> {
        let (layout, _) = reduced(self.shape(), |_| true, false);
        Tensor::of(Sum(layout), &[self], &[])
    }

    /// The sums along an axis, which the result has not any more; −1 is the last one.
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    pub fn sum_axis(&self, axis: isize) -> Tensor<T> {
        let axis = axis_of("sum_axis", axis, self.shape());
        let (layout, left) = reduced(self.shape(), |other| other == axis, false);
        Tensor::of(Sum(layout), &[self], &left)
    }
}
