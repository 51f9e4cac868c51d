//! The result of running backward: one number per leaf.

use std::ops::{Index, Range};

use smallvec::SmallVec;

use super::annex::{Kept, Variable};
use super::recording::Recording;
use super::trace::NonFinite;
use super::{Var, external, misuse, traced};

/// The partials of one result with respect to every variable of its recording.
///
/// It is plain data, and outlives the tape.
#[derive(Debug, Clone)]
pub struct Gradients {
    id: u32,
    /// In place for up to eight variables: a step loop over a few then allocates nothing here.
    adjoints: SmallVec<[f64; 8]>,
    /// Where the adjoints of each run of leaves lie; seldom more than one run.
    runs: SmallVec<[Run; 2]>,
    /// Of a traced recording.
    non_finite: Option<Box<NonFinite>>,
    /// Of arrays.
    annexed: Annexed,
}

/// What an annex adds.
#[derive(Debug, Default)]
struct Annexed(Option<Box<dyn Kept>>);

impl Clone for Annexed {
    fn clone(&self) -> Annexed {
        Annexed(self.0.as_ref().map(|kept| kept.clone_box()))
    }
}

impl Drop for Annexed {
    fn drop(&mut self) {
        if let Some(kept) = self.0.take() {
            kept.recycle();
        }
    }
}

/// `count` leaves from node `first` on, whose adjoints start at `offset`.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: u32,
    count: u32,
    offset: usize,
}

impl Var {
    /// Runs backward from this result: its partials with respect to every variable of the recording.
    ///
    /// May be called again, for this and for other results; the recording stays. The partials of a constant are 0.
    /// Cost: 1 to 2 ns for each recorded node up to this one, and one number per variable of memory.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let [x, y] = tape.vars([3.0, 4.0]);
    /// let (sum, product) = (x + y, x * y);
    /// assert_eq!(sum.backward().wrt_slice(&[x, y]), [1.0, 1.0]);
    /// assert_eq!(product.backward().wrt_slice(&[x, y]), [4.0, 3.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the recording has ended, or belongs to another thread.
    #[track_caller]
    pub fn backward(self) -> Gradients {
        if self.is_constant() {
            return Gradients::empty(0);
        }
        if self.records_operations() {
            return Gradients::traced(self);
        }
        let mut gradients = Gradients::empty(self.id());
        let sink = |nodes: &Range<u32>, adjoints: &[f64]| {
            let offset = gradients.adjoints.len();
            gradients.runs.push(Run { first: nodes.start, count: nodes.end - nodes.start, offset });
            gradients.adjoints.extend_from_slice(adjoints);
        };
        let swept = external::backward(self.id(), self.node(), self.slope(), sink, Recording::take_kept);
        match swept {
            Some(kept) => Gradients { annexed: Annexed(kept), ..gradients },
            None => misuse::not_live(self.id()),
        }
    }
}

impl Gradients {
    #[inline]
    fn empty(id: u32) -> Gradients {
        Gradients {
            id,
            adjoints: SmallVec::new(),
            runs: SmallVec::new(),
            non_finite: None,
            annexed: Annexed(None),
        }
    }

    #[cold]
    #[track_caller]
    fn traced(result: Var) -> Gradients {
        let (adjoints, non_finite) = traced::backward(result);
        let mut gradients = Gradients::empty(result.id());
        gradients.runs.push(Run { first: 0, count: adjoints.len() as u32, offset: 0 });
        gradients.adjoints = SmallVec::from_vec(adjoints);
        gradients.non_finite = non_finite.map(Box::new);
        gradients
    }

