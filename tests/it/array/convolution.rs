//! Convolutions.

use downhill::array::Conv;
use downhill::prelude::*;
use ndarray::{Array3, Array4, array};
use serde_json::Value;

use super::fixtures::check;
use super::joining::numbers;
use crate::misuse::assert_mistake;

pub(super) fn of<const D: usize>(args: &Value, name: &str) -> [usize; D] {
    numbers(&args[name]).try_into().expect("one for each dimension")
}

fn options<const D: usize>(args: &Value) -> Conv<D> {
    let groups = args["groups"].as_u64().expect("a number") as usize;
    let strided = Conv::default().stride(of(args, "stride")).padding(of(args, "padding"));
    strided.dilation(of(args, "dilation")).groups(groups)
}

#[test]
fn convolutions_are_those_of_jax() {
    check("conv1d", |args, x| vec![x[0].conv1d(&x[1], options(args))]);
    check("conv2d", |args, x| vec![x[0].conv2d(&x[1], options(args))]);
}

/// The definition.
fn by_hand(x: &Array4<f32>, w: &Array4<f32>, options: Conv<2>, y: [usize; 4]) -> f32 {
    let ([n, o, r, s], (_, c, h, v)) = (y, x.dim());
    let (outs, per_group, kh, kw) = w.dim();
    let group = o / (outs / options.groups);
    assert_eq!(c, per_group * options.groups);
    let mut sum = 0.0;
    for (k, i, j) in ndarray::indices((per_group, kh, kw)) {
        let at = |o: usize, k: usize, axis: usize| {
            (o * options.stride[axis] + k * options.dilation[axis]).checked_sub(options.padding[axis])
        };
        if let (Some(a), Some(b)) = (at(r, i, 0), at(s, j, 1))
            && a < h
            && b < v
        {
            sum += w[[o, k, i, j]] * x[[n, group * per_group + k, a, b]];
        }
    }
    sum
}

/// Small integers: sums are exact, in any order.
fn integers(shape: (usize, usize, usize, usize), seed: usize) -> Array4<f32> {
    let mut state = seed;
    Array4::from_shape_simple_fn(shape, || {
        state = (state * 75 + 74) % 65537;
        (state % 9) as f32 - 4.0
    })
}

/// Linear in both: the gradients are differences.
#[test]
fn every_choice_of_options_is_the_definition() {
    for (stride, padding, dilation, groups) in [
        ([1, 1], [0, 0], [1, 1], 1),
        ([2, 1], [1, 2], [1, 2], 2),
        ([3, 2], [4, 3], [2, 1], 1),
        ([1, 3], [0, 5], [1, 1], 2),
    ] {
        let options = Conv { stride, padding, dilation, groups };
        let (x, w) = (integers((2, 4, 5, 6), 1), integers((6, 4 / groups, 3, 2), 2));
        let tape = Tape::new();
        let (own_x, own_w) = (tape.tensor(&x), tape.tensor(&w));
        let y = own_x.conv2d(&own_w, options);
        let [n, o, r, s]: [usize; 4] = y.shape().try_into().expect("four axes");
        let expected =
            Array4::from_shape_fn((n, o, r, s), |(n, o, r, s)| by_hand(&x, &w, options, [n, o, r, s]));
        assert_eq!(y.view(), expected.into_dyn(), "{options:?}");
        let weights = integers((n, o, r, s), 3);
        let gradient = (&y * &weights).sum().backward();
        let (of_x, of_w) = (gradient.wrt(&own_x), gradient.wrt(&own_w));
        // ⟨weights, conv(e, w)⟩ is an element of the gradient, and so for a direction of small integers.
        let (dx, dw) = (integers(x.dim(), 4), integers(w.dim(), 5));
        let along =
            |x: &Array4<f32>, w: &Array4<f32>| (Tensor::from(x).conv2d(w, options) * &weights).sum().value();
        assert_eq!((&of_x * &dx.clone().into_dyn()).sum(), along(&dx, &w), "{options:?}");
        assert_eq!((&of_w * &dw.clone().into_dyn()).sum(), along(&x, &dw), "{options:?}");
    }
}

