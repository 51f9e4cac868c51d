//! The other way to record: what was computed, not only its slopes.
//!
//! A recording of slopes can be swept backward, and that is all. One of operations can be run again on numbers of any
//! kind: dual numbers give second derivatives, nested ones every order. Which of the two a recording is, a bit of its
//! number tells, so that each operation on variables asks with one test. Recording takes the way [`aside`]: it is done
//! once for each point, and must not cost the recording of slopes anything.

use super::{Var, aside, misuse, store};
use crate::real::{Binary, Ternary, Unary};

/// The bit in the number of a recording of operations.
pub(super) const OPERATIONS: u32 = 1 << 31;

/// What a node of such a recording was computed by, and from which nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Operation {
    /// An argument of the function; they come first.
    Argument,
    Constant(f64),
    Unary(Unary, u32),
    Binary(Binary, [u32; 2]),
    Ternary(Ternary, [u32; 3]),
}

/// What an operation is, to one that records it; the first two operands are told beside it.
#[derive(Debug)]
pub(super) enum Rule {
    Unary(Unary),
    Binary(Binary),
    /// And the third operand.
    Ternary(Ternary, Var),
}

impl From<Unary> for Rule {
    #[inline(always)]
    fn from(op: Unary) -> Rule {
        Rule::Unary(op)
    }
}

impl From<Binary> for Rule {
    #[inline(always)]
    fn from(op: Binary) -> Rule {
        Rule::Binary(op)
    }
}

/// An operand: the number of its recording, which is 0 for a constant, its node there, and its value.
pub(super) type Operand = (u32, u32, f64);

/// Adds the operation, and constants among its operands, to `operations`.
pub(super) fn carry_out(rule: &Rule, x: Operand, y: Operand, operations: &mut Vec<Operation>) -> u32 {
    let mut node = |(id, node, value): Operand| match id {
        0 => append(operations, Operation::Constant(value)),
        _ => node,
    };
    let operation = match *rule {
        Rule::Unary(op) => Operation::Unary(op, node(x)),
        Rule::Binary(op) => Operation::Binary(op, [node(x), node(y)]),
        Rule::Ternary(op, z) => Operation::Ternary(op, [node(x), node(y), node(z.operand())]),
    };
    append(operations, operation)
}

/// The recording of all the operands; none if they have several.
pub(super) fn common(rule: &Rule, x: Operand, y: Operand) -> Option<u32> {
    let third = if let Rule::Ternary(_, z) = rule { z.id() } else { 0 };
    let id = x.0 | y.0 | third;
    [x.0, y.0, third].into_iter().all(|own| own == 0 || own == id).then_some(id)
}

fn append(operations: &mut Vec<Operation>, operation: Operation) -> u32 {
    operations.push(operation);
    (operations.len() - 1) as u32
}

/// Records the operation, and returns its node.
#[inline(always)]
#[track_caller]
pub(super) fn record(rule: Rule, x: Var, y: Var) -> u32 {
    let node = aside::operate(&rule, x.operand(), y.operand());
    if node == store::NOT_RECORDED {
        misuse::no_common_recording(&rule, x.operand(), y.operand());
    }
    node
}
