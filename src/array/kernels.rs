//! What is done by kernels for plain numbers, and on dual numbers part by part.

use smallvec::SmallVec;

use super::algebra::MatrixRule;
use super::dense::Dense;
use super::element::Element;
use super::step::Failure;
use crate::dual::{Dual, Duals};
use crate::linalg::{self, Mat, MatMut};

/// See the head of the file.
pub(crate) trait Kernels: Sized {
    /// `out = a b`, or `out += a b`.
    fn matmul(out: MatMut<Self>, a: Mat<Self>, b: Mat<Self>, accumulate: bool);

    /// What `rule` makes of matrices, in a row; all of `out` is written.
    fn run<M: MatrixRule>(rule: &M, inputs: &[Mat<Self>], out: &mut [Self]) -> Result<(), Failure>;

    /// Memory for `len` numbers; what it holds is of no meaning.
    fn borrow(len: usize) -> Vec<Self>
    where
        Self: Element,
    {
        vec![Self::of(0.0); len]
    }

    /// Memory that is not wanted any more.
    fn give_back(_memory: Vec<Self>) {}

    /// Calls `work` with memory for `len` intermediate results, which holds anything.
    fn with_scratch(len: usize, work: impl FnOnce(&mut [Self]))
    where
        Self: Element,
    {
        let mut memory = Self::borrow(len);
        work(&mut memory);
        Self::give_back(memory);
    }
}

impl Kernels for f64 {
    fn matmul(out: MatMut<f64>, a: Mat<f64>, b: Mat<f64>, accumulate: bool) {
        linalg::matmul(out, a, b, accumulate, 1.0);
    }

    fn run<M: MatrixRule>(rule: &M, inputs: &[Mat<f64>], out: &mut [f64]) -> Result<(), Failure> {
        rule.plain(inputs, out)
    }

    fn borrow(len: usize) -> Vec<f64> {
        linalg::borrow(len)
    }

    fn give_back(memory: Vec<f64>) {
        linalg::give_back(memory);
    }
}

impl Kernels for f32 {
    fn matmul(out: MatMut<f32>, a: Mat<f32>, b: Mat<f32>, accumulate: bool) {
        linalg::matmul(out, a, b, accumulate, 1.0);
    }

    fn run<M: MatrixRule>(rule: &M, inputs: &[Mat<f32>], out: &mut [f32]) -> Result<(), Failure> {
        rule.plain(inputs, out)
    }

    fn borrow(len: usize) -> Vec<f32> {
        linalg::borrow(len)
    }

    fn give_back(memory: Vec<f32>) {
        linalg::give_back(memory);
    }
}

impl<R: Element> Kernels for Dual<R> {
    /// `d(a b) = da b + a db`
    fn matmul(mut out: MatMut<Dual<R>>, a: Mat<Dual<R>>, b: Mat<Dual<R>>, accumulate: bool) {
        let (va, vb) = (Dense::part(a, |x| x.value), Dense::part(b, |x| x.value));
        let (da, db) = (Dense::part(a, |x| x.tangent), Dense::part(b, |x| x.tangent));
        let mut product = Dense::zeros(out.shape);
        R::matmul(product.to(), va.mat(), vb.mat(), false);
        put(&mut out, &product, accumulate, |x| &mut x.value);
        R::matmul(product.to(), da.mat(), vb.mat(), false);
        R::matmul(product.to(), va.mat(), db.mat(), true);
        put(&mut out, &product, accumulate, |x| &mut x.tangent);
    }

    fn run<M: MatrixRule>(rule: &M, inputs: &[Mat<Dual<R>>], out: &mut [Dual<R>]) -> Result<(), Failure> {
        let (values, tangents) = (parts(inputs, |x| x.value), parts(inputs, |x| x.tangent));
        let (mut value, mut tangent) = (Dense::zeros([1, out.len()]), Dense::zeros([1, out.len()]));
        R::run(rule, &mats(&values), value.row())?;
        rule.differential(&mats(&values), &mats(&tangents), value.numbers(), tangent.row());
        for (out, (&value, &tangent)) in out.iter_mut().zip(value.numbers().iter().zip(tangent.numbers())) {
            *out = Dual { value, tangent };
        }
        Ok(())
    }
}

impl<const N: usize> Kernels for Duals<N> {
    /// As on `Dual`, in each direction.
    fn matmul(mut out: MatMut<Duals<N>>, a: Mat<Duals<N>>, b: Mat<Duals<N>>, accumulate: bool) {
        let (va, vb) = (Dense::part(a, |x| x.value), Dense::part(b, |x| x.value));
        let mut product = Dense::zeros(out.shape);
        f64::matmul(product.to(), va.mat(), vb.mat(), false);
        put(&mut out, &product, accumulate, |x| &mut x.value);
        for k in 0..N {
            let (da, db) = (Dense::part(a, |x| x.tangents[k]), Dense::part(b, |x| x.tangents[k]));
            f64::matmul(product.to(), da.mat(), vb.mat(), false);
            f64::matmul(product.to(), va.mat(), db.mat(), true);
            put(&mut out, &product, accumulate, |x| &mut x.tangents[k]);
        }
    }

    fn run<M: MatrixRule>(rule: &M, inputs: &[Mat<Duals<N>>], out: &mut [Duals<N>]) -> Result<(), Failure> {
        let values = parts(inputs, |x| x.value);
        let (mut value, mut tangent) = (Dense::zeros([1, out.len()]), Dense::zeros([1, out.len()]));
        f64::run(rule, &mats(&values), value.row())?;
        out.iter_mut().zip(value.numbers()).for_each(|(out, value)| out.value = *value);
        for k in 0..N {
            let tangents = parts(inputs, |x| x.tangents[k]);
            rule.differential(&mats(&values), &mats(&tangents), value.numbers(), tangent.row());
            out.iter_mut().zip(tangent.numbers()).for_each(|(out, tangent)| out.tangents[k] = *tangent);
        }
        Ok(())
    }
}

/// A part of each element of some matrices.
fn parts<E: Copy, P: Element>(inputs: &[Mat<E>], part: impl Fn(E) -> P) -> SmallVec<[Dense<P>; 2]> {
    inputs.iter().map(|&input| Dense::part(input, &part)).collect()
}

fn mats<P: Element>(parts: &[Dense<P>]) -> SmallVec<[Mat<'_, P>; 2]> {
    parts.iter().map(Dense::mat).collect()
}

/// Writes a part of each element of `out`, or adds to it.
fn put<E, P: Element>(
    out: &mut MatMut<E>,
    numbers: &Dense<P>,
    accumulate: bool,
    part: impl Fn(&mut E) -> &mut P,
) {
    let ([m, n], [r, c]) = (out.shape, out.strides);
    for i in 0..m {
        for j in 0..n {
            let place = (out.offset as isize + i as isize * r + j as isize * c) as usize;
            let (own, number) = (part(&mut out.data[place]), numbers.at(i, j));
            *own = if accumulate { *own + number } else { number };
        }
    }
}
