//! The table's functions, chosen at run time. Each `Real::unary` in the source is every row, in line: once for each kind of
//! number is enough to compile.

use downhill::real::{Binary, Real, Ternary, Unary};

/// `Real::unary` and its like, out of line.
pub(crate) trait Rows: Real {
    #[inline(never)]
    #[track_caller]
    fn row(self, op: Unary) -> Self {
        self.unary(op)
    }

    #[inline(never)]
    #[track_caller]
    fn row_with(self, op: Binary, y: Self) -> Self {
        self.binary(op, y)
    }

    #[inline(never)]
    #[track_caller]
    fn row_with_two(self, op: Ternary, a: Self, b: Self) -> Self {
        self.ternary(op, a, b)
    }
}

impl<R: Real> Rows for R {}
