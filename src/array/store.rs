//! What a recording holds of arrays: the steps in the order in which they were computed, their memory, and their sweep.

use std::any::Any;
use std::ops::Range;

use smallvec::SmallVec;

use super::Tensor;
use super::chunk::{Arena, Piece};
use super::gradients::{Adjoints, Home};
use super::rules::Op;
use super::scalar::Scalar;
use super::step::{Block, Failure, Flow, Inputs, Operand, Rule, Step};
use super::view::walk;
use crate::tape::Annex;

/// The node of a constant.
pub(crate) const NO_NODE: u32 = u32::MAX;

/// The arrays of one kind of number.
#[derive(Debug, Default, Clone)]
pub(crate) struct Side<E> {
    arena: Arena<E>,
    pub(crate) blocks: Vec<Block<E>>,
    adjoints: Vec<E>,
    /// Adjoints of the blocks so far.
    varying: usize,
}

/// One thing that was done.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    Double(Step<Op>),
    Single(Step<Op>),
    /// An array was made of variables: of their nodes and slopes at these places.
    Enter {
        nodes: Range<usize>,
        out: u32,
    },
    /// Elements were made variables, from this node on.
    LeaveDouble {
        input: Operand,
        node: u32,
    },
    LeaveSingle {
        input: Operand,
        node: u32,
    },
}

/// See the head of the file.
#[derive(Debug, Default, Clone)]
pub(crate) struct Arrays {
    pub(crate) double: Side<f64>,
    pub(crate) single: Side<f32>,
    pub(crate) events: Vec<Event>,
    /// The nodes of variables that arrays were made of, and the slopes with respect to them.
    pub(crate) entries: Vec<(u32, f64)>,
}

impl<E: Scalar> Side<E> {
    /// Lets go of the memory of others.
    fn end(&mut self) {
        self.blocks.clear();
        self.varying = 0;
    }

    /// Uses its own memory again.
    fn restart(&mut self) {
        self.arena.restart(E::of(0.0));
    }

    /// A block of memory that is there.
    fn push(&mut self, piece: Piece<E>, varies: bool, leaf: bool) -> u32 {
        let adjoint = varies.then_some(self.varying);
        self.varying += if varies { piece.len() } else { 0 };
        let at = adjoint.unwrap_or(0).into();
        self.blocks.push(Block { piece, adjoint, at, leaf, reached: false.into() });
        (self.blocks.len() - 1) as u32
    }

    fn operand(&mut self, input: &Tensor<E>) -> Operand {
        let block = input.block().unwrap_or_else(|| self.push(input.piece().clone(), false, false));
        Operand { block, layout: input.layout().clone() }
    }

    /// A block whose numbers `write` computes.
    fn compute<T>(&mut self, len: usize, write: impl FnOnce(&mut [E]) -> T) -> (u32, Piece<E>, T) {
        let (piece, told) = self.arena.write(len, E::of(0.0), write);
        (self.push(piece.clone(), true, false), piece, told)
    }

    fn start_sweep(&mut self) {
        for block in &self.blocks {
            block.reached.set(false);
            block.at.set(block.adjoint.unwrap_or(0));
        }
        if self.adjoints.len() < self.varying {
            self.adjoints.resize(self.varying, E::of(0.0));
        }
    }

    fn back(&mut self, step: &Step<Op>) {
        let out = &self.blocks[step.out as usize];
        let (Some(start), Some(place)) = (out.adjoint, out.place()) else {
            return; // nothing flows
        };
        let (before, after) = self.adjoints.split_at_mut(start);
        let inputs = Inputs::Recorded(&step.inputs, &self.blocks);
        let (value, at) = (out.piece.numbers(), place.start);
        let adjoint = &after[at - start..][..place.len()];
        step.rule.backward(&mut Flow { inputs, value, adjoint, at, before, after });
    }

    /// Adds to the adjoints of what became variables.
    fn leave(&mut self, input: &Operand, from: &mut [f64]) {
        if from.iter().all(|&adjoint| adjoint == 0.0) {
            return;
        }
        let block = &self.blocks[input.block as usize];
        let start = block.adjoint.expect("constants are not on the tape");
        let place = start..start + block.piece.len();
        match block.place() {
            Some(at) if at != place => self.adjoints.copy_within(at, start),
            Some(_) => {}
            None => self.adjoints[place.clone()].fill(E::of(0.0)),
        }
        block.reached.set(true);
        block.at.set(start);
        let numbers = &mut self.adjoints[place];
        let mut k = 0;
        walk(&input.layout.shape, [&input.layout.strides, &[], &[], &[], &[]], |run| {
            for i in 0..run.len {
                numbers[run.place(input.layout.offset, 0, i)] += E::of(std::mem::take(&mut from[k]));
                k += 1;
            }
        });
    }

    fn homes(&self) -> impl Iterator<Item = Home> {
        self.blocks.iter().map(|block| Home {
            start: block.at.get(),
            len: block.piece.len(),
            reached: block.place().is_some(),
        })
    }

