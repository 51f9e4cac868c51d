//! Transformations and what is built around rules: the mechanism against the same done by hand on slices.

use std::ops::Range;

use downhill::optim::transform::{
    Accumulate, Average, Averaged, ClipBlockRms, ClipNorm, ClipValue, Ema, Maximize, Stage, WeightDecay,
};
use downhill::optim::{GradientDescent, Momentum, Rated, Rule};
use downhill::params::{Element, Params};
use ndarray::{ArrayD, IxDyn};

/// A few arrays, longer than what one pass takes at a time: shapes, and where their numbers lie.
const SHAPES: [(&str, &[usize]); 4] =
    [("head.w", &[30, 20]), ("head.b", &[7]), ("body.w", &[4, 3, 5]), ("scale", &[])];

pub(super) fn ranges() -> Vec<Range<usize>> {
    SHAPES
        .iter()
        .scan(0, |start, (_, shape)| {
            let range = *start..*start + shape.iter().product::<usize>();
            *start = range.end;
            Some(range)
        })
        .collect()
}

/// Numbers between -2 and 2 that look like noise, of the arrays above.
pub(super) fn noise<T: Element>(seed: usize) -> Params<T> {
    let mut params = Params::new();
    let mut k = seed * 1_000;
    for (name, shape) in SHAPES {
        let array = ArrayD::from_shape_simple_fn(IxDyn(shape), || {
            k += 1;
            T::nearest((k as f64 * 12.9898).sin() * 43758.5453 % 2.0)
        });
        params.insert(name, &array);
    }
    params
}

fn wide<T: Element>(x: &[T]) -> Vec<f64> {
    x.iter().map(|x| x.wide()).collect()
}

fn norm<T: Element>(x: &[T]) -> f64 {
    x.iter().map(|x| x.wide() * x.wide()).sum::<f64>().sqrt()
}

/// 20 steps of a rule against the same by hand: `by_hand(t, x, g)` makes the new `x`. Bit for bit, unless a `tolerance`
/// is given for what sums in another order, in units of the last place.
fn same<T: Element, R: Rule<T>>(
    what: &str,
    tolerance: f64,
    rule: R,
    mut by_hand: impl FnMut(usize, &mut [T], &mut [T]),
) {
    let (mut x, mut expected) = (noise::<T>(0), noise::<T>(0));
    let mut optimizer = rule.optimizer_for(&x);
    for t in 1..=20 {
        let gradient = noise::<T>(t);
        optimizer.step(&mut x, &gradient);
        by_hand(t, expected.values_mut(), gradient.clone().values_mut());
        let pairs = wide(x.values()).into_iter().zip(wide(expected.values()));
        let worst = pairs.map(|(x, e)| (x - e).abs() / e.abs().max(1.0)).fold(0.0, f64::max);
        let allowed = tolerance * T::epsilon().wide();
        assert!(worst <= allowed, "{what}, step {t} of {}: {worst:e}", T::NAME);
    }
    assert_ne!(x.values(), noise::<T>(0).values(), "{what} does something");
}

fn clamp<T: Element>(g: T, most: f64) -> T {
    let most = T::nearest(most);
    if g > most {
        most
    } else if g < -most {
        -most
    } else {
        g
    }
}

/// What changes numbers one by one, in chains.
fn clips_and_decays_by_hand<T: Element>() {
    let n = noise::<T>(0).len();
    let t = T::nearest;
    let lr = t(0.1);
    let descent = || GradientDescent::new(0.1);
    same::<T, _>("clip_value", 0.0, descent().clip_value(0.5), |_, x, g| {
        (0..n).for_each(|i| x[i] -= lr * clamp(g[i], 0.5));
    });
    let mut b = vec![T::zero(); n];
    same::<T, _>(
        "maximize, then decay",
        0.0,
        Momentum::new(0.1).coupled_weight_decay(0.3).maximize(),
        |_, x, g| {
            for i in 0..n {
                b[i] = t(0.9) * b[i] + (t(0.3) * x[i] - g[i]);
                x[i] -= lr * b[i];
            }
        },
    );
    same::<T, _>("decay, then maximize", 0.0, descent().maximize().coupled_weight_decay(0.3), |_, x, g| {
        (0..n).for_each(|i| x[i] += lr * (g[i] + t(0.3) * x[i]));
    });
    same::<T, _>("clip, then decay", 0.0, descent().coupled_weight_decay(0.3).clip_value(0.5), |_, x, g| {
        (0..n).for_each(|i| x[i] -= lr * (clamp(g[i], 0.5) + t(0.3) * x[i]));
    });
    same::<T, _>("decay, then clip", 0.0, descent().clip_value(0.5).coupled_weight_decay(0.3), |_, x, g| {
        (0..n).for_each(|i| x[i] -= lr * clamp(g[i] + t(0.3) * x[i], 0.5));
    });
    same::<T, _>("decoupled decay", 0.0, descent().decoupled_weight_decay(0.3).clip_value(0.5), |_, x, g| {
        (0..n).for_each(|i| x[i] = x[i] * t(1.0 - 0.1 * 0.3) - lr * clamp(g[i], 0.5));
    });
    let rule = descent().after(WeightDecay { decay: 0.3 }).after(ClipValue { most: 0.1 });
    same::<T, _>("decay, then clip, both after", 0.0, rule, |_, x, g| {
        (0..n).for_each(|i| x[i] -= clamp(lr * g[i] + lr * t(0.3) * x[i], 0.1));
    });
    let rule = descent().after(Maximize).after(ClipValue { most: 0.1 }).decoupled_weight_decay(0.3);
    same::<T, _>("held back", 0.0, rule, |_, x, g| {
        (0..n).for_each(|i| x[i] = x[i] * t(1.0 - 0.1 * 0.3) - clamp(-lr * g[i], 0.1));
    });
}

