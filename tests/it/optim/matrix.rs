//! Every method on every problem.

use downhill::optim::{
    AdaGrad, Adam, GradientDescent, LearningRate, Momentum, MomentumMix, Nesterov, Outcome, Rated, RmsProp,
    minimize_objective,
};

use super::{BANANA, BARRIER, BOWL, Function, QUAD10, QUARTIC, TROUGH, gradient, norm};

struct Problem {
    name: &'static str,
    f: Function,
    start: &'static [f64],
    minimum: &'static [f64],
    /// A rate that gradient descent converges with.
    lr: f64,
    /// How far from the minimum a gradient of 1e-4 may leave `x`: that over the smallest curvature, and a half more.
    near: f64,
}

const PROBLEMS: [Problem; 6] = [
    Problem { name: "bowl", f: BOWL, start: &[5.0, -3.0], minimum: &[0.0; 2], lr: 0.1, near: 1e-4 },
    Problem { name: "trough", f: TROUGH, start: &[-6.0, -6.0], minimum: &[0.0; 2], lr: 1.0, near: 1e-3 },
    Problem { name: "quad10", f: QUAD10, start: &[0.0; 10], minimum: &[1.0; 10], lr: 0.01, near: 2e-4 },
    Problem { name: "barrier", f: BARRIER, start: &[3.0, 1.0], minimum: &[1.0, 2.0], lr: 0.2, near: 4e-4 },
    // No curvature: |(4 x³, 4 x³)| < 1e-4.
    Problem { name: "quartic", f: QUARTIC, start: &[1.0, 1.0], minimum: &[0.0, 2.0], lr: 0.05, near: 0.037 },
    Problem { name: "banana", f: BANANA, start: &[-1.2, 1.0], minimum: &[1.0; 2], lr: 1e-3, near: 4e-4 },
];

fn every_method(p: &Problem, f: &mut dyn FnMut(&str, Outcome)) {
    let to = || minimize_objective(p.f, p.start).gradient_tolerance(1e-4).max_iterations(60_000);
    f("gradient descent", to().method(GradientDescent::new(p.lr)).run());
    f("momentum", to().method(Momentum::new(0.2 * p.lr)).run());
    f("the mix", to().method(MomentumMix::new(p.lr)).run());
    f("nesterov", to().method(Nesterov::new(0.2 * p.lr)).run());
    f("by angle", to().method(GradientDescent::new(LearningRate::by_angle(p.lr, 0.1 * p.lr))).run());
    f("by magnitude", to().method(GradientDescent::new(LearningRate::by_magnitude(p.lr, 0.1 * p.lr))).run());
    f("adagrad", to().method(AdaGrad::new(1.0)).run());
    f("adam", to().method(Adam::new(0.01)).run());
    f("rmsprop, decaying", to().method(RmsProp::new(LearningRate::decay(0.01, 0.999, 1e-8))).run());
    f("gradient descent, backing off", to().method(GradientDescent::new(100.0 * p.lr).back_off()).run());
    f("momentum, backing off", to().method(Momentum::new(10.0 * p.lr).back_off()).run());
    f("nesterov, backing off", to().method(Nesterov::new(10.0 * p.lr).back_off()).run());
    f("the mix, backing off", to().method(MomentumMix::new(100.0 * p.lr).back_off()).run());
    f("adagrad, backing off", to().method(AdaGrad::new(1.0).back_off()).run());
    f("steepest descent", to().run());
}

#[test]
fn every_method_reaches_the_minimum_of_every_problem() {
    for p in &PROBLEMS {
        every_method(p, &mut |method, walk| {
            let off = walk.x.iter().zip(p.minimum).map(|(x, m)| x - m).collect::<Vec<_>>();
            assert!(walk.is_converged(), "{method} on the {}: {walk}", p.name);
            assert!(norm(&gradient(p.f, &walk.x)) < 1e-4, "{method} on the {} says what is not so", p.name);
            assert!(norm(&off) < p.near, "{method} on the {}: {walk}", p.name);
        });
    }
}
