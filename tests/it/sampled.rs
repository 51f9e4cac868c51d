//! Sampled functions against numpy, and against what the formulas promise.

use downhill::sampled::{EdgeOrder, Spacing, gradient, gradient_all, gradient_axis, gradient_with};
use ndarray::{Array, ArrayD, ArrayViewD, Axis, IxDyn, ShapeBuilder, Slice, array};
use proptest::prelude::*;
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/sampled.json")).unwrap()
}

/// Numbers are strings in the file: the JSON reader may miss the nearest `f64` by one ulp, `str::parse` does not.
fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn edge_order(case: &Value) -> EdgeOrder {
    if case["edge_order"] == 2 { EdgeOrder::Second } else { EdgeOrder::First }
}

/// The coordinates, or the distance alone.
enum Given {
    Distance(f64),
    Coordinates(Vec<f64>),
}

impl Given {
    fn of(value: &Value) -> Given {
        if value.is_array() { Given::Coordinates(numbers(value)) } else { Given::Distance(number(value)) }
    }

    fn spacing(&self) -> Spacing<'_> {
        match self {
            Given::Distance(distance) => Spacing::from(*distance),
            Given::Coordinates(coordinates) => Spacing::from(coordinates),
        }
    }
}

fn with_samples<R>(case: &Value, run: impl FnOnce(ArrayViewD<'_, f64>) -> R) -> R {
    let shape: Vec<usize> =
        case["shape"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
    let plain = ArrayD::from_shape_vec(shape.clone(), numbers(&case["samples"])).unwrap();
    match case["layout"].as_str().unwrap() {
        "rows" => run(plain.view()),
        "columns" => {
            let mut columns = ArrayD::zeros(IxDyn(&shape).f());
            columns.assign(&plain);
            assert!(!columns.is_standard_layout());
            run(columns.view())
        }
        "reversed" => run(stored_with_step(&plain, -1).slice_each_axis(|_| Slice::new(0, None, -1))),
        "stepped" => run(stored_with_step(&plain, 2).slice_each_axis(|_| Slice::new(0, None, 2))),
        other => panic!("layout {other}"),
    }
}

/// An array of which every `step`-th element along every axis is `plain`, the rest NaN.
fn stored_with_step(plain: &ArrayD<f64>, step: isize) -> ArrayD<f64> {
    let shape: Vec<usize> = plain.shape().iter().map(|n| n * step.unsigned_abs()).collect();
    let mut stored = ArrayD::from_elem(shape, f64::NAN);
    stored.slice_each_axis_mut(|_| Slice::new(0, None, step)).assign(plain);
    stored
}

/// Equal in every bit, any NaN for a NaN: both sides do the same IEEE operations in the same order, none of them
/// beyond `+ - * /`, so nothing is left to a tolerance. The sign and payload of a NaN are the processor's choice.
fn assert_same_bits<'a>(
    name: &str,
    ours: impl IntoIterator<Item = &'a f64, IntoIter: ExactSizeIterator>,
    theirs: &[f64],
) {
    let ours = ours.into_iter();
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (i, (ours, theirs)) in ours.zip(theirs).enumerate() {
        let same = ours.to_bits() == theirs.to_bits() || (ours.is_nan() && theirs.is_nan());
        assert!(same, "{name}, number {i}: {ours:e} instead of {theirs:e}");
    }
}

#[test]
fn along_an_axis_every_bit_is_numpys() {
    let reference = reference();
    let cases = reference["along_axis"].as_array().unwrap();
    assert_eq!(cases.len(), 33);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let given = Given::of(&case["spacing"]);
        let axis = Axis(case["axis"].as_u64().unwrap() as usize);
        let edges = edge_order(case);
        with_samples(case, |samples| {
            let slopes = gradient_axis(&samples, axis, given.spacing(), edges).unwrap();
            assert_eq!(slopes.shape(), samples.shape(), "{name}");
            assert_same_bits(name, slopes.iter().collect::<Vec<_>>(), &numbers(&case["result"]));
        });
    }
}

#[test]
fn slices_give_every_bit_of_numpy_too() {
    for case in reference()["along_axis"].as_array().unwrap() {
        if case["shape"].as_array().unwrap().len() > 1 {
            continue;
        }
        let given = Given::of(&case["spacing"]);
        let slopes = gradient_with(&numbers(&case["samples"]), given.spacing(), edge_order(case)).unwrap();
        assert_same_bits(case["name"].as_str().unwrap(), &slopes, &numbers(&case["result"]));
    }
}

