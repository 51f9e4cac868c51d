//! A step of an optimizer, whatever the rule and its chain: kinds of variables, groups, gradients that are not finite,
//! memory, mistakes.

use std::fmt::Debug;

use downhill::optim::transform::{
    Accumulate, Average, Averaged, ClipBlockNorm, ClipBlockRms, ClipNorm, ClipValue, Ema, Maximize,
    WeightDecay, Wrapped,
};
use downhill::optim::{
    Adam, BoxedRule, Deed, GradientDescent, Group, LearningRate, OnNonFinite, Optimizer, Rated, Rule,
};
use downhill::params::{Element, Params};
use ndarray::{Array2, array};

use super::transforms::{noise, ranges};
use crate::alloc::allocations;
use crate::misuse::assert_mistake;

/// A rule by itself, and under each transformation and wrapper.
fn chains<T: Element>() -> Vec<(&'static str, BoxedRule<T>)> {
    let adam = || Adam::new(0.1);
    let average = Average::Exponential { decay: 0.9, debias: false };
    let chain = adam().decoupled_weight_decay(0.1).ema(0.5).accumulate(2).clip_norm(1.0).clip_value(0.5);
    vec![
        ("plain", adam().boxed()),
        ("clip_value", adam().clip_value(0.5).boxed()),
        ("clip_norm", adam().clip_norm(0.5).boxed()),
        ("clip_norm after", adam().after(ClipNorm { most: 0.5 }).boxed()),
        ("clip_block_norm", adam().clip_block_norm(0.5).boxed()),
        ("clip_block_norm after", adam().after(ClipBlockNorm { most: 0.5 }).boxed()),
        ("clip_block_rms", adam().clip_block_rms(0.5).boxed()),
        ("clip_block_rms before", adam().before(ClipBlockRms { most: 0.5 }).boxed()),
        ("adaptive_clip", adam().adaptive_clip(0.1).boxed()),
        ("weight_decay", adam().weight_decay(0.1).boxed()),
        ("weight_decay after", adam().after(WeightDecay { decay: 0.1 }).boxed()),
        ("decoupled_weight_decay", adam().decoupled_weight_decay(0.1).boxed()),
        ("maximize", adam().maximize().boxed()),
        ("maximize after", adam().after(Maximize).boxed()),
        ("noise", adam().noise(0.1, 0.55, 1).boxed()),
        ("accumulate", adam().accumulate(3).boxed()),
        ("sum", adam().before(Accumulate { every: 3, sum: true }).boxed()),
        ("centralize", adam().centralize().boxed()),
        ("normalize", adam().normalize().boxed()),
        ("ema", adam().ema(0.9).boxed()),
        ("ema after", adam().after(Ema { decay: 0.9, debias: false }).boxed()),
        ("zero_nans", adam().zero_nans().boxed()),
        ("lookahead", adam().lookahead(2, 0.5).boxed()),
        ("averaged", adam().averaged().boxed()),
        ("averaged_from", adam().averaged_from(3).boxed()),
        ("averaged_exponentially", adam().averaged_exponentially(0.9).boxed()),
        ("averaged from the start", Averaged { rule: adam(), average }.boxed()),
        ("a long chain", chain.after(ClipValue { most: 0.05 }).lookahead(2, 0.5).averaged().boxed()),
    ]
}

fn assert_steady<T: Element>() {
    for (what, rule) in chains::<T>() {
        let (mut x, g) = (noise::<T>(0), noise::<T>(1));
        let mut optimizer = began(rule, &x);
        optimizer.set_group("head.b", Group::frozen());
        optimizer.set_group("*.w", Group::new().rate(0.5));
        optimizer.step(&mut x, &g);
        let more = || (0..20).for_each(|_| assert!(optimizer.step(&mut x, &g).non_finite == 0));
        assert_eq!(allocations(more), 0, "{what} of {} allocates", T::NAME);
    }
}

fn began<T: Element>(rule: BoxedRule<T>, x: &Params<T>) -> Optimizer<BoxedRule<T>, T> {
    rule.optimizer_for(x)
}

