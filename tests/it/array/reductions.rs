//! Sums, means, products, extremes, variances, lengths along axes.

use downhill::prelude::*;
use ndarray::{Array3, array};
use serde_json::Value;

use super::fixtures::check;
use crate::misuse::assert_mistake;

type Tensors = Tensor<f64>;

/// Axes of a case: all of them, one or several.
enum Along {
    All,
    Axis(isize),
    Axes(Vec<isize>),
}

fn along(args: &Value) -> Along {
    let number = |value: &Value| value.as_i64().expect("an axis") as isize;
    match &args["axis"] {
        Value::Null => Along::All,
        Value::Array(axes) => Along::Axes(axes.iter().map(number).collect()),
        axis => Along::Axis(number(axis)),
    }
}

/// Holds a reduction against JAX: over all elements, along an axis, along several; with the axes kept where a case has them.
fn check_reduction(
    op: &str,
    all: impl Fn(&Tensors, usize) -> Tensors,
    axis: impl Fn(&Tensors, isize, usize) -> Tensors,
    axes: impl Fn(&Tensors, &[isize], usize) -> Tensors,
) {
    check(op, |args, x| {
        let (x, ddof) = (&x[0], args["ddof"].as_u64().unwrap_or(0) as usize);
        let (mut y, which) = match along(args) {
            Along::All => (all(x, ddof), (0..x.rank() as isize).collect()),
            Along::Axis(a) => (axis(x, a, ddof), vec![a]),
            Along::Axes(a) => (axes(x, &a, ddof), a),
        };
        if args["keepdims"] == true {
            let rank = x.rank() as isize;
            let mut which: Vec<isize> = which.iter().map(|axis| axis.rem_euclid(rank)).collect();
            which.sort_unstable();
            for axis in which {
                y = y.insert_axis(axis);
            }
        }
        vec![y]
    });
}

macro_rules! check_reductions {
    ($($op:literal $all:ident $axis:ident $axes:ident;)*) => {
        $(check_reduction($op, |x, _| x.$all(), |x, a, _| x.$axis(a), |x, a, _| x.$axes(a));)*
    };
}

#[test]
fn reductions_are_those_of_jax() {
    check_reductions! {
        "sum" sum sum_axis sum_axes;
        "mean" mean mean_axis mean_axes;
        "prod" prod prod_axis prod_axes;
        "max" max max_axis max_axes;
        "min" min min_axis min_axes;
        "norm" norm norm_axis norm_axes;
        "logsumexp" log_sum_exp log_sum_exp_axis log_sum_exp_axes;
    }
    check_reduction("var", |x, d| x.var(d), |x, a, d| x.var_axis(a, d), |x, a, d| x.var_axes(a, d));
    check_reduction("std", |x, d| x.std(d), |x, a, d| x.std_axis(a, d), |x, a, d| x.std_axes(a, d));
    check("cumsum", |args, x| match along(args) {
        Along::Axis(axis) => vec![x[0].cumsum(axis)],
        _ => vec![x[0].flatten().cumsum(0)],
    });
}

/// Each reduction that has a number for each line, on an array.
fn each(x: &Tensors, axes: &[isize]) -> Vec<Tensors> {
    vec![
        x.sum_axes(axes),
        x.mean_axes(axes),
        x.prod_axes(axes),
        x.max_axes(axes),
        x.min_axes(axes),
        x.var_axes(axes, 0),
        x.std_axes(axes, 0),
        x.norm_axes(axes),
        x.log_sum_exp_axes(axes),
    ]
}

#[test]
fn views_are_reduced_as_their_copies_are() {
    let numbers = Array3::from_shape_fn((3, 4, 5), |(i, j, k)| ((7 * i + 11 * j + 13 * k) as f64).sin());
    let tape = Tape::new();
    let x = tape.tensor(&numbers);
    let view = x.permute([2, 0, 1]).reversed(0).reversed(2).slice_by(1, .., 2);
    for axes in [&[0][..], &[1], &[2], &[0, 1], &[0, 2], &[-1, -2], &[0, 1, 2], &[]] {
        let copy = tape.tensor(view.detach());
        for (y, z) in each(&view, axes).iter().zip(&each(&copy, axes)) {
            assert_eq!(y.shape(), z.shape());
            let (g, h) = (y.square().sum().backward(), z.square().sum().backward());
            let own = Tensor::from(g.wrt(&x).to_owned());
            let own = own.permute([2, 0, 1]).reversed(0).reversed(2).slice_by(1, .., 2).to_owned();
            for (a, b) in y.view().iter().zip(z.view()).chain(own.iter().zip(h.wrt(&copy).iter())) {
                assert!((a - b).abs() <= 1e-13 * b.abs().max(1.0), "{axes:?}: {a} {b}");
            }
        }
    }
    // An array whose elements are repeated.
    let row = tape.tensor(&array![1.0, 2.0]);
    let g = row.broadcast([3, 2]).prod_axis(0).sum().backward();
    assert_eq!(g.wrt(&row), array![3.0, 12.0].into_dyn());
}