#[test]
fn along_all_axes_every_bit_is_numpys() {
    let reference = reference();
    let cases = reference["every_axis"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let given: Vec<Given> = case["spacings"].as_array().unwrap().iter().map(Given::of).collect();
        let spacings: Vec<Spacing<'_>> = given.iter().map(Given::spacing).collect();
        with_samples(case, |samples| {
            let slopes = gradient_all(&samples, &spacings, edge_order(case)).unwrap();
            let results = case["results"].as_array().unwrap();
            assert_eq!(slopes.len(), results.len(), "{name}");
            for (slopes, result) in slopes.iter().zip(results) {
                assert_same_bits(name, slopes.iter().collect::<Vec<_>>(), &numbers(result));
            }
        });
    }
}

/// The tutorial's descent: the gradient of fixed samples, subtracted step by step from a point.
fn descend(samples: &[f64], start: f64, rate: f64, steps: u64) -> Vec<f64> {
    let slopes = gradient(samples, 1.0).unwrap();
    let mut x = vec![start; samples.len()];
    for _ in 0..steps {
        x.iter_mut().zip(&slopes).for_each(|(x, slope)| *x -= rate * slope);
    }
    x
}

#[test]
fn the_articles_descents_end_where_the_article_says() {
    let samples = [1.0, 2.0, 4.0, 7.0, 11.0, 16.0];
    assert_eq!(gradient(&samples, 1.0).unwrap(), [1.0, 1.5, 2.5, 3.5, 4.5, 5.0]);
    let end = descend(&samples, 10.0, 0.01, 50);
    for (x, printed) in end.iter().zip([9.5, 9.25, 8.75, 8.25, 7.75, 7.5]) {
        assert!((x - printed).abs() < 1e-12, "{x} instead of {printed}");
    }
    assert_eq!(descend(&[2.0, 4.0], 10.0, 0.1, 50), [2.0539125955565396e-15; 2]);
    assert_eq!(descend(&[2.0, 4.0], 10.0, 0.001, 50), [9.899999999999967; 2]);
}

#[test]
fn the_articles_descents_agree_with_the_loop_in_numpy_bit_for_bit() {
    for article in reference()["articles"].as_array().unwrap() {
        let samples = numbers(&article["samples"]);
        let steps = article["steps"].as_u64().unwrap();
        let end = descend(&samples, number(&article["start"]), number(&article["rate"]), steps);
        assert_same_bits("gradient", &gradient(&samples, 1.0).unwrap(), &numbers(&article["gradient"]));
        assert_same_bits("end", &end, &numbers(&article["end"]));
    }
}

/// Coordinates that rise or fall by steps of 0.1 to 2 from a start in -5..5.
fn coordinates() -> impl Strategy<Value = Vec<f64>> {
    (prop::collection::vec(0.1..2.0f64, 2..25), -5.0..5.0f64, prop::bool::ANY).prop_map(
        |(steps, start, falling)| {
            let sign = if falling { -1.0 } else { 1.0 };
            let mut x = vec![start];
            x.extend(steps.iter().scan(start, |at, step| {
                *at += sign * step;
                Some(*at)
            }));
            x
        },
    )
}

/// What rounding may cost: samples are below 1e5, weights below 20, three terms a sum, so a few times
/// 1e5 * 20 * 2^-53 ~ 2e-10; the values drawn stay well below.
const ROUNDING: f64 = 1e-9;

