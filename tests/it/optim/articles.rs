//! The figures of the articles that are about descents, and the rates they compare.

use downhill::optim::{
    GradientDescent, LearningRate, MomentumMix, Optimizer, Rated, Rule, Stop, minimize_objective,
};
use serde_json::Value;

use super::{BANANA, BOWL, Function, TROUGH, deviation, gradient, norm, numbers};

fn reference() -> Value {
    serde_json::from_str(include_str!("../../reference/articles.json")).unwrap()
}

/// The articles' loop: step, then test the gradient the step was made with. Returns the number of steps and the path's
/// first points.
fn article_loop<R: Rule>(
    f: Function,
    x: &mut [f64],
    mut optimizer: Optimizer<R>,
    limit: usize,
) -> (usize, Vec<Vec<f64>>) {
    let mut first = vec![x.to_vec()];
    for k in 1..=limit {
        let g = gradient(f, x);
        let report = optimizer.step(x, &g);
        if k <= 5 {
            first.push(x.to_vec());
        }
        if norm(&g) < 1e-4 || !report.is_stepped() {
            return (k, first);
        }
    }
    panic!("no end after {limit} steps");
}

#[test]
fn the_banana_takes_the_published_numbers_of_steps() {
    for entry in reference()["banana"].as_array().unwrap() {
        let lr = entry["lr"].as_f64().unwrap();
        let mut x = [-1.9, -0.9];
        let (steps, first) = article_loop(BANANA, &mut x, GradientDescent::new(lr).optimizer(), 200_000);
        for k in 1..=3 {
            assert!(deviation(&first[k], &numbers(&entry["iterates"][k.to_string()])) < 1e-13);
        }
        if lr == 1.18e-3 {
            assert!(steps < 20 && norm(&x) > 1e100, "lr 1.18e-3 diverges: {x:?} after {steps} steps");
            continue;
        }
        assert_eq!(steps, entry["steps"].as_u64().unwrap() as usize, "lr {lr}");
        assert!(deviation(&x, &numbers(&entry["final"])) < 1e-10, "lr {lr}: {x:?}");
    }
    let mut x = [-1.9, -0.9];
    let (steps, _) = article_loop(BANANA, &mut x, GradientDescent::new(1e-4).optimizer(), 200_000);
    assert_eq!((steps, format!("{:.7} {:.7}", x[0], x[1])), (199_078, "0.9998882 0.9997760".to_string()));
}

#[test]
fn minimize_takes_one_step_less_for_it_tests_before_it_steps() {
    for entry in reference()["banana"].as_array().unwrap() {
        let lr = entry["lr"].as_f64().unwrap();
        let walk = minimize_objective(BANANA, &[-1.9, -0.9])
            .method(GradientDescent::new(lr))
            .gradient_tolerance(1e-4)
            .max_iterations(1_000_000)
            .run();
        if lr == 1.18e-3 {
            assert!(matches!(walk.stop, Stop::Diverged { .. }), "{walk}");
            assert!(walk.value.is_finite() && walk.iterations < 11);
            continue;
        }
        let steps = entry["steps_test_at_new_point"].as_u64().unwrap() as usize;
        assert_eq!((walk.iterations, walk.evaluations), (steps, steps + 1), "lr {lr}");
        assert!(deviation(&walk.x, &numbers(&entry["final_test_at_new_point"])) < 1e-10);
        assert!(walk.is_converged());
        if lr == 1e-4 {
            assert_eq!((walk.iterations, walk.evaluations), (199_077, 199_078));
        }
    }
}

/// The six strategies of the article, each as it runs its loop on the trough.
fn strategy(number: u64, x: &mut [f64]) -> (usize, Vec<Vec<f64>>) {
    let (high, low) = (1.66, 0.001);
    let descend = |x: &mut [f64], lr: LearningRate| {
        article_loop(TROUGH, x, GradientDescent::new(lr).optimizer(), 100_000)
    };
    match number {
        1 => descend(x, LearningRate::fixed(low)),
        2 => descend(x, LearningRate::fixed(high)),
        3 => article_loop(TROUGH, x, MomentumMix::new(high).gamma(0.1).optimizer(), 100_000),
        4 => descend(x, LearningRate::decay(high, 0.9, low)),
        5 => descend(x, LearningRate::by_magnitude(high, low)),
        6 => descend(x, LearningRate::by_angle(high, low)),
        _ => panic!("there are six"),
    }
}

#[test]
fn the_six_strategies_take_the_published_numbers_of_steps() {
    let mut counts = Vec::new();
    for entry in reference()["six_strategies"].as_array().unwrap() {
        let mut x = [-6.0, -6.0];
        let (steps, first) = strategy(entry["strategy"].as_u64().unwrap(), &mut x);
        for (point, expected) in first.iter().zip(entry["first_points"].as_array().unwrap()) {
            assert!(deviation(point, &numbers(expected)) < 1e-13, "{}: {point:?}", entry["rule"]);
        }
        assert!(deviation(&x, &numbers(&entry["final"])) < 1e-12, "{}: {x:?}", entry["rule"]);
        assert_eq!(steps as u64, entry["iterations"].as_u64().unwrap(), "{}", entry["rule"]);
        counts.push(steps);
    }
    assert_eq!(counts, [46_960, 28, 24, 28_710, 26, 34]);
}

#[test]
fn the_bowl_shrinks_by_four_fifths_at_a_tenth_and_diverges_at_eleven_tenths() {
    for entry in reference()["bowl"].as_array().unwrap() {
        let lr = entry["lr"].as_f64().unwrap();
        let walk = minimize_objective(BOWL, &numbers(&entry["start"]))
            .method(GradientDescent::new(lr))
            .gradient_tolerance(1e-12)
            .keep_path(true)
            .run();
        for (k, expected) in entry["iterates"].as_object().unwrap() {
            let (x, expected) = (&walk.path[k.parse::<usize>().unwrap()], numbers(expected));
            for (x, e) in x.iter().zip(expected) {
                assert!((x - e).abs() <= 1e-13 * e.abs(), "lr {lr}, step {k}: {x} for {e}"); // rounding of 100 steps
            }
        }
        for pair in walk.path.windows(2) {
            let factor = pair[1][0] / pair[0][0];
            assert!((factor - (1.0 - 2.0 * lr)).abs() < 1e-14, "lr {lr}: {factor}");
        }
        assert_eq!(walk.is_converged(), lr == 0.1, "{walk}");
        assert_eq!(matches!(walk.stop, Stop::Diverged { .. }), lr == 1.1, "{walk}");
    }
}

#[test]
fn the_bowl_at_eleven_tenths_converges_with_back_off() {
    let walk = minimize_objective(BOWL, &[5.0, 5.0]).method(GradientDescent::new(1.1).back_off()).run();
    assert!(walk.is_converged(), "{walk}");
    // One step is taken back; the rate is 0.55 from then on and each step multiplies by -0.1.
    assert_eq!(walk.evaluations, walk.iterations + 2);
    assert!(walk.iterations <= 8, "{walk}");
}
