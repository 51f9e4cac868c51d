//! The one integration-test binary; its modules mirror those of `src/`.

mod array;
mod alloc;
mod articles;
mod bits;
mod by_row;
mod dual;
mod dual_confusion;
mod dual_series;
mod edges;
mod forms;
mod functions;
mod layers;
mod misuse;
mod optim;
mod plot;
mod problems;
mod programs;
mod random_program;
mod real;
mod sampled;
mod second;
mod tape;
mod third_party;
mod trace;
mod verbs;
mod workloads;
