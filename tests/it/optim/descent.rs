//! The methods that evaluate more than once: exact search and back off.

use downhill::optim::search::Line;
use downhill::optim::{
    Adam, Evaluations, Exact, GradientDescent, LearningRate, Method, Momentum, Nesterov, Outcome, Point,
    Rated, Rule, SteepestDescent, Step, Stop, minimize_objective,
};
use downhill::params::Layout;

use super::{BANANA, BARRIER, BOWL, Function, QUAD10, QUARTIC, TROUGH, gradient, norm};

/// One steepest descent step from `x`, and what it cost.
fn one_step(f: Function, x: &[f64]) -> (Point, usize) {
    let mut f = f;
    let mut f = Evaluations::new(&mut f);
    let (mut from, mut to) = (Point::new(x.to_vec()), Point::new(vec![0.0; x.len()]));
    f.evaluate(&mut from).unwrap();
    let method = SteepestDescent::new();
    method.advance(&mut method.begin(x), &mut f, &from, &mut to).unwrap();
    (to, f.count() - 1)
}

#[test]
fn on_a_quadratic_the_search_hits_the_minimiser_along_the_line() {
    // f(x - a g) is least at a = g·g / g·Hg. The secant's two slopes may be close to each other: some digits are lost.
    for start in [[-6.0, -6.0], [1e-3, 5.0], [3e4, -2e4], [1e-8, 2e-9]] {
        let g = gradient(TROUGH, &start);
        let a = (g[0] * g[0] + g[1] * g[1]) / (g[0] * g[0] + 0.2 * g[1] * g[1]);
        let (to, evaluations) = one_step(TROUGH, &start);
        for i in 0..2 {
            let scale = start[i].abs().max(a * g[i].abs());
            assert!((to.x[i] - (start[i] - a * g[i])).abs() < 1e-12 * scale, "{start:?} to {:?}", to.x);
        }
        assert!(evaluations <= 5, "{evaluations} evaluations from {start:?}");
    }
}

#[test]
fn after_the_first_step_a_quadratic_costs_two_evaluations_a_step() {
    let walk = minimize_objective(QUAD10, &[0.5, -0.8, 1.1, -1.4, 1.7, -2.0, 2.3, -2.6, 2.9, -3.2]).run();
    assert!(walk.is_converged(), "{walk}");
    assert!(walk.evaluations <= 2 * walk.iterations + 4, "{walk}");
    assert!(walk.x.iter().all(|x| (x - 1.0).abs() < 1e-6));
}

#[test]
fn elsewhere_a_search_costs_a_handful() {
    // Measured, and rounded up a little: without the scaled ends, the bisection or the bold secant it is more.
    let cases = [
        (BANANA, [-1.9, -0.9], 3.7),
        (BANANA, [10.0, -30.0], 3.2),
        (BARRIER, [1e-3, 40.0], 6.2),
        (BARRIER, [100.0, 1e-6], 8.8),
        (BARRIER, [50.0, 1e4], 8.2), // the first guess is far outside
        (QUARTIC, [3.0, 1.0], 19.0), // without curvature at the minimum
        (QUARTIC, [1e4, 1.0], 14.0),
    ];
    for (f, start, limit) in cases {
        let walk = minimize_objective(f, &start).max_iterations(200).run();
        let cost = walk.evaluations as f64 / walk.iterations as f64;
        assert!(cost <= limit, "{cost} evaluations a step from {start:?}");
    }
}

#[test]
fn the_step_length_of_the_last_line_is_only_a_guess() {
    // A rate of 1e-30 from a needle, then a bowl, where 1e-30 does not even change x.
    let mut needle = Function { value: |x| 5e29 * x[0] * x[0], gradient: |x, g| g[0] = 1e30 * x[0] };
    let mut bowl = Function { value: |x| x[0] * x[0], gradient: |x, g| g[0] = 2.0 * x[0] };
    let (mut from, mut to) = (Point::new(vec![1.0]), Point::new(vec![0.0]));
    let method = SteepestDescent::new();
    let mut memory = method.begin(&[0.0]);
    for f in [&mut needle, &mut bowl] {
        let mut f = Evaluations::new(f);
        f.evaluate(&mut from).unwrap();
        method.advance(&mut memory, &mut f, &from, &mut to).unwrap();
        assert!(to.x[0].abs() < 1e-12 && f.count() < 10, "{to:?} after {}", f.count());
    }
}

