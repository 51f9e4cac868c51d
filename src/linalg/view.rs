//! Matrices as views of slices, with any strides.

use faer::{MatMut as FaerMut, MatRef};

use super::Scalar;
use super::scratch::Scratch;

/// A matrix in memory: element (i, j) is `data[offset + i·strides[0] + j·strides[1]]`.
///
/// Strides may be negative (a reversed view) or zero (a broadcast one).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mat<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) offset: usize,
    pub(crate) shape: [usize; 2],
    pub(crate) strides: [isize; 2],
}

impl<'a, T> Mat<'a, T> {
    /// A matrix of `rows` rows, one after the other, of `cols` elements each.
    ///
    /// # Panics
    ///
    /// If `data` is shorter than `rows·cols`.
    #[track_caller]
    pub(crate) fn of_rows(data: &'a [T], rows: usize, cols: usize) -> Self {
        assert!(data.len() >= rows * cols, "a {rows}×{cols} matrix in {} elements", data.len());
        Mat { data, offset: 0, shape: [rows, cols], strides: [cols as isize, 1] }
    }

    /// The transpose: the same elements, rows and columns exchanged.
    pub(crate) fn t(self) -> Self {
        let ([m, n], [r, c]) = (self.shape, self.strides);
        Mat { shape: [n, m], strides: [c, r], ..self }
    }
}

impl<T: Copy> Mat<'_, T> {
    /// The element in row `i`, column `j`.
    pub(crate) fn at(&self, i: usize, j: usize) -> T {
        self.data[place(self.offset, self.strides, i, j)]
    }

    /// Writes the elements row after row.
    ///
    /// # Panics
    ///
    /// If `to` has not as many elements.
    #[track_caller]
    pub(crate) fn copy_rows(self, to: &mut [T]) {
        let ([m, n], [r, c]) = (self.shape, self.strides);
        assert_eq!(to.len(), m * n, "a {m}×{n} matrix into {} elements", to.len());
        if n == 0 {
            return;
        }
        for (i, row) in to.chunks_exact_mut(n).enumerate() {
            let start = self.offset as isize + i as isize * r;
            if c == 1 {
                row.copy_from_slice(&self.data[start as usize..][..n]);
            } else {
                for (j, x) in row.iter_mut().enumerate() {
                    *x = self.data[(start + j as isize * c) as usize];
                }
            }
        }
    }
}

impl<'a, T: Scalar> Mat<'a, T> {
    /// The kernels' view of it, if its rows or its columns are contiguous.
    fn view(self) -> Option<MatRef<'a, T>> {
        let [m, n] = self.shape;
        if m == 0 || n == 0 {
            return Some(MatRef::from_row_major_slice(&[], m, n));
        }
        if let Some(step) = row_step(self.shape, self.strides, 0) {
            return Some(MatRef::from_row_major_slice_with_stride(&self.data[self.offset..], m, n, step));
        }
        let step = row_step([n, m], [self.strides[1], self.strides[0]], 0)?;
        Some(MatRef::from_column_major_slice_with_stride(&self.data[self.offset..], m, n, step))
    }

    /// The kernels' view of it, of a copy of it in `store` where need be.
    pub(super) fn view_or_copy<'s>(self, store: &'s mut Option<Scratch<T>>) -> MatRef<'s, T>
    where
        'a: 's,
    {
        if let Some(view) = self.view() {
            return view;
        }
        let [m, n] = self.shape;
        let copy = store.insert(Scratch::of(m * n));
        self.copy_rows(copy);
        MatRef::from_row_major_slice(copy, m, n)
    }

    /// A copy of the elements, row after row, in borrowed memory.
    pub(super) fn rows(self) -> Scratch<T> {
        let mut copy = Scratch::of(self.shape[0] * self.shape[1]);
        self.copy_rows(&mut copy);
        copy
    }

    /// A copy of the elements, column after column, in borrowed memory: the order the factorizations work in.
    pub(super) fn columns(self) -> Scratch<T> {
        self.t().rows()
    }

    /// Whether every element is finite.
    pub(super) fn is_finite(self) -> bool {
        let [m, n] = self.shape;
        (0..m).all(|i| (0..n).all(|j| self.at(i, j).is_finite()))
    }
}

/// A matrix to write to: element (i, j) is `data[offset + i·strides[0] + j·strides[1]]`.
///
/// No two elements share a place.
#[derive(Debug)]
pub(crate) struct MatMut<'a, T> {
    pub(crate) data: &'a mut [T],
    pub(crate) offset: usize,
    pub(crate) shape: [usize; 2],
    pub(crate) strides: [isize; 2],
}

impl<'a, T> MatMut<'a, T> {
    /// A matrix of `rows` rows, one after the other, of `cols` elements each.
    ///
    /// # Panics
    ///
    /// If `data` is shorter than `rows·cols`.
    #[track_caller]
    pub(crate) fn of_rows(data: &'a mut [T], rows: usize, cols: usize) -> Self {
        assert!(data.len() >= rows * cols, "a {rows}×{cols} matrix in {} elements", data.len());
        MatMut { data, offset: 0, shape: [rows, cols], strides: [cols as isize, 1] }
    }

    /// The transpose: the same elements, rows and columns exchanged.
    #[cfg(test)]
    pub(crate) fn t(self) -> Self {
        let ([m, n], [r, c]) = (self.shape, self.strides);
        MatMut { shape: [n, m], strides: [c, r], ..self }
    }

    /// Calls `visit` with every element, row after row.
    pub(super) fn for_each(&mut self, mut visit: impl FnMut(usize, usize, &mut T)) {
        for i in 0..self.shape[0] {
            for j in 0..self.shape[1] {
                visit(i, j, &mut self.data[place(self.offset, self.strides, i, j)]);
            }
        }
    }
}

impl<T: Scalar> MatMut<'_, T> {
    /// The kernels' view of it, if its rows or its columns are contiguous and do not overlap.
    pub(super) fn view(&mut self) -> Option<FaerMut<'_, T>> {
        let [m, n] = self.shape;
        if m == 0 || n == 0 {
            return Some(FaerMut::from_row_major_slice_mut(&mut [], m, n));
        }
        if let Some(step) = row_step(self.shape, self.strides, n) {
            // As columns, transposed: the library's own constructor for rows with a stride (`faer` 0.24.4) takes the
            // stride for that of the columns, and reaches beyond the slice.
            let data = &mut self.data[self.offset..];
            return Some(FaerMut::from_column_major_slice_with_stride_mut(data, n, m, step).transpose_mut());
        }
        let step = row_step([n, m], [self.strides[1], self.strides[0]], m)?;
        let data = &mut self.data[self.offset..];
        Some(FaerMut::from_column_major_slice_with_stride_mut(data, m, n, step))
    }
}

/// Where element (i, j) is.
fn place(offset: usize, strides: [isize; 2], i: usize, j: usize) -> usize {
    (offset as isize + i as isize * strides[0] + j as isize * strides[1]) as usize
}

/// The distance from row to row if the rows are contiguous and in order, at least `least` elements apart.
///
/// The stride of a dimension of length 1 means nothing and may be anything. A vector counts as contiguous only without
/// gaps: the kernels for vectors take no others, and a copy costs little beside the product it is for.
fn row_step(shape: [usize; 2], strides: [isize; 2], least: usize) -> Option<usize> {
    let [m, n] = shape;
    let step = if m == 1 { n } else { usize::try_from(strides[0]).ok()? };
    let contiguous = if n == 1 { step == 1 } else { strides[1] == 1 };
    (contiguous && step >= least).then_some(step)
}
