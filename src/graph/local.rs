//! The slopes of one operation with their own slopes: what second derivatives are made of.

use super::{Graph, tally};
use crate::dual::Duals;
use crate::real::Real;
use crate::tape::Operation;

/// Takes in the operations of a recording, one at a time.
pub(super) trait SecondOrder {
    /// Node `k`, whose slopes by its operands carry their own slopes by them.
    fn node<const M: usize>(&mut self, k: usize, operands: [u32; M], slopes: [Duals<M>; M]);

    /// The second partial of node `k` by `a` and `b`, beside those that its slopes carry.
    fn partial(&mut self, k: usize, pair: [u32; 2], second: f64);
}

impl Graph {
    /// Tells `to` of node `k`, at the point where it was recorded.
    #[inline]
    pub(super) fn second_order(&self, k: usize, to: &mut impl SecondOrder) {
        let at = |node: u32| self.values()[node as usize];
        match self.program.operations()[k] {
            Operation::Argument | Operation::Constant(_) => tell(to, k, [], []),
            Operation::Event(_) | Operation::Made(..) => unreachable!("with arrays there are other ways"),
            Operation::Unary(op, x) => {
                let v = Duals { value: at(x), tangents: [1.0] };
                tell(to, k, [x], [op.slope(v, v.unary(op))]);
            }
            Operation::Binary(op, operands) => {
                let [v, w] = Duals::variables(operands.map(at));
                let (p, q) = op.slopes(v, w, v.binary(op, w));
                tell(to, k, operands, [p, q]);
            }
            Operation::Ternary(op, operands) => {
                let [v, a, b] = Duals::variables(operands.map(at));
                let (p, q, r) = op.slopes(v, a, b);
                tell(to, k, operands, [p, q, r]);
            }
            Operation::Custom([rest, x, slope]) => {
                // d²v = Σ dp dx, whose two halves are off the diagonal unless the input is its own slope.
                to.partial(k, [slope, x], if slope == x { 1.0 } else { 0.5 });
                tell(to, k, [rest, x], [Duals::constant(1.0), Duals::constant(at(slope))]);
            }
        }
    }
}

#[inline(always)]
fn tell<const M: usize>(to: &mut impl SecondOrder, k: usize, operands: [u32; M], slopes: [Duals<M>; M]) {
    tally::forward(M * (M + 1)); // the slopes, each with its own
    to.node(k, operands, slopes);
}
