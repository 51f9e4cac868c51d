//! Operations × shapes × views × numbers: one row for an operation, in [`check`] what each is held to.
//!
//! To add an operation, add a row:
//!
//! ```text
//! row! { "name", on(-2.0, 2.0), [[2, 3]; [3]] [[]; [0, 2]], |x| [x[0].operation(&x[1])] },
//! ```
//!
//! that is its name; where its inputs are drawn; for each alternative the shapes of the inputs; and its results, as a list.
//! The body is compiled twice, over `f64` and `f32`: numbers in it without a suffix fit both. A function that needs second
//! derivatives to show, such as a view, is best followed by a square. What `f64` alone can do says, after `in single`, the
//! same for `f32` otherwise.
//!
//! Where inputs are drawn: `on(a, b)`, uniformly; `apart(a, b)`, so that no two elements of an input are close, for maxima
//! and orders; `Domain::Unary(op)` and `Domain::Binary(op)`, where the table of functions says, away from kinks.

use downhill::prelude::*;
use downhill::real::{Binary, Unary};

use super::check::{Draw, check};

/// Arrays in, arrays out.
pub(crate) type Function<T> = Box<dyn Fn(&[Tensor<T>]) -> Vec<Tensor<T>>>;

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) domain: Domain,
    /// Alternatives; in each the shape of every input.
    pub(crate) shapes: Vec<Vec<Vec<usize>>>,
    pub(crate) double: Function<f64>,
    pub(crate) single: Function<f32>,
}

/// Where inputs are drawn.
pub(crate) enum Domain {
    On(f64, f64),
    Apart(f64, f64),
    Unary(Unary),
    Binary(Binary),
}

pub(crate) fn on(low: f64, high: f64) -> Domain {
    Domain::On(low, high)
}

pub(crate) fn apart(low: f64, high: f64) -> Domain {
    Domain::Apart(low, high)
}

impl Domain {
    /// So many elements for each input, and how far they are from where the function is not smooth.
    pub(crate) fn draw(&self, lengths: &[usize], draw: &mut Draw) -> (Vec<Vec<f64>>, f64) {
        match self {
            &Domain::On(low, high) => (lengths.iter().map(|&n| draw.list(n, low, high)).collect(), 1.0),
            &Domain::Apart(low, high) => scattered(lengths, draw, low, high),
            Domain::Unary(op) => {
                let (low, high) = op.domain().into_inner();
                let numbers = lengths.iter().map(|&n| {
                    let far = |draw: &mut Draw| loop {
                        let x = draw.between(low, high);
                        if op.distance_to_singularity(x) > 0.25
                            || high - low < 0.6 && op.distance_to_singularity(x) > 0.05
                        {
                            break x;
                        }
                    };
                    (0..n).map(|_| far(draw)).collect()
                });
                let numbers: Vec<Vec<f64>> = numbers.collect();
                let distance =
                    numbers.concat().iter().fold(1.0, |d: f64, &x| d.min(op.distance_to_singularity(x)));
                (numbers, distance)
            }
            Domain::Binary(op) => pairs(*op, lengths, draw),
        }
    }
}

/// On a grid, shuffled, each somewhat beside its place.
fn scattered(lengths: &[usize], draw: &mut Draw, low: f64, high: f64) -> (Vec<Vec<f64>>, f64) {
    let total: usize = lengths.iter().sum();
    let step = (high - low) / (total + 1) as f64;
    let mut all: Vec<f64> = (1..=total)
        .map(|k| low + step * (k as f64 + draw.between(-0.25, 0.25)))
        .map(|x| f64::from(x as f32))
        .collect();
    for k in (1..total).rev() {
        all.swap(k, draw.between(0.0, (k + 1) as f64) as usize % (k + 1));
    }
    let mut rest = all.into_iter();
    (lengths.iter().map(|&n| rest.by_ref().take(n).collect()).collect(), step / 4.0)
}

/// Any element of the first input with any of the second is away from where the function is not smooth.
fn pairs(op: Binary, lengths: &[usize], draw: &mut Draw) -> (Vec<Vec<f64>>, f64) {
    let (x, y) = op.domain();
    let ((a, b), (c, d)) = (x.into_inner(), y.into_inner());
    let far = |x: &[f64], y: f64| {
        x.iter().map(|&x| op.distance_to_singularity(x, y)).fold(1.0, |least: f64, far| least.min(far))
    };
    let mut wanted = 0.5;
    'again: loop {
        wanted *= 0.98;
        let (x, mut y) = (draw.list(lengths[0], a, b), Vec::new());
        while y.len() < lengths[1] {
            match (0..50).map(|_| draw.between(c, d)).find(|&y| far(&x, y) > wanted) {
                Some(next) => y.push(next),
                None => continue 'again,
            }
        }
        let distance = y.iter().map(|&y| far(&x, y)).fold(1.0, f64::min);
        return (vec![x, y], distance);
    }
}

