//! A variable: a value, and how it hangs on the recording.
//!
//! ```text
//! dy = slope · d(node)
//! ```
//!
//! A `Var` carries the slope with respect to its node. A function of one variable, an operation with a constant and an
//! operation on two variables of the same node fold their slope into it and record nothing; only an operation on two
//! nodes makes a new one. That halves the nodes of ordinary code (Rosenbrock's chain: 4 a term where there are 8
//! operations) and is what the speed of the tape rests on. It also makes `y = x + 3` indistinguishable from `x` as far
//! as the recording goes; hence the leaf flag, and [`Var::watch`].

use std::fmt;

use super::misuse;
use super::operations::{self, OPERATIONS, Operand, Rule};
use super::parents::Edge;
use super::recording::Recording;
use super::{aside, store, sweep};
use crate::real::operators::{number_comparisons, number_operators};
use crate::real::{Binary, Real, Ternary, Unary};

/// The bit of `node` that marks a leaf: what `wrt` accepts. Every operation clears it.
pub(super) const LEAF: u32 = 1 << 31;

/// A number that remembers how it was computed, or a constant.
///
/// It is `Copy`, 24 bytes, and concretely `f64`: literals need no suffix. Made by [`Tape::var`](super::Tape::var), by
/// the verbs of [`diff`](crate::diff), or as a constant by `Var::from(3.0)`. Constants belong to no recording, and
/// computing with them costs what plain numbers cost.
///
/// ```
/// use downhill::prelude::*;
///
/// let tape = Tape::new();
/// let x = tape.var(3.0);
/// let mut y = 2.0 * x.powi(2) + x.max(0.0);
/// y += 1.0;
/// assert_eq!(y.value(), 22.0);
/// assert_eq!(y.backward().wrt(x), 13.0);
/// ```
///
/// # Panics
///
/// An operation that mixes variables of two recordings, and one on two variables of an ended recording or of another
/// thread, panics at the caller's line. An operation on one such variable alone passes the mistake on: whatever asks its
/// result for a derivative panics.
#[derive(Clone, Copy)]
pub struct Var {
    value: f64,
    slope: f64,
    node: u32,
    id: u32,
}

impl Var {
    /// The handle of a leaf: node `node` of recording `id`.
    #[inline]
    pub(super) fn leaf(value: f64, node: u32, id: u32) -> Var {
        Var { value, slope: 1.0, node: node | LEAF, id }
    }

    /// The handle of an intermediate that has node `node` of recording `id` to itself.
    #[inline(always)]
    pub(super) fn inner(value: f64, node: u32, id: u32) -> Var {
        Var { value, slope: 1.0, node, id }
    }

    /// An untracked number.
    #[inline(always)]
    pub const fn constant(value: f64) -> Var {
        Var { value, slope: 0.0, node: 0, id: 0 }
    }

    /// The value, a plain number.
    #[inline(always)]
    pub fn value(self) -> f64 {
        self.value
    }

    /// The value as a constant: derivatives do not flow through it. Other libraries call it `stop_gradient`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// assert_eq!(derivative(|x| x * x.detach(), 3.0), 3.0); // not 6
    /// ```
    #[doc(alias = "stop_gradient")]
    #[inline(always)]
    pub fn detach(self) -> Var {
        Var::constant(self.value)
    }

    /// Whether the number is untracked: it does not depend on any variable.
    #[inline(always)]
    pub fn is_constant(self) -> bool {
        self.id == 0
    }

    /// The same number on a node of its own, so that gradients can be asked for with respect to it.
    ///
    /// Most operations record nothing and share a node with what they were computed from; `wrt` therefore accepts
    /// variables made by the tape, and intermediates that are watched. A constant stays one.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.var(3.0);
    /// let y = (x + 1.0).watch();
    /// let g = (y * y).backward();
    /// assert_eq!(g.wrt(y), 8.0);
    /// assert_eq!(g.wrt(x), 8.0);
    /// ```
    ///
    /// # Panics
    ///
    /// If the variable's recording has ended, or belongs to another thread.
    #[track_caller]
    pub fn watch(self) -> Var {
        if self.id == 0 {
            return self;
        }
        if self.records_operations() {
            return Var::leaf(self.value, self.node(), self.id); // every operation has a node of its own there
        }
        let edge = Edge { parent: self.node(), partial: self.slope };
        let watched = |recording: &mut Recording| recording.push_many(|groups| groups.push(&[edge]), true);
        match store::with_recording(self.id, watched) {
            Some(node) => Var::leaf(self.value, node, self.id),
            None => misuse::not_live(self.id),
        }
    }

