//! Every schedule against the rates of the library that has it, and against its formula in 50 digits.

use downhill::optim::schedule::*;
use serde_json::Value;

use super::numbers;

fn reference() -> Value {
    serde_json::from_str(include_str!("../../reference/schedules.json")).unwrap()
}

/// All entries, each with its name.
fn entries(reference: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let of = |library: &str| reference[library].as_array().unwrap().iter();
    of("torch").chain(of("optax")).map(|entry| (entry["id"].as_str().unwrap(), entry))
}

/// The schedule of an entry, from its parameters where they are numbers.
fn schedule(name: &str, entry: &Value) -> Option<Schedule> {
    if entry["framework"].as_str().unwrap().starts_with("torch") {
        of_torch(name, &entry["params"], entry["base_lr"].as_f64().unwrap())
    } else {
        of_optax(name, &entry["params"])
    }
}

fn of_torch(name: &str, params: &Value, lr: f64) -> Option<Schedule> {
    let number = |name: &str| params[name].as_f64().unwrap_or_else(|| panic!("no {name}"));
    let count = |name: &str| params[name].as_u64().unwrap_or_else(|| panic!("no {name}")) as usize;
    let shape = || if params["anneal_strategy"] == "cos" { Shape::Cosine } else { Shape::Linear };
    Some(match name {
        "LambdaLR" => Schedule::of(move |k| lr * 0.95f64.powf(k as f64)),
        "MultiplicativeLR" => Schedule::multiplicative(lr, |_| 0.97),
        "StepLR" => StepDecay::new(lr, count("step_size"), number("gamma")).into(),
        "MultiStepLR" => {
            let milestones: Vec<usize> = numbers(&params["milestones"]).iter().map(|&m| m as usize).collect();
            MultiStepDecay::new(lr, milestones, number("gamma")).into()
        }
        "ConstantLR" => ConstantWarmUp::new(lr, number("factor"), count("total_iters")).into(),
        "LinearLR" | "LinearLR_decay" => {
            Linear::new(lr * number("start_factor"), lr * number("end_factor"), count("total_iters")).into()
        }
        "ExponentialLR" => ExponentialDecay::new(lr, number("gamma")).into(),
        "PolynomialLR" => Polynomial::new(lr, 0.0, number("power"), count("total_iters")).into(),
        "CosineAnnealingLR" | "CosineAnnealingLR_past_Tmax" => {
            CosineAnnealing::new(lr, count("T_max")).end(number("eta_min")).into()
        }
        "CosineAnnealingWarmRestarts" => {
            WarmRestarts::new(lr, count("T_0")).growth(count("T_mult")).end(number("eta_min")).into()
        }
        "CyclicLR_triangular" | "CyclicLR_triangular2" | "CyclicLR_exp_range" => cyclic(params).into(),
        "OneCycleLR_cos" => one_cycle(params).shape(shape()).into(),
        "OneCycleLR_linear_three_phase" => one_cycle(params).shape(shape()).three_phases().into(),
        "SequentialLR_warmup_cosine" => {
            Sequential::new(Linear::new(lr * 0.1, lr, 20)).then(20, CosineAnnealing::new(lr, 180)).into()
        }
        "SequentialLR_const_exp" => {
            Sequential::new(ConstantWarmUp::new(lr, 0.1, 20)).then(20, ExponentialDecay::new(lr, 0.9)).into()
        }
        "ChainedScheduler" => {
            Chained::new(ConstantWarmUp::new(lr, 0.1, 20)).times(ExponentialDecay::new(1.0, 0.98)).into()
        }
        "SWALR_cos" | "SWALR_linear" => {
            SwaAnnealing::new(lr, number("swa_lr")).steps(count("anneal_epochs")).shape(shape()).into()
        }
        _ => return None,
    })
}

fn cyclic(params: &Value) -> Cyclic {
    let number = |name: &str| params[name].as_f64().unwrap();
    let up = params["step_size_up"].as_u64().unwrap() as usize;
    let cyclic = Cyclic::new(number("base_lr"), number("max_lr"), up);
    let cyclic = params["step_size_down"].as_u64().map_or(cyclic, |down| cyclic.down(down as usize));
    cyclic.cycles(match params["mode"].as_str().unwrap() {
        "triangular" => Cycles::Triangular,
        "triangular2" => Cycles::Triangular2,
        _ => Cycles::ExpRange(number("gamma")),
    })
}

/// The divisions and momenta are the defaults on both sides.
fn one_cycle(params: &Value) -> OneCycle {
    let number = |name: &str| params[name].as_f64().unwrap();
    OneCycle::new(number("max_lr"), number("total_steps") as usize).rise(number("pct_start"))
}

