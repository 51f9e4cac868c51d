//! Every rule against the iterates of the library whose form it has.

use downhill::optim::{AdaGrad, Adam, GradientDescent, LearningRate, Momentum, Nesterov, RmsProp, Rule};
use serde_json::Value;

use super::{BANANA, QUAD10, deviation, gradient, numbers};

fn reference() -> Value {
    serde_json::from_str(include_str!("../../reference/trajectories.json")).unwrap()
}

/// The worst deviation of a rule's path from an entry's iterates, as a multiple of its tolerances, and how many
/// iterates were compared.
fn compare<R: Rule>(rule: R, entry: &Value, start: &[f64]) -> (f64, usize) {
    let function = if entry["problem"] == "quad10" { QUAD10 } else { BANANA };
    let mut x = start.to_vec();
    let mut optimizer = rule.optimizer();
    let (mut worst, mut compared) = (0.0f64, 0);
    for k in 1..=500 {
        let g = gradient(function, &x);
        optimizer.step(&mut x, &g);
        if let Some(tolerance) = entry["tolerance"][k.to_string()].as_f64() {
            let expected = numbers(&entry["iterates"][k.to_string()]);
            worst = worst.max(deviation(&x, &expected) / tolerance);
            compared += 1;
        }
    }
    assert_eq!(optimizer.steps(), 500);
    (worst, compared)
}

fn compare_named(entry: &Value, start: &[f64]) -> (f64, usize) {
    let hyper = |name: &str| entry["hyper"][name].as_f64().unwrap();
    let beta = |i: usize| entry["hyper"]["betas"][i].as_f64().unwrap();
    match entry["id"].as_str().unwrap() {
        "sgd" | "sgd_lr9e-4" => compare(GradientDescent::new(hyper("lr")), entry, start),
        "sgd_momentum" => compare(Momentum::new(hyper("lr")).mu(hyper("momentum")), entry, start),
        "sgd_nesterov" => compare(Nesterov::new(hyper("lr")).mu(hyper("momentum")), entry, start),
        "adagrad" => compare(AdaGrad::new(hyper("lr")).eps(hyper("eps")), entry, start),
        "rmsprop" => compare(RmsProp::new(hyper("lr")).alpha(hyper("alpha")).eps(hyper("eps")), entry, start),
        "adam" | "adam_betas" => {
            compare(Adam::new(hyper("lr")).beta1(beta(0)).beta2(beta(1)).eps(hyper("eps")), entry, start)
        }
        other => panic!("no rule for {other}"),
    }
}

#[test]
fn every_rule_follows_the_reference_iterates() {
    let reference = reference();
    let mut total = 0;
    for entry in reference["entries"].as_array().unwrap() {
        let start = numbers(&reference["problems"][entry["problem"].as_str().unwrap()]["x0"]);
        let (worst, compared) = compare_named(entry, &start);
        assert!(worst <= 1.0, "{} on {}: {worst} times the tolerance", entry["id"], entry["problem"]);
        total += compared;
    }
    assert_eq!((reference["entries"].as_array().unwrap().len(), total), (15, 119));
}

#[test]
fn the_defaults_of_the_rules_are_those_of_the_library() {
    let reference = reference();
    let hyper = |id: &str| {
        let entries = reference["entries"].as_array().unwrap();
        entries.iter().find(|entry| entry["id"] == id).unwrap()["hyper"].clone()
    };
    assert_eq!(AdaGrad::new(0.1).eps, hyper("adagrad")["eps"]);
    let rmsprop = RmsProp::new(0.1);
    assert_eq!((rmsprop.alpha, rmsprop.eps), (0.99, 1e-8));
    assert_eq!(rmsprop.alpha, hyper("rmsprop")["alpha"]);
    assert_eq!(rmsprop.eps, hyper("rmsprop")["eps"]);
    let adam = Adam::new(0.1);
    assert_eq!(adam.beta1, hyper("adam")["betas"][0]);
    assert_eq!(adam.beta2, hyper("adam")["betas"][1]);
    assert_eq!(adam.eps, hyper("adam")["eps"]);
    assert_eq!(Momentum::new(0.1).mu, hyper("sgd_momentum")["momentum"]);
    assert_eq!(Nesterov::new(0.1).mu, hyper("sgd_nesterov")["momentum"]);
}

/// How a planted rule goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    Sign,
    RateBeforeTheSum,
    EpsilonInsideTheRoot,
    NoCorrection,
}

/// Adam, or what a slip makes of it.
struct Planted {
    lr: f64,
    fault: Fault,
}

impl Rule for Planted {
    type State = (Vec<f64>, Vec<f64>, i32);

    fn lr(&self) -> LearningRate {
        self.lr.into()
    }

    fn set_lr(&mut self, _: LearningRate) {}

    fn init(&self, n: usize) -> Self::State {
        (vec![0.0; n], vec![0.0; n], 0)
    }

    fn step(&self, (m, v, t): &mut Self::State, lr: f64, x: &mut [f64], gradient: &[f64]) {
        *t += 1;
        for i in 0..x.len() {
            let g = gradient[i];
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + (1.0 - 0.999) * g * g;
            let m_hat = m[i] / (1.0 - 0.9f64.powi(*t));
            let v_hat = v[i] / (1.0 - 0.999f64.powi(*t));
            x[i] -= match self.fault {
                Fault::None => lr * m_hat / (v_hat.sqrt() + 1e-8),
                Fault::Sign => -lr * m_hat / (v_hat.sqrt() + 1e-8),
                Fault::RateBeforeTheSum => lr * m_hat / (v[i].sqrt() + 1e-8),
                Fault::EpsilonInsideTheRoot => lr * m_hat / (v_hat + 1e-8).sqrt(),
                Fault::NoCorrection => lr * m[i] / (v[i].sqrt() + 1e-8),
            };
        }
    }
}

#[test]
fn a_planted_fault_is_caught_by_the_reference_iterates() {
    let reference = reference();
    let entry = reference["entries"].as_array().unwrap().iter().find(|entry| entry["id"] == "adam").unwrap();
    let start = numbers(&reference["problems"][entry["problem"].as_str().unwrap()]["x0"]);
    let lr = entry["hyper"]["lr"].as_f64().unwrap();
    for fault in
        [Fault::None, Fault::Sign, Fault::RateBeforeTheSum, Fault::EpsilonInsideTheRoot, Fault::NoCorrection]
    {
        let (worst, _) = compare(Planted { lr, fault }, entry, &start);
        assert_eq!(worst > 1.0, fault != Fault::None, "{fault:?}: {worst} times the tolerance");
    }
}
