//! Arrays on the tape.

mod choice;
mod elementwise;
mod fixtures;
mod reductions;
mod smoke;
mod softmax;
