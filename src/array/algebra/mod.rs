//! Linear algebra: systems, factorizations and functions of matrices, each one step with an adjoint of its own.
//!
//! An operation on matrices is a [`MatrixRule`]: what it is on plain numbers, a call of a kernel; its differential; its
//! adjoint. The differential makes it one on dual numbers, so that the adjoint, which is computed in the same operations,
//! gives second derivatives too. On axes before the last two it is one for each matrix.
//!
//! M. Giles, Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic Differentiation, 2008; what is
//! from elsewhere is said at its place.
//!
//! An operation with several results writes them one after the other; what is given out are views of them.

mod cholesky;
mod determinant;
mod eigh;
mod exp;
mod inverse;
mod least_squares;
mod outcome;
mod qr;
mod solve;
mod svd;
mod triangular;

use smallvec::SmallVec;

use super::dense::Dense;
use super::element::Element;
use super::layout::{Layout, Shape, common_shape, row_major};
use super::matmul::{mat, matrices, matrix};
use super::rules::Op;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::ViewMut;
use super::{Tensor, misuse};
use crate::linalg::{self, Mat};

pub(crate) use cholesky::Cholesky;
pub(crate) use determinant::{Det, LogDet};
pub(crate) use eigh::Eigh;
pub(crate) use exp::Exp;
pub(crate) use inverse::Inverse;
pub(crate) use least_squares::LeastSquares;
pub use outcome::{NoConvergence, NotPositiveDefinite, RankDeficient, Singular};
pub(crate) use qr::Qr;
pub(crate) use solve::Solve;
pub(crate) use svd::Svd;
pub use triangular::Triangle;
pub(crate) use triangular::Triangular;

/// An operation on one matrix or two, whose results are written in a row.
pub(crate) trait MatrixRule {
    fn name(&self) -> &'static str;

    /// On plain numbers.
    fn plain<T: linalg::Scalar + Element>(&self, inputs: &[Mat<T>], out: &mut [T]) -> Result<(), Failure>;

    /// How the results change as the inputs change by `changes`; all of `out` is written.
    fn differential<E: Element>(&self, inputs: &[Mat<E>], changes: &[Mat<E>], results: &[E], out: &mut [E]);

    /// What flows to the inputs, or to the `wanted` ones, from the adjoints of the results.
    fn adjoint<E: Element>(
        &self,
        inputs: &[Mat<E>],
        results: &[E],
        adjoints: &[E],
        wanted: [bool; 2],
    ) -> Flows<E>;
}

pub(crate) type Flows<E> = [Option<Dense<E>>; 2];

/// A rule for each of a stack of matrices; inputs have the same axes before the last two.
#[derive(Debug, Clone)]
pub(crate) struct Stack<M> {
    rule: M,
    /// Numbers in the results of one.
    size: usize,
}

impl<M: MatrixRule> Rule for Stack<M> {
    fn name(&self) -> &'static str {
        self.rule.name()
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        if self.size == 0 {
            return Ok(());
        }
        for (index, out) in out.chunks_exact_mut(self.size).enumerate() {
            let mats: SmallVec<[Mat<E>; 2]> = (0..inputs.len()).map(|k| mat(inputs.at(k), index)).collect();
            E::run(&self.rule, &mats, out)?;
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (results, adjoints, inputs) = (flow.value, flow.adjoint, flow.inputs);
        let wanted = [flow.varies(0), inputs.len() > 1 && flow.varies(1)];
        for index in 0..matrices(flow.input(0).layout) {
            let own = index * self.size..(index + 1) * self.size;
            // Where nothing comes nothing flows, be the derivative infinite.
            if adjoints[own.clone()].iter().all(|adjoint| adjoint.is_nil()) {
                continue;
            }
            let mats: SmallVec<[Mat<E>; 2]> = (0..inputs.len()).map(|k| mat(inputs.at(k), index)).collect();
            let flows = self.rule.adjoint(&mats, &results[own.clone()], &adjoints[own], wanted);
            for (k, flowing) in flows.iter().enumerate() {
                if let (Some(flowing), true) = (flowing, wanted[k]) {
                    add(flow.target(k), index, flowing);
                }
            }
        }
    }
}

/// Adds to matrix number `index` of a stack, whose elements may be the same several times.
fn add<E: Element>(target: ViewMut<E>, index: usize, flowing: &Dense<E>) {
    let (offset, shape, strides) = matrix(target.layout, index);
    for i in 0..shape[0] {
        for j in 0..shape[1] {
            let place = offset as isize + i as isize * strides[0] + j as isize * strides[1];
            target.numbers[place as usize] += flowing.at(i, j);
        }
    }
}

