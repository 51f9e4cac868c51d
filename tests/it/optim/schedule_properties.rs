//! What holds for schedules of any settings: no step, however late, is without a rate; ends are met; what falls, falls.

use downhill::optim::schedule::*;
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::misuse::{Mistake, mistake};

const SHAPES: [Shape; 3] = [Shape::Linear, Shape::Cosine, Shape::Root];
const LENGTHS: [usize; 7] = [0, 1, 2, 7, 100, 1 << 53, usize::MAX];

/// The first steps, those about the lengths, those about powers of two, and the last ones there are.
fn steps() -> Vec<usize> {
    let mut steps: Vec<usize> = (0..320).collect();
    for bit in 9..usize::BITS {
        steps.extend((-1isize..=1).map(|by| (1usize << bit).wrapping_add_signed(by)));
    }
    steps.extend([usize::MAX - 2, usize::MAX - 1, usize::MAX]);
    steps
}

/// Those that go from one rate to another in so many steps, with the step at which they are there.
fn ways(start: f64, end: f64, n: usize) -> Vec<(Schedule, usize)> {
    let mut ways: Vec<(Schedule, usize)> = vec![
        (Linear::new(start, end, n).into(), n),
        (Linear::new(start, end, n).begin(5).into(), n.saturating_add(5)),
        (Polynomial::new(start, end, 2.0, n).into(), n),
        (Polynomial::new(start, end, 0.5, n).begin(3).into(), n.saturating_add(3)),
        (CosineDecay::new(start, n).end(end).into(), n),
        (CosineDecay::new(start, n).end(end).exponent(3.0).into(), n),
        (Sgdr::new([WarmUpCosine::new(start, start, 0, n).end(end)]).into(), n),
    ];
    for shape in SHAPES {
        ways.push((SwaAnnealing::new(start, end).steps(n).shape(shape).into(), n));
        let stable = WarmUpStableDecay::new(start, 0, 11, n).end(end).shape(shape);
        ways.push((stable.into(), n.saturating_add(11)));
    }
    ways
}

/// Every kind of schedule with every length, 0 included, which constructors refuse for periods and fields allow.
fn specimens() -> Vec<Schedule> {
    let mut all: Vec<Schedule> = vec![
        Constant::new(0.1).into(),
        Schedule::of(|k| 0.1 / (k as f64 + 1.0)),
        MultiStepDecay::new(0.1, [0, 30, 30, usize::MAX], 0.3).into(),
        PiecewiseConstant::new(0.1, [(0, 0.5), (100, 0.0), (usize::MAX, 2.0)]).into(),
        ExponentialDecay::new(0.0, 2.0).into(),
        ExponentialDecay::new(0.1, 2.0).until(0.7).into(),
        ExponentialDecay::new(0.1, 0.0).into(),
        InverseTimeDecay::new(0.1, 0.0).into(),
    ];
    for n in LENGTHS {
        all.extend(ways(0.3, 0.001, n).into_iter().map(|(schedule, _)| schedule));
        all.extend(ways(0.0, 0.3, n).into_iter().map(|(schedule, _)| schedule));
        all.extend(of_length(n));
    }
    let pair = Chained::new(all[1].clone()).times(Linear::new(0.0, 1.0, 9));
    all.push(Sequential::new(pair).then(50, all[8].clone()).then(usize::MAX, Constant::new(1.0)).into());
    all
}

