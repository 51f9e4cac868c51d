//! What holds of every update rule: a table of them, and properties over its rows.
//!
//! A row is made by [`Row::new`]; what it says beyond that (the formula of its first step, that the size of the gradient
//! does not matter) is looked at where it says so.

use downhill::diff::Objective;
use downhill::optim::{
    AdaBelief, AdaDelta, AdaGrad, Adafactor, Adam, AdamW, Adamax, AmsGrad, Asgd, GradientDescent, Group,
    LearningRate, Momentum, MomentumMix, NAdam, Nesterov, Optimizer, RAdam, Rated, RmsProp, Rprop, Rule, Sgd,
    Yogi,
};
use downhill::params::{Element, Params};
use ndarray::{Array3, Axis};

use super::{BANANA, Function, QUAD10, gradient};
use crate::alloc::allocations;

/// A rule with a state in use, whatever rule it is.
pub(super) trait Walk<T> {
    fn step(&mut self, x: &mut [T], gradient: &[T], value: f64);

    /// Where the objective is to be looked at.
    fn place(&self, x: &[T]) -> Vec<T>;

    /// The state, its copy, and what becomes of a fresh state when this one is copied into it.
    fn copies(&self) -> [String; 3];
}

struct Walking<R: Rule<T>, T: Element> {
    optimizer: Optimizer<R, T>,
    fresh: R::State,
}

impl<R: Rule<T>, T: Element> Walk<T> for Walking<R, T> {
    fn step(&mut self, x: &mut [T], gradient: &[T], value: f64) {
        self.optimizer.step_with_value(x, gradient, value);
    }

    fn place(&self, x: &[T]) -> Vec<T> {
        self.optimizer.eval_params(&x.to_vec())
    }

    fn copies(&self) -> [String; 3] {
        let state = self.optimizer.state().unwrap();
        let mut fresh = self.fresh.clone();
        fresh.clone_from(state);
        [format!("{state:?}"), format!("{:?}", state.clone()), format!("{fresh:?}")]
    }
}

fn walk<R: Rule<T> + 'static, T: Element>(rule: R, x: &[T]) -> Box<dyn Walk<T>> {
    let optimizer = rule.optimizer_for(x);
    let fresh = optimizer.state().unwrap().clone();
    Box::new(Walking { optimizer, fresh })
}

type Begin<T> = Box<dyn Fn(LearningRate, &[T]) -> Box<dyn Walk<T>>>;

/// A rule, and what is known of it.
pub(super) struct Row {
    name: &'static str,
    /// Good rates for a bowl ([`QUAD10`]), a banana-shaped valley ([`BANANA`]) and [`BEALE`].
    rates: [f64; 3],
    double: Begin<f64>,
    single: Begin<f32>,
    /// By how much a variable falls in the first step, from the rate, the variable and its slope.
    first: Option<fn(f64, f64, f64) -> f64>,
    /// Whether the path is the same for a gradient a thousand times as large.
    scale_free: bool,
    /// Whether `x` stays where it is without any slope from the beginning.
    rests: bool,
}

