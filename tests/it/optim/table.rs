//! The update rules, a row each, and what is known of them; [`super::rules`] says what holds of all rows.

use std::fmt::Debug;

use downhill::optim::{
    AcProp, AdEmaMix, AdaBelief, AdaDelta, AdaGrad, Adafactor, Adam, AdamW, Adamax, Adan, Adopt, AmsGrad,
    Asgd, BoxedRule, Cocob, DAdaptAdamW, DoG, DoWG, Fromage, GradientDescent, Lamb, Lars, LearningRate, Lion,
    MadGrad, Mechanic, Momentum, MomentumMix, Momo, MomoAdam, Muon, NAdam, Nesterov, NovoGrad,
    OptimisticAdam, OptimisticGradient, PolyakSgd, Prodigy, RAdam, Rated, RmsProp, Rprop, Rule,
    ScheduleFreeAdamW, ScheduleFreeSgd, Sgd, SignSgd, Signum, SimplifiedAdEmaMix, Sm3, Yogi,
};
use downhill::params::Element;

/// A rule, and what is known of it.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// Good rates for a bowl ([`QUAD10`](super::QUAD10)), a banana-shaped valley ([`BANANA`](super::BANANA)) and Beale's
    /// function ([`BEALE`](super::BEALE)).
    pub(super) rates: [f64; 3],
    double: BoxedRule<f64>,
    single: BoxedRule<f32>,
    /// By how much a variable falls in the first step, from the rate, the variable and its slope.
    pub(super) first: Option<fn(f64, f64, f64) -> f64>,
    /// Whether the path is the same for a gradient a thousand times as large.
    pub(super) scale_free: bool,
    /// Whether `x` stays where it is without any slope from the beginning.
    pub(super) rests: bool,
    /// Whether steps stay bounded on a slope that never ends.
    pub(super) bounded: bool,
}

impl Row {
    /// The rule that `make` makes, at good rates for a bowl, a banana-shaped valley, and Beale's function.
    fn new<R>(name: &'static str, rates: [f64; 3], make: fn(LearningRate) -> R) -> Row
    where
        R: Rule<f64, State: Send + Sync + 'static> + Rule<f32, State: Send + Sync + 'static>,
        R: Clone + Debug + Send + Sync + 'static,
    {
        let rule = make(rates[0].into());
        let (double, single) = (rule.clone().boxed(), rule.boxed());
        Row { name, rates, double, single, first: None, scale_free: false, rests: true, bounded: true }
    }

    /// Whose first step is `first` of the rate, the variable and its slope, as long as all variables are of one size.
    fn first(self, first: fn(f64, f64, f64) -> f64) -> Row {
        Row { first: Some(first), ..self }
    }

    /// Whose path does not depend on the size of the gradient.
    fn scale_free(self) -> Row {
        Row { scale_free: true, ..self }
    }

    /// Which moves without any slope: by weight decay, say.
    fn restless(self) -> Row {
        Row { rests: false, ..self }
    }

    /// Whose steps grow exponentially on a slope that never ends.
    fn bets(self) -> Row {
        Row { bounded: false, ..self }
    }

    /// The rule at a rate for the bowl.
    pub(super) fn rule<T: Boxed>(&self) -> BoxedRule<T> {
        T::of(self).clone()
    }

    /// The rule at another rate.
    pub(super) fn at(&self, lr: impl Into<LearningRate>) -> BoxedRule {
        let mut rule = self.double.clone();
        rule.set_lr(lr.into());
        rule
    }
}

/// `f32` and `f64`.
pub(super) trait Boxed: Element {
    fn of(row: &Row) -> &BoxedRule<Self>;
}

impl Boxed for f64 {
    fn of(row: &Row) -> &BoxedRule<f64> {
        &row.double
    }
}

impl Boxed for f32 {
    fn of(row: &Row) -> &BoxedRule<f32> {
        &row.single
    }
}

/// The table.
pub(super) fn rules() -> Vec<Row> {
    let mut rows = simple();
    rows.extend(of_squares());
    rows.extend(of_adams_family());
    rows.extend(of_signs_arrays_and_estimates());
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

fn of_signs_arrays_and_estimates() -> Vec<Row> {
    vec![
        Row::new("acprop", [0.005, 2e-4, 2e-4], AcProp::new),
        Row::new("ademamix", [0.02, 0.01, 0.01], |lr| AdEmaMix::new(lr).beta3(0.99).alpha(1.0)),
        Row::new("adan", [0.05, 0.01, 0.01], Adan::new),
        Row::new("adopt", [0.1, 0.01, 0.01], Adopt::new),
        Row::new("cocob", [1.0, 1.0, 1.0], Cocob::new).bets(),
        Row::new("dadapt adamw", [0.3, 0.3, 0.3], DAdaptAdamW::new).bets(),
        Row::new("dog", [1.0, 1.0, 1.0], DoG::new),
        Row::new("dowg", [1.0, 1.0, 1.0], DoWG::new).bets(),
        Row::new("fromage", [0.03, 0.003, 0.003], Fromage::new).restless(), // it shrinks x
        Row::new("lamb", [0.02, 0.003, 0.003], Lamb::new),
        Row::new("lars", [1.0, 0.1, 0.1], Lars::new),
        Row::new("lion", [0.01, 0.001, 0.001], |lr| Lion::new(lr).weight_decay(0.0)),
        Row::new("madgrad", [0.02, 0.005, 0.005], MadGrad::new),
        Row::new("mechanic", [0.01, 1e-5, 1e-5], |lr| Mechanic::new(GradientDescent::new(lr))),
        Row::new("momo", [0.01, 0.001, 0.001], Momo::new),
        Row::new("momo adam", [0.02, 0.01, 0.01], MomoAdam::new),
        Row::new("muon", [0.02, 0.01, 0.01], |lr| Muon::new(lr).weight_decay(0.0).adam()),
        Row::new("novograd", [0.003, 0.003, 0.003], NovoGrad::new),
        Row::new("optimistic adam", [0.02, 0.01, 0.01], OptimisticAdam::new),
        Row::new("optimistic gradient", [0.005, 1e-4, 1e-4], OptimisticGradient::new),
        Row::new("polyak sgd", [0.01, 0.001, 0.001], PolyakSgd::new),
        Row::new("prodigy", [0.3, 0.3, 0.3], Prodigy::new).bets(),
        Row::new("schedule-free adamw", [0.05, 0.01, 0.01], |lr| ScheduleFreeAdamW::new(lr).warmup(5)),
        Row::new("schedule-free sgd", [0.015, 2e-4, 2e-4], ScheduleFreeSgd::new),
        Row::new("sign sgd", [0.017, 0.001, 0.001], SignSgd::new),
        Row::new("signum", [0.01, 0.001, 0.001], Signum::new),
        Row::new("simplified ademamix", [2e-4, 1e-4, 1e-4], SimplifiedAdEmaMix::new),
        Row::new("sm3", [0.5, 0.1, 0.1], Sm3::new),
    ]
}
