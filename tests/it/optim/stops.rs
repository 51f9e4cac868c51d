//! Every reason to stop, each with a sentence; and objectives that misbehave.

use std::ops::ControlFlow;
use std::time::Duration;

use downhill::optim::{
    Adam, GradientDescent, LearningRate, Minimize, Momentum, Outcome, Quantity, Rated, SteepestDescent, Stop,
    minimize_objective,
};

use super::{BANANA, BARRIER, BOWL, Counted, Function, QUAD10, RAMP};

fn descend(f: Function, start: &[f64], lr: f64) -> Minimize<Function, GradientDescent> {
    minimize_objective(f, start).method(GradientDescent::new(lr))
}

/// The sentence of the outcome says all of these, and the outcome says whether it converged.
fn says(walk: &Outcome, converged: bool, words: &[&str]) {
    let text = walk.to_string();
    assert_eq!(walk.is_converged(), converged, "{text}");
    assert!(text.starts_with(if converged { "converged: " } else { "not converged: " }), "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is missing:\n{text}");
    }
}

#[test]
fn a_small_gradient_is_convergence() {
    let walk = descend(BOWL, &[1.0, 0.0], 0.25).gradient_tolerance(0.01).run();
    assert_eq!(walk.stop, Stop::Gradient { norm: 2.0 / 256.0, tolerance: 0.01 });
    assert_eq!((walk.iterations, walk.evaluations, walk.x[0]), (8, 9, 1.0 / 256.0));
    says(
        &walk,
        true,
        &["gradient norm 0.0078125", "tolerance 0.01", "8 with 9 evaluations", "[0.00390625, 0]"],
    );
}

#[test]
fn a_small_step_is_convergence_when_asked_for() {
    let walk = descend(BOWL, &[1.0, 0.5], 0.25).step_tolerance(0.125).run();
    assert_eq!(walk.stop, Stop::Step { size: 0.125, tolerance: 0.125 });
    assert_eq!(walk.iterations, 3);
    says(&walk, true, &["no component by more than 0.125", "tolerance 0.125"]);
}

#[test]
fn a_small_change_of_the_value_is_convergence_when_asked_for() {
    let walk = descend(BOWL, &[1.0, 0.0], 0.25).value_tolerance(0.05).run();
    assert_eq!(walk.stop, Stop::Value { change: 0.0625 - 0.015625, tolerance: 0.05 });
    says(&walk, true, &["the value by 0.046875", "tolerance 0.05"]);
}

#[test]
fn the_iterations_the_evaluations_and_the_time_are_limited() {
    let walk = descend(BANANA, &[-1.9, -0.9], 1e-4).max_iterations(12).run();
    assert_eq!((walk.stop, walk.iterations), (Stop::Iterations { limit: 12 }, 12));
    says(&walk, false, &["limit of 12 iterations", "max_iterations"]);

    let walk = descend(BANANA, &[-1.9, -0.9], 1e-4).max_evaluations(12).run();
    assert_eq!((walk.stop, walk.iterations, walk.evaluations), (Stop::Evaluations { limit: 12 }, 11, 12));
    says(&walk, false, &["limit of 12 evaluations", "max_evaluations"]);

    let slow = || descend(BANANA, &[-1.9, -0.9], 1e-9).max_iterations(usize::MAX);
    let walk = slow().max_time(Duration::from_millis(3)).run();
    assert_eq!(walk.stop, Stop::Time { limit: Duration::from_millis(3) });
    says(&walk, false, &["time limit of 3ms", "max_time"]);
    assert_eq!(slow().max_time(Duration::ZERO).run().evaluations, 1);

    assert_eq!(minimize_objective(BANANA, &[-1.9, -0.9]).run().stop, Stop::Iterations { limit: 10_000 });
}

#[test]
fn evaluations_are_counted_as_they_are_made_and_never_exceed_the_budget() {
    for limit in [0, 1, 2, 3, 7, 20, 57, 200] {
        let mut steepest = Counted(BANANA, 0);
        let walk = minimize_objective(&mut steepest, &[-1.9, -0.9]).max_evaluations(limit).run();
        assert_eq!(walk.stop, Stop::Evaluations { limit });
        assert_eq!(walk.evaluations, steepest.1);
        assert_eq!(walk.evaluations, limit.max(1), "the start is always evaluated");

        let mut cut = Counted(BANANA, 0);
        let rule = GradientDescent::new(0.1).back_off();
        let walk = minimize_objective(&mut cut, &[-1.9, -0.9]).method(rule).max_evaluations(limit).run();
        assert_eq!((walk.evaluations, cut.1), (limit.max(1), limit.max(1)));
    }
}

