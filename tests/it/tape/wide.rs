//! Statements of three and four variables, one after the other and in loops: the sweep has a way of its own for those that
//! share their parameters. The slopes are small whole numbers, so that every adjoint is exact.

use downhill::prelude::*;
use proptest::prelude::*;

/// One statement: which earlier numbers it takes, each times what. Equal ones may stand at several places.
#[derive(Debug, Clone)]
struct Line {
    inputs: Vec<usize>,
    factors: Vec<f64>,
}

/// Lines in runs: those of a run take the number before them at one place, and the same others.
fn lines(bytes: &[u8], leaves: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for run in bytes.chunks_exact(8) {
        let [shape, count, places @ .., factors] = run else { unreachable!() };
        let (wide, at) = (3 + usize::from(shape & 1), usize::from(shape >> 1) % 8);
        let known = leaves + lines.len();
        let others: Vec<usize> = places.iter().map(|&place| usize::from(place) % known).collect();
        for n in 0..usize::from(count % 7) {
            let inputs = (0..wide).map(|i| if i == at { known + n - 1 } else { others[i] }).collect();
            let factor = |i: usize| f64::from(usize::from(factors >> i) as u8 % 4) - 1.0;
            lines.push(Line { inputs, factors: (0..wide).map(factor).collect() });
        }
    }
    lines
}

/// What the lines compute, as statements; the odd ones of `plain` as operators, so that plain nodes stand between.
fn run(lines: &[Line], plain: u64, x: &[Var]) -> Var {
    let mut known = x.to_vec();
    for (n, Line { inputs, factors }) in lines.iter().enumerate() {
        let of = |i: usize| known[inputs[i]];
        let next = match inputs.len() {
            _ if plain >> (n % 64) & 1 == 1 => {
                (0..inputs.len()).fold(of(0) * 0.0, |sum, i| sum + of(i) * factors[i])
            }
            3 => statement([of(0), of(1), of(2)], |x| {
                x[0] * factors[0] + x[1] * factors[1] + x[2] * factors[2]
            }),
            _ => statement([of(0), of(1), of(2), of(3)], |x| {
                x[0] * factors[0] + x[1] * factors[1] + (x[2] * factors[2] + x[3] * factors[3])
            }),
        };
        known.push(next);
    }
    *known.last().expect("leaves")
}

/// The adjoints of the first `leaves` numbers, by the rule itself; none if they are too large to be exact.
fn adjoints(lines: &[Line], leaves: usize) -> Option<Vec<f64>> {
    let mut adjoints = vec![0.0; leaves + lines.len()];
    *adjoints.last_mut().expect("leaves") = 1.0;
    for (n, line) in lines.iter().enumerate().rev() {
        for (&input, &factor) in line.inputs.iter().zip(&line.factors) {
            adjoints[input] += adjoints[leaves + n] * factor;
        }
    }
    let exact = adjoints.iter().all(|adjoint| adjoint.abs() < 2f64.powi(52));
    adjoints.truncate(leaves);
    exact.then_some(adjoints)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn runs_of_statements_have_exact_adjoints(
        bytes in prop::collection::vec(any::<u8>(), 8..60),
        leaves in 1..5_usize,
        plain in prop_oneof![3 => Just(0), 1 => any::<u64>()],
    ) {
        let lines = lines(&bytes, leaves);
        let wanted = adjoints(&lines, leaves);
        prop_assume!(wanted.is_some());
        prop_assert_eq!(Some(gradient(|x| run(&lines, plain, x), &vec![0.0; leaves])), wanted);
    }
}

#[test]
fn where_nothing_flows_a_loop_of_statements_makes_no_nan() {
    // The middle of the loop is cut off; above it the slopes are infinite.
    for cut in 0..8 {
        let f = |x: &[Var]| {
            let mut y = x[0];
            for n in 0..8 {
                let slope = if n < cut { f64::INFINITY } else { 1.0 };
                let factor = if n == cut { 0.0 } else { slope };
                y = statement([y, x[1], x[2]], |[y, a, b]| y * factor + a + b);
            }
            y
        };
        let after = (8 - cut) as f64;
        assert_eq!(gradient(f, &[1.0, 1.0, 1.0]), [0.0, after, after], "{cut}");
    }
}

#[test]
fn an_infinite_adjoint_leaves_nothing_behind() {
    // The slot of an absent fourth parent is a node of its own in the next recording.
    for n in 1..6 {
        let infinite = |[x, a, b]: [Var; 3]| {
            (0..n).fold(x, |y, _| statement([y, a, b], |[y, a, b]| y + a + b)) * f64::INFINITY
        };
        assert_eq!(gradient(infinite, [1.0; 3])[0], f64::INFINITY);
        let plain = |[x, a, b]: [Var; 3]| (0..2 * n).fold(x * b, |y, _| y + a * b);
        assert_eq!(gradient(plain, [1.0; 3]), [1.0, 2.0 * n as f64, 2.0 * n as f64 + 1.0]);
    }
}
