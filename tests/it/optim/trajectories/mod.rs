//! Every rule against the iterates of the library whose form it has: PyTorch's where PyTorch has the rule, Optax's
//! otherwise.

mod first_family;
mod second_family;
mod transformed;

use downhill::optim::{LearningRate, Optimizer, Rated, Rule, Step};
use downhill::params::Layout;
use ndarray::ArrayD;
use serde_json::Value;

use super::{BANANA, Function, QUAD10, deviation, numbers};

/// One configuration on one problem, and the iterates it is to have.
pub(super) struct Entry {
    json: Value,
    start: ArrayD<f64>,
    function: Function,
}

/// How a path compares with that of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    /// The worst deviation, as a multiple of its tolerance.
    worst: f64,
    /// How many iterates were compared.
    compared: usize,
}

impl Verdict {
    /// The worse of both; NaN is worst.
    pub(super) fn and(self, other: Verdict) -> Verdict {
        let other_is_less = self.worst.is_nan() || other.worst <= self.worst;
        let worst = if other_is_less { self.worst } else { other.worst };
        Verdict { worst, compared: self.compared + other.compared }
    }
}

/// 0.5 Σ dₖ (Wₖ - 1)², dₖ = 100^(k/11), of a matrix W: [4, 3].
const MATRIX: Function = Function {
    value: |x| (0..12).map(|k| 0.5 * 100f64.powf(k as f64 / 11.0) * (x[k] - 1.0).powi(2)).sum(),
    gradient: |x, g| {
        for k in 0..12 {
            g[k] = 100f64.powf(k as f64 / 11.0) * (x[k] - 1.0);
        }
    },
};

fn entries() -> Vec<Entry> {
    let json: Value = serde_json::from_str(include_str!("../../../reference/trajectories.json")).unwrap();
    let adafactor: Value = serde_json::from_str(include_str!("../../../reference/adafactor.json")).unwrap();
    let entries = [&json, &adafactor].into_iter().flat_map(|json| json["entries"].as_array().unwrap());
    let entry = |entry: &Value| {
        let name = entry["problem"].as_str().unwrap();
        let problem = &json["problems"][name];
        let shape: Vec<usize> = numbers(&problem["shape"]).iter().map(|&n| n as usize).collect();
        let function = match name {
            "rosenbrock2" => BANANA,
            "quad10" => QUAD10,
            "matrix4x3" => MATRIX,
            other => panic!("no function for {other}"),
        };
        let start = ArrayD::from_shape_vec(shape, numbers(&problem["x0"])).unwrap();
        Entry { json: entry.clone(), start, function }
    };
    entries.map(entry).collect()
}

impl Entry {
    pub(super) fn id(&self) -> &str {
        self.json["id"].as_str().unwrap()
    }

    /// A hyper-parameter that is a number; 0 where it is null.
    pub(super) fn hyper(&self, name: &str) -> f64 {
        let value = &self.json["hyper"][name];
        let number = value.as_f64().or(value.is_null().then_some(0.0));
        number.unwrap_or_else(|| panic!("{} has no number {name}: {value}", self.id()))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.json["hyper"][name].as_bool().unwrap()
    }

    /// One of several numbers, as `betas` has them.
    pub(super) fn hyper_at(&self, name: &str, i: usize) -> f64 {
        self.json["hyper"][name][i].as_f64().unwrap()
    }

    /// 500 steps of a rule against the iterates, those of [`Optimizer::eval_params`] included where there are some.
    pub(super) fn compare<R: Rule>(&self, rule: R) -> Verdict {
        self.compare_with(rule, |_| {}, |tolerance| tolerance)
    }

    /// As [`compare`](Entry::compare), with tolerances as `loosened` makes them.
    pub(super) fn compare_within<R: Rule>(&self, rule: R, loosened: fn(f64) -> f64) -> Verdict {
        self.compare_with(rule, |_| {}, loosened)
    }

    /// As [`compare`](Entry::compare), with something done to the optimizer before each step.
    pub(super) fn compare_at<R: Rule>(&self, rule: R, before: impl Fn(&mut Optimizer<R>)) -> Verdict {
        self.compare_with(rule, before, |tolerance| tolerance)
    }

