//! Elements picked by their indices.

use downhill::array::Indices;
use downhill::prelude::*;
use ndarray::{Array2, ArrayD, array};
use serde_json::Value;

use super::fixtures::check;
use super::joining::{axis, cubes, numbers};
use crate::misuse::assert_mistake;

fn indices(args: &Value) -> ArrayD<usize> {
    let given = &args["indices"];
    ArrayD::from_shape_vec(numbers(&given["shape"]), numbers(&given["data"])).expect("as many")
}

#[test]
fn elements_are_taken_as_by_jax() {
    check("take", |args, x| cubes(vec![x[0].take(&indices(args), axis(args))]));
    check("take_along_axis", |args, x| cubes(vec![x[0].gather(axis(args), &indices(args))]));
}

#[test]
fn elements_are_added_to_as_by_jax() {
    check("scatter_add", |args, x| cubes(vec![x[0].scatter_add(axis(args), &indices(args), &x[1])]));
}

#[test]
fn any_view_is_indexed() {
    let tape = Tape::new();
    let x = tape.tensor(Array2::from_shape_fn((2, 3), |(i, j)| (3 * i + j) as f64));
    let turned = x.t().reversed(0); // [[2, 5], [1, 4], [0, 3]]
    assert_eq!(turned.take([2, 0], 0).view(), array![[0.0, 3.0], [2.0, 5.0]].into_dyn());
    assert_eq!(turned.gather(0, &array![[1, 2]]).view(), array![[1.0, 3.0]].into_dyn());
    let wide = x.row(1).broadcast([2, 3]);
    let y = wide.take(vec![2, 2, 0], 1) * &array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    assert_eq!(y.sum().backward().wrt(&x), array![[0.0, 0.0, 0.0], [9.0, 0.0, 12.0]].into_dyn());
    let sum = turned.scatter_add(0, [1, 1], x.slice(1, ..2)); // adds [0, 1] and [3, 4]
    assert_eq!(sum.view(), array![[2.0, 5.0], [4.0, 9.0], [0.0, 3.0]].into_dyn());
    let weighted = (sum * &array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).sum();
    let expected = array![[8.0, 7.0, 1.0], [9.0, 8.0, 2.0]].into_dyn();
    assert_eq!(weighted.backward().wrt(&x), expected);
}

#[test]
fn indices_are_made_once_and_used_often() {
    let tape = Tape::new();
    let table = tape.tensor(&array![[1.0f32, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    let words = Indices::from(&array![[2, 0], [2, 2]]);
    assert_eq!(words.shape(), [2, 2]);
    let y = table.take(&words, 0);
    assert_eq!(y.shape(), [2, 2, 2]);
    let both = y.sum() + (&table * 2.0).take(&words, 0).sum();
    assert_eq!(both.backward().wrt(&table), array![[3.0, 3.0], [0.0, 0.0], [9.0, 9.0]].into_dyn());
}

#[test]
fn nothing_is_taken_of_nothing() {
    let none = Tensor::from(Array2::<f64>::zeros((3, 0)));
    let nothing = Indices::from([0; 0]);
    assert_eq!(none.take([2, 1], 0).shape(), [2, 0]);
    assert_eq!(none.take(&nothing, 1).shape(), [3, 0]);
    assert_eq!(none.gather(0, &Array2::<usize>::zeros((2, 0))).shape(), [2, 0]);
    assert_eq!(none.scatter_add(0, [1, 1], Array2::zeros((2, 0))).shape(), [3, 0]);
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0]);
    let (empty, y) = (x.take(&nothing, 0), x.scatter_add(0, &nothing, x.slice(0, ..0)));
    assert_eq!(y.view(), x.view());
    assert_eq!((empty.sum() + y.sum()).backward().wrt(&x), array![1.0, 1.0].into_dyn());
    let none = tape.tensor(Array2::<f64>::zeros((3, 0)));
    assert_eq!(none.take([2, 1], 0).sum().backward().wrt(&none).shape(), [3, 0]);
}

#[test]
fn indices_beyond_the_axis_are_refused() {
    let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    assert_mistake(line!(), "index 2 along axis 1 of an array of shape [2, 2]", || x.take([0, 2, 5], -1));
    assert_mistake(line!(), "axis 2", || x.take([0], 2));
    assert_mistake(line!(), "index 7 along axis 0", || x.gather(0, &array![[0, 7]]));
    assert_mistake(line!(), "shapes [2, 2] and [1, 3]", || x.gather(0, &array![[0, 0, 0]]));
    assert_mistake(line!(), "shapes [2, 2] and [1]", || x.gather(0, [0]));
    assert_mistake(line!(), "index 2 along axis 0", || x.scatter_add(0, [2], &array![[1.0, 2.0]]));
    assert_mistake(line!(), "shapes [2, 2] and [1, 3]", || x.scatter_add(0, [1], &array![[1.0, 2.0, 3.0]]));
}
