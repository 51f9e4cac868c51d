//! The recordings of a thread: a stack that its thread-local storage owns.
//!
//! The innermost recording's hot fields lie in a header of plain cells ([`TOP`]) that needs no initialisation and no
//! destructor, so that recording an operation costs what it costs through a borrowed tape (1.1 ns; through a `RefCell`
//! 2.1 ns, a thread-local `Vec::push` 2.5 ns). Everything else goes through [`STACK`]. Every function that the fast path
//! calls out of line takes and returns scalars only: a `Var` passed by reference would live in memory for a whole loop.

use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;
use std::ptr;

use super::ids::Ids;
use super::operations::{OPERATIONS, Operand, Request};
use super::parents::{Edge, Room};
use super::recording::{NODES_MAX, Node, Recording};
use super::sweep::wide_node;
use super::{Var, aside};

/// The innermost recording of the thread, as the fast path sees it.
struct Top {
    nodes: Cell<*mut MaybeUninit<Node>>,
    len: Cell<u32>,
    /// From this length on there is no room for a wide node.
    limit: Cell<u32>,
    /// 0 while nothing is being recorded, and while there is no room for another node.
    id: Cell<u32>,
}

thread_local! {
    static TOP: Top = const {
        Top { nodes: Cell::new(ptr::null_mut()), len: Cell::new(0), limit: Cell::new(0), id: Cell::new(0) }
    };
    static STACK: RefCell<Stack> = const {
        RefCell::new(Stack { recordings: Vec::new(), depth: 0, edges: Vec::new(), rooms: Vec::new(), ids: Ids::new() })
    };
}

/// Live recordings, and the memory of ended ones.
struct Stack {
    /// The first `depth` live, the outermost first; the others wait to be used again where they are.
    recordings: Vec<Recording>,
    depth: usize,
    edges: Vec<Vec<Edge>>,
    #[allow(clippy::vec_box, reason = "see `Room`")]
    rooms: Vec<Box<Room>>,
    ids: Ids,
}

impl Drop for Stack {
    /// The thread ends. What later destructors compute must not meet the memory that is freed here.
    fn drop(&mut self) {
        TOP.with(|top| {
            top.id.set(0);
            top.nodes.set(ptr::null_mut());
            top.limit.set(0);
            top.len.set(0);
        });
    }
}

impl Stack {
    /// Writes the header back into the innermost recording. Until it is resumed the header matches no variable, so a
    /// panic in between leaves nothing that the fast path could write to.
    fn suspend(&mut self) {
        let len = TOP.with(|top| {
            top.id.set(0);
            top.len.get()
        });
        if let Some(innermost) = self.live().last_mut() {
            innermost.len = len;
        }
    }

    /// Makes the header that of the innermost recording; it matches no variable unless there is room for a wide node.
    fn resume(&mut self) {
        let (nodes, len, limit, id) = match self.live().last_mut() {
            Some(innermost) => (innermost.nodes_mut(), innermost.len, innermost.limit(), innermost.id),
            None => (ptr::null_mut(), 0, 0, 0),
        };
        let id = if len < limit { id } else { 0 };
        TOP.with(|top| {
            top.nodes.set(nodes);
            top.len.set(len);
            top.limit.set(limit);
            top.id.set(id);
        });
    }

    fn live(&mut self) -> &mut [Recording] {
        &mut self.recordings[..self.depth]
    }

    /// At which depth recording `id` lives, if it does.
    fn find(&self, id: u32) -> Option<usize> {
        self.recordings[..self.depth].iter().rposition(|recording| recording.id == id)
    }

    /// As `find`, unless a rule of the recording is being asked.
    fn find_at_rest(&self, id: u32) -> Option<usize> {
        self.find(id).filter(|&depth| self.recordings[depth].asking.is_none())
    }

    fn fresh_id(&mut self) -> u32 {
        self.ids.next(self.recordings[..self.depth].iter().map(|recording| recording.id))
    }

    /// A new innermost recording, in the memory of an ended one.
    fn start(&mut self, mode: u32) -> (u32, &mut Recording) {
        let id = self.fresh_id() | mode;
        if self.depth == self.recordings.len() {
            aside::prepare();
            self.recordings.push(Recording::default());
        }
        let recording = &mut self.recordings[self.depth];
        self.depth += 1;
        recording.restart(id);
        (id, recording)
    }
}

/// How a variable's recording stands to this thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Innermost,
    Outer,
    /// A rule of this name is being asked for what its sweep needs.
    Asking(&'static str),
    Ended,
    Foreign,
}

pub(super) fn standing(id: u32) -> Standing {
    STACK.with_borrow(|stack| {
        let found = stack.find(id);
        match found.map(|depth| (depth + 1 == stack.depth, stack.recordings[depth].asking)) {
            Some((_, Some(name))) => Standing::Asking(name),
            Some((true, None)) => Standing::Innermost,
            Some((false, None)) => Standing::Outer,
            None if stack.ids.own(id) => Standing::Ended,
            None => Standing::Foreign,
        }
    })
}