    /// Whether the number's recording is one of operations.
    #[inline(always)]
    pub(super) fn records_operations(self) -> bool {
        self.id & OPERATIONS != 0
    }

    #[inline(always)]
    pub(super) fn id(self) -> u32 {
        self.id
    }

    #[inline(always)]
    pub(super) fn node(self) -> u32 {
        self.node & !LEAF
    }

    #[inline(always)]
    pub(super) fn slope(self) -> f64 {
        self.slope
    }

    #[inline(always)]
    pub(super) fn is_leaf(self) -> bool {
        self.node & LEAF != 0
    }

    /// The same leaf of another recording, with a value of its own.
    #[inline(always)]
    pub(super) fn renew(&mut self, value: f64, id: u32) {
        self.value = value;
        self.id = id;
    }

    /// What an operation is told of it.
    #[inline(always)]
    pub(super) fn operand(self) -> Operand {
        (self.id, self.node(), self.value)
    }

    /// An operation with this as the only variable, and the slope given. In a recording of operations the slope is of no
    /// use, but having it in both cases costs less than a choice; and what to record is put together there only.
    #[inline(always)]
    #[track_caller]
    fn fold(self, value: f64, slope: f64, op: impl Into<Rule>, x: Var, y: Var) -> Var {
        let operations = self.records_operations();
        let node = if operations { operations::record(op.into(), x, y) } else { self.node() };
        Var { value, slope: slope * self.slope, node, id: self.id }
    }

    /// An operation on two variables, with the partials given; without an operation not for recordings of operations. Which of
    /// the two is asked where it costs least: off the fast path.
    #[inline(always)]
    #[track_caller]
    pub(super) fn join(self, other: Var, value: f64, p: f64, q: f64, op: Option<Binary>) -> Var {
        let id = self.id | other.id;
        let (p, q) = (p * self.slope, q * other.slope);
        let (slope, mut node) = if self.id == other.id {
            let (i, j) = (self.node(), other.node());
            if i == j {
                (p + q, i)
            } else if let Some(node) = store::push(id, i, j, p, q) {
                return Var::inner(value, node, id);
            } else if !self.records_operations() {
                let node = aside::push(id, i, j, p, q);
                if node == store::NOT_RECORDED {
                    misuse::not_recorded(id);
                }
                return Var::inner(value, node, id);
            } else {
                (1.0, 0)
            }
        } else if other.id == 0 {
            (p, self.node())
        } else if self.id == 0 {
            (q, other.node())
        } else {
            misuse::mixed(self.id, other.id);
        };
        if id & OPERATIONS != 0 {
            node = match op {
                Some(op) => operations::record(op.into(), self, other),
                None => misuse::no_operation(),
            };
        }
        Var { value, slope, node, id }
    }

    /// A function of several variables, with the partials given.
    #[inline(always)]
    #[track_caller]
    pub(super) fn of_several<const N: usize>(inputs: [Var; N], value: f64, partials: [f64; N]) -> Var {
        match N {
            3 => Var::wide::<N, 3>(inputs, value, partials),
            4.. => Var::wide::<N, 4>(inputs, value, partials),
            _ => Var::constant(value).joined(&inputs, value, &partials),
        }
    }

    /// One wide node for the first `M` inputs, and a plain one for each input beyond.
    #[inline(always)]
    #[track_caller]
    fn wide<const N: usize, const M: usize>(inputs: [Var; N], value: f64, partials: [f64; N]) -> Var {
        let id = inputs[0].id;
        let (mut nodes, mut slopes) = ([sweep::ABSENT; 4], [0.0; 4]);
        let mut distinct = id != 0;
        for (i, x) in inputs[..M].iter().enumerate() {
            (nodes[i], slopes[i]) = (x.node(), partials[i] * x.slope);
            distinct = distinct && x.id == id && !nodes[..i].contains(&nodes[i]);
        }
        // With a way of its own for variables that are alike, the compiler makes no choices on it.
        let fast = if distinct { store::push_wide(id, nodes, slopes) } else { None };
        let first = match fast {
            Some(node) => Var::inner(value, node, id),
            None => Var::merged::<N, M>(inputs, value, partials),
        };
        first.joined(&inputs[M..], value, &partials[M..])
    }