/// The state, with all bits of its numbers.
fn text<T: Element>(optimizer: &Optimizer<BoxedRule<T>, T>) -> String {
    format!("{:?}", optimizer.state().unwrap())
}

#[test]
fn no_step_allocates_after_the_first() {
    assert_steady::<f64>();
    assert_steady::<f32>();
    let (mut x, g) = (array![[1.0_f32, 2.0]], array![[0.5_f32, 0.5]]);
    let mut adam = Adam::new(0.1).optimizer_for(&x);
    adam.step(&mut x, &g);
    let more = || (0..20).for_each(|_| assert!(adam.step(&mut x, &g).is_stepped()));
    assert_eq!(allocations(more), 0, "an array allocates");
}

/// What freezing the second and third array leaves: all bits of them, and the others as without.
fn assert_frozen<T: Element>() {
    for (what, rule) in chains::<T>() {
        let run = |frozen: &[&str]| {
            let mut x = noise::<T>(0);
            let mut optimizer = began(rule.clone(), &x);
            for name in frozen {
                optimizer.set_group(*name, Group::frozen());
            }
            for t in 1..=7 {
                optimizer.step(&mut x, &noise::<T>(t));
            }
            let seen = optimizer.eval_params(&x);
            (x, seen, optimizer.state().unwrap().clone())
        };
        let start = noise::<T>(0);
        let (x, seen, _) = run(&["head.b", "body.w"]);
        for range in &ranges()[1..3] {
            assert_eq!(x.values()[range.clone()], start.values()[range.clone()], "{what}");
            assert_eq!(seen.values()[range.clone()], start.values()[range.clone()], "{what}");
        }
        for range in [&ranges()[0], &ranges()[3]] {
            assert_ne!(x.values()[range.clone()], start.values()[range.clone()], "{what}");
        }
        let (x, _, state) = run(&["*"]);
        assert_eq!(x, start, "{what}");
        // All of the state that belongs to numbers is as it was; counts and generators go on.
        assert_eq!(numbers_of(&state), numbers_of(&rule.init(x.layout(), x.values())), "{what}");
    }
}

/// The numbers of the vectors in a state, as its `Debug` shows them.
fn numbers_of(state: &impl Debug) -> Vec<String> {
    let text = format!("{state:?}");
    let lists = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    lists.map(|(list, _)| list.to_owned()).filter(|list| list.len() > 1_000).collect()
}

#[test]
fn frozen_arrays_and_what_is_remembered_of_them_stay_bit_for_bit() {
    assert_frozen::<f64>();
    assert_frozen::<f32>();
}

#[test]
fn groups_step_each_array_as_an_optimizer_of_its_own_would() {
    // What treats numbers or arrays by themselves; AdamW's usual groups, with no decay on vectors.
    let rule = |lr: f64, decay: f64| {
        Adam::new(lr).decoupled_weight_decay(decay).clip_value(0.4).clip_block_norm(3.0).ema(0.5)
    };
    let (mut x, start) = (noise::<f64>(0), noise::<f64>(0));
    let mut optimizer = rule(0.1, 0.2)
        .optimizer_for(&x)
        .group("*", Group::new().decay(0.0))
        .group("*.w", Group::new().decay(1.0))
        .group("head.*", Group::new().rate(0.5).decay(0.25));
    for t in 1..=10 {
        optimizer.step(&mut x, &noise::<f64>(t));
    }
    let expected = [(0.05, 0.05), (0.05, 0.05), (0.1, 0.2), (0.1, 0.0)];
    for (range, (lr, decay)) in ranges().into_iter().zip(expected) {
        let mut alone = start.values()[range.clone()].to_vec();
        let mut own = rule(lr, decay).optimizer();
        for t in 1..=10 {
            own.step(&mut alone, &noise::<f64>(t).values()[range.clone()]);
        }
        assert_eq!(x.values()[range], alone, "{lr} {decay}");
    }
}