    /// Variables that nothing has flowed to have zeros, so that those made together can be read as one.
    fn take_adjoints(&mut self, to: &mut Vec<E>, homes: &mut Vec<Home>) {
        for block in self.blocks.iter().filter(|block| block.leaf && !block.reached.get()) {
            let start = block.adjoint.expect("a variable has adjoints");
            self.adjoints[start..start + block.piece.len()].fill(E::of(0.0));
        }
        std::mem::swap(&mut self.adjoints, to);
        homes.clear();
        homes.extend(self.homes());
    }

    fn bytes(&self) -> usize {
        self.arena.bytes() + self.varying * size_of::<E>()
    }
}

impl Arrays {
    /// Records an operation; none if it has no result.
    pub(crate) fn apply<T: Scalar>(
        &mut self,
        rule: Op,
        inputs: &[&Tensor<T>],
        len: usize,
    ) -> Result<(u32, Piece<T>), Failure> {
        let side = T::side(self);
        let operands: SmallVec<_> = inputs.iter().map(|input| side.operand(input)).collect();
        let (out, piece, done) = side.compute(len, |out| T::compute(&rule, &Inputs::Given(inputs), out));
        done?;
        self.events.push(T::event(Step { rule, inputs: operands, out }));
        Ok((out, piece))
    }

    /// Memory that is there as a variable.
    pub(crate) fn adopt<T: Scalar>(&mut self, piece: Piece<T>) -> u32 {
        T::side(self).push(piece, true, true)
    }

    /// A variable of `len` numbers that `write` writes.
    pub(crate) fn write<T: Scalar>(&mut self, len: usize, write: impl FnOnce(&mut [T])) -> (u32, Piece<T>) {
        let side = T::side(self);
        let (piece, ()) = side.arena.write(len, T::of(0.0), write);
        (side.push(piece.clone(), true, true), piece)
    }

    /// Memory that `write` writes, and that is no variable.
    #[cfg(feature = "nn")]
    pub(crate) fn aside<T: Scalar>(&mut self, len: usize, write: impl FnOnce(&mut [T])) -> Piece<T> {
        T::side(self).arena.write(len, T::of(0.0), write).0
    }

    /// An array of variables.
    pub(crate) fn enter(
        &mut self,
        variables: impl ExactSizeIterator<Item = (f64, u32, f64)>,
    ) -> (u32, Piece<f64>) {
        let (start, len) = (self.entries.len(), variables.len());
        let entries = &mut self.entries;
        let (out, piece, ()) = self.double.compute(len, |out| {
            for (out, (value, node, slope)) in out.iter_mut().zip(variables) {
                *out = value;
                entries.push((node, slope));
            }
        });
        self.events.push(Event::Enter { nodes: start..start + len, out });
        (out, piece)
    }

    /// Elements as variables, from node `node` on.
    pub(crate) fn leave<T: Scalar>(&mut self, input: &Tensor<T>, node: u32) {
        let input = T::side(self).operand(input);
        self.events.push(T::leaving(input, node));
    }

    /// The place of the last event.
    pub(crate) fn last(&self) -> u32 {
        (self.events.len() - 1) as u32
    }
}

impl Annex for Arrays {
    fn restart(&mut self) {
        self.end();
        self.double.restart();
        self.single.restart();
    }

    fn end(&mut self) {
        self.events.clear();
        self.entries.clear();
        self.double.end();
        self.single.end();
    }

    fn start_sweep(&mut self) {
        self.double.start_sweep();
        self.single.start_sweep();
    }

    fn back(&mut self, event: u32, scalars: &mut [f64]) {
        match &self.events[event as usize] {
            Event::Double(step) => self.double.back(step),
            Event::Single(step) => self.single.back(step),
            Event::Enter { nodes, out } => {
                let block = &self.double.blocks[*out as usize];
                let Some(place) = block.place() else {
                    return;
                };
                let adjoints = &self.double.adjoints[place];
                for (&(node, slope), &adjoint) in self.entries[nodes.clone()].iter().zip(adjoints) {
                    if adjoint != 0.0 && node != NO_NODE {
                        scalars[node as usize] += adjoint * slope;
                    }
                }
            }
            Event::LeaveDouble { input, node } => {
                let nodes = *node as usize..*node as usize + input.layout.len();
                self.double.leave(input, &mut scalars[nodes]);
            }
            Event::LeaveSingle { input, node } => {
                let nodes = *node as usize..*node as usize + input.layout.len();
                self.single.leave(input, &mut scalars[nodes]);
            }
        }
    }

    fn take_adjoints(&mut self) -> Box<dyn crate::tape::Kept> {
        let mut adjoints = Adjoints::fresh();
        self.double.take_adjoints(&mut adjoints.double, &mut adjoints.double_homes);
        self.single.take_adjoints(&mut adjoints.single, &mut adjoints.single_homes);
        adjoints
    }

    fn bytes(&self) -> usize {
        self.double.bytes()
            + self.single.bytes()
            + size_of_val(&self.events[..])
            + size_of_val(&self.entries[..])
    }

    fn clone_box(&self) -> Box<dyn Annex> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
