//! The numbers of this crate as scalars of other crates: code that knows nothing of derivatives has them all the same.
//!
//! [`Var`] and the dual numbers implement the traits that generic numeric code asks for.
//!
//! | of | feature | what it opens |
//! |---|---|---|
//! | `num-traits`: `Float` and its family | always | generic functions; `ndarray`: `dot`, `mapv`, arithmetic; `num_complex::Complex<Var>` |
//! | `approx` 0.5 | `approx` | `assert_relative_eq!` and the like, by the value |
//! | `serde` 1 | `serde` | a `Var` is written as its value and read as a constant, a dual number as the list of its numbers; a recording is not written |
//!
//! # Zeros
//!
//! `is_zero` and `is_one` are true only for what does not vary. Linear algebra skips work where a coefficient "is zero":
//! `y.axpy(a, &x, b)` leaves `y` out at `b = 0`, and with it the derivative by `b`. So a variable is never zero in this
//! sense, whatever its value.
//!
//! # Names
//!
//! `Var` has its functions as methods of its own, so `x.sin()` is never ambiguous. A dual number has them from
//! [`Real`](crate::real::Real): where `Float` is imported beside it, write `Real::sin(x)`.

mod float;
mod num;
#[cfg(feature = "serde")]
mod serial;
#[cfg(feature = "approx")]
mod tolerance;

#[cfg(doc)]
use crate::tape::Var;

/// Reads a macro once for each kind of number: `[generics] Type`.
macro_rules! for_numbers {
    ($implement:ident) => {
        $implement! { [] Var }
        $implement! { [R: Real] Dual<R> }
        $implement! { [const N: usize] Duals<N> }
    };
}

use for_numbers;
