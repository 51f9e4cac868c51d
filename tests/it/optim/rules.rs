//! What holds of every update rule: properties over the rows of [`super::table`].

use downhill::optim::{BoxedRule, Group, LearningRate, Optimizer, Rated};
use downhill::params::{Element, Params};
use ndarray::{Array2, array};

use super::table::{Boxed, Row, rules};
use super::{BANANA, BEALE, Function, QUAD10, deviation, gradient};
use crate::alloc::allocations;

/// Steps down `f` by gradients times `size`, and returns where the objective is to be looked at.
fn run(rule: BoxedRule, (f, size): (Function, f64), start: &[f64], steps: usize) -> Vec<f64> {
    let mut x = start.to_vec();
    let mut optimizer = rule.optimizer_for(&x);
    for _ in 0..steps {
        let g: Vec<f64> = gradient(f, &x).iter().map(|g| size * g).collect();
        let value = size * (f.value)(&x);
        optimizer.step_with_value(&mut x, &g, value);
    }
    optimizer.eval_params(&x)
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
            row.at(lr).optimizer().step_with_value(&mut x, &slopes, 1.0);
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
        let path = |size: f64| run(row.rule(), (QUAD10, size), &quad_start(), 50);
        let (plain, large) = (path(1.0), path(1e3));
        let off = deviation(&large, &plain);
        assert!(off < 1e-4, "{}: {off} apart", row.name); // ε weighs a thousandth
    }
    // The property is not an empty one: it fails for others.
    let sgd = rules().into_iter().find(|row| row.name == "sgd").unwrap();
    let path = |size: f64| run(sgd.at(1e-5), (QUAD10, size), &quad_start(), 50);
    assert!(deviation(&path(1e3), &path(1.0)) > 0.1);
}

#[test]
fn without_a_slope_from_the_beginning_x_rests_and_is_not_spoilt() {
    let start = [0.0, 1.0, -2.0, 1e-9_f64];
    for row in rules() {
        for value in [0.0, 1.0] {
            let mut x = start;
            let mut optimizer = row.rule().optimizer_for(&x);
            (0..100).for_each(|_| _ = optimizer.step_with_value(&mut x, &[0.0; 4], value));
            let here = optimizer.eval_params(&x.to_vec());
            assert!(here.iter().chain(&x).all(|x| x.is_finite()), "{}: {x:?} {here:?}", row.name);
            assert_eq!(x == start, row.rests, "{}: {x:?}", row.name);
            // A slope that comes late is followed as any other.
            (0..40).for_each(|_| _ = optimizer.step_with_value(&mut x, &[1.0, 1.0, -1.0, 0.0], 1.0));
            let here = optimizer.eval_params(&x.to_vec());
            assert!(here.iter().chain(&x).all(|x| x.is_finite()), "{}: {x:?} {here:?}", row.name);
            assert!(x[1] < 1.0 && x[2] > -2.0, "{}: {x:?}", row.name);
        }
    }
}

#[test]
fn where_slopes_end_a_rule_comes_to_rest_without_nan() {
    for row in rules().iter().filter(|row| row.rests) {
        let start = quad_start();
        let mut x = start.clone();
        let mut optimizer = row.rule().optimizer_for(&x);
        for _ in 0..5 {
            optimizer.step_with_value(&mut x, &gradient(QUAD10, &start), 1.0);
        }
        let mut last = x.clone();
        for _ in 0..20_000 {
            last.copy_from_slice(&x);
            optimizer.step_with_value(&mut x, &[0.0; 10][..], 1.0);
        }
        assert!(x.iter().all(|x| x.is_finite()), "{}: {x:?}", row.name);
        if ["lion", "signum"].contains(&row.name) {
            continue; // The sign of a momentum that fades is the same until it is 0.
        }
        let still = deviation(&x, &last);
        assert!(still < 1e-3 * row.rates[0], "{}: it still moves by {still}", row.name);
    }
}

fn assert_no_nan<T: Boxed>(sizes: &[f64], steps: usize) {
    for row in rules().iter().filter(|row| row.bounded) {
        for &size in sizes {
            let mut x = [T::one(); 3];
            let g = [size, 0.3 * size, -size].map(T::nearest);
            let mut optimizer = row.rule::<T>().optimizer_for(&x);
            for _ in 0..steps {
                optimizer.step_with_value(&mut x, &g, size);
            }
            assert!(x.iter().all(|x| x.is_finite()), "{}, {size} in {}: {x:?}", row.name, T::NAME);
        }
    }
}