#[test]
fn the_slopes_of_what_is_frozen_count_nowhere() {
    let mut start = Params::<f64>::new();
    start.insert("a", &[1.0, 1.0]).insert("b", &[1.0]).insert("c", &[1.0]).insert("d", &[1.0]);
    let step = |frozen: [f64; 2]| {
        let mut x = start.clone();
        let rule = GradientDescent::new(1.0).clip_norm(2.5).after(ClipNorm { most: 2.0 });
        let mut descent = rule.optimizer_for(&x).group("a", Group::frozen()).group("c", Group::frozen());
        let g = start.with_values(vec![frozen[0], 1.0, 3.0, frozen[1], -4.0]);
        let report = descent.step(&mut x, &g);
        (x.values().to_vec(), report)
    };
    let (x, report) = step([0.0, 0.0]);
    assert_eq!((report.norm, report.clipped, report.deed), (Some(5.0), true, Deed::Stepped));
    assert!((x[2] + 0.2).abs() < 1e-15 && (x[4] - 2.6).abs() < 1e-15, "{x:?}");
    for frozen in [[1e6, 0.0], [f64::NAN, 1.0], [1e200, f64::INFINITY]] {
        assert_eq!(step(frozen), (x.clone(), report), "{frozen:?}");
    }
}

#[test]
fn of_several_groups_of_an_array_each_says_what_it_says() {
    let mut x = Params::<f64>::new();
    x.insert("body.bias", &[1.0]).insert("body.weight", &[1.0]).insert("head.bias", &[1.0]);
    let g = x.clone();
    let rule = GradientDescent::new(0.5).decoupled_weight_decay(0.5);
    let mut descent = rule.optimizer_for(&x).group("body.*", Group::frozen());
    descent.set_group("*.bias", Group::new().decay(0.0).rate(0.5));
    descent.set_group("head.*", Group::new().rate(0.25));
    descent.step(&mut x, &g);
    assert_eq!(x.values(), [1.0, 1.0, 0.875], "frozen, frozen, no decay at a quarter of the rate");
    descent.set_group("body.bias", Group::thawed());
    descent.step(&mut x, &g);
    assert_eq!(x.values(), [0.75, 1.0, 0.75], "thawed, with the rate and the decay of biases");
    descent.set_group("body.*", Group::new());
    descent.step(&mut x, &g);
    assert_eq!(x.values(), [0.5, 0.25, 0.625], "the pattern given again no longer freezes");
}

/// Every gradient that is not finite, at every place of a chain's rhythm.
fn assert_unspoiled<T: Element>() {
    for (what, rule) in chains::<T>() {
        for bad in [T::nan(), T::infinity(), T::neg_infinity()] {
            let (mut x, mut undisturbed) = (noise::<T>(0), noise::<T>(0));
            let (mut skips, mut other) = (began(rule.clone(), &x), began(rule.clone(), &x));
            let mut stops = began(rule.clone(), &x).on_non_finite(OnNonFinite::Stop);
            let mut propagates = began(rule.clone(), &x).on_non_finite(OnNonFinite::Propagate);
            for t in 1..=5 {
                let g = noise::<T>(t);
                let mut spoiled = g.clone();
                spoiled.values_mut()[3] = bad;
                spoiled.values_mut()[600] = bad;
                let (before, state) = (x.clone(), text(&skips));
                let report = skips.step(&mut x, &spoiled);
                assert_eq!((report.deed, report.non_finite), (Deed::Skipped, 2), "{what}");
                assert!(x == before && text(&skips) == state, "{what}: {bad} changed something");
                assert_eq!(skips.step(&mut x, &g), other.step(&mut undisturbed, &g), "{what}");
                assert_eq!((&x, skips.steps()), (&undisturbed, other.steps()), "{what}");
            }
            let mut x = noise::<T>(0);
            stops.step(&mut x, &noise::<T>(1));
            let (before, state) = (x.clone(), text(&stops));
            let mut spoiled = noise::<T>(2);
            spoiled.values_mut()[3] = bad;
            assert_eq!(stops.step(&mut x, &spoiled).deed, Deed::Stopped, "{what}");
            assert_eq!(stops.step(&mut x, &noise::<T>(3)).deed, Deed::Stopped, "{what}");
            assert!(x == before && text(&stops) == state, "{what}: {bad} changed something");
            stops.reset();
            assert_ne!(stops.step(&mut x, &noise::<T>(3)).deed, Deed::Stopped, "{what}");
            let mut x = noise::<T>(0);
            for t in 1..=4 {
                let report = propagates.step(&mut x, &if t == 1 { spoiled.clone() } else { noise::<T>(t) });
                assert!(!matches!(report.deed, Deed::Skipped | Deed::Stopped), "{what}");
                assert_eq!(report.non_finite, 0, "nobody looked");
            }
            let harmless = what == "zero_nans" && bad.is_nan() || bad.is_infinite() && what.contains("clip");
            assert!(x.values()[3].is_nan() || harmless || what == "a long chain", "{what}: {bad} was lost");
        }
    }
}

