//! Arrays put together: one after the other along an axis, within a border, or repeated. And taken apart again, by views.
//!
//! ```text
//! y[…, start_k + i, …] = x_k[…, i, …],   x̄_k += ȳ[…, start_k.., …]
//! ```

use std::borrow::Borrow;

use smallvec::SmallVec;

use super::each::add;
use super::element::Element;
use super::layout::{Layout, Shape};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::{View, ViewMut, walk};
use super::views::axis_of;
use super::{Tensor, misuse};

/// Inputs have one shape, but for this axis.
#[derive(Debug, Clone)]
pub(crate) struct Concat {
    axis: usize,
}

impl Concat {
    /// The layout of the result.
    fn whole<E: Element>(&self, inputs: &Inputs<E>) -> Layout {
        let mut shape = Shape::from_slice(inputs.at(0).shape());
        shape[self.axis] = (0..inputs.len()).map(|k| inputs.at(k).shape()[self.axis]).sum();
        Layout::of_rows(&shape)
    }
}

impl Rule for Concat {
    fn name(&self) -> &'static str {
        "concat"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (whole, mut start) = (self.whole(inputs), 0);
        for k in 0..inputs.len() {
            let x = inputs.at(k);
            let count = x.shape()[self.axis];
            put(ViewMut { numbers: &mut *out, layout: &whole.slice(self.axis, start, 1, count) }, x);
            start += count;
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (whole, numbers, mut start) = (self.whole(&flow.inputs), flow.adjoint, 0);
        for k in 0..flow.inputs.len() {
            let count = flow.input(k).shape()[self.axis];
            if flow.varies(k) {
                let layout = &whole.slice(self.axis, start, 1, count);
                add(flow.target(k), [View { numbers, layout }], |[adjoint]| adjoint);
            }
            start += count;
        }
    }
}

/// The layout of the result within the border, and what the border is made of.
#[derive(Debug, Clone)]
pub(crate) struct Pad {
    inner: Layout,
    value: f64,
}

impl Rule for Pad {
    fn name(&self) -> &'static str {
        "pad"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        out.fill(E::of(self.value));
        put(ViewMut { numbers: out, layout: &self.inner }, inputs.at(0));
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let adjoint = View { numbers: flow.adjoint, layout: &self.inner };
        add(flow.target(0), [adjoint], |[adjoint]| adjoint);
    }
}

/// Writes the elements of `from`, which has the same shape, to `to`.
pub(super) fn put<E: Copy>(to: ViewMut<E>, from: View<E>) {
    let (there, here) = (to.layout, from.layout);
    walk(&there.shape, [&there.strides, &here.strides, &[], &[], &[]], |run| {
        if let (Some(to_range), Some(range)) = (run.range(there.offset, 0), run.range(here.offset, 1)) {
            return to.numbers[to_range].copy_from_slice(&from.numbers[range]);
        }
        for i in 0..run.len {
            to.numbers[run.place(there.offset, 0, i)] = from.numbers[run.place(here.offset, 1, i)];
        }
    });
}

