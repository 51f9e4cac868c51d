//! Every row of the table as an inherent method of `Var`: `x.sin()` needs no import, and takes literals.

use super::Var;
use crate::real::methods::{binary_methods, method, ternary_methods, unary_methods};
use crate::real::{Binary, Real, Ternary, Unary, binary_table, ternary_table, unary_table};

/// The elementary functions. A second argument may be a variable or a number: `x.powf(2.5)`, `y.atan2(x)`.
impl Var {
    unary_table!(unary_methods [pub]);
    binary_table!(binary_methods [pub]);
    ternary_table!(ternary_methods [pub]);
}