proptest! {
    #[test]
    fn straight_lines_are_exact_everywhere_for_any_spacing(
        x in coordinates(), slope in -9.0..9.0f64, offset in -9.0..9.0f64
    ) {
        let samples: Vec<f64> = x.iter().map(|x| slope * x + offset).collect();
        for edges in [EdgeOrder::First, EdgeOrder::Second] {
            for found in gradient_with(&samples, &x, edges).unwrap() {
                prop_assert!((found - slope).abs() < ROUNDING, "{found} instead of {slope}");
            }
        }
    }

    #[test]
    fn parabolas_are_exact_inside_and_at_edges_of_order_2(
        x in coordinates(), a in -9.0..9.0f64, b in -9.0..9.0f64, c in -9.0..9.0f64
    ) {
        let samples: Vec<f64> = x.iter().map(|x| (a * x + b) * x + c).collect();
        let first = gradient_with(&samples, &x, EdgeOrder::First).unwrap();
        let second = gradient_with(&samples, &x, EdgeOrder::Second).unwrap();
        let last = x.len() - 1;
        prop_assert_eq!(&first[1..last], &second[1..last]);
        for (x, found) in x.iter().zip(&second) {
            prop_assert!((found - (2.0 * a * x + b)).abs() < ROUNDING, "{} at {}", found, x);
        }
        // The two-point formula is exact half a step inside the edge instead.
        prop_assert!((first[0] - (a * (x[0] + x[1]) + b)).abs() < ROUNDING);
        prop_assert!((first[last] - (a * (x[last - 1] + x[last]) + b)).abs() < ROUNDING);
    }

    #[test]
    fn parabolas_at_one_distance_are_exact_inside_and_at_edges_of_order_2(
        n in 3..30usize, h in 0.1..2.0f64, a in -9.0..9.0f64, b in -9.0..9.0f64
    ) {
        let x = |i: usize| i as f64 * h;
        let samples: Vec<f64> = (0..n).map(|i| (a * x(i) + b) * x(i)).collect();
        for (i, found) in gradient_with(&samples, h, EdgeOrder::Second).unwrap().into_iter().enumerate() {
            prop_assert!((found - (2.0 * a * x(i) + b)).abs() < ROUNDING, "{} at {}", found, i);
        }
    }

    #[test]
    fn an_axis_is_its_lanes_one_by_one(
        values in prop::collection::vec(-9.0..9.0f64, 4 * 3 * 5), steps in prop::collection::vec(0.1..2.0f64, 5)
    ) {
        let block = Array::from_shape_vec((4, 3, 5), values).unwrap();
        for axis in (0..3).map(Axis) {
            let x = &steps.iter().scan(0.0, |at, step| { *at += step; Some(*at) }).collect::<Vec<f64>>()
                [..block.len_of(axis)];
            for (spacing, edges) in [(Spacing::from(0.3), EdgeOrder::First), (Spacing::from(x), EdgeOrder::Second)] {
                let slopes = gradient_axis(&block, axis, spacing, edges).unwrap();
                for (samples, found) in block.lanes(axis).into_iter().zip(slopes.lanes(axis)) {
                    prop_assert_eq!(gradient_with(&samples.to_vec(), spacing, edges).unwrap(), found.to_vec());
                }
            }
        }
    }
}

#[test]
fn coordinates_with_one_difference_are_that_distance() {
    let samples = [0.3, 0.1, 0.7, 0.2, 0.9];
    let x = [1.0, 1.75, 2.5, 3.25, 4.0];
    for edges in [EdgeOrder::First, EdgeOrder::Second] {
        assert_eq!(gradient_with(&samples, &x, edges), gradient_with(&samples, 0.75, edges));
    }
}

#[test]
fn spacings_come_from_numbers_slices_vectors_and_arrays() {
    let samples = [1.0, 3.0, 2.0];
    let x = [0.0, 1.0, 3.0];
    let by_array = gradient(&samples, &x).unwrap();
    assert_eq!(gradient(&samples, &x[..]).unwrap(), by_array);
    assert_eq!(gradient(&samples, &x.to_vec()).unwrap(), by_array);
    assert_eq!(gradient(&samples, Spacing::Coordinates(&x)).unwrap(), by_array);
    assert_eq!(gradient(&samples, 1.0).unwrap(), [2.0, 0.5, -1.0]);
}

#[test]
fn samples_that_are_nan_spread_to_their_neighbours_only() {
    let slopes = gradient(&[1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0], 1.0).unwrap();
    assert_eq!(
        slopes.iter().map(|s| s.is_nan()).collect::<Vec<_>>(),
        [false, true, false, true, false, false]
    );
}

#[test]
fn too_few_samples_are_an_error_that_says_how_many_are_needed() {
    for (samples, edges, needed) in [
        (&[][..], EdgeOrder::First, "at least 2"),
        (&[1.0], EdgeOrder::First, "at least 2"),
        (&[1.0, 2.0], EdgeOrder::Second, "at least 3"),
    ] {
        let error = gradient_with(samples, 1.0, edges).unwrap_err();
        assert!(error.is_shape());
        let message = error.to_string();
        assert!(message.starts_with(&format!("{} samples", samples.len())), "{message}");
        assert!(message.contains(needed), "{message}");
    }
    assert!(gradient(&[], &[]).unwrap_err().is_shape());
    assert!(gradient_with(&[1.0, 2.0, 4.0], 1.0, EdgeOrder::Second).is_ok());
}

