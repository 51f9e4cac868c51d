//! What a layer above keeps in a recording, and does in its sweep: arrays.
//!
//! An annex has events of its own, numbered in the order in which they happened. The recording notes each at its place
//! among the nodes, and a sweep that comes to it hands over: so scalars and arrays are swept in one order. What an event
//! makes of scalars, or makes into scalars, it reads from and adds to their adjoints.

use std::any::Any;
use std::fmt::Debug;
use std::panic::Location;

use super::recording::Recording;
use super::{Gradients, Var, misuse, store};

/// See the head of the file.
pub(crate) trait Annex: Any + Debug + Send {
    /// The recording starts anew.
    fn restart(&mut self);

    /// The recording has ended: what it held of others is to be let go.
    fn end(&mut self);

    /// The adjoints are to be zero.
    fn start_sweep(&mut self);

    /// Hands on the adjoints of what the event made to what it was made from. `scalars` are the adjoints of the nodes; those
    /// of nodes that the event made are to be set to zero.
    fn back(&mut self, event: u32, scalars: &mut [f64]);

    /// The adjoints of the sweep, as they are after it.
    fn take_adjoints(&mut self) -> Box<dyn Kept>;

    /// The memory in use.
    fn bytes(&self) -> usize;

    fn clone_box(&self) -> Box<dyn Annex>;

    fn as_any(&self) -> &dyn Any;

    fn as_any_mut(&mut self) -> &mut dyn Any;
}

/// What an annex adds to a gradient.
pub(crate) trait Kept: Any + Debug + Send + Sync {
    /// Gives the memory back.
    fn recycle(self: Box<Self>);

    fn clone_box(&self) -> Box<dyn Kept>;

    fn as_any(&self) -> &dyn Any;
}

/// What [`Gradients::wrt`] can be asked for.
pub trait Variable {
    /// A number for a variable, an array for an array.
    type Partials;

    /// The partials with respect to this.
    #[doc(hidden)]
    fn partials(self, gradients: &Gradients) -> Self::Partials;
}

impl Variable for Var {
    type Partials = f64;

    #[inline]
    #[track_caller]
    fn partials(self, gradients: &Gradients) -> f64 {
        gradients[self]
    }
}

/// Lets `change` work on the annex of recording `id`, and notes the event that it returns. The event makes variables of the
/// values, whose first node `change` is told, and which is returned.
///
/// # Panics
///
/// If the recording does not live on this thread.
#[track_caller]
pub(crate) fn change<A: Annex + Default, T>(
    id: u32,
    values: &[f64],
    change: impl FnOnce(&mut A, u32) -> (T, Option<u32>),
) -> (T, u32) {
    let place = Location::caller();
    let changed = store::with_recording(id, |recording| {
        if recording.program.is_traced() {
            return None;
        }
        let first = recording.node_after_event();
        let (told, event) = change(recording.annex(), first);
        if let Some(event) = event {
            recording.push_event(event, values, place);
        }
        Some((told, first))
    });
    match changed {
        Some(Some(changed)) => changed,
        Some(None) => misuse::arrays_on_traced(),
        None => misuse::not_live(id),
    }
}

/// The recording that operands of these recordings are computed in; 0 if they are all constants.
///
/// # Panics
///
/// If there are two.
#[track_caller]
pub(crate) fn common(left: u32, right: u32) -> u32 {
    super::parents::common(left, right)
}

/// Whether a recording is one of operations.
pub(crate) fn keeps_operations(id: u32) -> bool {
    id & super::operations::OPERATIONS != 0
}

impl Var {
    /// The recording, the node in it, and the slope with respect to it.
    pub(crate) fn edge(self) -> (u32, u32, f64) {
        (self.id(), self.node(), self.slope())
    }

    /// What an event has made, with node `node` of recording `id` to itself.
    pub(crate) fn of_event(value: f64, node: u32, id: u32) -> Var {
        Var::inner(value, node, id)
    }
}

impl super::Tape {
    pub(crate) fn id(&self) -> u32 {
        self.id
    }
}

impl Recording {
    /// Lets go of what the annex holds.
    pub(super) fn end_annex(&mut self) {
        if self.annexed
            && let Some(annex) = &mut self.annex
        {
            annex.end();
        }
    }

    /// Starts the annex anew, if it was in use.
    pub(super) fn clear_annex(&mut self) {
        if std::mem::take(&mut self.annexed)
            && let Some(annex) = &mut self.annex
        {
            annex.restart();
        }
    }

    /// What the layer above keeps here.
    pub(super) fn annex<A: Annex + Default>(&mut self) -> &mut A {
        self.annexed = true;
        let annex = self.annex.get_or_insert_with(|| Box::new(A::default()));
        annex.as_any_mut().downcast_mut().expect("there is one layer that has an annex")
    }

    /// The adjoints of the annex after a sweep.
    pub(super) fn take_kept(&mut self) -> Option<Box<dyn Kept>> {
        if !self.annexed {
            return None;
        }
        self.annex.as_mut().map(|annex| annex.take_adjoints())
    }

    /// The first node that an event makes, if it comes now.
    fn node_after_event(&self) -> u32 {
        self.len + u32::from(self.of_operations())
    }
}
