//! Arrays put together and taken apart.

use downhill::array::{concat, stack};
use downhill::prelude::*;
use ndarray::{Array2, ArrayD, array};
use serde_json::Value;

use super::fixtures::check;
use crate::misuse::assert_mistake;

/// The cube, as the table has it behind operations that only move elements.
pub(super) fn cubes(parts: Vec<Tensor<f64>>) -> Vec<Tensor<f64>> {
    parts.iter().map(|part| part.powi(3)).collect()
}

pub(super) fn axis(args: &Value) -> isize {
    args["axis"].as_i64().expect("an axis") as isize
}

pub(super) fn numbers(list: &Value) -> Vec<usize> {
    list.as_array().expect("a list").iter().map(|n| n.as_u64().expect("a number") as usize).collect()
}

#[test]
fn arrays_are_joined_as_by_jax() {
    check("concat", |args, x| cubes(vec![concat(x, axis(args))]));
    check("stack", |args, x| cubes(vec![stack(x, axis(args))]));
}

#[test]
fn arrays_are_split_as_by_jax() {
    check("split", |args, x| cubes(x[0].split(&numbers(&args["at"]), axis(args))));
}

#[test]
fn arrays_are_padded_as_by_jax() {
    check("pad", |args, x| {
        let pads = args["pads"].as_array().expect("a list").iter().map(numbers);
        let pads: Vec<(usize, usize)> = pads.map(|pair| (pair[0], pair[1])).collect();
        cubes(vec![x[0].pad(&pads, args["value"].as_f64().expect("a number"))])
    });
}

#[test]
fn views_are_joined_as_their_copies() {
    let tape = Tape::new();
    let x = tape.tensor(Array2::from_shape_fn((3, 4), |(i, j)| (4 * i + j) as f64));
    let (turned, repeated) = (x.t().reversed(1), x.slice(0, 1..2).t().broadcast([4, 2]));
    let joined = concat(&[&turned, &repeated, &turned.slice(1, 0..0)], 1);
    let expected = array![
        [8.0, 4.0, 0.0, 4.0, 4.0],
        [9.0, 5.0, 1.0, 5.0, 5.0],
        [10.0, 6.0, 2.0, 6.0, 6.0],
        [11.0, 7.0, 3.0, 7.0, 7.0]
    ];
    assert_eq!(joined.view(), expected.into_dyn());
    let weights = Array2::from_shape_fn((4, 5), |(i, j)| (10 * i + j) as f64);
    let gradient = (&joined * &weights).sum().backward().wrt(&x);
    let expected =
        array![[2.0, 12.0, 22.0, 32.0], [8.0, 38.0, 68.0, 98.0], [0.0, 10.0, 20.0, 30.0]].into_dyn();
    assert_eq!(gradient, expected);
}

#[test]
fn a_constant_between_variables_takes_no_adjoint() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0f32, 2.0]);
    let y = concat(&[x.clone(), Tensor::from(array![5.0f32]), x.reversed(0)], 0);
    assert_eq!(y.view(), array![1.0, 2.0, 5.0, 2.0, 1.0].into_dyn());
    let gradient = (y * &array![1.0, 2.0, 3.0, 4.0, 5.0]).sum().backward();
    assert_eq!(gradient.wrt(&x), array![6.0, 6.0].into_dyn());
}

#[test]
fn a_single_array_and_empty_ones_are_joined() {
    let x = Tensor::from(array![[1.0, 2.0]]);
    assert_eq!(concat(&[&x], 0).view(), x.view());
    let none = Tensor::from(Array2::<f64>::zeros((0, 2)));
    assert_eq!(concat(&[&none, &x, &none], 0).view(), x.view());
    assert_eq!(concat(&[&none, &none], 1).shape(), [0, 4]);
    assert_eq!(stack(&[&none, &none], 1).shape(), [0, 2, 2]);
    assert_eq!(none.pad(&[(1, 0), (0, 1)], 7.0).view(), array![[7.0, 7.0, 7.0]].into_dyn());
}

#[test]
fn parts_cover_the_whole() {
    let x = Tensor::from(array![1.0, 2.0, 3.0, 4.0, 5.0]);
    let parts = |parts: Vec<Tensor<f64>>| parts.iter().map(|part| part.len()).collect::<Vec<usize>>();
    assert_eq!(parts(x.chunks(2, 0)), [3, 2]);
    assert_eq!(parts(x.chunks(7, -1)), [1, 1, 1, 1, 1, 0, 0]);
    assert_eq!(parts(x.split(&[], 0)), [5]);
    assert_eq!(parts(x.split(&[0, 2, 2, 5], 0)), [0, 2, 0, 3, 0]);
    assert_eq!(concat(&x.chunks(3, 0), 0).view(), x.view());
    assert_eq!(x.reversed(0).split(&[1], 0)[1].view(), array![4.0, 3.0, 2.0, 1.0].into_dyn());
}

#[test]
fn repetitions_add_up_on_the_way_back() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(x.tile(&[1, 2]).view(), array![[1.0, 2.0, 1.0, 2.0], [3.0, 4.0, 3.0, 4.0]].into_dyn());
    assert_eq!(x.repeat(2, 0).view(), array![[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [3.0, 4.0]].into_dyn());
    assert_eq!(x.repeat(0, 1).shape(), [2, 0]);
    let y = x.tile(&[3, 1]).sum() + x.t().repeat(2, -1).sum();
    assert_eq!(y.backward().wrt(&x), ArrayD::from_elem(vec![2, 2], 5.0));
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    let (x, y) = (Tensor::from(array![[1.0, 2.0]]), Tensor::from(array![[1.0], [2.0]]));
    assert_mistake(line!(), "shapes [1, 2] and [2, 1]", || concat(&[&x, &y], 0));
    assert_mistake(line!(), "shapes [1, 2] and [2]", || concat(&[&x, &x.row(0).broadcast([2])], 0));
    assert_mistake(line!(), "axis 2 of an array of shape [1, 2]", || concat(&[&x, &x], 2));
    assert_mistake(line!(), "no arrays", || concat::<f64>(&[] as &[Tensor<f64>], 0));
    assert_mistake(line!(), "no arrays", || stack::<f64>(&[] as &[&Tensor<f64>], 0));
    assert_mistake(line!(), "shapes [1, 2] and [2, 1]", || stack(&[&x, &y], 0));
    assert_mistake(line!(), "axis -4", || stack(&[&x, &x], -4));
    assert_mistake(line!(), "not [3]", || x.split(&[3], 1));
    assert_mistake(line!(), "not [2, 1]", || x.split(&[2, 1], 1));
    assert_mistake(line!(), "axis 2", || x.split(&[1], 2));
    assert_mistake(line!(), "asked for 0", || x.chunks(0, 1));
    assert_mistake(line!(), "axis 2", || x.chunks(1, 2));
    assert_mistake(line!(), "given [(1, 1)]", || x.pad(&[(1, 1)], 0.0));
    assert_mistake(line!(), "given [1, 2, 3]", || x.tile(&[1, 2, 3]));
    assert_mistake(line!(), "axis 5", || x.repeat(2, 5));
}
