//! What a recording of operations holds: each operation with its value and the line of code it stands in.

use std::ops::Range;
use std::panic::Location;

use super::Var;
use super::annex::Annex;
use super::operations::Operation;

/// Operations in the order in which they were computed. Operands are earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Program {
    operations: Vec<Operation>,
    /// As they were recorded.
    values: Vec<f64>,
    /// Of a traced recording only: they would make every other a third larger.
    places: Vec<&'static Location<'static>>,
    traced: bool,
    /// In their order.
    customs: Vec<Custom>,
    /// What events are of, once the recording has ended.
    pub(super) annex: Option<Box<dyn Annex>>,
}

impl Clone for Program {
    fn clone(&self) -> Program {
        Program {
            operations: self.operations.clone(),
            values: self.values.clone(),
            places: self.places.clone(),
            traced: self.traced,
            customs: self.customs.clone(),
            annex: self.annex.as_ref().map(|annex| annex.clone_box()),
        }
    }
}

/// A function that brings its own derivatives: its value as a constant, then an operation for each input.
#[derive(Debug, Clone)]
pub(crate) struct Custom {
    pub(crate) name: String,
    /// The last one is the result. The constants among its partials are here too.
    pub(crate) nodes: Range<u32>,
    /// The partials were given as numbers: they have no derivatives.
    pub(crate) by_numbers: bool,
}

impl Program {
    /// Starts anew in the same memory.
    #[inline]
    pub(super) fn clear(&mut self) {
        // A recording of slopes has nothing here, and starts often.
        if !self.operations.is_empty() || self.traced {
            self.forget();
        }
    }

    #[cold]
    #[inline(never)]
    fn forget(&mut self) {
        self.operations.clear();
        self.values.clear();
        self.places.clear();
        self.customs.clear();
        self.traced = false;
    }

    pub(super) fn is_traced(&self) -> bool {
        self.traced
    }

    /// Keeps the lines of the operations from here on.
    pub(super) fn trace(&mut self) {
        self.traced = true;
    }

    pub(super) fn push(
        &mut self,
        operation: Operation,
        value: f64,
        place: &'static Location<'static>,
    ) -> u32 {
        self.operations.push(operation);
        self.values.push(value);
        if self.traced {
            self.places.push(place);
        }
        (self.operations.len() - 1) as u32
    }

    /// A function that brings its own derivatives: `partials` by those of `inputs` that vary.
    pub(super) fn push_custom(
        &mut self,
        (name, by_numbers): (&str, bool),
        value: f64,
        partials: impl Iterator<Item = (Var, Var)>,
        place: &'static Location<'static>,
    ) -> u32 {
        let first = self.push(Operation::Constant(value), value, place);
        let mut last = first;
        for (x, partial) in partials {
            let slope = if partial.is_constant() {
                self.push(Operation::Constant(partial.value()), partial.value(), place)
            } else {
                partial.node()
            };
            last = self.push(Operation::Custom([last, x.node(), slope]), value, place);
        }
        self.customs.push(Custom { name: name.to_owned(), nodes: first..last + 1, by_numbers });
        last
    }

    /// An event, and the values that it makes.
    pub(super) fn push_event(&mut self, event: u32, values: &[f64], place: &'static Location<'static>) {
        let node = self.push(Operation::Event(event), f64::NAN, place);
        for (k, &value) in values.iter().enumerate() {
            self.push(Operation::Made(node, k as u32), value, place);
        }
    }

    /// What events are of.
    pub(crate) fn annex<A: Annex>(&self) -> Option<&A> {
        self.annex.as_ref()?.as_any().downcast_ref()
    }

    /// Arguments whose values come later, by [`set`](Program::set).
    pub(super) fn push_arguments(&mut self, count: usize) {
        let place = Location::caller();
        for _ in 0..count {
            self.push(Operation::Argument, f64::NAN, place);
        }
    }

    /// The values of the arguments from node `first` on, and where they were made.
    pub(super) fn set(&mut self, first: u32, values: &[f64], place: &'static Location<'static>) {
        let nodes = first as usize..first as usize + values.len();
        self.values[nodes.clone()].copy_from_slice(values);
        if self.traced {
            self.places[nodes].fill(place);
        }
    }

    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The value of each node at the point where it was recorded.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(crate) fn customs(&self) -> &[Custom] {
        &self.customs
    }

    /// The function that node `k` is an operation of, and its place in the list.
    pub(crate) fn custom_at(&self, k: u32) -> (usize, &Custom) {
        let place = self.customs.partition_point(|custom| custom.nodes.end <= k);
        (place, &self.customs[place])
    }

    pub(crate) fn len(&self) -> usize {
        self.operations.len()
    }

    /// The line that node `k` of a traced recording stands in. What the standard library called, a sum, stands after the
    /// line before it.
    pub(super) fn place(&self, k: u32) -> &'static Location<'static> {
        let of_a_program = |place: &&&'static Location<'static>| {
            !["/library/core/", "/library/std/", "/library/alloc/"]
                .iter()
                .any(|part| place.file().contains(part))
        };
        let place = self.places.get(..=k as usize).and_then(|places| places.iter().rev().find(of_a_program));
        place.or(self.places.get(k as usize)).copied().unwrap_or(Location::caller())
    }

    /// The memory in use.
    pub(super) fn bytes(&self) -> usize {
        self.len() * (size_of::<Operation>() + size_of::<f64>()) + size_of_val(&self.places[..])
    }
}