#[test]
fn any_view_is_convolved_as_its_copy() {
    let tape = Tape::new();
    let x = tape.tensor(integers((2, 3, 4, 4), 6));
    let w = tape.tensor(integers((3, 2, 2, 3), 7));
    let turned = x.permute([1, 0, 3, 2]).reversed(2).slice_by(3, .., 2);
    let weights = w.permute([0, 1, 3, 2]).reversed(3);
    let copies = [turned.to_owned(), weights.to_owned()].map(|copy| tape.tensor(&copy));
    for options in [Conv::default(), Conv::default().padding([1, 1]).stride([2, 2])] {
        let y = turned.conv2d(&weights, options);
        let z = copies[0].conv2d(&copies[1], options);
        assert_eq!(y.view(), z.view());
        let (g, h) = (y.square().sum().backward(), z.square().sum().backward());
        assert_eq!(g.view(&turned).expect("it flows"), h.wrt(&copies[0]));
        assert_eq!(g.view(&weights).expect("it flows"), h.wrt(&copies[1]));
    }
    // Repeated elements add up.
    let flat = tape.tensor(&array![1.0f32, 2.0]);
    let y = flat.broadcast([1, 1, 2, 2]).conv2d(flat.broadcast([1, 1, 2, 2]), Conv::default());
    assert_eq!(y.view(), array![[[[10.0]]]].into_dyn());
    assert_eq!(y.sum().backward().wrt(&flat), array![4.0, 8.0].into_dyn());
}

#[test]
fn nothing_is_convolved_to_nothing() {
    let w = Array4::<f64>::ones((2, 1, 2, 2));
    let none = Tensor::from(Array4::<f64>::zeros((0, 1, 3, 3)));
    assert_eq!(none.conv2d(&w, Conv::default()).shape(), [0, 2, 2, 2]);
    let flat = Tensor::from(Array4::<f64>::zeros((1, 1, 0, 3)));
    let y = flat.conv2d(&w, Conv::default().padding([1, 0]));
    assert_eq!(y.view(), Array4::<f64>::zeros((1, 2, 1, 2)).into_dyn());
    let without_channels = Tensor::from(Array4::<f64>::zeros((1, 0, 3, 3)));
    let y = without_channels.conv2d(Array4::zeros((2, 0, 2, 2)), Conv::default());
    assert_eq!(y.view(), Array4::<f64>::zeros((1, 2, 2, 2)).into_dyn());
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let (x, signal) =
        (Tensor::from(Array4::<f64>::zeros((1, 2, 3, 4))), Tensor::from(Array3::<f64>::zeros((1, 1, 3))));
    let w = &Array4::<f64>::zeros((3, 2, 2, 2));
    let options = Conv::default();
    assert_mistake(line!(), "shapes [1, 1, 3] and [3, 2, 2, 2]", || signal.conv2d(w, options));
    assert_mistake(line!(), "shapes [1, 1, 3] and [3, 2, 2, 2]", || signal.conv1d(w, Conv::default()));
    assert_mistake(line!(), "in 2 groups, the first needs as many", || x.conv2d(w, options.groups(2)));
    let narrow = w.slice(ndarray::s![.., ..1, .., ..]);
    let narrow = &narrow;
    assert_mistake(line!(), "[1, 2, 3, 4] and [3, 1, 2, 2]; in 1 groups", || x.conv2d(narrow, options));
    assert_mistake(line!(), "need to be a multiple of them", || x.conv2d(narrow, options.groups(2)));
    assert_mistake(line!(), "in 0 groups", || x.conv2d(w, options.groups(0)));
    assert_mistake(line!(), "axis 2 they are 2, 0 and 1", || x.conv2d(w, options.stride([0, 1])));
    assert_mistake(line!(), "axis 3 they are 2, 1 and 0", || x.conv2d(w, options.dilation([1, 0])));
    let words = "axis 2 needs the length 5 of the kernel at least, with padding, and has 3";
    assert_mistake(line!(), words, || x.conv2d(w, options.dilation([4, 1])));
}