macro_rules! row {
    ($name:expr, $domain:expr, $([$([$($n:literal),*]);*])*, |$x:ident| [$($result:expr),*]) => {
        row! { $name, $domain, $([$([$($n),*]);*])*, |$x| [$($result),*] in single [$($result),*] }
    };
    ($name:expr, $domain:expr, $([$([$($n:literal),*]);*])*,
        |$x:ident| [$($result:expr),*] in single [$($single:expr),*]) => {
        Row {
            name: $name.to_string(),
            domain: $domain,
            shapes: vec![$(vec![$(vec![$($n),*]),*]),*],
            double: Box::new(move |$x: &[Tensor<f64>]| vec![$($result),*]),
            single: Box::new(move |$x: &[Tensor<f32>]| vec![$($single),*]),
        }
    };
}
pub(crate) use row;

fn functions_of_one() -> Vec<Row> {
    let mut rows = Vec::new();
    for op in Unary::all() {
        rows.push(row! { format!("{op:?}"), Domain::Unary(op), [[2, 3]] [[0]], |x| [x[0].unary(op)] });
    }
    for op in [Unary::Neg, Unary::Exp, Unary::Tanh, Unary::Sqrt, Unary::Recip] {
        rows.push(row! {
            format!("{op:?}"), Domain::Unary(op), [[]] [[1]] [[5]] [[2, 1, 3]] [[2, 2, 1, 2]] [[1, 1]] [[2, 0, 3]] [[0, 0]],
            |x| [x[0].unary(op)]
        });
    }
    rows
}

fn functions_of_two() -> Vec<Row> {
    let mut rows = Vec::new();
    for &op in Binary::ALL {
        rows.push(row! {
            format!("{op:?}"), Domain::Binary(op), [[2]; [2]] [[1, 2]; [2, 1]], |x| [x[0].binary(op, &x[1])]
        });
    }
    for op in [Binary::Add, Binary::Sub, Binary::Mul, Binary::Div, Binary::Hypot] {
        rows.push(row! {
            format!("{op:?}"), Domain::Binary(op),
            [[]; []] [[]; [3]] [[2]; []] [[2, 3]; [3]] [[3]; [2, 3]] [[2, 1]; [3]] [[1]; [2, 2, 1]] [[2, 1, 2]; [1, 2, 1]]
            [[1, 2, 1, 2]; [2, 1, 2, 1]] [[0]; [1]] [[1, 3]; [0, 1]] [[]; [2, 0]],
            |x| [x[0].binary(op, &x[1])]
        });
    }
    rows
}

fn numbers() -> Vec<Row> {
    vec![
        row! { "x + c", on(-2.0, 2.0), [[]] [[2, 3]] [[0]], |x| [(&x[0] + 1.5).square()] },
        row! { "c + x", on(-2.0, 2.0), [[2, 3]], |x| [(1.5 + &x[0]).square()] },
        row! { "x - c", on(-2.0, 2.0), [[2, 3]], |x| [(&x[0] - 1.5).square()] },
        row! { "c - x", on(-2.0, 2.0), [[2, 3]], |x| [(1.5 - &x[0]).square()] },
        row! { "x * c", on(-2.0, 2.0), [[]] [[2, 3]], |x| [(&x[0] * 1.5).square()] },
        row! { "c * x", on(-2.0, 2.0), [[2, 3]], |x| [(1.5 * &x[0]).square()] },
        row! { "x / c", on(-2.0, 2.0), [[2, 3]], |x| [(&x[0] / 1.5).square()] },
        row! { "c / x", on(0.5, 2.0), [[]] [[2, 3]] [[2, 1, 2]], |x| [1.5 / &x[0]] },
        row! { "x % c", on(2.2, 2.8), [[2, 3]], |x| [(&x[0] % 1.0).square()] },
        row! { "c % x", on(1.1, 1.3), [[2, 3]], |x| [(2.7 % &x[0]).square()] },
        row! { "max(x, c)", on(0.5, 2.0), [[2, 3]], |x| [x[0].maximum(0.25).square(), x[0].maximum(4.0).square()] },
        row! {
            "max of rows", apart(-2.0, 2.0), [[2, 3]] [[2]],
            |x| [x[0].row(0).maximum(x[0].row(1)).square(), x[0].row(-1).minimum(x[0].row(0)).exp()]
        },
        row! { "x^p", on(0.5, 2.0), [[2, 3]], |x| [x[0].powf(1.7), x[0].powi(3)] },
        row! { "x + plain", on(-2.0, 2.0), [[2]] [[3, 2]], |x| [(&x[0] + &ndarray::array![1.0, -2.0]).square()] },
        row! { "plain · x", on(-2.0, 2.0), [[2]] [[3, 2]], |x| [(&x[0] * &ndarray::array![[1.0, -2.0]]).square()] },
        row! { "x twice", on(-2.0, 2.0), [[3]] [[2, 2]], |x| [&x[0] * &x[0].reversed(0) + x[0].t() * &x[0]] },
    ]
}