    /// One wide node for the first `M` inputs, of which some may be constants, or share a node, or belong to an outer
    /// recording.
    #[inline(always)]
    #[track_caller]
    fn merged<const N: usize, const M: usize>(inputs: [Var; N], value: f64, partials: [f64; N]) -> Var {
        let id = inputs[..M].iter().fold(0, |id, x| id | x.id);
        if id == 0 {
            return Var::constant(value);
        }
        let (mut nodes, mut slopes) = ([sweep::ABSENT; 4], [0.0; 4]);
        for i in 0..M {
            let x = inputs[i];
            if x.id != id && x.id != 0 {
                misuse::mixed(inputs[0].id.max(inputs[1].id), x.id);
            }
            let (node, slope) = (x.node(), partials[i] * x.slope);
            let before = nodes[..i].iter().position(|&before| before == node);
            match before {
                _ if x.id == 0 => {}
                Some(before) => slopes[before] += slope,
                None => (nodes[i], slopes[i]) = (node, slope),
            }
        }
        let node = store::push_wide(id, nodes, slopes).unwrap_or_else(|| aside::push_wide(id, nodes, slopes));
        if node == store::NOT_RECORDED {
            misuse::not_recorded(id);
        }
        Var::inner(value, node, id)
    }

    /// A chain of plain nodes, one for each variable; the compiler unrolls it.
    #[inline(always)]
    #[track_caller]
    fn joined(mut self, inputs: &[Var], value: f64, partials: &[f64]) -> Var {
        for (x, partial) in inputs.iter().zip(partials) {
            self = self.join(*x, value, 1.0, *partial, None);
        }
        self
    }

    #[inline(always)]
    #[track_caller]
    fn with_right(self, op: Binary, c: f64) -> Var {
        let z = op.value(self.value, c);
        let slope = op.slopes(self.value, c, z).0;
        self.fold(z, slope, op, self, Var::constant(c))
    }

    #[inline(always)]
    #[track_caller]
    fn with_left(self, op: Binary, c: f64) -> Var {
        let z = op.value(c, self.value);
        let slope = op.slopes(c, self.value, z).1;
        self.fold(z, slope, op, Var::constant(c), self)
    }
}

impl Real for Var {
    #[inline(always)]
    fn value(self) -> f64 {
        self.value
    }

    #[inline(always)]
    fn vanishes(self) -> bool {
        self.id == 0 && self.value == 0.0
    }

    #[inline(always)]
    #[track_caller]
    fn unary(self, op: Unary) -> Var {
        let y = op.value(self.value);
        let slope = op.slope(self.value, y);
        self.fold(y, slope, op, self, Var::constant(0.0))
    }

    #[inline(always)]
    #[track_caller]
    fn binary(self, op: Binary, rhs: Var) -> Var {
        let z = op.value(self.value, rhs.value);
        let (p, q) = op.slopes(self.value, rhs.value, z);
        self.join(rhs, z, p, q, Some(op))
    }

    #[inline(always)]
    #[track_caller]
    fn ternary(self, op: Ternary, a: Var, b: Var) -> Var {
        let value = op.value(self.value, a.value, b.value);
        if (self.id | a.id | b.id) & OPERATIONS != 0 {
            let node = operations::record(Rule::Ternary(op, b), self, a);
            return Var::inner(value, node, self.id | a.id | b.id);
        }
        let (dx, da, db) = op.slopes(self.value, a.value, b.value);
        self.join(a, 0.0, dx, da, None).join(b, value, 1.0, db, None)
    }
}

impl From<f64> for Var {
    #[inline(always)]
    fn from(value: f64) -> Var {
        Var::constant(value)
    }
}

impl From<&f64> for Var {
    #[inline(always)]
    fn from(value: &f64) -> Var {
        Var::constant(*value)
    }
}

impl From<&Var> for Var {
    #[inline(always)]
    fn from(x: &Var) -> Var {
        *x
    }
}

impl Default for Var {
    fn default() -> Var {
        Var::constant(0.0)
    }
}

number_operators! { [] Var }
number_comparisons! { [] Var }

/// The value, and whether it is tracked.
impl fmt::Debug for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.is_constant() { "Constant" } else { "Var" };
        f.debug_tuple(name).field(&self.value).finish()
    }
}

/// The value, with the format's width and precision.
impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}
