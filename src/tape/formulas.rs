//! What one node with many parents stands for, written out: for recordings of operations, which know rows only.

use super::Var;

/// Whether one of the numbers is a variable of a recording of operations.
pub(super) fn among<T: Copy + Into<Var>>(x: &[T]) -> bool {
    x.iter().any(|&x| x.into().records_operations())
}

#[track_caller]
pub(super) fn dot<A: Copy + Into<Var>, B: Copy + Into<Var>>(a: &[A], b: &[B]) -> Var {
    let mut sum = Var::constant(0.0);
    for (&a, &b) in a.iter().zip(b) {
        sum += a.into() * b.into();
    }
    sum
}

/// `√(Σ (x/l)²) · l` with the largest component `l`; where that is 0 or infinite, by `hypot` and its conventions.
#[track_caller]
pub(super) fn norm(x: &[Var]) -> Var {
    let largest = x.iter().fold(0.0, |largest: f64, x| largest.max(x.value().abs()));
    let mut sum = Var::constant(0.0);
    for x in x {
        sum = if largest > 0.0 && largest.is_finite() { sum + (*x / largest).powi(2) } else { sum.hypot(*x) };
    }
    if largest > 0.0 && largest.is_finite() { sum.sqrt() * largest } else { sum }
}

/// `ln Σ e^(x − l) + l` with the largest component `l`; where that is infinite, pair by pair.
#[track_caller]
pub(super) fn log_sum_exp(x: &[Var]) -> Var {
    let largest = x.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max(x.value()));
    let mut sum = Var::constant(if largest.is_finite() { 0.0 } else { f64::NEG_INFINITY });
    for x in x {
        sum = if largest.is_finite() { sum + (*x - largest).exp() } else { sum.log_add_exp(*x) };
    }
    if largest.is_finite() { sum.ln() + largest } else { sum }
}
