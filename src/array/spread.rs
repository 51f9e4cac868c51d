//! Variances and standard deviations along axes.
//!
//! ```text
//! v = Σ (xᵢ − m)² / (n − d),   x̄ᵢ += v̄ · 2 (xᵢ − m) / (n − d)
//! s = √v,                      x̄ᵢ += s̄ · (xᵢ − m) / (s (n − d))
//! ```

use super::Tensor;
use super::axes::reductions;
use super::element::Element;
use super::lines::{Lines, Tile, WIDTH};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use crate::real::Unary;

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct Spread {
    lines: Lines,
    ddof: usize,
    root: bool,
}

impl Spread {
    /// `n − d`, or 0.
    fn freedom<E: Element>(&self) -> E {
        E::of(self.lines.along.saturating_sub(self.ddof) as f64)
    }

    #[inline(always)]
    fn means<E: Element>(&self, tile: Tile, x: &[E], means: &mut [E; WIDTH]) {
        let n = E::of(self.lines.along as f64);
        tile.reduce(x, means, E::of(0.0), |sum, x| sum + x);
        means[..tile.width].iter_mut().for_each(|mean| *mean = *mean / n);
    }
}

impl Rule for Spread {
    fn name(&self) -> &'static str {
        if self.root { "std" } else { "var" }
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        let (mut means, freedom) = ([E::of(0.0); WIDTH], self.freedom());
        self.lines.for_each(|tile| {
            self.means(tile, x, &mut means);
            let out = tile.own_mut(out);
            let square = |x: E, mean: E| (x - mean) * (x - mean);
            tile.fold((x, &means), out, E::of(0.0), square, |sum, x| sum + x);
            out.iter_mut().for_each(|out| *out = *out / freedom);
        });
        if self.root {
            // A variance of 0 stays as it is, without the infinite slope of the root.
            let root = |x: E| if x.number() == 0.0 { E::of(0.0) } else { x.map(Unary::Sqrt) };
            out.iter_mut().for_each(|out| *out = root(*out));
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, y, adjoint) = (flow.input(0).row().expect("in a row"), flow.value, flow.adjoint);
        let (target, fresh) = flow.row(0).expect("in a row");
        let (mut means, mut weights) = ([E::of(0.0); WIDTH], [E::of(0.0); WIDTH]);
        let freedom = self.freedom::<E>();
        self.lines.for_each(|tile| {
            self.means(tile, x, &mut means);
            for ((weight, &y), &adjoint) in weights.iter_mut().zip(tile.own(y)).zip(tile.own(adjoint)) {
                *weight = match self.root {
                    _ if adjoint.is_nil() || self.root && y.number() == 0.0 => E::of(0.0),
                    true => adjoint / (y * freedom),
                    false => adjoint * E::of(2.0) / freedom,
                };
            }
            tile.give(target, fresh, [x], [&means, &weights], |[x], [mean, weight]| weight * (x - mean));
        });
    }
}

#[track_caller]
fn var<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize], ddof: usize) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    Tensor::of(Spread { lines, ddof, root: false }, &[&row], &left)
}

#[track_caller]
fn std<T: Scalar>(_: &str, x: &Tensor<T>, axes: &[usize], ddof: usize) -> Tensor<T> {
    let (row, lines, left) = x.lines(axes);
    Tensor::of(Spread { lines, ddof, root: true }, &[&row], &left)
}

reductions! {
    /// The variance of all `n` elements, `Σ (x − mean)² / (n − ddof)`: with `ddof` 0 their own, with 1 the estimate for what they
    /// are a sample of. Two passes: the mean, then the squares. Of `ddof` elements or fewer it is NaN or infinite.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [3.0, 6.0]]);
    /// assert_eq!(x.var(0).value(), 3.5);
    /// assert_eq!(x.var_axis(1, 1).view(), array![0.5, 4.5].into_dyn());
    /// ```
    var => var var_axis var_axes (ddof: usize);

    /// The standard deviation of all `n` elements, the root of [`var`](Tensor::var). Where it is 0 it has the slope 0.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 3.0], [2.0, 6.0]]);
    /// assert_eq!(x.std_axis(1, 0).view(), array![1.0, 2.0].into_dyn());
    /// ```
    std => std std_axis std_axes (ddof: usize);
}
