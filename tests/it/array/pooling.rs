//! The largest element, and the mean, of windows.

use downhill::prelude::*;
use ndarray::{Array3, Array4, array};

use super::convolution::of;
use super::fixtures::check;
use crate::misuse::assert_mistake;

#[test]
fn windows_are_pooled_as_by_jax() {
    check("max_pool1d", |args, x| {
        let [[kernel], [stride], [padding]] = ["kernel", "stride", "padding"].map(|name| of(args, name));
        vec![x[0].max_pool1d(kernel, stride, padding)]
    });
    check("avg_pool1d", |args, x| {
        let [[kernel], [stride], [padding]] = ["kernel", "stride", "padding"].map(|name| of(args, name));
        vec![x[0].avg_pool1d(kernel, stride, padding)]
    });
    check("max_pool2d", |args, x| {
        vec![x[0].max_pool2d(of(args, "kernel"), of(args, "stride"), of(args, "padding"))]
    });
    check("avg_pool2d", |args, x| {
        vec![x[0].avg_pool2d(of(args, "kernel"), of(args, "stride"), of(args, "padding"))]
    });
}

#[test]
fn of_equal_elements_the_first_is_the_largest() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[[1.0, 3.0, 3.0, 3.0, 0.0]]]);
    let y = x.max_pool1d(3, 1, 0);
    assert_eq!(y.view(), array![[[3.0, 3.0, 3.0]]].into_dyn());
    let gradient = (y * &array![1.0, 2.0, 4.0]).sum().backward();
    assert_eq!(gradient.wrt(&x), array![[[0.0, 3.0, 4.0, 0.0, 0.0]]].into_dyn());
}

#[test]
fn a_nan_is_the_largest() {
    let x = Tensor::from(array![[[1.0, f64::NAN, 3.0, 2.0]]]);
    let y = x.max_pool1d(2, 1, 0);
    assert!(y.at([0, 0, 0]).value().is_nan() && y.at([0, 0, 1]).value().is_nan());
    assert_eq!(y.at([0, 0, 2]).value(), 3.0);
}

#[test]
fn padding_is_never_the_largest_but_counts_in_the_mean() {
    let x = Tensor::from(array![[[-1.0f32, -2.0]]]);
    assert_eq!(x.max_pool1d(2, 1, 1).view(), array![[[-1.0, -1.0, -2.0]]].into_dyn());
    assert_eq!(x.avg_pool1d(2, 1, 1).view(), array![[[-0.5, -1.5, -1.0]]].into_dyn());
}

#[test]
fn any_view_is_pooled_as_its_copy() {
    let tape = Tape::new();
    let x = tape.tensor(Array4::from_shape_fn((2, 3, 5, 4), |(n, c, h, w)| {
        ((7 * n + 5 * c + 3 * h + 11 * w) % 13) as f32
    }));
    let turned = x.permute([1, 0, 3, 2]).reversed(3).reversed(2).slice_by(3, .., 2);
    let copy = tape.tensor(turned.to_owned());
    for [kernel, stride, padding] in [[[2, 2], [1, 1], [0, 0]], [[3, 2], [2, 3], [2, 1]]] {
        let (y, z) = (turned.max_pool2d(kernel, stride, padding), copy.max_pool2d(kernel, stride, padding));
        assert_eq!(y.view(), z.view());
        let (g, h) = (y.square().sum().backward(), z.square().sum().backward());
        assert_eq!(g.view(&turned).expect("it flows"), h.wrt(&copy));
        let (y, z) = (turned.avg_pool2d(kernel, stride, padding), copy.avg_pool2d(kernel, stride, padding));
        assert_eq!(y.view(), z.view());
        let (g, h) = (y.square().sum().backward(), z.square().sum().backward());
        assert_eq!(g.view(&turned).expect("it flows"), h.wrt(&copy));
    }
    let constant = tape.tensor(&array![2.0]);
    let wide = constant.broadcast([1, 1, 4]);
    let y = wide.max_pool1d(2, 2, 0).sum() + wide.avg_pool1d(2, 2, 0).sum();
    assert_eq!((y.value(), y.backward().wrt(&constant)), (8.0, array![4.0].into_dyn()));
}

#[test]
fn windows_that_do_not_fit_are_refused() {
    let x = Tensor::from(Array4::<f64>::zeros((1, 2, 3, 4)));
    let none = Tensor::from(Array3::<f64>::zeros((1, 2, 0)));
    assert_eq!(Tensor::from(Array3::<f64>::zeros((0, 2, 3))).max_pool1d(2, 1, 0).shape(), [0, 2, 2]);
    assert_mistake(line!(), "it needs one of shape [n, c, length]", || x.max_pool1d(2, 2, 0));
    assert_mistake(line!(), "of shape [n, c, height, width]", || none.avg_pool2d([1; 2], [1; 2], [0; 2]));
    assert_mistake(line!(), "axis 3 needs the length 5", || x.max_pool2d([1, 5], [1, 1], [0, 0]));
    assert_mistake(line!(), "along axis 2 they are 2, 0 and 1", || x.avg_pool2d([2, 2], [0, 1], [0, 0]));
    assert_mistake(line!(), "the kernel is 2, the padding 2", || x.max_pool2d([2, 2], [1, 1], [2, 0]));
    assert_mistake(line!(), "each window needs an element of it", || none.max_pool1d(2, 1, 1));
}
