//! Scaling: scikit-learn's numbers, mean 0 and deviation 1, and back again.

use downhill::data::{MinMax, Standardize};
use downhill::params::Element;
use ndarray::{Array, Array2, Array4, Axis, ShapeBuilder, array, s};
use proptest::prelude::*;

use super::{assert_close, numbers, reference};
use crate::misuse::assert_mistake;

fn flat<D: ndarray::Dimension>(x: &Array<f64, D>) -> Vec<f64> {
    x.iter().copied().collect()
}

#[test]
fn the_numbers_are_those_of_scikit_learn() {
    let case = &reference()["scaling"];
    let columns = case["columns"].as_u64().unwrap() as usize;
    let given = numbers(&case["x"]);
    let x = Array2::from_shape_vec((given.len() / columns, columns), given).unwrap();
    // Columns of numbers near 1e-3 about 1, and of 1e5 about -1e7: some digits go with the means, there and here.
    let standard = Standardize::fit(&x);
    assert_close(standard.mean(), &numbers(&case["mean"]), 1e-15);
    assert_close(standard.deviation(), &numbers(&case["deviation"]), 1e-14);
    assert_close(&flat(&standard.apply(&x)), &numbers(&case["standard"]), 1e-12);
    assert_eq!(standard.constant(), [3]);
    let extremes = MinMax::fit(&x);
    assert_eq!(extremes.min(), numbers(&case["min"]));
    assert_eq!(extremes.max(), numbers(&case["max"]));
    assert_close(&flat(&extremes.apply(&x)), &numbers(&case["min_max"]), 1e-12);
    assert_eq!(extremes.constant(), [3]);
}

fn assert_standard<T: Element>(x: &Array2<T>) {
    let scale = Standardize::fit(x);
    let z = scale.apply(x).mapv(|z| z.to_f64().unwrap());
    for (j, column) in z.axis_iter(Axis(1)).enumerate() {
        let mean = column.mean().unwrap();
        let deviation = column.mapv(|z| (z - mean).powi(2)).mean().unwrap().sqrt();
        let expected = if scale.constant().contains(&j) { 0.0 } else { 1.0 };
        // Where the deviation is some ulp of the numbers, the rounding of their mean shows.
        let most = x.column(j).iter().fold(0.0_f64, |most, x| most.max(x.to_f64().unwrap().abs()));
        let ulps = T::epsilon().to_f64().unwrap() * most / scale.deviation()[j].to_f64().unwrap();
        let tolerance = if expected == 0.0 { 0.0 } else { 4.0 * ulps + 1e-14 };
        assert!(mean.abs() <= tolerance, "mean {mean} of column {j}");
        assert!((deviation - expected).abs() <= tolerance, "deviation {deviation} of column {j}");
    }
}

fn assert_back<T: Element>(x: &Array2<T>, back: &Array2<T>, tolerance: f64) {
    for (column, back) in x.columns().into_iter().zip(back.columns()) {
        let most = column.iter().fold(0.0_f64, |most, x| most.max(x.to_f64().unwrap().abs()));
        for (x, back) in column.iter().zip(back) {
            let error = (x.to_f64().unwrap() - back.to_f64().unwrap()).abs();
            assert!(error <= tolerance * most, "{x} came back as {back}");
        }
    }
}

proptest! {
    #[test]
    fn standardized_columns_have_mean_0_and_deviation_1_and_go_back(
        rows in prop::collection::vec([-1e3..1e3, 10.0..10.1, -1e-9..1e-9], 1..40), offset in -1e4..1e4
    ) {
        let x = Array2::from(rows) + offset;
        assert_standard(&x);
        let scale = Standardize::fit(&x);
        assert_back(&x, &scale.undo(&scale.apply(&x)), 1e-15);
        let single = x.mapv(|x| x as f32);
        assert_standard(&single);
        let scale = Standardize::fit(&single);
        assert_back(&single, &scale.undo(&scale.apply(&single)), 1e-6);
    }

    #[test]
    fn scaled_columns_lie_between_0_and_1_and_go_back(
        rows in prop::collection::vec([-1e3..1e3, 10.0..10.1], 2..40)
    ) {
        let rows: Vec<_> = rows.into_iter().map(|[a, b]| [a, b, 5.0]).collect();
        let x = Array2::from(rows);
        let scale = MinMax::fit(&x);
        let z = scale.apply(&x);
        for (j, column) in z.columns().into_iter().enumerate() {
            let extremes = column.iter().fold((f64::MAX, f64::MIN), |(a, b), &z| (a.min(z), b.max(z)));
            prop_assert_eq!(extremes, if j == 2 { (0.0, 0.0) } else { (0.0, 1.0) });
        }
        assert_back(&x, &scale.undo(&z), 1e-15);
    }
}

