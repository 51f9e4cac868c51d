//! What is true of single rules: first steps, what they do not depend on, their own definitions.

use downhill::optim::transform::Maximize;
use downhill::optim::{
    AcProp, AdEmaMix, Adafactor, Adam, Adan, Adopt, Asgd, BoxedRule, Cocob, DAdaptAdamW, DoG, DoWG, Fromage,
    Group, Lamb, Lars, LearningRate, Lion, MadGrad, Mechanic, Momo, MomoAdam, Muon, MuonForm, MuonRate,
    NovoGrad, OptimisticAdam, OptimisticGradient, PolyakSgd, Prodigy, Rated, RmsProp, Rprop, Rule,
    ScheduleFreeAdamW, ScheduleFreeSgd, Sgd, SignSgd, Signum, SimplifiedAdEmaMix, Sm3, Step,
};
use downhill::params::{Layout, Params};
use ndarray::{Array2, Array3, ArrayD, Axis};
use serde_json::Value;

use super::{QUAD10, deviation, gradient, norm, numbers};

/// The first step of `rule` from `x` by the gradient `g`, at the value `f`: by how much each number falls.
fn first_step<R: Rule<f64>>(rule: R, x: &[f64], g: &[f64], f: f64) -> Vec<f64> {
    let mut to = x.to_vec();
    rule.optimizer_for(x).step_with_value(&mut to[..], g, f);
    x.iter().zip(to).map(|(x, to)| x - to).collect()
}

#[track_caller]
fn assert_close(left: &[f64], right: &[f64], within: f64) {
    assert!(
        left.len() == right.len() && left.iter().zip(right).all(|(l, r)| (l - r).abs() <= within),
        "{left:?} {right:?}"
    );
}

#[test]
fn the_first_step_is_that_of_the_formula() {
    let (x, g, f) = ([3.0, -4.0], [0.5, 2.0], 1.5); // |x| = 5, |g|² = 4.25
    let length = 4.25f64.sqrt();
    let step = |expected: [f64; 2], step: Vec<f64>| assert_close(&step, &expected, 1e-6);
    let along = |a: f64| [0.5 * a, 2.0 * a];
    step([0.1, 0.1], first_step(SignSgd::new(0.1), &x, &g, f));
    step([0.1, 0.1], first_step(Signum::new(0.1), &x, &g, f));
    step([0.1 + 0.003, 0.1 - 0.004], first_step(Lion::new(0.1).weight_decay(0.01), &x, &g, f));
    // Adam's first direction is the sign, of length √2.
    let lamb = 0.1 * 5.0 / 2f64.sqrt();
    step([lamb, lamb], first_step(Lamb::new(0.1), &x, &g, f));
    step(along(0.1 * 0.02 * 5.0 / length), first_step(Lars::new(0.1).trust(0.02), &x, &g, f));
    step(
        along(1.9 * 0.1 * 0.02 * 5.0 / length),
        first_step(Lars::new(0.1).trust(0.02).nesterov(true), &x, &g, f),
    );
    step(along(0.1 / length), first_step(NovoGrad::new(0.1), &x, &g, f));
    step([0.1, 0.1], first_step(Adan::new(0.1), &x, &g, f));
    step([0.0, 0.0], first_step(Adopt::new(0.1), &x, &g, f));
    step(along(0.1), first_step(AcProp::new(0.1), &x, &g, f));
    let mix = 0.1 * (1.0 + 5.0 * 1e-4);
    step([mix, mix], first_step(AdEmaMix::new(0.1), &x, &g, f));
    step([0.3, 0.3], first_step(SimplifiedAdEmaMix::new(0.1).alpha(2.0), &x, &g, f));
    step(along(0.1), first_step(OptimisticGradient::new(0.1), &x, &g, f));
    step([0.1, 0.1], first_step(OptimisticAdam::new(0.1).nesterov(false), &x, &g, f));
    let shrunk = |x: f64, g: f64| x - (x - 0.1 * 5.0 / length * g) / 1.01f64.sqrt();
    step([shrunk(3.0, 0.5), shrunk(-4.0, 2.0)], first_step(Fromage::new(0.1), &x, &g, f));
    step(along(1.5 / 4.25), first_step(PolyakSgd::new(1.0), &x, &g, f));
    step(along(0.1), first_step(PolyakSgd::new(0.1), &x, &g, f));
    step(along(0.5 / 4.25), first_step(PolyakSgd::new(1.0).least(1.0), &x, &g, f));
    step(along(0.0), first_step(PolyakSgd::new(1.0).least(2.0), &x, &g, f)); // never uphill
    step(along(1.5 / 4.25), first_step(Momo::new(1.0), &x, &g, f));
    // f - f* over |g|₁: the norm that belongs to Adam's direction.
    step([1.5 / 2.5, 1.5 / 2.5], first_step(MomoAdam::new(10.0), &x, &g, f));
    step(along(6.0 * 0.1 / length), first_step(DoG::new(1.0).r0(0.1), &x, &g, f));
    step(along(0.1 / length), first_step(DoWG::new(1.0).r0_squared(0.01).eps(0.0), &x, &g, f));
    step([0.1, 0.1], first_step(Prodigy::new(1.0).d0(0.1), &x, &g, f));
    step([0.1, 0.1], first_step(DAdaptAdamW::new(1.0).d0(0.1), &x, &g, f));
    let cube = |g: f64| 0.1 * 0.1 * g / (0.1 * g * g).cbrt();
    step([cube(0.5), cube(2.0)], first_step(MadGrad::new(0.1).eps(0.0), &x, &g, f));
    step([0.01, 0.01], first_step(Cocob::default(), &x, &g, f));
    step([0.01, 0.01], first_step(Sm3::new(0.1), &x, &g, f));
    step(along(0.1), first_step(ScheduleFreeSgd::new(0.1), &x, &g, f));
    step([0.1, 0.1], first_step(ScheduleFreeAdamW::new(0.1), &x, &g, f));
    step([0.0, 0.0], first_step(ScheduleFreeAdamW::new(0.1).warmup(3), &x, &g, f));
}