#[test]
fn a_gradient_that_is_not_finite_leaves_no_trace_unless_that_is_wanted() {
    assert_unspoiled::<f64>();
    assert_unspoiled::<f32>();
}

#[test]
fn a_huge_gradient_is_finite_and_is_not_skipped() {
    let mut x = [0.0, 0.0];
    let report = GradientDescent::new(1.0).clip_norm(5.0).optimizer().step(&mut x, &[3e200, -4e200]);
    assert_eq!((report.deed, report.non_finite, report.clipped), (Deed::Stepped, 0, true));
    assert!((x[0] + 3.0).abs() < 1e-14 && (x[1] - 4.0).abs() < 1e-14, "{x:?}");
    let mut x = [0.0_f32, 0.0];
    let report = GradientDescent::new(1.0).clip_norm(5.0).optimizer_for(&x).step(&mut x, &[3e30, -4e30]);
    assert_eq!((report.deed, report.non_finite, report.clipped), (Deed::Stepped, 0, true));
    assert!((x[0] + 3.0).abs() < 1e-5 && (x[1] - 4.0).abs() < 1e-5, "{x:?}");
    let mut w = array![[3.0, 1.0], [4.0, 0.0]];
    let g = array![[3e200, 0.0], [4e200, 1e-3]];
    GradientDescent::new(1.0).adaptive_clip(0.1).optimizer().step(&mut w, &g);
    assert!((&w - array![[2.7, 1.0], [3.6, -1e-3]]).iter().all(|d| d.abs() < 1e-14), "{w}");
}

#[test]
fn the_rate_can_be_read_and_set_through_any_chain() {
    for (what, rule) in chains::<f64>() {
        let mut x = noise::<f64>(0);
        let mut optimizer = began(rule, &x);
        assert_eq!(optimizer.lr(), 0.1, "{what}");
        let report = optimizer.step(&mut x, &noise::<f64>(1));
        assert_eq!((report.lr, optimizer.lr()), (0.1, 0.1), "{what}");
        optimizer.set_lr(LearningRate::decay(0.5, 0.5, 0.1));
        assert_eq!(optimizer.lr(), 0.5, "{what}");
        for t in 2..=20 {
            let report = optimizer.step(&mut x, &noise::<f64>(t));
            let steps = optimizer.steps() - usize::from(report.is_stepped());
            assert_eq!(report.lr, (0.5 * 0.5f64.powi(steps as i32)).max(0.1), "{what}");
        }
        assert_eq!(optimizer.lr(), 0.1, "{what}");
    }
}

#[test]
fn equal_small_batches_make_the_step_of_one_bit_for_bit() {
    let (mut whole, mut parts) = (noise::<f64>(0), noise::<f64>(0));
    let mut plain = Adam::new(0.1).clip_norm(1.0).optimizer_for(&whole);
    let mut gathered = Adam::new(0.1).clip_norm(1.0).accumulate(4).optimizer_for(&parts);
    for t in 1..=5 {
        let g = noise::<f64>(t);
        let stepped = plain.step(&mut whole, &g);
        for k in 1..=4 {
            let report = gathered.step(&mut parts, &g);
            assert_eq!(report.deed, if k == 4 { Deed::Stepped } else { Deed::Accumulated });
            assert_eq!(report.clipped, k == 4 && stepped.clipped);
        }
        assert_eq!((&parts, gathered.steps()), (&whole, t));
    }
}