fn of_length(n: usize) -> Vec<Schedule> {
    let exponential = ExponentialDecay { over: n, ..ExponentialDecay::new(0.1, 0.9) };
    let inverse = InverseTimeDecay { over: n, ..InverseTimeDecay::new(0.1, 0.5) };
    let cyclic = Cyclic { up: n, ..Cyclic::new(0.01, 0.1, 3) };
    let restarts = WarmRestarts { period: n, ..WarmRestarts::new(0.1, 1) };
    let one_cycle = OneCycle { steps: n, ..OneCycle::new(0.1, 1) };
    let mut all: Vec<Schedule> = vec![
        ConstantWarmUp::new(0.1, 0.5, n).into(),
        StepDecay { lr: 0.1, every: n, factor: 0.5 }.into(),
        exponential.into(),
        exponential.stairs().begin(n).until(0.03).into(),
        CosineAnnealing { lr: 0.1, steps: n, end: 0.01 }.into(),
        restarts.into(),
        WarmRestarts { growth: n, ..restarts }.into(),
        restarts.growth(3).end(0.2).into(),
        WarmUpCosine::new(0.0, 0.1, n, n).into(),
        WarmUpCosine::new(0.0, 0.1, 10, n).into(),
        WarmUpExponential::new(0.0, n, exponential).into(),
        CosineOneCycle { steps: n, ..CosineOneCycle::new(0.1, 1) }.into(),
        LinearOneCycle { steps: n, ..LinearOneCycle::new(0.1, 1) }.phases(0.0, 1.0).into(),
        inverse.into(),
        inverse.stairs().into(),
        InverseSquareRoot::new(0.1, n).into(),
        InverseSquareRoot::transformer(512, n).into(),
        WarmUpStableDecay::new(0.1, n, n, n).into(),
        Sgdr::new([WarmUpCosine::new(0.0, 0.1, n, n), WarmUpCosine::new(0.0, 0.1, 1, n)]).into(),
    ];
    for rise in [0.0, 0.3, 0.5, 1.0] {
        all.extend([one_cycle.rise(rise).into(), one_cycle.rise(rise).three_phases().into()]);
    }
    for cycles in [Cycles::Triangular, Cycles::Triangular2, Cycles::ExpRange(0.99)] {
        all.extend([0, 5, n].map(|down| cyclic.down(down).cycles(cycles).into()));
    }
    for shape in SHAPES {
        all.push(PiecewiseInterpolated::new(0.1, [(n / 2, 0.5), (n.max(1), 2.0)], shape).into());
    }
    all
}

#[test]
fn every_step_has_a_rate_up_to_the_last_number_there_is() {
    let (specimens, steps) = (specimens(), steps());
    assert!(specimens.len() > 300 && steps.len() > 400);
    for schedule in &specimens {
        for &step in &steps {
            let rate = schedule.rate(step);
            assert!(rate.is_finite() && rate >= 0.0, "{rate} at step {step} of {schedule:?}");
        }
    }
}

#[test]
fn momenta_stay_between_their_two_ends() {
    for n in LENGTHS {
        let cycle = OneCycle { steps: n, ..OneCycle::new(0.1, 1) };
        for cycle in [cycle, cycle.rise(0.5).three_phases(), cycle.rise(0.0), cycle.shape(Shape::Linear)] {
            let cyclic = Cyclic { up: n, ..Cyclic::new(0.0, 1.0, 7) }.momenta(0.85, 0.95);
            for step in steps() {
                for momentum in [cycle.momentum(step), cyclic.momentum(step)] {
                    assert!(
                        (0.85..=0.95).contains(&momentum),
                        "{momentum} at {step} of {cycle:?} or {cyclic:?}"
                    );
                }
            }
        }
    }
}

/// `multiplicative`, which remembers, gives the same bits in any order.
#[test]
fn a_schedule_is_a_function_of_the_step() {
    let mut specimens = specimens();
    specimens.push(Schedule::multiplicative(0.1, |k| 1.0 - 1.0 / (k as f64 + 1.0).powi(2)));
    let mut random = StdRng::seed_from_u64(7);
    for schedule in &specimens {
        let in_order: Vec<u64> = (0..200).map(|step| schedule.rate(step).to_bits()).collect();
        let copy = schedule.clone();
        for _ in 0..100 {
            let step = random.random_range(0..200);
            assert_eq!(schedule.rate(step).to_bits(), in_order[step], "step {step} of {schedule:?}");
            assert_eq!(copy.rate(step).to_bits(), in_order[step], "step {step} of a copy of {schedule:?}");
        }
    }
}

#[test]
fn a_way_begins_and_ends_at_its_ends_and_never_turns() {
    let ends =
        [(0.3, 0.001), (0.001, 0.3), (0.1, 0.0), (0.0, 0.1), (1.0 / 3.0, 0.1), (0.7, 0.7), (1e300, 1e-300)];
    for (start, end) in ends {
        for n in [0, 1, 2, 3, 10, 97, 1_000] {
            for (schedule, there) in ways(start, end, n) {
                if n > 0 {
                    assert_eq!(schedule.rate(0), start, "{schedule:?}");
                }
                for step in [there, there + 1, usize::MAX] {
                    assert_eq!(schedule.rate(step), end, "step {step} of {schedule:?}");
                }
                let rates: Vec<f64> = (0..there + 2).map(|step| schedule.rate(step)).collect();
                let falls = |a: f64, b: f64| if start > end { a >= b } else { a <= b };
                assert!(rates.is_sorted_by(|&a, &b| falls(a, b)), "{schedule:?}: {rates:?}");
            }
        }
    }
}

