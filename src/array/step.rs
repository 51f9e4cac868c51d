//! One recorded operation on arrays: what it is, what it reads, and where its result lies.

use std::cell::Cell;
use std::ops::Range;

use smallvec::SmallVec;

use super::Tensor;
use super::chunk::Piece;
use super::element::Element;
use super::layout::Layout;
use super::view::{View, ViewMut};

/// An operation on arrays, over numbers of any kind.
pub(crate) trait Rule {
    /// The name by which it is called.
    fn name(&self) -> &'static str;

    /// Writes the result, all of it; what `out` holds before is of no meaning. An operation that has no result for its
    /// inputs, such as the inverse of a singular matrix, says why.
    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure>;

    /// Adds to the adjoints of the inputs what flows to them from that of the result.
    fn backward<E: Element>(&self, flow: &mut Flow<E>);
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A matrix has no inverse; elimination came to an end at this pivot.
    Singular(usize),
    /// A matrix is not positive definite; the leading minor of this order is not positive.
    NotPositiveDefinite(usize),
    /// An iteration did not converge.
    NoConvergence,
    /// The columns of a matrix are dependent, all but so many.
    RankDeficient(usize),
}

/// What an operation reads: elements of a block.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub(crate) block: u32,
    pub(crate) layout: Layout,
}

/// See the head of the file.
#[derive(Debug, Clone)]
pub(crate) struct Step<R> {
    pub(crate) rule: R,
    pub(crate) inputs: SmallVec<[Operand; 3]>,
    /// The block of the result.
    pub(crate) out: u32,
}

/// Memory of a recording: the values of one array, or of several that were made at once, and where their adjoints lie.
#[derive(Debug, Clone)]
pub(crate) struct Block<E> {
    pub(crate) piece: Piece<E>,
    /// The place of its adjoints: where they begin; none for a constant.
    pub(crate) adjoint: Option<usize>,
    /// Where they are: in their place, or in that of a later block which has handed them on as they are. What is there is not
    /// written any more; if something is to be added, they are first copied to their own place.
    pub(crate) at: Cell<usize>,
    /// Whether it was made by no operation.
    pub(crate) leaf: bool,
    /// Whether the sweep has come to it. Before, what its place in the adjoints holds is of no meaning.
    pub(crate) reached: Cell<bool>,
}

/// The inputs of an operation.
#[derive(Clone, Copy)]
pub(crate) enum Inputs<'a, E> {
    /// As they are given.
    Given(&'a [&'a Tensor<E>]),
    /// In a recording.
    Recorded(&'a [Operand], &'a [Block<E>]),
    /// In a recording that is run again on other numbers, whose blocks lie in a row and begin at the places given.
    Again(&'a [Operand], &'a [E], &'a [usize]),
}

impl<'a, E: Element> Inputs<'a, E> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Inputs::Given(tensors) => tensors.len(),
            Inputs::Recorded(operands, _) | Inputs::Again(operands, ..) => operands.len(),
        }
    }

    pub(crate) fn at(&self, k: usize) -> View<'a, E> {
        match *self {
            Inputs::Given(tensors) => tensors[k].view_in(),
            Inputs::Recorded(operands, blocks) => {
                let Operand { block, layout } = &operands[k];
                View { numbers: blocks[*block as usize].piece.numbers(), layout }
            }
            Inputs::Again(operands, numbers, starts) => {
                let Operand { block, layout } = &operands[k];
                View { numbers: &numbers[starts[*block as usize]..], layout }
            }
        }
    }
}

impl<E: Element> Block<E> {
    /// Where its adjoints are, if the sweep has come to it.
    pub(crate) fn place(&self) -> Option<Range<usize>> {
        let at = self.at.get();
        (self.adjoint.is_some() && self.reached.get()).then(|| at..at + self.piece.len())
    }
}

