//! The parents of nodes with many: what a node in the making collects, and where a recording keeps it.
//!
//! ```text
//! group:   v̄(iₘ) += v̄(k) · pₘ,   m = 0, 1, …        parents i₀, i₁, …,   partials p₀, p₁, …
//! ```
//!
//! The partials of a group lie in a row. So do its parents more often than not, being a row of a matrix or all the
//! arguments: then the first of them stands for all, and the group flows by a loop over two slices, which the compiler
//! turns into vector instructions. Else they are listed.

use std::ops::Range;

use super::operations::OPERATIONS;
use super::{Var, misuse, store};

/// One parent of a node.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub(super) parent: u32,
    pub(super) partial: f64,
}

/// Room for the parents on either side of a product, borrowed from the thread: their nodes, and their partials.
///
/// It goes about in a box: six words, just written, are slow to move (9 ns a product).
#[derive(Default)]
pub(super) struct Room {
    nodes: Vec<u32>,
    partials: Vec<f64>,
}

impl Room {
    /// Two lists with room for `n` parents each.
    #[inline]
    pub(super) fn sides(&mut self, n: usize) -> [Parents<'_>; 2] {
        if self.nodes.len() < 2 * n {
            self.nodes.resize(2 * n, 0);
            self.partials.resize(2 * n, 0.0);
        }
        let ((nodes, more_nodes), (partials, more)) =
            (self.nodes.split_at_mut(n), self.partials.split_at_mut(n));
        [
            Parents { id: 0, count: 0, nodes, partials },
            Parents { id: 0, count: 0, nodes: more_nodes, partials: more },
        ]
    }
}

/// The parents of a node in the making, where there is room for them. Nodes and partials lie apart: those of a row need
/// no more than to be compared and copied.
pub(super) struct Parents<'a> {
    /// The recording of all of them; 0 while there is none.
    pub(super) id: u32,
    count: usize,
    nodes: &'a mut [u32],
    partials: &'a mut [f64],
}

impl Parents<'_> {
    /// Adds `x` with the partial given. Constants are no parents.
    #[inline(always)]
    #[track_caller]
    pub(super) fn add(&mut self, x: Var, partial: f64) {
        if x.is_constant() {
            return;
        }
        if x.id() != self.id {
            self.id = common(self.id, x.id());
        }
        self.nodes[self.count] = x.node();
        self.partials[self.count] = partial * x.slope();
        self.count += 1;
    }

    /// The same list for a loop that keeps the count in a register; `resume` takes over what was added.
    #[inline(always)]
    pub(super) fn reborrow(&mut self) -> Parents<'_> {
        Parents { id: self.id, count: self.count, nodes: self.nodes, partials: self.partials }
    }

    #[inline(always)]
    pub(super) fn extent(&self) -> (u32, usize) {
        (self.id, self.count)
    }

    #[inline(always)]
    pub(super) fn resume(&mut self, (id, count): (u32, usize)) {
        (self.id, self.count) = (id, count);
    }

    fn nodes(&self) -> &[u32] {
        &self.nodes[..self.count]
    }

    fn partials(&self) -> &[f64] {
        &self.partials[..self.count]
    }

    fn edges(&self) -> impl Iterator<Item = Edge> {
        self.nodes().iter().zip(self.partials()).map(|(&parent, &partial)| Edge { parent, partial })
    }

    /// Takes over the parents of `other` where both have the same in the same order, as in `dot(x, x)`.
    fn absorb(&mut self, other: &mut Parents) {
        if self.id == other.id && self.nodes() == other.nodes() {
            let count = self.count;
            let both = self.partials[..count].iter_mut().zip(other.partials());
            both.for_each(|(partial, other)| *partial += other);
            other.count = 0;
        }
    }

    /// A node with the parents of both.
    #[track_caller]
    pub(super) fn into_node(mut self, mut other: Parents, value: f64) -> Var {
        self.absorb(&mut other);
        let (id, count) = (common(self.id, other.id), self.count + other.count);
        node(id, value, count, self.edges().chain(other.edges()), |groups| {
            groups.push_side(&self);
            groups.push_side(&other);
        })
    }
}

/// The parents of a node in the making, whose number is not known beforehand.
pub(super) struct Growing {
    id: u32,
    edges: Vec<Edge>,
}

/// The number of no recording: those of operations count from 1 as well.
const NO_RECORDING: u32 = OPERATIONS;

impl Growing {
    pub(super) fn new() -> Growing {
        let mut edges = store::take_edges();
        edges.clear();
        Growing { id: 0, edges }
    }

    /// Whether `x` is of another recording than the parents so far.
    #[inline(always)]
    pub(super) fn is_new(&self, x: Var) -> bool {
        x.id() != self.id
    }

    /// Whether `x`, which is new, and all that follows are for a recording of operations: then everything is new.
    #[inline(always)]
    #[track_caller]
    pub(super) fn are_operations(&mut self, x: Var) -> bool {
        if x.records_operations() && self.id != NO_RECORDING {
            common(self.id, x.id());
            self.id = NO_RECORDING;
        }
        self.id == NO_RECORDING
    }