/// The arrays one after the other along an axis, −1 for the last; in all other axes they have the same lengths. One step,
/// which copies each element once.
///
/// ```
/// use downhill::array::concat;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let tape = Tape::new();
/// let (x, y) = (tape.tensor(&array![[1.0], [2.0]]), tape.tensor(&array![[3.0, 4.0], [5.0, 6.0]]));
/// let both = concat(&[&x, &y], 1);
/// assert_eq!(both.view(), array![[1.0, 3.0, 4.0], [2.0, 5.0, 6.0]].into_dyn());
/// let gradient = (both * &array![1.0, 2.0, 3.0]).sum().backward();
/// assert_eq!(gradient.wrt(&x), array![[1.0], [1.0]].into_dyn());
/// assert_eq!(gradient.wrt(&y), array![[2.0, 3.0], [2.0, 3.0]].into_dyn());
/// ```
///
/// # Panics
///
/// If there is no array or no such axis, or if the lengths of another axis differ.
#[track_caller]
pub fn concat<T: Scalar>(arrays: &[impl Borrow<Tensor<T>>], axis: isize) -> Tensor<T> {
    let first = first("concat", arrays);
    let axis = axis_of("concat", axis, first.shape());
    let mut shape = Shape::from_slice(first.shape());
    shape[axis] = 0;
    for array in arrays {
        let own = array.borrow().shape();
        let fits = own.len() == shape.len() && (0..own.len()).all(|k| k == axis || own[k] == shape[k]);
        if !fits {
            let needs = format_args!("they need equal lengths of every axis but {axis}");
            misuse::shapes("concat", first.shape(), own, needs);
        }
        shape[axis] += own[axis];
    }
    if let [only] = arrays {
        return only.borrow().clone();
    }
    let inputs: SmallVec<[&Tensor<T>; 8]> = arrays.iter().map(|array| array.borrow()).collect();
    Tensor::of(Concat { axis }, &inputs, &shape)
}

/// Arrays of one shape one after the other along a new axis in this place of the result, −1 for after the last. One step,
/// which copies each element once.
///
/// ```
/// use downhill::array::stack;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let (x, y) = (Tensor::from(array![1.0, 2.0]), Tensor::from(array![3.0, 4.0]));
/// assert_eq!(stack(&[&x, &y], 0).view(), array![[1.0, 2.0], [3.0, 4.0]].into_dyn());
/// assert_eq!(stack(&[&x, &y], -1).view(), array![[1.0, 3.0], [2.0, 4.0]].into_dyn());
/// ```
///
/// # Panics
///
/// If there is no array or no such place, or if the shapes differ.
#[track_caller]
pub fn stack<T: Scalar>(arrays: &[impl Borrow<Tensor<T>>], axis: isize) -> Tensor<T> {
    let first = first("stack", arrays);
    let rank = first.rank() as isize;
    let place = if axis < 0 { axis + rank + 1 } else { axis };
    if place < 0 || place > rank {
        misuse::axis("stack", axis, first.shape());
    }
    for array in arrays {
        let own = array.borrow().shape();
        if own != first.shape() {
            misuse::shapes("stack", first.shape(), own, "they need the same shape");
        }
    }
    let raised: SmallVec<[Tensor<T>; 4]> =
        arrays.iter().map(|array| array.borrow().insert_axis(place)).collect();
    concat(&raised, place)
}

#[track_caller]
fn first<'a, T: Scalar>(operation: &str, arrays: &'a [impl Borrow<Tensor<T>>]) -> &'a Tensor<T> {
    match arrays.first() {
        Some(first) => first.borrow(),
        None => misuse::nothing(operation),
    }
}

impl<T: Scalar> Tensor<T> {
    /// The parts of the array between these places along an axis, as views: before the first place, from there to the second
    /// one, …, from the last one on. −1 is the last axis.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![1.0, 2.0, 3.0, 4.0]);
    /// let parts = x.split(&[1, 3], 0);
    /// assert_eq!(parts.len(), 3);
    /// assert_eq!(parts[1].view(), array![2.0, 3.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If a place is beyond the axis or before the one before it, or if there is no such axis.
    #[track_caller]
    pub fn split(&self, at: &[usize], axis: isize) -> Vec<Tensor<T>> {
        let axis = axis_of("split", axis, self.shape());
        let length = self.shape()[axis];
        if at.last().is_some_and(|&last| last > length) || !at.is_sorted() {
            let needs = format_args!("places along axis {axis} need to ascend up to {length}, not {at:?}");
            misuse::shape("split", self.shape(), needs);
        }
        let starts = std::iter::once(&0).chain(at);
        let ends = at.iter().chain(std::iter::once(&length));
        let part = |(&start, &end): (&usize, &usize)| self.layout().slice(axis, start, 1, end - start);
        starts.zip(ends).map(|ends| self.seen_as(part(ends))).collect()
    }

