//! Factorizations against their definitions, products against sums, over shapes, scalars and ways to lie in memory.

mod exponentials;
mod factorizations;
mod products;
mod systems;

use super::scratch::Scratch;
use super::*;

const SIZES: [usize; 9] = [0, 1, 2, 3, 5, 8, 17, 40, 130];

/// Numbers between −1 and 1 without a pattern, the same in each run.
pub(super) fn noise<T: Scalar>(len: usize, seed: u64) -> Vec<T> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        T::of((state >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
    };
    (0..len).map(|_| next()).collect()
}

/// The product of two matrices, rows after rows, element by element.
pub(super) fn naive<T: Scalar>(a: Mat<T>, b: Mat<T>) -> Vec<T> {
    let ([m, k], n) = (a.shape, b.shape[1]);
    let element = |i: usize, j: usize| (0..k).fold(T::zero(), |sum, l| sum + a.at(i, l) * b.at(l, j));
    (0..m * n).map(|at| element(at / n, at % n)).collect()
}

pub(super) fn identity<T: Scalar>(n: usize) -> Vec<T> {
    (0..n * n).map(|at| if at % (n + 1) == 0 { T::one() } else { T::zero() }).collect()
}

/// Asserts that two matrices agree within `ulps` roundings of numbers of size `scale`.
#[track_caller]
pub(super) fn close<T: Scalar>(left: &[T], right: &[T], scale: f64, ulps: f64) {
    assert_eq!(left.len(), right.len());
    let most = T::of(scale * ulps) * T::epsilon();
    for (at, (&x, &y)) in left.iter().zip(right).enumerate() {
        assert!((x - y).abs() <= most, "element {at} of {}: {x:?} and {y:?}", left.len());
    }
}

/// The ways in which a matrix may lie in memory.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lie {
    Rows,
    Columns,
    Padded,
    PaddedColumns,
    Spread,
    Reversed,
}

pub(super) const LIES: [Lie; 6] =
    [Lie::Rows, Lie::Columns, Lie::Padded, Lie::PaddedColumns, Lie::Spread, Lie::Reversed];

impl Lie {
    /// Length of the memory, offset and strides.
    pub(super) fn layout(self, [m, n]: [usize; 2]) -> (usize, usize, [isize; 2]) {
        let (rows, cols) = (m as isize, n as isize);
        match self {
            Lie::Rows => (m * n, 0, [cols, 1]),
            Lie::Columns => (m * n, 0, [1, rows]),
            Lie::Padded => (m * (n + 3) + 2, 2, [cols + 3, 1]),
            Lie::PaddedColumns => (n * (m + 2) + 1, 1, [1, rows + 2]),
            Lie::Spread => (m * n * 6 + 5, 5, [cols * 6, 2]),
            Lie::Reversed => (m * n, (m * n).saturating_sub(1), [-cols, -1]),
        }
    }

    /// Memory that holds `rows`, and what is between them is `NaN`.
    pub(super) fn memory<T: Scalar>(self, rows: &[T], shape: [usize; 2]) -> Vec<T> {
        let (len, offset, strides) = self.layout(shape);
        let mut memory = vec![T::nan(); len];
        let mut to = MatMut { data: &mut memory, offset, shape, strides };
        to.for_each(|i, j, x| *x = rows[i * shape[1] + j]);
        memory
    }

    pub(super) fn view<'a, T>(self, data: &'a [T], shape: [usize; 2]) -> Mat<'a, T> {
        let (_, offset, strides) = self.layout(shape);
        Mat { data, offset, shape, strides }
    }
}

#[test]
fn borrowed_memory_is_taken_again() {
    let first = Scratch::<f64>::of(1000).as_ptr();
    assert_eq!(Scratch::<f64>::of(10).as_ptr(), first);
    let (one, two) = (Scratch::<f64>::of(1000), Scratch::<f64>::of(1000));
    assert_ne!(one.as_ptr(), two.as_ptr());
}

#[test]
fn a_vector_is_turned_by_its_first_largest_component() {
    assert!(points_down([0.1, -0.7, 0.7000000000000001].into_iter()));
    assert!(!points_down([0.7, -0.7000000000000001].into_iter()));
    assert!(!points_down([f64::NAN].into_iter()));
}
