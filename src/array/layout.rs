//! Where the elements of an array lie in a block of memory: an offset, and a stride for each axis.
//!
//! ```text
//! element (i, j, …)  at  offset + i s₀ + j s₁ + …
//! ```
//!
//! Slices, transposes, broadcasts and reshapes are layouts of the same block: nothing is moved. A stride may be negative
//! (an axis reversed) or 0 (an axis that is broadcast).

use smallvec::SmallVec;

/// Lengths of axes; up to four in place.
pub(crate) type Shape = SmallVec<[usize; 4]>;

/// See the head of the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) offset: usize,
    pub(crate) shape: Shape,
    pub(crate) strides: SmallVec<[isize; 4]>,
}

/// The strides of an array whose rows follow one another.
pub(crate) fn row_major(shape: &[usize]) -> SmallVec<[isize; 4]> {
    let mut strides: SmallVec<[isize; 4]> = SmallVec::from_elem(1, shape.len());
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1) as isize;
    }
    strides
}

impl Layout {
    /// Rows that follow one another from the start of the block on.
    pub(crate) fn of_rows(shape: &[usize]) -> Layout {
        Layout { offset: 0, shape: Shape::from_slice(shape), strides: row_major(shape) }
    }

    pub(crate) fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Elements, repeated ones counted.
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether the elements lie in a row, in their order.
    pub(crate) fn is_contiguous(&self) -> bool {
        if self.len() <= 1 {
            return true;
        }
        let mut expected = 1;
        for (&length, &stride) in self.shape.iter().zip(&self.strides).rev() {
            if length != 1 && stride != expected {
                return false;
            }
            expected *= length as isize;
        }
        true
    }

    /// The layout with further axes in front, and axes of length 1 repeated, so as to have `shape`; none if it does not fit.
    pub(crate) fn broadcast(&self, shape: &[usize]) -> Option<Layout> {
        let before = shape.len().checked_sub(self.rank())?;
        let mut strides = SmallVec::from_elem(0, shape.len());
        for (axis, (&length, &stride)) in self.shape.iter().zip(&self.strides).enumerate() {
            match shape[before + axis] {
                wanted if wanted == length => strides[before + axis] = stride,
                _ if length == 1 => {}
                _ => return None,
            }
        }
        Some(Layout { offset: self.offset, shape: Shape::from_slice(shape), strides })
    }

    /// The axes in the order `axes`, which has each once.
    pub(crate) fn permute(&self, axes: &[usize]) -> Layout {
        let shape = axes.iter().map(|&axis| self.shape[axis]).collect();
        let strides = axes.iter().map(|&axis| self.strides[axis]).collect();
        Layout { offset: self.offset, shape, strides }
    }

    /// Along `axis` the `count` elements from `first` on, `step` apart.
    pub(crate) fn slice(&self, axis: usize, first: usize, step: isize, count: usize) -> Layout {
        let mut slice = self.clone();
        if count > 0 {
            slice.offset = slice.offset.wrapping_add_signed(first as isize * self.strides[axis]);
        }
        slice.strides[axis] *= step;
        slice.shape[axis] = count;
        slice
    }

    /// Without `axis`, of which it has element `index`.
    pub(crate) fn index(&self, axis: usize, index: usize) -> Layout {
        let mut rest = self.slice(axis, index, 1, 1);
        rest.shape.remove(axis);
        rest.strides.remove(axis);
        rest
    }

    /// With an axis of length 1 before `axis`.
    pub(crate) fn insert_axis(&self, axis: usize) -> Layout {
        let mut more = self.clone();
        more.shape.insert(axis, 1);
        more.strides.insert(axis, 0);
        more
    }

    /// Axes `a` and `b` as one, on their diagonal, which comes last.
    pub(crate) fn diagonal(&self, a: usize, b: usize) -> Layout {
        let mut diagonal = self.clone();
        let (length, stride) = (self.shape[a].min(self.shape[b]), self.strides[a] + self.strides[b]);
        for axis in [a.max(b), a.min(b)] {
            diagonal.shape.remove(axis);
            diagonal.strides.remove(axis);
        }
        diagonal.shape.push(length);
        diagonal.strides.push(stride);
        diagonal
    }

    /// The elements in their order in another shape of as many; none if they would have to be moved.
    pub(crate) fn reshape(&self, shape: &[usize]) -> Option<Layout> {
        let mut reshaped = Layout { offset: self.offset, ..Layout::of_rows(shape) };
        if self.len() == 0 {
            return Some(reshaped);
        }
        // Groups of axes that lie in memory as one; the axes of the new shape must each fall into one of them.
        let groups = self.groups();
        let mut new = shape.len();
        for &(length, stride) in groups.iter().rev() {
            let (mut rest, mut stride) = (length, stride);
            while rest > 1 && new > 0 {
                new -= 1;
                if rest % shape[new] != 0 {
                    return None;
                }
                reshaped.strides[new] = stride;
                stride *= shape[new] as isize;
                rest /= shape[new];
            }
            if rest > 1 {
                return None;
            }
        }
        Some(reshaped)
    }

    /// The axes, those that lie in memory as one taken together: `(length, innermost stride)`.
    fn groups(&self) -> SmallVec<[(usize, isize); 4]> {
        let mut groups: SmallVec<[(usize, isize); 4]> = SmallVec::new();
        for (&length, &stride) in self.shape.iter().zip(&self.strides) {
            match groups.last_mut() {
                _ if length == 1 => {}
                Some(last) if last.1 == stride * length as isize => *last = (last.0 * length, stride),
                _ => groups.push((length, stride)),
            }
        }
        groups
    }
}

/// The shape that arrays of two shapes have together by NumPy's rules: axes are matched from the last one on, and one of
/// length 1 is repeated. None if they do not fit.
pub(crate) fn common_shape(a: &[usize], b: &[usize]) -> Option<Shape> {
    let rank = a.len().max(b.len());
    let length =
        |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |axis| shape[axis]);
    let mut common = Shape::new();
    for axis in 0..rank {
        common.push(match (length(a, axis), length(b, axis)) {
            (m, n) if m == n => m,
            (1, n) => n,
            (m, 1) => m,
            _ => return None,
        });
    }
    Some(common)
}
