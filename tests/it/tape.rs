//! The recording: what backward gives, for which variables, however the graph was made, and how large it may be.

mod checkpoint;
mod custom;
mod external;
mod many;
mod scale;
mod wide;

use std::thread;

use downhill::prelude::*;

/// Equal to within `ulps` units in the last place of the larger.
#[track_caller]
fn assert_ulps(got: f64, wanted: f64, ulps: f64, what: &str) {
    let near = got == wanted || (got - wanted).abs() <= ulps * f64::EPSILON * got.abs().max(wanted.abs());
    assert!(near, "{what}: {got:e}, not {wanted:e}");
}

#[test]
fn backward_may_be_called_again_and_for_several_results() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 2.0]);
    let product = x * y;
    let results =
        [product, product * product, x + y, product.sin() + x, x, 2.0 * y, [x, y, x, y, x].iter().sum()];
    let p = 6.0_f64;
    let wanted = [
        [2.0, 3.0],
        [24.0, 36.0],
        [1.0, 1.0],
        [2.0 * p.cos() + 1.0, 3.0 * p.cos()],
        [1.0, 0.0],
        [0.0, 2.0],
        [3.0, 2.0],
    ];
    for round in 0..3 {
        // Forward, then from the last result to the first: a sweep must leave nothing for the next.
        for i in (0..results.len()).chain((0..results.len()).rev()) {
            assert_eq!(results[i].backward().wrt_slice(&[x, y]), wanted[i], "result {i} in round {round}");
        }
    }
    // The recording goes on afterwards.
    let more = product * x;
    assert_eq!(more.backward().wrt_slice(&[x, y]), [12.0, 9.0]);
}

#[test]
fn variables_may_be_made_between_operations() {
    let tape = Tape::new();
    let (a, b) = (tape.var(2.0), tape.var(3.0));
    let u = a * b;
    let c = tape.var(5.0);
    let none = tape.vars(&[]);
    let v = u * c + a;
    let s: Var = [a, b, c, u, v].iter().sum();
    let d = tape.vars(&[7.0, 11.0]);
    let z = v * d[0] + s * d[1];
    assert_eq!(z.value(), 32.0 * 7.0 + 48.0 * 11.0);
    let g = z.backward();
    // ∂v = (bc + 1, ac, ab), ∂s = (1 + b + bc + 1, 1 + a + ac, 1 + ab).
    assert_eq!(
        g.wrt_slice(&[a, b, c, d[0], d[1]]),
        [16. * 7. + 20. * 11., 10. * 7. + 13. * 11., 6. * 7. + 7. * 11., 32., 48.]
    );
    // In whatever order, and as often as they are named.
    assert_eq!(g.wrt_slice(&[d[1], c, d[1]]), [48.0, 119.0, 48.0]);
    assert_eq!((g[d[0]], g.wrt(c), g.wrt_slice(&none).len()), (32.0, 119.0, 0));
    // A result before the last variables does not depend on them.
    assert_eq!(u.backward().wrt_slice(&[a, b, c, d[0]]), [3.0, 2.0, 0.0, 0.0]);
}

#[test]
fn a_gradient_is_plain_data_and_outlives_its_tape() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 2.0]);
    let before = (x * y).backward();
    let late = tape.var(1.0);
    let _ = late * x;
    assert_eq!(before.wrt(late), 0.0, "made after the sweep");
    assert_eq!(Var::from(4.0).backward().wrt(late), 0.0, "of a constant");
    drop(tape);
    let copy = before.clone();
    let there = thread::spawn(move || (copy.wrt(x), copy[y])).join();
    assert_eq!(there.expect("plain data may be sent"), (2.0, 3.0));
    assert_eq!((before.wrt(x), before[y]), (2.0, 3.0));
}

#[test]
fn watched_intermediates_can_be_asked_for() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 2.0]);
    let u = (x * y + 1.0).watch();
    let v = (u * 2.0).watch();
    let twice = v.watch();
    let leaf = x.watch();
    let z = twice * leaf + u;
    let g = z.backward();
    // z = 2u·x + u with u = xy + 1: 14·3 + 7 in all.
    assert_eq!((z.value(), g.wrt(u), g.wrt(v), g.wrt(twice), g.wrt(leaf)), (49.0, 7.0, 3.0, 3.0, 14.0));
    assert_eq!(g.wrt_slice(&[x, y]), [28.0, 21.0]);
    // Asked again, and of results before and between the watched ones.
    assert_eq!(z.backward().wrt_slice(&[u, v, x]), [7.0, 3.0, 28.0]);
    assert_eq!(v.backward().wrt_slice(&[u, v, twice, leaf]), [2.0, 1.0, 0.0, 0.0]);
    assert_eq!((x * y).backward().wrt_slice(&[u, x]), [0.0, 2.0]);
    // A watched sum, and a constant, which stays one.
    let sum = [x, y, u, v, twice, leaf].iter().sum::<Var>().watch();
    assert_eq!((sum * sum).backward().wrt(sum), 2.0 * sum.value());
    assert!(Var::from(1.0).watch().is_constant());
    // What was computed before the watching does not hang on it.
    let plain = x * y;
    let watched = plain.watch();
    assert_eq!((plain * plain).backward().wrt(watched), 0.0);
}

