//! The table, continued: reductions, choices, joining, indexing, convolutions, linear algebra.

use downhill::array::{Conv, Labels, Scalar, Triangle, concat, einsum, stack, where_};
use downhill::prelude::*;
use ndarray::array;

use super::check::check;
use super::table::{Domain, Row, apart, on, row};

fn reductions() -> Vec<Row> {
    vec![
        row! {
            "mean", on(-2.0, 2.0), [[]] [[3]] [[2, 3]] [[2, 1, 2]] [[2, 2, 1, 2]],
            |x| [x[0].mean().square(), x[0].mean_axes([]).square()]
        },
        row! {
            "along the first axis", on(0.5, 2.0), [[3]] [[2, 3]] [[1, 3]] [[2, 1, 2]] [[2, 0]],
            |x| [x[0].mean_axis(0).square(), x[0].prod_axis(0), x[0].norm_axis(0), x[0].log_sum_exp_axis(0), x[0].cumsum(0).square()]
        },
        row! {
            "along the last axis", on(0.5, 2.0), [[3]] [[2, 3]] [[3, 1]] [[2, 1, 2]] [[0, 2]],
            |x| [x[0].mean_axis(-1).square(), x[0].prod_axis(-1), x[0].norm_axis(-1), x[0].log_sum_exp_axis(-1), x[0].cumsum(-1).square()]
        },
        row! {
            "along several axes", on(0.5, 2.0), [[2, 3]] [[2, 1, 2]] [[2, 2, 2]],
            |x| [x[0].sum_axes([0, -1]).square(), x[0].mean_axes([0, -1]).square(), x[0].norm_axes([0, -1]), x[0].log_sum_exp_axes([0, -1])]
        },
        row! {
            "squared lengths", on(-2.0, 2.0), [[]] [[3]] [[2, 3]] [[2, 1, 2]] [[2, 2, 1, 2]] [[0, 2]],
            |x| [x[0].norm_squared().square(), x[0].norm_squared_axes([]).square()]
        },
        row! {
            "squared lengths along axes", on(-2.0, 2.0), [[3, 2]] [[2, 1, 2]] [[2, 2, 3]] [[0, 2]],
            |x| [x[0].norm_squared_axis(0).square(), x[0].norm_squared_axis(-1).square(), x[0].norm_squared_axes([0, -1]).square()]
        },
        row! {
            "vecdot", on(-2.0, 2.0), [[3]; [3]] [[2, 3]; [3]] [[2, 3]; [2, 1]] [[1, 2]; [3, 1, 2]] [[2, 0]; [2, 0]],
            |x| [x[0].vecdot(&x[1], -1).square(), x[0].vecdot(&x[1], 0), x[0].vecdot(&x[0], 0).square()]
        },
        row! { "spread", on(-2.0, 2.0), [[4]] [[2, 3]] [[2, 2, 2]], |x| [x[0].var(1).square(), x[0].std(0), x[0].var_axis(-1, 1), x[0].std_axis(0, 0)] },
        row! {
            "extremes", apart(-2.0, 2.0), [[4]] [[2, 3]] [[2, 1, 3]],
            |x| [x[0].max().square(), x[0].min().square(), x[0].max_axis(-1).square(), x[0].min_axis(0).square()]
        },
        row! { "all of them", on(0.5, 2.0), [[]] [[1]] [[2, 3]], |x| [x[0].prod(), x[0].norm(), x[0].log_sum_exp()] },
    ]
}