/// Scalars and arrays of one recording, which are of `f64`.
fn variables() -> Vec<Row> {
    vec![
        row! {
            "x op Var", on(0.5, 2.0), [[]; []] [[2, 2]; []] [[0]; []],
            |x| [&x[0] + x[1].to_var(), &x[0] - x[1].to_var(), (&x[0] * x[1].to_var()).sqrt(), &x[0] / x[1].to_var().sin()]
            in single [&x[0] + &x[1], &x[0] - &x[1], (&x[0] * &x[1]).sqrt(), &x[0] / x[1].sin()]
        },
        row! {
            "Var op x", on(0.5, 2.0), [[]; []] [[2, 2]; []],
            |x| [x[1].to_var() + &x[0], x[1].to_var() - &x[0], (x[1].to_var() * &x[0]).sqrt(), x[1].to_var() / x[0].clone()]
            in single [&x[1] + &x[0], &x[1] - &x[0], (&x[1] * &x[0]).sqrt(), &x[1] / &x[0]]
        },
        row! {
            "to_vars, of_vars", on(-2.0, 2.0), [[]] [[4]] [[2, 3]] [[2, 0]],
            |x| [Tensor::of_vars(&x[0].to_vars(), x[0].shape()).square()] in single [x[0].square()]
        },
        row! {
            "of_vars of slopes", on(-2.0, 2.0), [[3]] [[2, 2]],
            |x| [Tensor::of_vars(&x[0].to_vars().iter().map(|x| 2.0 * x.sin()).collect::<Vec<Var>>(), x[0].shape()).square()]
            in single [(x[0].sin() * 2.0).square()]
        },
        row! {
            "at", on(-2.0, 2.0), [[2, 3]],
            |x| [&x[0] * x[0].at([1, 2]), Tensor::from(x[0].at([0, 1]) * x[0].at([1, 0]))]
            in single [&x[0] * x[0].row(1).column(2), x[0].row(0).column(1) * x[0].row(1).column(0)]
        },
    ]
}

fn products() -> Vec<Row> {
    vec![
        row! {
            "dot", on(-2.0, 2.0),
            [[3]; [3]] [[2, 3]; [3]] [[3]; [3, 2]] [[2, 3]; [3, 2]] [[2, 2]; [2, 2]] [[1]; [1]] [[1, 1]; [1, 1]]
            [[1, 3]; [3, 1]] [[2, 1]; [1, 3]] [[0]; [0]] [[2, 0]; [0, 3]] [[0, 2]; [2, 3]] [[2, 3]; [3, 0]] [[2, 0]; [0]],
            |x| [x[0].dot(&x[1]).square()]
        },
        row! {
            "matmul", on(-2.0, 2.0),
            [[2]; [2]] [[2, 2]; [2]] [[2]; [2, 3]] [[2, 2, 3]; [2, 3, 1]] [[2, 3]; [2, 3, 2]] [[2, 2, 2]; [2, 2]]
            [[2, 1, 2]; [2]] [[2]; [2, 2, 1]] [[1, 2, 2]; [2, 2, 1]] [[2, 1, 1, 2]; [1, 2, 2, 1]] [[0, 2, 1]; [1, 2]]
            [[2, 1, 0]; [0, 2]],
            |x| [x[0].matmul(&x[1])]
        },
        row! { "a matrix by itself", on(-2.0, 2.0), [[2, 2]] [[3, 3]], |x| [x[0].dot(&x[0]), x[0].t().dot(&x[0])] },
        row! {
            "a product of repeated parts", on(-2.0, 2.0), [[2, 2]; [2, 2]],
            |x| [
                x[0].slice(0, ..1).broadcast([2, 2]).dot(&x[1]),
                x[0].dot(x[1].slice(1, 1..).broadcast([2, 2])),
                x[0].slice(0, ..1).slice(1, 1..).broadcast([2, 2]).dot(&x[1])
            ]
        },
        row! { "xᵀ A x", on(-2.0, 2.0), [[3]; [3, 3]], |x| [x[0].dot(&x[1]).dot(&x[0])] },
    ]
}

