//! Adjoints of arrays that are broadcast: every pair of shapes, against sums written out index by index.
//!
//! All numbers are integers, so that sums are exact in whatever order.

use downhill::prelude::*;
use ndarray::{ArrayD, IxDyn};

use crate::misuse::mistake;

/// Every shape of these ranks with these lengths.
fn shapes(lengths: &[usize], ranks: std::ops::RangeInclusive<usize>) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for rank in ranks {
        for mut code in 0..lengths.len().pow(rank as u32) {
            let mut shape = Vec::new();
            for _ in 0..rank {
                shape.push(lengths[code % lengths.len()]);
                code /= lengths.len();
            }
            all.push(shape);
        }
    }
    all
}

/// The length of axis `axis` of `rank`, matched from the last one on.
fn length(shape: &[usize], axis: usize, rank: usize) -> usize {
    let missing = rank - shape.len();
    if axis < missing { 1 } else { shape[axis - missing] }
}

fn common(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let mut common = Vec::new();
    for axis in 0..rank {
        let (m, n) = (length(a, axis, rank), length(b, axis, rank));
        if m != n && m != 1 && n != 1 {
            return None;
        }
        common.push(if m == 1 { n } else { m });
    }
    Some(common)
}

/// For each element of `shape`, in order, the number of the element of `input` that stands there.
fn sources(input: &[usize], shape: &[usize]) -> Vec<usize> {
    let total: usize = shape.iter().product();
    let mut sources = Vec::with_capacity(total);
    for element in 0..total {
        let mut rest = element;
        let (mut place, mut stride) = (0, 1);
        for axis in (0..shape.len()).rev() {
            let index = rest % shape[axis];
            rest /= shape[axis];
            let own = length(input, axis, shape.len());
            if own > 1 {
                place += index * stride;
            }
            stride *= own;
        }
        sources.push(place);
    }
    sources
}

/// Small integers, in no simple order.
fn integers(shape: &[usize], start: usize) -> ArrayD<f64> {
    let total: usize = shape.iter().product();
    let numbers = (0..total).map(|k| ((k * 7 + start * 5) % 11) as f64 - 4.0).collect();
    ArrayD::from_shape_vec(IxDyn(shape), numbers).expect("as many numbers")
}

fn check_pair(a: &[usize], b: &[usize]) {
    let Some(shape) = common(a, b) else {
        return refused(a, b);
    };
    let (x, y, w) = (integers(a, 1), integers(b, 2), integers(&shape, 3));
    let (from_x, from_y) = (sources(a, &shape), sources(b, &shape));
    let list = |array: &ArrayD<f64>| array.iter().copied().collect::<Vec<f64>>();
    let (xs, ys, ws) = (list(&x), list(&y), list(&w));
    for product in [false, true] {
        let tape = Tape::new();
        let (tx, ty) = (tape.tensor(&x), tape.tensor(&y));
        let z = if product { &tx * &ty } else { &tx + &ty };
        let gradient = (&z * &w).sum().backward();
        let (mut to_x, mut to_y) = (vec![0.0; xs.len()], vec![0.0; ys.len()]);
        let mut values = Vec::new();
        for (k, (&i, &j)) in from_x.iter().zip(&from_y).enumerate() {
            values.push(if product { xs[i] * ys[j] } else { xs[i] + ys[j] });
            to_x[i] += ws[k] * if product { ys[j] } else { 1.0 };
            to_y[j] += ws[k] * if product { xs[i] } else { 1.0 };
        }
        let what = format!("{a:?} with {b:?}, product: {product}");
        assert_eq!((z.shape(), list(&z.to_owned())), (&shape[..], values), "{what}");
        let (own_x, own_y) = (gradient.wrt(&tx), gradient.wrt(&ty));
        assert_eq!((own_x.shape(), list(&own_x)), (a, to_x), "{what}, the first");
        assert_eq!((own_y.shape(), list(&own_y)), (b, to_y), "{what}, the second");
    }
}

/// The message names both shapes, at the line of the operation.
fn refused(a: &[usize], b: &[usize]) {
    let (x, y) = (Tensor::from(integers(a, 1)), Tensor::from(integers(b, 2)));
    let (line, mistake) = (line!(), mistake(|| &x + &y));
    assert_eq!((mistake.file.as_str(), mistake.line), (file!(), line));
    assert!(
        mistake.message.contains(&format!("`add` was given arrays of shapes {a:?} and {b:?}")),
        "{}",
        mistake.message
    );
}

#[test]
fn every_pair_of_shapes_has_the_adjoints_of_sums_written_out() {
    let shapes = shapes(&[1, 2, 3], 0..=4);
    assert_eq!(shapes.len(), 121);
    for a in &shapes {
        for b in &shapes {
            check_pair(a, b);
        }
    }
}

#[test]
fn arrays_without_elements_are_broadcast_by_the_same_rules() {
    let shapes = shapes(&[0, 1, 2], 0..=3);
    for a in &shapes {
        for b in shapes.iter().filter(|b| a.contains(&0) || b.contains(&0)) {
            check_pair(a, b);
        }
    }
}

#[test]
fn an_array_with_itself_is_broadcast_in_both_places() {
    // x·xᵀ as an outer sum and product: each element flows to two places.
    for n in 1..5 {
        let tape = Tape::new();
        let x = tape.tensor(integers(&[n, 1], 1));
        let w = integers(&[n, n], 3);
        let gradient = ((&x * x.t() + &x - x.t()) * &w).sum().backward().wrt(&x);
        let x = integers(&[n, 1], 1);
        for i in 0..n {
            let along = |j: usize| (w[[i, j]] + w[[j, i]]) * x[[j, 0]] + w[[i, j]] - w[[j, i]];
            assert_eq!(gradient[[i, 0]], (0..n).map(along).sum::<f64>());
        }
    }
}

#[test]
fn an_array_is_broadcast_to_a_shape_that_it_fits_alone() {
    for a in &shapes(&[1, 2, 3], 0..=3) {
        for b in &shapes(&[1, 2, 3], 0..=3) {
            let x = Tensor::from(integers(a, 1));
            if a.len() <= b.len() && common(a, b).as_ref() == Some(b) {
                let wanted =
                    sources(a, b).into_iter().map(|k| x.view().iter().copied().nth(k).expect("an element"));
                assert!(x.broadcast(b).view().iter().copied().eq(wanted), "{a:?} to {b:?}");
                continue;
            }
            let (line, mistake) = (line!(), mistake(|| x.broadcast(b)));
            assert_eq!((mistake.file.as_str(), mistake.line), (file!(), line));
            assert!(mistake.message.contains(&format!("{a:?} and {b:?}")), "{}", mistake.message);
        }
    }
}