    /// The array in `n` parts along an axis, as views; the first ones are longer by one where `n` does not divide the length,
    /// as in NumPy's `array_split`. −1 is the last axis.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let parts = Tensor::from(array![1.0, 2.0, 3.0]).chunks(2, 0);
    /// assert_eq!(parts[0].view(), array![1.0, 2.0].into_dyn());
    /// assert_eq!(parts[1].view(), array![3.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If `n` is 0, or if there is no such axis.
    #[track_caller]
    pub fn chunks(&self, n: usize, axis: isize) -> Vec<Tensor<T>> {
        let length = self.shape()[axis_of("chunks", axis, self.shape())];
        if n == 0 {
            misuse::shape("chunks", self.shape(), "it needs one part at least, and was asked for 0");
        }
        let at: SmallVec<[usize; 8]> = (1..n).map(|k| k * (length / n) + k.min(length % n)).collect();
        self.split(&at, axis)
    }

    /// The array within a border of `value`: along each axis as many elements before and after as are given. One step.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0]]);
    /// assert_eq!(x.pad(&[(0, 1), (1, 0)], 0.0).view(), array![[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is not one pair for each axis.
    #[track_caller]
    pub fn pad(&self, border: &[(usize, usize)], value: T) -> Tensor<T> {
        if border.len() != self.rank() {
            let needs = format_args!("it needs a pair for each axis, and was given {border:?}");
            misuse::shape("pad", self.shape(), needs);
        }
        let lengths = self.shape().iter().zip(border);
        let shape: Shape = lengths.map(|(length, (before, after))| before + length + after).collect();
        let mut inner = Layout::of_rows(&shape);
        for (axis, &(before, _)) in border.iter().enumerate() {
            inner = inner.slice(axis, before, 1, self.shape()[axis]);
        }
        Tensor::of(Pad { inner, value: value.number() }, &[self], &shape)
    }

    /// The array as often along each axis as is given, as NumPy's `tile`. One step.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0]]);
    /// assert_eq!(x.tile(&[2, 2]).view(), array![[1.0, 2.0, 1.0, 2.0], [1.0, 2.0, 1.0, 2.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is not one number for each axis.
    #[track_caller]
    pub fn tile(&self, times: &[usize]) -> Tensor<T> {
        if times.len() != self.rank() {
            let needs = format_args!("it needs a number for each axis, and was given {times:?}");
            misuse::shape("tile", self.shape(), needs);
        }
        let mut repeated = self.layout().clone();
        let (mut pairs, mut shape) = (Shape::new(), Shape::new());
        for (axis, (&length, &times)) in self.shape().iter().zip(times).enumerate() {
            repeated = repeated.insert_axis(2 * axis);
            pairs.extend([times, length]);
            shape.push(times * length);
        }
        let repeated = repeated.broadcast(&pairs).expect("new axes are of length 1");
        self.seen_as(repeated).reshape(&shape)
    }

    /// Each element `n` times in a row along an axis, as NumPy's `repeat`; −1 is the last axis. One step.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// assert_eq!(Tensor::from(array![1.0, 2.0]).repeat(2, 0).view(), array![1.0, 1.0, 2.0, 2.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[track_caller]
    pub fn repeat(&self, n: usize, axis: isize) -> Tensor<T> {
        let axis = axis_of("repeat", axis, self.shape());
        let (mut pairs, mut shape) = (Shape::from_slice(self.shape()), Shape::from_slice(self.shape()));
        pairs.insert(axis + 1, n);
        shape[axis] *= n;
        let repeated = self.layout().insert_axis(axis + 1).broadcast(&pairs);
        self.seen_as(repeated.expect("the new axis is of length 1")).reshape(&shape)
    }
}