#[test]
fn the_noise_is_that_of_its_seed_and_variance_and_goes_on_from_a_file() {
    let (mut x, zero) = (noise::<f64>(0).zeros_like(), noise::<f64>(0).zeros_like());
    let mut descent = GradientDescent::new(1.0).noise(4.0, 2.0, 9).optimizer_for(&x);
    let mut last = x.clone();
    for t in 1..=4 {
        descent.step(&mut x, &zero);
        let added = x.values().iter().zip(last.values()).map(|(x, last)| x - last);
        let [mean, square] = added.fold([0.0, 0.0], |[m, s], d| [m + d, s + d * d]);
        let (n, variance) = (x.len() as f64, 4.0 / f64::from(t).powi(2));
        assert!((mean / n).abs() < 5.0 * (variance / n).sqrt(), "step {t}: mean {}", mean / n);
        let off = square / n / variance - 1.0;
        assert!(off.abs() < 5.0 * (2.0 / n).sqrt(), "step {t}: variance off by {off}");
        last = x.clone();
    }
    let text = serde_json::to_string(descent.state().unwrap()).unwrap();
    let kept: Wrapped<usize, ()> = serde_json::from_str(&text).unwrap();
    assert_eq!(*descent.state().unwrap(), kept);
    let single = |seed| {
        let mut x = noise::<f32>(0).zeros_like();
        let g = x.clone();
        GradientDescent::new(1.0).noise(4.0, 2.0, seed).optimizer_for(&x).step(&mut x, &g);
        x
    };
    let mut double = zero.clone();
    GradientDescent::new(1.0).noise(4.0, 2.0, 9).optimizer_for(&double).step(&mut double, &zero);
    assert_eq!(single(9), double.to_f32());
    assert_ne!(single(8), double.to_f32());
}

#[test]
fn variables_of_every_kind_are_stepped_alike() {
    fn alike<T: Element>() {
        let t = T::nearest;
        let (start, slope) = ([1.0, -2.0, 0.5, 4.0].map(t), [0.3, 0.1, -0.7, 0.9].map(t));
        let rule = || Adam::new(0.1).weight_decay(0.1).clip_norm(0.5);
        let mut expected = start;
        let mut by_array = rule().optimizer_for(&expected);
        let mut slice = start.to_vec();
        let mut by_slice = rule().optimizer_for(&slice[..]);
        let mut vector = start.to_vec();
        let mut by_vector = rule().optimizer_for(&vector);
        let mut square = Array2::from_shape_vec([2, 2], start.to_vec()).unwrap();
        let slopes = Array2::from_shape_vec([2, 2], slope.to_vec()).unwrap();
        let mut by_square = rule().optimizer_for(&square);
        let mut params = Params::new();
        params.insert("a", &array![start[0], start[1], start[2]]).insert("b", &array![start[3]]);
        let named = params.with_values(slope.to_vec());
        let mut by_name = rule().optimizer_for(&params);
        for _ in 0..5 {
            by_array.step(&mut expected, &slope);
            by_slice.step(&mut slice[..], &slope[..]);
            by_vector.step(&mut vector, &slope.to_vec());
            by_square.step(&mut square, &slopes);
            by_name.step(&mut params, &named);
            assert_eq!((&slice[..], &vector[..]), (&expected[..], &expected[..]));
            assert_eq!((square.as_slice().unwrap(), params.values()), (&expected[..], &expected[..]));
        }
    }
    alike::<f64>();
    alike::<f32>();
}