fn networks() -> Vec<Row> {
    vec![
        row! {
            "softmax", on(-2.0, 2.0), [[3]] [[2, 3]] [[1, 3]] [[2, 1]] [[2, 2, 3]] [[0, 2]],
            // Times the input, as the softmax of equal elements has no derivative.
            |x| [&x[0] * x[0].softmax(-1), &x[0] * x[0].log_softmax(-1), &x[0] * x[0].softmax(0), &x[0] * x[0].log_softmax(0)]
        },
        row! {
            "cross-entropy", on(-2.0, 2.0), [[2, 3]],
            |x| [(x[0].cross_entropy(Labels::new(&[2, 0])) + x[0].sum()).square()]
        },
        row! {
            "conv1d", on(-1.0, 1.0), [[1, 2, 5]; [2, 2, 3]] [[2, 2, 4]; [2, 2, 1]],
            |x| [x[0].conv1d(&x[1], Conv::default().padding([1]).stride([2])).square()]
        },
        row! {
            "conv2d", on(-1.0, 1.0), [[1, 2, 3, 4]; [2, 2, 2, 2]] [[2, 2, 3, 3]; [2, 2, 3, 2]],
            |x| [x[0].conv2d(&x[1], Conv::default().padding([1, 0])).square()]
        },
        row! {
            "conv2d in groups", on(-1.0, 1.0), [[1, 2, 4, 4]; [2, 1, 2, 2]],
            |x| [x[0].conv2d(&x[1], Conv::default().groups(2).dilation([2, 1]))]
        },
        row! { "max_pool", apart(-2.0, 2.0), [[1, 2, 4]], |x| [x[0].max_pool1d(2, 1, 1).square()] },
        row! { "avg_pool", on(-2.0, 2.0), [[1, 2, 4]], |x| [x[0].avg_pool1d(2, 2, 1).square()] },
        row! { "max_pool2d", apart(-2.0, 2.0), [[1, 1, 3, 4]], |x| [x[0].max_pool2d([2, 2], [1, 2], [0, 1]).square()] },
        row! { "avg_pool2d", on(-2.0, 2.0), [[1, 1, 3, 4]], |x| [x[0].avg_pool2d([2, 2], [1, 2], [0, 1]).square()] },
    ]
}

fn choices() -> Vec<Row> {
    vec![
        row! {
            "where_", on(-2.0, 2.0), [[2, 3]; [2, 3]] [[3]; [2, 1]] [[]; [3]],
            |x| [where_(array![true, false, true], &x[0], &x[1]).square()]
        },
        row! { "clip", apart(-2.0, 2.0), [[5]] [[2, 3]] [[0]], |x| [x[0].clip(-0.013, 0.987).square()] },
        row! { "mul_add", on(-2.0, 2.0), [[2, 3]; [3]; [2, 1]] [[]; []; [2]], |x| [x[0].mul_add(&x[1], &x[2]).square()] },
    ]
}

fn joining() -> Vec<Row> {
    vec![
        row! {
            "concat", on(-2.0, 2.0), [[2, 3]; [2, 1]] [[2, 0]; [2, 2]] [[1, 2, 1]; [1, 2, 3]],
            |x| [concat(&[&x[0], &x[1], &x[0]], -1).square()]
        },
        row! {
            "stack", on(-2.0, 2.0), [[2, 3]; [2, 3]] [[]; []] [[0]; [0]],
            |x| [stack(&[&x[0], &x[1], &x[0]], 0).square(), stack(&[&x[1], &x[0]], -1).square()]
        },
        row! { "split", on(-2.0, 2.0), [[4, 2]] [[3]], |x| [x[0].split(&[1, 2], 0)[2].square(), x[0].chunks(2, 0)[0].square()] },
        row! { "pad", on(-2.0, 2.0), [[2, 3]] [[0, 1]], |x| [x[0].pad(&[(1, 0), (2, 1)], 0.5).square()] },
        row! { "tile and repeat", on(-2.0, 2.0), [[2, 2]] [[1, 3]], |x| [x[0].tile(&[2, 1]).powi(3), x[0].repeat(2, -1).powi(3)] },
        row! {
            "indices", on(-2.0, 2.0), [[3, 2]] [[3, 1, 2]],
            |x| [x[0].take([2, 0, 2], 0).square(), x[0].scatter_add(0, [1, 1], x[0].slice(0, ..2)).square()]
        },
        row! { "gather", on(-2.0, 2.0), [[2, 3]], |x| [x[0].gather(1, &array![[2, 2], [0, 1]]).square()] },
    ]
}

