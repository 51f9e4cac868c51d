//! Conditions, bounds and what they pick.

use downhill::array::{Mask, where_};
use downhill::prelude::*;
use ndarray::{ArrayD, array};

use super::fixtures::{Numbers, check};
use crate::misuse::assert_mistake;

#[test]
fn choices_are_those_of_jax() {
    check("where_", |args, x| {
        let Numbers { shape, data } = Numbers::of(&args["cond"]);
        let condition = ArrayD::from_shape_vec(shape, data).expect("a shape").mapv(|c| c != 0.0);
        vec![where_(condition, &x[0], &x[1])]
    });
    check("relu", |_, x| vec![x[0].relu()]);
    let number = |value: &serde_json::Value| value.as_f64().expect("a bound");
    check("clip", |args, x| vec![x[0].clip(number(&args["lo"]), number(&args["hi"]))]);
    check("clip", |args, x| vec![x[0].clamp(number(&args["lo"]), number(&args["hi"]))]);
}

#[test]
fn nothing_flows_into_what_is_not_taken() {
    let tape = Tape::new();
    let x = tape.tensor(&array![-1.0, 0.0, 4.0]);
    let y = where_(x.gt(0.0), x.sqrt(), &x * 2.0);
    assert_eq!(y.view(), array![-2.0, 0.0, 2.0].into_dyn());
    assert_eq!(y.sum().backward().wrt(&x), array![2.0, 2.0, 0.25].into_dyn());
    let mask = Mask::new(array![[true], [false]]);
    let z = where_(&mask, &x, x.reversed(0));
    assert_eq!(z.view(), array![[-1.0, 0.0, 4.0], [4.0, 0.0, -1.0]].into_dyn());
    assert_eq!(where_(true, &x, f64::NAN).view(), x.view());
    assert_eq!(format!("{mask:?}").matches("true").count(), 1);
}

#[test]
fn comparisons_are_those_of_numbers() {
    let x = Tensor::from(array![[1.0, 2.0, f64::NAN]]);
    let y = array![[1.0], [2.0]];
    assert_eq!(x.lt(&y), array![[false, false, false], [true, false, false]].into_dyn());
    assert_eq!(x.le(&y), array![[true, false, false], [true, true, false]].into_dyn());
    assert_eq!(x.gt(1.0), array![[false, true, false]].into_dyn());
    assert_eq!(x.ge(1.0), array![[true, true, false]].into_dyn());
    assert_eq!(x.eq_(&x), array![[true, true, false]].into_dyn());
    assert_eq!(x.ne(&x), array![[false, false, true]].into_dyn());
}

#[test]
fn bounds_may_be_arrays_and_have_slopes() {
    let tape = Tape::new();
    let (x, low) = (tape.tensor(&array![[-2.0, 0.0], [1.0, 9.0]]), tape.tensor(&array![-1.0, 1.0]));
    let high = tape.tensor(ndarray::arr0(3.0));
    let y = x.clamp(&low, &high);
    assert_eq!(y.view(), array![[-1.0, 1.0], [1.0, 3.0]].into_dyn());
    let g = y.sum().backward();
    assert_eq!(g.wrt(&x), array![[0.0, 0.0], [1.0, 0.0]].into_dyn());
    assert_eq!(g.wrt(&low), array![1.0, 1.0].into_dyn());
    assert_eq!(g.wrt(&high).sum(), 1.0);
    let z = x.mul_add(&low, &high);
    assert_eq!(z.view(), array![[5.0, 3.0], [2.0, 12.0]].into_dyn());
    assert_eq!(z.sum().backward().wrt(&low), array![-1.0, 9.0].into_dyn());
    assert!(Tensor::from(f64::NAN).clip(0.0, 1.0).value().is_nan());
    assert_eq!(Tensor::from(array![-1f32, 0.5]).clip(0.0, 1.0).view(), array![0.0f32, 0.5].into_dyn());
}

#[test]
fn shapes_and_bounds_that_do_not_fit_are_refused() {
    let x = Tensor::from(array![1.0, 2.0]);
    let (three, truths) = (array![1.0, 2.0, 3.0], array![true, false, true]);
    assert_mistake(line!(), "shapes [2] and [3]", || x.lt(&three));
    assert_mistake(line!(), "`where_` was given arrays", || where_(&truths, &x, 0.0));
    assert_mistake(line!(), "`clip` was given the bounds 1 and 0", || x.clip(1.0, 0.0));
    assert_mistake(line!(), "`clamp` was given the bounds", || x.clamp(&array![0.0, 2.0], 1.0));
    assert_mistake(line!(), "`clamp` was given the bounds NaN", || x.clamp(f64::NAN, 1.0));
    assert_mistake(line!(), "`clamp` was given arrays of shapes", || x.clamp(&three, 9.0));
}
