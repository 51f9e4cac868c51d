//! Made-up data sets: their formulas, scikit-learn's points, and the noise.

use downhill::data::{blobs, checkerboard, circles, linear, moons, sine, spirals};
use ndarray::{Array2, array};

use super::{assert_close, numbers, reference, whole};
use crate::misuse::assert_mistake;

fn flat(x: &Array2<f64>) -> Vec<f64> {
    x.iter().copied().collect()
}

#[test]
fn moons_and_circles_are_those_of_scikit_learn() {
    // 4 ulp of 1: the arguments differ by one rounding.
    for case in reference()["moons"].as_array().unwrap() {
        let set = moons::<f64>(case["n"].as_u64().unwrap() as usize, 0.0, 7);
        assert_close(&flat(set.inputs()), &numbers(&case["x"]), 1e-15);
        assert_eq!(set.targets(), &whole(&case["y"]));
    }
    for case in reference()["circles"].as_array().unwrap() {
        let factor = case["factor"].as_f64().unwrap();
        let set = circles::<f64>(case["n"].as_u64().unwrap() as usize, factor, 0.0, 7);
        assert_close(&flat(set.inputs()), &numbers(&case["x"]), 1e-15);
        assert_eq!(set.targets(), &whole(&case["y"]));
    }
}

#[test]
fn normal_numbers_are_those_of_a_second_implementation_for_ever() {
    let case = &reference()["normals"];
    let expected = numbers(&case["numbers"]);
    let set = linear::<f64>(expected.len() / 2, &[1.0, 1.0], 0.0, 0.0, case["seed"].as_u64().unwrap());
    assert_close(&flat(set.inputs()), &expected, 1e-15);
    // And to the last bit on every platform, as logarithm and sine are not the system's.
    let bits = set.inputs().iter().fold(0_u64, |bits, x| bits.rotate_left(7) ^ x.to_bits());
    assert_eq!(bits, 17_739_257_781_851_235_038);
}

#[test]
fn noise_has_the_deviation_asked_for_and_mean_0() {
    let n = 20_000;
    let centers = array![[1.0, -2.0], [30.0, 40.0]];
    let set = blobs(n, &centers, 0.5, 7);
    let noise: Vec<f64> = set
        .inputs()
        .outer_iter()
        .zip(set.targets())
        .flat_map(|(point, &label)| [point[0] - centers[[label, 0]], point[1] - centers[[label, 1]]])
        .collect();
    let moment = |power: i32| noise.iter().map(|x| (x / 0.5).powi(power)).sum::<f64>() / noise.len() as f64;
    // Of a normal distribution 0, 1, 0, 3, with deviations of 1, 1.4, 3.9 and 9.8 over √40,000; 4 of these.
    for (power, expected, tolerance) in [(1, 0.0, 0.02), (2, 1.0, 0.03), (3, 0.0, 0.08), (4, 3.0, 0.2)] {
        assert!((moment(power) - expected).abs() < tolerance, "moment {power} is {}", moment(power));
    }
    let clean = moons::<f64>(2000, 0.0, 7);
    let noisy = moons::<f64>(2000, 0.1, 7);
    let squares = (noisy.inputs() - clean.inputs()).mapv(|x| x * x).mean().unwrap();
    assert!((squares.sqrt() / 0.1 - 1.0).abs() < 0.05);
    assert_ne!(moons::<f64>(10, 0.1, 7), moons::<f64>(10, 0.1, 8));
    assert_eq!(moons::<f64>(10, 0.1, 7), moons::<f64>(10, 0.1, 7));
}

#[test]
fn spirals_follow_their_formula() {
    let (arms, turns) = (3, 1.25);
    let set = spirals::<f64>(100, arms, turns, 0.0, 7);
    let sizes: Vec<usize> =
        (0..arms).map(|arm| set.targets().iter().filter(|&&y| y == arm).count()).collect();
    assert_eq!(sizes, [34, 33, 33]);
    for (point, &label) in set.inputs().outer_iter().zip(set.targets()) {
        let r = point[0].hypot(point[1]);
        let turn = turns * r + label as f64 / arms as f64;
        let angle = point[1].atan2(point[0]) / std::f64::consts::TAU;
        let apart = (turn - angle).rem_euclid(1.0);
        assert!(apart.min(1.0 - apart) < 1e-14 && r <= 1.0 + 1e-15);
    }
}

#[test]
fn a_board_has_its_cells() {
    let set = checkerboard::<f32>(2000, 3, 7);
    let mut counts = [[0; 3]; 3];
    for (point, &label) in set.inputs().outer_iter().zip(set.targets()) {
        let [i, j] = [0, 1].map(|k| ((f64::from(point[k]) + 1.0) * 1.5) as usize);
        assert_eq!(label, (i + j) % 2);
        counts[i][j] += 1;
    }
    // 222 each, with a deviation of 14.
    assert!(counts.iter().flatten().all(|&count| (150..300).contains(&count)), "{counts:?}");
}

#[test]
fn regressions_follow_their_formulas_in_both_types() {
    let set = linear::<f32>(50, &[2.0, -1.0, 0.5], 3.0, 0.0, 7);
    for (x, y) in set.inputs().outer_iter().zip(set.targets()) {
        assert!((y - (2.0 * x[0] - x[1] + 0.5 * x[2] + 3.0)).abs() < 1e-5);
    }
    let set = sine::<f64>(5000, 0.2, 7);
    assert!(set.inputs().iter().all(|x| (0.0..std::f64::consts::TAU).contains(x)));
    let squares = (set.targets() - set.inputs().mapv(f64::sin)).mapv(|x| x * x).mean().unwrap();
    assert!((squares.sqrt() / 0.2 - 1.0).abs() < 0.05);
}

#[test]
fn sets_of_few_rows_or_none_are_made() {
    for n in 0..5 {
        let sizes = [
            moons::<f64>(n, 0.1, 7).len(),
            circles::<f64>(n, 0.5, 0.1, 7).len(),
            spirals::<f64>(n, 3, 1.0, 0.1, 7).len(),
            checkerboard::<f64>(n, 2, 7).len(),
            blobs(n, &array![[0.0_f32]], 1.0, 7).len(),
            linear(n, &[1.0], 0.0, 0.1, 7).len(),
            sine::<f32>(n, 0.1, 7).len(),
        ];
        assert_eq!(sizes, [n; 7]);
        let set = moons::<f64>(n, 0.0, 7);
        assert!(set.inputs().iter().all(|x| x.is_finite()));
    }
}

#[test]
fn mistakes_are_reported_at_their_line() {
    assert_mistake(line!(), "noise of deviation -1", || moons::<f64>(3, -1.0, 7));
    assert_mistake(line!(), "noise of deviation NaN", || circles::<f64>(3, 0.5, f64::NAN, 7));
    assert_mistake(line!(), "noise of deviation inf", || sine::<f64>(3, f64::INFINITY, 7));
    assert_mistake(line!(), "noise of deviation -1", || linear(3, &[1.0], 0.0, -1.0, 7));
    assert_mistake(line!(), "a spiral of no arms", || spirals::<f64>(3, 0, 1.0, 0.0, 7));
    assert_mistake(line!(), "a board of no cells", || checkerboard::<f64>(3, 0, 7));
    assert_mistake(line!(), "about no centers", || blobs(3, &Array2::<f64>::zeros((0, 2)), 1.0, 7));
}
