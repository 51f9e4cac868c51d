//! The same elements, seen otherwise.

use downhill::prelude::*;
use ndarray::array;

use super::fixtures::check;
use super::joining::{axis, cubes, numbers};
use crate::misuse::assert_mistake;

#[test]
fn views_are_those_of_jax() {
    check("reshape", |args, x| cubes(vec![x[0].reshape(numbers(&args["shape"]))]));
    check("broadcast_to", |args, x| cubes(vec![x[0].broadcast(numbers(&args["shape"]))]));
    check("permute", |args, x| {
        let axes = numbers(&args["axes"]).into_iter().map(|axis| axis as isize);
        cubes(vec![x[0].permute(axes.collect::<Vec<isize>>())])
    });
    check("index_axis", |args, x| {
        cubes(vec![x[0].index_axis(axis(args), args["index"].as_i64().expect("an index") as isize)])
    });
    check("diag", |args, x| {
        let offset = args["offset"].as_i64().expect("a number");
        let (axis, first) = (if offset < 0 { 0 } else { 1 }, offset.unsigned_abs() as usize);
        cubes(vec![x[0].slice(axis, first..).diag()])
    });
}

/// By the positions written out: they are a first one, a step and a count.
#[test]
fn slices_are_those_of_jax() {
    check("slice", |args, x| {
        let mut view = x[0].clone();
        for (axis, picked) in args["picked"].as_array().expect("a list").iter().enumerate() {
            let (axis, picked) = (axis as isize, numbers(picked));
            let (low, high) = (picked.iter().min().expect("one"), picked.iter().max().expect("one"));
            let step = picked.get(1).map_or(1, |second| second.abs_diff(picked[0]));
            view = view.slice_by(axis, *low..=*high, step);
            view = if picked[0] > *low { view.reversed(axis) } else { view };
        }
        cubes(vec![view])
    });
}

#[test]
fn a_view_may_be_looked_at_whatever_its_strides() {
    let x = Tensor::from(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let wide = x.reversed(1).column(0).broadcast([2, 2]);
    assert_eq!(wide.view(), array![[3.0, 6.0], [3.0, 6.0]].into_dyn());
    assert_eq!(wide.diag().view(), array![3.0, 6.0].into_dyn());
    assert_eq!(x.slice(1, 3..).reversed(1).t().shape(), [0, 2]);
    assert_eq!(x.slice(1, 3..).view().len(), 0);
    assert_eq!(
        x.t().slice_by(0, .., 2).reversed(0).reshape([4]).view(),
        array![3.0, 6.0, 1.0, 4.0].into_dyn()
    );
}

#[test]
fn ranges_beyond_the_axis_are_refused() {
    let x = Tensor::from(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_mistake(line!(), "1..4 by 1 along axis 1 of an array of shape [2, 3]", || x.slice(1, 1..4));
    assert_mistake(line!(), "0..3 by 0", || x.slice_by(1, .., 0));
    assert_mistake(line!(), "index -3 along axis 0", || x.index_axis(0, -3));
    assert_mistake(line!(), "shapes [2, 3] and [4]", || x.reshape([4]));
    assert_mistake(line!(), "shapes [2, 3] and [4, 3]", || x.broadcast([4, 3]));
    assert_mistake(line!(), "given [0, 0]", || x.permute([0, 0]));
    assert_mistake(line!(), "two axes at least", || x.row(0).diag());
}
