//! Where a number that is not finite came from.
//!
//! ```text
//! forward    v(k) is not finite: the first in program order of those that reach the result through others
//! reverse    v̄(k) is finite, and v̄(i) + v̄(k) ∂v(k)/∂v(i) is not: the first in the order of the sweep
//! ```

use std::fmt;
use std::panic::Location;

use super::Program;
use super::notation::{Notation, short};
use super::operations::Operation;

/// What first was NaN or infinite in a gradient's computation; see [`Gradients::non_finite`](super::Gradients::non_finite).
///
/// Printed, it is a sentence: `the value of v5 = ln(x0 - x1) at src/model.rs:42:9 is NaN: x0 - x1 = -1`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum NonFinite {
    /// The value of an operation.
    Value(Origin),
    /// The adjoint of an operand, by what an operation passed back to it.
    Adjoint {
        /// The operation.
        by: Origin,
        /// Its own adjoint, which is finite.
        adjoint: f64,
        /// Which of its operands it is about.
        operand: usize,
        /// The slope along this operand.
        slope: f64,
        /// The adjoint of the operand, when this was added.
        passed: f64,
    },
    /// A partial, where nothing else is known: the recording keeps slopes only. On [`Tape::traced`](super::Tape::traced) it
    /// would be one of the others.
    Untraced {
        /// Which variable's, as they were made.
        variable: usize,
        /// The partial.
        partial: f64,
    },
}

/// An operation of a traced recording.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Origin {
    /// The function: `sqrt`, `div`, the name of a custom one; `argument` for a variable of the tape.
    pub operation: String,
    /// The operation with its operands: `v5 = ln(x0 - x1)`.
    pub formula: String,
    /// The line of the program that it stands in. Of a `.sum()`, which calls from within the standard library, the last
    /// line before.
    pub location: &'static Location<'static>,
    /// The operands that are no constants, and their values.
    pub operands: Vec<(String, f64)>,
    /// The value of the operation.
    pub value: f64,
}

impl NonFinite {
    /// The operation; none of an ordinary tape.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            NonFinite::Value(origin) | NonFinite::Adjoint { by: origin, .. } => Some(origin),
            NonFinite::Untraced { .. } => None,
        }
    }
}

impl fmt::Display for NonFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NonFinite::Value(Origin { formula, location, operands, value, .. }) => {
                write!(f, "the value of {formula} at {location} is {}", short(*value))?;
                list(f, ": ", operands)
            }
            NonFinite::Adjoint { by, adjoint, operand, slope, passed } => {
                let Origin { formula, location, operands, value, .. } = by;
                let to = operands.get(*operand).map_or("its operand", |(name, _)| name);
                let [passed, value, adjoint, slope] = [passed, value, adjoint, slope].map(|&x| short(x));
                write!(
                    f,
                    "the adjoint of {to}, passed back by {formula} at {location}, is {passed}: value {value}, adjoint \
                     {adjoint}, slope {slope}"
                )?;
                list(f, "; ", operands)
            }
            NonFinite::Untraced { variable, partial } => write!(
                f,
                "the partial by variable {variable} is {partial}; record it on `Tape::traced()` in place of \
                 `Tape::new()`, or ask `find_non_finite`, to learn where that came from"
            ),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, start: &str, operands: &[(String, f64)]) -> fmt::Result {
    for (i, (name, value)) in operands.iter().enumerate() {
        write!(f, "{}{name} = {}", if i == 0 { start } else { ", " }, short(*value))?;
    }
    Ok(())
}

/// An adjoint that ceased to be finite.
#[derive(Debug, Clone, Copy)]
struct Fault {
    node: u32,
    operand: u32,
    adjoint: f64,
    slope: f64,
    passed: f64,
}

/// The adjoints of a program, as the sweep over a recording of slopes would have them.
pub(super) struct Sweep {
    pub(super) adjoints: Vec<f64>,
    fault: Option<Fault>,
}

impl Program {
    /// The first number that is not finite on the way to `output`'s gradient, unless the value and the gradient are finite.
    pub(super) fn non_finite(&self, output: u32, sweep: &Sweep) -> Option<NonFinite> {
        let start = match sweep.fault {
            _ if !self.values()[output as usize].is_finite() => vec![output],
            Some(fault) => vec![fault.node, fault.operand],
            None => return None,
        };
        if let Some(first) = self.first_value(&start) {
            return Some(NonFinite::Value(self.origin(first)));
        }
        let Fault { node, operand, adjoint, slope, passed } = sweep.fault?;
        let which = self.varying_operands(node).iter().position(|&k| k == operand).unwrap_or(0);
        Some(NonFinite::Adjoint { by: self.origin(node), adjoint, operand: which, slope, passed })
    }

