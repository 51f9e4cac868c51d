//! Functions of three arguments, element by element, with broadcasting: the rows of the table; and `clip`, with numbers.
//!
//! ```text
//! z = f(x, a, b),   x̄ += z̄ ∂f/∂x,   ā += z̄ ∂f/∂a,   b̄ += z̄ ∂f/∂b
//! ```

use super::binary::broadcast;
use super::each::{add, map};
use super::element::Element;
use super::layout::Layout;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;
use super::view::View;
use super::{Tensor, misuse};
use crate::real::{Ternary, ternary_table};

/// Inputs have one shape, broadcast.
#[derive(Debug, Clone)]
pub(crate) struct Elementwise(Ternary);

impl Rule for Elementwise {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let inputs = [0, 1, 2].map(|k| inputs.at(k));
        map(out, inputs[0].shape(), inputs, |[x, a, b]| x.zip3(self.0, a, b));
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let [x, a, b] = [0, 1, 2].map(|k| flow.input(k));
        let row = Layout::of_rows(x.shape());
        let adjoint = View { numbers: flow.adjoint, layout: &row };
        for k in 0..3 {
            if flow.varies(k) {
                add(flow.target(k), [adjoint, x, a, b], |[adjoint, x, a, b]| {
                    let (to_x, to_a, to_b) = E::slopes3(self.0, x, a, b);
                    carried(adjoint, [to_x, to_a, to_b][k])
                });
            }
        }
    }
}

/// Between two numbers.
#[derive(Debug, Clone)]
pub(crate) struct Clip {
    low: f64,
    high: f64,
}

impl Rule for Clip {
    fn name(&self) -> &'static str {
        "clip"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (x, [low, high]) = (inputs.at(0), [self.low, self.high].map(E::of));
        map(out, x.shape(), [x], |[x]| {
            let x = if x < low { low } else { x };
            if x > high { high } else { x }
        });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, [low, high]) = (flow.input(0), [self.low, self.high].map(E::of));
        let row = Layout::of_rows(x.shape());
        let adjoint = View { numbers: flow.adjoint, layout: &row };
        add(
            flow.target(0),
            [adjoint, x],
            |[adjoint, x]| {
                if (x < low) | (x > high) { E::of(0.0) } else { adjoint }
            },
        );
    }
}

macro_rules! methods {
    ([] $($(#[$doc:meta])* $Name:ident fn $method:ident ($x:ident, $a:ident, $b:ident) = $kernel:tt => $slopes:expr,
        on $domain:expr, away by $distance:expr, at $at:tt;)*) => {
        /// Every function of three arguments of the table, element by element with broadcasting.
        impl<T: Scalar> Tensor<T> {
            $($(#[$doc])*
            #[track_caller]
            pub fn $method(&self, $a: impl Into<Tensor<T>>, $b: impl Into<Tensor<T>>) -> Tensor<T> {
                ternary(Ternary::$Name, self, $a.into(), $b.into())
            })*
        }
    };
}

ternary_table!(methods []);

#[track_caller]
fn ternary<T: Scalar>(op: Ternary, x: &Tensor<T>, a: Tensor<T>, b: Tensor<T>) -> Tensor<T> {
    let [x, a, b] = broadcast([x, &a, &b], op.name());
    if op == Ternary::Clamp {
        for (low, high) in a.view().iter().zip(b.view().iter()) {
            check_bounds("clamp", low.number(), high.number());
        }
    }
    Tensor::of(Elementwise(op), &[&x, &a, &b], x.shape())
}

#[track_caller]
fn check_bounds(operation: &str, low: f64, high: f64) {
    // As a comparison that does not hold of NaN.
    if low <= high {
        return;
    }
    misuse::bounds(operation, low, high);
}

impl<T: Scalar> Tensor<T> {
    /// Each element kept between two numbers; NaN stays NaN. Inside and at the bounds the slope is 1, outside 0. For bounds that
    /// are arrays, see [`clamp`](Tensor::clamp).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![-3.0, 0.5, 1.0]);
    /// assert_eq!(x.clip(-1.0, 1.0).view(), array![-1.0, 0.5, 1.0].into_dyn());
    /// assert_eq!(x.clip(-1.0, 1.0).sum().backward().wrt(&x), array![0.0, 1.0, 1.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// Unless `low <= high`.
    #[track_caller]
    pub fn clip(&self, low: T, high: T) -> Tensor<T> {
        let (low, high) = (low.number(), high.number());
        check_bounds("clip", low, high);
        Tensor::of(Clip { low, high }, &[self], self.shape())
    }
}
