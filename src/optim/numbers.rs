//! What an optimizer steps: numbers in a row, and how they are divided into arrays.

use std::sync::Arc;

use ndarray::{Array, Dimension};

use crate::params::{Element, Layout, Params};

/// Numbers in a row: a slice, an array of Rust, a `Vec`, an `ndarray` array in row-major order, or named
/// [`Params`].
///
/// [`Optimizer::step`](super::Optimizer::step) takes any of them, for the variables and for the gradient.
///
/// ```
/// use downhill::optim::Numbers;
///
/// fn length<N: Numbers<f64> + ?Sized>(x: &N) -> usize {
///     x.numbers().len()
/// }
/// assert_eq!(length(&[1.0, 2.0]) + length(&vec![3.0]) + length(&ndarray::array![[4.0]]), 4);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of `{T}`",
    note = "an optimizer steps slices, arrays, `Vec`s, `ndarray` arrays and `Params`; `optimizer()` makes one for `f64`, \
            `optimizer_for(&x)` one for the numbers of `x`"
)]
pub trait Numbers<T: Element> {
    /// The numbers: `[n]`.
    ///
    /// # Panics
    ///
    /// If an `ndarray` array is not in row-major order.
    fn numbers(&self) -> &[T];

    /// The numbers, to be written to.
    ///
    /// # Panics
    ///
    /// As [`numbers`](Numbers::numbers).
    fn numbers_mut(&mut self) -> &mut [T];

    /// How they are divided into arrays: one block for whatever has no names.
    fn layout(&self) -> Arc<Layout>;

    /// Whether they are divided in this way.
    fn is_laid_out(&self, layout: &Layout) -> bool {
        self.numbers().len() == layout.len()
    }
}

impl<T: Element> Numbers<T> for [T] {
    fn numbers(&self) -> &[T] {
        self
    }

    fn numbers_mut(&mut self) -> &mut [T] {
        self
    }

    fn layout(&self) -> Arc<Layout> {
        Arc::new(Layout::of_one(&[self.len()]))
    }
}

impl<T: Element, const N: usize> Numbers<T> for [T; N] {
    fn numbers(&self) -> &[T] {
        self
    }

    fn numbers_mut(&mut self) -> &mut [T] {
        self
    }

    fn layout(&self) -> Arc<Layout> {
        self.as_slice().layout()
    }
}

impl<T: Element> Numbers<T> for Vec<T> {
    fn numbers(&self) -> &[T] {
        self
    }

    fn numbers_mut(&mut self) -> &mut [T] {
        self
    }

    fn layout(&self) -> Arc<Layout> {
        self.as_slice().layout()
    }
}

impl<T: Element> Numbers<T> for Params<T> {
    fn numbers(&self) -> &[T] {
        self.values()
    }

    fn numbers_mut(&mut self) -> &mut [T] {
        self.values_mut()
    }

    fn layout(&self) -> Arc<Layout> {
        Arc::clone(self.layout())
    }

    fn is_laid_out(&self, layout: &Layout) -> bool {
        std::ptr::eq(Arc::as_ptr(self.layout()), layout) || **self.layout() == *layout
    }
}

impl<T: Element, D: Dimension> Numbers<T> for Array<T, D> {
    #[track_caller]
    fn numbers(&self) -> &[T] {
        assert!(self.is_standard_layout(), "{}", not_in_rows(self.shape()));
        self.as_slice().expect("in row-major order")
    }

    #[track_caller]
    fn numbers_mut(&mut self) -> &mut [T] {
        assert!(self.is_standard_layout(), "{}", not_in_rows(self.shape()));
        self.as_slice_mut().expect("in row-major order")
    }

    fn layout(&self) -> Arc<Layout> {
        Arc::new(Layout::of_one(self.shape()))
    }

    fn is_laid_out(&self, layout: &Layout) -> bool {
        let mut blocks = layout.iter();
        blocks.len() == 1 && blocks.all(|(_, block)| block.shape() == self.shape())
    }
}

fn not_in_rows(shape: &[usize]) -> String {
    format!(
        "downhill: an optimizer was given an array of shape {shape:?} that is not in row-major order; \
         give it `array.as_standard_layout().to_owned()`"
    )
}
