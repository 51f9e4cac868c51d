//! Shares in sums of exponentials, and what is made of them.

use downhill::array::{Labels, one_hot};
use downhill::prelude::*;
use ndarray::array;
use serde_json::Value;

use super::fixtures::check;
use crate::misuse::assert_mistake;

fn axis(args: &Value) -> isize {
    args["axis"].as_i64().expect("an axis") as isize
}

fn labels(args: &Value) -> Labels {
    let list = args["labels"].as_array().expect("labels");
    Labels::from(&list.iter().map(|label| label.as_u64().expect("a label") as usize).collect::<Vec<_>>())
}

#[test]
fn shares_are_those_of_jax() {
    check("softmax", |args, x| vec![x[0].softmax(axis(args))]);
    check("log_softmax", |args, x| vec![x[0].log_softmax(axis(args))]);
    check("cross_entropy", |args, x| vec![x[0].cross_entropy(labels(args))]);
    check("sigmoid", |_, x| vec![x[0].sigmoid()]);
}

#[test]
fn what_is_made_of_them_is_that_of_jax() {
    check("layer_norm", |_, x| {
        let [x, gain, bias] = [&x[0], &x[1], &x[2]];
        let centred = x - x.mean_axis(-1).insert_axis(-1);
        let scale = (x.var_axis(-1, 0) + 1e-5).sqrt().insert_axis(-1);
        vec![centred / scale * gain + bias]
    });
    check("mlp", |args, x| {
        let inner = x[0].dot(&x[1]) + &x[2];
        let inner = if args["activation"] == "relu" { inner.relu() } else { inner.tanh() };
        vec![(inner.dot(&x[3]) + &x[4]).cross_entropy(labels(args))]
    });
    check("attention", |_, x| {
        let scale = (x[0].shape()[3] as f64).sqrt();
        vec![(x[0].matmul(x[1].swap_axes(2, 3)) / scale).softmax(-1).matmul(&x[2])]
    });
}

#[test]
fn large_and_masked_logits_do_no_harm() {
    let tape = Tape::new();
    let infinity = f64::INFINITY;
    let x = tape.tensor(&array![[1e300, 1e300, -infinity], [-1e5, 0.0, -infinity]]);
    let p = x.softmax(1);
    assert_eq!(p.view(), array![[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]].into_dyn());
    assert_eq!(p.square().sum().backward().wrt(&x), ndarray::ArrayD::<f64>::zeros(vec![2, 3]));
    assert_eq!(x.log_softmax(1).view()[[1, 0]], -1e5);
    let loss = x.cross_entropy(&[0, 1]);
    assert_eq!(loss.value(), 2f64.ln() / 2.0);
    let slopes = array![[-0.25, 0.25, 0.0], [0.0, 0.0, 0.0]];
    assert_eq!(loss.backward().wrt(&x), slopes.into_dyn());
    assert_eq!(x.t().softmax(0).t().view(), p.view());
    assert_eq!(x.t().t().cross_entropy(&[0, 1]).value(), loss.value());
}

#[test]
fn the_cross_entropy_is_the_mean_of_what_the_labels_pick() {
    let numbers = ndarray::Array2::from_shape_fn((7, 5), |(i, j)| ((3 * i + 5 * j) as f64).sin() * 3.0);
    let labels = [0, 1, 2, 3, 4, 0, 3];
    let tape = Tape::new();
    let (x, y) = (tape.tensor(&numbers), tape.tensor(&numbers));
    let short = x.cross_entropy(&labels);
    let long = -(one_hot(&labels, 5) * y.log_softmax(1)).sum() / 7.0;
    assert!((short.value() - long.value()).abs() < 1e-15);
    let (g, h) = (short.backward(), long.backward());
    for (g, h) in g.wrt(&x).iter().zip(h.wrt(&y).iter()) {
        assert!((g - h).abs() < 1e-16, "{g} {h}");
    }
    let single = numbers.mapv(|x| x as f32);
    let loss = Tensor::from(single).cross_entropy(Labels::new(&labels));
    assert!((f64::from(loss.value()) - long.value()).abs() < 1e-6);
    assert_eq!(Labels::from(&numbers.map_axis(ndarray::Axis(1), |_| 3)).len(), 7);
}

#[test]
fn labels_that_are_no_classes_are_refused() {
    let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    assert_mistake(line!(), "label 2 for row 1, and 2 classes", || x.cross_entropy(&[0, 2]));
    assert_mistake(line!(), "3 labels were given", || x.cross_entropy(&[0, 1, 1]));
    assert_mistake(line!(), "an array of shape [2]; it needs two axes", || x.row(0).cross_entropy(&[0, 1]));
    assert_mistake(line!(), "`one_hot` was given label 3", || one_hot::<f64>(&[3], 3));
    assert_mistake(line!(), "`softmax` was given axis 2", || x.softmax(2));
    assert_mistake(line!(), "`log_softmax` was given axis -3", || x.log_softmax(-3));
}
