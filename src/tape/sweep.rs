//! The reverse sweep over a run of nodes: one flat loop.
//!
//! A node has two parents. A wide one, of a [`statement`](super::statement), has up to four and takes two slots:
//!
//! ```text
//! slot k − 1    parents l, m            an absent fourth parent is the slot itself, k − 1
//! slot k        parents i | WIDE, j     the number of the node
//! ```
//!
//! The parents of a wide node are distinct.

use std::mem::MaybeUninit;

use super::recording::Node;

/// The bit in a node's first parent that marks the second slot of a wide node. No parent has it otherwise, and the test
/// that parents are earlier nodes finds it.
pub(super) const WIDE: u32 = 1 << 31;

/// No parent, among those of a wide node.
pub(super) const ABSENT: u32 = u32::MAX;

/// The two slots of a wide node, from slot `k` on.
#[inline(always)]
pub(super) fn wide_node(k: u32, parents: [u32; 4], [p, q, r, s]: [f64; 4]) -> [Node; 2] {
    let [i, j, l, m] = parents.map(|parent| if parent == ABSENT { k } else { parent });
    [Node { parents: [l, m], partials: [r, s] }, Node { parents: [i | WIDE, j], partials: [p, q] }]
}

const KEPT_TOO_LONG: &str = "downhill: a variable was kept beyond 2^31 recordings";

/// Runs the adjoints down the nodes `start..end`, last one first, and zeroes those it has read.
///
/// The adjoint of the node below is carried in a register: read back from memory, every step would wait for the store of
/// the step before (2.7 → 1.2 ns a node). A zero adjoint skips its node, so that `∞ · 0` makes no NaN where nothing flows.
#[inline(never)] // inlined into a large function, the loop loses its registers: 4.7 → 7.5 µs
#[allow(
    unsafe_code,
    reason = "checking every access would cost another 1.1 ns a node, as much as the sweep itself"
)]
pub(super) fn run(nodes: &[MaybeUninit<Node>], adjoints: &mut [f64], start: u32, end: u32) {
    if start >= end {
        return;
    }
    assert!(start > 0 && end as usize <= nodes.len() && end as usize <= adjoints.len());
    let (nodes, adjoints) = (nodes.as_ptr(), adjoints.as_mut_ptr());
    let start = start as usize;
    // SAFETY: `0 < k < end ≤ nodes.len(), adjoints.len()` holds for every index `k` and `k − 1` used below. Every slot
    // of a recording below its length that is in no special run was written by `push` or `push_wide`. Parents are nodes
    // recorded earlier; it is checked all the same, `i, j < k`, because a variable kept over 2³¹ recordings could pass
    // for one of this recording.
    unsafe {
        let mut k = end as usize;
        let mut adjoint = *adjoints.add(k - 1);
        while k > start {
            k -= 1;
            *adjoints.add(k) = 0.0;
            let mut below = *adjoints.add(k - 1);
            if adjoint != 0.0 {
                let Node { parents: [i, j], partials: [p, q] } = *(*nodes.add(k)).assume_init_ref();
                let (i, j) = (i as usize, j as usize);
                if i == k - 1 {
                    below += adjoint * p;
                } else if i < k {
                    *adjoints.add(i) += adjoint * p;
                } else {
                    assert!(i & WIDE as usize != 0 && k > start, "{KEPT_TOO_LONG}");
                    (k, adjoint) = wide(nodes, adjoints, start, k, adjoint);
                    continue;
                }
                if j == k - 1 {
                    below += adjoint * q;
                } else {
                    assert!(j < k, "{KEPT_TOO_LONG}");
                    *adjoints.add(j) += adjoint * q;
                }
            }
            adjoint = below;
        }
        *adjoints.add(k - 1) = adjoint;
    }
}