#[test]
fn a_callback_sees_every_point_and_can_end_the_run() {
    let mut seen = Vec::new();
    let walk = descend(BOWL, &[1.0, 1.0], 0.25)
        .callback(|progress| {
            seen.push((progress.iteration, progress.evaluations, progress.x[0], progress.value));
            assert_eq!(progress.gradient_norm, super::norm(progress.gradient));
            if progress.iteration == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .keep_history(true)
        .run();
    assert_eq!((walk.stop, walk.iterations), (Stop::User, 3));
    says(&walk, false, &["the callback ended it"]);
    assert_eq!(seen, [(0, 1, 1.0, 2.0), (1, 2, 0.5, 0.5), (2, 3, 0.25, 0.125), (3, 4, 0.125, 0.03125)]);
    assert_eq!(walk.history, [2.0, 0.5, 0.125, 0.03125]);

    let mut last = 0;
    let walk = descend(BOWL, &[1.0, 1.0], 0.25)
        .callback(|progress| {
            last = progress.iteration;
            ControlFlow::Continue(())
        })
        .run();
    assert!(walk.is_converged() && last == walk.iterations);
}

#[test]
fn path_and_history_hold_every_point_or_nothing() {
    let walk = descend(QUAD10, &[0.0; 10], 0.01).keep_path(true).keep_history(true).max_iterations(20).run();
    assert_eq!((walk.path.len(), walk.history.len()), (21, 21));
    assert_eq!((&walk.path[0][..], &walk.path[20]), (&[0.0; 10][..], &walk.x));
    for (x, value) in walk.path.iter().zip(&walk.history) {
        assert_eq!((QUAD10.value)(x), *value);
    }
    let walk = descend(QUAD10, &[0.0; 10], 0.01).max_iterations(20).run();
    assert!(walk.path.is_empty() && walk.history.is_empty());
    says(&walk, false, &["…", "(n = 10)"]);
}

#[test]
fn divergence_is_named_and_the_best_point_returned() {
    let walk = descend(BOWL, &[1.0, 1.0], 1.1).keep_history(true).run();
    let Stop::Diverged { value, start, reach } = walk.stop else { panic!("{walk}") };
    assert!(
        start == 2.0
            && value > 3e20
            && value < 5e20
            && reach > 1e10
            && value == *walk.history.last().unwrap()
    );
    assert_eq!((&walk.x[..], walk.value, walk.history.len()), (&[1.0, 1.0][..], 2.0, walk.iterations + 1));
    says(&walk, false, &["rose from 2 to ", "lower the learning rate", "back_off()"]);

    let walk = descend(BOWL, &[1.0, 1.0], 1e200).run(); // the value overflows at once
    assert!(matches!(walk.stop, Stop::Diverged { value: f64::INFINITY, .. }), "{walk}");
    let walk = descend(BOWL, &[1e100, 1.0], 1e300).run(); // x overflows, and the objective is not asked
    assert!(matches!(walk.stop, Stop::Diverged { .. }) && walk.evaluations == 1, "{walk}");
    says(&walk, false, &["x overflowed"]);
}

#[test]
fn an_objective_without_a_lower_bound_is_named() {
    let dome = Function { value: |x| -x[0] * x[0], gradient: |x, g| g[0] = -2.0 * x[0] };
    let runs = [
        minimize_objective(dome, &[0.1]).run(),
        descend(dome, &[0.1], 1.0).run(),
        minimize_objective(dome, &[0.1]).method(GradientDescent::new(1.0).back_off()).run(),
        minimize_objective(dome, &[0.1]).method(Momentum::new(1.0)).run(),
        minimize_objective(RAMP, &[0.1]).run(),
    ];
    for walk in runs {
        assert!(matches!(walk.stop, Stop::Diverged { .. }), "{walk}");
        says(&walk, false, &["no lower bound", "the value fell to -"]);
        assert!(walk.value < -1e99 && walk.value.is_finite(), "the best finite point: {walk}");
    }
    let pole = Function { value: |x| x[0].ln(), gradient: |x, g| g[0] = 1.0 / x[0] };
    let cut = GradientDescent::new(1.0).back_off();
    for walk in [minimize_objective(pole, &[1.0]).run(), minimize_objective(pole, &[1.0]).method(cut).run()] {
        // The first trial is x = 0.
        assert!(matches!(walk.stop, Stop::Diverged { value: f64::NEG_INFINITY, .. }), "{walk}");
        assert_eq!(walk.x, [1.0]);
    }
    assert!(minimize_objective(RAMP, &[0.1]).run().evaluations < 12, "the search expands ever faster");
}

#[test]
fn leaving_the_domain_is_not_divergence() {
    let walk = descend(BARRIER, &[3.0, 3.0], 10.0).run(); // to x = -3.67
    let Stop::NotFinite { quantity: Quantity::Value, number, iteration: 1 } = walk.stop else {
        panic!("{walk}")
    };
    assert!(number.is_nan());
    assert_eq!(walk.x, [3.0, 3.0]);
    says(&walk, false, &["the value is NaN at iteration 1", "domain", "back_off()"]);
    // And backing off, or searching, stays inside.
    let walk = minimize_objective(BARRIER, &[3.0, 3.0]).method(GradientDescent::new(10.0).back_off()).run();
    assert!(walk.is_converged(), "{walk}");
    assert!(minimize_objective(BARRIER, &[3.0, 3.0]).run().is_converged());
}

#[test]
fn numbers_that_are_not_finite_are_named_with_their_place() {
    let nan = Function { value: |_| f64::NAN, gradient: |_, g| g.fill(1.0) };
    let walk = minimize_objective(nan, &[1.0, 2.0]).run();
    assert!(matches!(walk.stop, Stop::NotFinite { quantity: Quantity::Value, iteration: 0, .. }));
    says(&walk, false, &["the value is NaN at the start"]);
    assert_eq!((&walk.x[..], walk.evaluations), (&[1.0, 2.0][..], 1));

    let infinite = Function { value: |_| f64::INFINITY, gradient: |_, g| g.fill(1.0) };
    says(&minimize_objective(infinite, &[1.0]).run(), false, &["the value is inf at the start"]);

    let steep =
        Function { value: |x| x[0] + x[1].sqrt(), gradient: |x, g| (g[0], g[1]) = (1.0, 0.5 / x[1].sqrt()) };
    let walk = minimize_objective(steep, &[1.0, 0.0]).run();
    let stop = Stop::NotFinite { quantity: Quantity::Gradient(1), number: f64::INFINITY, iteration: 0 };
    assert_eq!(walk.stop, stop);
    says(&walk, false, &["component 1 of the gradient is inf at the start"]);
    let walk = descend(steep, &[1.0, 1.0], 2.0).run(); // to y = 0 exactly
    assert_eq!(
        walk.stop,
        Stop::NotFinite { quantity: Quantity::Gradient(1), number: f64::INFINITY, iteration: 1 }
    );
    assert_eq!(walk.x, [1.0, 1.0]);

    let walk = minimize_objective(BOWL, &[1.0, f64::NAN]).run();
    assert!(matches!(walk.stop, Stop::NotFinite { quantity: Quantity::X(1), .. }));
    assert_eq!(walk.evaluations, 0);
    says(&walk, false, &["component 1 of the start is NaN"]);
}

#[test]
fn no_method_panics_or_hangs_on_a_hostile_objective() {
    let hostile = [
        Function { value: |_| f64::NAN, gradient: |_, g| g.fill(f64::NAN) },
        Function { value: |x| x[0], gradient: |_, g| g.fill(f64::NAN) },
        Function { value: |x| if x[0] < 0.5 { f64::NAN } else { x[0] }, gradient: |_, g| g.fill(1.0) },
        Function { value: |x| if x[0] < 0.5 { f64::INFINITY } else { x[0] }, gradient: |_, g| g.fill(1.0) },
        Function {
            value: |x| if x[0] < 0.5 { f64::NEG_INFINITY } else { x[0] },
            gradient: |_, g| g.fill(1.0),
        },
        Function { value: |x| x[0] * x[0], gradient: |x, g| g.fill(-2.0 * x[0]) }, // the wrong sign
        Function { value: |_| 0.0, gradient: |_, g| g.fill(1e308) },
    ];
    for (i, f) in hostile.into_iter().enumerate() {
        for lr in [0.1, 1e10, 0.0, f64::NAN, f64::INFINITY] {
            let walks = [
                minimize_objective(f, &[1.0, 1.0]).method(SteepestDescent::new()).max_iterations(300).run(),
                minimize_objective(f, &[1.0, 1.0]).method(GradientDescent::new(lr)).max_iterations(300).run(),
                minimize_objective(f, &[1.0, 1.0])
                    .method(GradientDescent::new(lr).back_off())
                    .max_iterations(300)
                    .run(),
                minimize_objective(f, &[1.0, 1.0]).method(Adam::new(lr)).max_iterations(300).run(),
                minimize_objective(f, &[1.0, 1.0])
                    .method(Momentum::new(lr).back_off())
                    .max_iterations(300)
                    .run(),
            ];
            for walk in walks {
                assert!(!walk.is_converged(), "objective {i}, rate {lr}: {walk}");
                assert!(walk.x.iter().all(|x| x.is_finite()), "objective {i}, rate {lr}: {walk}");
            }
        }
    }
}

#[test]
fn the_last_point_is_returned_if_it_converged_and_else_the_best() {
    // A ball that overshoots: after 3 steps it is higher than it was before.
    let run = |limit| {
        minimize_objective(BOWL, &[1.0, 0.0])
            .method(Momentum::new(0.4))
            .max_iterations(limit)
            .keep_path(true)
            .run()
    };
    let walk = run(3);
    let best = walk.path.iter().min_by(|a, b| (BOWL.value)(a).total_cmp(&(BOWL.value)(b))).unwrap();
    assert!(*best == walk.x && walk.x != walk.path[3], "{walk}");
    assert_eq!((walk.value, &walk.gradient), ((BOWL.value)(best), &super::gradient(BOWL, best)));
    // A step within the tolerance is convergence even if it goes up.
    let walk = descend(BOWL, &[1.0, 0.0], 1.1).step_tolerance(2.5).run();
    assert!(walk.is_converged() && walk.iterations == 1 && walk.value > 1.0 && walk.x[0] < -1.0, "{walk}");
}

#[test]
fn steps_too_small_to_change_x_end_the_run() {
    let walk = descend(BOWL, &[1.0, 1.0], 1e-20).run();
    assert_eq!(walk.stop, Stop::NoProgress { norm: 8f64.sqrt() });
    says(&walk, false, &["rounding", "gradient norm of 2.8284271"]);
    assert_eq!(walk.iterations, 100);
    let vanishing = GradientDescent::new(LearningRate::decay(0.1, 0.5, 0.0));
    let walk = minimize_objective(BOWL, &[1.0, 1.0]).method(vanishing).run();
    assert!(matches!(walk.stop, Stop::NoProgress { .. }), "{walk}");
}

#[test]
fn a_gradient_that_is_not_that_of_the_value_is_noticed() {
    let uphill = Function { value: |x| x[0] * x[0], gradient: |x, g| g[0] = -2.0 * x[0] };
    let walk = minimize_objective(uphill, &[3.0]).run();
    let Stop::LineSearch { norm: 6.0, evaluations: evaluations @ 8 } = walk.stop else { panic!("{walk}") };
    says(
        &walk,
        false,
        &[&format!("tried {evaluations} points"), "gradient norm of 6", "check that the gradient"],
    );
    let walk = minimize_objective(uphill, &[3.0]).method(GradientDescent::new(0.1).back_off()).run();
    assert_eq!((walk.stop, &walk.x[..]), (Stop::NoProgress { norm: 6.0 }, &[3.0][..]));
}

#[test]
fn a_gradient_of_zero_is_below_every_tolerance() {
    let walk = minimize_objective(BOWL, &[0.0, 0.0]).gradient_tolerance(0.0).run();
    assert_eq!((walk.stop, walk.iterations), (Stop::Gradient { norm: 0.0, tolerance: 0.0 }, 0));
}

#[test]
fn an_objective_of_no_variables_is_at_its_minimum() {
    let constant = Function { value: |_| 7.0, gradient: |_, _| {} };
    let walk = minimize_objective(constant, &[]).run();
    assert!(walk.is_converged());
    assert_eq!((walk.x.len(), walk.value, walk.iterations, walk.evaluations), (0, 7.0, 0, 1));
    says(&walk, true, &["x           []"]);
}

#[test]
fn an_outcome_reads_as_a_few_lines() {
    let walk = descend(BOWL, &[1.0, 0.0], 0.25).gradient_tolerance(0.01).run();
    let text = "converged: the gradient norm 0.0078125 is within the tolerance 0.01
  x           [0.00390625, 0]
  value       1.5258789e-5
  gradient    0.0078125 (2-norm)
  iterations  8 with 9 evaluations";
    assert_eq!(walk.to_string(), text);
}