fn sums() -> Vec<Row> {
    vec![
        row! {
            "sum", on(-2.0, 2.0), [[]] [[1]] [[5]] [[9]] [[2, 3]] [[2, 1, 3]] [[2, 2, 2, 2]] [[0]] [[2, 0]],
            |x| [x[0].sum().square()]
        },
        row! {
            "sum_axis first", on(-2.0, 2.0), [[3]] [[2, 3]] [[1, 3]] [[2, 1, 2]] [[0, 2]] [[2, 0]],
            |x| [x[0].sum_axis(0).square()]
        },
        row! { "sum_axis last", on(-2.0, 2.0), [[3]] [[2, 3]] [[2, 1]] [[2, 2, 2]] [[2, 0]], |x| [x[0].sum_axis(-1).square()] },
        row! { "sum_axis middle", on(-2.0, 2.0), [[2, 3, 2]] [[2, 2, 1, 2]], |x| [x[0].sum_axis(1).square()] },
    ]
}

fn views() -> Vec<Row> {
    vec![
        row! { "t", on(-2.0, 2.0), [[]] [[3]] [[2, 3]] [[2, 1, 3]], |x| [x[0].t().square()] },
        row! { "permute", on(-2.0, 2.0), [[2, 1, 3]] [[2, 2, 2]], |x| [x[0].permute([1, -1, 0]).square()] },
        row! { "swap_axes", on(-2.0, 2.0), [[2, 3]] [[2, 1, 3]], |x| [x[0].swap_axes(0, -1).square()] },
        row! { "reshape", on(-2.0, 2.0), [[6]] [[2, 3]] [[3, 1, 2]] [[6, 1]], |x| [x[0].reshape([3, 2]).square()] },
        row! { "flatten", on(-2.0, 2.0), [[]] [[2, 3]] [[2, 2, 2]] [[2, 0]], |x| [x[0].flatten().square()] },
        row! { "broadcast", on(-2.0, 2.0), [[]] [[3]] [[2, 1]] [[1, 3]], |x| [x[0].broadcast([2, 2, 3]).square()] },
        row! { "slice", on(-2.0, 2.0), [[4]] [[3, 2]] [[3, 0]], |x| [x[0].slice(0, 1..3).square(), x[0].slice(0, 1..1)] },
        row! { "slice_by", on(-2.0, 2.0), [[5, 2]] [[4]], |x| [x[0].slice_by(0, .., 3).square()] },
        row! { "reversed", on(-2.0, 2.0), [[4]] [[2, 3]], |x| [x[0].reversed(-1).powi(3)] },
        row! { "rows and columns", on(-2.0, 2.0), [[2, 3]] [[2, 2, 2]], |x| [x[0].row(-1) * x[0].row(0), x[0].column(1).square()] },
        row! { "diag", on(-2.0, 2.0), [[2, 3]] [[2, 2, 2]] [[1, 1]], |x| [x[0].diag().square()] },
        row! { "insert and remove", on(-2.0, 2.0), [[]] [[2]] [[2, 2]], |x| [x[0].insert_axis(-1).insert_axis(0).remove_axis(-1).square()] },
    ]
}

#[test]
fn functions_of_one_array_hold() {
    functions_of_one().iter().for_each(check);
}

#[test]
fn functions_of_two_arrays_hold() {
    functions_of_two().iter().for_each(check);
}

#[test]
fn functions_of_arrays_and_numbers_hold() {
    numbers().iter().for_each(check);
}

#[test]
fn arrays_beside_scalars_hold() {
    variables().iter().for_each(check);
}

#[test]
fn products_hold() {
    products().iter().for_each(check);
}

#[test]
fn sums_hold() {
    sums().iter().for_each(check);
}

#[test]
fn views_hold() {
    views().iter().for_each(check);
}
