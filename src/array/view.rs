//! The elements of an array, as an operation reads and writes them: numbers in memory, and how they lie there.

use std::ops::Range;

use smallvec::SmallVec;

use super::layout::{Layout, row_major};

/// Elements to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a, E> {
    /// The whole block.
    pub(crate) numbers: &'a [E],
    pub(crate) layout: &'a Layout,
}

/// Elements to be written.
#[derive(Debug)]
pub(crate) struct ViewMut<'a, E> {
    pub(crate) numbers: &'a mut [E],
    pub(crate) layout: &'a Layout,
}

impl<'a, E: Copy> View<'a, E> {
    pub(crate) fn shape(&self) -> &'a [usize] {
        &self.layout.shape
    }

    pub(crate) fn len(&self) -> usize {
        self.layout.len()
    }

    /// The elements in a row, if they lie so.
    pub(crate) fn row(&self) -> Option<&'a [E]> {
        let len = self.len();
        match self.layout.is_contiguous() {
            true if len == 0 => Some(&[]),
            true => Some(&self.numbers[self.layout.offset..][..len]),
            false => None,
        }
    }

    /// The elements in their order, one after the other.
    pub(crate) fn for_each(&self, mut f: impl FnMut(usize, E)) {
        let mut k = 0;
        walk(self.shape(), [&self.layout.strides, &[], &[], &[], &[]], |run| {
            for i in 0..run.len {
                f(k, self.numbers[run.place(self.layout.offset, 0, i)]);
                k += 1;
            }
        });
    }
}

impl<E: Copy> ViewMut<'_, E> {
    /// Whether the elements are the whole block in its order.
    pub(crate) fn is_whole(&self) -> bool {
        self.layout.len() == self.numbers.len() && self.layout.is_contiguous()
    }

    /// The elements in a row, if they lie so.
    pub(crate) fn row(&mut self) -> Option<&mut [E]> {
        let len = self.layout.len();
        match self.layout.is_contiguous() {
            true if len == 0 => Some(&mut []),
            true => Some(&mut self.numbers[self.layout.offset..][..len]),
            false => None,
        }
    }
}

/// What is walked over at once: the strides of five arrays, of which the ones not in use are empty.
pub(crate) const ARRAYS: usize = 5;

/// Elements along the innermost axis, in each of the arrays.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) len: usize,
    /// Where it begins, from the array's offset on.
    pub(crate) starts: [isize; ARRAYS],
    pub(crate) strides: [isize; ARRAYS],
}

impl Run {
    /// Where element `i` of array `k` lies, which has this offset.
    #[inline(always)]
    pub(crate) fn place(&self, offset: usize, k: usize, i: usize) -> usize {
        (offset as isize + self.starts[k] + i as isize * self.strides[k]) as usize
    }

    /// The places of array `k`, if they follow one another.
    #[inline(always)]
    pub(crate) fn range(&self, offset: usize, k: usize) -> Option<Range<usize>> {
        let start = (offset as isize + self.starts[k]) as usize;
        (self.strides[k] == 1).then_some(start..start + self.len)
    }
}

/// An axis, or several that lie in memory as one: its length, and a stride in each array.
type Axis = (usize, [isize; ARRAYS]);

/// Calls `f` with each run of the elements of arrays of one shape, in order. Axes that lie in memory as one in all of the
/// arrays are taken as one, so that the runs are long.
pub(crate) fn walk(shape: &[usize], strides: [&[isize]; ARRAYS], mut f: impl FnMut(&Run)) {
    if shape.contains(&0) {
        return;
    }
    let axes = joined(shape, strides);
    let (inner, outer) = axes.split_last().expect("there is one at least");
    let mut run = Run { len: inner.0, starts: [0; ARRAYS], strides: inner.1 };
    let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, outer.len());
    loop {
        f(&run);
        let mut axis = outer.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            index[axis] += 1;
            let (length, strides) = outer[axis];
            let back = if index[axis] < length { 0 } else { length as isize };
            for k in 0..ARRAYS {
                run.starts[k] += strides[k] - back * strides[k];
            }
            if back == 0 {
                break;
            }
            index[axis] = 0;
        }
    }
}

fn joined(shape: &[usize], strides: [&[isize]; ARRAYS]) -> SmallVec<[Axis; 6]> {
    let mut axes: SmallVec<[Axis; 6]> = SmallVec::new();
    for (axis, &length) in shape.iter().enumerate() {
        let own = strides.map(|strides| strides.get(axis).copied().unwrap_or(0));
        match axes.last_mut() {
            _ if length == 1 => {}
            Some((outer, before)) if (0..ARRAYS).all(|k| before[k] == own[k] * length as isize) => {
                *outer *= length;
                *before = own;
            }
            _ => axes.push((length, own)),
        }
    }
    if axes.is_empty() {
        axes.push((1, [1; ARRAYS]));
    }
    axes
}

/// As [`walk`], over elements that lie in a row and views of the same shape.
pub(crate) fn walk_beside<E>(shape: &[usize], views: &[View<E>], f: impl FnMut(&Run)) {
    let row = row_major(shape);
    let mut strides: [&[isize]; ARRAYS] = [&[]; ARRAYS];
    strides[0] = &row;
    for (own, view) in strides[1..].iter_mut().zip(views) {
        *own = &view.layout.strides;
    }
    walk(shape, strides, f);
}