impl Row {
    /// The rule that `make` makes, at good rates for a bowl, a banana-shaped valley, and Beale's function.
    pub(super) fn new<R>(name: &'static str, rates: [f64; 3], make: fn(LearningRate) -> R) -> Row
    where
        R: Rule<f64> + Rule<f32> + 'static,
    {
        let double: Begin<f64> = Box::new(move |lr, x| walk(make(lr), x));
        let single: Begin<f32> = Box::new(move |lr, x| walk(make(lr), x));
        Row { name, rates, double, single, first: None, scale_free: false, rests: true }
    }

    /// Whose first step is `first` of the rate, the variable and its slope, as long as all variables are of one size.
    pub(super) fn first(self, first: fn(f64, f64, f64) -> f64) -> Row {
        Row { first: Some(first), ..self }
    }

    /// Whose path does not depend on the size of the gradient.
    pub(super) fn scale_free(self) -> Row {
        Row { scale_free: true, ..self }
    }

    /// Which moves without any slope: by weight decay, say.
    pub(super) fn restless(self) -> Row {
        Row { rests: false, ..self }
    }
}

/// The table.
pub(super) fn rules() -> Vec<Row> {
    let mut rows = simple();
    rows.extend(of_squares());
    rows.extend(of_adams_family());
    rows
}

fn simple() -> Vec<Row> {
    vec![
        Row::new("gradient descent", [0.015, 1e-3, 0.01], GradientDescent::new).first(|lr, _, g| lr * g),
        Row::new("momentum", [5e-3, 1e-4, 1e-3], Momentum::new).first(|lr, _, g| lr * g),
        Row::new("momentum mix", [0.015, 9e-4, 0.01], MomentumMix::new).first(|lr, _, g| lr * 0.9 * g),
        Row::new("nesterov", [5e-3, 1e-4, 1e-3], Nesterov::new).first(|lr, _, g| lr * 1.9 * g),
        Row::new("sgd", [0.015, 1e-3, 0.01], Sgd::new).first(|lr, _, g| lr * g),
        Row::new("sgd, dampened", [0.015, 1e-3, 0.01], |lr| Sgd::new(lr).momentum(0.9).dampening(0.9))
            .first(|lr, _, g| lr * g),
        Row::new("sgd, nesterov, decay", [5e-3, 1e-4, 1e-3], |lr| {
            Sgd::new(lr).momentum(0.9).nesterov().weight_decay(1e-3)
        })
        .first(|lr, x, g| lr * 1.9 * (g + 1e-3 * x))
        .restless(),
        Row::new("asgd", [0.015, 1e-3, 0.01], |lr| Asgd::new(lr).t0(500.0))
            .first(|lr, x, g| lr * (g + 1e-4 * x))
            .restless(),
        Row::new("rprop", [0.1, 0.01, 0.01], Rprop::new).first(|lr, _, g| lr * g.signum()).scale_free(),
    ]
}

fn of_squares() -> Vec<Row> {
    vec![
        Row::new("adagrad", [0.5, 0.5, 0.3], AdaGrad::new)
            .first(|lr, _, g| lr * g / (g.abs() + 1e-10))
            .scale_free(),
        Row::new("adagrad, optax", [0.5, 0.5, 0.3], AdaGrad::optax)
            .first(|lr, _, g| lr * g / (0.1 + g * g + 1e-7).sqrt()),
        Row::new("adagrad, slower", [1.0, 0.5, 0.3], |lr| AdaGrad::new(lr).lr_decay(1e-3))
            .first(|lr, _, g| lr * g / (g.abs() + 1e-10))
            .scale_free(),
        Row::new("adadelta", [30.0, 1.0, 1.0], AdaDelta::new)
            .first(|lr, _, g| lr * g * (1e-6 / (0.1 * g * g + 1e-6)).sqrt()),
        Row::new("rmsprop", [0.03, 0.01, 0.01], RmsProp::new)
            .first(|lr, _, g| lr * g / (0.1 * g.abs() + 1e-8))
            .scale_free(),
        Row::new("rmsprop, centred", [0.01, 1e-3, 1e-3], |lr| RmsProp::new(lr).centered())
            .first(|lr, _, g| lr * g / ((0.01f64 * 0.99).sqrt() * g.abs() + 1e-8))
            .scale_free(),
        Row::new("rmsprop, momentum", [0.01, 1e-3, 1e-3], |lr| RmsProp::new(lr).momentum(0.9))
            .first(|lr, _, g| lr * g / (0.1 * g.abs() + 1e-8))
            .scale_free(),
        Row::new("rmsprop, optax, corrected, nesterov", [0.01, 1e-3, 1e-3], |lr| {
            RmsProp::optax(lr).momentum(0.9).corrected().nesterov()
        })
        .first(|lr, _, g| lr * 1.9 * g / (g * g + 1e-8).sqrt()),
        Row::new("rmsprop, optax, centred, momentum", [0.01, 1e-3, 1e-3], |lr| {
            RmsProp::optax(lr).momentum(0.5).centered()
        })
        .first(|lr, _, g| lr * g / (0.09 * g * g + 1e-8).sqrt()),
        // All variables of the first step are of one size, which is then their root mean square.
        Row::new("adafactor", [0.1, 0.05, 0.05], Adafactor::new)
            .first(|lr, x, g| lr.min(1.0) * x.abs() * g.signum())
            .scale_free(),
        Row::new("adafactor, optax", [0.1, 0.05, 0.05], Adafactor::optax)
            .first(|lr, x, g| lr * x.abs() * g.signum())
            .scale_free(),
    ]
}

fn of_adams_family() -> Vec<Row> {
    const RATES: [f64; 3] = [0.1, 0.02, 0.02];
    vec![
        Row::new("adam", RATES, Adam::new).first(|lr, _, g| lr * g / (g.abs() + 1e-8)).scale_free(),
        Row::new("adam, nesterov", RATES, |lr| Adam::new(lr).nesterov())
            .first(|lr, _, g| lr * (0.9 / 1.9 + 1.0) * g / (g.abs() + 1e-8))
            .scale_free(),
        Row::new("adam, root, decay", RATES, |lr| Adam::new(lr).eps_root(1e-6).weight_decay(1e-3))
            .first(|lr, x, g| {
                let g = g + 1e-3 * x;
                lr * g / ((g * g + 1e-6).sqrt() + 1e-8)
            })
            .restless(),
        Row::new("adamw", RATES, |lr| AdamW::new(lr).weight_decay(1e-3))
            .first(|lr, x, g| lr * (g / (g.abs() + 1e-8) + 1e-3 * x))
            .scale_free()
            .restless(),
        Row::new("amsgrad", RATES, AmsGrad::new).first(|lr, _, g| lr * g / (g.abs() + 1e-8)).scale_free(),
        Row::new("amsgrad, optax", RATES, AmsGrad::optax)
            .first(|lr, _, g| lr * g / (g.abs() + 1e-8))
            .scale_free(),
        Row::new("amsgrad, decoupled", RATES, |lr| AmsGrad::new(lr).decoupled_decay(1e-3))
            .first(|lr, x, g| lr * (g / (g.abs() + 1e-8) + 1e-3 * x))
            .scale_free()
            .restless(),
        Row::new("adamax", RATES, Adamax::new).first(|lr, _, g| lr * g / (g.abs() + 1e-8)).scale_free(),
        Row::new("nadam", RATES, NAdam::new).first(|lr, _, g| {
            let mu = |t: f64| 0.9 * (1.0 - 0.5 * 0.96f64.powf(0.004 * t));
            lr * (1.0 + 0.1 * mu(2.0) / (1.0 - mu(1.0) * mu(2.0))) * g / (g.abs() + 1e-8)
        }),
        Row::new("nadam, decoupled", RATES, |lr| NAdam::new(lr).decoupled_decay(1e-3))
            .scale_free()
            .restless(),
        Row::new("radam", [0.03, 2e-4, 1e-3], RAdam::new).first(|lr, _, g| lr * g),
        Row::new("radam, optax, nesterov", [0.03, 2e-4, 1e-3], |lr| RAdam::optax(lr).nesterov())
            .first(|lr, _, g| lr * (0.9 / 1.9 + 1.0) * g),
        Row::new("adabelief", RATES, AdaBelief::new)
            .first(|lr, _, g| lr * g / ((0.81 * g * g + 1e-13).sqrt() + 1e-16)) // ε_root / (1 - β₂)
            .scale_free(),
        Row::new("adabelief, nesterov", RATES, |lr| AdaBelief::new(lr).nesterov())
            .first(|lr, _, g| lr * (0.9 / 1.9 + 1.0) * g / ((0.81 * g * g + 1e-13).sqrt() + 1e-16))
            .scale_free(),
        Row::new("yogi", RATES, Yogi::new)
            .first(|lr, _, g| {
                let (m, v) = (0.9e-6 + 0.1 * g, 1e-6 + 0.001 * g * g * (g * g - 1e-6).signum());
                lr * m / 0.1 / ((v / 0.001).sqrt() + 1e-3)
            })
            .restless(),
    ]
}

/// (1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)², least at (3, 0.5).
const BEALE: Function = Function {
    value: |p| beale(p).map(|r| r * r).iter().sum(),
    gradient: |p, g| {
        let ([x, y], [a, b, c]) = ([p[0], p[1]], beale(p));
        g[0] = 2.0 * (a * (y - 1.0) + b * (y * y - 1.0) + c * (y.powi(3) - 1.0));
        g[1] = 2.0 * x * (a + 2.0 * b * y + 3.0 * c * y * y);
    },
};

fn beale(p: &[f64]) -> [f64; 3] {
    let (x, y) = (p[0], p[1]);
    [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y.powi(3)]
}

/// Steps down `f` by gradients times `size`, and returns where the objective is to be looked at.
fn run(row: &Row, lr: LearningRate, (f, size): (Function, f64), start: &[f64], steps: usize) -> Vec<f64> {
    let mut walk = (row.double)(lr, start);
    let mut x = start.to_vec();
    for _ in 0..steps {
        let g: Vec<f64> = gradient(f, &x).iter().map(|g| size * g).collect();
        let value = size * { f }.value(&x);
        walk.step(&mut x, &g, value);
    }
    walk.place(&x)
}

fn quad_start() -> Vec<f64> {
    (0..10).map(|i| (0.5 + 0.3 * i as f64) * if i % 2 == 0 { 1.0 } else { -1.0 }).collect()
}

#[test]
fn the_first_step_is_that_of_the_formula() {
    let slopes = [1e-2, -1e-2, 1.0, -3.0, 0.25, 1e3, -1e5, 1e9];
    let start = [2.0, 2.0, -2.0, 2.0, -2.0, -2.0, 2.0, 2.0];
    for row in rules() {
        let Some(first) = row.first else { continue };
        for lr in [0.01, 0.5] {
            let mut x = start;
            (row.double)(lr.into(), &start).step(&mut x, &slopes, 1.0);
            for i in 0..x.len() {
                let (by, wanted) = (start[i] - x[i], first(lr, start[i], slopes[i]));
                assert!(
                    (by - wanted).abs() <= 1e-12 * wanted.abs().max(1.0),
                    "{}: a slope of {}: {by} and not {wanted}",
                    row.name,
                    slopes[i]
                );
            }
        }
    }
}

#[test]
fn a_rule_that_is_said_to_be_scale_free_takes_the_same_path_for_any_size_of_the_gradient() {
    for row in rules().iter().filter(|row| row.scale_free) {
        let path = |size: f64| run(row, row.rates[0].into(), (QUAD10, size), &quad_start(), 50);
        let (plain, large) = (path(1.0), path(1e3));
        let off = super::deviation(&large, &plain);
        assert!(off < 1e-4, "{}: {off} apart", row.name); // ε weighs a thousandth
    }
    // The property is not an empty one: it fails for others.
    let sgd = rules().into_iter().find(|row| row.name == "sgd").unwrap();
    let path = |size: f64| run(&sgd, 1e-5.into(), (QUAD10, size), &quad_start(), 50);
    assert!(super::deviation(&path(1e3), &path(1.0)) > 0.1);
}

#[test]
fn without_a_slope_from_the_beginning_x_rests_and_nothing_is_nan() {
    let start = [0.0, 1.0, -2.0, 1e-9];
    for row in rules() {
        let mut walk = (row.double)(row.rates[0].into(), &start);
        let mut x = start;
        (0..100).for_each(|_| walk.step(&mut x, &[0.0; 4], 1.0));
        assert!(walk.place(&x).iter().chain(&x).all(|x| x.is_finite()), "{}: {x:?}", row.name);
        assert_eq!(x == start, row.rests, "{}: {x:?}", row.name);
    }
}

#[test]
fn where_slopes_end_a_rule_comes_to_rest_without_nan() {
    for row in rules().iter().filter(|row| row.rests) {
        let start = quad_start();
        let mut walk = (row.double)(row.rates[0].into(), &start);
        let mut x = start.clone();
        for _ in 0..5 {
            walk.step(&mut x, &gradient(QUAD10, &start), 1.0);
        }
        let mut last = x.clone();
        for _ in 0..20_000 {
            last.copy_from_slice(&x);
            walk.step(&mut x, &[0.0; 10], 1.0);
        }
        assert!(x.iter().all(|x| x.is_finite()), "{}: {x:?}", row.name);
        let still = super::deviation(&x, &last);
        assert!(still < 1e-3 * row.rates[0], "{}: it still moves by {still}", row.name);
    }
}

#[test]
fn slopes_that_never_change_or_are_tiny_or_huge_give_no_nan() {
    for row in rules() {
        for size in [1e-200, 1e-20, 1.0, 3.7, 1e20, 1e150] {
            let mut walk = (row.double)(row.rates[0].into(), &[1.0; 3]);
            let mut x = [1.0; 3];
            (0..3_000).for_each(|_| walk.step(&mut x, &[size, 0.3 * size, -size], size));
            assert!(x.iter().all(|x| x.is_finite()), "{}, {size}: {x:?}", row.name);
        }
    }
}

#[test]
fn the_path_in_single_precision_stays_close_to_that_in_double() {
    for row in rules() {
        let (start, lr) = (quad_start(), row.rates[0]);
        let mut x: Vec<f32> = start.iter().map(|&x| x as f32).collect();
        let mut walk = (row.single)(lr.into(), &x);
        for _ in 0..20 {
            let g = gradient(QUAD10, &x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
            walk.step(&mut x, &g.iter().map(|&g| g as f32).collect::<Vec<_>>(), 1.0);
        }
        let x: Vec<f64> = walk.place(&x).iter().map(|&x| f64::from(x)).collect();
        let off = super::deviation(&x, &run(&row, lr.into(), (QUAD10, 1.0), &start, 20));
        assert!(off < 1e-4, "{}: {off} apart", row.name);
    }
}

#[test]
fn a_bowl_is_walked_down_to_its_minimum() {
    for row in rules() {
        let lr = LearningRate::decay(row.rates[0], 0.998, 0.0);
        let x = run(&row, lr, (QUAD10, 1.0), &quad_start(), 4_000);
        let off = super::deviation(&x, &[1.0; 10]);
        assert!(off < 0.02, "{}: {off} off, {x:?}", row.name); // weight decay is worth 1e-3
    }
}

#[test]
fn a_banana_and_beales_function_are_walked_down() {
    for row in rules() {
        for (i, f, start) in [(1, BANANA, [-1.9, -0.9]), (2, BEALE, [1.0, 1.0])] {
            let x = run(&row, row.rates[i].into(), (f, 1.0), &start, 2_000);
            let (from, to) = ({ f }.value(&start), { f }.value(&x));
            assert!(to < 0.1 * from, "{}, {i}: from {from} to {to} at {x:?}", row.name);
        }
    }
}

#[test]
fn after_the_first_step_a_rule_allocates_nothing() {
    for row in rules() {
        let (mut x, g) = (quad_start(), gradient(QUAD10, &quad_start()));
        let mut walk = (row.double)(row.rates[0].into(), &x);
        walk.step(&mut x, &g, 1.0);
        let count = allocations(|| (0..20).for_each(|_| walk.step(&mut x, &g, 1.0)));
        assert_eq!(count, 0, "{}", row.name);
    }
}

#[test]
fn a_state_is_copied_whole_and_into_the_memory_of_another() {
    for row in rules() {
        let mut x = quad_start();
        let mut walk = (row.double)(row.rates[0].into(), &x);
        for _ in 0..3 {
            let g = gradient(QUAD10, &x);
            walk.step(&mut x, &g, 1.0);
        }
        let [state, copy, copied_into] = walk.copies();
        assert!(state == copy && state == copied_into, "{}: {state}, {copy}, {copied_into}", row.name);
    }
}

#[test]
fn adafactor_treats_each_array_by_itself_and_a_frozen_one_not_at_all() {
    let stack = Array3::from_shape_fn((2, 2, 3), |(i, j, k)| (1 + 7 * i + 3 * j + k * k) as f64);
    let matrix = stack.index_axis(Axis(0), 1).to_owned();
    let mut params = Params::new();
    params.insert("matrix", &matrix).insert("vector", &[1.0, -2.0]).insert("stack", &stack);
    let (gradient, start) = (params.clone(), params.clone());
    let mut together = Adafactor::new(0.1).optimizer().group("vector", Group::frozen());
    let (mut x, mut alone) = (matrix.clone(), Adafactor::new(0.1).optimizer_for(&matrix));
    for _ in 0..3 {
        together.step(&mut params, &gradient);
        alone.step(&mut x, &matrix);
    }
    assert_eq!(params.view("matrix"), x.view().into_dyn());
    assert_eq!(params.view("vector"), start.view("vector"));
    let (own, arrays) = (&alone.state().unwrap().arrays[0], &together.state().unwrap().arrays);
    assert!(arrays[0] == *own && arrays[1].all == [0.0, 0.0]);
    // The rows and columns of the second matrix of the stack are those of the matrix alone.
    assert_eq!((&arrays[2].rows[2..], &arrays[2].columns[3..]), (&own.rows[..], &own.columns[..]));
}

#[test]
fn a_change_of_the_rate_of_rprop_changes_its_steps() {
    let (mut x, mut y) = ([0.0], [0.0]);
    let (mut plain, mut slower) = (Rprop::new(0.1).optimizer(), Rprop::new(0.1).optimizer());
    for _ in 0..3 {
        plain.step(&mut x, &[-1.0]);
        slower.step(&mut y, &[-1.0]);
    }
    assert_eq!(x, y);
    slower.set_lr(0.05);
    plain.step(&mut x, &[-1.0]);
    slower.step(&mut y, &[-1.0]);
    let [first, half] = [x[0], y[0]].map(|x| x - 0.1 * (1.0 + 1.2 + 1.44));
    assert!((first - 0.1728).abs() < 1e-15 && (half - 0.0864).abs() < 1e-15, "{first} {half}");
}

#[test]
fn a_change_of_the_rate_reaches_the_momentum_of_rmsprop_unless_it_is_optaxs() {
    // u = 1 in both steps: b = 1, then 1.5 in units of the rate.
    let displacement = |rmsprop: RmsProp| {
        let mut x = [0.0];
        let mut rmsprop = rmsprop.alpha(0.0).eps(0.0).eps_root(0.0).momentum(0.5).optimizer();
        rmsprop.step(&mut x, &[1.0]);
        rmsprop.set_lr(0.125);
        let first = x[0];
        rmsprop.step(&mut x, &[1.0]);
        (-first, first - x[0])
    };
    assert_eq!(displacement(RmsProp::new(1.0)), (1.0, 0.125 * 1.5));
    assert_eq!(displacement(RmsProp::optax(1.0)), (1.0, 0.5 + 0.125));
}

#[test]
fn rules_may_be_set_to_other_forms_between_steps() {
    let mut x = [1.0, 2.0];
    let mut rmsprop = RmsProp::new(0.01).optimizer();
    let mut sgd = Sgd::new(0.01).optimizer();
    for step in 0..6 {
        rmsprop.rule.centered = step % 3 > 0;
        rmsprop.rule.momentum = if step % 2 > 0 { 0.9 } else { 0.0 };
        sgd.rule.momentum = rmsprop.rule.momentum;
        rmsprop.step(&mut x, &[1.0, -1.0]);
        sgd.step(&mut x, &[1.0, -1.0]);
    }
    assert!(x.iter().all(|x| x.is_finite()));
}
