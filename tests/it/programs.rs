//! Properties of random programs: the tape against dual numbers, against differences of values, against itself.

use downhill::prelude::*;
use downhill::real::{Binary, Ternary, Unary};
use proptest::prelude::*;

use crate::random_program::{Agreement, LONGEST, Line, Program, Row, check, rows};

/// Bytes for programs of up to `LONGEST` operations.
pub(crate) fn long() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 4..700)
}

/// The same programs in every run and build, over all rows.
pub(crate) fn seeded(count: u64) -> impl Iterator<Item = Program> {
    seeded_over(rows(), count)
}

/// Short ones, and about as many that are cut at the longest.
pub(crate) fn seeded_over(rows: Vec<Row>, count: u64) -> impl Iterator<Item = Program> {
    (0..count).map(move |seed| {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
        let mut byte = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        let length = usize::from(byte()) * 4 + 20;
        Program::over(&rows, &(0..length).map(|_| byte()).collect::<Vec<u8>>())
    })
}

fn same_bits(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reverse_is_forward_is_the_stencil(bytes in long()) {
        check(&Program::from_bytes(&bytes));
    }

    #[test]
    fn a_gradient_does_not_depend_on_what_was_recorded_before(bytes in long()) {
        let program = Program::from_bytes(&bytes);
        let first = gradient(|x| program.run(x), &program.inputs);
        let tape = Tape::new();
        let more = tape.vars(&[1.0, 2.0, 3.0]);
        let noise: Var = more.iter().map(|x| x.sin() * more[0]).sum();
        let x = tape.vars(&program.inputs);
        let y = program.run(&x);
        prop_assert_eq!(noise.backward().wrt_slice(&x), vec![0.0; x.len()]);
        prop_assert!(same_bits(&first, &y.backward().wrt_slice(&x)));
    }

    #[test]
    fn the_gradient_at_a_permuted_point_is_the_permuted_gradient(bytes in long()) {
        let program = Program::from_bytes(&bytes);
        let x = &program.inputs;
        // Turned by a third, and back to front.
        let order: Vec<usize> = (0..x.len()).map(|i| (2 * x.len() - 1 - i + x.len() / 3) % x.len()).collect();
        let permute = |numbers: &[f64]| order.iter().map(|&i| numbers[i]).collect::<Vec<f64>>();
        let of_permuted = |y: &[Var]| {
            let mut x = vec![Var::from(0.0); y.len()];
            order.iter().zip(y).for_each(|(&i, y)| x[i] = *y);
            program.run(&x)
        };
        let straight = gradient(|x| program.run(x), x);
        let permuted = gradient(of_permuted, &permute(x));
        prop_assert!(same_bits(&permute(&straight), &permuted));
    }
}

#[test]
fn the_stencil_has_its_say_on_nearly_all_programs() {
    let (mut steady, mut long) = (0, 0);
    for program in seeded(200) {
        steady += u32::from(check(&program) == Agreement::Near);
        long += u32::from(program.operations() > LONGEST - 50);
        assert!(program.operations() <= LONGEST);
    }
    println!("the stencil is steady on {steady} of 200 programs; {long} are of about {LONGEST} operations");
    assert!(steady >= 180, "steady on {steady} of 200");
    assert!(long >= 50, "{long} long ones");
}

#[test]
fn every_row_occurs_in_random_programs() {
    let mut seen = std::collections::HashMap::new();
    let (mut shared, mut lines) = (0, 0);
    for program in seeded(200) {
        let mut uses = vec![0; program.inputs.len() + program.lines.len()];
        for line in &program.lines {
            line.row().into_iter().for_each(|row| *seen.entry(row).or_insert(0) += 1);
            line.operands().iter().for_each(|&k| uses[k] += 1);
        }
        shared += uses.iter().filter(|&&uses| uses > 1).count();
        lines += uses.len();
    }
    let unary = Unary::all().into_iter().map(Unary::name);
    let names =
        unary.chain(Binary::ALL.iter().map(|op| op.name())).chain(Ternary::ALL.iter().map(|op| op.name()));
    for name in names {
        let times = seen.get(name).copied().unwrap_or(0);
        assert!(times >= 20, "{name} occurs {times} times in 200 programs");
    }
    assert!(rows().len() <= 256, "a byte draws every row");
    assert!(8 * shared >= lines, "{shared} of {lines} lines are used more than once");
}

#[test]
fn a_program_with_a_wrong_slope_is_caught() {
    // A number taken out of the calculus is a wrong slope that no panic reports.
    let program = Program { inputs: vec![0.7], lines: vec![Line::Affine(0, 2.0, 0.0)], sums: vec![vec![1]] };
    let wrong = gradient(|x| program.run(&[x[0].detach() + x[0] * 0.0]), &program.inputs)[0];
    assert_eq!(wrong, 0.0);
    let planted = std::panic::catch_unwind(|| {
        let check = check_gradient(|x| program.run(&[x[0].detach()]), &program.inputs);
        assert!(check.agrees(), "{check}");
    });
    assert!(planted.is_err());
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