#[test]
fn slopes_that_never_change_or_are_tiny_or_huge_give_no_nan() {
    assert_no_nan::<f64>(&[1e-310, 1e-200, 1e-20, 1.0, 3.7, 1e20, 1e150], 3_000);
    assert_no_nan::<f32>(&[1e-42, 1e-20, 1.0, 3.7, 1e18], 500);
}

/// `n` steps by gradients of the bowl at `x`, in numbers `T`.
fn steps_in<T: Boxed>(row: &Row, n: usize) -> Vec<f64> {
    let mut x: Vec<T> = quad_start().into_iter().map(T::nearest).collect();
    let mut optimizer = row.rule::<T>().optimizer_for(&x);
    for _ in 0..n {
        let at: Vec<f64> = x.iter().map(|x| x.wide()).collect();
        let g: Vec<T> = gradient(QUAD10, &at).into_iter().map(T::nearest).collect();
        optimizer.step_with_value(&mut x, &g, (QUAD10.value)(&at));
    }
    optimizer.eval_params(&x).iter().map(|x| x.wide()).collect()
}

#[test]
fn the_path_in_single_precision_stays_close_to_that_in_double() {
    for row in rules() {
        let off = deviation(&steps_in::<f32>(&row, 20), &steps_in::<f64>(&row, 20));
        assert!(off < 1e-4, "{}: {off} apart", row.name);
    }
}

#[test]
fn a_bowl_is_walked_down_to_its_minimum() {
    for row in rules() {
        if ["dog", "mechanic", "schedule-free adamw", "schedule-free sgd"].contains(&row.name) {
            continue; // They find the length of their steps by themselves.
        }
        let lr = LearningRate::decay(row.rates[0], 0.999, 0.0);
        let x = run(row.at(lr), (QUAD10, 1.0), &quad_start(), 4_000);
        let off = deviation(&x, &[1.0; 10]);
        assert!(off < 0.02, "{}: {off} off, {x:?}", row.name); // weight decay is worth 1e-3
    }
}

#[test]
fn a_bowl_is_walked_down_at_a_rate_that_stays_as_it_is() {
    for row in rules() {
        let start: Vec<f64> = (0..10).map(|i| if i % 2 == 0 { 2.0 } else { -1.0 }).collect();
        let end = run(row.rule(), (QUAD10, 1.0), &start, 5_000);
        let (from, to) = ((QUAD10.value)(&start), (QUAD10.value)(&end));
        // Steps of a length of their own swing about the minimum: 0.1 % of the height is what they all come below.
        assert!(to < 1e-3 * from, "{}: from {from} to {to}, at {end:?}", row.name);
    }
}

#[test]
fn a_banana_and_beales_function_are_walked_down() {
    for row in rules() {
        let walks =
            [(1, BANANA, [-1.9, -0.9], 0.1), (2, BEALE, [1.0, 1.0], 0.1), (2, BEALE, [0.4, -0.3], 0.5)];
        for (i, f, start, part) in walks {
            let x = run(row.at(row.rates[i]), (f, 1.0), &start, 2_000);
            let (from, to) = ((f.value)(&start), (f.value)(&x));
            assert!(to < part * from, "{}, {i}: from {from} to {to} at {x:?}", row.name);
        }
    }
}

/// A matrix and a vector.
fn arrays<T: Element>() -> Params<T> {
    let mut x = Params::<T>::new();
    x.insert("w", &Array2::from_shape_fn((5, 3), |(i, j)| T::nearest((i + 2 * j) as f64 - 4.0)));
    x.insert("b", &array![T::nearest(1.0), T::nearest(-1.0)]);
    x
}

fn assert_steady<T: Boxed>(row: &Row) {
    let (mut x, g) = (arrays::<T>(), arrays::<T>());
    let mut optimizer = row.rule::<T>().optimizer_for(&x);
    optimizer.step_with_value(&mut x, &g, 1.0);
    let count = allocations(|| (0..20).for_each(|_| _ = optimizer.step_with_value(&mut x, &g, 1.0)));
    assert_eq!(count, 0, "{} allocates in {}", row.name, T::NAME);
}

#[test]
fn after_the_first_step_a_rule_allocates_nothing() {
    for row in rules() {
        assert_steady::<f64>(&row);
        assert_steady::<f32>(&row);
    }
}

