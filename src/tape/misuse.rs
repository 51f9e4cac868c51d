//! What is said when a variable is used where it cannot be: one function per mistake, none of which returns.

use super::operations::{OPERATIONS, Operand, Request};
use super::recording::FULL;
use super::store::{Standing, standing};

/// An operation, `backward` or `watch` on a variable whose recording is not live on this thread.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn not_live(id: u32) -> ! {
    match standing(id) {
        Standing::Ended => panic!("downhill: {ENDED}; {KEEP_ALIVE}"),
        Standing::Foreign => panic!("downhill: {FOREIGN}; {PER_THREAD}"),
        Standing::Asking(name) => panic!(
            "downhill: the rule of `{name}` used a variable of the recording that is being run backward; it computes with \
             plain numbers: take the `.value()` of what it needs before, and move that into the rule"
        ),
        Standing::Innermost | Standing::Outer => unreachable!("the recording is live"),
    }
}

/// A node with slopes that could not be recorded.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn not_recorded(id: u32) -> ! {
    match standing(id) {
        Standing::Innermost | Standing::Outer if id & OPERATIONS != 0 => no_operation(),
        _ => full(id),
    }
}

/// What has no place left in its recording, if that is live.
#[track_caller]
fn full(id: u32) -> ! {
    match standing(id) {
        Standing::Innermost | Standing::Outer => panic!("downhill: {FULL}"),
        _ => not_live(id),
    }
}

/// An operation that could not be recorded as one.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn no_common_recording(request: &Request, x: Operand, y: Operand) -> ! {
    match request.common(x, y) {
        Some(id) => full(id),
        None => {
            let ids = request.recordings(x, y);
            let other = |id: u32| ids.into_iter().find(|&other| other != 0 && other != id);
            let left = other(0).unwrap_or(0);
            mixed(left, other(left).unwrap_or(0))
        }
    }
}

/// Something that knows slopes only, in a recording of operations.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn no_operation() -> ! {
    panic!(
        "downhill: `statement` and nodes with slopes of their own know first derivatives only, and not the operations that a \
         second derivative, a Jacobian or a traced tape is made of: write the expression with operators in place of \
         `statement`"
    )
}

/// An operation on variables of two recordings.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn mixed(left: u32, right: u32) -> ! {
    let standings = [standing(left), standing(right)];
    if standings.contains(&Standing::Ended) {
        panic!("downhill: one of two operands is {ENDED}; {KEEP_ALIVE}");
    }
    if standings.contains(&Standing::Foreign) {
        panic!("downhill: one of two operands is {FOREIGN}; {PER_THREAD}");
    }
    panic!(
        "downhill: the operands are variables of two recordings that are both live; an inner recording (a nested \
         `gradient`, a term of `sum_of`, a second `Tape`) cannot see the variables of an outer one: pass the outer \
         variable in as an input, or as a plain number with `.value()`"
    )
}

/// The objective, or a term, returned a variable of a recording other than its own.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn result_from_elsewhere(id: u32, whose: &str) -> ! {
    match standing(id) {
        Standing::Innermost | Standing::Outer => panic!(
            "downhill: {whose} returned a variable of an outer recording, whose derivative would be lost; compute the \
             result from the closure's own arguments, or return a plain number with `.detach()`"
        ),
        _ => not_live(id),
    }
}

/// A term of a sum left a recording of its own open (or ended that of the sum).
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn left_open(id: u32) -> ! {
    match standing(id) {
        Standing::Outer => panic!(
            "downhill: a term of `sum_of` left a recording of its own open; drop the `Tape` it made before it returns"
        ),
        _ => not_live(id),
    }
}

/// `wrt` of something that is neither a leaf nor watched.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn not_a_leaf() -> ! {
    panic!(
        "downhill: `wrt` was given an intermediate result; it needs a variable made by the tape: write \
         `let y = y.watch()` where the intermediate is computed, and use that `y` from there on"
    )
}

/// `wrt` of a constant.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn not_a_variable() -> ! {
    panic!(
        "downhill: `wrt` was given a constant; it needs a variable made by the tape: `tape.var(value)` in place of \
         `Var::from(value)`, before it is used"
    )
}

/// `wrt` of a variable of another recording than the gradient's.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn other_gradient() -> ! {
    panic!(
        "downhill: `wrt` was given a variable of another recording than the one this gradient comes from; ask the \
         gradient that `backward` made from the variable's own recording"
    )
}

/// A picture of a tape that keeps slopes only.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn not_traced() -> ! {
    panic!(
        "downhill: a picture of a tape that keeps slopes only was asked for; make it by `Tape::traced()` in place of \
         `Tape::new()`, which keeps the operations"
    )
}

/// Arrays on a traced tape.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn arrays_on_traced() -> ! {
    panic!(
        "downhill: an array was used on a traced tape, which knows operations on scalars only: make the tape by `Tape::new()`"
    )
}

const ENDED: &str = "a variable of a recording that has ended";
const KEEP_ALIVE: &str =
    "keep its `Tape` alive as long as its variables are used, or take `.value()` with you";
const FOREIGN: &str = "a variable of another thread (or of a recording that ended long ago)";
const PER_THREAD: &str = "a recording belongs to the thread that made it: send plain numbers, `.value()`, and make variables there";
