//! Running sums along an axis.
//!
//! ```text
//! yᵣ = x₀ + … + xᵣ,   x̄ᵣ += ȳᵣ + … + ȳₙ
//! ```

use super::Tensor;
use super::each::put;
use super::element::Element;
use super::lines::{Lines, Tile, WIDTH};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::views::axis_of;

/// The input is in a row.
#[derive(Debug, Clone)]
pub(crate) struct Running(Lines);

impl Running {
    fn for_each_strip(&self, mut f: impl FnMut(Tile)) {
        self.0.for_each(|tile| tile.strips().for_each(&mut f));
    }
}

impl Rule for Running {
    fn name(&self) -> &'static str {
        "cumsum"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        let mut sums = [E::of(0.0); WIDTH];
        self.for_each_strip(|tile| {
            let sums = &mut sums[..tile.width];
            sums.fill(E::of(0.0));
            for r in 0..self.0.along {
                for ((sum, &x), out) in sums.iter_mut().zip(&x[tile.row(r)]).zip(&mut out[tile.row(r)]) {
                    *sum += x;
                    *out = *sum;
                }
            }
        });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let adjoint = flow.adjoint;
        let (target, fresh) = flow.row(0).expect("in a row");
        let mut sums = [E::of(0.0); WIDTH];
        self.for_each_strip(|tile| {
            let sums = &mut sums[..tile.width];
            sums.fill(E::of(0.0));
            for r in (0..self.0.along).rev() {
                let row = tile.row(r);
                for ((sum, &adjoint), target) in
                    sums.iter_mut().zip(&adjoint[row.clone()]).zip(&mut target[row])
                {
                    *sum += adjoint;
                    put(target, fresh, *sum);
                }
            }
        });
    }
}

impl<T: Scalar> Tensor<T> {
    /// The running sums along an axis: each element and those before it.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.cumsum(1).view(), array![[1.0, 3.0], [3.0, 7.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    pub fn cumsum(&self, axis: isize) -> Tensor<T> {
        let axis = axis_of("cumsum", axis, self.shape());
        let (row, lines, _) = self.lines(&[axis]);
        Tensor::of(Running(lines), &[&row], self.shape())
    }
}
