//! Programs made from bytes: straight-line code of up to 500 operations over every row of the table, with shared
//! subexpressions, for any engine.

mod check;
mod grower;
mod stencil;
mod terms;

pub(crate) use check::{check, check_jacobian, check_second};
pub(crate) use grower::{Row, rows};
pub(crate) use stencil::Agreement;

use downhill::real::{Binary, Real, Ternary, Unary};

/// Operations of the longest programs, those of the final sums included.
pub(crate) const LONGEST: usize = 500;

/// One line of a program; arguments are numbers of earlier lines, the inputs first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Line {
    Constant(f64),
    Unary(Unary, usize),
    Binary(Binary, [usize; 2]),
    Ternary(Ternary, [usize; 3]),
    /// `x · factor + shift`
    Affine(usize, f64, f64),
    Sum(Vec<usize>),
}

impl Line {
    /// The line's value from those of the lines before it.
    pub(crate) fn on<R: Real>(&self, values: &[R]) -> R {
        match self {
            Line::Constant(c) => R::from(*c),
            Line::Unary(op, x) => values[*x].unary(*op),
            Line::Binary(op, [x, y]) => values[*x].binary(*op, values[*y]),
            // Far from its point a program may leave the domains of its rows, where `clamp` panics.
            Line::Ternary(Ternary::Clamp, [_, a, b]) if !ordered(values[*a], values[*b]) => R::from(f64::NAN),
            Line::Ternary(op, [x, a, b]) => values[*x].ternary(*op, values[*a], values[*b]),
            Line::Affine(x, factor, shift) => values[*x] * *factor + *shift,
            Line::Sum(terms) => terms.iter().map(|&k| values[k]).sum(),
        }
    }

    /// The lines it is computed from.
    pub(crate) fn operands(&self) -> &[usize] {
        match self {
            Line::Constant(_) => &[],
            Line::Unary(_, x) | Line::Affine(x, ..) => std::slice::from_ref(x),
            Line::Binary(_, operands) => operands,
            Line::Ternary(_, operands) => operands,
            Line::Sum(terms) => terms,
        }
    }

    /// How many operations a recording takes for it.
    pub(crate) fn operations(&self) -> usize {
        match self {
            Line::Constant(_) => 0,
            Line::Unary(..) | Line::Binary(..) | Line::Ternary(..) => 1,
            Line::Affine(..) => 2,
            Line::Sum(terms) => terms.len() - 1,
        }
    }

    /// The row it is, if it is one.
    pub(crate) fn row(&self) -> Option<&'static str> {
        match self {
            Line::Unary(op, _) => Some(op.name()),
            Line::Binary(op, _) => Some(op.name()),
            Line::Ternary(op, _) => Some(op.name()),
            Line::Constant(_) | Line::Affine(..) | Line::Sum(_) => None,
        }
    }
}

fn ordered<R: Real>(low: R, high: R) -> bool {
    low.value() <= high.value()
}

/// Inputs, lines, and the results, each a sum of lines; every line is part of some result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Program {
    pub(crate) inputs: Vec<f64>,
    pub(crate) lines: Vec<Line>,
    pub(crate) sums: Vec<Vec<usize>>,
}

impl Program {
    /// Runs the program on numbers of any kind: the results `[m]`.
    pub(crate) fn results<R: Real>(&self, inputs: &[R]) -> Vec<R> {
        let mut values = Vec::with_capacity(inputs.len() + self.lines.len());
        values.extend_from_slice(inputs);
        for line in &self.lines {
            values.push(line.on(&values));
        }
        self.sums.iter().map(|sum| sum.iter().map(|&k| values[k]).sum()).collect()
    }

    /// The sum of the results: a scalar function.
    pub(crate) fn run<R: Real>(&self, inputs: &[R]) -> R {
        self.results(inputs).into_iter().sum()
    }

    /// How many operations a recording of `run` has.
    pub(crate) fn operations(&self) -> usize {
        let within: usize = self.lines.iter().map(Line::operations).sum();
        within + self.sums.iter().map(Vec::len).sum::<usize>() - 1
    }

    /// A direction in which to differentiate: `n` numbers that are neither equal nor zero.
    pub(crate) fn direction(&self, seed: usize) -> Vec<f64> {
        (0..self.inputs.len()).map(|i| ((1 + seed + 3 * i) as f64 * 2.4).sin() + 0.01).collect()
    }
}
