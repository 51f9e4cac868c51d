//! Euclidean lengths along axes.
//!
//! ```text
//! y = √Σ xᵢ²,   x̄ᵢ += ȳ xᵢ / y,  nothing at the origin
//! ```
//!
//! Where the squares go beyond the range of the numbers, or below it, the line is divided by its largest element first.

use super::Tensor;
use super::axes::reductions;
use super::each::put;
use super::element::Element;
use super::lines::Lines;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;
use crate::real::Unary;

/// Below this the squares of a line may have lost digits, in single precision.
const SMALL: f64 = 1e-30;

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct Length(Lines);

impl Rule for Length {
    fn name(&self) -> &'static str {
        "norm"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        self.0.for_each(|tile| {
            let out = tile.own_mut(out);
            tile.dot(x, x, out);
            for (c, out) in out.iter_mut().enumerate() {
                *out = match out.number() {
                    sum if sum > SMALL && sum < f64::INFINITY => out.map(Unary::Sqrt),
                    _ => scaled(|| tile.line(x, c)).0,
                };
            }
        });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, y, adjoint) = (flow.input(0).row().expect("in a row"), flow.value, flow.adjoint);
        let (target, fresh) = flow.row(0).expect("in a row");
        self.0.for_each(|tile| {
            let (y, adjoint) = (tile.own(y), tile.own(adjoint));
            if y.iter().all(|y| y.number() > 0.0 && y.number() < f64::INFINITY) {
                let flows = |[x]: [E; 1], [y, adjoint]: [E; 2]| carried(adjoint, x / y);
                return tile.give(target, fresh, [x], [y, adjoint], flows);
            }
            for (c, (&y, &adjoint)) in y.iter().zip(adjoint).enumerate() {
                let (_, largest, root) = scaled(|| tile.line(x, c));
                for r in 0..self.0.along {
                    let place = tile.place(r, c);
                    let slope = match y.number() {
                        0.0 => E::of(0.0),
                        y_number if y_number < f64::INFINITY => x[place] / y,
                        _ => unit(x[place], largest) / root,
                    };
                    put(&mut target[place], fresh, carried(adjoint, slope));
                }
            }
        });
    }
}

/// The length, the largest magnitude, and the length in units of it.
fn scaled<E: Element, I: Iterator<Item = E>>(line: impl Fn() -> I) -> (E, f64, E) {
    let largest = line().fold(0.0, |largest: f64, x| largest.max(x.number().abs()));
    let mut squares = E::of(0.0);
    line().for_each(|x| squares += unit(x, largest) * unit(x, largest));
    if squares.number() == 0.0 {
        return (E::of(0.0), largest, E::of(0.0));
    }
    let root = squares.map(Unary::Sqrt);
    let infinite = largest == f64::INFINITY && !root.number().is_nan();
    (if infinite { E::of(largest) } else { E::of(largest) * root }, largest, root)
}

/// An element divided by the largest magnitude; where that is infinite, the limit.
fn unit<E: Element>(x: E, largest: f64) -> E {
    match largest {
        0.0 => x,
        f64::INFINITY if x.number().is_nan() => E::of(f64::NAN),
        f64::INFINITY if x.number().is_infinite() => E::of(x.number().signum()),
        f64::INFINITY => E::of(0.0),
        _ => x / E::of(largest),
    }
}

#[track_caller]
fn norm<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    Tensor::of(Length(lines), &[&row], &left)
}

reductions! {
    /// The Euclidean length `√Σ x²` of all elements, without overflow or underflow on the way. At the origin the slope is 0.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[3.0, 4.0], [0.0, 0.0]]);
    /// assert_eq!(x.norm().value(), 5.0);
    /// let gradient = x.norm_axis(1).sum().backward();
    /// assert_eq!(gradient.wrt(&x), array![[0.6, 0.8], [0.0, 0.0]].into_dyn());
    /// ```
    norm => norm norm_axis norm_axes ();
}