#[test]
fn a_state_is_copied_whole_and_into_the_memory_of_another() {
    for row in rules() {
        let (mut x, g) = (arrays::<f64>(), arrays::<f64>());
        let mut optimizer = row.rule::<f64>().optimizer_for(&x);
        let mut fresh = optimizer.state().unwrap().clone();
        (0..3).for_each(|_| _ = optimizer.step_with_value(&mut x, &g, 1.0));
        let state = optimizer.state().unwrap();
        let copy = state.clone();
        let count = allocations(|| fresh.clone_from(state));
        let [state, copy, copied_into] = [state, &copy, &fresh].map(|state| format!("{state:?}"));
        assert!(state == copy && state == copied_into, "{}: {state}, {copy}, {copied_into}", row.name);
        assert_eq!(count, 0, "{}: a copy into the memory of another allocates", row.name);
    }
}

#[test]
fn a_frozen_array_neither_moves_nor_counts() {
    for row in rules() {
        // Whatever lies in a frozen array: the others are stepped as if it were not there.
        let all = |frozen: f64| {
            let mut x = Params::<f64>::new();
            x.insert("a", &array![1.0, -2.0]).insert("z", &array![frozen, frozen]);
            let mut optimizer = row.rule().optimizer_for(&x).group("z", Group::frozen());
            for _ in 0..5 {
                let g = x.clone();
                optimizer.step_with_value(&mut x, &g, 1.0);
            }
            assert_eq!(x.view("z").as_slice().unwrap(), [frozen, frozen], "{}", row.name);
            x.view("a").to_owned()
        };
        assert_eq!(all(0.0), all(1e3), "{}", row.name);
    }
}

#[test]
fn the_rate_and_the_decay_of_a_group_reach_every_rule() {
    // At a tenth of the rate a step is shorter, in most rules a tenth as long.
    for row in rules() {
        let name = row.name;
        let moved = |group: Group| {
            let mut x = Params::<f64>::new();
            x.insert("a", &array![1.0, -2.0]).insert("b", &array![1.0, -2.0]);
            let g = x.clone();
            let mut optimizer = row.rule().optimizer_for(&x).group("b", group);
            for _ in 0..3 {
                optimizer.step_with_value(&mut x, &g, 5.0);
            }
            (x.view("a")[0] - 1.0, x.view("b")[0] - 1.0)
        };
        let (a, b) = moved(Group::new());
        assert!(a == b && a < 0.0, "{name}: {a} {b}");
        let (a, b) = moved(Group::new().rate(0.1));
        if name != "cocob" {
            // COCOB's factor is one of the gradient, whose scale does not matter to it.
            assert!(b < 0.0 && b > 0.5 * a, "{name}: {a} {b}");
        }
        let (_, b) = moved(Group::new().rate(0.0));
        // MADGRAD adds ε to the rate; a step of Rprop is never below its least.
        assert!(b == 0.0 || ["cocob", "madgrad", "rprop"].contains(&name), "{name}: {b}");
    }
}

#[test]
fn an_array_that_is_thawed_does_not_leap() {
    for row in rules().iter().filter(|row| row.bounded) {
        let mut x = Params::<f64>::new();
        x.insert("a", &array![1.0, -2.0]).insert("b", &array![1.0, -2.0]);
        let g = x.with_values(vec![1.0; 4]);
        let mut optimizer = row.rule().optimizer_for(&x).group("a", Group::frozen());
        let mut longest = |name: &str, steps: usize, optimizer: &mut Optimizer<BoxedRule>| {
            let mut longest = 0.0_f64;
            for _ in 0..steps {
                let before = x.view(name)[0];
                optimizer.step_with_value(&mut x, &g, 1.0);
                longest = longest.max((x.view(name)[0] - before).abs());
            }
            longest
        };
        let fresh = longest("b", 1_000, &mut optimizer);
        optimizer.set_group("a", Group::thawed());
        let thawed = longest("a", 20, &mut optimizer);
        assert!(thawed < 20.0 * fresh, "{}: {thawed} and not {fresh}", row.name);
    }
}

#[test]
fn a_boxed_rule_that_is_replaced_by_one_of_another_kind_begins_anew() {
    let named = |name: &str| rules().into_iter().find(|row| row.name == name).unwrap().rule::<f64>();
    let (mut x, mut y) = ([1.0, -2.0], [1.0, -2.0]);
    let mut optimizer = named("momentum").optimizer_for(&x);
    optimizer.step(&mut x, &[1.0, 2.0]);
    y.copy_from_slice(&x);
    optimizer.rule = named("adam");
    assert_eq!(optimizer.eval_params(&x), x);
    optimizer.step(&mut x, &[1.0, 2.0]);
    named("adam").optimizer().step(&mut y, &[1.0, 2.0]);
    assert_eq!(x, y);
}
