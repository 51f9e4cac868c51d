//! Views: the same elements, seen otherwise. No step is recorded and nothing is copied, in either direction.

use std::ops::{Bound, RangeBounds};

use super::layout::{Layout, Shape};
use super::scalar::Scalar;
use super::{Tensor, misuse};

/// The axis meant by a number, which may count from the last one as −1.
#[track_caller]
pub(crate) fn axis_of(operation: &str, axis: isize, shape: &[usize]) -> usize {
    let rank = shape.len() as isize;
    let counted = if axis < 0 { axis + rank } else { axis };
    if counted < 0 || counted >= rank {
        misuse::axis(operation, axis, shape);
    }
    counted as usize
}

impl<T: Scalar> Tensor<T> {
    /// The axes in reverse order: of a matrix, the transpose.
    #[must_use]
    pub fn t(&self) -> Tensor<T> {
        let axes: Shape = (0..self.rank()).rev().collect();
        self.seen_as(self.layout().permute(&axes))
    }

    /// The axes in the order given, each of them once; −1 is the last.
    ///
    /// # Panics
    ///
    /// If one is missing, or given twice.
    #[track_caller]
    #[must_use]
    pub fn permute(&self, axes: impl AsRef<[isize]>) -> Tensor<T> {
        let given = axes.as_ref();
        let axes: Shape = given.iter().map(|&axis| axis_of("permute", axis, self.shape())).collect();
        let each_once = axes.len() == self.rank() && (0..self.rank()).all(|axis| axes.contains(&axis));
        if !each_once {
            misuse::shape(
                "permute",
                self.shape(),
                format_args!("it needs each of its axes once, and was given {given:?}"),
            );
        }
        self.seen_as(self.layout().permute(&axes))
    }

    /// Two axes exchanged.
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    #[must_use]
    pub fn swap_axes(&self, a: isize, b: isize) -> Tensor<T> {
        let (a, b) = (axis_of("swap_axes", a, self.shape()), axis_of("swap_axes", b, self.shape()));
        let mut axes: Shape = (0..self.rank()).collect();
        axes.swap(a, b);
        self.seen_as(self.layout().permute(&axes))
    }

    /// The elements in their order, in a shape of as many. They are copied only where they do not lie so that this is a view:
    /// of a transpose, for instance.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(x.reshape([2, 2]).view(), array![[1.0, 2.0], [3.0, 4.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the shape has more elements, or fewer.
    #[track_caller]
    #[must_use]
    pub fn reshape(&self, shape: impl AsRef<[usize]>) -> Tensor<T> {
        let shape = shape.as_ref();
        if shape.iter().product::<usize>() != self.len() {
            misuse::shapes("reshape", self.shape(), shape, "they need as many elements");
        }
        match self.layout().reshape(shape) {
            Some(layout) => self.seen_as(layout),
            None => self.in_a_row().seen_as(Layout::of_rows(shape)),
        }
    }

    /// All elements in one axis.
    #[track_caller]
    #[must_use]
    pub fn flatten(&self) -> Tensor<T> {
        self.reshape([self.len()])
    }

    /// Repeated along axes of length 1 and along new ones in front, so as to have this shape.
    ///
    /// # Panics
    ///
    /// If another axis would have to be repeated.
    #[track_caller]
    #[must_use]
    pub fn broadcast(&self, shape: impl AsRef<[usize]>) -> Tensor<T> {
        let shape = shape.as_ref();
        match self.layout().broadcast(shape) {
            Some(layout) => self.seen_as(layout),
            None => misuse::shapes(
                "broadcast",
                self.shape(),
                shape,
                "matched from the last axis on, each axis of the first needs the length of the second, or 1",
            ),
        }
    }

    /// Along `axis` the elements in a range.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(x.slice(0, 1..3).view(), array![2.0, 3.0].into_dyn());
    /// assert_eq!(x.slice(0, 1..).reversed(0).view(), array![4.0, 3.0, 2.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the range goes beyond the axis, or there is no such axis.
    #[track_caller]
    #[must_use]
    pub fn slice(&self, axis: isize, range: impl RangeBounds<usize>) -> Tensor<T> {
        self.slice_by(axis, range, 1)
    }

