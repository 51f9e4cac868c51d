//! Nodes with many parents: sums, dot products, norms, log-sum-exp. One node each, never a chain.

use std::iter::{Product, Sum};

use super::operations::{self, OPERATIONS};
use super::parents::{Growing, Parents, common};
use super::{Var, formulas, store};
use crate::real::Binary;

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
    let mut room = store::take_room();
    let [mut left, mut right] = room.sides(n);
    let value = collect(a, b, &mut left, &mut right);
    let product = if common(left.id, right.id) & OPERATIONS == 0 {
        left.into_node(right, value)
    } else {
        formulas::dot(a, b)
    };
    store::give_room(room);
    product
}

/// The scalar product as a number, and the parents on either side.
#[inline(never)] // inlined into a large function, the loop loses its registers: 187 → 201 µs for the perceptron
#[track_caller]
fn collect<A, B>(a: &[A], b: &[B], lefts: &mut Parents, rights: &mut Parents) -> f64
where
    A: Copy + Into<Var>,
    B: Copy + Into<Var>,
{
    // Lists of its own, whose counts can live in registers.
    let (mut left, mut right) = (lefts.reborrow(), rights.reborrow());
    let mut sums = [0.0; LANES];
    let ((blocks_a, rest_a), (blocks_b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in blocks_a.iter().zip(blocks_b) {
        for k in 0..LANES {
            sums[k] += term(a[k].into(), b[k].into(), &mut left, &mut right);
        }
    }
    let mut value = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (&a, &b) in rest_a.iter().zip(rest_b) {
        value += term(a.into(), b.into(), &mut left, &mut right);
    }
    let (left, right) = (left.extent(), right.extent());
    lefts.resume(left);
    rights.resume(right);
    value
}

#[inline(always)]
#[track_caller]
fn term(a: Var, b: Var, left: &mut Parents, right: &mut Parents) -> f64 {
    left.add(a, b.value());
    right.add(b, a.value());
    a.value() * b.value()
}

/// Partial sums of a scalar product: in a single one each addition would wait for the one before.
const LANES: usize = 4;

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
    let mut parents = Growing::new();
    for x in x {
        parents.add(*x, if root == 0.0 { 0.0 } else { unit(x) / root });
    }
    let length = if largest == f64::INFINITY && !root.is_nan() { largest } else { largest * root };
    parents.into_node(length)
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
    let mut parents = Growing::new();
    for x in x {
        parents.add(*x, share(x) / sum);
    }
    parents.into_node(largest + sum.ln())
}

/// One node for the whole sum.
impl Sum for Var {
    #[track_caller]
    fn sum<I: Iterator<Item = Var>>(terms: I) -> Var {
        let mut parents = Growing::new();
        let mut value = -0.0; // the neutral element: 0.0 would lose the sign of −0.0
        let mut operation = (0, 0); // the recording and the node of the sum so far, where operations are recorded
        for term in terms {
            if parents.is_new(term) && parents.are_operations(term) {
                let sum = Var::inner(value, operation.1, operation.0);
                operation = (term.id() | operation.0, operations::record(Binary::Add.into(), sum, term));
                value += term.value();
                continue;
            }
            value += term.value();
            parents.add(term, 1.0);
        }
        let sum = parents.into_node(value);
        if operation.0 == 0 { sum } else { Var::inner(value, operation.1, operation.0) }
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