/// What remembers, in chains.
fn means_by_hand<T: Element>() {
    let n = noise::<T>(0).len();
    let t = T::nearest;
    let lr = t(0.1);
    let descent = || GradientDescent::new(0.1);
    for stage in [Stage::Gradient, Stage::Displacement] {
        let mut m = vec![T::zero(); n];
        let by_hand = |k: usize, x: &mut [T], g: &mut [T]| {
            for i in 0..n {
                let (before, after) = if stage == Stage::Gradient { (lr, T::one()) } else { (T::one(), lr) };
                m[i] = t(0.75) * m[i] + t(0.25) * (after * g[i]);
                x[i] -= before * (m[i] / t(1.0 - 0.75f64.powi(k as i32)));
            }
        };
        let ema = Ema { decay: 0.75, debias: true };
        match stage {
            Stage::Gradient => same::<T, _>("ema before", 0.0, descent().before(ema), by_hand),
            Stage::Displacement => same::<T, _>("ema after", 0.0, descent().after(ema), by_hand),
        }
    }
    for sum in [false, true] {
        let mut m = vec![T::zero(); n];
        let rule = descent().clip_value(0.5).before(Accumulate { every: 3, sum }).clip_value(1.0);
        same::<T, _>("clip, accumulate, clip", 0.0, rule, |k, x, g| {
            let seen = (k - 1) % 3 + 1;
            for i in 0..n {
                let g = clamp(g[i], 1.0);
                let old = if seen == 1 { T::zero() } else { m[i] };
                m[i] = if sum { old + g } else { old + (g - old) / t(seen as f64) };
                if seen == 3 {
                    x[i] -= lr * clamp(m[i], 0.5);
                }
            }
        });
    }
    let mut slow = noise::<T>(0).values().to_vec();
    same::<T, _>("lookahead", 0.0, descent().lookahead(3, 0.25).clip_value(0.5), |k, x, g| {
        for i in 0..n {
            x[i] -= lr * clamp(g[i], 0.5);
            if k % 3 == 0 {
                slow[i] = slow[i] + t(0.25) * (x[i] - slow[i]);
                x[i] = slow[i];
            }
        }
    });
    let (mut m, mut e) = (vec![T::zero(); n], vec![T::zero(); n]);
    let mut slow = noise::<T>(0).values().to_vec();
    let rule = descent().accumulate(2).after(Ema { decay: 0.75, debias: false });
    same::<T, _>(
        "all wait for what is put off",
        0.0,
        rule.lookahead(2, 0.25).coupled_weight_decay(0.3),
        |k, x, g| {
            for i in 0..n {
                let g = g[i] + t(0.3) * x[i];
                if k % 2 == 1 {
                    m[i] = g;
                    continue;
                }
                m[i] = m[i] + (g - m[i]) / t(2.0);
                e[i] = t(0.75) * e[i] + t(0.25) * (lr * m[i]);
                x[i] -= e[i];
                if k % 4 == 0 {
                    slow[i] = slow[i] + t(0.25) * (x[i] - slow[i]);
                    x[i] = slow[i];
                }
            }
        },
    );
}

