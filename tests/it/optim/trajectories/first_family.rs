//! Gradient descent with momentum, and the rules that divide by a mean of squares.

use downhill::optim::{AdaGrad, Adam, GradientDescent, Momentum, Nesterov, RmsProp};

use super::{Entry, Verdict};

/// `None` for a configuration that is not of this family.
pub(super) fn compare(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let lr = entry.json["hyper"]["lr"].as_f64().unwrap_or_default();
    Some(match entry.id() {
        "sgd" | "sgd_lr9e-4" => entry.compare(GradientDescent::new(lr)),
        "sgd_momentum" => entry.compare(Momentum::new(lr).mu(hyper("momentum"))),
        "sgd_nesterov" => entry.compare(Nesterov::new(lr).mu(hyper("momentum"))),
        "adagrad" => entry.compare(AdaGrad::new(lr).eps(hyper("eps"))),
        "rmsprop" => entry.compare(RmsProp::new(lr).alpha(hyper("alpha")).eps(hyper("eps"))),
        "adam" | "adam_betas" => {
            let (beta1, beta2) = (entry.hyper_at("betas", 0), entry.hyper_at("betas", 1));
            entry.compare(Adam::new(lr).beta1(beta1).beta2(beta2).eps(hyper("eps")))
        }
        _ => return None,
    })
}

#[test]
fn the_defaults_of_the_rules_are_those_of_the_library() {
    let entries = super::entries();
    let hyper = |id: &str, name: &str| entries.iter().find(|entry| entry.id() == id).unwrap().hyper(name);
    assert_eq!(AdaGrad::new(0.1).eps, hyper("adagrad", "eps"));
    let rmsprop = RmsProp::new(0.1);
    assert_eq!((rmsprop.alpha, rmsprop.eps), (hyper("rmsprop", "alpha"), hyper("rmsprop", "eps")));
    let (adam, entry) = (Adam::new(0.1), entries.iter().find(|entry| entry.id() == "adam").unwrap());
    assert_eq!((adam.beta1, adam.beta2), (entry.hyper_at("betas", 0), entry.hyper_at("betas", 1)));
    assert_eq!(adam.eps, entry.hyper("eps"));
    assert_eq!(Momentum::new(0.1).mu, hyper("sgd_momentum", "momentum"));
    assert_eq!(Nesterov::new(0.1).mu, hyper("sgd_nesterov", "momentum"));
}
