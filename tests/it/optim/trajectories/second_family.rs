//! Rules that look at signs, at whole arrays, or find their rate by themselves.

use downhill::optim::{
    AcProp, AdEmaMix, Adan, Adopt, Cocob, DAdaptAdamW, DoG, DoWG, Fromage, GradientDescent, Lamb, Lars, Lion,
    MadGrad, Mechanic, Momo, MomoAdam, Muon, MuonRate, NovoGrad, OptimisticAdam, OptimisticGradient,
    PolyakSgd, Prodigy, ScheduleFreeAdamW, ScheduleFreeSgd, SignSgd, Signum, SimplifiedAdEmaMix, Sm3,
};

use super::{Entry, Verdict};

/// `None` for a configuration that is not of this family.
pub(super) fn compare(entry: &Entry) -> Option<Verdict> {
    by_number(entry).or_else(|| by_array(entry)).or_else(|| by_itself(entry))
}

impl Verdict {
    /// As multiples of as many tolerances, for entries that were computed with less care than their tolerance tells.
    fn of(self, tolerances: f64) -> Verdict {
        Verdict { worst: self.worst / tolerances, ..self }
    }
}

/// The hyper-parameters of an Adam by the library's names.
fn b1_b2_eps(entry: &Entry) -> [f64; 3] {
    ["b1", "b2", "eps"].map(|name| entry.hyper(name))
}

/// Rules that treat each number alike.
fn by_number(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let lr = entry.json["hyper"]["learning_rate"].as_f64().unwrap_or_default();
    Some(match entry.id() {
        "lion" | "lion_nowd" => {
            let lion = Lion::new(lr).beta1(hyper("b1")).beta2(hyper("b2"));
            entry.compare(lion.weight_decay(hyper("weight_decay")))
        }
        "sign_sgd" => entry.compare(SignSgd::new(lr)),
        "signum" => entry.compare(Signum::new(lr).beta(hyper("beta"))),
        "adan" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let adan = Adan::new(lr).beta1(b1).beta2(b2).beta3(hyper("b3")).eps(eps);
            entry.compare(adan.eps_root(hyper("eps_root")).weight_decay(hyper("weight_decay")))
        }
        "adopt" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            entry.compare(Adopt::new(lr).beta1(b1).beta2(b2).eps(eps).clip(entry.flag("use_clipping")))
        }
        "acprop" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let acprop = AcProp::new(lr).beta1(b1).beta2(b2).eps(eps).eps_root(hyper("eps_root"));
            entry.compare(acprop.weight_decay(hyper("weight_decay")))
        }
        "ademamix" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let mix = AdEmaMix::new(lr).beta1(b1).beta2(b2).beta3(hyper("b3")).alpha(hyper("alpha"));
            entry.compare(mix.eps(eps).weight_decay(hyper("weight_decay")))
        }
        "simplified_ademamix" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let mix = SimplifiedAdEmaMix::new(lr).beta1(b1).beta2(b2).alpha(hyper("alpha")).eps(eps);
            entry.compare(mix.weight_decay(hyper("weight_decay")))
        }
        "madgrad" => {
            // Optax takes the root of the number of the step in f32.
            entry.compare(MadGrad::new(lr).mu(hyper("momentum")).eps(hyper("eps"))).of(1e5)
        }
        "optimistic_gradient_descent" => {
            entry.compare(OptimisticGradient::new(lr).alpha(hyper("alpha")).beta(hyper("beta")))
        }
        "optimistic_adam_v2" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let adam = OptimisticAdam::new(lr).alpha(hyper("alpha")).beta(hyper("beta"));
            entry.compare(adam.beta1(b1).beta2(b2).eps(eps).nesterov(entry.flag("nesterov")))
        }
        "cocob" => entry.compare(Cocob::new(lr).alpha(hyper("alpha")).eps(hyper("eps"))),
        "schedule_free_sgd" => {
            entry.compare(ScheduleFreeSgd::new(lr).beta(hyper("b1")).power(hyper("weight_lr_power")))
        }
        "schedule_free_adamw" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let free =
                ScheduleFreeAdamW::new(lr).beta(b1).beta2(b2).eps(eps).warmup(hyper("warmup_steps") as usize);
            entry.compare(free.power(hyper("weight_lr_power")).weight_decay(hyper("weight_decay"))).of(1e5)
        }
        _ => return None,
    })
}

