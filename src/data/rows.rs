//! What has rows: arrays along axis 0, and vectors.

use ndarray::{Array, Axis, RemoveAxis};

/// A thing made of rows: an array `[n, …]` of `ndarray`, whose rows lie along axis 0, or a `Vec` of labels. Inputs and
/// targets of a [`Dataset`](super::Dataset) are such.
///
/// ```
/// use downhill::data::Rows;
/// use ndarray::array;
///
/// let x = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
/// assert_eq!(x.count(), 3);
/// assert_eq!(x.select(&[2, 0]), array![[5.0, 6.0], [1.0, 2.0]]);
/// assert_eq!(vec![7, 8, 9].select(&[1, 1]), [8, 8]);
/// ```
pub trait Rows: Sized {
    /// How many rows there are.
    fn count(&self) -> usize;

    /// Makes `into` hold these rows, in this order, and no others. Its memory is used again: nothing is allocated if it has
    /// held as many before.
    ///
    /// # Panics
    ///
    /// If a row is not less than [`count`](Rows::count).
    fn copy_rows(&self, rows: &[usize], into: &mut Self);

    /// Without rows, ready for [`copy_rows`](Rows::copy_rows).
    fn none(&self) -> Self;

    /// A copy of these rows, in this order; a row may be named more than once.
    ///
    /// # Panics
    ///
    /// If a row is not less than [`count`](Rows::count).
    #[track_caller]
    fn select(&self, rows: &[usize]) -> Self {
        check(rows, self.count());
        let mut selected = self.none();
        self.copy_rows(rows, &mut selected);
        selected
    }
}

/// Checks that there are such rows, of `n`.
#[track_caller]
pub(super) fn check(rows: &[usize], n: usize) {
    if let Some(&beyond) = rows.iter().find(|&&row| row >= n) {
        panic!(
            "downhill: row {beyond} was asked for, and there are {n} rows: they count from 0, so ask for less than that"
        );
    }
}

impl<A: Copy> Rows for Vec<A> {
    fn count(&self) -> usize {
        self.len()
    }

    #[track_caller]
    fn copy_rows(&self, rows: &[usize], into: &mut Vec<A>) {
        check(rows, self.len());
        into.clear();
        into.extend(rows.iter().map(|&row| self[row]));
    }

    fn none(&self) -> Vec<A> {
        Vec::new()
    }
}

impl<A: Copy, D: RemoveAxis> Rows for Array<A, D> {
    fn count(&self) -> usize {
        self.len_of(Axis(0))
    }

    #[track_caller]
    fn copy_rows(&self, rows: &[usize], into: &mut Array<A, D>) {
        check(rows, self.count());
        let mut shape = self.raw_dim();
        shape[0] = rows.len();
        let (mut memory, _) = std::mem::replace(into, self.none()).into_raw_vec_and_offset();
        memory.clear();
        memory.reserve(shape.size());
        for &row in rows {
            let row = self.index_axis(Axis(0), row);
            match row.as_slice() {
                Some(numbers) => memory.extend_from_slice(numbers),
                None => memory.extend(row.iter()),
            }
        }
        *into = Array::from_shape_vec(shape, memory).expect("as many numbers as the rows have");
    }

    fn none(&self) -> Array<A, D> {
        let shape = D::zeros(self.ndim());
        Array::from_shape_vec(shape, Vec::new()).expect("no numbers")
    }
}