/// Ten steps by gradients that do not depend on where they are taken, multiplied by `scale`.
fn path<R: Rule<f64>>(rule: R, x: &[f64], scale: f64) -> Vec<f64> {
    let mut to = x.to_vec();
    let mut optimizer = rule.optimizer_for(x);
    for k in 0..10 {
        let g = [0.5, -2.0, 1.0].map(|g: f64| scale * (g + 0.25 * k as f64));
        optimizer.step_with_value(&mut to[..], &g, 1.0);
    }
    to
}

#[test]
fn the_scale_of_the_gradient_does_not_matter_where_it_is_divided_out() {
    fn invariant<R: Rule<f64> + Clone>(name: &str, rule: R) {
        let x = [1.0, -2.0, 0.5];
        let (one, other) = (path(rule.clone(), &x, 1.0), path(rule, &x, 1024.0)); // without rounding
        // What remains is ε beside slopes of 1.
        assert!(one.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-7), "{name}: {one:?} {other:?}");
    }
    invariant("AdEmaMix", AdEmaMix::new(0.1));
    invariant("Adan", Adan::new(0.1));
    invariant("Cocob", Cocob::default());
    invariant("DAdaptAdamW", DAdaptAdamW::new(1.0).eps(0.0).d0(1e-2));
    invariant("DoG", DoG::new(1.0).r0(1e-2));
    invariant("DoWG", DoWG::new(1.0).eps(0.0).r0_squared(1e-4));
    invariant("Fromage", Fromage::new(0.1));
    invariant("Lamb", Lamb::new(0.1).eps(0.0));
    invariant("Lars", Lars::new(0.1));
    invariant("Lion", Lion::new(0.1));
    invariant("Muon", Muon::new(0.1).adam());
    invariant("NovoGrad", NovoGrad::new(0.1).eps(0.0));
    invariant("OptimisticAdam", OptimisticAdam::new(0.1));
    invariant("Prodigy", Prodigy::new(1.0).eps(0.0).d0(1e-2));
    invariant("ScheduleFreeAdamW", ScheduleFreeAdamW::new(0.1));
    invariant("SignSgd", SignSgd::new(0.1));
    invariant("Signum", Signum::new(0.1));
    invariant("SimplifiedAdEmaMix", SimplifiedAdEmaMix::new(0.1));
    invariant("Sm3", Sm3::new(0.1));
}

