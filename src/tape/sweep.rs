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

/// The wide nodes from slot `k` down to the first that is none. Returns the slot of the last one, and the adjoint of the
/// slot below it.
///
/// Statements in a loop have the same parameters as parents, at the same places. What the last node left at the second,
/// third and fourth is kept in registers beside the memory: through memory each addition would wait for the one before
/// (3.3 → 2.0 ns a statement). As the parents of one node are distinct, none of the three can be out of date.
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
    let mut last = [(usize::MAX, 0.0); 3];
    loop {
        // SAFETY: `0 < start < k`: both slots lie in the run, and the one below them exists. Parents are checked.
        unsafe {
            let [high, low] = [*(*nodes.add(k)).assume_init_ref(), *(*nodes.add(k - 1)).assume_init_ref()];
            let (i, p) = ((high.parents[0] & !WIDE) as usize, high.partials[0]);
            let others = [
                (high.parents[1] as usize, high.partials[1]),
                (low.parents[0] as usize, low.partials[0]),
                (low.parents[1] as usize, low.partials[1]),
            ];
            k -= 1;
            let mut below = *adjoints.add(k - 1);
            if i == k - 1 {
                below += adjoint * p;
            } else {
                assert!(i <= k, "{KEPT_TOO_LONG}");
                *adjoints.add(i) += adjoint * p; // where the first is absent, to a slot that nobody reads
            }
            for (last, (j, q)) in last.iter_mut().zip(others) {
                if j == k - 1 {
                    below += adjoint * q;
                    *last = (usize::MAX, 0.0);
                } else {
                    let before = if j == last.0 {
                        last.1
                    } else {
                        assert!(j <= k, "{KEPT_TOO_LONG}");
                        *adjoints.add(j)
                    };
                    *last = (j, before + adjoint * q);
                    *adjoints.add(j) = last.1;
                }
            }
            *adjoints.add(k) = 0.0;
            let next = k - 1;
            if below == 0.0 || next <= start || (*nodes.add(next)).assume_init_ref().parents[0] & WIDE == 0 {
                return (k, below);
            }
            (k, adjoint) = (next, below);
            *adjoints.add(k) = 0.0;
        }
    }
}
