//! Nodes with many parents: sums, dot products, norms, log-sum-exp. One node each, never a chain.

use std::iter::{Product, Sum};

use super::recording::Edge;
use super::{Var, formulas, misuse, store};

/// Up to this many parents a chain of plain nodes is faster than one node with a list of edges: with three parents by
/// 3 ns a node, recorded and swept.
const FEW: usize = 4;

/// A node in the making: its parents so far. The list is borrowed from the thread and given back at the end.
struct Parents {
    id: u32,
    edges: Vec<Edge>,
}

impl Parents {
    fn new() -> Parents {
        Parents { id: 0, edges: store::take_edges() }
    }

    /// Adds `x` with the partial given; constants have none.
    #[inline]
    #[track_caller]
    fn add(&mut self, x: Var, partial: f64) {
        if x.is_constant() {
            return;
        }
        if self.id != x.id() {
            if self.id != 0 {
                misuse::mixed(self.id, x.id());
            }
            self.id = x.id();
        }
        let (parent, partial) = (x.node(), partial * x.slope());
        match self.edges.last_mut() {
            Some(last) if last.parent == parent => last.partial += partial,
            _ => self.edges.push(Edge { parent, partial }),
        }
    }

    #[track_caller]
    fn into_node(self, value: f64) -> Var {
        let node = node(self.id, value, &self.edges);
        store::give_edges(self.edges);
        node
    }
}

/// A node of recording `id` with the parents given: folded where there is but one.
#[track_caller]
pub(super) fn node(id: u32, value: f64, edges: &[Edge]) -> Var {
    let parent = |edge: &Edge| Var::inner(1.0, edge.parent, id);
    match edges {
        [] => Var::constant(value),
        [first, rest @ ..] if edges.len() <= FEW => {
            let mut sum = parent(first).fold(value, first.partial);
            for edge in rest {
                sum = sum.join(parent(edge), value, 1.0, edge.partial);
            }
            sum
        }
        _ => match store::with_recording(id, |recording| recording.push_many(edges, false)) {
            Some(node) => Var::inner(value, node, id),
            None => misuse::not_live(id),
        },
    }
}

/// The scalar product `Σ aᵢ bᵢ`, one node whatever the length; either side may be variables or plain numbers.
///
/// ```
/// use downhill::prelude::*;
///
/// let g = gradient(|w| dot(w, &[1.0, 2.0, 3.0]), &[0.5, 0.5, 0.5]);
/// assert_eq!(g, [1.0, 2.0, 3.0]);
/// ```
///
/// # Panics
///
/// If the lengths differ.
#[track_caller]
pub fn dot<A, B>(a: &[A], b: &[B]) -> Var
where
    A: Copy + Into<Var>,
    B: Copy + Into<Var>,
{
    let (n, m) = (a.len(), b.len());
    assert!(n == m, "downhill: `dot` was given {n} and {m} numbers; it needs as many on both sides");
    if formulas::among(a) || formulas::among(b) {
        return formulas::dot(a, b);
    }
    let mut parents = Parents::new();
    let mut value = 0.0;
    for (&a, &b) in a.iter().zip(b) {
        let (a, b): (Var, Var) = (a.into(), b.into());
        value += a.value() * b.value();
        parents.add(a, b.value());
        parents.add(b, a.value());
    }
    parents.into_node(value)
}

/// The Euclidean length `√(Σ xᵢ²)`, one node, without overflow or underflow. At the origin every slope is 0 by
/// convention; infinite components have the limit to themselves.
///
/// ```
/// use downhill::prelude::*;
///
/// let (r, g) = value_and_gradient(norm, &[3.0, 4.0]);
/// assert_eq!(r, 5.0);
/// assert!((g[0] - 0.6).abs() < 1e-15 && (g[1] - 0.8).abs() < 1e-15);
/// ```
#[track_caller]
pub fn norm(x: &[Var]) -> Var {
    if formulas::among(x) {
        return formulas::norm(x);
    }
    let largest = x.iter().fold(0.0, |largest: f64, x| largest.max(x.value().abs()));
    let unit = |x: &Var| match largest {
        0.0 => x.value(),
        f64::INFINITY if x.value().is_nan() => f64::NAN,
        f64::INFINITY if x.value().is_infinite() => x.value().signum(),
        f64::INFINITY => 0.0,
        _ => x.value() / largest,
    };
    let root = x.iter().map(|x| unit(x) * unit(x)).sum::<f64>().sqrt();
    let mut parents = Parents::new();
    for x in x {
        parents.add(*x, if root == 0.0 { 0.0 } else { unit(x) / root });
    }
    parents.into_node(if largest == f64::INFINITY && !root.is_nan() { largest } else { largest * root })
}

/// `ln Σ e^(xᵢ)`, one node, shifted by the largest `xᵢ` so that nothing overflows. Its partials are the softmax.
///
/// ```
/// use downhill::prelude::*;
///
/// let (y, g) = value_and_gradient(log_sum_exp, &[1000.0, 1000.0]);
/// assert_eq!(y, 1000.0 + 2f64.ln());
/// assert_eq!(g, [0.5, 0.5]);
/// ```
#[track_caller]
pub fn log_sum_exp(x: &[Var]) -> Var {
    if formulas::among(x) {
        return formulas::log_sum_exp(x);
    }
    let largest = x.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max(x.value()));
    let share = |x: &Var| match largest {
        _ if x.value().is_nan() => f64::NAN,
        // The limits: infinite ones share alike; where all are −∞ there is no slope.
        f64::INFINITY => f64::from(u8::from(x.value() == largest)),
        f64::NEG_INFINITY => 0.0,
        _ => (x.value() - largest).exp(),
    };
    let sum: f64 = x.iter().map(share).sum();
    let mut parents = Parents::new();
    for x in x {
        parents.add(*x, share(x) / sum);
    }
    parents.into_node(largest + sum.ln())
}

/// One node for the whole sum.
impl Sum for Var {
    #[track_caller]
    fn sum<I: Iterator<Item = Var>>(mut terms: I) -> Var {
        let mut parents = Parents::new();
        let mut value = -0.0; // the neutral element: 0.0 would lose the sign of −0.0
        while let Some(term) = terms.next() {
            if term.records_operations() {
                let mut sum = parents.into_node(value) + term;
                for term in terms {
                    sum += term;
                }
                return sum;
            }
            value += term.value();
            parents.add(term, 1.0);
        }
        parents.into_node(value)
    }
}

/// One node for the whole sum.
impl<'a> Sum<&'a Var> for Var {
    #[track_caller]
    fn sum<I: Iterator<Item = &'a Var>>(terms: I) -> Var {
        // Not `.sum()`: the caller's line would be lost in `std`.
        <Var as Sum<Var>>::sum(terms.copied())
    }
}

impl Product for Var {
    #[track_caller]
    fn product<I: Iterator<Item = Var>>(factors: I) -> Var {
        let mut product = Var::constant(1.0);
        for factor in factors {
            product *= factor;
        }
        product
    }
}

impl<'a> Product<&'a Var> for Var {
    #[track_caller]
    fn product<I: Iterator<Item = &'a Var>>(factors: I) -> Var {
        <Var as Product<Var>>::product(factors.copied())
    }
}
