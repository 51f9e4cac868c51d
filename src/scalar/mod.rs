//! The numbers of this crate as scalars of other crates: code that knows nothing of derivatives has them all the same.
//!
//! [`Var`] and the dual numbers implement the traits that generic numeric code asks for.
//!
//! | of | feature | what it opens |
//! |---|---|---|
//! | `num-traits`: `Float` and its family | always | generic functions; `ndarray`: `dot`, `mapv`, arithmetic; `num_complex::Complex<Var>` |
//! | `simba` 0.9: `RealField` and its family | `nalgebra-033`, `nalgebra-034` | `nalgebra` 0.33 and 0.34: decompositions, rotations, exponentials |
//! | `simba` 0.10, the same | `nalgebra-035` | `nalgebra` 0.35 |
//! | `approx` 0.5 | `approx` | `assert_relative_eq!` and the like, by the value |
//! | `serde` 1 | `serde` | a `Var` is written as its value and read as a constant, a dual number as the list of its numbers; a recording is not written |
//!
//! The gradient of the log-determinant of a covariance is its inverse, through a Cholesky decomposition that was written
//! for numbers:
//!
#![cfg_attr(feature = "nalgebra-035", doc = "```")]
#![cfg_attr(not(feature = "nalgebra-035"), doc = "```ignore")]
//! use downhill::prelude::*;
//! use nalgebra::{Matrix2, RealField};
//!
//! fn log_determinant<T: RealField + Copy>([a, b, c]: [T; 3]) -> T {
//!     let l = Matrix2::new(a, b, b, c).cholesky().expect("positive definite").unpack();
//!     (l[(0, 0)].ln() + l[(1, 1)].ln()) * nalgebra::convert(2.0)
//! }
//!
//! let at = [2.0, 0.5, 1.0];
//! let inverse = Matrix2::new(2.0, 0.5, 0.5, 1.0).try_inverse().unwrap();
//! let g = gradient(log_determinant, at);
//! for (got, wanted) in g.into_iter().zip([inverse[(0, 0)], 2.0 * inverse[(0, 1)], inverse[(1, 1)]]) {
//!     assert!((got - wanted).abs() < 1e-15);
//! }
//!
//! // Forward, and twice: the second derivative by a.
//! let a = Dual::variable(Dual::variable(2.0));
//! let y = log_determinant([a, 0.5.into(), 1.0.into()]);
//! assert!((y.tangent.tangent + inverse[(0, 0)].powi(2)).abs() < 1e-15);
//! ```
//!
//! # Zeros
//!
//! `is_zero` and `is_one` are true only for what does not vary. Linear algebra skips work where a coefficient "is zero":
//! `y.axpy(a, &x, b)` leaves `y` out at `b = 0`, and with it the derivative by `b`. So a variable is never zero in this
//! sense, whatever its value.
//!
//! The price: what tests for an exact zero to *refuse* does not refuse a variable. The inverse, or the solution, of an
//! exactly singular matrix of variables is `Some`, with infinities and NaN; of constants it is `None` as ever. And `simba`'s
//! `cosc`, `cos(x)/x`, which it defines to be 1 at 0, is infinite there for a variable; so is `coshc`.
//!
//! # Branches on values
//!
//! Other people's code may compare values, and a comparison has no derivative. What it does on the branch taken is
//! differentiated, and nothing else; two cases are worth knowing, as nothing can be done about them from here:
//!
//! * `nalgebra` turns a rotation vector of exactly 0 into the identity, a constant: the derivative there comes out as 0.
//!   Optimise a small turn *about* a rotation other than the identity, or start elsewhere.
//! * Iterations (eigenvalues, singular values, Schur) end where an entry is small beside its neighbours. Derivatives have
//!   converged by then if the entry shrank on the way. If it was 0 from the beginning (an eigenproblem of a matrix that is
//!   diagonal already) it is replaced by a constant, and the derivatives that hang on it are lost: those of eigenvectors,
//!   and second ones of eigenvalues, come out as 0 or NaN. Where eigenvalues coincide, eigenvectors have none at all.
//!
//! # Names
//!
//! `Var` has its functions as methods of its own, so `x.sin()` is never ambiguous. A dual number has them from
//! [`Real`](crate::real::Real): where `Float` or `RealField` is imported beside it, write `Real::sin(x)`.

#[cfg(any(feature = "nalgebra-033", feature = "nalgebra-034", feature = "nalgebra-035"))]
mod field;
mod float;
mod num;
#[cfg(feature = "serde")]
mod serial;
#[cfg(any(feature = "nalgebra-033", feature = "nalgebra-034", feature = "nalgebra-035"))]
mod series;
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