#[test]
fn a_constant_column_is_found_exactly_whatever_its_number() {
    for number in [0.1, -1e300, 1e-310, 0.0, 1.0 / 3.0] {
        for n in [1, 3, 10, 1000] {
            let x = Array2::from_elem((n, 1), number);
            let scale = Standardize::fit(&x);
            assert_eq!(
                (scale.mean(), scale.deviation(), scale.constant()),
                (&[number][..], &[0.0][..], vec![0])
            );
            assert!(scale.apply(&x).iter().all(|&z| z == 0.0));
            assert_eq!(scale.undo(&scale.apply(&x)), x);
        }
    }
    assert_standard(&array![[1.0, 7.0], [2.0, 7.0]]);
}

#[test]
fn numbers_far_from_0_keep_the_digits_of_their_deviation() {
    // The sum of the squares would leave none of them.
    let x = array![[1e9 + 1.0], [1e9 + 2.0], [1e9 + 3.0]];
    let scale = Standardize::fit(&x);
    assert_eq!(scale.mean(), [1e9 + 2.0]);
    assert!((scale.deviation()[0] - (2.0_f64 / 3.0).sqrt()).abs() < 1e-15);
}

#[test]
fn arrays_of_any_axes_and_layout_have_columns() {
    let x = Array4::from_shape_fn((5, 2, 3, 2), |(i, j, k, l)| (i * i + j + 2 * k * i + 7 * l) as f64);
    let scale = Standardize::fit(&x);
    assert_eq!(scale.mean().len(), 12);
    let flat = x.to_shape((5, 12)).unwrap().to_owned();
    assert_eq!(Standardize::fit(&flat), scale);
    assert_eq!(scale.apply(&x).to_shape((5, 12)).unwrap(), scale.apply(&flat));
    let mut columns = Array2::zeros((5, 12).f());
    columns.assign(&flat);
    assert_eq!(scale.apply(&columns), scale.apply(&flat));
    scale.apply_to(&mut columns);
    assert_eq!(columns, scale.apply(&flat));
    // Targets `[n]` are one column.
    let y = array![1.0_f32, 3.0];
    assert_eq!(Standardize::fit(&y).apply(&y), array![-1.0, 1.0]);
    assert_eq!(MinMax::fit(&y.slice(s![..;-1])).apply(&y), array![0.0, 1.0]);
    let mut back = array![0.0, 1.0];
    MinMax::fit(&y).undo_to(&mut back);
    assert_eq!(back, y);
}

#[test]
fn mistakes_are_reported_at_their_line() {
    let scale = Standardize::fit(&array![[1.0, 2.0], [3.0, 4.0]]);
    let other = array![[1.0], [2.0]];
    assert_mistake(line!(), "fitted to 2 columns, and an array of shape [2, 1]", || scale.apply(&other));
    assert_mistake(line!(), "fitted to 2 columns, and an array of shape [2, 1]", || scale.undo(&other));
    assert_mistake(line!(), "fitted to 2 columns", || scale.apply_to(&mut other.clone()));
    assert_mistake(line!(), "fitted to 2 columns", || scale.undo_to(&mut other.clone()));
    let scale = MinMax::fit(&array![[1.0, 2.0], [3.0, 4.0]]);
    assert_mistake(line!(), "fitted to 2 columns", || scale.apply(&other));
    assert_mistake(line!(), "fitted to 2 columns", || scale.undo(&other));
    assert_mistake(line!(), "fitted to 2 columns", || scale.apply(&ndarray::arr0(1.0)));
    assert_mistake(line!(), "at least one row", || Standardize::fit(&Array2::<f64>::zeros((0, 2))));
    let bad = array![[1.0, 2.0], [f64::NAN, f64::INFINITY]];
    assert_mistake(line!(), "`MinMax::fit` was given NaN in row 1, column 0", || MinMax::fit(&bad));
    let bad = bad.slice(s![.., 1..]);
    assert_mistake(line!(), "was given inf in row 1, column 0", || Standardize::fit(&bad));
}

#[test]
fn many_numbers_that_hardly_differ_have_a_deviation() {
    for (n, number) in [(1_000, 7.7), (1_000_000, 0.3), (1_500_000, 0.1)] {
        let next = f64::from_bits(f64::to_bits(number) + 1);
        let mut x = Array2::from_elem((n, 1), number);
        x[[n / 3, 0]] = next;
        let (scale, n) = (Standardize::fit(&x), n as f64);
        let expected = (next - number) * ((n - 1.0) / (n * n)).sqrt();
        assert!((scale.deviation()[0] / expected - 1.0).abs() < 1e-6, "{} of {n}", scale.deviation()[0]);
        assert_eq!(scale.mean(), [number]);
    }
}
