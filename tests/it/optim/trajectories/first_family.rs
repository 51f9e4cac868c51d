//! Gradient descent with momentum, and the rules that divide by a mean of squares.

use downhill::optim::{
    AdaBelief, AdaDelta, AdaGrad, Adafactor, Adam, AdamW, Adamax, AmsGrad, Asgd, Form, GradientDescent,
    Momentum, NAdam, Nesterov, RAdam, RmsProp, Rprop, Sgd, Yogi,
};

use super::{Entry, Verdict};

/// `None` for a configuration that is not of this family.
pub(super) fn compare(entry: &Entry) -> Option<Verdict> {
    match entry.json["framework"].as_str() {
        Some("torch.optim") => torch(entry),
        _ => optax(entry),
    }
}

fn torch(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let lr = hyper("lr");
    let decay = entry.json["hyper"]["weight_decay"].as_f64().unwrap_or_default();
    Some(match entry.id() {
        "sgd" | "sgd_lr9e-4" => entry.compare(sgd(entry)).and(entry.compare(GradientDescent::new(lr))),
        "sgd_momentum" => {
            entry.compare(sgd(entry)).and(entry.compare(Momentum::new(lr).mu(hyper("momentum"))))
        }
        "sgd_nesterov" => {
            entry.compare(sgd(entry)).and(entry.compare(Nesterov::new(lr).mu(hyper("momentum"))))
        }
        "sgd_weight_decay" | "sgd_momentum_dampening" | "sgd_nesterov_wd" => entry.compare(sgd(entry)),
        "asgd" => {
            let asgd = Asgd::new(lr).lambda(hyper("lambd")).alpha(hyper("alpha")).t0(hyper("t0"));
            entry.compare(asgd.weight_decay(decay))
        }
        "adagrad" | "adagrad_lrdecay_init" => {
            let adagrad = AdaGrad::new(lr).eps(hyper("eps")).weight_decay(decay);
            let initial = hyper("initial_accumulator_value");
            entry.compare(adagrad.lr_decay(hyper("lr_decay")).initial(initial))
        }
        "adadelta" | "adadelta_rho0.95" => {
            entry.compare(AdaDelta::new(lr).rho(hyper("rho")).eps(hyper("eps")).weight_decay(decay))
        }
        "rmsprop" | "rmsprop_centered" | "rmsprop_momentum" | "rmsprop_centered_momentum_alpha0.9" => {
            let rmsprop = RmsProp::new(lr).alpha(hyper("alpha")).eps(hyper("eps")).weight_decay(decay);
            let rmsprop = rmsprop.momentum(hyper("momentum"));
            entry.compare(if entry.flag("centered") { rmsprop.centered() } else { rmsprop })
        }
        "rprop" | "rprop_etas" => {
            let (factors, sizes) = ([0, 1].map(|i| entry.hyper_at("etas", i)), "step_sizes");
            let rprop = Rprop::new(lr).factors(factors[0], factors[1]);
            entry.compare(rprop.sizes(entry.hyper_at(sizes, 0), entry.hyper_at(sizes, 1)))
        }
        "adafactor_torch" | "adafactor_torch_wd" => {
            let adafactor = Adafactor::new(lr).decay(-hyper("beta2_decay")).eps2(entry.hyper_at("eps", 1));
            entry.compare(adafactor.clip(hyper("d")).weight_decay(decay))
        }
        _ => return adam_family_of_torch(entry, lr, decay),
    })
}

fn adam_family_of_torch(entry: &Entry, lr: f64, weight_decay: f64) -> Option<Verdict> {
    let eps = entry.json["hyper"]["eps"].as_f64()?;
    let [beta1, beta2] = [0, 1].map(|i| entry.json["hyper"]["betas"][i].as_f64().unwrap_or_default());
    let adam = Adam { beta1, beta2, eps, weight_decay, ..Adam::new(lr) };
    let amsgrad = AmsGrad { beta1, beta2, eps, weight_decay, ..AmsGrad::new(lr) };
    let nadam = NAdam { beta1, beta2, eps, weight_decay, ..NAdam::new(lr) };
    let radam = RAdam { beta1, beta2, eps, weight_decay, ..RAdam::new(lr) };
    Some(match entry.id() {
        "adam" | "adam_l2" | "adam_betas" => entry.compare(adam),
        "amsgrad" => entry.compare(amsgrad),
        "adamw" => entry.compare(AdamW { beta1, beta2, eps, weight_decay, ..AdamW::new(lr) }),
        "adamw_amsgrad" => entry.compare(amsgrad.decoupled_decay(weight_decay)),
        "adamax" | "adamax_l2" => {
            entry.compare(Adamax { beta1, beta2, eps, weight_decay, ..Adamax::new(lr) })
        }
        "nadam" => entry.compare(nadam.momentum_decay(entry.hyper("momentum_decay"))),
        // Two displacements are added and then subtracted here, and subtracted one by one in PyTorch; what that rounds
        // differently grows to twice the tolerance. From the path in extended precision PyTorch is as far.
        "nadamw" => {
            let nadam = nadam.momentum_decay(entry.hyper("momentum_decay"));
            entry.compare_within(nadam.decoupled_decay(weight_decay), |tolerance| 4.0 * tolerance)
        }
        "radam" => entry.compare(radam),
        "radamw" => entry.compare(radam.decoupled_decay(weight_decay)),
        _ => return None,
    })
}

