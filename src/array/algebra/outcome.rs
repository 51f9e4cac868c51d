//! What comes of a matrix for which an operation has no result.

use std::error::Error;
use std::fmt;

use crate::array::step::Failure;
use crate::linalg;

/// A symmetric matrix is not positive definite: its leading minor of order `pivot + 1` is not positive, or not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotPositiveDefinite {
    /// The row, counted from 0, at which the factorization came to its end.
    pub pivot: usize,
}

/// A matrix is singular, or cannot be told from a singular one: the elimination came to a pivot of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Singular {
    /// The column, counted from 0, in which there is no pivot: it depends on those before.
    pub pivot: usize,
}

/// An iteration did not converge, or could not begin: the matrix has elements that are not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoConvergence;

/// The columns of a matrix (of a wide one, the rows) are dependent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankDeficient {
    /// So many of them are not.
    pub rank: usize,
}

impl fmt::Display for NotPositiveDefinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NotPositiveDefinite { pivot } = self;
        write!(
            f,
            "the matrix is not positive definite: the pivot in row {pivot} (counted from 0) is not positive"
        )
    }
}

impl fmt::Display for Singular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Singular { pivot } = self;
        write!(f, "the matrix is singular: there is no pivot in column {pivot} (counted from 0)")
    }
}

impl fmt::Display for NoConvergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the iteration did not converge, or the matrix has elements that are not finite")
    }
}

impl fmt::Display for RankDeficient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the columns of the matrix (of a wide one, the rows) are dependent: its rank is {}",
            self.rank
        )
    }
}

macro_rules! outcomes {
    ($($Outcome:ident $([$field:ident])?,)*) => {$(
        impl Error for $Outcome {}

        impl From<Failure> for $Outcome {
            fn from(failure: Failure) -> $Outcome {
                match failure {
                    Failure::$Outcome $(($field))? => $Outcome { $($field)? },
                    other => unreachable!("no failure of this operation: {other:?}"),
                }
            }
        }

        impl From<linalg::$Outcome> for Failure {
            fn from(_outcome: linalg::$Outcome) -> Failure {
                Failure::$Outcome $((_outcome.$field))?
            }
        }
    )*};
}

outcomes! {
    NotPositiveDefinite[pivot],
    Singular[pivot],
    NoConvergence,
    RankDeficient[rank],
}

/// There is no result, where the caller wanted one.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn none(operation: &str, shape: &[usize], why: impl Error, advice: &str) -> ! {
    panic!(
        "downhill: `{operation}` of an array of shape {shape:?}: {why}; {advice}, or ask `try_{operation}`"
    )
}