#[test]
fn what_does_not_fit_panics_at_the_line_of_the_caller() {
    let descent = || GradientDescent::new(0.1).clip_norm(1.0).accumulate(2);
    let lengths = "x of length 3 and a gradient of length 2";
    let names = "arrays of other names or shapes";
    let rows = "not in row-major order";
    assert_place(line!(), lengths, || descent().optimizer().step(&mut [1.0; 3], &[1.0; 2]));
    assert_place(line!(), lengths, || descent().optimizer().step(&mut vec![1.0; 3], &[1.0; 2][..]));
    let square = || Array2::<f64>::zeros([2, 3]);
    assert_place(line!(), names, || descent().optimizer().step(&mut square(), &Array2::zeros([3, 2])));
    let turned = || square().reversed_axes();
    assert_place(line!(), rows, || descent().optimizer().step(&mut turned(), &Array2::zeros([3, 2])));
    assert_place(line!(), rows, || descent().optimizer().step(&mut Array2::zeros([3, 2]), &turned()));
    assert_place(line!(), rows, || descent().optimizer_for(&turned()).steps());
    let [one, other] = ["a", "b"].map(|name| {
        let mut params = Params::<f64>::new();
        params.insert(name, &array![1.0, 2.0]);
        params
    });
    assert_place(line!(), names, || descent().optimizer().step(&mut one.clone(), &other));
    let mut optimizer = descent().optimizer_for(&one);
    assert_place(line!(), names, || optimizer.step(&mut other.clone(), &one));
    assert_place(line!(), "other names, shapes or lengths", || optimizer.eval_params(&other));
    assert_place(line!(), "length 2 at its first step", || optimizer.step(&mut [1.0], &[1.0]));
    assert_place(line!(), "no array has a name like `c`", || optimizer.set_group("c", Group::frozen()));
    let of_matrices = |_: &str, shape: &[usize]| shape.len() == 2;
    let known = descent().optimizer_for(&one);
    assert_place(line!(), "arrays of which there are none", || known.group_where(of_matrices, Group::new()));
    let unknown = descent().optimizer();
    assert_place(line!(), "`optimizer_for(&x)`", || unknown.group_where(of_matrices, Group::new()));
    assert_eq!(optimizer.step(&mut one.clone(), &[1.0, 1.0]).deed, Deed::Accumulated);
}

/// As [`assert_mistake`], for messages that begin with the name of a method.
#[track_caller]
fn assert_place<T>(line: u32, words: &str, f: impl FnOnce() -> T) {
    let place = crate::misuse::mistake(f);
    assert!(place.message.contains(words), "not about {words:?}: {}", place.message);
    assert_eq!((place.file.ends_with("stepping.rs"), place.line), (true, line), "{}", place.message);
}

#[test]
fn numbers_that_make_no_sense_panic_at_the_line_of_the_caller() {
    let descent = || GradientDescent::new(0.1);
    for bad in [0.0, -1.0, f64::NAN] {
        let given = format!("was given {bad}; it needs a number above 0");
        assert_mistake(line!(), &given, || descent().clip_value(bad));
        assert_mistake(line!(), &given, || descent().clip_norm(bad));
        assert_mistake(line!(), &given, || descent().clip_block_norm(bad));
        assert_mistake(line!(), &given, || descent().clip_block_rms(bad));
        assert_mistake(line!(), &given, || descent().adaptive_clip(bad));
        assert_mistake(line!(), "a share of the way", || descent().lookahead(5, bad));
    }
    for bad in [-1.0, f64::NAN] {
        let given = format!("was given {bad}; it needs a number that is not below 0");
        assert_mistake(line!(), &given, || descent().coupled_weight_decay(bad));
        assert_mistake(line!(), &given, || descent().decoupled_weight_decay(bad));
        assert_mistake(line!(), &given, || descent().noise(bad, 0.55, 1));
    }
    for bad in [-0.1, 1.0, f64::NAN] {
        let needed = "at least 0 and below 1";
        assert_mistake(line!(), needed, || descent().ema(bad));
        assert_mistake(line!(), needed, || descent().averaged_exponentially(bad));
    }
    assert_mistake(line!(), "was given 0; it needs at least 1 gradient", || descent().accumulate(0));
    assert_mistake(line!(), "was given 0; it needs at least 1 step", || descent().lookahead(0, 0.5));
}