#[test]
fn the_step_of_an_array_grows_with_the_array_where_norms_are_compared() {
    fn follows<R: Rule<f64> + Clone>(name: &str, rule: R) {
        let x = [1.0, -2.0, 0.5];
        let (one, other) = (path(rule.clone(), &x, 1.0), path(rule, &x.map(|x| 64.0 * x), 1.0));
        assert!(
            one.iter().zip(&other).all(|(a, b)| (64.0 * a - b).abs() < 1e-12),
            "{name}: {one:?} {other:?}"
        );
    }
    follows("Fromage", Fromage::new(0.1));
    follows("Lamb", Lamb::new(0.1));
    follows("Lars", Lars::new(0.1));
}

#[test]
fn the_distance_that_is_estimated_does_not_depend_on_the_first_guess_for_long() {
    // From 5 away in each of ten variables, by guesses four orders of magnitude apart.
    let estimate = |d0: f64| {
        let (mut x, mut g) = (vec![6.0; 10], vec![0.0; 10]);
        let mut prodigy = Prodigy::default().d0(d0).optimizer_for(&x);
        for _ in 0..300 {
            (QUAD10.gradient)(&x, &mut g);
            prodigy.step(&mut x, &g);
        }
        prodigy.state().unwrap().d
    };
    let (small, large) = (estimate(1e-6), estimate(1e-2));
    assert!((1.0..10.0).contains(&small) && (1.0..10.0).contains(&large), "{small} {large}");
}

/// A matrix of noise.
fn noise([rows, columns]: [usize; 2]) -> Array2<f64> {
    let mut seed = 1_u64;
    Array2::from_shape_simple_fn((rows, columns), || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    })
}

#[test]
fn the_update_of_muon_is_nearly_orthogonal() {
    for shape in [[4, 4], [3, 8], [8, 3], [1, 5], [5, 1], [20, 30]] {
        let g = noise(shape);
        // A polynomial that leaves 1 where it is, and converges.
        let muon =
            Muon::new(1.0).weight_decay(0.0).iterations([1.875, -1.25, 0.375], 40).rate(MuonRate::Original);
        let mut w = Array2::zeros(g.raw_dim());
        muon.form(MuonForm::PyTorch).optimizer_for(&w).step(&mut w, &g);
        let s = (shape[0] as f64 / shape[1] as f64).max(1.0).sqrt();
        let x = w.map(|w| -w / s);
        let gram = if shape[0] > shape[1] { x.t().dot(&x) } else { x.dot(&x.t()) };
        let off = gram - Array2::<f64>::eye(shape[0].min(shape[1]));
        assert!(off.iter().all(|off| off.abs() < 1e-10), "{shape:?}: {off}");
        // Of all orthogonal matrices it is the one nearest to the gradient: ⟨X, g⟩ is the sum of singular values.
        let along = (&x * &g).sum();
        assert!(along >= norm(g.as_slice().unwrap()) * (1.0 - 1e-12), "{shape:?}");
    }
}

#[test]
fn the_usual_polynomial_of_muon_brings_singular_values_near_one() {
    let g = noise([6, 9]);
    let mut w = Array2::zeros(g.raw_dim());
    Muon::new(1.0).weight_decay(0.0).optimizer_for(&w).step(&mut w, &g);
    let gram = w.dot(&w.t());
    for i in 0..6 {
        // The diagonal is a mean of squares of singular values.
        assert!((0.45..1.5).contains(&gram[[i, i]]), "{gram}");
    }
}

#[test]
#[should_panic(expected = "`Muon::new(lr).adam()`")]
fn muon_refuses_what_is_no_matrix() {
    Muon::new(0.1).optimizer().step(&mut [1.0], &[1.0]);
}

