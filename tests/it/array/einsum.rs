//! Einstein's sums.

use downhill::array::einsum;
use downhill::prelude::*;
use ndarray::{Array2, Array3, array};

use super::fixtures::check;
use crate::misuse::assert_mistake;

#[test]
fn sums_of_products_are_those_of_jax() {
    check("einsum", |args, x| vec![einsum(args["equation"].as_str().expect("an equation"), &x[0], &x[1])]);
    check("outer", |_, x| vec![x[0].outer(&x[1])]);
}

#[test]
fn without_an_arrow_the_result_has_what_occurs_once() {
    let (a, b) = (Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]), Tensor::from(array![[1.0, 1.0], [0.0, 1.0]]));
    assert_eq!(einsum("ij, jk", &a, &b).view(), a.dot(&b).view());
    assert_eq!(einsum("kj,ji", &a, &b).view(), a.dot(&b).t().view());
    assert_eq!(einsum("ij,ij", &a, &b).value(), 7.0);
    assert_eq!(a.einsum("ba").view(), a.t().view());
    assert_eq!(a.einsum("ii").value(), 5.0);
}

#[test]
fn one_array_is_summed_and_arranged() {
    let tape = Tape::new();
    let x = tape.tensor(Array3::from_shape_fn((2, 3, 2), |(i, j, k)| (6 * i + 2 * j + k) as f64));
    assert_eq!(x.einsum("ijk->ki").view(), array![[6.0, 24.0], [9.0, 27.0]].into_dyn());
    assert_eq!(x.einsum("iji->ji").view(), array![[0.0, 7.0], [2.0, 9.0], [4.0, 11.0]].into_dyn());
    let y = (x.einsum("iji->j") * &array![1.0, 2.0, 3.0]).sum();
    let expected =
        array![[[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]], [[0.0, 1.0], [0.0, 2.0], [0.0, 3.0]]].into_dyn();
    assert_eq!(y.backward().wrt(&x), expected);
}

#[test]
fn views_and_single_precision_are_summed() {
    let tape = Tape::new();
    let x = tape.tensor(Array2::from_shape_fn((2, 3), |(i, j)| (3 * i + j) as f32));
    let turned = x.reversed(1).t(); // [[2, 5], [1, 4], [0, 3]]
    let y = einsum("ij,ki->kj", &turned, &x);
    assert_eq!(y.view(), turned.t().matmul(x.t()).t().view());
    let wide = x.row(0).broadcast([4, 3]);
    assert_eq!(einsum("bi,bi->b", &wide, &wide).view(), array![5.0, 5.0, 5.0, 5.0].into_dyn());
    assert_eq!(
        einsum("bi,bi->b", &wide, &wide).sum().backward().wrt(&x),
        array![[0.0, 8.0, 16.0], [0.0, 0.0, 0.0]].into_dyn()
    );
}

#[test]
fn nothing_sums_to_zero() {
    let (a, b) = (Tensor::from(Array2::<f64>::zeros((2, 0))), Tensor::from(Array2::<f64>::zeros((0, 3))));
    assert_eq!(einsum("ij,jk->ki", &a, &b).view(), Array2::<f64>::zeros((3, 2)).into_dyn());
    assert_eq!(einsum("ij,ij->i", &a, &a).view(), array![0.0, 0.0].into_dyn());
    assert_eq!(einsum("ij,ik->jk", &a, &a).shape(), [0, 0]);
    assert_eq!(einsum("ij,ij->", &a, &a).value(), 0.0);
}

#[test]
fn equations_that_do_not_fit_are_refused() {
    let (a, b) = (Tensor::from(array![[1.0, 2.0]]), Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]));
    assert_mistake(line!(), "einsum \"ij,ij->i\"", || einsum("ij,ij->i", &a, &b));
    assert_mistake(line!(), "[1, 2] and [2, 2]; axes of one letter", || einsum("ij,ij->i", &a, &b));
    assert_mistake(line!(), "[1, 2] and [2, 2]; the equation needs a letter", || einsum("i,ij->i", &a, &b));
    assert_mistake(line!(), "the equation needs letters for as many arrays", || einsum("ij->i", &a, &b));
    assert_mistake(line!(), "the result needs letters of the arrays", || einsum("ij,jk->ii", &a, &b));
    assert_mistake(line!(), "the result needs letters of the arrays", || einsum("ij,jk->il", &a, &b));
    assert_mistake(line!(), "an equation needs", || einsum("ij,jk-ik", &a, &b));
    assert_mistake(line!(), "an equation needs", || einsum("...j,jk->...k", &a, &b));
    assert_mistake(line!(), "shape [1, 2]; axes of one letter", || a.einsum("ii"));
    assert_mistake(line!(), "shapes [1, 2] and [2]; they need one axis each", || a.outer(b.row(0)));
}