/// Warm-ups of 0 steps are none, and decays without an end fall for ever.
#[test]
fn what_falls_falls_for_ever() {
    let exponential = ExponentialDecay::new(0.1, 0.97);
    let falling: [Schedule; 9] = [
        exponential.into(),
        exponential.over(7).stairs().into(),
        exponential.until(0.02).into(),
        StepDecay::new(0.1, 13, 0.5).into(),
        MultiStepDecay::new(0.1, [10, 20, 20, 500], 0.1).into(),
        InverseTimeDecay::new(0.1, 0.3).into(),
        InverseSquareRoot::new(0.1, 0).into(),
        WarmUpExponential::new(0.0, 0, exponential).into(),
        WarmUpCosine::new(0.0, 0.1, 0, 700).into(),
    ];
    for schedule in falling {
        let rates: Vec<f64> = (0..2_000).map(|step| schedule.rate(step)).collect();
        assert_eq!(rates[0], 0.1, "{schedule:?}");
        assert!(rates.is_sorted_by(|a, b| a >= b), "{schedule:?}");
    }
}

/// PyTorch's own way of counting: `T_cur` one up each step, back to 0 at `T_i`, which grows.
#[test]
fn restarts_come_when_a_counter_runs_over() {
    for (period, growth) in [(1, 1), (1, 2), (2, 3), (5, 1), (7, 2), (20, 5)] {
        let lr = WarmRestarts::new(1.0, period).growth(growth).end(0.25);
        let (mut within, mut length) = (0, period);
        for step in 0..3_000 {
            let wave = (1.0 + (std::f64::consts::PI * within as f64 / length as f64).cos()) / 2.0;
            let expected = 0.25 + 0.75 * wave;
            assert!((lr.rate(step) - expected).abs() < 1e-14, "step {step} of {lr:?}");
            within += 1;
            if within == length {
                (within, length) = (0, length * growth);
            }
        }
    }
}

#[test]
fn cycles_repeat_and_shrink() {
    let cyclic = Cyclic::new(0.1, 0.9, 4).down(6);
    let halved = cyclic.cycles(Cycles::Triangular2);
    let shrinking = cyclic.cycles(Cycles::ExpRange(0.9));
    for step in 0..100 {
        assert_eq!(cyclic.rate(step), cyclic.rate(step + 10));
        let height = (cyclic.rate(step) - 0.1) / 0.8;
        let expected = 0.1 + 0.8 * height * 0.5f64.powi(step as i32 / 10);
        assert!((halved.rate(step) - expected).abs() < 1e-15);
        let expected = 0.1 + 0.8 * height * 0.9f64.powi(step as i32);
        assert!((shrinking.rate(step) - expected).abs() < 1e-15);
        // The momentum turns where the rate does.
        assert!((cyclic.momentum(step) - (0.9 - 0.1 * height)).abs() < 1e-15);
    }
}

#[test]
fn parts_of_a_sequence_count_from_their_boundaries() {
    let counting = |from: usize| Schedule::of(move |k| (from + k) as f64);
    let sequence =
        Sequential::new(counting(0)).then(3, counting(100)).then(7, counting(200)).then(7, counting(300));
    let rates: Vec<f64> = (0..10).map(|step| sequence.rate(step)).collect();
    assert_eq!(rates, [0.0, 1.0, 2.0, 100.0, 101.0, 102.0, 103.0, 300.0, 301.0, 302.0]);
    // A boundary of 0 leaves nothing of the first part, and sequences go into sequences.
    let nested = Sequential::new(counting(50))
        .then(0, sequence.clone())
        .then(8, Chained::new(sequence).times(counting(2)));
    let rates: Vec<f64> = (0..10).map(|step| nested.rate(step)).collect();
    assert_eq!(rates, [0.0, 1.0, 2.0, 100.0, 101.0, 102.0, 103.0, 300.0, 0.0, 3.0]);
}

