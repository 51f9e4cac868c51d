//! The one integration-test binary; its modules mirror those of `src/`.

mod programs;
mod random_program;
mod real;
mod sampled;
