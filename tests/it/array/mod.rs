//! Arrays on the tape.

mod choice;
mod einsum;
mod elementwise;
mod fixtures;
mod indexing;
mod joining;
mod reductions;
mod smoke;
mod softmax;