fn optax(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let lr = entry.json["hyper"]["learning_rate"].as_f64()?;
    Some(match entry.id() {
        "optax_sgd_momentum" | "optax_sgd_nesterov" => {
            let sgd = Sgd::new(lr).momentum(hyper("momentum"));
            entry.compare(if entry.flag("nesterov") { sgd.nesterov() } else { sgd })
        }
        "optax_adagrad" => {
            let adagrad = AdaGrad::optax(lr).initial(hyper("initial_accumulator_value"));
            entry.compare(adagrad.eps_root(hyper("eps")))
        }
        "optax_adadelta" => entry.compare(AdaDelta::new(lr).rho(hyper("rho")).eps(hyper("eps"))),
        "optax_rmsprop" | "optax_rmsprop_centered_momentum" | "optax_rmsprop_bias_corr_nesterov" => {
            let rmsprop = RmsProp::optax(lr).alpha(hyper("decay")).eps_root(hyper("eps"));
            let rmsprop = rmsprop.initial(hyper("initial_scale")).momentum(hyper("momentum"));
            let rmsprop = if entry.flag("centered") { rmsprop.centered() } else { rmsprop };
            let rmsprop = if entry.flag("nesterov") { rmsprop.nesterov() } else { rmsprop };
            entry.compare(if entry.flag("bias_correction") { rmsprop.corrected() } else { rmsprop })
        }
        // Optax computes t^-γ in single precision even where all else is double.
        "optax_adafactor" => {
            let adafactor = adafactor(entry).decay(hyper("decay_rate")).eps1(hyper("eps"));
            entry.compare_within(adafactor, |tolerance| tolerance.max(1e-6))
        }
        "adafactor_double" | "adafactor_double_factored" | "adafactor_double_factored_clip" => {
            entry.compare(adafactor(entry))
        }
        _ => return adam_family_of_optax(entry, lr),
    })
}

fn adam_family_of_optax(entry: &Entry, lr: f64) -> Option<Verdict> {
    let hyper = |name: &str| entry.json["hyper"][name].as_f64();
    let (beta1, beta2, eps) = (hyper("b1")?, hyper("b2")?, hyper("eps")?);
    let eps_root = hyper("eps_root").unwrap_or_default();
    let weight_decay = hyper("weight_decay").unwrap_or_default();
    let nesterov = entry.json["hyper"]["nesterov"].as_bool().unwrap_or_default();
    let adamax = Adamax { beta1, beta2, eps, ..Adamax::new(lr) };
    Some(match entry.id() {
        "optax_adam" | "optax_adam_eps_root" | "optax_nadam" => {
            entry.compare(Adam { beta1, beta2, eps, eps_root, nesterov, ..Adam::new(lr) })
        }
        "optax_adamw" | "optax_nadamw" => {
            let adamw = AdamW { beta1, beta2, eps, eps_root, nesterov, ..AdamW::optax(lr) };
            entry.compare(adamw.weight_decay(weight_decay))
        }
        "optax_amsgrad" => entry.compare(AmsGrad { beta1, beta2, eps, eps_root, ..AmsGrad::optax(lr) }),
        "optax_radam" | "optax_radam_nesterov" => {
            entry.compare(RAdam { beta1, beta2, eps, eps_root, nesterov, ..RAdam::optax(lr) })
        }
        "optax_adamax" => entry.compare(adamax),
        "optax_adamaxw" => entry.compare(adamax.decoupled_decay(weight_decay)),
        "adabelief" | "adabelief_nesterov" => {
            entry.compare(AdaBelief { beta1, beta2, eps, eps_root, nesterov, ..AdaBelief::new(lr) })
        }
        "yogi" => entry.compare(Yogi { beta1, beta2, eps, ..Yogi::new(lr) }),
        _ => return None,
    })
}

fn sgd(entry: &Entry) -> Sgd {
    let sgd = Sgd::new(entry.hyper("lr")).momentum(entry.hyper("momentum"));
    let sgd = sgd.dampening(entry.hyper("dampening")).weight_decay(entry.hyper("weight_decay"));
    if entry.flag("nesterov") { sgd.nesterov() } else { sgd }
}

