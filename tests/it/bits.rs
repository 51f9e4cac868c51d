//! The same bits in debug and release builds: fingerprints of values, derivatives and walks.
//!
//! Where all rows of the table take part the fingerprints are printed, and `.ci/run`, which runs these tests in both
//! builds, compares the lines: `sin` and its like come from the platform's mathematics library, so no number could be pinned
//! for all. Where only correctly rounded operations take part it is pinned: that is the same on every platform.

use downhill::prelude::*;
use downhill::problems;
use downhill::real::{Binary, Ternary, Unary};

use crate::by_row::Rows;
use crate::programs::{seeded, seeded_over};
use crate::random_program::{Program, Row, rows};

/// A hash that no release of the compiler changes.
///
/// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm", variant 1a.
struct Fingerprint(u64);

impl Fingerprint {
    fn new() -> Fingerprint {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }

    /// Every NaN is one, as its sign and payload mean nothing.
    fn add(&mut self, x: f64) {
        let bits = if x.is_nan() { u64::MAX } else { x.to_bits() };
        for byte in bits.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn extend(&mut self, numbers: impl IntoIterator<Item = f64>) {
        numbers.into_iter().for_each(|x| self.add(x));
    }
}

/// Everything there is to know of a program: values, gradient, Jacobian and its products, Hessian and its products, by
/// every engine.
fn differentiate(program: &Program, fingerprint: &mut Fingerprint) {
    let x = &program.inputs;
    let v: Vec<f64> = (0..x.len()).map(|i| 1.0 - 0.375 * i as f64).collect();
    let (value, slopes) = value_and_gradient(|x| program.run(x), x);
    fingerprint.add(value);
    fingerprint.extend(slopes);
    let whole = Expansion::of(|x: &[Var]| program.run(x), x);
    fingerprint.extend(whole.gradient());
    fingerprint.extend(whole.hvp(&v));
    fingerprint.extend(hvp(|x: &[Var]| program.run(x), x, &v));
    fingerprint.extend(whole.hessian());
    fingerprint.add(whole.mixed_partial(0, x.len() - 1));
    let parts = Expansion::of(|x: &[Var]| program.results(x), x);
    fingerprint.extend(parts.values());
    fingerprint.extend(parts.jacobian());
    fingerprint.extend(parts.jvp(&v));
    fingerprint.extend(parts.vjp(&vec![0.75; parts.values().len()]));
    let moving: Vec<Dual> = x.iter().zip(&v).map(|(&x, &v)| Dual::new(x, v)).collect();
    fingerprint.add(program.run(&moving).tangent);
}

#[test]
fn rows_have_the_same_bits_in_every_build() {
    let mut fingerprint = Fingerprint::new();
    for k in -40..=40 {
        let x = f64::from(k) * 0.137;
        for op in Unary::all() {
            let (y, slope) = value_and_gradient(|x: Var| x.row(op), x);
            let second = Dual::variable(Dual::variable(x)).row(op).tangent.tangent;
            fingerprint.extend([y, slope, second]);
        }
        for &op in Binary::ALL {
            let (z, [p, q]) = value_and_gradient(|[x, y]: [Var; 2]| x.row_with(op, y), [x, 1.7 - x]);
            fingerprint.extend([z, p, q]);
        }
        for &op in Ternary::ALL {
            let (z, slopes) =
                value_and_gradient(|[x, a, b]: [Var; 3]| x.row_with_two(op, a, b), [x, -0.3 - x.abs(), 1.7]);
            fingerprint.add(z);
            fingerprint.extend(slopes);
        }
    }
    println!("the fingerprint of the rows is {:016x}", fingerprint.0);
}

#[test]
fn long_programs_have_the_same_bits_in_every_build() {
    let mut fingerprint = Fingerprint::new();
    seeded(200).for_each(|program| differentiate(&program, &mut fingerprint));
    println!("the fingerprint of long programs is {:016x}", fingerprint.0);
}

#[test]
fn walks_have_the_same_bits_in_every_build() {
    let mut fingerprint = Fingerprint::new();
    for problem in problems::ALL {
        fingerprint.extend(minimize(problem.function, problem.start).max_iterations(200).run().x);
    }
    println!("the fingerprint of walks is {:016x}", fingerprint.0);
}

/// Rows whose values and slopes are made of correctly rounded operations, comparisons and steps only.
fn is_exact(row: &Row) -> bool {
    use Unary::{Abs, Ceil, Floor, Fract, Neg, Powi, Recip, Relu, Round, Signum, Sqrt, Trunc};
    match row {
        Row::Unary(
            Abs | Ceil | Floor | Fract | Neg | Powi(_) | Recip | Relu | Round | Signum | Sqrt | Trunc,
        ) => true,
        Row::Binary(op) => {
            use Binary::{Add, Div, Max, Min, Mul, Rem, Sub};
            matches!(op, Add | Sub | Mul | Div | Rem | Max | Min)
        }
        Row::Ternary(_) | Row::Constant | Row::Sum => true,
        Row::Unary(_) => false,
    }
}

#[test]
fn programs_of_exact_rows_have_the_same_bits_on_every_platform() {
    let rows: Vec<Row> = rows().into_iter().filter(is_exact).collect();
    let mut fingerprint = Fingerprint::new();
    seeded_over(rows, 100).for_each(|program| differentiate(&program, &mut fingerprint));
    // Another number is right only after a change to a row, or to how programs grow from bytes.
    assert_eq!(format!("{:016x}", fingerprint.0), "2fb5bb0d447de4c1");
}
