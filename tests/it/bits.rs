//! The same bits in debug and release builds: a fingerprint of values, derivatives and walks, printed for comparison.
//!
//! `.ci/run` runs this test in both and compares the lines. The fingerprint itself is not pinned: `sin` and its like come
//! from the platform's mathematics library.

use std::hash::{DefaultHasher, Hasher};

use downhill::prelude::*;
use downhill::problems;
use downhill::real::{Binary, Unary};

use crate::random_program::Program;

/// A number's bits; every NaN is one, as its sign and payload mean nothing.
fn bits(x: f64) -> u64 {
    if x.is_nan() { u64::MAX } else { x.to_bits() }
}

#[test]
fn values_derivatives_and_walks_have_the_same_bits_in_every_build() {
    let mut fingerprint = DefaultHasher::new();
    let mut add = |x: f64| fingerprint.write_u64(bits(x));
    for k in -40..=40 {
        let x = f64::from(k) * 0.137;
        for op in Unary::all() {
            let (y, slope) = value_and_gradient(|x: Var| x.unary(op), x);
            let second = Dual::variable(Dual::variable(x)).unary(op).tangent.tangent;
            [y, slope, second].into_iter().for_each(&mut add);
        }
        for &op in Binary::ALL {
            let (z, [p, q]) = value_and_gradient(|[x, y]: [Var; 2]| x.binary(op, y), [x, 1.7 - x]);
            [z, p, q].into_iter().for_each(&mut add);
        }
    }
    for seed in 0..200_u8 {
        let bytes: Vec<u8> =
            (0..120_u8).map(|k| k.wrapping_mul(37).wrapping_add(seed.wrapping_mul(101))).collect();
        let program = Program::from_bytes(&bytes, false);
        gradient(|x| program.run(x), &program.inputs).into_iter().for_each(&mut add);
    }
    for problem in problems::ALL {
        let walk = minimize(problem.function, problem.start).max_iterations(200).run();
        walk.x.into_iter().for_each(&mut add);
    }
    println!("the fingerprint is {:016x}", fingerprint.finish());
}
