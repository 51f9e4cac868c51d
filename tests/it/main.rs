//! The one integration-test binary; its modules mirror those of `src/`.

mod optim;
mod programs;
mod random_program;
mod real;
mod sampled;
