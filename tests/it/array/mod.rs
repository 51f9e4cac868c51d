//! Arrays on the tape.

mod algebra;
mod algebra_outcomes;
mod choice;
mod convolution;
mod einsum;
mod elementwise;
mod fixtures;
mod indexing;
mod joining;
mod pooling;
mod reductions;
mod smoke;
mod softmax;
mod views;