fn of_optax(name: &str, params: &Value) -> Option<Schedule> {
    let number = |name: &str| params[name].as_f64().unwrap_or_else(|| panic!("no {name}"));
    let count = |name: &str| params[name].as_u64().unwrap_or_else(|| panic!("no {name}")) as usize;
    let boundaries = || -> Vec<(usize, f64)> {
        let mut all: Vec<_> = params["boundaries_and_scales"].as_object().unwrap().iter().collect();
        all.sort_by_key(|(boundary, _)| boundary.parse::<usize>().unwrap());
        all.iter().map(|(boundary, scale)| (boundary.parse().unwrap(), scale.as_f64().unwrap())).collect()
    };
    let decay =
        |lr: &str| ExponentialDecay::new(number(lr), number("decay_rate")).over(count("transition_steps"));
    Some(match name {
        "constant" => Constant::new(number("value")).into(),
        "linear" => Linear::new(number("init_value"), number("end_value"), count("transition_steps"))
            .begin(count("transition_begin"))
            .into(),
        "polynomial" => {
            let (start, end) = (number("init_value"), number("end_value"));
            let way = Polynomial::new(start, end, number("power"), count("transition_steps"));
            way.begin(count("transition_begin")).into()
        }
        "exponential_decay" => decay("init_value").into(),
        "exponential_decay_staircase" => {
            decay("init_value").stairs().begin(count("transition_begin")).until(number("end_value")).into()
        }
        "cosine_decay" | "cosine_decay_exponent2" => {
            let lr = number("init_value");
            let decay = CosineDecay::new(lr, count("decay_steps")).end(number("alpha") * lr);
            decay.exponent(number("exponent")).into()
        }
        "piecewise_constant" => PiecewiseConstant::new(number("init_value"), boundaries()).into(),
        "piecewise_interpolate_linear" => {
            PiecewiseInterpolated::new(number("init_value"), boundaries(), Shape::Linear).into()
        }
        "piecewise_interpolate_cosine" => {
            PiecewiseInterpolated::new(number("init_value"), boundaries(), Shape::Cosine).into()
        }
        "linear_onecycle" => LinearOneCycle::new(number("peak_value"), count("transition_steps")).into(),
        "cosine_onecycle" => CosineOneCycle::new(number("peak_value"), count("transition_steps")).into(),
        "warmup_constant" => {
            Linear::new(number("init_value"), number("peak_value"), count("warmup_steps")).into()
        }
        "warmup_cosine_decay" => warm_up_cosine(params).into(),
        "warmup_exponential_decay" => {
            let decay = decay("peak_value").until(number("end_value"));
            WarmUpExponential::new(number("init_value"), count("warmup_steps"), decay).into()
        }
        "sgdr" => {
            let cycles: Vec<WarmUpCosine> = params.as_array().unwrap().iter().map(warm_up_cosine).collect();
            Sgdr::new(cycles).into()
        }
        "join_linear_exp_const" => Sequential::new(Linear::new(0.0, 0.1, 20))
            .then(20, ExponentialDecay::new(0.1, 0.5).over(50))
            .then(120, Constant::new(0.005))
            .into(),
        "inverse_time_decay" => InverseTimeDecay::new(number("base"), number("rate")).over(count("T")).into(),
        "inverse_sqrt_warmup (Vaswani)" => InverseSquareRoot::transformer(count("d"), count("w")).into(),
        "wsd (warmup-stable-decay, linear)" => {
            WarmUpStableDecay::new(number("peak"), count("w"), count("s"), count("d"))
                .end(number("end"))
                .into()
        }
        "article_exponential (max_eta*0.9^k floor min_eta)" => {
            ExponentialDecay::new(number("max_eta"), 0.9).until(number("min_eta")).into()
        }
        _ => return None,
    })
}

fn warm_up_cosine(params: &Value) -> WarmUpCosine {
    let number = |name: &str| params[name].as_f64().unwrap();
    let count = |name: &str| params[name].as_u64().unwrap() as usize;
    let (start, peak) = (number("init_value"), number("peak_value"));
    WarmUpCosine::new(start, peak, count("warmup_steps"), count("decay_steps")).end(number("end_value"))
}

/// The largest `|ours - theirs| / of(theirs)`; 0 where they are the same number.
fn worst(ours: impl Fn(usize) -> f64, theirs: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let error = |(k, &theirs): (usize, &f64)| {
        let ours = ours(k);
        if ours == theirs { 0.0 } else { (ours - theirs).abs() / of(theirs) }
    };
    theirs.iter().enumerate().map(error).fold(0.0, |worst, e| if e <= worst { worst } else { e })
}

/// Relative to the rate itself, at every step.
#[test]
fn every_schedule_is_its_formula_to_1e_15() {
    let reference = reference();
    let mut compared = 0;
    for (name, entry) in entries(&reference).filter(|(_, entry)| entry["metric"].is_null()) {
        let schedule = schedule(name, entry).unwrap_or_else(|| panic!("no schedule for {name}"));
        let exact = numbers(&entry["exact"]);
        let error = worst(|k| schedule.rate(k), &exact, f64::abs);
        // The square of a rate that is itself right to 5e-16.
        let bar = if name == "cosine_decay_exponent2" { 2e-15 } else { 1e-15 };
        assert!(error <= bar, "{name}: {error:.2e}");
        compared += exact.len();
    }
    assert_eq!(compared, 43 * 101);
}

