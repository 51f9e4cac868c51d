//! Elements picked by their indices, and added to by them.
//!
//! ```text
//! take      y[a, j, b] = x[a, i_j, b],            x̄[a, i_j, b] += ȳ[a, j, b]
//! gather    y[a, j, b] = x[a, i_ajb, b],          x̄[a, i_ajb, b] += ȳ[a, j, b]
//! scatter   y = x,  y[a, i_j, b] += u[a, j, b],   x̄ += ȳ,  ū[a, j, b] += ȳ[a, i_j, b]
//! ```
//!
//! The axes before the one that is indexed are taken as one, `a`, and those behind it, `b`.

use std::sync::Arc;

use super::each::{add, map};
use super::element::Element;
use super::indices::Indices;
use super::layout::{Layout, Shape};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::View;
use super::views::axis_of;
use super::{Tensor, misuse};

/// The input has three axes; its middle one is indexed.
#[derive(Debug, Clone)]
pub(crate) struct Take(Arc<[usize]>);

/// As `Take`, with an index for each element of the result.
#[derive(Debug, Clone)]
pub(crate) struct Gather(Arc<[usize]>);

/// As `Take`; the updates have three axes too.
#[derive(Debug, Clone)]
pub(crate) struct ScatterAdd(Arc<[usize]>);

/// Where elements lie that follow one another along the last of three axes.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    stride: isize,
}

impl Line {
    /// Those with the first two indices `a` and `i`.
    #[inline(always)]
    fn of(layout: &Layout, a: usize, i: usize) -> Line {
        let start = layout.offset as isize + a as isize * layout.strides[0] + i as isize * layout.strides[1];
        Line { start: start as usize, stride: layout.strides[2] }
    }

    /// `to[b] += from[b]`
    #[inline(always)]
    fn add<E: Element>(self, to: &mut [E], from: Line, numbers: &[E], len: usize) {
        if len == 0 {
            return; // and there may be no such place
        }
        if (self.stride, from.stride) == (1, 1) {
            let (to, from) = (&mut to[self.start..][..len], &numbers[from.start..][..len]);
            for b in 0..len {
                to[b] += from[b];
            }
            return;
        }
        for b in 0..len {
            to[self.at(b)] += numbers[from.at(b)];
        }
    }

    #[inline(always)]
    fn at(self, b: usize) -> usize {
        (self.start as isize + b as isize * self.stride) as usize
    }
}

impl Rule for Take {
    fn name(&self) -> &'static str {
        "take"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0);
        let (outer, inner) = (x.shape()[0], x.shape()[2]);
        if inner == 0 {
            return Ok(());
        }
        let mut rest = out;
        for a in 0..outer {
            for &i in self.0.iter() {
                let (row, behind) = rest.split_at_mut(inner);
                let from = Line::of(x.layout, a, i);
                match from.stride {
                    _ if inner == 1 => row[0] = x.numbers[from.start],
                    1 => row.copy_from_slice(&x.numbers[from.start..][..inner]),
                    _ => row.iter_mut().enumerate().for_each(|(b, y)| *y = x.numbers[from.at(b)]),
                }
                rest = behind;
            }
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (adjoint, target) = (flow.adjoint, flow.target(0));
        let (outer, inner) = (target.layout.shape[0], target.layout.shape[2]);
        let mut start = 0;
        for a in 0..outer {
            for &i in self.0.iter() {
                let from = Line { start, stride: 1 };
                Line::of(target.layout, a, i).add(target.numbers, from, adjoint, inner);
                start += inner;
            }
        }
    }
}

impl Rule for Gather {
    fn name(&self) -> &'static str {
        "gather"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0);
        self.for_each(x.layout, |k, place| out[k] = x.numbers[place]);
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (adjoint, target) = (flow.adjoint, flow.target(0));
        self.for_each(target.layout, |k, place| target.numbers[place] += adjoint[k]);
    }
}

impl Gather {
    /// Calls `f` with the number of each element of the result, and where it comes from.
    #[inline(always)]
    fn for_each(&self, layout: &Layout, mut f: impl FnMut(usize, usize)) {
        let (outer, inner) = (layout.shape[0], layout.shape[2]);
        if outer * inner == 0 {
            return;
        }
        let (count, stride) = (self.0.len() / (outer * inner), layout.strides[1]);
        for a in 0..outer {
            for j in 0..count {
                let (first, line) = ((a * count + j) * inner, Line::of(layout, a, 0));
                for (b, &i) in self.0[first..first + inner].iter().enumerate() {
                    f(first + b, (line.at(b) as isize + i as isize * stride) as usize);
                }
            }
        }
    }
}

impl Rule for ScatterAdd {
    fn name(&self) -> &'static str {
        "scatter_add"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (x, updates) = (inputs.at(0), inputs.at(1));
        map(out, x.shape(), [x], |[x]| x);
        let rows = Layout::of_rows(x.shape());
        for a in 0..x.shape()[0] {
            for (j, &i) in self.0.iter().enumerate() {
                let from = Line::of(updates.layout, a, j);
                Line::of(&rows, a, i).add(out, from, updates.numbers, x.shape()[2]);
            }
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (rows, adjoint) = (Layout::of_rows(flow.input(0).shape()), flow.adjoint);
        if flow.varies(0) {
            add(flow.target(0), [View { numbers: adjoint, layout: &rows }], |[adjoint]| adjoint);
        }
        if flow.varies(1) {
            let updates = flow.target(1);
            for a in 0..rows.shape[0] {
                for (j, &i) in self.0.iter().enumerate() {
                    let from = Line::of(&rows, a, i);
                    Line::of(updates.layout, a, j).add(updates.numbers, from, adjoint, rows.shape[2]);
                }
            }
        }
    }
}

