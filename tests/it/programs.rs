//! Properties of random programs: the tape against dual numbers, against differences of values, against itself.

use downhill::prelude::*;
use proptest::prelude::*;

use crate::random_program::{Line, Program, check};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tape_agrees_with_dual_numbers_on_random_programs(bytes in prop::collection::vec(any::<u8>(), 4..400)) {
        check(&Program::from_bytes(&bytes, false), false);
    }

    #[test]
    fn the_tape_agrees_with_the_stencil_on_short_smooth_programs(bytes in prop::collection::vec(any::<u8>(), 4..40)) {
        check(&Program::from_bytes(&bytes, true), true);
    }

    #[test]
    fn a_gradient_does_not_depend_on_what_was_recorded_before(bytes in prop::collection::vec(any::<u8>(), 4..200)) {
        let program = Program::from_bytes(&bytes, false);
        let first = gradient(|x| program.run(x), &program.inputs);
        let tape = Tape::new();
        let more = tape.vars(&[1.0, 2.0, 3.0]);
        let noise: Var = more.iter().map(|x| x.sin() * more[0]).sum();
        let x = tape.vars(&program.inputs);
        let y = program.run(&x);
        prop_assert_eq!(noise.backward().wrt_slice(&x), vec![0.0; x.len()]);
        let again = y.backward().wrt_slice(&x);
        prop_assert!(first.iter().zip(&again).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()));
    }
}

#[test]
fn a_program_with_a_wrong_slope_is_caught() {
    // A number taken out of the calculus is a wrong slope that no panic reports.
    let program = Program { inputs: vec![0.7], lines: vec![Line::Affine(0, 2.0, 0.0)] };
    let wrong = gradient(|x| program.run(&[x[0].detach() + x[0] * 0.0]), &program.inputs)[0];
    assert_eq!(wrong, 0.0);
    let planted = std::panic::catch_unwind(|| {
        let check = check_gradient(|x| program.run(&[x[0].detach()]), &program.inputs);
        assert!(check.agrees(), "{check}");
    });
    assert!(planted.is_err());
}

#[test]
fn every_row_occurs_in_random_programs() {
    let mut seen = std::collections::HashSet::new();
    for code in 0..=255_u8 {
        for line in Program::from_bytes(&[3, 10, 20, 30, 40, code, 0, 1, 2], false).lines {
            match line {
                Line::Unary(op, _) => seen.insert(op.name()),
                Line::Binary(op, ..) => seen.insert(op.name()),
                Line::Ternary(op, ..) => seen.insert(op.name()),
                Line::Affine(..) | Line::Sum(_) => false,
            };
        }
    }
    for op in downhill::real::Unary::all() {
        assert!(seen.contains(op.name()), "{} never occurs", op.name());
    }
    for op in downhill::real::Binary::ALL {
        assert!(seen.contains(op.name()), "{} never occurs", op.name());
    }
}

/// A number that can take several steps at once.
trait Steps: Real {
    /// A bounded function of `N` numbers: one node on the tape.
    fn step<const N: usize>(x: [Self; N]) -> Self;
}

fn bounded<R: Real, const N: usize>(x: [R; N]) -> R {
    (0..N).map(|i| (x[i] * x[(i + 1) % N] * 0.5).sin() + x[i] * 0.25).sum::<R>() / N as f64
}

impl Steps for Var {
    fn step<const N: usize>(x: [Var; N]) -> Var {
        statement(x, bounded::<Duals<N>, N>)
    }
}

impl Steps for Dual {
    fn step<const N: usize>(x: [Dual; N]) -> Dual {
        bounded(x)
    }
}

/// Each byte makes a number of a few earlier ones, of which one is a constant and one a function of one variable.
fn steps<R: Steps>(bytes: &[u8], x: &[R]) -> R {
    let mut numbers = vec![R::from(0.75), x[0] * 0.5 + 1.0];
    numbers.extend(x);
    for (k, byte) in bytes.iter().enumerate() {
        let (n, byte) = (numbers.len(), usize::from(*byte));
        // Near ones and far ones, often the same twice.
        let pick = |i: usize| {
            numbers[if (byte >> i) & 1 == 0 { n - 1 - (byte >> 5) % n } else { (byte + i * k) % n }]
        };
        numbers.push(match byte % 5 {
            0 => R::step([pick(1), pick(2)]),
            1 => R::step([pick(1), pick(2), pick(3)]),
            2 => R::step([pick(1), pick(2), pick(3), pick(4)]),
            3 => R::step([pick(1), pick(2), pick(3), pick(4), pick(0)]),
            _ => pick(1) * pick(2),
        });
    }
    numbers[numbers.len() - 1] + numbers[numbers.len() / 2]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Wide nodes in every order, with parents that are near, far, constant or the same.
    #[test]
    fn statements_in_any_order_agree_with_dual_numbers(bytes in prop::collection::vec(any::<u8>(), 1..700)) {
        let start = [0.5, -0.75, 1.25];
        let by_tape = gradient(|x: &[Var]| steps(&bytes, x), &start[..]);
        for (i, by_tape) in by_tape.into_iter().enumerate() {
            let seeded: Vec<Dual> =
                start.iter().enumerate().map(|(k, &x)| Dual::new(x, f64::from(u8::from(k == i)))).collect();
            let by_dual = steps(&bytes, &seeded).tangent;
            let scale = by_dual.abs().max(1.0) * (1.0 + bytes.len() as f64);
            prop_assert!((by_tape - by_dual).abs() <= 1e-14 * scale, "∂{}: {} by the tape, {} by duals", i, by_tape, by_dual);
        }
    }
}