/// In itself, and relative to the rate or to the highest rate of the schedule, whichever is larger: that is what a library's
/// rate, computed from the one before, is right to.
#[test]
fn every_schedule_is_that_of_the_library_to_1e_15_of_the_highest_rate() {
    let reference = reference();
    let mut compared = 0;
    for (name, entry) in entries(&reference).filter(|(_, entry)| entry["metric"].is_null()) {
        let schedule = schedule(name, entry).unwrap_or_else(|| panic!("no schedule for {name}"));
        let values = numbers(&entry["values"]);
        let highest = values.iter().fold(0.0f64, |highest, v| highest.max(*v));
        let error = worst(|k| schedule.rate(k), &values, |rate| rate.max(highest));
        // This one is itself 1.2e-15 off its formula in 50 digits, after 100 steps of PyTorch's recursion.
        let bar = if name == "LinearLR_decay" { 1.3e-15 } else { 1e-15 };
        let apart = worst(|k| schedule.rate(k), &values, |_| 1.0);
        assert!(error <= bar && apart <= 1e-15, "{name}: {error:.2e}, {apart:.2e}");
        compared += values.len();
    }
    assert_eq!(compared, 43 * 101);
}

#[test]
fn momenta_go_the_other_way_round_as_in_the_library() {
    let reference = reference();
    for (name, entry) in entries(&reference).filter(|(_, entry)| !entry["momentum_values"].is_null()) {
        let momentum: Box<dyn Fn(usize) -> f64> = match name {
            "CyclicLR_triangular2" => {
                let cyclic = cyclic(&entry["params"]);
                Box::new(move |k| cyclic.momentum(k))
            }
            _ => {
                let one_cycle = one_cycle(&entry["params"]);
                Box::new(move |k| one_cycle.momentum(k))
            }
        };
        for of in ["momentum_values", "momentum_exact"] {
            let values = numbers(&entry[of]);
            let error = worst(&momentum, &values, f64::abs);
            assert!(values.len() == 201 && error <= 1e-15, "{name}, {of}: {error:.2e}");
        }
    }
}

/// The cuts are the same products; the reference is read to a unit in the last place.
#[test]
fn a_plateau_is_cut_where_the_library_cuts_it() {
    let reference = reference();
    let mut cuts = Vec::new();
    for (name, entry) in entries(&reference).filter(|(_, entry)| !entry["metric"].is_null()) {
        let plateau = match name {
            "ReduceLROnPlateau" => ReduceOnPlateau::new(0.1).factor(0.5).cooldown(3).lowest(1e-4),
            "ReduceLROnPlateau_max_abs" => {
                ReduceOnPlateau::new(0.1).maximize().patience(5).threshold(0.0, 0.01)
            }
            _ => ReduceOnPlateau::new(1.0).factor(0.5).patience(9).cooldown(3).lowest(1e-3).eps(0.0),
        };
        let (mut plateau, values) = (plateau, numbers(&entry["values"]));
        let mut rate = plateau.lr;
        for (k, (&value, metric)) in values.iter().zip(numbers(&entry["metric"])).enumerate() {
            assert!((rate - value).abs() <= f64::EPSILON * value, "{name}, step {k}: {rate}, not {value}");
            rate = plateau.observe(metric);
        }
        cuts.push(values.windows(2).filter(|pair| pair[0] != pair[1]).count());
    }
    assert!(cuts.len() == 3 && cuts.iter().all(|&cuts| cuts > 0), "{cuts:?}");
}

#[test]
fn the_defaults_are_those_of_the_libraries() {
    let cycle = OneCycle::new(0.1, 10);
    assert_eq!((cycle.rise, cycle.division, cycle.final_division), (0.3, 25.0, 1e4));
    assert_eq!((cycle.low_momentum, cycle.high_momentum), (0.85, 0.95));
    assert_eq!((cycle.shape, cycle.three_phases), (Shape::Cosine, false));
    let linear = LinearOneCycle::new(0.1, 10);
    assert_eq!((linear.rise, linear.back, linear.division, linear.final_division), (0.3, 0.85, 25.0, 1e4));
    let cosine = CosineOneCycle::new(0.1, 10);
    assert_eq!((cosine.rise, cosine.division, cosine.final_division), (0.3, 25.0, 1e4));
    let cyclic = Cyclic::new(0.1, 0.2, 10);
    assert_eq!((cyclic.down, cyclic.low_momentum, cyclic.high_momentum), (10, 0.8, 0.9));
    let swa = SwaAnnealing::new(0.1, 0.2);
    assert_eq!((swa.steps, swa.shape), (10, Shape::Cosine));
    let plateau = ReduceOnPlateau::new(0.1);
    assert_eq!((plateau.factor, plateau.patience, plateau.cooldown), (0.1, 10, 0));
    assert_eq!((plateau.relative, plateau.absolute), (1e-4, 0.0));
    assert_eq!((plateau.lowest, plateau.eps, plateau.mean_of), (0.0, 1e-8, 1));
}
