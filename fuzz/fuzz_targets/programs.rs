//! Random programs of up to 500 operations over every row: reverse, forward and differences of values are one derivative,
//! of the first and of the second order, and products with the Jacobian meet in the middle.
//!
//! `cargo +nightly fuzz run programs -- -max_len=700`

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/random_program/mod.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod random_program;

use random_program::{Program, check, check_jacobian, check_second};

fuzz_target!(|bytes: &[u8]| {
    let program = Program::from_bytes(bytes);
    check(&program);
    check_second(&program);
    check_jacobian(&program);
});
