//! Every operation on arrays: a list, so that a recording needs no memory for each.

use super::algebra::{self, Stack};
use super::element::Element;
use super::step::{Failure, Flow, Inputs, Rule};

macro_rules! operations {
    ($($Name:ident: $Type:ty,)*) => {
        /// An operation on arrays.
        #[derive(Debug, Clone)]
        pub(crate) enum Op { $($Name($Type)),* }

        $(impl From<$Type> for Op {
            fn from(rule: $Type) -> Op {
                Op::$Name(rule)
            }
        })*

        impl Rule for Op {
            fn name(&self) -> &'static str {
                match self { $(Op::$Name(rule) => rule.name()),* }
            }

            fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
                match self { $(Op::$Name(rule) => rule.forward(inputs, out)),* }
            }

            fn backward<E: Element>(&self, flow: &mut Flow<E>) {
                match self { $(Op::$Name(rule) => rule.backward(flow)),* }
            }
        }
    };
}

operations! {
    Copied: super::copy::Copied,
    Unary: super::unary::Elementwise,
    Binary: super::binary::Elementwise,
    Number: super::number::WithNumber,
    Sum: super::sum::Sum,
    Product: super::matmul::Product,
    Extreme: super::extremes::Extreme,
    Factors: super::product::Factors,
    Running: super::running::Running,
    Spread: super::spread::Spread,
    Length: super::norm::Length,
    Dots: super::dots::Dots,
    LogSumExp: super::softmax::LogSumExp,
    Softmax: super::softmax::Softmax,
    CrossEntropy: super::cross_entropy::CrossEntropy,
    Choice: super::choice::Choice,
    Ternary: super::ternary::Elementwise,
    Clip: super::ternary::Clip,
    Concat: super::joining::Concat,
    Pad: super::joining::Pad,
    Take: super::indexing::Take,
    Gather: super::indexing::Gather,
    ScatterAdd: super::indexing::ScatterAdd,
    Conv: super::conv::Convolution,
    MaxPool: super::pooling::MaxPool,
    AvgPool: super::pooling::AvgPool,
    Cholesky: Stack<algebra::Cholesky>,
    Solve: Stack<algebra::Solve>,
    Triangular: Stack<algebra::Triangular>,
    Inverse: Stack<algebra::Inverse>,
    LogDet: Stack<algebra::LogDet>,
    Det: Stack<algebra::Det>,
    Qr: Stack<algebra::Qr>,
    Svd: Stack<algebra::Svd>,
    Eigh: Stack<algebra::Eigh>,
    LeastSquares: Stack<algebra::LeastSquares>,
    Exp: Stack<algebra::Exp>,
}