#[test]
fn a_plateau_is_left_alone_while_it_improves_and_by_no_more_than_asked() {
    // Each 1% better: enough for a threshold of 0.9%, too little for one of 1.1%.
    let losses: Vec<f64> = (0..60).map(|k| 0.99f64.powi(k)).collect();
    let run = |mut plateau: ReduceOnPlateau, values: &[f64]| {
        values.iter().map(|&value| plateau.observe(value)).last().unwrap()
    };
    let with = |relative, absolute| ReduceOnPlateau::new(1.0).patience(0).threshold(relative, absolute);
    assert_eq!(run(with(0.009, 0.0), &losses), 1.0);
    assert!(run(with(0.011, 0.0), &losses) < 1.0);
    assert_eq!(run(with(0.0, 0.005), &losses), 1.0);
    assert!(run(with(0.0, 0.011), &losses) < 1.0);
    // The same upwards.
    let gains: Vec<f64> = losses.iter().map(|loss| 1.0 / loss).collect();
    assert_eq!(run(with(0.009, 0.0).maximize(), &gains), 1.0);
    assert!(run(with(0.011, 0.0).maximize(), &gains) < 1.0);
    assert!(run(with(0.0, 0.0), &gains) < 1.0);
    // Neither NaN nor an infinite loss is an improvement, be it the first.
    let mut plateau = with(0.0, 0.0).factor(0.5);
    assert_eq!(
        [f64::NAN, f64::INFINITY, 3.0, f64::NAN].map(|v| plateau.observe(v)),
        [0.5, 0.25, 0.25, 0.125]
    );
    assert_eq!(plateau.best(), Some(3.0));
}

#[test]
fn the_settings_of_a_plateau_do_what_they_say() {
    let flat = |plateau: ReduceOnPlateau, n: usize| {
        let mut plateau = plateau;
        (0..n).map(|_| plateau.observe(1.0)).collect::<Vec<f64>>()
    };
    let halve = ReduceOnPlateau::new(1.0).factor(0.5);
    // The first is the best, two are let pass, the third cuts.
    assert_eq!(flat(halve.patience(2), 8), [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]);
    // A cooldown of 2 holds two more.
    assert_eq!(flat(halve.patience(0).cooldown(2), 8), [1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]);
    assert_eq!(flat(halve.patience(0).lowest(0.3), 4), [1.0, 0.5, 0.3, 0.3]);
    // A cut from 0.5 to 0.25 is by no more than 0.25.
    assert_eq!(flat(halve.patience(0).eps(0.25), 4), [1.0, 0.5, 0.5, 0.5]);
    // Means of three: 2, then 2.
    let mut plateau = halve.patience(0).mean_of(3);
    assert_eq!([1.0, 2.0, 3.0, 3.0, 3.0, 0.0].map(|v| plateau.observe(v)), [1.0, 1.0, 1.0, 1.0, 1.0, 0.5]);
    assert_eq!(plateau.best(), Some(2.0));
    plateau.reset();
    assert_eq!((plateau.best(), plateau.lr, plateau.mean_of), (None, 0.5, 3));
}

#[test]
fn schedules_cross_threads_and_are_compared_by_their_settings() {
    fn assert_sendable<T: Send + Sync + Clone + std::fmt::Debug + PartialEq + 'static>() {}
    assert_sendable::<Schedule>();
    assert_sendable::<ReduceOnPlateau>();
    let specimens = specimens();
    for schedule in &specimens {
        assert_eq!(schedule, &schedule.clone());
    }
    assert_ne!(Schedule::from(Linear::new(0.0, 1.0, 5)), Linear::new(0.0, 1.0, 6).into());
    assert_eq!(format!("{:?}", Schedule::of(|_| 1.0)), "Closure(closure)");
}