/// Starts a recording inside those that live, of operations where `mode` has that bit, and returns its number.
pub(super) fn begin(mode: u32) -> u32 {
    STACK.with_borrow_mut(|stack| {
        stack.suspend();
        let id = stack.start(mode).0;
        stack.resume();
        id
    })
}

/// How the end of a recording went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was the innermost, as it should be.
    InOrder,
    /// Recordings inside it still lived; they were ended with it.
    OutOfOrder,
    /// It had been ended before, with one outside it.
    Before,
}

/// Ends recording `id` and those inside it.
pub(super) fn end(id: u32) -> End {
    finish(id, |_| {})
}

/// Ends recording `id`, and gives the variables it was begun with back for the next.
pub(super) fn end_with(id: u32, variables: Vec<Var>) {
    finish(id, |recording| recording.variables = variables);
}

fn finish(id: u32, last: impl FnOnce(&mut Recording)) -> End {
    let mut rules = Vec::new(); // which outlast the borrow, as they may own recordings of their own
    // At the thread's own end its storage may be gone already, and the recordings with it.
    let ended = STACK.try_with(|stack| {
        let mut stack = stack.borrow_mut();
        let Some(depth) = stack.find(id) else {
            return End::Before;
        };
        let in_order = depth + 1 == stack.depth;
        for recording in &mut stack.live()[depth..] {
            recording.move_rules(&mut rules);
            recording.end_annex();
        }
        last(&mut stack.recordings[depth]);
        stack.depth = depth;
        stack.resume();
        if in_order { End::InOrder } else { End::OutOfOrder }
    });
    ended.unwrap_or(End::Before)
}

/// Lets `change` work on recording `id`, if it lives on this thread. `change` must not compute with variables.
pub(super) fn with_recording<T>(id: u32, change: impl FnOnce(&mut Recording) -> T) -> Option<T> {
    STACK.with_borrow_mut(|stack| {
        stack.suspend();
        let found = stack.find_at_rest(id);
        let result = found.map(|depth| change(&mut stack.recordings[depth]));
        stack.resume();
        result
    })
}

/// Lets `change` work on recording `id` after a rule of it was asked.
pub(super) fn release(id: u32, change: impl FnOnce(&mut Recording)) {
    let _ = STACK.try_with(|stack| {
        let mut stack = stack.borrow_mut();
        stack.suspend();
        if let Some(depth) = stack.find(id) {
            change(&mut stack.recordings[depth]);
        }
        stack.resume();
    });
}

/// Gives the innermost recording, if it is `id`, a fresh number, forgets all but its first `leaves` nodes, and lets them
/// gather.
pub(super) fn renew(id: u32, leaves: u32) -> Option<u32> {
    let mut rules = Vec::new();
    STACK.with_borrow_mut(|stack| {
        let fresh = stack.fresh_id();
        let innermost = stack.live().last_mut().filter(|innermost| innermost.id == id)?;
        innermost.move_rules(&mut rules);
        innermost.renew(fresh, leaves);
        stack.resume();
        Some(fresh)
    })
}

/// The number of no node: the recording does not live on this thread, or is full.
pub(super) const NOT_RECORDED: u32 = u32::MAX;

/// Records a node in recording `id` with parents `i`, `j` and partials `p`, `q`, if it is the innermost and has room, and
/// returns its number. Else it is for [`push_elsewhere`].
#[inline(always)]
#[allow(
    unsafe_code,
    reason = "the recording fast path: 1.1 ns a node, through `RefCell` and `Vec` 2.1 to 6.3 ns"
)]
pub(super) fn push(id: u32, i: u32, j: u32, p: f64, q: f64) -> Option<u32> {
    TOP.with(|top| {
        if top.id.get() != id {
            return None;
        }
        let k = top.len.get();
        // SAFETY: a non-zero id in the header means that `nodes` points to the slots of the innermost recording, of which
        // there are at least `limit + 1`, and `len < limit`: `resume` says so, and `advance` holds to it. Ids of variables
        // are never 0 here, so an empty header does not match.
        unsafe { (*top.nodes.get().add(k as usize)).write(Node { parents: [i, j], partials: [p, q] }) };
        // SAFETY: `k < limit`.
        unsafe { top.advance(k, 1) };
        Some(k)
    })
}

impl Top {
    /// Counts `slots` more than `k`.
    ///
    /// # Safety
    ///
    /// `k < limit`
    #[inline(always)]
    #[allow(unsafe_code, reason = "part of the fast path")]
    unsafe fn advance(&self, k: u32, slots: u32) {
        self.len.set(k + slots);
        // SAFETY: `k < limit < NODES_MAX`. Knowing it, the compiler drops the mask of the leaf flag.
        unsafe { std::hint::assert_unchecked((k as usize) < NODES_MAX - 1) };
        // No more room: the next node takes the way out of line, where there is room to grow. A call from here would make
        // the compiler keep a loop's variables in memory.
        if k + slots >= self.limit.get() {
            self.id.set(0);
        }
    }
}