/// What looks at arrays as a whole.
fn norms_by_hand<T: Element>() {
    let n = noise::<T>(0).len();
    let t = T::nearest;
    let lr = t(0.1);
    let descent = || GradientDescent::new(0.1);
    same::<T, _>("centralize", 0.0, descent().centralize(), |_, x, g| {
        for (range, (_, shape)) in ranges().into_iter().zip(SHAPES) {
            if shape.len() > 1 {
                for row in g[range].chunks_exact_mut(shape[1..].iter().product()) {
                    let mean = wide(row).iter().sum::<f64>() / row.len() as f64;
                    row.iter_mut().for_each(|g| *g = t(g.wide() - mean));
                }
            }
        }
        (0..n).for_each(|i| x[i] -= lr * g[i]);
    });
    same::<T, _>("normalize", 40.0, descent().normalize(), |_, x, g| {
        let factor = t(1.0 / (norm(g) + 1e-6));
        (0..n).for_each(|i| x[i] -= lr * (factor * g[i]));
    });
    same::<T, _>("clip_norm after", 40.0, descent().after(ClipNorm { most: 0.5 }), |_, x, g| {
        let factor = t((0.5 / (0.1 * norm(g))).min(1.0));
        (0..n).for_each(|i| x[i] -= factor * (lr * g[i]));
    });
    let scale_blocks = |g: &mut [T], most: &dyn Fn(usize) -> f64| {
        for range in ranges() {
            let factor = t((most(range.len()) / norm(&g[range.clone()])).min(1.0));
            g[range].iter_mut().for_each(|g| *g *= factor);
        }
    };
    same::<T, _>("clip_block_norm", 40.0, descent().clip_block_norm(1.5), |_, x, g| {
        scale_blocks(g, &|_| 1.5);
        (0..n).for_each(|i| x[i] -= lr * g[i]);
    });
    same::<T, _>("clip_block_rms", 40.0, descent().clip_block_rms(0.7), |_, x, g| {
        scale_blocks(g, &|n| 0.7 * (n as f64).sqrt());
        (0..n).for_each(|i| x[i] -= lr * g[i]);
    });
}

#[test]
fn a_chain_is_the_same_as_its_parts_by_hand() {
    clips_and_decays_by_hand::<f64>();
    clips_and_decays_by_hand::<f32>();
    means_by_hand::<f64>();
    means_by_hand::<f32>();
    norms_by_hand::<f64>();
    norms_by_hand::<f32>();
}

/// `t` numbers of a path, and what `eval_params` makes of it.
fn evaluated<R: Rule>(rule: R) -> (Vec<f64>, Vec<f64>) {
    let (mut x, mut path, mut seen) = ([1.0], Vec::new(), Vec::new());
    let mut optimizer = rule.optimizer();
    assert_eq!(optimizer.eval_params(&x), x, "before the first step");
    for t in 0..12 {
        optimizer.step(&mut x, &[(t as f64).cos()]);
        path.push(x[0]);
        seen.push(optimizer.eval_params(&x)[0]);
    }
    (path, seen)
}

#[test]
fn averages_are_those_of_the_path_and_leave_it_alone() {
    let descent = || GradientDescent::new(0.3);
    let (path, _) = evaluated(descent());
    let mean = |weights: &dyn Fn(usize) -> f64, from: usize, to: usize| {
        let sum: f64 = (from..=to).map(weights).sum();
        (from..=to).map(|k| weights(k) * path[k]).sum::<f64>() / sum
    };
    let exponential =
        |debias| Averaged { rule: descent(), average: Average::Exponential { decay: 0.8, debias } };
    for t in 0..12 {
        let check = |what: &str, (own, seen): (Vec<f64>, Vec<f64>), expected: f64| {
            assert_eq!(own, path, "{what}");
            assert!((seen[t] - expected).abs() < 1e-14, "{what}, {t}: {} {expected}", seen[t]);
        };
        check("equal", evaluated(descent().averaged()), mean(&|_| 1.0, 0, t));
        let late = if t < 4 { path[t] } else { mean(&|_| 1.0, 4, t) };
        check("late", evaluated(descent().averaged_from(5)), late);
        let powers = |k: usize| 0.8f64.powi(-(k as i32));
        check("exponential", evaluated(descent().averaged_exponentially(0.8)), mean(&powers, 0, t));
        let kept = 0.8f64.powi(t as i32 + 1);
        let from_start = kept * 1.0 + (1.0 - kept) * mean(&powers, 0, t);
        check("from the start", evaluated(exponential(false)), from_start);
    }
}

#[test]
fn what_is_around_a_rule_comes_last_wherever_it_stands() {
    let clip = ClipValue { most: 0.1 };
    let descent = || GradientDescent::new(0.3);
    assert_eq!(
        evaluated(descent().lookahead(3, 0.5).after(clip)),
        evaluated(descent().after(clip).lookahead(3, 0.5))
    );
    assert_eq!(evaluated(descent().averaged().after(clip)), evaluated(descent().after(clip).averaged()));
    assert_eq!(
        evaluated(descent().lookahead(3, 0.5).averaged().accumulate(2).after(clip)).0,
        evaluated(descent().accumulate(2).after(clip).lookahead(3, 0.5)).0
    );
}

