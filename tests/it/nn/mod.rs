//! Neural networks.

mod initial;
mod learning;
mod losses;
mod memory;
mod misuse;
mod names;
mod reference;
mod state;
mod stencil;
