//! The numbers that arrays are made of: `f64` and `f32`.

use super::element::Element;
use super::gradients::{Adjoints, Home};
use super::rules::Op;
use super::step::{Failure, Inputs, Operand, Rule, Step};
use super::store::{Arrays, Event, Side};
use crate::params;

/// A number that arrays are made of: `f64` or `f32`.
#[allow(private_bounds, reason = "no other type can be one")]
pub trait Scalar: params::Element + Sided {}

impl Scalar for f64 {}

impl Scalar for f32 {}

/// Where a recording keeps the arrays of a kind of number.
pub(crate) trait Sided: Element {
    fn side(arrays: &mut Arrays) -> &mut Side<Self>;

    fn event(step: Step<Op>) -> Event;

    fn leaving(input: Operand, node: u32) -> Event;

    /// Computes a rule. Not generic, so that every operation is compiled once, with this crate.
    fn compute(rule: &Op, inputs: &Inputs<Self>, out: &mut [Self]) -> Result<(), Failure>;

    /// What a gradient has of them.
    fn adjoints(adjoints: &Adjoints) -> (&[Self], &[Home]);

    /// Whether it has derivatives of every order.
    const EVERY_ORDER: bool;
}

impl Sided for f64 {
    const EVERY_ORDER: bool = true;

    fn side(arrays: &mut Arrays) -> &mut Side<f64> {
        &mut arrays.double
    }

    fn event(step: Step<Op>) -> Event {
        Event::Double(step)
    }

    fn leaving(input: Operand, node: u32) -> Event {
        Event::LeaveDouble { input, node }
    }

    #[inline(never)]
    fn compute(rule: &Op, inputs: &Inputs<f64>, out: &mut [f64]) -> Result<(), Failure> {
        rule.forward(inputs, out)
    }

    fn adjoints(adjoints: &Adjoints) -> (&[f64], &[Home]) {
        (&adjoints.double, &adjoints.double_homes)
    }
}

impl Sided for f32 {
    const EVERY_ORDER: bool = false;

    fn side(arrays: &mut Arrays) -> &mut Side<f32> {
        &mut arrays.single
    }

    fn event(step: Step<Op>) -> Event {
        Event::Single(step)
    }

    fn leaving(input: Operand, node: u32) -> Event {
        Event::LeaveSingle { input, node }
    }

    #[inline(never)]
    fn compute(rule: &Op, inputs: &Inputs<f32>, out: &mut [f32]) -> Result<(), Failure> {
        rule.forward(inputs, out)
    }

    fn adjoints(adjoints: &Adjoints) -> (&[f32], &[Home]) {
        (&adjoints.single, &adjoints.single_homes)
    }
}