#[test]
fn nothing_is_longer_than_what_it_was_clipped_to() {
    /// The norms and roots of mean squares of the arrays of the first displacement, at a rate of 1.
    fn stepped<R: Rule>(rule: R, size: f64) -> (f64, Vec<(f64, f64)>, bool) {
        let mut x = noise::<f64>(0).zeros_like();
        let mut g = noise::<f64>(1);
        g.values_mut().iter_mut().for_each(|g| *g *= size);
        let report = rule.optimizer().step(&mut x, &g);
        let arrays = ranges().into_iter().map(|range| {
            let (length, array) = (range.len() as f64, norm(&x.values()[range]));
            (array, array / length.sqrt())
        });
        (norm(x.values()), arrays.collect(), report.clipped)
    }
    let above = 1.0 + 1e-14;
    for size in [1e-3, 1e-1, 1.0, 1e3, 1e100, 1e160, 1e200] {
        let descent = || GradientDescent::new(1.0);
        let (whole, plain, _) = stepped(descent(), 1.0);
        let (clipped, _, said) = stepped(descent().clip_norm(2.0), size);
        assert!(clipped <= 2.0 * above && said == (whole * size > 2.0), "{size}: {clipped}");
        let (_, arrays, said) = stepped(descent().clip_block_norm(2.0), size);
        assert!(arrays.iter().all(|&(norm, _)| norm <= 2.0 * above), "{size}: {arrays:?}");
        assert_eq!(said, plain.iter().any(|&(norm, _)| norm * size > 2.0));
        for (arrays, said) in [
            stepped(descent().clip_block_rms(0.5), size),
            stepped(descent().before(ClipBlockRms { most: 0.5 }), size),
        ]
        .map(|(_, arrays, said)| (arrays, said))
        {
            assert!(arrays.iter().all(|&(_, rms)| rms <= 0.5 * above), "{size}: {arrays:?}");
            assert_eq!(said, plain.iter().any(|&(_, rms)| rms * size > 0.5));
        }
        // Arrays that are short enough stay as they are, bit for bit.
        if size <= 1e-1 {
            assert_eq!(stepped(descent().clip_block_norm(1e3), size), stepped(descent(), size));
        }
    }
}

#[test]
fn an_adaptive_clip_holds_each_unit_to_its_weights() {
    for shape in [&[6, 5][..], &[6, 2, 70], &[2, 3, 2, 5], &[9], &[1, 9], &[2, 1, 3, 2, 4], &[]] {
        let n = shape.iter().product::<usize>();
        let units = match shape.len() {
            _ if n == 9 => 1,
            0 | 1 => 1,
            2 | 3 => shape[1..].iter().product(),
            _ => shape[shape.len() - 1],
        };
        let numbers = noise::<f64>(2).values().iter().copied().cycle().take(n).collect();
        let x: ArrayD<f64> = ArrayD::from_shape_vec(shape, numbers).unwrap();
        let g = x.mapv(|x| (x * 3.0).sin() * 1e-1);
        let mut stepped = x.clone();
        GradientDescent::new(1.0).adaptive_clip(0.05).optimizer_for(&x).step(&mut stepped, &g);
        let unit = |a: &ArrayD<f64>, unit: usize| -> Vec<f64> {
            a.iter().copied().skip(unit).step_by(units).collect()
        };
        for k in 0..units {
            let [x, g, stepped] = [&x, &g, &stepped].map(|a| unit(a, k));
            let most = 0.05 * norm(&x).max(1e-3);
            let factor = (most / norm(&g)).min(1.0);
            for i in 0..x.len() {
                let expected = x[i] - factor * g[i];
                assert!((stepped[i] - expected).abs() < 1e-15, "{shape:?} {k} {i}");
            }
        }
    }
}

#[test]
fn a_decay_that_is_small_beside_1_acts_in_single_precision_as_well() {
    let (eta, lambda) = (1e-4, 1e-4); // 1 - η λ is 1 in `f32`
    let rule = || GradientDescent::new(eta).decoupled_weight_decay(lambda);
    // Less than half a unit in the last place of 1 without the decay, more with it.
    let g = [2.5e-4_f32];
    let mut x = [1.0];
    rule().optimizer_for(&x).step(&mut x, &g);
    assert_eq!(x, [1.0 - f32::EPSILON / 2.0]);
    let mut held = [1.0];
    rule().after(ClipValue { most: 1.0 }).optimizer_for(&held).step(&mut held, &g);
    assert_eq!(held, x);
}
