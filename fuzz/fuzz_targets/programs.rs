//! Random programs: the tape against dual numbers and against the stencil.
//!
//! `cargo +nightly fuzz run programs`

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/random_program.rs"]
mod random_program;

use random_program::{Program, check};

fuzz_target!(|bytes: &[u8]| {
    // Long programs for the engines; short ones, whose seventh derivatives are tame, for the stencil too.
    check(&Program::from_bytes(bytes, false), false);
    check(&Program::from_bytes(&bytes[..bytes.len().min(24)], true), true);
});
