//! Rules and optimizers in a loop of one's own.

use downhill::optim::{
    AdaGrad, Adam, GradientDescent, LearningRate, Momentum, MomentumMix, Nesterov, Optimizer, Rated, RmsProp,
    Rule,
};

use super::{TROUGH, deviation, gradient};
use crate::misuse::mistake;

#[test]
fn the_learning_rate_can_be_read_and_set_at_any_time() {
    let mut x = [1.0];
    let mut descent = GradientDescent::new(0.1).optimizer();
    assert_eq!(descent.lr(), 0.1);
    descent.step(&mut x, &[1.0]);
    assert_eq!((descent.lr(), x[0]), (0.1, 0.9));
    descent.set_lr(0.5);
    assert_eq!(descent.lr(), 0.5);
    descent.step(&mut x, &[1.0]);
    assert_eq!((descent.lr(), x[0]), (0.5, 0.4));
    descent.rule.lr = LearningRate::decay(1.0, 0.5, 0.0);
    assert_eq!(descent.lr(), 1.0);
    descent.step(&mut x, &[1.0]); // the third step: 1 · 0.5²
    assert_eq!((descent.lr(), x[0], descent.steps()), (0.25, 0.15000000000000002, 3));
}

#[test]
fn a_new_rate_leaves_the_state_as_it_is() {
    let mut x = [0.0];
    let mut ball = Momentum::new(1.0).mu(0.5).optimizer();
    ball.step(&mut x, &[1.0]); // b = 1
    ball.set_lr(0.1);
    ball.step(&mut x, &[1.0]); // b = 1.5
    assert!((x[0] + 1.0 + 0.15).abs() < 1e-15);
}

#[test]
fn a_reset_optimizer_repeats_its_steps_exactly() {
    fn repeats<R: Rule>(rule: R) {
        let mut optimizer = rule.optimizer();
        let run = |optimizer: &mut Optimizer<R>| {
            let mut x = [-6.0, -6.0];
            for _ in 0..10 {
                let g = gradient(TROUGH, &x);
                optimizer.step(&mut x, &g);
            }
            x
        };
        let first = run(&mut optimizer);
        assert_eq!(optimizer.steps(), 10);
        assert_ne!(run(&mut optimizer), first, "it remembers");
        optimizer.reset();
        assert_eq!(optimizer.steps(), 0);
        assert_eq!(run(&mut optimizer), first);
    }
    repeats(GradientDescent::new(LearningRate::decay(1.0, 0.9, 0.0)));
    repeats(GradientDescent::new(LearningRate::by_angle(1.0, 0.0)));
    repeats(Momentum::new(0.1));
    repeats(MomentumMix::new(0.1));
    repeats(Nesterov::new(0.1));
    repeats(AdaGrad::new(0.1));
    repeats(RmsProp::new(0.1));
    repeats(Adam::new(0.1));
}

#[test]
fn moments_are_copied_whole() {
    let mut adam = Adam::new(0.1).optimizer_for(&[1.0, 2.0]);
    let fresh = adam.state().unwrap().clone();
    adam.step(&mut [1.0, 2.0], &[3.0, 4.0]);
    let moments = adam.state().unwrap();
    assert!(fresh.t != moments.t && fresh.m != moments.m && fresh.v != moments.v);
    let mut copy = fresh;
    copy.clone_from(moments);
    assert!(copy == *moments && moments.clone() == *moments);
}

#[test]
fn the_first_step_of_adam_and_adagrad_is_the_rate_whatever_the_size_of_the_gradient() {
    for size in [1e-2, 1.0, 1e3, 1e100, 1e150] {
        for sign in [1.0, -1.0] {
            let mut x = [0.0, 0.0];
            Adam::new(0.01).optimizer().step(&mut x[..1], &[sign * size]);
            AdaGrad::new(0.01).optimizer().step(&mut x[1..], &[sign * size]);
            assert!(
                deviation(&x.map(|x| -sign * 100.0 * x), &[1.0, 1.0]) < 1.001e-8 / size.min(1.0),
                "{x:?}"
            ); // ε / |g|
        }
    }
}

#[test]
fn a_slice_a_vector_and_an_array_are_stepped_alike() {
    let (mut array, mut vector) = ([1.0, 2.0], vec![1.0, 2.0]);
    let g = vec![0.5, -0.5];
    GradientDescent::new(1.0).optimizer().step(&mut array, &g);
    GradientDescent::new(1.0).optimizer().step(&mut vector, &g);
    GradientDescent::new(1.0).optimizer().step(&mut vector[1..], &g[1..]);
    assert_eq!((array, vector), ([0.5, 2.5], vec![0.5, 3.0]));
}

#[test]
fn the_rate_by_magnitude_and_by_angle_survive_huge_and_tiny_gradients() {
    let magnitude = LearningRate::by_magnitude(1.0, 0.001);
    assert_eq!(magnitude.rate(0, &[1e200, 1e200], &[]), 0.001);
    assert_eq!(magnitude.rate(0, &[1e-200, 0.0], &[]), 1.0);
    assert_eq!(
        LearningRate::ByMagnitude { start: 1.0, floor: 0.0, scale: 5.0 }.rate(0, &[3.0, 4.0], &[]),
        1.0 / 1f64.exp()
    );
    let angle = LearningRate::by_angle(1.0, 0.0);
    for size in [1e-300, 1e-160, 1.0, 1e160, 1e300] {
        let rate = angle.rate(1, &[size, 0.0], &[size, size]);
        assert!((rate - (0.5f64.sqrt() + 1.001) / 2.0001).abs() < 1e-15, "{size}: {rate}");
    }
    assert_eq!(angle.rate(1, &[0.0, 0.0], &[1.0, 1.0]), 1.0);
    assert_eq!(angle.rate(1, &[1.0, 1.0], &[0.0, 0.0]), 1.0);
}

#[test]
#[should_panic(expected = "x of length 3 and a gradient of length 2")]
fn a_gradient_of_another_length_panics() {
    GradientDescent::new(0.1).optimizer().step(&mut [1.0, 2.0, 3.0], &[1.0, 2.0]);
}

#[test]
#[should_panic(
    expected = "x of length 1, but its state was made for length 2 at its first step; call reset()"
)]
fn an_x_of_another_length_than_at_the_first_step_panics() {
    let mut ball = Momentum::new(0.1).optimizer();
    ball.step(&mut [1.0, 2.0], &[1.0, 2.0]);
    ball.step(&mut [1.0], &[1.0]);
}

#[test]
fn after_a_reset_another_length_is_welcome() {
    let mut ball = Momentum::new(0.1).optimizer();
    ball.step(&mut [1.0, 2.0], &[1.0, 2.0]);
    ball.reset();
    let mut x = [1.0];
    ball.step(&mut x, &[1.0]);
    assert_eq!(x, [0.9]);
}

#[test]
fn misuse_panics_at_the_line_of_the_caller() {
    let line = line!() + 2;
    let place = mistake(|| {
        GradientDescent::new(0.1).optimizer().step(&mut [1.0], &[]);
    });
    assert!(place.file.ends_with("steps.rs") && place.line == line, "{}:{}", place.file, place.line);
    let line = line!() + 2;
    let place = mistake(|| {
        LearningRate::by_angle(1.0, 0.0).rate(1, &[1.0], &[1.0, 2.0]);
    });
    assert!(place.file.ends_with("steps.rs") && place.line == line, "{}:{}", place.file, place.line);
}
