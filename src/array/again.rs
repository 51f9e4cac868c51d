//! The arrays of a recording, computed again on numbers of another kind.
//!
//! On dual numbers the way forward gives the products of the Jacobian with a direction, and the way back those of the
//! Hessian.

use super::element::Element;
use super::layout::Layout;
use super::rules::Op;
use super::step::{Flow, Inputs, Operand, Rule, Step};
use super::store::{Arrays, Event, NO_NODE};
use super::view::View;

/// The elements of all arrays, block by block.
#[derive(Debug, Clone)]
pub(crate) struct Sheet<R> {
    numbers: Vec<R>,
    /// Where each block begins.
    starts: Vec<usize>,
}

impl<R> Default for Sheet<R> {
    fn default() -> Sheet<R> {
        Sheet { numbers: Vec::new(), starts: Vec::new() }
    }
}

impl<R: Element> Sheet<R> {
    /// An adjoint for each element.
    pub(crate) fn zeros(&self) -> Vec<R> {
        vec![R::of(0.0); self.numbers.len()]
    }

    fn view<'a>(&'a self, operand: &'a Operand) -> View<'a, R> {
        View { numbers: &self.numbers[self.starts[operand.block as usize]..], layout: &operand.layout }
    }

    fn end(&self, block: u32) -> usize {
        self.starts.get(block as usize + 1).copied().unwrap_or(self.numbers.len())
    }
}

impl Arrays {
    /// The arrays as they were recorded.
    pub(crate) fn sheet<R: Element>(&self) -> Sheet<R> {
        let mut sheet = Sheet::default();
        for block in &self.double.blocks {
            sheet.starts.push(sheet.numbers.len());
            sheet.numbers.extend(block.piece.numbers().iter().map(|&number| R::of(number)));
        }
        sheet
    }

    /// Computes what the event made of arrays, and of scalars, which are the nodes before it.
    pub(crate) fn again<R: Element>(&self, event: u32, sheet: &mut Sheet<R>, scalars: &[R]) {
        match &self.events[event as usize] {
            Event::Double(step) => step_again(step, sheet),
            Event::Enter { nodes, out } => {
                let out = &mut sheet.numbers[sheet.starts[*out as usize]..];
                for (&(node, _), out) in self.entries[nodes.clone()].iter().zip(out) {
                    if node != NO_NODE {
                        *out = scalars[node as usize];
                    }
                }
            }
            Event::LeaveDouble { .. } => {}
            Event::Single(_) | Event::LeaveSingle { .. } => {
                unreachable!("single precision is not recorded so")
            }
        }
    }

    /// Element `k` of those that the event made variables of.
    pub(crate) fn made<R: Element>(&self, event: u32, k: u32, sheet: &Sheet<R>) -> R {
        let operand = self.left(event);
        let view = sheet.view(operand);
        view.numbers[place(&operand.layout, k as usize)]
    }

    /// Hands on the adjoint of such an element.
    pub(crate) fn flow_to<R: Element>(
        &self,
        event: u32,
        k: u32,
        sheet: &Sheet<R>,
        adjoint: R,
        adjoints: &mut [R],
    ) {
        let operand = self.left(event);
        adjoints[sheet.starts[operand.block as usize] + place(&operand.layout, k as usize)] += adjoint;
    }

    fn left(&self, event: u32) -> &Operand {
        match &self.events[event as usize] {
            Event::LeaveDouble { input, .. } => input,
            _ => unreachable!("elements are made by this event"),
        }
    }

    /// Hands on the adjoints of what the event made.
    pub(crate) fn back_again<R: Element>(
        &self,
        event: u32,
        sheet: &Sheet<R>,
        adjoints: &mut [R],
        scalars: &mut [R],
    ) {
        match &self.events[event as usize] {
            Event::Double(step) => {
                let (start, end) = (sheet.starts[step.out as usize], sheet.end(step.out));
                let (before, from) = adjoints.split_at_mut(start);
                let inputs = Inputs::Again(&step.inputs, &sheet.numbers, &sheet.starts);
                let (value, adjoint) = (&sheet.numbers[start..end], &from[..end - start]);
                if adjoint.iter().any(|adjoint| !adjoint.is_nil()) {
                    step.rule.backward(&mut Flow { inputs, value, adjoint, at: start, before, after: from });
                }
            }
            Event::Enter { nodes, out } => {
                let from = &adjoints[sheet.starts[*out as usize]..];
                for (&(node, _), &adjoint) in self.entries[nodes.clone()].iter().zip(from) {
                    if node != NO_NODE {
                        scalars[node as usize] += adjoint;
                    }
                }
            }
            _ => {}
        }
    }
}

fn step_again<R: Element>(step: &Step<Op>, sheet: &mut Sheet<R>) {
    let (start, end) = (sheet.starts[step.out as usize], sheet.end(step.out));
    let (before, from) = sheet.numbers.split_at_mut(start);
    let inputs = Inputs::Again(&step.inputs, before, &sheet.starts);
    step.rule.forward(&inputs, &mut from[..end - start]).expect("it had a result where it was recorded");
}

/// Where element `k` of an array lies in its block.
fn place(layout: &Layout, mut k: usize) -> usize {
    let mut place = layout.offset as isize;
    for (&length, &stride) in layout.shape.iter().zip(&layout.strides).rev() {
        place += (k % length) as isize * stride;
        k /= length;
    }
    place as usize
}
