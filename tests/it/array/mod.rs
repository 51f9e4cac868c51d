//! Arrays on the tape.

mod adjoints;
mod algebra;
mod algebra_outcomes;
mod broadcast;
mod check;
mod choice;
mod convolution;
mod crossing;
mod einsum;
mod elementwise;
mod fixtures;
mod indexing;
mod joining;
mod lines;
mod memory;
mod operations;
mod pooling;
mod programs;
mod reductions;
mod smoke;
mod softmax;
mod table;
mod views;
