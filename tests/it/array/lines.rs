//! Lines of an array, however many there are and however they lie: what is computed of each is what is computed of it alone.

use downhill::array::stack;
use downhill::prelude::*;
use ndarray::{Array3, ArrayD, Axis, Dimension};

type Tensors = Tensor<f64>;

/// Of `[outer, along, inner]`: single lines, short ones of which several are taken at once, long ones, and those beside one
/// another, in and out of the number that is taken at once.
const SHAPES: [[usize; 3]; 16] = [
    [1, 1, 1],
    [40, 1, 1],
    [600, 1, 1],
    [30, 10, 1],
    [23, 25, 1],
    [3, 128, 1],
    [3, 255, 1],
    [2, 257, 1],
    [2, 700, 1],
    [5, 9, 2],
    [2, 300, 2],
    [3, 10, 40],
    [2, 3, 256],
    [2, 3, 257],
    [3, 0, 1],
    [0, 3, 2],
];

fn numbers(shape: [usize; 3], phase: f64) -> Array3<f64> {
    let mut k = phase;
    Array3::from_shape_simple_fn(shape, || {
        k += 1.0;
        2.0 * (k * k * 0.7).sin()
    })
}

/// A function of lines along an axis, with its name.
type Named = (&'static str, fn(&Tensors, isize) -> Tensors);

/// Reductions, and functions that keep the shape, of lines along `axis`.
fn functions() -> Vec<Named> {
    vec![
        ("sum", |x, axis| x.sum_axis(axis).sin()),
        ("mean", |x, axis| x.mean_axis(axis).sin()),
        ("prod", |x, axis| (x * 0.9).prod_axis(axis).sin()),
        ("norm", |x, axis| x.norm_axis(axis).sin()),
        ("norm_squared", |x, axis| x.norm_squared_axis(axis).sin()),
        ("vecdot", |x, axis| x.vecdot(x.sin(), axis).sin()),
        ("var", |x, axis| x.var_axis(axis, 0).sin()),
        ("std", |x, axis| x.std_axis(axis, 0).sin()),
        ("log_sum_exp", |x, axis| x.log_sum_exp_axis(axis).sin()),
        ("softmax", |x, axis| x.softmax(axis).sin()),
        ("log_softmax", |x, axis| x.log_softmax(axis).sin()),
        ("cumsum", |x, axis| x.cumsum(axis).sin()),
    ]
}

/// The value of `weights · y`, elements in their order, and the partials with respect to `x`.
fn value_and_partials(x: &Tensors, y: &Tensors) -> (f64, ArrayD<f64>) {
    let weights = ArrayD::from_shape_fn(y.shape(), |place| {
        1.0 + (place.as_array_view().iter().sum::<usize>() % 3) as f64
    });
    let sum = (y * &weights).sum();
    (sum.value(), sum.backward().wrt(x))
}

#[track_caller]
fn assert_close(a: f64, b: f64, scale: f64, what: impl std::fmt::Display) {
    // Sums of some hundred terms in another order, up to 1000, of which then the sine is taken.
    assert!((a - b).abs() <= 1e-12 * (1.0 + scale) || a.is_nan() && b.is_nan(), "{what}: {a} and {b}");
}

/// The same with each line by itself.
fn line_by_line(x: &Tensors, f: fn(&Tensors, isize) -> Tensors) -> Tensors {
    let [outer, inner] = [x.shape()[0], x.shape()[2]];
    let rows = (0..outer as isize).map(|o| {
        let lines: Vec<Tensors> =
            (0..inner as isize).map(|c| f(&x.index_axis(0, o).index_axis(1, c), 0)).collect();
        let lines: Vec<&Tensors> = lines.iter().collect();
        stack(&lines, -1)
    });
    let rows: Vec<Tensors> = rows.collect();
    stack(&rows.iter().collect::<Vec<_>>(), 0)
}

#[test]
fn lines_taken_together_are_as_lines_alone() {
    for shape in SHAPES.into_iter().filter(|shape| shape[0] > 0 && shape[1] > 0) {
        for (name, f) in functions() {
            let tape = Tape::new();
            let x = tape.tensor(numbers(shape, 0.3));
            let (together, alone) = (f(&x, 1), line_by_line(&x, f));
            let scale = together.len() as f64;
            let ((value, partials), (own, own_partials)) =
                (value_and_partials(&x, &together), value_and_partials(&x, &alone));
            assert_close(value, own, scale, format_args!("{name} of {shape:?}"));
            for (partial, own) in partials.iter().zip(&own_partials) {
                assert_close(*partial, *own, 100.0, format_args!("slopes of {name} of {shape:?}"));
            }
        }
    }
}

#[test]
fn lines_without_elements_or_none_at_all_do_no_harm() {
    for shape in SHAPES.into_iter().filter(|shape| shape[0] == 0 || shape[1] == 0) {
        for (name, f) in functions() {
            let tape = Tape::new();
            let x = tape.tensor(numbers(shape, 0.3));
            let y = f(&x, 1);
            assert_eq!(y.sum().backward().wrt(&x).shape(), shape, "{name}");
        }
    }
}

#[test]
fn inner_products_are_the_sums_of_products_bit_for_bit() {
    for shape in SHAPES {
        for axis in 0..3 {
            let tape = Tape::new();
            let (x, y) = (tape.tensor(numbers(shape, 0.3)), tape.tensor(numbers(shape, 4.5)));
            let pairs = [
                (x.norm_squared_axis(axis), x.square().sum_axis(axis)),
                (x.vecdot(&y, axis), (&x * &y).sum_axis(axis)),
            ];
            for (one, two) in pairs {
                assert_eq!(one.view(), two.view(), "{shape:?} along {axis}");
                let (one, two) = (one.sin().sum().backward(), two.sin().sum().backward());
                assert_eq!(one.wrt(&x), two.wrt(&x), "{shape:?} along {axis}");
                assert_eq!(one.wrt(&y), two.wrt(&y), "{shape:?} along {axis}");
            }
        }
    }
}

#[test]
fn a_line_that_is_out_of_range_leaves_its_neighbours_alone() {
    let mut x = numbers([20, 10, 1], 0.3);
    let infinity = f64::INFINITY;
    x[[3, 4, 0]] = infinity;
    x[[5, 0, 0]] = f64::NAN;
    x.index_axis_mut(Axis(0), 7).fill(-infinity);
    let tape = Tape::new();
    let v = tape.tensor(&x);
    let y = v.log_sum_exp_axis(1);
    let slopes = y.sum().backward().wrt(&v);
    for line in 0..20 {
        let own: f64 = x.index_axis(Axis(0), line).iter().map(|x| x.exp()).sum();
        let (y, total) = (y.view()[[line, 0]], slopes.index_axis(Axis(0), line).sum());
        match line {
            3 => assert!(y == infinity && total == 1.0 && slopes[[3, 4, 0]] == 1.0),
            5 => assert!(y.is_nan()),
            7 => assert!(y == -infinity && total == 0.0),
            _ => assert!((y - own.ln()).abs() < 1e-14 && (total - 1.0).abs() < 1e-14, "line {line}: {y}"),
        }
    }
}