/// Rules for which an array is a whole.
fn by_array(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let lr = entry.json["hyper"]["learning_rate"].as_f64().or_else(|| entry.json["hyper"]["lr"].as_f64());
    let lr = lr.unwrap_or_default();
    Some(match entry.id() {
        "lamb" | "lamb_nowd" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            entry.compare(Lamb::new(lr).beta1(b1).beta2(b2).eps(eps).weight_decay(hyper("weight_decay")))
        }
        "lars" => {
            let lars =
                Lars::new(lr).trust(hyper("trust_coefficient")).mu(hyper("momentum")).eps(hyper("eps"));
            entry.compare(lars.weight_decay(hyper("weight_decay")).nesterov(entry.flag("nesterov")))
        }
        "novograd" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            entry.compare(NovoGrad::new(lr).beta1(b1).beta2(b2).eps(eps).weight_decay(hyper("weight_decay")))
        }
        "fromage" => entry.compare(Fromage::new(lr).eps(hyper("min_norm"))),
        "sm3" => entry.compare(Sm3::new(lr).beta(hyper("momentum"))),
        "muon_f64" | "muon_f64_match_rms_adamw" => {
            let muon = Muon::new(lr).mu(hyper("momentum")).weight_decay(hyper("weight_decay"));
            let coefficients = [0, 1, 2].map(|i| entry.hyper_at("ns_coefficients", i));
            let muon = muon.iterations(coefficients, hyper("ns_steps") as usize).eps(hyper("eps"));
            let matches = entry.json["hyper"]["adjust_lr_fn"] == "match_rms_adamw";
            let rate = if matches { MuonRate::MatchAdamW } else { MuonRate::Original };
            // The entries have the noise of 16 bits: their first step is orthogonal to 1e-2 only. Those of
            // `rules_second` are compared to the last digits.
            entry.compare(muon.nesterov(entry.flag("nesterov")).rate(rate)).of(1e11)
        }
        "muon_optax_2d" => {
            let muon = Muon::optax(lr).mu(hyper("beta")).weight_decay(hyper("weight_decay"));
            entry.compare(muon.eps(hyper("eps")).nesterov(entry.flag("nesterov")))
        }
        _ => return None,
    })
}

/// Rules that find their rate.
fn by_itself(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let beta = |i: usize| entry.hyper_at("betas", i);
    let lr = entry.json["hyper"]["learning_rate"].as_f64().unwrap_or_default();
    Some(match entry.id() {
        "polyak_sgd" => {
            let polyak = PolyakSgd::new(hyper("max_learning_rate")).least(hyper("f_min"));
            entry.compare(polyak.eps(hyper("eps")))
        }
        "momo" => {
            let momo = Momo::new(lr).beta(hyper("beta")).least(hyper("lower_bound"));
            entry.compare(momo.weight_decay(hyper("weight_decay")))
        }
        "momo_adam" => {
            let [b1, b2, eps] = b1_b2_eps(entry);
            let momo = MomoAdam::new(lr).beta1(b1).beta2(b2).eps(eps).least(hyper("lower_bound"));
            entry.compare(momo.weight_decay(hyper("weight_decay")))
        }
        "prodigy" => {
            let prodigy = Prodigy::new(lr).beta1(beta(0)).beta2(beta(1)).eps(hyper("eps"));
            let prodigy = prodigy.d0(hyper("estim_lr0")).coefficient(hyper("estim_lr_coef"));
            entry.compare(
                prodigy.weight_decay(hyper("weight_decay")).safeguard(entry.flag("safeguard_warmup")),
            )
        }
        "dadapt_adamw" => {
            let adapted = DAdaptAdamW::new(lr).beta1(beta(0)).beta2(beta(1)).eps(hyper("eps"));
            entry.compare(adapted.d0(hyper("estim_lr0")).weight_decay(hyper("weight_decay")))
        }
        "dog" => entry.compare(DoG::new(lr).r0(entry.hyper_at("init_step", 1)).eps(hyper("eps"))),
        "dowg" => entry.compare(DoWG::new(lr).r0_squared(hyper("eps")).eps(hyper("eps"))),
        "mechanic_sgd" => entry.compare(Mechanic::new(GradientDescent::new(lr))),
        _ => return None,
    })
}

