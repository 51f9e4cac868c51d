//! Matrices of numbers of any kind, in memory of their own: what formulas are computed in.

use super::element::Element;
use crate::linalg::{Mat, MatMut};

/// See the head of the file. The rows follow one another. Of plain numbers the memory is borrowed, and given back at the end.
#[derive(Debug)]
pub(crate) struct Dense<E: Element> {
    /// The matrix, and what is left of the memory.
    memory: Vec<E>,
    shape: [usize; 2],
}

impl<E: Element> Drop for Dense<E> {
    fn drop(&mut self) {
        E::give_back(std::mem::take(&mut self.memory));
    }
}

impl<E: Element> Dense<E> {
    /// Of whatever the memory holds.
    fn blank(shape: [usize; 2]) -> Dense<E> {
        Dense { memory: E::borrow(shape[0] * shape[1]), shape }
    }

    pub(crate) fn zeros(shape: [usize; 2]) -> Dense<E> {
        let mut zeros = Dense::blank(shape);
        zeros.row().fill(E::of(0.0));
        zeros
    }

    pub(crate) fn of(shape: [usize; 2], element: impl Fn(usize, usize) -> E) -> Dense<E> {
        let mut made = Dense::blank(shape);
        for i in 0..shape[0] {
            for j in 0..shape[1] {
                made.memory[i * shape[1] + j] = element(i, j);
            }
        }
        made
    }

    /// One part of each element of a matrix: the values, or the tangents.
    pub(crate) fn part<F: Copy>(a: Mat<F>, part: impl Fn(F) -> E) -> Dense<E> {
        Dense::of(a.shape, |i, j| part(a.at(i, j)))
    }

    /// `a b`
    pub(crate) fn product(a: Mat<E>, b: Mat<E>) -> Dense<E> {
        let mut product = Dense::blank([a.shape[0], b.shape[1]]);
        E::matmul(product.to(), a, b, false);
        product
    }

    /// `a − b c`
    pub(crate) fn less(a: Mat<E>, b: Mat<E>, c: Mat<E>) -> Dense<E> {
        Dense::product(b, c).map(|i, j, x| a.at(i, j) - x)
    }

    /// `(a + aᵀ)/2`
    pub(crate) fn symmetric(a: Mat<E>) -> Dense<E> {
        let half = E::of(0.5);
        Dense::of(a.shape, |i, j| if i == j { a.at(i, i) } else { half * (a.at(i, j) + a.at(j, i)) })
    }

    /// Each element in its place: `f(i, j, x)`.
    pub(crate) fn map(mut self, f: impl Fn(usize, usize, E) -> E) -> Dense<E> {
        let n = self.shape[1];
        for (k, x) in self.row().iter_mut().enumerate() {
            *x = f(k / n, k % n, *x);
        }
        self
    }

    /// Adds `a b`.
    pub(crate) fn add_product(&mut self, a: Mat<E>, b: Mat<E>) {
        E::matmul(self.to(), a, b, true);
    }

    pub(crate) fn at(&self, i: usize, j: usize) -> E {
        self.memory[i * self.shape[1] + j]
    }

    /// The elements, row after row, to be written.
    pub(crate) fn row(&mut self) -> &mut [E] {
        &mut self.memory[..self.shape[0] * self.shape[1]]
    }

    /// The elements, row after row.
    pub(crate) fn numbers(&self) -> &[E] {
        &self.memory[..self.shape[0] * self.shape[1]]
    }

    pub(crate) fn mat(&self) -> Mat<'_, E> {
        Mat::of_rows(&self.memory, self.shape[0], self.shape[1])
    }

    /// The transpose.
    pub(crate) fn t(&self) -> Mat<'_, E> {
        self.mat().t()
    }

    pub(crate) fn to(&mut self) -> MatMut<'_, E> {
        MatMut::of_rows(&mut self.memory, self.shape[0], self.shape[1])
    }
}