#[test]
fn schedules_and_plateaus_come_back_from_files() {
    let closure = Schedule::of(|_| 1.0);
    let named = specimens().into_iter().filter(|schedule| !format!("{schedule:?}").contains("closure"));
    for schedule in named {
        let file = serde_json::to_value(&schedule).unwrap();
        assert_eq!(serde_json::from_value::<Schedule>(file).unwrap(), schedule);
    }
    let text = serde_json::to_string(&Schedule::from(StepDecay::new(0.1, 30, 0.5))).unwrap();
    assert_eq!(text, r#"{"StepDecay":{"lr":0.1,"every":30,"factor":0.5}}"#);

    let lost = serde_json::to_string(&Schedule::from(Chained::new(closure))).unwrap_err().to_string();
    assert!(lost.contains("give it again by code, with Schedule::of"), "{lost}");
    let lost = serde_json::from_str::<Schedule>(r#"{"Closure":null}"#).unwrap_err().to_string();
    assert!(lost.contains("give it again by code, with Schedule::of"), "{lost}");

    let mut plateau = ReduceOnPlateau::new(0.1).factor(0.5).patience(2).cooldown(1).mean_of(2);
    let values: Vec<f64> = (0..60).map(|k| 1.0 + (k as f64).sin() / (1.0 + k as f64)).collect();
    for split in 0..values.len() {
        let mut resumed: ReduceOnPlateau =
            serde_json::from_value(serde_json::to_value(plateau).unwrap()).unwrap();
        let mut going = plateau;
        for &value in &values[split..] {
            assert_eq!(resumed.observe(value), going.observe(value));
        }
        assert_eq!(resumed, going);
        plateau.observe(values[split]);
    }
    assert!(plateau.lr < 0.1);
}

/// Checks where a mistake was reported, and that its message has these words.
#[track_caller]
fn check<T>(line: u32, words: [&str; 2], f: impl FnOnce() -> T) {
    let Mistake { file, line: reported, message } = mistake(f);
    assert!(words.iter().all(|words| message.contains(words)), "{message}");
    assert_eq!((file.as_str(), reported), (file!(), line), "{message}");
}

/// With what was given and what was needed.
#[test]
fn mistakes_are_reported_where_they_are_made() {
    const NAN: f64 = f64::NAN;
    check(line!(), ["stairs of 0 steps", "at least 1"], || StepDecay::new(0.1, 0, 0.5));
    check(line!(), ["factor -1", "at least 0"], || StepDecay::new(0.1, 3, -1.0));
    check(line!(), ["no milestones", "take Constant"], || MultiStepDecay::new(0.1, [], 0.5));
    check(line!(), ["[80, 30]", "sort them"], || MultiStepDecay::new(0.1, [80, 30], 0.5));
    check(line!(), ["factor NaN", "finite"], || MultiStepDecay::new(0.1, [80], NAN));
    check(line!(), ["factor NaN", "finite"], || ExponentialDecay::new(0.1, NAN));
    check(line!(), ["given 0 steps", "at least 1"], || ExponentialDecay::new(0.1, 0.9).over(0));
    check(line!(), ["power -2", "at least 0"], || Polynomial::new(0.1, 0.0, -2.0, 5));
    check(line!(), ["exponent NaN", "at least 0"], || CosineDecay::new(0.1, 5).exponent(NAN));
    check(line!(), ["0 steps", "at least 1"], || CosineAnnealing::new(0.1, 0));
    check(line!(), ["period of 0 steps", "at least 1"], || WarmRestarts::new(0.1, 0));
    check(line!(), ["given 0", "at least 1"], || WarmRestarts::new(0.1, 5).growth(0));
    check(line!(), ["no cycles", "at least 1"], || Sgdr::new([]));
    check(line!(), ["exponent -1", "at least 0"], || WarmUpCosine::new(0.0, 0.1, 1, 2).exponent(-1.0));
    check(line!(), ["no boundaries", "take Constant"], || PiecewiseConstant::new(0.1, []));
    check(line!(), ["(5, 0.5), (5, 0.5)", "sort them"], || PiecewiseConstant::new(0.1, [(5, 0.5); 2]));
    check(line!(), ["factor -1 at step 5", "finite"], || PiecewiseConstant::new(0.1, [(5, -1.0)]));
    let shape = Shape::Linear;
    check(line!(), ["no boundaries", "at least 1"], || PiecewiseInterpolated::new(0.1, [], shape));
    let back = [(5, 1.0), (4, 1.0)];
    check(line!(), ["[(5, 1.0), (4, 1.0)]"; 2], || PiecewiseInterpolated::new(0.1, back, shape));
    check(line!(), ["OneCycle::new was given 0 steps", "at least 1"], || OneCycle::new(0.1, 0));
    check(line!(), ["given 1.5", "from 0 to 1"], || OneCycle::new(0.1, 9).rise(1.5));
    check(line!(), ["given 0", "above 0"], || OneCycle::new(0.1, 9).division(0.0));
    check(line!(), ["given NaN", "above 0"], || OneCycle::new(0.1, 9).final_division(NAN));
    check(line!(), ["given 0 steps", "at least 1"], || CosineOneCycle::new(0.1, 0));
    check(line!(), ["given -0.1", "from 0 to 1"], || CosineOneCycle::new(0.1, 9).rise(-0.1));
    check(line!(), ["given -1", "above 0"], || CosineOneCycle::new(0.1, 9).division(-1.0));
    check(line!(), ["given -1", "above 0"], || CosineOneCycle::new(0.1, 9).final_division(-1.0));
    check(line!(), ["given 0 steps", "at least 1"], || LinearOneCycle::new(0.1, 0));
    check(line!(), ["given 2", "from 0 to 1"], || LinearOneCycle::new(0.1, 9).phases(0.5, 2.0));
    check(line!(), ["a peak at 0.5", "first"], || LinearOneCycle::new(0.1, 9).phases(0.5, 0.4));
    check(line!(), ["given -1", "above 0"], || LinearOneCycle::new(0.1, 9).division(-1.0));
    check(line!(), ["given -1", "above 0"], || LinearOneCycle::new(0.1, 9).final_division(-1.0));
    check(line!(), ["0 steps to rise", "at least 1"], || Cyclic::new(0.0, 0.1, 0));
    check(line!(), ["γ = 1.1", "0 and 1"], || Cyclic::new(0.0, 0.1, 5).cycles(Cycles::ExpRange(1.1)));
    check(line!(), ["decay -1", "at least 0"], || InverseTimeDecay::new(0.1, -1.0));
    check(line!(), ["given 0 steps", "at least 1"], || InverseTimeDecay::new(0.1, 1.0).over(0));
    check(line!(), ["width 0", "such as 512"], || InverseSquareRoot::transformer(0, 10));
    let sequence = Sequential::new(Constant::new(0.1)).then(20, Constant::new(0.2));
    check(line!(), ["boundary 19, and 20 before", "ascend"], || sequence.then(19, Constant::new(0.3)));
    check(line!(), ["given 1;", "less than 1"], || ReduceOnPlateau::new(0.1).factor(1.0));
    check(line!(), ["-1 (absolute)", "at least 0"], || ReduceOnPlateau::new(0.1).threshold(0.1, -1.0));
    check(line!(), ["0 observations", "at least 1"], || ReduceOnPlateau::new(0.1).mean_of(0));
}

/// Where the numbers are round, and beyond the steps of the reference.
#[test]
fn landmarks_are_where_the_formulas_put_them() {
    let part = 41.0 / 101.0;
    let cycle = OneCycle::new(1.0, 101).rise(part).shape(Shape::Linear).division(4.0).final_division(5.0);
    let linear = LinearOneCycle::new(1.0, 100).phases(0.4, 0.8).division(4.0).final_division(5.0);
    let cosine = CosineOneCycle::new(1.0, 100).rise(0.4).division(4.0).final_division(5.0);
    let rows: [(Schedule, &[(usize, f64)]); 6] = [
        (cycle.into(), &[(0, 0.25), (20, 0.625), (40, 1.0), (70, 0.525), (100, 0.05), (999, 0.05)]),
        (
            cycle.three_phases().into(),
            &[(20, 0.625), (40, 1.0), (60, 0.625), (80, 0.25), (90, 0.15), (100, 0.05), (999, 0.05)],
        ),
        (linear.into(), &[(20, 0.625), (40, 1.0), (60, 0.625), (80, 0.25), (90, 0.15), (100, 0.05)]),
        (cosine.into(), &[(0, 0.25), (20, 0.625), (40, 1.0), (70, 0.525), (100, 0.05), (999, 0.05)]),
        (
            WarmUpStableDecay::new(1.0, 10, 20, 40).end(0.2).into(),
            &[(0, 0.0), (5, 0.5), (10, 1.0), (30, 1.0), (50, 0.6), (70, 0.2), (999, 0.2)],
        ),
        (Schedule::multiplicative(1.0, |k| k as f64), &[(0, 1.0), (5, 120.0), (3, 6.0)]),
    ];
    for (schedule, landmarks) in &rows {
        for &(step, expected) in *landmarks {
            let rate = schedule.rate(step);
            assert!((rate - expected).abs() < 1e-14, "step {step} of {schedule:?}: {rate}, not {expected}");
        }
    }
    let momenta = [0, 20, 40, 60, 80, 100].map(|step| cycle.three_phases().momentum(step));
    for (momentum, expected) in momenta.into_iter().zip([0.95, 0.9, 0.85, 0.9, 0.95, 0.95]) {
        assert!((momentum - expected).abs() < 1e-14, "{momenta:?}");
    }
}