    /// The operands of node `k` that are no constants, each once.
    fn varying_operands(&self, k: u32) -> Vec<u32> {
        let mut varying = Vec::new();
        for operand in self.operands(k) {
            let constant = matches!(self.operations()[operand as usize], Operation::Constant(_));
            if !constant && !varying.contains(&operand) {
                varying.push(operand);
            }
        }
        varying
    }

    /// The first value that is not finite of those that lead to one of `nodes` through others that are not.
    fn first_value(&self, nodes: &[u32]) -> Option<u32> {
        let mut leads = vec![false; self.len()];
        let mut first = None;
        nodes.iter().for_each(|&k| leads[k as usize] = true);
        for k in (0..self.len() as u32).rev() {
            let constant = matches!(self.operations()[k as usize], Operation::Constant(_));
            if leads[k as usize] && !constant && !self.values()[k as usize].is_finite() {
                first = Some(k);
                self.operands(k).into_iter().for_each(|operand| leads[operand as usize] = true);
            }
        }
        first
    }

    fn origin(&self, k: u32) -> Origin {
        let notation = Notation::of(self);
        let named = |k: u32| (notation.written_out(k, false), self.values()[k as usize]);
        Origin {
            operation: self.operation_name(k).to_owned(),
            formula: notation.long_equation(k),
            location: self.place(k),
            operands: self.varying_operands(k).into_iter().map(named).collect(),
            value: self.values()[k as usize],
        }
    }

    /// Runs the adjoints down from `output`.
    ///
    /// A recording of slopes skips nodes whose adjoint is zero, and multiplies what is folded between them as it is met: a
    /// zero there meets an infinite slope, and NaN comes of it. So it is here: only what would be a node is skipped.
    pub(super) fn sweep(&self, output: u32) -> Sweep {
        let nodes = self.slope_nodes();
        let mut sweep = Sweep { adjoints: vec![0.0; self.len()], fault: None };
        let mut reached = vec![false; self.len()];
        sweep.adjoints[output as usize] = 1.0;
        reached[output as usize] = true;
        for k in (0..=output).rev() {
            let adjoint = sweep.adjoints[k as usize];
            if !reached[k as usize] || adjoint == 0.0 && nodes[k as usize] == k {
                continue;
            }
            let (links, count) = self.links(k);
            for &(operand, slope) in &links[..count] {
                if nodes[operand as usize] == NONE {
                    continue;
                }
                reached[operand as usize] = true;
                let sum = &mut sweep.adjoints[operand as usize];
                let finite = sum.is_finite() && adjoint.is_finite();
                *sum += adjoint * slope;
                if finite && !sum.is_finite() && sweep.fault.is_none() {
                    sweep.fault = Some(Fault { node: k, operand, adjoint, slope, passed: *sum });
                }
            }
        }
        sweep
    }

    /// On which node each operation would hang in a recording of slopes.
    fn slope_nodes(&self) -> Vec<u32> {
        let mut nodes: Vec<u32> = Vec::with_capacity(self.len());
        for k in 0..self.len() as u32 {
            let join = |a: u32, b: u32| match (a, b) {
                (NONE, b) => b,
                (a, NONE) => a,
                (a, b) if a == b => a,
                _ => k,
            };
            let on = |k: u32| nodes[k as usize];
            nodes.push(match self.operations()[k as usize] {
                Operation::Argument | Operation::Event(_) | Operation::Made(..) => k,
                Operation::Constant(_) => NONE,
                Operation::Unary(_, x) => on(x),
                Operation::Binary(_, [x, y]) | Operation::Custom([x, y, _]) => join(on(x), on(y)),
                Operation::Ternary(_, [x, a, b]) => join(join(on(x), on(a)), on(b)),
            });
        }
        nodes
    }

    /// The operands of node `k` and the slopes along them.
    fn links(&self, k: u32) -> ([(u32, f64); 3], usize) {
        let at = |k: u32| self.values()[k as usize];
        let value = at(k);
        match self.operations()[k as usize] {
            // Arrays are not traced.
            Operation::Argument | Operation::Constant(_) | Operation::Event(_) | Operation::Made(..) => {
                ([(0, 0.0); 3], 0)
            }
            Operation::Unary(op, x) => ([(x, op.slope(at(x), value)), (0, 0.0), (0, 0.0)], 1),
            Operation::Binary(op, [x, y]) => {
                let (p, q) = op.slopes(at(x), at(y), value);
                ([(x, p), (y, q), (0, 0.0)], 2)
            }
            Operation::Ternary(op, [x, a, b]) => {
                let (p, q, r) = op.slopes(at(x), at(a), at(b));
                ([(x, p), (a, q), (b, r)], 3)
            }
            Operation::Custom([rest, x, slope]) => ([(rest, 1.0), (x, at(slope)), (0, 0.0)], 2),
        }
    }
}

/// Constants hang on no node.
const NONE: u32 = u32::MAX;