    /// Where the result or a partial first ceased to be a finite number; none if they are all finite.
    ///
    /// Of a gradient on a [traced](super::Tape::traced) tape: the first operation in program order whose value is NaN or
    /// infinite, and led to the result or to the partial through others; else the first in the order of the sweep that made
    /// an adjoint so. Of an ordinary tape only which partial it is. For a closure there is
    /// [`find_non_finite`](crate::diff::find_non_finite).
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::traced();
    /// let [x, y] = tape.vars([2.0, 2.0]);
    /// let (line, distance) = (line!(), (x - y).abs().sqrt());
    /// let gradient = (distance * 3.0).backward();
    /// let trouble = gradient.non_finite().unwrap();
    /// let sentence = trouble.to_string();
    /// assert!(sentence.starts_with("the adjoint of abs(v2), passed back by v4 = sqrt(abs(v2)) at "));
    /// assert!(sentence.ends_with("is inf: value 0, adjoint 3, slope inf; abs(v2) = 0"));
    /// assert_eq!(trouble.origin().unwrap().location.line(), line);
    /// ```
    pub fn non_finite(&self) -> Option<NonFinite> {
        if self.non_finite.is_some() {
            return self.non_finite.as_deref().cloned();
        }
        let variable = self.adjoints.iter().position(|adjoint| !adjoint.is_finite())?;
        Some(NonFinite::Untraced { variable, partial: self.adjoints[variable] })
    }

    /// The adjoints of every node of the traced recording `id`.
    #[track_caller]
    pub(super) fn of_recording(&self, id: u32) -> &[f64] {
        if self.id != 0 && self.id != id {
            misuse::other_gradient();
        }
        &self.adjoints
    }

    /// The partial with respect to `x`, a variable made by the tape or watched; 0 if the result does not depend on it. Of a
    /// [`Tensor`](crate::array::Tensor), given by reference, the partials in its shape.
    ///
    /// # Panics
    ///
    /// If `x` is an intermediate result (use [`Var::watch`]), a constant, or a variable of another recording.
    #[track_caller]
    pub fn wrt<X: Variable>(&self, x: X) -> X::Partials {
        x.partials(self)
    }

    /// What an annex has added.
    pub(crate) fn kept(&self) -> Option<&dyn Kept> {
        self.annexed.0.as_deref()
    }

    /// Whether they are those of recording `id`, or of a constant.
    pub(crate) fn is_of(&self, id: u32) -> bool {
        self.id == 0 || self.id == id
    }

    /// The partials with respect to each of `xs: [n]`, in their order.
    ///
    /// # Panics
    ///
    /// As [`wrt`](Gradients::wrt).
    #[track_caller]
    pub fn wrt_slice(&self, xs: &[Var]) -> Vec<f64> {
        let mut partials = Vec::with_capacity(xs.len());
        for &x in xs {
            partials.push(self[x]);
        }
        partials
    }

    /// The partials with respect to each of `xs`, as an array.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.vars([3.0, 4.0]);
    /// assert_eq!((x[0] * x[1]).backward().wrt_array(x), [4.0, 3.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`wrt`](Gradients::wrt).
    #[track_caller]
    pub fn wrt_array<const N: usize>(&self, xs: [Var; N]) -> [f64; N] {
        let mut partials = [0.0; N];
        for (partial, x) in partials.iter_mut().zip(xs) {
            *partial = self[x];
        }
        partials
    }

    fn find(&self, node: u32) -> Option<&f64> {
        let after = self.runs.partition_point(|run| run.first <= node);
        let run = self.runs[..after].last()?;
        let within = node - run.first;
        if within < run.count { self.adjoints.get(run.offset + within as usize) } else { None }
    }
}

/// `gradients[x]` is `gradients.wrt(x)`.
impl Index<Var> for Gradients {
    type Output = f64;

    #[track_caller]
    fn index(&self, x: Var) -> &f64 {
        if x.is_constant() {
            misuse::not_a_variable();
        }
        if !x.is_leaf() {
            misuse::not_a_leaf();
        }
        if self.id != 0 && self.id != x.id() {
            misuse::other_gradient();
        }
        // A variable made after the sweep, or any variable where the result was a constant.
        self.find(x.node()).unwrap_or(&0.0)
    }
}
