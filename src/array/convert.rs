//! To and from the arrays of `ndarray`.

use ndarray::{Array, ArrayBase, ArrayD, ArrayViewD, Axis, Data, Dimension, IxDyn, ShapeBuilder};

use super::Tensor;
use super::chunk::Piece;
use super::layout::{Layout, Shape};
use super::scalar::Scalar;

/// The elements of a layout as a view of `ndarray`, which has no negative strides to begin with.
pub(crate) fn view<'a, T>(numbers: &'a [T], layout: &Layout) -> ArrayViewD<'a, T> {
    if layout.len() == 0 {
        let strides = vec![0; layout.rank()];
        return ArrayViewD::from_shape(IxDyn(&layout.shape).strides(IxDyn(&strides)), &numbers[..0])
            .expect("no elements");
    }
    let (mut first, mut reversed) = (layout.offset, Vec::new());
    let mut strides = Shape::with_capacity(layout.rank());
    for (axis, (&length, &stride)) in layout.shape.iter().zip(&layout.strides).enumerate() {
        if stride < 0 {
            first -= (length - 1) * stride.unsigned_abs();
            reversed.push(axis);
        }
        strides.push(stride.unsigned_abs());
    }
    let shape = IxDyn(&layout.shape).strides(IxDyn(&strides));
    let mut view = ArrayViewD::from_shape(shape, &numbers[first..]).expect("a layout of the block");
    reversed.into_iter().for_each(|axis| view.invert_axis(Axis(axis)));
    view
}

/// A constant. An array that owns its elements in row-major order is moved, others are copied.
impl<T: Scalar, D: Dimension> From<Array<T, D>> for Tensor<T> {
    fn from(array: Array<T, D>) -> Tensor<T> {
        let layout = Layout::of_rows(array.shape());
        let (elements, offset) = if array.is_standard_layout() {
            array.into_raw_vec_and_offset()
        } else {
            (array.iter().copied().collect(), Some(0))
        };
        Tensor::constant(Piece::of(elements), Layout { offset: offset.unwrap_or(0), ..layout })
    }
}

/// A constant, copied.
impl<T: Scalar, S: Data<Elem = T>, D: Dimension> From<&ArrayBase<S, D>> for Tensor<T> {
    fn from(array: &ArrayBase<S, D>) -> Tensor<T> {
        // An iterator over elements takes them one by one, in a row or not.
        let elements = match array.as_slice() {
            Some(elements) => elements.to_vec(),
            None => array.iter().copied().collect(),
        };
        Tensor::constant(Piece::of(elements), Layout::of_rows(array.shape()))
    }
}

/// A constant without axes.
impl<T: Scalar> From<T> for Tensor<T> {
    fn from(number: T) -> Tensor<T> {
        Tensor::constant(Piece::of(vec![number]), Layout::of_rows(&[]))
    }
}

impl<T: Scalar> From<&Tensor<T>> for Tensor<T> {
    fn from(tensor: &Tensor<T>) -> Tensor<T> {
        tensor.clone()
    }
}

impl<T: Scalar> Tensor<T> {
    /// The elements as a view of `ndarray`, without copying them.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.t().view(), array![[1.0, 3.0], [2.0, 4.0]].into_dyn());
    /// ```
    pub fn view(&self) -> ArrayViewD<'_, T> {
        view(self.piece().numbers(), self.layout())
    }

    /// The elements as an array of `ndarray`.
    pub fn to_owned(&self) -> ArrayD<T> {
        self.view().as_standard_layout().into_owned()
    }
}