impl<T: Scalar> Tensor<T> {
    /// What has these indices along an axis, in their order, each as often as it is among them: NumPy's `take`, and the rows
    /// of an embedding. The axis is replaced by the axes of the indices; −1 is the last one. One step, whose way back adds
    /// up what flows to an element taken several times.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
    /// let y = x.take(&[1, 0, 1], 0);
    /// assert_eq!(y.view(), array![[3.0, 4.0], [1.0, 2.0], [3.0, 4.0]].into_dyn());
    /// assert_eq!(y.sum().backward().wrt(&x), array![[1.0, 1.0], [2.0, 2.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis, or an index is beyond it.
    #[track_caller]
    pub fn take(&self, indices: impl Into<Indices>, axis: isize) -> Tensor<T> {
        let (axis, indices) = (axis_of("take", axis, self.shape()), indices.into());
        within("take", &indices, axis, self.shape());
        let shape = replaced(self.shape(), axis, indices.shape());
        let taken = [self.shape()[..axis].iter().product(), indices.len(), behind(self, axis)];
        Tensor::of(Take(indices.places()), &[&around(self, axis, 1)], &taken).seen_as(Layout::of_rows(&shape))
    }

    /// For each element of `indices` the one which has that index along an axis, and the place of the index in all other axes:
    /// NumPy's `take_along_axis`. −1 is the last axis. One step.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.gather(1, &array![[2], [0]]).view(), array![[3.0], [4.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis, if an index is beyond it, or if the indices have another number of axes or another length of
    /// one of the other axes.
    #[track_caller]
    pub fn gather(&self, axis: isize, indices: impl Into<Indices>) -> Tensor<T> {
        let (axis, indices) = (axis_of("gather", axis, self.shape()), indices.into());
        let (own, given) = (self.shape(), indices.shape());
        let fits = own.len() == given.len() && (0..own.len()).all(|k| k == axis || own[k] == given[k]);
        if !fits {
            let needs = format_args!(
                "the second, of indices, needs the length of the first in every axis but {axis}"
            );
            misuse::shapes("gather", own, given, needs);
        }
        within("gather", &indices, axis, own);
        Tensor::of(Gather(indices.places()), &[&around(self, axis, 1)], given)
    }

    /// The array with `updates` added to what has these indices along an axis, as often as an index is given:
    /// `x.at[i].add(updates)` of JAX. The updates have the axes of the indices in place of the axis, −1 for the last one; it
    /// is what `take` does backward. One step.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![1.0, 2.0, 3.0]);
    /// let y = x.scatter_add(0, &[2, 0, 2], &array![10.0, 20.0, 30.0]);
    /// assert_eq!(y.view(), array![21.0, 2.0, 43.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis, if an index is beyond it, or if the updates have another shape.
    #[track_caller]
    pub fn scatter_add(
        &self,
        axis: isize,
        indices: impl Into<Indices>,
        updates: impl Into<Tensor<T>>,
    ) -> Tensor<T> {
        let (axis, indices, updates) =
            (axis_of("scatter_add", axis, self.shape()), indices.into(), updates.into());
        within("scatter_add", &indices, axis, self.shape());
        let needed = replaced(self.shape(), axis, indices.shape());
        if updates.shape() != &needed[..] {
            let needs = format_args!("the second, of updates, needs to be {needed:?} for these indices");
            misuse::shapes("scatter_add", self.shape(), updates.shape(), needs);
        }
        let (x, updates) = (around(self, axis, 1), around(&updates, axis, indices.shape().len()));
        Tensor::of(ScatterAdd(indices.places()), &[&x, &updates], x.shape())
            .seen_as(Layout::of_rows(self.shape()))
    }
}

/// An array as one of three axes: those before `axis`, `count` from there on, and those behind.
#[track_caller]
fn around<T: Scalar>(x: &Tensor<T>, axis: usize, count: usize) -> Tensor<T> {
    let product = |lengths: &[usize]| lengths.iter().product::<usize>();
    let shape = x.shape();
    let (before, behind) = shape.split_at(axis);
    x.reshape([product(before), product(&behind[..count]), product(&behind[count..])])
}

/// The number of elements behind `axis`.
fn behind<T>(x: &Tensor<T>, axis: usize) -> usize {
    x.shape()[axis + 1..].iter().product()
}

/// A shape with other axes in place of one.
fn replaced(shape: &[usize], axis: usize, by: &[usize]) -> Shape {
    shape[..axis].iter().chain(by).chain(&shape[axis + 1..]).copied().collect()
}

#[track_caller]
fn within(operation: &str, indices: &Indices, axis: usize, shape: &[usize]) {
    if let Some(index) = indices.beyond(shape[axis]) {
        misuse::index(operation, format_args!("{index} along axis {axis}"), shape);
    }
}