    fn compare_with<R: Rule>(
        &self,
        rule: R,
        before: impl Fn(&mut Optimizer<R>),
        loosened: fn(f64) -> f64,
    ) -> Verdict {
        let mut x = self.start.clone();
        let mut g = x.clone();
        let mut optimizer = rule.optimizer_for(&x);
        let mut verdict = Verdict { worst: 0.0, compared: 0 };
        let mut check = |k: String, x: &ArrayD<f64>| {
            if let Some(tolerance) = self.json["tolerance"][&k].as_f64() {
                let expected = numbers(&self.json["iterates"][&k]);
                let worst = deviation(x.as_slice().unwrap(), &expected) / loosened(tolerance);
                verdict = verdict.and(Verdict { worst, compared: 1 });
            }
        };
        for k in 1..=500 {
            let slices = (x.as_slice().unwrap(), g.as_slice_mut().unwrap());
            (self.function.gradient)(slices.0, slices.1);
            let value = (self.function.value)(slices.0);
            before(&mut optimizer);
            optimizer.step_with_value(&mut x, &g, value);
            check(k.to_string(), &x);
            for other in ["ax", "eval", "slow"] {
                check(format!("{other}_{k}"), &optimizer.eval_params(&x));
            }
        }
        verdict
    }
}

#[test]
fn every_rule_follows_the_reference_iterates() {
    let (mut ids, mut compared, mut unknown, mut off) = (Vec::new(), 0, Vec::new(), Vec::new());
    for entry in &entries() {
        let families = [first_family::compare, second_family::compare, transformed::compare];
        let verdicts: Vec<Verdict> = families.iter().filter_map(|compare| compare(entry)).collect();
        let [verdict] = verdicts[..] else {
            assert!(verdicts.is_empty(), "{} is in two families", entry.id());
            unknown.push(entry.id().to_owned());
            continue;
        };
        if verdict.worst.is_nan() || verdict.worst > 1.0 {
            let problem = &entry.json["problem"];
            off.push(format!("{} on {problem}: {} times the tolerance", entry.id(), verdict.worst));
        }
        ids.push(entry.id().to_owned());
        compared += verdict.compared;
    }
    ids.dedup();
    unknown.dedup();
    println!("{} configurations, {compared} iterates; not here: {unknown:?}", ids.len());
    assert!(off.is_empty(), "{off:#?}");
    assert!(ids.len() >= 90 && compared >= 2000, "{} configurations, {compared} iterates", ids.len());
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
    lr: LearningRate,
    fault: Fault,
}

impl Rated for Planted {
    fn lr(&self) -> &LearningRate {
        &self.lr
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.lr = lr;
    }
}

impl Rule for Planted {
    type State = (Vec<f64>, Vec<f64>);

    fn init(&self, _: &Layout, x: &[f64]) -> Self::State {
        (vec![0.0; x.len()], vec![0.0; x.len()])
    }

    fn step(&self, (m, v): &mut Self::State, now: &mut Step<'_>) {
        let t = now.t as i32;
        now.each([m, v], |at, [m, v]| {
            let m = 0.9 * m + 0.1 * at.g;
            let v = 0.999 * v + (1.0 - 0.999) * at.g * at.g;
            let m_hat = m / (1.0 - 0.9f64.powi(t));
            let v_hat = v / (1.0 - 0.999f64.powi(t));
            let d = match self.fault {
                Fault::None => at.lr * m_hat / (v_hat.sqrt() + 1e-8),
                Fault::Sign => -at.lr * m_hat / (v_hat.sqrt() + 1e-8),
                Fault::RateBeforeTheSum => at.lr * m_hat / (v.sqrt() + 1e-8),
                Fault::EpsilonInsideTheRoot => at.lr * m_hat / (v_hat + 1e-8).sqrt(),
                Fault::NoCorrection => at.lr * m / (v.sqrt() + 1e-8),
            };
            (d, [m, v])
        });
    }
}

#[test]
fn a_planted_fault_is_caught_by_the_reference_iterates() {
    let entries = entries();
    let entry = entries.iter().find(|entry| entry.id() == "adam").unwrap();
    for fault in
        [Fault::None, Fault::Sign, Fault::RateBeforeTheSum, Fault::EpsilonInsideTheRoot, Fault::NoCorrection]
    {
        let Verdict { worst, .. } = entry.compare(Planted { lr: entry.hyper("lr").into(), fault });
        assert_eq!(worst > 1.0, fault != Fault::None, "{fault:?}: {worst} times the tolerance");
    }
}