#[test]
fn a_line_says_when_a_step_is_lost_in_rounding() {
    let from = Point { x: vec![1.0, -4.0], value: 0.0, gradient: vec![-1.0, 0.0] };
    let line = Line { from: &from, direction: &[1.0, 0.5], slope: -1.0 };
    let mut to = from.clone();
    assert!(line.place(0.5, &mut to));
    assert_eq!(to.x, [1.5, -3.75]);
    assert!(!line.place(1e-17, &mut to));
    assert_eq!(to.x, from.x);
    assert_eq!((line.start().t, line.start().value, line.start().slope), (0.0, 0.0, -1.0));
}

#[test]
fn steepest_descent_contracts_no_slower_than_the_theorem_says() {
    let kappa: f64 = 100.0;
    let factor = ((kappa - 1.0) / (kappa + 1.0)).powi(2);
    let walk = minimize_objective(QUAD10, &[0.0; 10]).keep_history(true).run();
    for pair in walk.history.windows(2) {
        assert!(pair[1] <= factor * pair[0] * (1.0 + 1e-9), "{pair:?}"); // the search is exact to 1e-6 of the slope
    }
}

#[test]
fn successive_directions_are_orthogonal() {
    let walk = minimize_objective(BANANA, &[-1.9, -0.9]).max_iterations(200).keep_path(true).run();
    for pair in walk.path.windows(2) {
        let (g, h) = (gradient(BANANA, &pair[0]), gradient(BANANA, &pair[1]));
        let cosine = (g[0] * h[0] + g[1] * h[1]) / norm(&g) / norm(&g);
        assert!(cosine.abs() <= 1.01e-6, "{cosine}"); // the tolerance of the search
    }
}

fn never_rises(walk: &Outcome) {
    for pair in walk.history.windows(2) {
        assert!(pair[1] <= pair[0], "{pair:?} in\n{walk}");
    }
}

#[test]
fn neither_the_search_nor_backing_off_ever_raises_the_value() {
    let wavy = Function {
        value: |x| (3.0 * x[0]).sin() + 0.01 * x[0] * x[0],
        gradient: |x, g| g[0] = 3.0 * (3.0 * x[0]).cos() + 0.02 * x[0],
    };
    let starts: [(Function, &[f64]); 6] = [
        (BANANA, &[-1.9, -0.9]),
        (BANANA, &[10.0, -30.0]),
        (BARRIER, &[1e-3, 40.0]),
        (QUARTIC, &[3.0, 1.0]),
        (wavy, &[30.0]),
        (QUAD10, &[-5.0; 10]),
    ];
    for (f, start) in starts {
        never_rises(&minimize_objective(f, start).keep_history(true).run());
        for lr in [1e-3, 0.1, 10.0, 1e6] {
            let run = || minimize_objective(f, start).keep_history(true).max_iterations(2_000);
            never_rises(&run().method(GradientDescent::new(lr).back_off()).run());
            never_rises(&run().method(Nesterov::new(lr).back_off()).run());
            never_rises(&run().method(Adam::new(lr).back_off()).run());
        }
    }
}

#[test]
fn the_search_finds_its_step_at_any_scale() {
    for scale in [1e-150, 1e-20, 1.0, 1e20, 1e150] {
        struct Scaled(f64);
        impl downhill::diff::Objective for Scaled {
            fn value(&mut self, x: &[f64]) -> f64 {
                self.0 * (TROUGH.value)(x)
            }
            fn value_and_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
                (TROUGH.gradient)(x, g);
                g.iter_mut().for_each(|g| *g *= self.0);
                self.value(x)
            }
        }
        let walk = minimize_objective(Scaled(scale), &[-6.0, -6.0]).gradient_tolerance(1e-6 * scale).run();
        assert!(walk.is_converged() && walk.iterations < 30 && norm(&walk.x) < 1e-5, "{scale}: {walk}");
    }
}

#[test]
fn a_search_stopped_by_the_budget_brings_home_the_lowest_point_it_met() {
    let mut met: Vec<f64> = Vec::new();
    struct Watched<'a>(&'a mut Vec<f64>);
    impl downhill::diff::Objective for Watched<'_> {
        fn value(&mut self, x: &[f64]) -> f64 {
            (QUARTIC.value)(x)
        }
        fn value_and_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
            (QUARTIC.gradient)(x, g);
            self.0.push((QUARTIC.value)(x));
            (QUARTIC.value)(x)
        }
    }
    for limit in 1..60 {
        met.clear();
        let walk = minimize_objective(Watched(&mut met), &[3.0, 1.0]).max_evaluations(limit).run();
        assert_eq!(walk.value, met.iter().copied().fold(f64::INFINITY, f64::min), "{limit}: {walk}");
    }
}

