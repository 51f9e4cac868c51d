//! Initial numbers: their moments, and that a seed gives the same ones always.

use downhill::nn::{Dense, Initial, Module, Random, Relu, Sequential};
use downhill::params::Params;
use ndarray::{ArrayD, Ix2};

fn moments(x: &ArrayD<f64>) -> [f64; 3] {
    let n = x.len() as f64;
    let mean = x.sum() / n;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let fourth = x.iter().map(|x| (x - mean).powi(4)).sum::<f64>() / n;
    [mean, variance, fourth / (variance * variance)]
}

#[test]
fn each_has_the_mean_and_the_deviation_of_its_formula() {
    // Fan in 60 · 3 · 2 = 360, fan out 100 · 3 · 2 = 600.
    let (shape, n, m) = ([100, 60, 3, 2], 360.0_f64, 600.0);
    let rows = [
        // The kurtosis of the uniform distribution is 9/5, of the normal one 3.
        (Initial::Uniform(0.3), 0.3 / 3f64.sqrt(), 1.8),
        (Initial::Normal(0.3), 0.3, 3.0),
        (Initial::Torch, (1.0 / n).sqrt() / 3f64.sqrt(), 1.8),
        (Initial::LecunUniform, (1.0 / n).sqrt(), 1.8),
        (Initial::LecunNormal, (1.0 / n).sqrt(), 3.0),
        (Initial::XavierUniform, (2.0 / (n + m)).sqrt(), 1.8),
        (Initial::XavierNormal, (2.0 / (n + m)).sqrt(), 3.0),
        (Initial::HeUniform, (2.0 / n).sqrt(), 1.8),
        (Initial::HeNormal, (2.0 / n).sqrt(), 3.0),
    ];
    for (initial, deviation, kurtosis) in rows {
        let [mean, variance, fourth] = moments(&initial.array(&shape, 1));
        // Of 36,000 numbers, with five standard errors.
        assert!((mean / deviation).abs() < 0.027, "{initial:?}: mean {mean}");
        assert!(
            (variance.sqrt() / deviation - 1.0).abs() < 0.019,
            "{initial:?}: deviation {}",
            variance.sqrt()
        );
        assert!((fourth - kurtosis).abs() < 0.13, "{initial:?}: kurtosis {fourth}");
    }
    for (initial, number) in [(Initial::Zeros, 0.0), (Initial::Ones, 1.0), (Initial::Constant(-2.5), -2.5)] {
        assert!(initial.array(&shape, 1).iter().all(|&x| x == number), "{initial:?}");
    }
}

#[test]
fn uniform_numbers_stay_within_their_bound() {
    let x = Initial::Torch.array(&[1000, 16], 3);
    let largest = x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    assert!(largest < 0.25 && largest > 0.2499, "{largest}");
}

#[test]
fn orthogonal_matrices_are() {
    for shape in [&[5, 5][..], &[7, 3], &[3, 7], &[4, 2, 3], &[12, 2, 3], &[1, 1], &[1, 4]] {
        let x = Initial::Orthogonal(1.5).array(shape, 2);
        let columns = shape[1..].iter().product();
        let x = x.into_shape_with_order((shape[0], columns)).expect("a matrix").into_dimensionality::<Ix2>();
        let x = x.expect("a matrix");
        let product = if shape[0] <= columns { x.dot(&x.t()) } else { x.t().dot(&x) };
        for ((i, j), &own) in product.indexed_iter() {
            let expected = if i == j { 1.5 * 1.5 } else { 0.0 };
            assert!((own - expected).abs() < 1e-14, "{shape:?}: {own} at {i}, {j}");
        }
    }
}

/// Evenly distributed: else a diagonal of one sign would show.
#[test]
fn orthogonal_matrices_have_no_side_they_prefer() {
    let mut sum = ndarray::Array2::<f64>::zeros((3, 3));
    for seed in 0..400 {
        sum += &Initial::Orthogonal(1.0).array(&[3, 3], seed).into_dimensionality::<Ix2>().expect("a matrix");
    }
    // The mean of 400 numbers of variance 1/3: five standard errors are 0.15.
    assert!(sum.iter().all(|x| (x / 400.0).abs() < 0.15), "{sum}");
}

#[test]
fn numbers_depend_on_seed_and_name_only() {
    let small = || Sequential::<f64>::new().add(Dense::new(3, 4)).add(Relu).add(Dense::new(4, 2));
    let [first, again, other] = [small().init(1), small().init(1), small().init(2)];
    assert_eq!(first, again);
    assert_ne!(first.view("0.weight"), other.view("0.weight"));
    let square: Params<f64> = Sequential::new().add(Dense::new(3, 3)).add(Dense::new(3, 3)).init(1);
    assert_ne!(square.view("0.weight"), square.view("1.weight"));
    let large: Params<f64> = small().named("head", Dense::new(2, 5)).init(1);
    assert!(
        ["0.weight", "0.bias", "2.weight", "2.bias"].iter().all(|name| large.view(name) == first.view(name))
    );
}

#[test]
fn single_precision_is_double_precision_rounded() {
    let double: Params<f64> = Sequential::new().add(Dense::new(3, 4)).add(Dense::new(4, 2)).init(5);
    let single: Params<f32> = Sequential::new().add(Dense::new(3, 4)).add(Dense::new(4, 2)).init(5);
    assert_eq!(double.to_f32(), single);
}

/// A change of these numbers would change every network made from a seed. They are those of another program, which has the cipher
/// and the formulas of `src/random.rs`.
#[test]
fn a_seed_gives_the_same_numbers_in_every_version() {
    let mut stream = Random { seed: 7, drawn: 2 }.stream();
    assert_eq!([stream.uniform(), stream.uniform()], [0.8890457676318515, 0.6994779429428268]);
    let near =
        |own: f64, expected: f64| assert!((own - expected).abs() < 1e-15, "{own} in place of {expected}");
    near(stream.normal(), -1.7384627258347045);
    near(stream.normal(), 0.20758935967730952);
    let weight = Initial::Torch.array(&[1, 2], 7);
    near(weight[[0, 0]], 0.4707490630024833);
    near(weight[[0, 1]], 0.24369064679383418);
}