/// As [`push`], but where the fast path cannot; [`NOT_RECORDED`] if nothing can. Does not panic.
#[cold]
#[inline(never)]
pub(super) fn push_elsewhere(id: u32, i: u32, j: u32, p: f64, q: f64) -> u32 {
    elsewhere(id, |recording| Some(recording.push(Node { parents: [i, j], partials: [p, q] })))
}

/// Lets `push` record in recording `id`, if it lives on this thread and has room.
fn elsewhere(id: u32, push: impl FnOnce(&mut Recording) -> Option<u32>) -> u32 {
    // At the thread's own end its storage may be gone already, and the recordings with it.
    let recorded = STACK.try_with(|stack| {
        let mut stack = stack.try_borrow_mut().ok()?;
        stack.suspend();
        let depth = stack.find_at_rest(id);
        let node = depth
            .map(|depth| &mut stack.recordings[depth])
            .filter(|recording| recording.has_room(2))
            .and_then(push);
        stack.resume();
        node
    });
    recorded.ok().flatten().unwrap_or(NOT_RECORDED)
}

/// Records an operation in the recording of its operands, which is one of operations; [`NOT_RECORDED`] if they have none
/// in common. Does not panic.
#[cold]
#[inline(never)]
pub(super) fn operate_elsewhere(request: &Request, x: Operand, y: Operand) -> u32 {
    match request.common(x, y) {
        Some(id) => elsewhere(id, |recording| Some(recording.operate(request, x, y))),
        None => NOT_RECORDED,
    }
}

/// Records a wide node; its parents are distinct or absent. As [`push`].
#[inline(always)]
#[allow(unsafe_code, reason = "part of the fast path")]
pub(super) fn push_wide(id: u32, parents: [u32; 4], partials: [f64; 4]) -> Option<u32> {
    TOP.with(|top| {
        if top.id.get() != id {
            return None;
        }
        let k = top.len.get();
        let [low, high] = wide_node(k, parents, partials);
        // SAFETY: as in `push`; `k + 1 ≤ limit` is a slot too.
        unsafe {
            (*top.nodes.get().add(k as usize)).write(low);
            (*top.nodes.get().add(k as usize + 1)).write(high);
        }
        // SAFETY: `k < limit`.
        unsafe { top.advance(k, 2) };
        Some(k + 1)
    })
}

/// As [`push_wide`], but where the fast path cannot. Does not panic.
#[cold]
#[inline(never)]
#[allow(clippy::too_many_arguments, reason = "scalars only: see the head of this file")]
pub(super) fn push_wide_elsewhere(
    id: u32,
    i: u32,
    j: u32,
    l: u32,
    m: u32,
    p: f64,
    q: f64,
    r: f64,
    s: f64,
) -> u32 {
    elsewhere(id, |recording| {
        if recording.of_operations() {
            return None;
        }
        let [low, high] = wide_node(recording.len, [i, j, l, m], [p, q, r, s]);
        recording.push(low);
        Some(recording.push(high))
    })
}

/// A list of edges, from those that were given back; what is in it is of no account.
pub(super) fn take_edges() -> Vec<Edge> {
    STACK.with_borrow_mut(|stack| stack.edges.pop().unwrap_or_default())
}

pub(super) fn give_edges(edges: Vec<Edge>) {
    STACK.with_borrow_mut(|stack| stack.edges.push(edges));
}

/// Room for a product, as `take_edges`.
pub(super) fn take_room() -> Box<Room> {
    STACK.with_borrow_mut(|stack| stack.rooms.pop().unwrap_or_default())
}

pub(super) fn give_room(room: Box<Room>) {
    STACK.with_borrow_mut(|stack| stack.rooms.push(room));
}

/// Starts a recording whose first leaves have the values given; the variables lie in a buffer that goes from one
/// recording of the thread to the next.
pub(super) fn begin_with(values: impl ExactSizeIterator<Item = f64>, operations: bool) -> (u32, Vec<Var>) {
    STACK.with_borrow_mut(|stack| {
        stack.suspend();
        let (id, recording) = stack.start(if operations { OPERATIONS } else { 0 });
        recording.push_leaves(values.len());
        let mut variables = std::mem::take(&mut recording.variables);
        let mut leaves = values.zip(0..NODES_MAX as u32);
        variables.truncate(leaves.len());
        // The buffer holds leaves in this very order already: half of each is as it should be.
        for (x, (value, _)) in variables.iter_mut().zip(&mut leaves) {
            x.renew(value, id);
        }
        variables.extend(leaves.map(|(value, node)| Var::leaf(value, node, id)));
        stack.resume();
        (id, variables)
    })
}
