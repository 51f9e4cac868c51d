//! The elements again, in a row: what a reshape needs of an array whose elements lie otherwise.

use super::Tensor;
use super::each::{hand_on, map};
use super::element::Element;
use super::layout::Layout;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::View;

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Copied;

impl Rule for Copied {
    fn name(&self) -> &'static str {
        "copy"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let input = inputs.at(0);
        map(out, input.shape(), [input], |[x]| x);
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let layout = Layout::of_rows(flow.input(0).shape());
        let adjoint = View { numbers: flow.adjoint, layout: &layout };
        hand_on(flow, 0, adjoint);
    }
}

impl<T: Scalar> Tensor<T> {
    /// The same elements in a row, copied if they lie otherwise.
    #[track_caller]
    pub(crate) fn in_a_row(&self) -> Tensor<T> {
        if self.layout().is_contiguous() { self.clone() } else { Tensor::of(Copied, &[self], self.shape()) }
    }
}