#[test]
fn a_coordinate_is_needed_for_each_sample() {
    for x in [&[0.0, 1.0][..], &[0.0, 1.0, 2.0, 3.0], &[]] {
        let error = gradient(&[1.0, 2.0, 3.0], x).unwrap_err();
        assert!(error.is_shape());
        assert!(error.to_string().starts_with(&format!("{} coordinates for 3 samples", x.len())), "{error}");
    }
}

#[test]
fn distances_that_are_zero_or_not_finite_are_an_error() {
    let samples = [1.0, 2.0, 4.0];
    for h in [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
        assert!(gradient(&samples, h).unwrap_err().is_spacing(), "{h}");
    }
    for x in [
        [0.0, 0.0, 1.0],
        [0.0, 1.0, 1.0],
        [2.0, 2.0, 2.0],
        [0.0, f64::NAN, 1.0],
        [0.0, 1.0, f64::INFINITY],
        [f64::MAX, -f64::MAX, 0.0],
    ] {
        assert!(gradient(&samples, &x).unwrap_err().is_spacing(), "{x:?}");
    }
    let message = gradient(&samples, &[0.0, 1.5, 1.5]).unwrap_err().to_string();
    assert!(message.starts_with("coordinates 1 and 2 are 1.5e0 and 1.5e0"), "{message}");
}

#[test]
fn denominators_out_of_range_are_an_error_and_not_a_wrong_number() {
    let samples = [1.0, 2.0, 4.0];
    for x in [[0.0, 1.0, 0.0], [0.0, 1e-170, 3e-170], [0.0, 1e170, 3e170]] {
        assert!(gradient(&samples, &x).unwrap_err().is_spacing(), "{x:?}");
    }
    assert!(gradient_with(&samples, 1e-310, EdgeOrder::Second).unwrap_err().is_spacing());
    // The uniform formula multiplies no distances and stays in range.
    assert_eq!(gradient(&samples, 2f64.powi(-600)).unwrap()[1], 1.5 * 2f64.powi(600));
}

#[test]
fn an_axis_that_does_not_exist_is_an_error() {
    let sheet = array![[1.0, 2.0], [3.0, 4.0]];
    let error = gradient_axis(&sheet, Axis(2), 1.0, EdgeOrder::First).unwrap_err();
    assert!(error.is_shape());
    assert!(error.to_string().starts_with("axis 2 of an array of 2 axes"), "{error}");
    let point = ndarray::arr0(1.0);
    assert!(gradient_axis(&point, Axis(0), 1.0, EdgeOrder::First).unwrap_err().is_shape());
}

#[test]
fn all_axes_take_no_spacing_or_one_distance_or_one_spacing_each() {
    let sheet = array![[1.0, 2.0, 6.0], [3.0, 4.0, 5.0]];
    let half = Spacing::Uniform(0.5);
    let along = |axis, h: f64| gradient_axis(&sheet, Axis(axis), h, EdgeOrder::First).unwrap();
    let all = |spacings: &[Spacing<'_>]| gradient_all(&sheet, spacings, EdgeOrder::First);
    assert_eq!(all(&[]).unwrap(), [along(0, 1.0), along(1, 1.0)]);
    assert_eq!(all(&[half]).unwrap(), [along(0, 0.5), along(1, 0.5)]);
    assert_eq!(all(&[half, Spacing::Uniform(2.0)]).unwrap(), [along(0, 0.5), along(1, 2.0)]);
    assert!(all(&[half; 3]).unwrap_err().is_shape());
    assert!(all(&[Spacing::from(&[0.0, 1.0])]).unwrap_err().is_shape());
    assert!(all(&[half, Spacing::from(&[0.0, 1.0])]).unwrap_err().is_shape());
}

#[test]
fn arrays_without_lanes_give_arrays_without_lanes() {
    let empty = Array::<f64, _>::zeros((3, 0));
    assert_eq!(gradient_axis(&empty, Axis(0), 1.0, EdgeOrder::First).unwrap(), empty);
    assert!(gradient_axis(&empty, Axis(1), 1.0, EdgeOrder::First).unwrap_err().is_shape());
    let point = ndarray::arr0(1.0);
    assert!(gradient_all(&point, &[], EdgeOrder::First).unwrap().is_empty());
    assert!(gradient_all(&point, &[Spacing::Uniform(1.0); 2], EdgeOrder::First).unwrap_err().is_shape());
}
