//! Functions of an array and a plain number, element by element: `x + 1`, `2 / x`.

use super::Tensor;
use super::each::{give, hand_on, map};
use super::element::{Element, by_row};
use super::layout::Layout;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;
use super::view::View;
use crate::real::Binary;

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct WithNumber {
    pub(crate) op: Binary,
    pub(crate) number: f64,
    /// Whether the number is the second argument.
    pub(crate) second: bool,
}

impl Rule for WithNumber {
    fn name(&self) -> &'static str {
        self.op.name()
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (x, c) = (inputs.at(0), E::of(self.number));
        let shape = x.shape();
        match self.second {
            true => by_row!(E, self.op, Binary [Add, Sub, Mul, Div, Max, Min],
                OP => map(out, shape, [x], |[x]| x.zip(OP, c)),
                op => map(out, shape, [x], |[x]| x.zip_any(op, c))),
            false => by_row!(E, self.op, Binary [Add, Sub, Mul, Div, Max, Min],
                OP => map(out, shape, [x], |[x]| c.zip(OP, x)),
                op => map(out, shape, [x], |[x]| c.zip_any(op, x))),
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, c) = (flow.input(0), E::of(self.number));
        let row = Layout::of_rows(x.shape());
        let [z, adjoint] = [flow.value, flow.adjoint].map(|numbers| View { numbers, layout: &row });
        match self.second {
            _ if self.op == Binary::Add || self.op == Binary::Sub && self.second => hand_on(flow, 0, adjoint),
            true => by_row!(E, self.op, Binary [Add, Sub, Mul, Div, Max, Min],
                OP => give(flow, 0, [adjoint, x, z], |[a, x, z]| carried(a, E::slopes(OP, x, c, z).0)),
                op => give(flow, 0, [adjoint, x, z], |[a, x, z]| carried(a, E::slopes_any(op, x, c, z).0))),
            false => by_row!(E, self.op, Binary [Add, Sub, Mul, Div, Max, Min],
                OP => give(flow, 0, [adjoint, x, z], |[a, x, z]| carried(a, E::slopes(OP, c, x, z).1)),
                op => give(flow, 0, [adjoint, x, z], |[a, x, z]| carried(a, E::slopes_any(op, c, x, z).1))),
        }
    }
}

impl<T: Scalar> Tensor<T> {
    /// `op(self, number)`
    #[track_caller]
    pub(crate) fn with_right(&self, op: Binary, number: T) -> Tensor<T> {
        Tensor::of(WithNumber { op, number: number.number(), second: true }, &[self], self.shape())
    }

    /// `op(number, self)`
    #[track_caller]
    pub(crate) fn with_left(&self, op: Binary, number: T) -> Tensor<T> {
        Tensor::of(WithNumber { op, number: number.number(), second: false }, &[self], self.shape())
    }
}