fn sums_of_products() -> Vec<Row> {
    vec![
        row! { "einsum ij,jk", on(-2.0, 2.0), [[2, 3]; [3, 2]] [[1, 1]; [1, 2]] [[2, 0]; [0, 2]], |x| [einsum("ij,jk->ik", &x[0], &x[1]).square()] },
        row! { "einsum bij,bjk", on(-2.0, 2.0), [[2, 2, 3]; [2, 3, 1]], |x| [einsum("bij,bjk->kbi", &x[0], &x[1])] },
        row! { "einsum ii,i", on(-2.0, 2.0), [[3, 3]; [3]], |x| [einsum("ii,i->i", &x[0], &x[1]).square()] },
        row! { "einsum ij,k", on(-2.0, 2.0), [[2, 3]; [2]], |x| [einsum("ij,k->k", &x[0], &x[1]).square()] },
        row! { "outer", on(-2.0, 2.0), [[2]; [3]] [[1]; [0]], |x| [x[0].outer(&x[1]).square()] },
    ]
}

/// A matrix that can be solved with, and one that is symmetric and positive definite, of any elements.
fn algebra() -> Vec<Row> {
    let good = || Domain::On(-0.4, 0.4);
    vec![
        row! {
            "solve", good(), [[2, 2]; [2]] [[3, 3]; [3, 2]] [[1, 1]; [1]] [[2, 2, 2]; [2, 2, 1]] [[0, 0]; [0]],
            |x| [regular(&x[0]).solve(&x[1]).square(), regular(&x[0]).solve_triangular(&x[1], Triangle::Lower)]
        },
        row! {
            "of one matrix", good(), [[2, 2]] [[3, 3]] [[1, 1]] [[2, 2, 2]],
            |x| [regular(&x[0]).inverse(), regular(&x[0]).log_det(), regular(&x[0]).det(), x[0].trace().square()]
        },
        row! { "cholesky", good(), [[2, 2]] [[3, 3]] [[1, 1]], |x| [definite(&x[0]).cholesky()] },
        row! { "eigh", good(), [[2, 2]] [[3, 3]], |x| [spread(&x[0]).eigvalsh().square(), spread(&x[0]).eigh().1] },
        row! { "qr", good(), [[3, 2]] [[2, 2]], |x| [tall(&x[0]).qr().0, tall(&x[0]).qr().1] },
        row! { "svd", good(), [[3, 2]] [[2, 2]], |x| [tall(&x[0]).singular_values(), tall(&x[0]).svd().0, tall(&x[0]).svd().2] },
        row! { "least_squares", good(), [[3, 2]; [3]] [[2, 2]; [2, 1]], |x| [tall(&x[0]).least_squares(&x[1]).square()] },
        row! { "matrix_exp", good(), [[2, 2]] [[3, 3]] [[1, 1]], |x| [x[0].matrix_exp()] },
    ]
}

/// With 2 on the diagonal in addition.
fn regular<T: Scalar>(x: &Tensor<T>) -> Tensor<T> {
    x + &Tensor::from(ndarray::Array2::<T>::eye(x.shape()[x.rank() - 1]) * two::<T>())
}

fn definite<T: Scalar>(x: &Tensor<T>) -> Tensor<T> {
    regular(&x.dot(x.t()))
}

/// Symmetric, with eigenvalues that are far from one another.
fn spread<T: Scalar>(x: &Tensor<T>) -> Tensor<T> {
    let n = x.shape()[0];
    let far = ndarray::Array2::from_shape_fn((n, n), |(i, j)| {
        if i == j { (0..=i).fold(T::zero(), |sum, _| sum + two()) } else { T::zero() }
    });
    x + x.t() + &Tensor::from(far)
}

/// With columns that are far from one another.
fn tall<T: Scalar>(x: &Tensor<T>) -> Tensor<T> {
    let (m, n) = (x.shape()[0], x.shape()[1]);
    let far = ndarray::Array2::from_shape_fn((m, n), |(i, j)| {
        if i == j { (0..=i).fold(T::one(), |sum, _| sum + two()) } else { T::zero() }
    });
    x + &Tensor::from(far)
}

fn two<T: Scalar>() -> T {
    T::one() + T::one()
}

#[test]
fn reductions_hold() {
    reductions().iter().for_each(check);
}

#[test]
fn what_networks_are_made_of_holds() {
    networks().iter().for_each(check);
}

#[test]
fn choices_hold() {
    choices().iter().for_each(check);
}

#[test]
fn joining_and_indexing_hold() {
    joining().iter().for_each(check);
}

#[test]
fn sums_of_products_hold() {
    sums_of_products().iter().for_each(check);
}

#[test]
fn linear_algebra_holds() {
    algebra().iter().for_each(check);
}