#[test]
fn constants_and_detached_values_carry_no_derivative() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    for constant in [
        Var::from(2.0),
        Var::constant(2.0),
        Var::from(&2.0),
        2.0.into(),
        (x - 1.0).detach(),
        Var::default() + 2.0,
    ] {
        assert!(constant.is_constant() && constant.value() == 2.0);
        assert_eq!((constant * x).backward().wrt(x), 2.0);
        assert_eq!((x.powf(constant) * constant.sin()).backward().wrt(x), 6.0 * 2f64.sin());
        assert!((constant * constant + constant.exp() - Var::from(1.0)).is_constant());
    }
    // Infinite slopes of constants stay with them.
    let root = Var::from(0.0).sqrt();
    for y in [
        root * x + x,
        root + x,
        [root, x].iter().sum(),
        dot(&[root, x], &[1.0, 1.0]),
        statement([root, x], |[r, x]| r + x),
    ] {
        assert_eq!(y.backward().wrt(x), 1.0);
    }
}

/// What the parents of a node are.
type Shape = fn(&[Var]) -> Vec<Var>;

/// The six functions of many variables, and the same by plain operations.
type Many = (&'static str, fn(&[Var]) -> Var, fn(&[Var]) -> Var);

const MANY: [Many; 6] = [
    ("sum", |x| x.iter().sum(), |x| x.iter().fold(0.0.into(), |sum, x| sum + x)),
    ("product", |x| x.iter().product(), |x| x.iter().fold(1.0.into(), |product, x| product * x)),
    (
        "dot",
        |x| dot(x, &reversed(x)),
        |x| x.iter().zip(reversed(x)).fold(0.0.into(), |sum, (x, y)| sum + x * y),
    ),
    (
        "dot with numbers",
        |x| dot(x, &vec![0.25; x.len()]),
        |x| x.iter().fold(0.0.into(), |sum, x| sum + x * 0.25),
    ),
    ("norm", norm, |x| x.iter().fold(Var::from(0.0), |sum, x| sum + x * x).sqrt()),
    ("log-sum-exp", log_sum_exp, |x| x.iter().fold(Var::from(0.0), |sum, x| sum + x.exp()).ln()),
];

fn reversed(x: &[Var]) -> Vec<Var> {
    x.iter().rev().copied().collect()
}

#[test]
fn functions_of_many_variables_agree_with_chains_of_plain_operations() {
    // The values differ in the order of rounding and by the scaling that avoids overflow, and the slopes are added up in
    // another order: so not to the bit, but to a rounding per term in the worst case, and far fewer on the average.
    for n in [1, 2, 3, 4, 5, 9, 1000] {
        let start: Vec<f64> = (0..n).map(|i| 1.0 + (i % 7) as f64 / 16.0 - (i % 3) as f64 / 64.0).collect();
        let ulps = 8.0 + n as f64 / 8.0;
        for (name, node, chain) in MANY {
            // As they are; repeated; half of them constants; intermediates, of slopes and nodes of their own.
            let shapes: [Shape; 4] = [
                |x| x.to_vec(),
                |x| (0..x.len()).map(|i| x[i / 3]).collect(),
                |x| (0..x.len()).map(|i| if i % 2 == 0 { x[i] } else { x[i].detach() }).collect(),
                |x| (0..x.len()).map(|i| if i % 2 == 0 { x[i] * x[0] } else { x[i] * 0.5 + 0.25 }).collect(),
            ];
            for (k, shape) in shapes.iter().enumerate() {
                let (y, g) = value_and_gradient(|x| node(&shape(x)).sin(), &start);
                let (wanted, slopes) = value_and_gradient(|x| chain(&shape(x)).sin(), &start);
                let size = value(|x| chain(&shape(x)), &start).abs().max(1.0);
                // The sine turns an error in its argument into one of that size.
                assert!(
                    (y - wanted).abs() <= ulps * f64::EPSILON * size,
                    "{name} of {n}, shape {k}: {y}, not {wanted}"
                );
                let largest = slopes.iter().fold(0.0, |largest: f64, slope| largest.max(slope.abs()));
                for (got, wanted) in g.iter().zip(&slopes) {
                    let error = (got - wanted).abs();
                    assert!(
                        error <= ulps * f64::EPSILON * largest * size,
                        "slope of {name} of {n}, {k}: {got:e}, {wanted:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn functions_of_no_variables_or_of_constants_alone_are_constants() {
    let empty = MANY.map(|(_, node, _)| node(&[]));
    assert!(empty.iter().all(|y| y.is_constant()));
    assert_eq!(empty.map(Var::value), [0.0, 1.0, 0.0, 0.0, 0.0, f64::NEG_INFINITY]);
    for n in [1, 2, 5, 1000] {
        let constants = vec![Var::from(0.5); n];
        assert!(MANY.iter().all(|(_, node, _)| node(&constants).is_constant()));
    }
}

#[test]
fn functions_of_many_variables_keep_their_range() {
    for size in [1e-200, 1e200] {
        let (length, g) = value_and_gradient(norm, &[3.0 * size, 4.0 * size]);
        assert_ulps(length, 5.0 * size, 2.0, "the norm");
        assert_ulps(g[0], 0.6, 2.0, "its slope");
    }
    assert_eq!(value_and_gradient(norm, &[0.0; 3]), (0.0, vec![0.0; 3]));
    for shift in [-1e4, 1e4] {
        let (y, g) = value_and_gradient(log_sum_exp, &[shift, shift, shift - 2000.0]);
        assert_eq!((y, g), (shift + 2f64.ln(), vec![0.5, 0.5, 0.0]));
    }
    // Weights of zero in a mixture: the slope is the limit, not 0/0.
    let (y, g) = value_and_gradient(log_sum_exp, &[f64::NEG_INFINITY, 1.0]);
    assert_eq!((y, g), (1.0, vec![0.0, 1.0]));
    // Slopes below the smallest number vanish quietly.
    assert_eq!(gradient(log_sum_exp, &[0.0, -1e5]), [1.0, 0.0]);
}

#[test]
fn a_zero_adjoint_skips_its_node() {
    // What does not take part in the result has no derivative, though its own is infinite or NaN.
    let at = [0.0, 2.0];
    let selected = |[x, y]: [Var; 2]| {
        let (root, inverse) = ((x * y).sqrt(), y / x);
        let many: Var = [x, y, root, inverse, x * x, root * y].iter().sum();
        if x > 0.0 { root + inverse + many } else { y * y }
    };
    assert_eq!(gradient(selected, at), [0.0, 4.0]);
    // A slope of exactly zero reaches the node with the infinite one: a plain node, a watched one, one of many parents.
    let passed_over: [fn(Var, Var) -> Var; 3] = [
        |x, y| x.sqrt() * y.sqrt(),
        |x, y| (x.sqrt() * y.sqrt()).watch(),
        |x, y| [x.sqrt() * 0.5, y - 9.0, x, y, x, y - 9.0].iter().sum(),
    ];
    for f in passed_over {
        assert_eq!(gradient(|[x, y]| f(x, y).max(y * y), at), [0.0, 4.0]);
        assert_eq!(gradient(|[x, y]| (y * y).clamp(f(x, y), 9.0), at), [0.0, 4.0]);
    }
}

#[test]
fn signed_zeros_and_infinities_pass_through_folded_operations() {
    let tape = Tape::new();
    for x in [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE, f64::MAX] {
        let v = tape.var(x);
        let folded = [-v, v + 0.0, v - 0.0, 0.0 - v, v * -2.0, v / 2.0, 1.0 / v, v.abs(), -(-v), v * 1e300];
        let plain = [-x, x + 0.0, x - 0.0, 0.0 - x, x * -2.0, x / 2.0, 1.0 / x, x.abs(), -(-x), x * 1e300];
        assert_eq!(folded.map(|y| y.value().to_bits()), plain.map(f64::to_bits), "at {x}");
    }
    // Slopes too: a product of folded slopes is taken in the order in which they are met.
    let slopes = |f: fn(Var) -> Var, x: f64| derivative(f, x);
    assert_eq!(slopes(|x| x.sqrt(), 0.0), f64::INFINITY);
    assert_eq!(slopes(|x| -x.sqrt(), 0.0), f64::NEG_INFINITY);
    assert_eq!(slopes(|x| 1.0 / x, 0.0), f64::NEG_INFINITY);
    assert_eq!(slopes(|x| x * 1e200 * 1e200 * 1e-200 * 1e-200, 1.0), f64::INFINITY);
    assert!(slopes(|x| x.sqrt() * 0.0, 0.0).is_nan(), "zero times infinity, as the chain rule has it");
    assert!(slopes(|x| x.sqrt() - x.sqrt(), 0.0).is_nan());
}

#[test]
fn a_tape_stays_on_its_thread_and_what_is_plain_data_may_leave() {
    fn may_leave<T: Send + Sync + 'static>() {}
    may_leave::<Var>();
    may_leave::<Gradients>();
    may_leave::<GradientCheck>();
    // Does not compile for a type that is `Send` or `Sync`: then there are two candidates for the parameter.
    trait Bound<Kind> {
        fn to_its_thread() {}
    }
    impl<T> Bound<()> for T {}
    impl<T: Send> Bound<u8> for T {}
    impl<T: Sync> Bound<u16> for T {}
    <Tape as Bound<_>>::to_its_thread();
}