#[test]
fn lines_beside_one_another_are_taken_in_any_number() {
    for inner in [1, 2, 255, 256, 257, 600] {
        let numbers = Array3::from_shape_fn((2, 19, inner), |(i, j, k)| ((i + 3 * j + 5 * k) as f64).cos());
        let x = Tensor::from(&numbers);
        let moved = x.swap_axes(1, 2).reshape([2 * inner, 19]);
        for (y, z) in each(&x, &[1]).iter().zip(each(&moved, &[1])) {
            for (a, b) in y.view().iter().zip(z.view()) {
                assert!((a - b).abs() <= 1e-13 * b.abs().max(1.0), "{inner}: {a} {b}");
            }
        }
        assert_eq!(x.argmax(1).into_raw_vec_and_offset().0, moved.argmax(1).into_raw_vec_and_offset().0);
        assert_eq!(x.argmin(1).into_raw_vec_and_offset().0, moved.argmin(1).into_raw_vec_and_offset().0);
    }
}

#[test]
fn equal_extremes_share_the_slope() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 3.0, 3.0, 3.0], [2.0, 2.0, 0.0, 2.0]]);
    let third = 1.0 / 3.0;
    let by_row = array![[0.0, third, third, third], [third, third, 0.0, third]];
    assert_eq!(x.max_axis(1).sum().backward().wrt(&x), by_row.into_dyn());
    assert_eq!(x.t().max_axis(0).sum().backward().wrt(&x)[[0, 1]], third);
    let least = array![[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
    assert_eq!(x.min().backward().wrt(&x), least.into_dyn());
    let nan = Tensor::from(array![1.0, f64::NAN, 2.0]);
    assert!(nan.max().value().is_nan() && nan.min().value().is_nan());
    assert_eq!((nan.argmax(0).sum(), nan.argmin(0).sum()), (1, 1));
    assert_eq!(x.argmax(1), array![1, 0].into_dyn());
    assert_eq!(x.argmin(0), array![0, 1, 1, 1].into_dyn());
}

#[test]
fn zeros_and_infinities_have_their_limits() {
    let tape = Tape::new();
    let x = tape.tensor(&array![0.0, 0.0]);
    assert_eq!(x.norm().backward().wrt(&x), array![0.0, 0.0].into_dyn());
    assert_eq!(x.std(0).backward().wrt(&x), array![0.0, 0.0].into_dyn());
    for unit in [1e200, 1e-200, 1e-310] {
        let x = tape.tensor(&array![3.0 * unit, -4.0 * unit]);
        let y = x.norm();
        assert!((y.value() / (5.0 * unit) - 1.0).abs() < 1e-12, "{unit}");
        let g = y.backward();
        for (own, exact) in g.wrt(&x).iter().zip([0.6, -0.8]) {
            assert!((own - exact).abs() < 1e-12, "{unit}: {own}");
        }
    }
    let infinite = tape.tensor(&array![1.0, f64::NEG_INFINITY]);
    let y = infinite.norm();
    assert_eq!((y.value(), y.backward().wrt(&infinite)[1]), (f64::INFINITY, -1.0));
    let single = Tensor::from(array![3e-30f32, 4e-30]);
    assert!((single.norm().value() / 5e-30 - 1.0).abs() < 1e-6);
    assert!((Tensor::from(array![3e30f32, 4e30]).norm().value() / 5e30 - 1.0).abs() < 1e-6);
}

#[test]
fn nothing_flows_back_where_nothing_comes() {
    let tape = Tape::new();
    let x = tape.tensor(&array![0.0, f64::INFINITY, 1.0]);
    for y in [x.prod(), x.log_sum_exp(), x.norm(), x.max()] {
        assert_eq!((y * 0.0).backward().wrt(&x).iter().filter(|g| **g != 0.0).count(), 0);
    }
}

#[test]
fn sums_of_exponentials_have_their_limits() {
    let tape = Tape::new();
    let infinity = f64::INFINITY;
    let x = tape.tensor(&array![
        [infinity, 1.0, infinity],
        [-infinity, -infinity, -infinity],
        [-infinity, 5.0, 5.0]
    ]);
    let y = x.log_sum_exp_axis(1);
    assert_eq!(y.view(), array![infinity, -infinity, 5.0 + 2f64.ln()].into_dyn());
    let g = y.backward_from();
    let g = g.wrt(&x);
    assert_eq!(g.index_axis(ndarray::Axis(0), 0), array![0.5, 0.0, 0.5].into_dyn());
    assert_eq!(g.index_axis(ndarray::Axis(0), 1), array![0.0, 0.0, 0.0].into_dyn());
    assert!((g[[2, 1]] - 0.5).abs() < 1e-15 && g[[2, 0]] == 0.0);
}

/// The gradient of the sum, whatever that is.
trait BackwardFrom {
    fn backward_from(&self) -> Gradients;
}

impl BackwardFrom for Tensors {
    fn backward_from(&self) -> Gradients {
        self.to_vars().into_iter().sum::<Var>().backward()
    }
}

#[test]
fn reductions_of_nothing_have_their_neutral_elements() {
    let tape = Tape::new();
    let x = tape.tensor(Array3::<f64>::zeros((2, 0, 3)));
    assert_eq!(x.sum().value(), 0.0);
    assert_eq!(x.prod_axis(1).view(), ndarray::ArrayD::<f64>::ones(vec![2, 3]));
    assert_eq!(x.norm_axis(1).sum().value(), 0.0);
    assert!(x.mean().value().is_nan() && x.var_axis(1, 0).view().iter().all(|v| v.is_nan()));
    assert_eq!(x.log_sum_exp().value(), f64::NEG_INFINITY);
    assert_eq!(x.cumsum(1).shape(), [2, 0, 3]);
    assert_eq!(x.max_axis(0).shape(), [0, 3]);
    assert_eq!(x.sum_axis(0).shape(), [0, 3]);
    assert_eq!(x.mean_axes([0, 2]).sum().backward().wrt(&x).len(), 0);
    let point = tape.tensor(ndarray::arr0(2.0));
    let all = [
        point.sum(),
        point.mean(),
        point.prod(),
        point.max(),
        point.min(),
        point.norm(),
        point.log_sum_exp(),
    ];
    for y in all {
        assert_eq!((y.value(), y.backward().wrt(&point).sum()), (2.0, 1.0));
    }
    assert_eq!(point.var(0).value(), 0.0);
}

#[test]
fn axes_that_are_not_there_are_refused() {
    let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    assert_mistake(line!(), "`sum_axis` was given axis 2 of an array of shape [2, 2]", || x.sum_axis(2));
    assert_mistake(line!(), "`mean_axes` was given axis -3", || x.mean_axes([0, -3]));
    assert_mistake(line!(), "each axis once at most", || x.log_sum_exp_axes([1, -1]));
    assert_mistake(line!(), "`var_axis` was given axis", || x.var_axis(2, 0));
    assert_mistake(line!(), "`cumsum` was given axis", || x.cumsum(-3));
    assert_mistake(line!(), "`argmax` was given axis", || x.argmax(2));
    let empty = Tensor::from(ndarray::Array2::<f64>::zeros((3, 0)));
    assert_mistake(line!(), "`max` was given an array of shape [3, 0]", || empty.max());
    assert_mistake(line!(), "`min_axis` was given an array of shape [3, 0]", || empty.min_axis(1));
    assert_mistake(line!(), "`argmin` was given an array of shape [3, 0]", || empty.argmin(1));
}

#[test]
fn single_precision_is_reduced_in_lanes() {
    let tape = Tape::new();
    let x = tape.tensor(ndarray::Array2::from_shape_fn((10, 37), |(i, j)| (i * 37 + j) as f32 / 8.0));
    assert_eq!(x.sum().value(), (369 * 370 / 2) as f32 / 8.0);
    assert_eq!(x.max().value(), 369.0 / 8.0);
    assert_eq!(x.mean_axis(0).view()[0], 166.5 / 8.0);
    let g = x.norm_axis(1).sum().backward();
    assert!((g.wrt(&x)[[0, 36]] - 36.0 / 16206f32.sqrt()).abs() < 1e-6);
}