#[test]
fn a_minimum_beyond_reach_of_rounding_is_told_as_it_is() {
    // Near 1000, and rounded twice on the way there, values tell nothing of a gradient below about 1e-5.
    let high = Function {
        value: |p| 1e3 + (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2),
        gradient: BANANA.gradient,
    };
    let walk = minimize_objective(high, &[-1.9, -0.9]).max_iterations(100_000).run();
    assert!(matches!(walk.stop, Stop::NoProgress { norm } if norm < 1e-4), "{walk}");
    assert!((walk.x[0] - 1.0).abs() < 1e-4);
}

#[test]
fn a_looser_search_may_be_chosen() {
    let search = Exact { tolerance: 0.1, ..Exact::default() };
    let walk = minimize_objective(BANANA, &[-1.9, -0.9])
        .method(SteepestDescent::with_search(search))
        .max_iterations(50_000)
        .run();
    assert!(walk.is_converged() && walk.evaluations < 3 * walk.iterations, "{walk}");
}

#[test]
fn backing_off_restarts_momentum_that_carries_uphill() {
    for lr in [1e-3, 1.0, 1e3] {
        let walk = minimize_objective(TROUGH, &[-6.0, -6.0]).method(Momentum::new(lr).back_off()).run();
        assert!(walk.is_converged(), "{lr}: {walk}");
    }
}

#[test]
fn backing_off_forgets_all_of_a_step_it_takes_back() {
    /// x -= η (1 + k) g in its step k.
    struct Growing(LearningRate);
    impl Rated for Growing {
        fn lr(&self) -> &LearningRate {
            &self.0
        }
        fn set_lr(&mut self, lr: LearningRate) {
            self.0 = lr;
        }
    }
    impl Rule for Growing {
        type State = usize;
        fn init(&self, _: &Layout, _: &[f64]) -> usize {
            0
        }
        fn step(&self, k: &mut usize, now: &mut Step<'_>) {
            *k += 1;
            now.each([], |at, []| (at.lr * *k as f64 * at.g, []));
        }
    }
    // On x² a rate of 1 turns x round, which is just allowed, and one above is taken back.
    let square = Function { value: |x| x[0] * x[0], gradient: |x, g| g[0] = 2.0 * x[0] };
    let run = |lr: LearningRate| {
        let walk = minimize_objective(square, &[1.0])
            .method(Growing(lr).back_off())
            .max_iterations(3)
            .keep_path(true)
            .run();
        (walk.path.concat(), walk.evaluations)
    };
    // Rates 4, 2, 1; then 1 · 2, ½ · 2; then ½ · 3, ¼ · 3.
    assert_eq!(run(LearningRate::fixed(4.0)), (vec![1.0, -1.0, 1.0, -0.5], 8));
    // Rates 4, 2, 1; then ½ · 2; then ¼ · 3: the decay counts the steps taken, not those tried.
    assert_eq!(run(LearningRate::decay(4.0, 0.5, 0.0)), (vec![1.0, -1.0, 1.0, -0.5], 6));
    // Rates 4, 2, 1: there is no last gradient yet, however often the first step is tried.
    assert_eq!(run(LearningRate::by_angle(4.0, 0.0)).0[..2], [1.0, -1.0]);
}

#[test]
fn backing_off_by_a_factor_that_does_not_cut_ends() {
    for factor in [1.0, 2.0, 0.0, -0.5, f64::NAN] {
        let method = GradientDescent::new(1.1).back_off().factor(factor);
        let walk = minimize_objective(BOWL, &[5.0, 5.0]).method(method).run();
        assert!(matches!(walk.stop, Stop::NoProgress { .. }) && walk.x == [5.0, 5.0], "{factor}: {walk}");
    }
}

#[test]
fn backing_off_changes_nothing_where_the_value_falls_by_itself() {
    let plain = minimize_objective(BOWL, &[5.0, 5.0]).method(GradientDescent::new(0.1)).keep_path(true).run();
    let cut = minimize_objective(BOWL, &[5.0, 5.0])
        .method(GradientDescent::new(0.1).back_off())
        .keep_path(true)
        .run();
    assert_eq!(plain, cut);
}
