//! A tape that keeps each operation, its value and its line: to be looked at.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;

use super::operations::OPERATIONS;
use super::trace::NonFinite;
use super::{Gradients, Tape, Var, misuse, store};

impl Tape {
    /// Starts a recording that can be looked at: each operation has a node of its own, with its value and the line it
    /// stands in. It prints as formulas, draws itself ([`dot`](Tape::dot)), and its gradients tell where a NaN came from
    /// ([`Gradients::non_finite`]). Variables are computed with as on any other tape.
    ///
    /// Cost: an operation takes some 40 ns and 32 bytes. What brings slopes without a formula (a `statement`) it refuses; the
    /// rule of an [`external`](super::external()) function is asked at once, for each of its values.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::traced();
    /// let [x, y] = tape.vars([3.0, 2.0]);
    /// let z = (x * y - 1.0).powi(2);
    /// assert_eq!(tape.to_string(), "x0 = 3\nx1 = 2\nv2 = x0 * x1 = 6\nv3 = v2 - 1 = 5\nv4 = powi(v3, 2) = 25\n");
    /// assert_eq!(z.backward().wrt(x), 20.0);
    /// ```
    #[track_caller]
    pub fn traced() -> Tape {
        let id = store::begin(OPERATIONS);
        store::with_recording(id, |recording| recording.program.trace());
        Tape { id, made: Location::caller(), thread_bound: PhantomData }
    }

    /// The recording of a [`traced`](Tape::traced) tape as a graph in the language of Graphviz (`dot -Tsvg`): a box with
    /// formula and value for each variable and operation, and an arrow from each operand.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::traced();
    /// let [x, y] = tape.vars([3.0, 2.0]);
    /// let z = x * y;
    /// let text = tape.dot();
    /// assert!(text.contains(r#"n2 [label="v2 = x0 * x1\n6"];"#));
    /// assert!(text.contains("n0 -> n2;") && text.contains("n1 -> n2;"));
    /// assert!(tape.dot_with(&z.backward()).contains(r#"label="x1\n2\nadjoint 3""#));
    /// ```
    ///
    /// # Panics
    ///
    /// If the tape is not a traced one: others keep slopes only, and no operations.
    #[track_caller]
    pub fn dot(&self) -> String {
        self.draw(None)
    }

    /// As [`dot`](Tape::dot), with the adjoint of each node: the partial of the result by it.
    ///
    /// # Panics
    ///
    /// If the tape is not a traced one, or the gradients are those of another.
    #[track_caller]
    pub fn dot_with(&self, gradients: &Gradients) -> String {
        self.draw(Some(gradients.of_recording(self.id)))
    }

    #[track_caller]
    fn draw(&self, adjoints: Option<&[f64]>) -> String {
        if self.id & OPERATIONS == 0 {
            misuse::not_traced();
        }
        match store::with_recording(self.id, |recording| recording.program.dot(&[], adjoints)) {
            Some(text) => text,
            None => misuse::not_live(self.id),
        }
    }
}

/// The formulas of a [`traced`](Tape::traced) tape, one line each; how large it is, of another.
impl fmt::Display for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = store::with_recording(self.id, |recording| {
            if self.id & OPERATIONS != 0 {
                recording.program.to_string()
            } else {
                format!("{} nodes, of which slopes are known; `Tape::traced` keeps formulas", recording.len)
            }
        });
        f.write_str(text.as_deref().unwrap_or("a recording that has ended"))
    }
}

/// The adjoint of every node of `result`'s recording, one of operations, and what is not finite among them.
#[track_caller]
pub(super) fn backward(result: Var) -> (Vec<f64>, Option<NonFinite>) {
    let swept = store::with_recording(result.id(), |recording| {
        let sweep = recording.program.sweep(result.node());
        let non_finite = recording.program.non_finite(result.node(), &sweep);
        (sweep.adjoints, non_finite)
    });
    match swept {
        Some(swept) => swept,
        None => misuse::not_live(result.id()),
    }
}