    /// Adds `x` with the partial given. Constants are no parents, and neighbours on one node are one.
    #[inline]
    #[track_caller]
    pub(super) fn add(&mut self, x: Var, partial: f64) {
        if x.is_constant() {
            return;
        }
        if self.is_new(x) {
            self.id = common(self.id, x.id());
        }
        let (parent, partial) = (x.node(), partial * x.slope());
        match self.edges.last_mut() {
            Some(last) if last.parent == parent => last.partial += partial,
            _ => self.edges.push(Edge { parent, partial }),
        }
    }

    #[track_caller]
    pub(super) fn into_node(self, value: f64) -> Var {
        let (count, edges) = (self.edges.len(), self.edges.iter().copied());
        let node = node(self.id, value, count, edges, |groups| groups.push(&self.edges));
        store::give_edges(self.edges);
        node
    }
}

/// Up to this many parents a chain of plain nodes is faster than one node with lists: with three parents by 3 ns a node,
/// recorded and swept.
const FEW: usize = 4;

/// A node of recording `id` with the parents that `edges` names and `push` adds: folded where there is but one.
#[inline]
#[track_caller]
fn node(
    id: u32,
    value: f64,
    count: usize,
    edges: impl Iterator<Item = Edge>,
    push: impl FnOnce(&mut Groups),
) -> Var {
    if count <= FEW {
        // A loop: the caller's line would be lost in a closure.
        let mut sum = Var::constant(value);
        for edge in edges {
            sum = sum.join(Var::inner(1.0, edge.parent, id), value, 1.0, edge.partial, None);
        }
        return sum;
    }
    match store::with_recording(id, |recording| recording.push_many(push, false)) {
        Some(node) => Var::inner(value, node, id),
        None => misuse::not_live(id),
    }
}

/// The recording that both belong to; 0 stands for either.
#[inline]
#[track_caller]
pub(super) fn common(left: u32, right: u32) -> u32 {
    if left != 0 && right != 0 && left != right {
        misuse::mixed(left, right);
    }
    left | right
}

/// The parents of a recording's nodes, group by group.
#[derive(Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// Of parents in a row.
    partials: Vec<f64>,
    /// To parents that are listed.
    edges: Vec<Edge>,
}

enum Group {
    /// Parents in a row from node `first` on, whose partials lie at these places.
    Row { first: u32, partials: Range<u32> },
    /// Parents listed at these places.
    List { edges: Range<u32> },
}

impl Groups {
    pub(super) fn clear(&mut self) {
        self.groups.clear();
        self.partials.clear();
        self.edges.clear();
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.groups[..]) + size_of_val(&self.partials[..]) + size_of_val(&self.edges[..])
    }

    /// How many there are: the number of the next.
    pub(super) fn len(&self) -> u32 {
        self.groups.len() as u32
    }

    /// Adds a group, unless it has no parents.
    pub(super) fn push(&mut self, edges: &[Edge]) {
        let Some(first) = edges.first() else {
            return;
        };
        let in_a_row = (first.parent..).zip(edges).all(|(node, edge)| edge.parent == node);
        self.groups.push(if in_a_row {
            let start = self.partials.len();
            self.partials.extend(edges.iter().map(|edge| edge.partial));
            Group::Row { first: first.parent, partials: places(start, self.partials.len()) }
        } else {
            let start = self.edges.len();
            self.edges.extend_from_slice(edges);
            Group::List { edges: places(start, self.edges.len()) }
        });
    }

    /// As `push`.
    fn push_side(&mut self, side: &Parents) {
        let Some(&first) = side.nodes().first() else {
            return;
        };
        // Without a way out on the way: so the compiler compares by vectors.
        let off = (first..).zip(side.nodes()).fold(0, |off, (wanted, node)| off | (wanted ^ node));
        self.groups.push(if off == 0 {
            let start = self.partials.len();
            self.partials.extend_from_slice(side.partials());
            Group::Row { first, partials: places(start, self.partials.len()) }
        } else {
            let start = self.edges.len();
            self.edges.extend(side.edges());
            Group::List { edges: places(start, self.edges.len()) }
        });
    }

    /// Adds to the adjoints of the parents in `groups` what flows from a node of this adjoint.
    pub(super) fn flow(&self, groups: &Range<u32>, adjoint: f64, adjoints: &mut [f64]) {
        for group in &self.groups[groups.start as usize..groups.end as usize] {
            match group {
                Group::Row { first, partials } => {
                    let partials = &self.partials[partials.start as usize..partials.end as usize];
                    let parents = &mut adjoints[*first as usize..][..partials.len()];
                    parents
                        .iter_mut()
                        .zip(partials)
                        .for_each(|(parent, partial)| *parent += adjoint * partial);
                }
                Group::List { edges } => {
                    for edge in &self.edges[edges.start as usize..edges.end as usize] {
                        adjoints[edge.parent as usize] += adjoint * edge.partial;
                    }
                }
            }
        }
    }
}

fn places(start: usize, end: usize) -> Range<u32> {
    start as u32..u32::try_from(end).expect("downhill: a recording holds at most 2^32 parents in lists")
}