    /// Along `axis` every `step`-th element in a range, from its first one on.
    ///
    /// # Panics
    ///
    /// If the range goes beyond the axis, the step is 0, or there is no such axis.
    #[track_caller]
    #[must_use]
    pub fn slice_by(&self, axis: isize, range: impl RangeBounds<usize>, step: usize) -> Tensor<T> {
        let axis = axis_of("slice", axis, self.shape());
        let length = self.shape()[axis];
        let first = match range.start_bound() {
            Bound::Included(&first) => first,
            Bound::Excluded(&before) => before + 1,
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(&last) => last + 1,
            Bound::Excluded(&end) => end,
            Bound::Unbounded => length,
        };
        if first > end || end > length || step == 0 {
            let range = format!("{first}..{end} by {step} along axis {axis}");
            misuse::index("slice", range, self.shape());
        }
        let count = (end - first).div_ceil(step);
        self.seen_as(self.layout().slice(axis, first, step as isize, count))
    }

    /// The elements along `axis` in reverse order.
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    #[must_use]
    pub fn reversed(&self, axis: isize) -> Tensor<T> {
        let axis = axis_of("reversed", axis, self.shape());
        let length = self.shape()[axis];
        self.seen_as(self.layout().slice(axis, length.saturating_sub(1), -1, length))
    }

    /// Element `index` along `axis`, which the view has not any more; −1 is the last one.
    ///
    /// # Panics
    ///
    /// If there is no such element or axis.
    #[track_caller]
    #[must_use]
    pub fn index_axis(&self, axis: isize, index: isize) -> Tensor<T> {
        let axis = axis_of("index_axis", axis, self.shape());
        let length = self.shape()[axis] as isize;
        let counted = if index < 0 { index + length } else { index };
        if counted < 0 || counted >= length {
            misuse::index("index_axis", format_args!("{index} along axis {axis}"), self.shape());
        }
        self.seen_as(self.layout().index(axis, counted as usize))
    }

    /// Row `i` of a matrix; of more axes, what has index `i` on the first one.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[track_caller]
    #[must_use]
    pub fn row(&self, i: isize) -> Tensor<T> {
        self.index_axis(0, i)
    }

    /// Column `j` of a matrix; of more axes, what has index `j` on the last one.
    ///
    /// # Panics
    ///
    /// If there is no such column.
    #[track_caller]
    #[must_use]
    pub fn column(&self, j: isize) -> Tensor<T> {
        self.index_axis(-1, j)
    }

    /// The diagonal of a matrix; of more axes, of the last two.
    ///
    /// # Panics
    ///
    /// If there are fewer than two axes.
    #[track_caller]
    #[must_use]
    pub fn diag(&self) -> Tensor<T> {
        let rank = self.rank();
        if rank < 2 {
            misuse::shape("diag", self.shape(), "it needs two axes at least");
        }
        self.seen_as(self.layout().diagonal(rank - 2, rank - 1))
    }

    /// With an axis of length 1 in this place; −1 is after the last one.
    ///
    /// # Panics
    ///
    /// If there is no such place.
    #[track_caller]
    #[must_use]
    pub fn insert_axis(&self, axis: isize) -> Tensor<T> {
        let rank = self.rank() as isize;
        let place = if axis < 0 { axis + rank + 1 } else { axis };
        if place < 0 || place > rank {
            misuse::axis("insert_axis", axis, self.shape());
        }
        self.seen_as(self.layout().insert_axis(place as usize))
    }

    /// Without `axis`, whose length is 1.
    ///
    /// # Panics
    ///
    /// If it is longer, or there is no such axis.
    #[track_caller]
    #[must_use]
    pub fn remove_axis(&self, axis: isize) -> Tensor<T> {
        let place = axis_of("remove_axis", axis, self.shape());
        if self.shape()[place] != 1 {
            misuse::shape("remove_axis", self.shape(), format_args!("axis {axis} needs the length 1"));
        }
        self.seen_as(self.layout().index(place, 0))
    }
}
