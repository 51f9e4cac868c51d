//! Sums of exponentials along axes, and shares in them, shifted by the largest element so that nothing overflows.
//!
//! ```text
//! y = ln Σ eˣⁱ,            x̄ᵢ += ȳ e^(xᵢ − y)
//! pᵢ = eˣⁱ / Σ eˣⁱ,        x̄ᵢ += pᵢ (p̄ᵢ − Σ p̄ p)
//! ln pᵢ = xᵢ − ln Σ eˣⁱ,   with l = ln p:  x̄ᵢ += l̄ᵢ − pᵢ Σ l̄
//! ```

use super::Tensor;
use super::axes::reductions;
use super::each::put;
use super::element::Element;
use super::extremes::larger;
use super::lines::{Buffers, Lines, Tile, WIDTH};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::unary::carried;
use super::views::axis_of;
use crate::real::Unary;

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct LogSumExp(Lines);

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct Softmax {
    lines: Lines,
    log: bool,
}

/// What each line is shifted by: its largest element as a constant, on which the result does not depend. An infinite one is
/// no shift.
#[inline(always)]
pub(super) fn shifts<E: Element>(tile: Tile, x: &[E], shifts: &mut [E; WIDTH]) {
    tile.reduce(x, shifts, E::of(f64::NEG_INFINITY), larger);
    for shift in &mut shifts[..tile.width] {
        let number = shift.number();
        *shift = E::of(if number.is_finite() { number } else { 0.0 });
    }
}

impl Rule for LogSumExp {
    fn name(&self) -> &'static str {
        "log_sum_exp"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        let (mut shift, mut sums, mut buffers) = ([E::of(0.0); WIDTH], [E::of(0.0); WIDTH], Buffers::new());
        self.0.for_each(|tile| {
            shifts(tile, x, &mut shift);
            let (sums, out) = (&mut sums[..tile.width], tile.own_mut(out));
            sums.fill(E::of(0.0));
            tile.exponentials(x, &shift, &mut buffers, |_, piece, terms| piece.add_to_sums(sums, terms));
            out.copy_from_slice(sums);
            buffers.apply(Unary::Ln, out);
            for (c, ((out, &shift), sum)) in out.iter_mut().zip(&shift).zip(sums).enumerate() {
                *out = match sum.number() {
                    0.0 => E::of(f64::NEG_INFINITY),
                    f64::INFINITY => infinite(tile.line(x, c)).0,
                    _ => shift + *out,
                };
            }
        });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, y, adjoint) = (flow.input(0).row().expect("in a row"), flow.value, flow.adjoint);
        let ((target, fresh), mut buffers) = (flow.row(0).expect("in a row"), Buffers::new());
        self.0.for_each(|tile| {
            let (y, adjoint) = (tile.own(y), tile.own(adjoint));
            if y.iter().all(|y| !y.number().is_infinite()) {
                return tile.exponentials(x, y, &mut buffers, |places, piece, shares| {
                    let flows = |[share]: [E; 1], [adjoint]: [E; 1]| carried(adjoint, share);
                    piece.give(&mut target[places], fresh, [shares], [adjoint], flows);
                });
            }
            for (c, (&y, &adjoint)) in y.iter().zip(adjoint).enumerate() {
                let (_, count) = infinite(tile.line(x, c));
                for r in 0..self.0.along {
                    let x = x[tile.place(r, c)];
                    // The limits: infinite ones share alike; where all are −∞ there is no slope.
                    let share = match y.number() {
                        f64::INFINITY if x.number() == f64::INFINITY => E::of(1.0 / count),
                        f64::INFINITY | f64::NEG_INFINITY => E::of(0.0),
                        _ => (x - y).map(Unary::Exp),
                    };
                    put(&mut target[tile.place(r, c)], fresh, carried(adjoint, share));
                }
            }
        });
    }
}

/// The mean of the elements that are +∞, which they share, and how many they are.
fn infinite<E: Element>(line: impl Iterator<Item = E>) -> (E, f64) {
    let (mut sum, mut count) = (E::of(0.0), 0.0);
    for x in line.filter(|x| x.number() == f64::INFINITY) {
        sum += x;
        count += 1.0;
    }
    (sum / E::of(count), count)
}