#[test]
fn muon_steps_what_is_no_matrix_by_adam() {
    let (mut x, mut y) = ([1.0, -2.0], [1.0, -2.0]);
    let muon = Muon::new(0.1).nesterov(false).adam();
    let (mut muon, mut adam) = (muon.optimizer(), Adam::new(0.1).optimizer());
    for k in 0..5 {
        let g = [k as f64 - 1.5, 0.5];
        muon.step(&mut x, &g);
        adam.step(&mut y, &g);
    }
    assert_close(&x, &y, 1e-14);
}

#[test]
#[should_panic(expected = "step_with_value")]
fn a_rule_that_needs_the_value_says_so() {
    PolyakSgd::new(0.1).optimizer().step(&mut [1.0], &[1.0]);
}

#[test]
fn sm3_covers_arrays_of_any_rank() {
    // Against the definition, index by index.
    for shape in [vec![], vec![4], vec![3, 2], vec![2, 3, 2], vec![2, 1, 2, 3]] {
        let n: usize = shape.iter().product();
        let index = |mut i: usize| -> Vec<usize> {
            let mut index = vec![0; shape.len()];
            for k in (0..shape.len()).rev() {
                (index[k], i) = (i % shape[k], i / shape[k]);
            }
            index
        };
        let mut x = ndarray::ArrayD::<f64>::zeros(shape.clone());
        let mut sm3 = Sm3::new(1.0).beta(0.0).eps(0.0).optimizer_for(&x);
        let mut mu: Vec<Vec<f64>> = shape.iter().map(|&n| vec![0.0; n]).collect();
        let mut total = 0.0; // of a single number, which has no axes
        for k in 0..4 {
            let g: Vec<f64> = (0..n).map(|i| ((i * i + 3 * k) % 7) as f64 - 2.0).collect();
            let least = |i: usize| {
                let covers = index(i).into_iter().zip(&mu).map(|(j, mu)| mu[j]);
                if shape.is_empty() { total } else { covers.fold(f64::INFINITY, f64::min) }
            };
            let a: Vec<f64> = (0..n).map(|i| least(i) + g[i] * g[i]).collect();
            let before = x.clone();
            let gradient = ndarray::ArrayD::from_shape_vec(shape.clone(), g.clone()).unwrap();
            sm3.step(&mut x, &gradient);
            for (i, (before, after)) in before.iter().zip(&x).enumerate() {
                let u = if a[i] > 0.0 { g[i] / a[i].sqrt() } else { 0.0 };
                assert!((before - after - u).abs() < 1e-12, "{shape:?}, step {k}, number {i}");
            }
            total = a[0];
            for (axis, mu) in mu.iter_mut().enumerate() {
                mu.fill(0.0);
                for i in 0..n {
                    let j = index(i)[axis];
                    mu[j] = mu[j].max(a[i]);
                }
            }
        }
    }
}

/// The iterates of `rules_second.json` under a name, by a rule on arrays of these names and shapes.
fn compare<R: Rule<f64>>(name: &str, rule: R, shapes: &[(&str, &[usize])]) {
    let json: Value = serde_json::from_str(include_str!("../../reference/rules_second.json")).unwrap();
    let iterates = json["entries"][name]["iterates"].as_object().unwrap();
    let n: usize = shapes.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    let mut x = Params::<f64>::new();
    for (name, shape) in shapes {
        x.insert(*name, &ArrayD::zeros(*shape));
    }
    x.set_values(&(0..n).map(|k| (-1f64).powi(k as i32) * (0.5 + 0.3 * k as f64)).collect::<Vec<_>>());
    let mut optimizer = rule.optimizer_for(&x);
    let mut compared = 0;
    for t in 1..=20 {
        let slope = |(k, x): (usize, &f64)| 100f64.powf(k as f64 / (n - 1) as f64) * (x - 1.0);
        let g = x.with_values(x.values().iter().enumerate().map(slope).collect());
        optimizer.step(&mut x, &g);
        if let Some(expected) = iterates.get(&t.to_string()) {
            // The iteration of Muon doubles small differences a few times over.
            let off = deviation(optimizer.eval_params(&x).values(), &numbers(expected));
            assert!(off < 1e-11, "{name} at step {t}: {off}");
            compared += 1;
        }
    }
    assert_eq!(compared, iterates.len());
}

