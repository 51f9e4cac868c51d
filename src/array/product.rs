//! Products along axes.
//!
//! ```text
//! y = Π x,   x̄ᵢ += ȳ (x₁ ⋯ xᵢ₋₁) (xᵢ₊₁ ⋯ xₙ)
//! ```
//!
//! Without dividing by xᵢ, so that zeros among the factors do no harm.

use smallvec::SmallVec;

use super::Tensor;
use super::axes::reductions;
use super::each::put;
use super::element::Element;
use super::lines::{Lines, WIDTH};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct Factors(Lines);

impl Rule for Factors {
    fn name(&self) -> &'static str {
        "prod"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        self.0.for_each(|tile| tile.reduce(x, tile.own_mut(out), E::of(1.0), |product, x| product * x));
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, adjoint) = (flow.input(0).row().expect("in a row"), flow.adjoint);
        let (target, fresh) = flow.row(0).expect("in a row");
        let mut before: SmallVec<[E; WIDTH]> = SmallVec::new();
        self.0.for_each(|tile| {
            for (c, &adjoint) in tile.own(adjoint).iter().enumerate() {
                let mut product = E::of(1.0);
                before.clear();
                before.extend(tile.line(x, c).map(|x| {
                    let next = product * x;
                    std::mem::replace(&mut product, next)
                }));
                let mut after = E::of(1.0);
                for (r, &before) in before.iter().enumerate().rev() {
                    let place = tile.place(r, c);
                    put(&mut target[place], fresh, carried(adjoint, before * after));
                    after = after * x[place];
                }
            }
        });
    }
}

#[track_caller]
fn prod<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    Tensor::of(Factors(lines), &[&row], &left)
}

reductions! {
    /// The product of all elements; of none, 1. Its slopes are right with zeros among the factors too.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[2.0, 3.0], [0.0, 4.0]]);
    /// assert_eq!(x.prod_axis(1).view(), array![6.0, 0.0].into_dyn());
    /// assert_eq!(x.prod().backward().wrt(&x), array![[0.0, 0.0], [24.0, 0.0]].into_dyn());
    /// ```
    prod => prod prod_axis prod_axes ();
}
