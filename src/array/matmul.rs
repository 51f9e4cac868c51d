//! Products of matrices, of vectors, and of stacks of them.
//!
//! ```text
//! C = A B,   Ā += C̄ Bᵀ,   B̄ += Aᵀ C̄
//! ```

use super::element::Element;
use super::layout::{Layout, Shape, common_shape};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::{View, ViewMut};
use super::{Tensor, misuse};
use crate::linalg::{Mat, MatMut};

/// Inputs have two axes at least: `[…, m, k]` and `[…, k, n]`, with the same ones before.
#[derive(Debug, Clone)]
pub(crate) struct Product;

/// Matrix number `index` of a stack.
pub(super) fn mat<'a, E: Copy>(view: View<'a, E>, index: usize) -> Mat<'a, E> {
    let (offset, shape, strides) = matrix(view.layout, index);
    Mat { data: view.numbers, offset, shape, strides }
}

pub(super) fn matrix(layout: &Layout, mut index: usize) -> (usize, [usize; 2], [isize; 2]) {
    let first = layout.rank() - 2;
    let mut offset = layout.offset as isize;
    for axis in (0..first).rev() {
        let length = layout.shape[axis];
        offset += (index % length) as isize * layout.strides[axis];
        index /= length;
    }
    let shape = [layout.shape[first], layout.shape[first + 1]];
    (offset as usize, shape, [layout.strides[first], layout.strides[first + 1]])
}

pub(super) fn matrices(layout: &Layout) -> usize {
    layout.shape[..layout.rank() - 2].iter().product()
}

impl Rule for Product {
    fn name(&self) -> &'static str {
        "matmul"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (a, b) = (inputs.at(0), inputs.at(1));
        let [m, n] = [a.shape()[a.layout.rank() - 2], b.shape()[b.layout.rank() - 1]];
        if m * n == 0 {
            return Ok(());
        }
        for (index, out) in out.chunks_exact_mut(m * n).enumerate() {
            E::matmul(MatMut::of_rows(out, m, n), mat(a, index), mat(b, index), false);
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (a, b, adjoint) = (flow.input(0), flow.input(1), flow.adjoint);
        let [m, n] = [a.shape()[a.layout.rank() - 2], b.shape()[b.layout.rank() - 1]];
        for (k, count) in [(0, matrices(a.layout)), (1, matrices(b.layout))] {
            if !flow.varies(k) {
                continue;
            }
            let (target, fresh) = flow.target_or_fresh(k);
            // One matrix that fills its block is written; else what is there is added to.
            let replace = fresh && count == 1 && fills(&target);
            if fresh && !replace {
                target.numbers.fill(E::of(0.0));
            }
            let ViewMut { numbers, layout } = target;
            for index in 0..count {
                let adjoint = Mat::of_rows(&adjoint[index * m * n..], m, n);
                let (left, right) =
                    if k == 0 { (adjoint, mat(b, index).t()) } else { (mat(a, index).t(), adjoint) };
                add_product(ViewMut { numbers: &mut *numbers, layout }, index, [left, right], replace);
            }
        }
    }
}

/// Adds a product to matrix number `index` of a stack, or writes it there.
pub(super) fn add_product<E: Element>(
    target: ViewMut<E>,
    index: usize,
    [left, right]: [Mat<E>; 2],
    replace: bool,
) {
    let (offset, shape, strides) = matrix(target.layout, index);
    let repeated = (0..2).any(|axis| shape[axis] > 1 && strides[axis] == 0) || strides[0] == strides[1];
    if !repeated || shape.contains(&1) && !strides.contains(&0) {
        return E::matmul(MatMut { data: target.numbers, offset, shape, strides }, left, right, !replace);
    }
    // Elements that are the same several times, each to be added to: kernels cannot.
    let mut product = vec![E::of(0.0); shape[0] * shape[1]];
    E::matmul(MatMut::of_rows(&mut product, shape[0], shape[1]), left, right, false);
    for (k, &term) in product.iter().enumerate() {
        let [i, j] = [k / shape[1], k % shape[1]].map(|i| i as isize);
        target.numbers[(offset as isize + i * strides[0] + j * strides[1]) as usize] += term;
    }
}

/// Whether the elements are all that there is in the block, each once.
fn fills<E>(target: &ViewMut<E>) -> bool {
    let repeated = target.layout.shape.iter().zip(&target.layout.strides).any(|(&n, &s)| n > 1 && s == 0);
    !repeated && target.layout.len() == target.numbers.len()
}

impl<T: Scalar> Tensor<T> {
    /// The product of vectors and matrices: `[k]·[k]` a number, `[m, k]·[k]` and `[k]·[k, n]` vectors, `[m, k]·[k, n]` a matrix;
    /// with more axes, of stacks of matrices, as [`matmul`](Tensor::matmul). Cost: a product forward, one or two back.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let a = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.dot(&array![1.0, 1.0]).view(), array![3.0, 7.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the inner lengths differ, or one has no axis.
    #[track_caller]
    pub fn dot(&self, other: impl Into<Tensor<T>>) -> Tensor<T> {
        product("dot", self, &other.into())
    }

    /// The product of matrices `[…, m, k]·[…, k, n]`, as NumPy's `@`: the axes before are broadcast, and a vector is a row on the
    /// left and a column on the right.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    #[track_caller]
    pub fn matmul(&self, other: impl Into<Tensor<T>>) -> Tensor<T> {
        product("matmul", self, &other.into())
    }
}

#[track_caller]
fn product<T: Scalar>(name: &str, left: &Tensor<T>, right: &Tensor<T>) -> Tensor<T> {
    if left.rank() == 0 || right.rank() == 0 {
        no_product(name, left, right);
    }
    let a = if left.rank() == 1 { left.insert_axis(0) } else { left.clone() };
    let b = if right.rank() == 1 { right.insert_axis(1) } else { right.clone() };
    let ([before_a @ .., m, k], [before_b @ .., l, n]) = (a.shape(), b.shape()) else {
        no_product(name, left, right);
    };
    let Some(before) = common_shape(before_a, before_b).filter(|_| k == l) else {
        no_product(name, left, right);
    };
    let with = |last: [usize; 2]| before.iter().copied().chain(last).collect::<Shape>();
    let a_all = a.seen_as(a.layout().broadcast(&with([*m, *k])).expect("the shape they have together"));
    let b_all = b.seen_as(b.layout().broadcast(&with([*l, *n])).expect("the shape they have together"));
    let out = Tensor::of(Product, &[&a_all, &b_all], &with([*m, *n]));
    let mut shape = before.clone();
    shape.extend((left.rank() > 1).then_some(*m));
    shape.extend((right.rank() > 1).then_some(*n));
    out.seen_as(Layout::of_rows(&shape))
}

#[cold]
#[track_caller]
fn no_product<T: Scalar>(name: &str, left: &Tensor<T>, right: &Tensor<T>) -> ! {
    misuse::shapes(
        name,
        left.shape(),
        right.shape(),
        "the last axis of the first needs the length of the last but one of the second (of its only one), and axes before \
         these need equal lengths, or 1",
    )
}
