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

/// An operation that is to be recorded; operands that are constants have a value in place of a node.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: u32,
    rule: Rule,
    nodes: [u32; 3],
    constants: [f64; 3],
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Unary(Unary),
    Binary(Binary),
    Ternary(Ternary),
}

const CONSTANT: u32 = u32::MAX;

impl Request {
    /// Adds the operation, and constants among its operands, to `operations`.
    pub(super) fn carry_out(&self, operations: &mut Vec<Operation>) -> u32 {
        let mut node = |i: usize| match self.nodes[i] {
            CONSTANT => append(operations, Operation::Constant(self.constants[i])),
            node => node,
        };
        let operation = match self.rule {
            Rule::Unary(op) => Operation::Unary(op, node(0)),
            Rule::Binary(op) => Operation::Binary(op, [node(0), node(1)]),
            Rule::Ternary(op) => Operation::Ternary(op, [node(0), node(1), node(2)]),
        };
        append(operations, operation)
    }
}

fn append(operations: &mut Vec<Operation>, operation: Operation) -> u32 {
    operations.push(operation);
    (operations.len() - 1) as u32
}

#[inline(always)]
#[track_caller]
pub(super) fn unary(x: Var, op: Unary, value: f64) -> Var {
    record(Rule::Unary(op), [x, Var::constant(0.0), Var::constant(0.0)], value)
}

#[inline(always)]
#[track_caller]
pub(super) fn binary(x: Var, y: Var, op: Binary, value: f64) -> Var {
    record(Rule::Binary(op), [x, y, Var::constant(0.0)], value)
}

#[inline(always)]
#[track_caller]
pub(super) fn ternary(operands: [Var; 3], op: Ternary, value: f64) -> Var {
    record(Rule::Ternary(op), operands, value)
}

#[inline(always)]
#[track_caller]
fn record(rule: Rule, [x, y, z]: [Var; 3], value: f64) -> Var {
    let id = [x, y, z].into_iter().fold(0, |id, x| if x.is_constant() { id } else { x.id() });
    for x in [x, y, z] {
        if x.id() != id && !x.is_constant() {
            misuse::mixed(x.id(), id);
        }
    }
    let node = |x: Var| if x.is_constant() { CONSTANT } else { x.node() };
    let nodes = [node(x), node(y), node(z)];
    let node = aside::operate(&Request { id, rule, nodes, constants: [x.value(), y.value(), z.value()] });
    if node == store::NOT_RECORDED {
        misuse::not_recorded(id);
    }
    Var::inner(value, node, id)
}
