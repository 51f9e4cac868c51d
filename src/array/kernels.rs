//! What is done by kernels for plain numbers, and on dual numbers part by part.

use super::element::Element;
use crate::dual::{Dual, Duals};
use crate::linalg::{self, Mat, MatMut, Scratch};

/// See the head of the file.
pub(crate) trait Kernels: Sized {
    /// `out = a b`, or `out += a b`.
    fn matmul(out: MatMut<Self>, a: Mat<Self>, b: Mat<Self>, accumulate: bool);

    /// Calls `work` with memory for `len` intermediate results, which holds anything. Plain numbers borrow it from the thread.
    fn with_scratch(len: usize, work: impl FnOnce(&mut [Self]));
}

impl Kernels for f64 {
    fn matmul(out: MatMut<f64>, a: Mat<f64>, b: Mat<f64>, accumulate: bool) {
        linalg::matmul(out, a, b, accumulate, 1.0);
    }

    fn with_scratch(len: usize, work: impl FnOnce(&mut [f64])) {
        work(&mut Scratch::of(len));
    }
}

impl Kernels for f32 {
    fn matmul(out: MatMut<f32>, a: Mat<f32>, b: Mat<f32>, accumulate: bool) {
        linalg::matmul(out, a, b, accumulate, 1.0);
    }

    fn with_scratch(len: usize, work: impl FnOnce(&mut [f32])) {
        work(&mut Scratch::of(len));
    }
}

impl<R: Element> Kernels for Dual<R> {
    /// `d(a b) = da b + a db`
    fn matmul(mut out: MatMut<Dual<R>>, a: Mat<Dual<R>>, b: Mat<Dual<R>>, accumulate: bool) {
        let (va, vb) = (Part::of(a, |x| x.value), Part::of(b, |x| x.value));
        let (da, db) = (Part::of(a, |x| x.tangent), Part::of(b, |x| x.tangent));
        let mut product = Part::zeros(out.shape);
        R::matmul(product.to(), va.mat(), vb.mat(), false);
        put(&mut out, &product, accumulate, |x| &mut x.value);
        R::matmul(product.to(), da.mat(), vb.mat(), false);
        R::matmul(product.to(), va.mat(), db.mat(), true);
        put(&mut out, &product, accumulate, |x| &mut x.tangent);
    }

    fn with_scratch(len: usize, work: impl FnOnce(&mut [Dual<R>])) {
        work(&mut vec![Dual { value: R::of(0.0), tangent: R::of(0.0) }; len]);
    }
}

impl<const N: usize> Kernels for Duals<N> {
    /// As on `Dual`, in each direction.
    fn matmul(mut out: MatMut<Duals<N>>, a: Mat<Duals<N>>, b: Mat<Duals<N>>, accumulate: bool) {
        let (va, vb) = (Part::of(a, |x| x.value), Part::of(b, |x| x.value));
        let mut product = Part::zeros(out.shape);
        f64::matmul(product.to(), va.mat(), vb.mat(), false);
        put(&mut out, &product, accumulate, |x| &mut x.value);
        for k in 0..N {
            let (da, db) = (Part::of(a, |x| x.tangents[k]), Part::of(b, |x| x.tangents[k]));
            f64::matmul(product.to(), da.mat(), vb.mat(), false);
            f64::matmul(product.to(), va.mat(), db.mat(), true);
            put(&mut out, &product, accumulate, |x| &mut x.tangents[k]);
        }
    }

    fn with_scratch(len: usize, work: impl FnOnce(&mut [Duals<N>])) {
        work(&mut vec![Duals::of(0.0); len]);
    }
}

/// One part of each element of a matrix: the values, or the tangents.
pub(super) struct Part<P> {
    pub(super) numbers: Vec<P>,
    shape: [usize; 2],
}

impl<P: Element> Part<P> {
    pub(super) fn of<E: Copy>(a: Mat<E>, part: impl Fn(E) -> P) -> Part<P> {
        let ([m, n], [r, c]) = (a.shape, a.strides);
        let mut numbers = Vec::with_capacity(m * n);
        for i in 0..m as isize {
            for j in 0..n as isize {
                numbers.push(part(a.data[(a.offset as isize + i * r + j * c) as usize]));
            }
        }
        Part { numbers, shape: a.shape }
    }

    pub(super) fn zeros(shape: [usize; 2]) -> Part<P> {
        Part { numbers: vec![P::of(0.0); shape[0] * shape[1]], shape }
    }

    pub(super) fn mat(&self) -> Mat<'_, P> {
        Mat::of_rows(&self.numbers, self.shape[0], self.shape[1])
    }

    pub(super) fn to(&mut self) -> MatMut<'_, P> {
        MatMut::of_rows(&mut self.numbers, self.shape[0], self.shape[1])
    }
}

/// Writes a part of each element of `out`, or adds to it.
fn put<E, P: Element>(
    out: &mut MatMut<E>,
    numbers: &Part<P>,
    accumulate: bool,
    part: impl Fn(&mut E) -> &mut P,
) {
    let ([m, n], [r, c]) = (out.shape, out.strides);
    for i in 0..m {
        for j in 0..n {
            let place = (out.offset as isize + i as isize * r + j as isize * c) as usize;
            let (own, number) = (part(&mut out.data[place]), numbers.numbers[i * n + j]);
            *own = if accumulate { *own + number } else { number };
        }
    }
}