/// A matrix of the results, or of their adjoints.
fn part<E>(results: &[E], first: usize, shape: [usize; 2]) -> Mat<'_, E> {
    Mat::of_rows(&results[first..], shape[0], shape[1])
}

fn no_adjoints<E: Element>(adjoints: Mat<E>) -> bool {
    (0..adjoints.shape[0]).all(|i| (0..adjoints.shape[1]).all(|j| adjoints.at(i, j).is_nil()))
}

/// Runs a rule for a result of one matrix. What it has no result for is of no number: the derivative of something that has
/// none there.
fn made<E: Element, M: MatrixRule>(rule: &M, inputs: &[Mat<E>], shape: [usize; 2]) -> Dense<E> {
    let mut out = Dense::zeros(shape);
    if E::run(rule, inputs, out.row()).is_err() {
        out.row().fill(E::of(f64::NAN));
    }
    out
}

impl<T: Scalar> Tensor<T> {
    /// Records a rule on matrices, or says why it has no result: `[…, size]`.
    #[track_caller]
    fn of_matrices<M: MatrixRule>(rule: M, inputs: &[&Tensor<T>], size: usize) -> Result<Tensor<T>, Failure>
    where
        Op: From<Stack<M>>,
    {
        let shape = before(inputs[0]).iter().copied().chain([size]).collect::<Shape>();
        Tensor::try_of(Stack { rule, size }.into(), inputs, &shape)
    }

    /// One of several results: `shape` numbers for each matrix, from number `first` on.
    fn result(&self, first: usize, shape: &[usize]) -> Tensor<T> {
        let mut layout = self.layout().clone();
        layout.shape.pop();
        layout.strides.pop();
        layout.offset = first;
        layout.shape.extend_from_slice(shape);
        layout.strides.extend(row_major(shape));
        self.seen_as(layout)
    }
}

/// The axes before the last two.
fn before<T>(a: &Tensor<T>) -> &[usize] {
    &a.shape()[..a.rank() - 2]
}

/// Rows and columns of a matrix, or of each of a stack.
#[track_caller]
fn rows_and_columns<T>(operation: &str, a: &Tensor<T>) -> [usize; 2] {
    match *a.shape() {
        [.., m, n] => [m, n],
        _ => {
            misuse::shape(operation, a.shape(), "it needs a matrix `[m, n]`, or a stack of such: `[…, m, n]`")
        }
    }
}

/// The order of a square matrix.
#[track_caller]
fn order<T>(operation: &str, a: &Tensor<T>) -> usize {
    match *a.shape() {
        [.., m, n] if m == n => n,
        _ => misuse::shape(
            operation,
            a.shape(),
            "it needs a square matrix `[n, n]`, or a stack of such: `[…, n, n]`",
        ),
    }
}

/// A matrix and right sides, broadcast: `[…, m, n]` and `[…, m, k]`.
struct System<T> {
    a: Tensor<T>,
    b: Tensor<T>,
    /// Of each solution; of one to a vector, its length.
    shape: SmallVec<[usize; 2]>,
}

impl<T: Scalar> System<T> {
    #[track_caller]
    fn of(operation: &str, a: &Tensor<T>, b: &Tensor<T>) -> System<T> {
        let [m, n] = rows_and_columns(operation, a);
        let columns = match b.rank() {
            0 => no_system(operation, a, b),
            1 => b.insert_axis(1),
            _ => b.clone(),
        };
        let [rows, k] = rows_and_columns(operation, &columns);
        let Some(before) = common_shape(before(a), before(&columns)).filter(|_| rows == m) else {
            no_system(operation, a, b);
        };
        let with = |last: [usize; 2]| before.iter().copied().chain(last).collect::<Shape>();
        let seen = |x: &Tensor<T>, shape: Shape| {
            x.seen_as(Layout::broadcast(x.layout(), &shape).expect("the shape they have together"))
        };
        let shape = if b.rank() == 1 { SmallVec::from_slice(&[n]) } else { SmallVec::from_slice(&[n, k]) };
        System { a: seen(a, with([m, n])), b: seen(&columns, with([m, k])), shape }
    }

    #[track_caller]
    fn record<M: MatrixRule>(self, rule: M) -> Result<Tensor<T>, Failure>
    where
        Op: From<Stack<M>>,
    {
        let size = self.shape.iter().product();
        Ok(Tensor::of_matrices(rule, &[&self.a, &self.b], size)?.result(0, &self.shape))
    }
}

#[cold]
#[track_caller]
fn no_system<T>(operation: &str, a: &Tensor<T>, b: &Tensor<T>) -> ! {
    misuse::shapes(
        operation,
        a.shape(),
        b.shape(),
        "for a matrix `[…, m, n]` it needs a vector `[m]` or right sides `[…, m, k]`, and axes before these of equal \
         lengths, or 1",
    )
}
