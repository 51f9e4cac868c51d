//! A recording for the length of one evaluation: what the verbs and `sum_of` stand on.

use std::ops::Range;
use std::panic::Location;
use std::thread;

use super::program::Program;
use super::recording::Recording;
use super::trace::NonFinite;
use super::{Var, external, misuse, store, traced};

/// A recording that lasts one evaluation of a function, with its arguments as the first leaves. It ends when dropped,
/// also when the function panics, and its memory, the list of arguments included, serves the next one: after the first
/// time nothing is allocated.
#[derive(Debug)]
pub(crate) struct Scope {
    id: u32,
    variables: Vec<Var>,
}

impl Scope {
    /// Starts a recording whose first leaves have the values given.
    pub(crate) fn begin(values: &[f64]) -> Scope {
        let (id, variables) = store::begin_with(values.iter().copied(), false);
        Scope { id, variables }
    }

    /// Starts a recording of operations whose arguments have the values given.
    #[track_caller]
    pub(crate) fn begin_operations(values: &[f64]) -> Scope {
        let (id, variables) = store::begin_with(values.iter().copied(), true);
        let place = Location::caller();
        store::with_recording(id, |recording| recording.program.set(0, values, place));
        Scope { id, variables }
    }

    /// Starts a recording of operations that keeps their lines.
    #[track_caller]
    pub(crate) fn begin_traced(values: &[f64]) -> Scope {
        let mut scope = Scope::begin_operations(&[]);
        let (id, place) = (scope.id, Location::caller());
        let first = store::with_recording(id, |recording| {
            recording.program.trace();
            recording.push_leaves_at(values, place)
        });
        let leaves = (first.unwrap_or(0)..).zip(values).map(|(node, &value)| Var::leaf(value, node, id));
        scope.variables.extend(leaves);
        scope
    }

    /// What was recorded, of operations; the scope is of no use afterwards.
    pub(crate) fn program(self) -> Program {
        store::with_recording(self.id, Recording::take_program).unwrap_or_default()
    }

    /// The node of `result` in this recording, or its value if it is a constant.
    ///
    /// # Panics
    ///
    /// If `result` is a variable of another recording.
    #[track_caller]
    pub(crate) fn node_of(&self, result: Var, whose: &str) -> Result<u32, f64> {
        self.own(result, whose);
        if result.is_constant() { Err(result.value()) } else { Ok(result.node()) }
    }

    /// What is not finite in `result` or its gradient, on a traced recording; `whose` names the function in messages.
    ///
    /// # Panics
    ///
    /// If `result` is a variable of another recording.
    #[track_caller]
    pub(crate) fn non_finite(&self, result: Var, whose: &str) -> Option<NonFinite> {
        self.own(result, whose);
        if result.is_constant() { None } else { traced::backward(result).1 }
    }

    /// Starts a recording whose first leaves have the values of `xs`.
    pub(super) fn begin_at(xs: &[Var]) -> Scope {
        let (id, variables) = store::begin_with(xs.iter().map(|x| x.value()), false);
        Scope { id, variables }
    }

    /// The leaves, in a row.
    pub(crate) fn variables(&self) -> &[Var] {
        &self.variables
    }

    /// Writes `result`'s partials with respect to the leaves into `gradient`, and returns its value; `whose` names the
    /// function in messages.
    ///
    /// # Panics
    ///
    /// If `result` is a variable of another recording, or this one was ended meanwhile.
    #[track_caller]
    pub(crate) fn gradient_into(&self, result: Var, whose: &str, gradient: &mut [f64]) -> f64 {
        self.own(result, whose);
        if result.is_constant() {
            gradient.fill(0.0);
            return result.value();
        }
        let sink = |nodes: &Range<u32>, adjoints: &[f64]| {
            if nodes.start == 0 {
                gradient.copy_from_slice(&adjoints[..gradient.len()]);
            }
        };
        let swept = external::backward(self.id, result.node(), result.slope(), sink, |_| {});
        if swept.is_none() {
            misuse::not_live(self.id);
        }
        result.value()
    }

    /// Starts the recording anew with the same leaves: variables of its life before are valid no more.
    #[track_caller]
    pub(super) fn renew(&mut self) {
        self.id = match store::renew(self.id, self.variables.len() as u32) {
            Some(id) => id,
            None => misuse::left_open(self.id),
        };
        for x in &mut self.variables {
            x.renew(x.value(), self.id);
        }
    }

    /// Sweeps from `result` and leaves the adjoints of the leaves where they gather over the scope's lives.
    #[track_caller]
    pub(super) fn gather(&self, result: Var, whose: &str) {
        self.own(result, whose);
        if !result.is_constant() && external::gather(self.id, result.node(), result.slope()).is_none() {
            misuse::not_live(self.id);
        }
    }

    /// What has gathered at the leaves.
    #[track_caller]
    pub(super) fn gathered(&self, mut sink: impl FnMut(usize, f64)) {
        if store::standing(self.id) != store::Standing::Innermost {
            misuse::left_open(self.id);
        }
        store::with_recording(self.id, |recording| {
            recording.drain_kept(|nodes, adjoints| {
                if nodes.start == 0 {
                    adjoints.iter().enumerate().for_each(|(i, &adjoint)| sink(i, adjoint));
                }
            });
        });
    }

    #[track_caller]
    fn own(&self, result: Var, whose: &str) {
        if result.id() != self.id && !result.is_constant() {
            misuse::result_from_elsewhere(result.id(), whose);
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if thread::panicking() {
            store::with_recording(self.id, Recording::clear_adjoints);
        }
        store::end_with(self.id, std::mem::take(&mut self.variables));
    }
}