#[test]
fn the_paths_are_those_of_double_precision() {
    compare("muon", Muon::new(0.05), &[("w", &[4, 3])]);
    compare("muon_wide", Muon::new(0.05).mu(0.9).weight_decay(0.0), &[("w", &[2, 5])]);
    compare("muon_match", Muon::new(0.02).nesterov(false).rate(MuonRate::MatchAdamW), &[("w", &[4, 3])]);
    compare("muon_optax", Muon::optax(0.05).weight_decay(0.01), &[("w", &[3, 4]), ("b", &[3])]);
    compare("madgrad", MadGrad::new(0.01), &[("x", &[10])]);
    let free = ScheduleFreeAdamW::new(0.01).weight_decay(0.1).warmup(10);
    compare("schedule_free_adamw", free, &[("x", &[10])]);
}

/// Draws the variables to 0, by the decoupled decay or by a displacement of its own.
#[derive(Clone)]
struct Shrink {
    lr: LearningRate,
    decoupled: bool,
}

impl Rated for Shrink {
    fn lr(&self) -> &LearningRate {
        &self.lr
    }

    fn set_lr(&mut self, lr: LearningRate) {
        self.lr = lr;
    }
}

impl Rule for Shrink {
    type State = ();

    fn init(&self, _: &Layout, _: &[f64]) {}

    fn step(&self, (): &mut (), now: &mut Step<'_>) {
        if self.decoupled {
            now.add_decoupled_decay(0.5);
        }
        now.each([], |at, []| (at.lr * if self.decoupled { 0.0 } else { 0.5 * at.x }, []));
    }
}

#[test]
fn mechanic_tunes_the_decay_of_its_rule_with_the_rest() {
    let walk = |decoupled| {
        let mut x = vec![3.0; 10];
        let mut optimizer = Mechanic::new(Shrink { lr: 0.1.into(), decoupled }).optimizer();
        for _ in 0..100 {
            let g = gradient(QUAD10, &x);
            optimizer.step(&mut x, &g);
        }
        x
    };
    let (decoupled, displaced) = (walk(true), walk(false));
    assert!(displaced[0] < 2.9);
    assert_close(&decoupled, &displaced, 1e-12);
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
fn an_array_that_is_thawed_is_stepped_by_rprop_as_at_the_beginning() {
    let mut x = Params::new();
    x.insert("w", &[0.0]).insert("head", &[0.0]);
    let g = x.with_values(vec![1.0, 1.0]);
    let mut rprop = Rprop::new(0.5).optimizer_for(&x).group("head", Group::frozen());
    rprop.step(&mut x, &g);
    rprop.set_group("head", Group::new().rate(0.5));
    rprop.step(&mut x, &g);
    rprop.step(&mut x, &g);
    assert_close(x.values(), &[-0.5 * (1.0 + 1.2 + 1.44), -0.25 * (1.0 + 1.2)], 1e-15);
}

#[test]
fn the_mean_of_asgd_is_of_the_points_that_were_reached() {
    let descent = || Asgd::new(0.5).lambda(0.0).alpha(0.0).t0(0.0);
    let points = |mut x: [f64; 1], rule: BoxedRule| {
        let mut asgd = rule.optimizer();
        let path = [-1.0, -2.0, -4.0].map(|g| {
            asgd.step(&mut x, &[g]);
            x[0]
        });
        (path, asgd.eval_params(&x)[0])
    };
    for rule in [
        descent().decoupled_weight_decay(0.5).boxed(),
        descent().clip_block_rms(1.5).boxed(),
        Mechanic::new(descent()).s0(0.5).boxed(),
        descent().after(Maximize).boxed(),
    ] {
        let (path, mean) = points([1.0], rule);
        assert_close(&[mean], &[(path[1] + path[2]) / 2.0], 1e-15);
    }
    let (path, far) = points([1e16], descent().t0(9.0).boxed());
    assert_eq!(far, path[2]); // no mean yet
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
