//! Arrays on the tape.

mod elementwise;
mod fixtures;
mod smoke;