/// The wide nodes from slot `k` down to the first that is none. Returns the slot above that one, and its adjoint.
///
/// # Safety
///
/// `k` is a second slot of a wide node; `start < k`; `nodes` and `adjoints` reach beyond `k`, and hold there what
/// [`run`] asks for; `adjoint` is that of `k`, whose place is zero.
#[inline(never)]
#[allow(unsafe_code, reason = "part of the sweep")]
unsafe fn wide(
    nodes: *const MaybeUninit<Node>,
    adjoints: *mut f64,
    start: usize,
    mut k: usize,
    mut adjoint: f64,
) -> (usize, f64) {
    // SAFETY: `0 < start < k` for every node that is met: both slots lie in the run, and the one below them exists.
    // Parents are checked.
    unsafe {
        loop {
            let [high, low] = [*(*nodes.add(k)).assume_init_ref(), *(*nodes.add(k - 1)).assume_init_ref()];
            let edges = [
                (high.parents[0] & !WIDE, high.partials[0]),
                (high.parents[1], high.partials[1]),
                (low.parents[0], low.partials[0]),
                (low.parents[1], low.partials[1]),
            ];
            let mut below = *adjoints.add(k - 2);
            for (i, p) in edges {
                if i as usize == k - 2 {
                    below += adjoint * p;
                } else {
                    assert!((i as usize) < k, "{KEPT_TOO_LONG}");
                    *adjoints.add(i as usize) += adjoint * p; // where it is absent, to a slot that nobody reads
                }
            }
            *adjoints.add(k - 1) = 0.0;
            let others = [high.parents[1], low.parents[0], low.parents[1]];
            (k, adjoint) = if low.parents[1] as usize == k - 1 {
                steady::<false>(nodes, adjoints, start, k - 2, below, others)
            } else {
                steady::<true>(nodes, adjoints, start, k - 2, below, others)
            };
            if adjoint == 0.0 || k <= start || (*nodes.add(k)).assume_init_ref().parents[0] & WIDE == 0 {
                return (k + 1, adjoint);
            }
            *adjoints.add(k) = 0.0;
        }
    }
}

/// The wide nodes from slot `k` down whose first parent is the slot below them and whose others are `parents`, the last of
/// which may be absent: what a loop of statements with the same parameters records. Returns the first slot that is none
/// of these, and its adjoint.
///
/// The adjoints of the parents stay in registers: through memory each addition would wait for the one before (252 steps
/// of an Euler path 0.37 → 0.29 µs). None of them is read
/// meanwhile: they lie below, and as the parents of one node are distinct none is the slot below it.
///
/// # Safety
///
/// As for [`wide`], but that the node at `k` may be any, and `start ≤ k + 1`; `parents`, save an absent one, have been
/// checked to have adjoints.
#[inline(always)]
#[allow(unsafe_code, reason = "part of the sweep")]
unsafe fn steady<const FOUR: bool>(
    nodes: *const MaybeUninit<Node>,
    adjoints: *mut f64,
    start: usize,
    mut k: usize,
    mut adjoint: f64,
    [j, l, m]: [u32; 3],
) -> (usize, f64) {
    let [j, l, m] = [j as usize, l as usize, m as usize];
    // Nodes up to here are not of the run, or their parents would not be earlier nodes.
    let bound = start.max(j).max(l).max(if FOUR { m } else { 0 });
    // SAFETY: `0 < start < k` for every node that is read: both its slots lie in the run, and there is one below them.
    unsafe {
        if k <= bound {
            return (k, adjoint);
        }
        let [mut to_j, mut to_l] = [*adjoints.add(j), *adjoints.add(l)];
        let mut to_m = if FOUR { *adjoints.add(m) } else { 0.0 };
        while k > bound && adjoint != 0.0 {
            let [high, low] = [*(*nodes.add(k)).assume_init_ref(), *(*nodes.add(k - 1)).assume_init_ref()];
            let last = if FOUR { m } else { k - 1 };
            if high.parents != [(k - 2) as u32 | WIDE, j as u32] || low.parents != [l as u32, last as u32] {
                break;
            }
            *adjoints.add(k) = 0.0;
            to_j += adjoint * high.partials[1];
            to_l += adjoint * low.partials[0];
            if FOUR {
                to_m += adjoint * low.partials[1];
            }
            k -= 2;
            adjoint = *adjoints.add(k) + adjoint * high.partials[0];
        }
        *adjoints.add(j) = to_j;
        *adjoints.add(l) = to_l;
        if FOUR {
            *adjoints.add(m) = to_m;
        }
    }
    (k, adjoint)
}