fn adafactor(entry: &Entry) -> Adafactor {
    let factor_from = entry.hyper("min_dim_size_to_factor") as usize;
    let adafactor = Adafactor::optax(entry.hyper("learning_rate")).factor_from(factor_from);
    adafactor.clip(entry.hyper("clipping_threshold"))
}

#[test]
fn the_defaults_of_the_rules_are_those_of_the_library() {
    let entries = super::entries();
    let entry = |id: &str| entries.iter().find(|entry| entry.id() == id).unwrap();
    let hyper = |id: &str, name: &str| entry(id).hyper(name);
    assert_eq!(Momentum::new(0.1).mu, hyper("sgd_momentum", "momentum"));
    assert_eq!(Nesterov::new(0.1).mu, hyper("sgd_nesterov", "momentum"));
    let asgd = Asgd::new(0.1);
    assert_eq!((asgd.lambda, asgd.alpha), (hyper("asgd", "lambd"), hyper("asgd", "alpha")));

    let (adagrad, optax) = (AdaGrad::new(0.1), AdaGrad::optax(0.1));
    assert_eq!((adagrad.eps, adagrad.eps_root), (hyper("adagrad", "eps"), 0.0));
    assert_eq!((optax.eps, optax.eps_root), (0.0, hyper("optax_adagrad", "eps")));
    assert_eq!(optax.initial, hyper("optax_adagrad", "initial_accumulator_value"));
    let adadelta = AdaDelta::new(0.1);
    assert_eq!((adadelta.rho, adadelta.eps), (hyper("adadelta", "rho"), hyper("adadelta", "eps")));
    let (rmsprop, optax) = (RmsProp::new(0.1), RmsProp::optax(0.1));
    assert_eq!((rmsprop.alpha, rmsprop.eps), (hyper("rmsprop", "alpha"), hyper("rmsprop", "eps")));
    assert_eq!(
        (optax.alpha, optax.eps_root),
        (hyper("optax_rmsprop", "decay"), hyper("optax_rmsprop", "eps"))
    );
    let rprop = Rprop::new(0.1);
    assert_eq!([rprop.shrink, rprop.grow], [0, 1].map(|i| entry("rprop").hyper_at("etas", i)));
    assert_eq!([rprop.least, rprop.most], [0, 1].map(|i| entry("rprop").hyper_at("step_sizes", i)));

    let (adafactor, optax) = (Adafactor::new(0.1), Adafactor::optax(0.1));
    assert_eq!((adafactor.eps1, adafactor.eps2), (None, entry("adafactor_torch").hyper_at("eps", 1)));
    assert_eq!(-adafactor.decay, hyper("adafactor_torch", "beta2_decay"));
    assert_eq!((adafactor.clip, optax.form), (hyper("adafactor_torch", "d"), Form::Optax));
    assert_eq!((optax.eps1, optax.decay), (Some(1e-30), hyper("optax_adafactor", "decay_rate")));
}

#[test]
fn the_defaults_of_the_rules_of_adams_family_are_those_of_the_library() {
    let entries = super::entries();
    let entry = |id: &str| entries.iter().find(|entry| entry.id() == id).unwrap();
    macro_rules! torch {
        ($($id:literal $rule:ident)*) => { $({
            let (rule, entry) = ($rule::new(0.1), entry($id));
            let betas = (entry.hyper_at("betas", 0), entry.hyper_at("betas", 1));
            assert_eq!((rule.beta1, rule.beta2, rule.eps), (betas.0, betas.1, entry.hyper("eps")), $id);
        })* };
    }
    macro_rules! optax {
        ($($id:literal $rule:expr;)*) => { $({
            let (rule, entry) = ($rule, entry($id));
            let hyper = (entry.hyper("b1"), entry.hyper("b2"), entry.hyper("eps"));
            assert_eq!((rule.beta1, rule.beta2, rule.eps), hyper, $id);
        })* };
    }
    torch! { "adam" Adam "amsgrad" AmsGrad "adamw" AdamW "adamax" Adamax "nadam" NAdam "radam" RAdam }
    optax! {
        "optax_amsgrad" AmsGrad::optax(0.1);
        "optax_radam" RAdam::optax(0.1);
        "adabelief" AdaBelief::new(0.1);
        "yogi" Yogi::new(0.1);
    }
    assert_eq!(AdamW::new(0.1).weight_decay, entry("adamw").hyper("weight_decay"));
    assert_eq!(NAdam::new(0.1).momentum_decay, entry("nadam").hyper("momentum_decay"));
    assert_eq!(AdaBelief::new(0.1).eps_root, entry("adabelief").hyper("eps_root"));
}