#[test]
fn the_defaults_of_the_rules_are_those_of_the_library() {
    let entries = super::entries();
    let hyper = |id: &str, names: &[&str]| {
        let entry = entries.iter().find(|entry| entry.id() == id).unwrap();
        names.iter().map(|name| entry.hyper(name)).collect::<Vec<_>>()
    };
    let lion = Lion::new(0.1);
    assert_eq!([lion.beta1, lion.beta2][..], hyper("lion", &["b1", "b2"]));
    let lamb = Lamb::new(0.1);
    let values = [lamb.beta1, lamb.beta2, lamb.eps, lamb.weight_decay];
    assert_eq!(values[..], hyper("lamb_nowd", &["b1", "b2", "eps", "weight_decay"]));
    let lars = Lars::new(0.1);
    assert_eq!([lars.mu, lars.eps][..], hyper("lars", &["momentum", "eps"]));
    let novograd = NovoGrad::new(0.1);
    assert_eq!([novograd.beta1, novograd.beta2, novograd.eps][..], hyper("novograd", &["b1", "b2", "eps"]));
    let adan = Adan::new(0.1);
    let values = [adan.beta1, adan.beta2, adan.beta3, adan.eps, adan.eps_root];
    assert_eq!(values[..], hyper("adan", &["b1", "b2", "b3", "eps", "eps_root"]));
    let adopt = Adopt::new(0.1);
    assert_eq!([adopt.beta1, adopt.beta2, adopt.eps][..], hyper("adopt", &["b1", "b2", "eps"]));
    let acprop = AcProp::new(0.1);
    let values = [acprop.beta1, acprop.beta2, acprop.eps, acprop.eps_root, acprop.weight_decay];
    assert_eq!(values[..], hyper("acprop", &["b1", "b2", "eps", "eps_root", "weight_decay"]));
    let madgrad = MadGrad::new(0.1);
    assert_eq!([madgrad.mu, madgrad.eps][..], hyper("madgrad", &["momentum", "eps"]));
    assert_eq!([Signum::new(0.1).beta, Sm3::new(0.1).beta], [0.9; 2]);
    assert_eq!([Fromage::new(0.1).eps][..], hyper("fromage", &["min_norm"]));
    let cocob = Cocob::default();
    assert_eq!([cocob.alpha, cocob.eps][..], hyper("cocob", &["alpha", "eps"]));
    let (muon, optax) = (Muon::new(0.1), Muon::optax(0.1));
    assert_eq!([muon.mu, muon.eps][..], hyper("muon_f64", &["momentum", "eps"]));
    let values = [optax.mu, optax.eps, optax.weight_decay];
    assert_eq!(values[..], hyper("muon_optax_2d", &["beta", "eps", "weight_decay"]));
    assert_eq!([DoG::default().eps][..], hyper("dog", &["eps"]));
    assert_eq!([DoWG::default().eps][..], hyper("dowg", &["eps"]));
    let prodigy = Prodigy::default();
    assert_eq!([prodigy.eps, prodigy.coefficient][..], hyper("prodigy", &["eps", "estim_lr_coef"]));
}