impl Rule for Softmax {
    fn name(&self) -> &'static str {
        if self.log { "log_softmax" } else { "softmax" }
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        let (mut shift, mut sums, mut buffers) = ([E::of(0.0); WIDTH], [E::of(0.0); WIDTH], Buffers::new());
        self.lines.for_each(|tile| {
            shifts(tile, x, &mut shift);
            let sums = &mut sums[..tile.width];
            sums.fill(E::of(0.0));
            if self.log {
                tile.exponentials(x, &shift, &mut buffers, |_, piece, terms| piece.add_to_sums(sums, terms));
                buffers.apply(Unary::Ln, sums);
                return tile.update(out, [x], [&shift, sums], |_, [x], [shift, ln]| (x - shift) - ln);
            }
            tile.exponentials(x, &shift, &mut buffers, |places, piece, terms| {
                out[places].copy_from_slice(terms);
                piece.add_to_sums(sums, terms);
            });
            tile.update(out, [], [sums], |out, [], [sum]| out / sum);
        });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (y, adjoint) = (flow.value, flow.adjoint);
        let (target, fresh) = flow.row(0).expect("in a row");
        let (shift, mut sums, mut buffers) = ([E::of(0.0); WIDTH], [E::of(0.0); WIDTH], Buffers::new());
        self.lines.for_each(|tile| {
            if self.log {
                tile.reduce(adjoint, &mut sums, E::of(0.0), |sum, x| sum + x);
                return tile.exponentials(y, &shift, &mut buffers, |places, piece, shares| {
                    let inputs = [&adjoint[places.clone()], shares];
                    piece.give(&mut target[places], fresh, inputs, [&sums], |[adjoint, share], [sum]| {
                        adjoint - carried(sum, share)
                    });
                });
            }
            tile.dot(y, adjoint, &mut sums);
            tile.give(target, fresh, [y, adjoint], [&sums], |[y, adjoint], [sum]| y * (adjoint - sum));
        });
    }
}

#[track_caller]
fn log_sum_exp<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize]) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    Tensor::of(LogSumExp(lines), &[&row], &left)
}

reductions! {
    /// `ln Σ eˣ` over all elements, shifted by the largest so that nothing overflows; of none, −∞. Its slopes are the
    /// [`softmax`](Tensor::softmax).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1000.0, 1000.0], [0.0, f64::NEG_INFINITY]]);
    /// assert_eq!(x.log_sum_exp_axis(1).view(), array![1000.0 + 2f64.ln(), 0.0].into_dyn());
    /// ```
    log_sum_exp => log_sum_exp log_sum_exp_axis log_sum_exp_axes ();
}

impl<T: Scalar> Tensor<T> {
    /// The softmax `eˣ / Σ eˣ` along an axis: shares that add up to 1. Shifted by the largest element so that nothing
    /// overflows; one node. NaN where all elements are −∞, or one is +∞.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1000.0, 1000.0], [0.0, f64::NEG_INFINITY]]);
    /// assert_eq!(x.softmax(1).view(), array![[0.5, 0.5], [1.0, 0.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    pub fn softmax(&self, axis: isize) -> Tensor<T> {
        let axis = axis_of("softmax", axis, self.shape());
        let (row, lines, _) = self.lines(&[axis]);
        Tensor::of(Softmax { lines, log: false }, &[&row], self.shape())
    }

    /// The logarithm of the [`softmax`](Tensor::softmax) along an axis, `x − ln Σ eˣ`, without the underflow of computing that
    /// first.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![0.0, -1000.0]);
    /// assert_eq!(x.log_softmax(0).view(), array![0.0, -1000.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    pub fn log_softmax(&self, axis: isize) -> Tensor<T> {
        let axis = axis_of("log_softmax", axis, self.shape());
        let (row, lines, _) = self.lines(&[axis]);
        Tensor::of(Softmax { lines, log: true }, &[&row], self.shape())
    }
}
