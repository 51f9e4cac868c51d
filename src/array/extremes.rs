//! The largest and the smallest element along axes, and where it is.
//!
//! ```text
//! y = max x,   x̄ᵢ += ȳ / k  where xᵢ = y,  of k equal ones each
//! ```

use ndarray::{ArrayD, IxDyn};

use super::axes::reductions;
use super::element::Element;
use super::lines::{Lines, WIDTH};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::views::axis_of;
use super::{Tensor, misuse};

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct Extreme {
    lines: Lines,
    largest: bool,
}

/// The larger of two, or NaN.
#[inline(always)]
pub(super) fn larger<E: Element>(x: E, y: E) -> E {
    // Both are compared, without a branch.
    if (y > x) | is_nan(y) { y } else { x }
}

#[inline(always)]
fn smaller<E: Element>(x: E, y: E) -> E {
    if (y < x) | is_nan(y) { y } else { x }
}

#[inline(always)]
#[allow(clippy::eq_op, reason = "NaN is what differs from itself")]
pub(super) fn is_nan<E: Element>(x: E) -> bool {
    x != x
}

impl Rule for Extreme {
    fn name(&self) -> &'static str {
        if self.largest { "max" } else { "min" }
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        match self.largest {
            true => self.lines.for_each(|tile| {
                let least = E::of(f64::NEG_INFINITY);
                tile.reduce(x, tile.own_mut(out), least, larger);
            }),
            false => self.lines.for_each(|tile| {
                let greatest = E::of(f64::INFINITY);
                tile.reduce(x, tile.own_mut(out), greatest, smaller);
            }),
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, y, adjoint) = (flow.input(0).row().expect("in a row"), flow.value, flow.adjoint);
        let (target, fresh) = flow.row(0).expect("in a row");
        let (nil, one) = (E::of(0.0), E::of(1.0));
        let mut shares = [nil; WIDTH];
        self.lines.for_each(|tile| {
            let (y, adjoint) = (tile.own(y), tile.own(adjoint));
            let equal = |x: E, y: E| (x == y) | (is_nan(x) & is_nan(y));
            let count = |x, y| if equal(x, y) { one } else { nil };
            tile.fold((x, y), &mut shares, nil, count, |sum, x| sum + x);
            shares.iter_mut().zip(adjoint).for_each(|(share, &adjoint)| *share = adjoint / *share);
            tile.give(
                target,
                fresh,
                [x],
                [y, &shares],
                |[x], [y, share]| if equal(x, y) { share } else { nil },
            );
        });
    }
}

#[track_caller]
fn extreme<T: Scalar>(name: &str, x: &Tensor<T>, axes: &[usize], largest: bool) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    if lines.along == 0 && lines.count() > 0 {
        misuse::shape(name, x.shape(), "it needs an element at least along the axes that are taken together");
    }
    Tensor::of(Extreme { lines, largest }, &[&row], &left)
}

#[track_caller]
fn max<T: Scalar>(name: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    extreme(name, x, axes, true)
}

#[track_caller]
fn min<T: Scalar>(name: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    extreme(name, x, axes, false)
}

reductions! {
    /// The largest of all elements; NaN if one is NaN. Equal ones have equal shares of the slope. For the larger of two arrays
    /// each, see [`maximum`](Tensor::maximum).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[1.0, 4.0], [4.0, 3.0]]);
    /// assert_eq!(x.max_axis(1).view(), array![4.0, 4.0].into_dyn());
    /// assert_eq!(x.max().backward().wrt(&x), array![[0.0, 0.5], [0.5, 0.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there are no elements.
    max => max max_axis max_axes ();

    /// The smallest of all elements; NaN if one is NaN. Equal ones have equal shares of the slope. For the smaller of two arrays
    /// each, see [`minimum`](Tensor::minimum).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [4.0, 3.0]]);
    /// assert_eq!(x.min().value(), 1.0);
    /// assert_eq!(x.min_axis(0).view(), array![1.0, 2.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there are no elements.
    min => min min_axis min_axes ();
}

impl<T: Scalar> Tensor<T> {
    /// Where the largest element along an axis is, the first of equal ones; a NaN counts as the largest. No derivative flows.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [4.0, 3.0]]);
    /// assert_eq!(x.argmax(1), array![1, 0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis, or no element along it.
    #[track_caller]
    pub fn argmax(&self, axis: isize) -> ArrayD<usize> {
        place("argmax", self, axis, |best, x| x > best)
    }

    /// Where the smallest element along an axis is, the first of equal ones; a NaN counts as the smallest. No derivative flows.
    ///
    /// # Panics
    ///
    /// If there is no such axis, or no element along it.
    #[track_caller]
    pub fn argmin(&self, axis: isize) -> ArrayD<usize> {
        place("argmin", self, axis, |best, x| x < best)
    }
}

#[track_caller]
fn place<T: Scalar>(name: &str, x: &Tensor<T>, axis: isize, better: impl Fn(T, T) -> bool) -> ArrayD<usize> {
    let axis = axis_of(name, axis, x.shape());
    let (row, lines, left) = x.detach().lines(&[axis]);
    if lines.along == 0 && lines.count() > 0 {
        misuse::shape(name, x.shape(), "it needs an element at least along the axis");
    }
    let numbers = row.view_in().row().expect("in a row");
    let mut places = Vec::with_capacity(lines.count());
    lines.for_each(|tile| {
        for c in 0..tile.width {
            let (mut best, mut at) = (numbers[tile.place(0, c)], 0);
            for (r, x) in tile.line(numbers, c).enumerate() {
                if better(best, x) || is_nan(x) && !is_nan(best) {
                    (best, at) = (x, r);
                }
            }
            places.push(at);
        }
    });
    ArrayD::from_shape_vec(IxDyn(&left), places).expect("an index for each line")
}
