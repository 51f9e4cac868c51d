//! The other way to record: what was computed, not only its slopes.
//!
//! A recording of slopes can be swept backward, and that is all. One of operations can be run again on numbers of any
//! kind: dual numbers give second derivatives, nested ones every order. Which of the two a recording is, a bit of its
//! number tells, so that each operation on variables asks with one test. Recording takes the way [`aside`]: it is done
//! once for each point, and must not cost the recording of slopes anything.

use std::panic::Location;

use super::program::Program;
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
    /// The number at the first node, as it varies in addition along the second by the slope at the third: one input of a
    /// function that brings its own derivatives.
    Custom([u32; 3]),
    /// An event of the annex, which has no value.
    Event(u32),
    /// A value that the event at this node has made, by its number.
    Made(u32, u32),
}

/// What an operation is, to one that records it; the first two operands are told beside it.
#[derive(Debug)]
pub(super) struct Request {
    rule: Rule,
    place: &'static Location<'static>,
}

/// The operation itself.
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

impl Request {
    /// Adds the operation, and constants among its operands, to `program`. The value is computed again: the less is handed
    /// over, the less the operators weigh on a caller's loop.
    pub(super) fn carry_out(&self, x: Operand, y: Operand, program: &mut Program) -> u32 {
        let mut node = |(id, node, value): Operand| match id {
            0 => program.push(Operation::Constant(value), value, self.place),
            _ => node,
        };
        let (operation, value) = match self.rule {
            Rule::Unary(op) => (Operation::Unary(op, node(x)), op.value(x.2)),
            Rule::Binary(op) => (Operation::Binary(op, [node(x), node(y)]), op.value(x.2, y.2)),
            Rule::Ternary(op, z) => {
                let nodes = [node(x), node(y), node(z.operand())];
                (Operation::Ternary(op, nodes), op.value(x.2, y.2, z.value()))
            }
        };
        program.push(operation, value, self.place)
    }

    fn third(&self) -> Operand {
        if let Rule::Ternary(_, z) = self.rule { z.operand() } else { Var::constant(0.0).operand() }
    }

    /// The recordings of the operands, each 0 for a constant.
    pub(super) fn recordings(&self, x: Operand, y: Operand) -> [u32; 3] {
        [x.0, y.0, self.third().0]
    }

    /// The recording of all the operands; none if they have several.
    pub(super) fn common(&self, x: Operand, y: Operand) -> Option<u32> {
        let ids = self.recordings(x, y);
        let id = ids[0] | ids[1] | ids[2];
        ids.into_iter().all(|own| own == 0 || own == id).then_some(id)
    }
}

/// Records the operation, and returns its node.
#[inline(always)]
#[track_caller]
pub(super) fn record(rule: Rule, x: Var, y: Var) -> u32 {
    let request = Request { rule, place: Location::caller() };
    let node = aside::operate(&request, x.operand(), y.operand());
    if node == store::NOT_RECORDED {
        misuse::no_common_recording(&request, x.operand(), y.operand());
    }
    node
}

/// Records a function that brings its own derivatives in recording `id`: `partials` are its inputs, and the partials by
/// them.
#[track_caller]
pub(super) fn custom(
    id: u32,
    (name, by_numbers): (&str, bool),
    value: f64,
    partials: impl Iterator<Item = (Var, Var)>,
) -> Var {
    let place = Location::caller();
    let varying = partials.filter(|(x, _)| !x.is_constant());
    let recorded = store::with_recording(id, |recording| {
        let node = recording.program.push_custom((name, by_numbers), value, varying, place);
        recording.len = node + 1;
        node
    });
    match recorded {
        Some(node) => Var::inner(value, node, id),
        None => misuse::not_live(id),
    }
}
