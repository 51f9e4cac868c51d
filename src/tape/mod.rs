//! Reverse mode: record while computing, then run backward.
//!
//! ```text
//! v̄(i) = Σ  v̄(k) · ∂v(k)/∂v(i)      over the nodes k computed from i, last one first
//! ```
//!
//! A [`Tape`] starts a recording on this thread; variables made from it are computed with in plain arithmetic; and
//! [`backward`](Var::backward) on the result gives all partials at once, for about the cost of three to four evaluations
//! whatever their number.
//!
//! ```
//! use downhill::prelude::*;
//!
//! let tape = Tape::new();
//! let [x, y] = tape.vars([3.0, 2.0]);
//! let z = x * y + x.sin();
//! let gradient = z.backward();
//! assert_eq!(gradient.wrt(x), 2.0 + 3f64.cos());
//! assert_eq!(gradient[y], 3.0);
//! ```
//!
//! Slopes are multiplied as they are met, so `0.0 * x.sqrt()` at `x = 0` has the slope `0 · ∞ = NaN`, as it has in every
//! library that follows the chain rule number by number.
//!
//! Source: Griewank & Walther, *Evaluating Derivatives*, 2nd ed. (SIAM 2008), chapter 3; one node for what hangs on one
//! variable is the preaccumulation of their section 10.2.

pub(crate) mod annex;
mod aside;
mod checkpoint;
mod coordinates;
mod external;
mod formulas;
mod gradients;
mod ids;
mod many;
mod math;
mod misuse;
mod notation;
mod operations;
mod parents;
mod program;
mod recording;
mod scope;
mod statement;
mod store;
mod sum_of;
mod sweep;
mod trace;
mod traced;
mod var;

use std::marker::PhantomData;
use std::panic::Location;
use std::thread;

use recording::Recording;

pub use annex::Variable;
pub(crate) use annex::{Annex, Kept};
pub use checkpoint::checkpointed;
pub use coordinates::Coordinates;
pub use external::{Partial, custom, external};
pub use gradients::Gradients;
pub use many::{dot, log_sum_exp, norm};
pub(crate) use operations::Operation;
pub(crate) use program::Program;
pub(crate) use scope::Scope;
pub use statement::statement;
pub use sum_of::sum_of;
pub use trace::{NonFinite, Origin};
pub use var::Var;

/// A recording on this thread, from `new` to its drop.
///
/// Recordings nest: a tape made while another lives records inside it, and must be dropped first. The memory is reused
/// by the next recording of the thread; a guard that is leaked leaks it, and never dangles.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = 4.0;
/// for _ in 0..100 {
///     let tape = Tape::new();
///     let v = tape.var(x);
///     let cost = (v - 1.0).powi(2);
///     x -= 0.1 * cost.backward().wrt(v);
/// }
/// assert!((x - 1.0).abs() < 1e-8);
/// ```
///
/// # Panics
///
/// Dropping a tape while one made after it still lives panics at the drop; both recordings are ended.
#[derive(Debug)]
#[must_use = "a recording lasts as long as its `Tape`: bind it to a name (`_` drops it at once)"]
pub struct Tape {
    id: u32,
    made: &'static Location<'static>,
    /// The recording lives in this thread's storage: the guard is neither `Send` nor `Sync`.
    thread_bound: PhantomData<*const ()>,
}

impl Tape {
    /// Starts a recording.
    #[allow(clippy::new_without_default, reason = "starting a recording is an act, not a default value")]
    #[track_caller]
    pub fn new() -> Tape {
        Tape { id: store::begin(0), made: Location::caller(), thread_bound: PhantomData }
    }

    /// A variable with the value given.
    #[track_caller]
    pub fn var(&self, value: f64) -> Var {
        let [x] = self.vars([value]);
        x
    }

    /// Variables with the values given, in the shape given: a `Vec<Var>` for a slice, `[Var; N]` for an array by value.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let [x, y] = tape.vars([1.0, 2.0]);
    /// let theta = tape.vars(&[1.0, 2.0, 3.0]);
    /// let z: Var = theta.iter().sum::<Var>() * x * y;
    /// assert_eq!(z.backward().wrt_slice(&theta), [2.0, 2.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn vars<C: Coordinates>(&self, values: C) -> C::Variables {
        let values = values.values();
        let place = Location::caller();
        let push = |recording: &mut Recording| recording.push_leaves_at(values, place);
        let first = match store::with_recording(self.id, push) {
            Some(first) => first,
            None => misuse::not_live(self.id),
        };
        C::variables((first..).zip(values).map(|(node, &value)| Var::leaf(value, node, self.id)))
    }

    /// The memory in use, in bytes: what was recorded, and the adjoints of a sweep over it. (The memory held may be up to
    /// twice that.)
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let [x, y] = tape.vars([1.0, 2.0]);
    /// let before = tape.bytes();
    /// let _z = (x * y).sin() * 2.0 + 1.0; // of four operations one is recorded: 24 bytes, and 8 for its adjoint
    /// assert_eq!(tape.bytes() - before, 32);
    /// ```
    #[track_caller]
    pub fn bytes(&self) -> usize {
        match store::with_recording(self.id, |recording| recording.bytes()) {
            Some(bytes) => bytes,
            None => misuse::not_live(self.id),
        }
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        let end = store::end(self.id);
        if end == store::End::OutOfOrder && !thread::panicking() {
            // A destructor has no caller: the place where the tape was made is what can be told.
            panic!(
                "downhill: the `Tape` made at {} was dropped while one made after it was still alive; drop the inner \
                 one first (or give it a block of its own)",
                self.made
            );
        }
    }
}