/// Adjoints on their way from a result to the inputs.
pub(crate) struct Flow<'a, E> {
    pub(crate) inputs: Inputs<'a, E>,
    /// The result, and its adjoint.
    pub(crate) value: &'a [E],
    pub(crate) adjoint: &'a [E],
    /// Where this adjoint is.
    pub(crate) at: usize,
    /// The adjoints of everything before the result.
    pub(crate) before: &'a mut [E],
    /// The others, from the place of the result on.
    pub(crate) after: &'a [E],
}

impl<'a, E: Element> Flow<'a, E> {
    /// Whether the adjoint of input `k` is wanted: it is no constant.
    pub(crate) fn varies(&self, k: usize) -> bool {
        match self.inputs {
            Inputs::Given(_) => false,
            Inputs::Recorded(operands, blocks) => blocks[operands[k].block as usize].adjoint.is_some(),
            Inputs::Again(..) => true,
        }
    }

    pub(crate) fn input(&self, k: usize) -> View<'a, E> {
        self.inputs.at(k)
    }

    /// The adjoint of input `k`, to be added to.
    pub(crate) fn target(&mut self, k: usize) -> ViewMut<'_, E> {
        let (target, fresh) = self.target_or_fresh(k);
        if fresh {
            target.numbers.fill(E::of(0.0));
        }
        target
    }

    /// Lets the adjoint of input `k` be that of the result, if nothing has been added to it yet and the elements of the two
    /// are the same, one by one; else does nothing, and returns false. Nothing is moved.
    pub(crate) fn hand_on(&mut self, k: usize) -> bool {
        let Inputs::Recorded(operands, blocks) = self.inputs else { return false };
        let Operand { block, layout } = &operands[k];
        let block = &blocks[*block as usize];
        let same = layout.len() == block.piece.len() && layout.is_contiguous();
        // Variables keep their places, so that those made together can be read as one.
        let free = !block.leaf && !block.reached.get() && same;
        if free {
            block.reached.set(true);
            block.at.set(self.at);
        }
        free
    }

    /// The adjoint of input `k`, if it is in a row, and whether nothing has been added to it yet: what it holds is then of no
    /// meaning, and all of it has to be written.
    pub(crate) fn row(&mut self, k: usize) -> Option<(&mut [E], bool)> {
        let (target, mut fresh) = self.target_or_fresh(k);
        if fresh && !target.is_whole() {
            target.numbers.fill(E::of(0.0));
            fresh = false;
        }
        let ViewMut { numbers, layout } = target;
        let len = layout.len();
        match layout.is_contiguous() {
            true if len == 0 => Some((&mut [], fresh)),
            true => Some((&mut numbers[layout.offset..][..len], fresh)),
            false => None,
        }
    }

    /// The adjoint of input `k`, and whether nothing has been added to it yet: what its whole block holds is then of no
    /// meaning, and all of it has to be written.
    pub(crate) fn target_or_fresh(&mut self, k: usize) -> (ViewMut<'_, E>, bool) {
        let split = self.before.len();
        match self.inputs {
            Inputs::Given(_) => unreachable!("constants have no adjoints"),
            Inputs::Recorded(operands, blocks) => {
                let Operand { block, layout } = &operands[k];
                let block = &blocks[*block as usize];
                let start = block.adjoint.expect("the caller has asked whether it varies");
                let numbers = &mut self.before[start..start + block.piece.len()];
                let fresh = !block.reached.replace(true);
                let at = block.at.replace(start);
                if !fresh && at != start {
                    // What it was handed on is another's.
                    numbers.copy_from_slice(&self.after[at - split..][..numbers.len()]);
                }
                (ViewMut { numbers, layout }, fresh)
            }
            Inputs::Again(operands, _, starts) => {
                let Operand { block, layout } = &operands[k];
                let block = *block as usize;
                let end = starts.get(block + 1).copied().unwrap_or(usize::MAX).min(self.before.len());
                (ViewMut { numbers: &mut self.before[starts[block]..end], layout }, false)
            }
        }
    }
}
