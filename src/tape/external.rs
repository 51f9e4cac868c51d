//! Functions that bring their own derivatives: the one door by which anything else enters the tape.
//!
//! ```text
//! known at once:   y = f(x),   dy = Σ pᵢ dxᵢ
//! by a rule:       y: [m] = f(x: [n]);   ȳ: [m] → x̄: [n],   x̄ᵢ = Σ ȳⱼ ∂yⱼ/∂xᵢ     asked for by the sweep
//! ```
//!
//! The sweep stops at the results of a rule, with the recording as it should be and out of reach; asks the rule, which may
//! make recordings of its own; and goes on.

use std::fmt;
use std::ops::Range;

use super::operations::{self, OPERATIONS};
use super::parents::{Growing, common};
use super::recording::Recording;
use super::{Coordinates, Var, misuse, store};

/// A function of `inputs: [n]` whose `value` and `partials: [n]` were computed otherwise: looked up in a table, returned
/// by foreign code. `name` occurs in messages.
///
/// One node, as for [`dot`](super::dot); constants among the inputs have no derivative.
///
/// ```
/// use downhill::prelude::*;
///
/// /// Linear between the entries of a table, with the slope of the piece.
/// fn lookup(table: &[f64], x: Var) -> Var {
///     let i = (x.value() as usize).min(table.len() - 2);
///     let slope = table[i + 1] - table[i];
///     custom("lookup", [x], table[i] + slope * (x.value() - i as f64), [slope])
/// }
/// let table = [0.0, 1.0, 4.0, 9.0];
/// let (y, slope) = value_and_gradient(|x| lookup(&table, x).sqrt(), 1.0);
/// assert_eq!((y, slope), (1.0, 0.5 * 3.0));
/// ```
///
/// # Higher orders
///
/// Partials that are numbers give first derivatives: gradients, Jacobians. Partials that are variables, computed from the
/// inputs, have derivatives of their own, and so the function has one order more than they have. They may come from
/// formulas, or be custom functions again:
///
/// ```
/// use downhill::prelude::*;
///
/// /// Foreign code that knows two numbers: `ln x`, and the Hessian from `1/x`.
/// fn ln(x: Var) -> Var {
///     custom("ln", [x], x.value().ln(), [1.0 / x])
/// }
/// assert_eq!(derivative(ln, 4.0), 0.25);
/// assert_eq!(hessian(|[x, y]: [Var; 2]| ln(x) * y, [4.0, 3.0]), ndarray::array![[-0.1875, 0.25], [0.25, 0.0]]);
/// assert_eq!(third_directional(ln, 4.0, &[1.0]), 2.0 / 64.0);
///
/// /// `sin` by numbers to the second order: the slope is a function that has a slope.
/// fn sin(x: Var) -> Var {
///     let (sin, cos) = x.value().sin_cos();
///     custom("sin", [x], sin, [custom("its slope", [x], cos, [-sin])])
/// }
/// assert_eq!(hessian(sin, 0.5)[[0, 0]], -0.5f64.sin());
/// ```
///
/// The partials must be the partials, and depend on nothing but the inputs: a Hessian takes it for granted that it is
/// symmetric. A constant that does have the derivative zero, such as the slope of a straight line, is `Var::from(slope)`.
///
/// # Panics
///
/// If there are not as many partials as inputs, or inputs and partials belong to two recordings. A verb that asks for a
/// derivative of a higher order than the partials allow panics at its caller's line, with the function's name.
#[track_caller]
pub fn custom<P: Partial>(
    name: &str,
    inputs: impl AsRef<[Var]>,
    value: f64,
    partials: impl AsRef<[P]>,
) -> Var {
    let (inputs, partials) = (inputs.as_ref(), partials.as_ref());
    let (n, m) = (inputs.len(), partials.len());
    assert!(
        n == m,
        "downhill: the custom function `{name}` was given {n} inputs and {m} partials; it needs as many"
    );
    let partials = || inputs.iter().zip(partials).map(|(&x, &partial)| (x, partial.into()));
    let (mut id, mut any) = (0, 0);
    for (x, partial) in partials() {
        (id, any) = (common(id, x.id()), common(any, common(x.id(), partial.id())));
    }
    if id & OPERATIONS != 0 {
        return operations::custom(id, (name, P::NUMBER), value, partials());
    }
    let mut parents = Growing::new();
    for (x, partial) in partials() {
        parents.add(x, partial.value());
    }
    parents.into_node(value)
}

/// What a partial of a [`custom`] function is given as: a number, or a variable that has derivatives of its own.
pub trait Partial: Copy + Into<Var> {
    /// Whether it is a plain number.
    #[doc(hidden)]
    const NUMBER: bool;
}

impl Partial for f64 {
    const NUMBER: bool = true;
}

impl Partial for Var {
    const NUMBER: bool = false;
}

/// A function of `inputs: [n]` whose `values` were computed otherwise, and whose derivatives a rule computes when they are
/// asked for: a solver with its adjoint, a simulation that is run again. `name` occurs in messages.
///
/// The values are a number, an array or a slice, and so are the variables returned. When the sweep meets them it calls
/// `rule(adjoints, to_inputs)` once: `adjoints: [m]` has one number for each value, and to `to_inputs: [n]`, all zeros, the
/// rule adds what flows to each input, `Σⱼ adjoints[j] · ∂valueⱼ/∂inputᵢ`. If all adjoints are zero it is not called. It
/// is kept as long as the recording, hence `'static`: move into it what it needs, or an [`Rc`](std::rc::Rc) of it.
///
/// Costs four allocations, and 32 bytes an input as long as the recording lasts. Where all inputs are constants the rule is
/// dropped at once. Where a Jacobian is asked for, it is called once for each value while they are recorded; there are
/// first derivatives only.
///
/// ```
/// use downhill::prelude::*;
///
/// /// The root of `y³ + y = x` by Newton's method; `dy/dx = 1 / (3y² + 1)`, without a trace of the iteration.
/// fn root(x: Var) -> Var {
///     let y = (0..50).fold(0.0_f64, |y, _| y - (y.powi(3) + y - x.value()) / (3.0 * y * y + 1.0));
///     external("root", &[x], y, move |adjoint, to_x| to_x[0] = adjoint[0] / (3.0 * y * y + 1.0))
/// }
/// let (y, slope) = value_and_gradient(|x| root(x * x), 10f64.sqrt());
/// assert!((y - 2.0).abs() < 1e-15);
/// assert!((slope - 2.0 * 10f64.sqrt() / 13.0).abs() < 1e-15);
/// ```
///
/// # Panics
///
/// If the inputs belong to two recordings or to one that has ended. The sweep panics if the rule computes with variables
/// of its own recording (of recordings that it makes itself it may); a rule that panics leaves the tape as it was before
/// the sweep. A verb that asks for a second derivative panics at its caller's line, with the function's name.
#[track_caller]
pub fn external<C: Coordinates>(
    name: &'static str,
    inputs: &[Var],
    values: C,
    rule: impl FnMut(&[f64], &mut [f64]) + 'static,
) -> C::Variables {
    let mut id = 0;
    for x in inputs {
        id = common(id, x.id());
    }
    let values = values.values();
    if id == 0 {
        return C::variables(values.iter().map(|&value| Var::constant(value)));
    }
    if id & OPERATIONS != 0 {
        return C::variables(ask_at_once(id, name, inputs, values, rule).into_iter());
    }
    let rule = Rule::new(name, inputs, values.len(), Box::new(rule));
    let first = match store::with_recording(id, |recording| recording.push_rule(rule)) {
        Some(first) => first,
        None => misuse::not_live(id),
    };
    C::variables((first..).zip(values).map(|(node, &value)| Var::inner(value, node, id)))
}

/// The values in a recording of operations: the rule gives the partials of each, as numbers.
#[track_caller]
fn ask_at_once(
    id: u32,
    name: &str,
    inputs: &[Var],
    values: &[f64],
    mut rule: impl FnMut(&[f64], &mut [f64]),
) -> Vec<Var> {
    let (mut adjoints, mut partials) = (vec![0.0; values.len()], vec![0.0; inputs.len()]);
    let mut variables = Vec::with_capacity(values.len());
    for (i, &value) in values.iter().enumerate() {
        partials.fill(0.0);
        adjoints[i] = 1.0;
        rule(&adjoints, &mut partials);
        adjoints[i] = 0.0;
        let partials = inputs.iter().zip(&partials).map(|(&x, &partial)| (x, Var::constant(partial)));
        variables.push(operations::custom(id, (name, true), value, partials));
    }
    variables
}

/// From the adjoints of the values to those of the inputs.
type Backward = dyn FnMut(&[f64], &mut [f64]);

/// What a sweep asks on its way.
pub(super) struct Rule {
    name: &'static str,
    /// The node of each input and the slope with respect to it; none for a constant.
    inputs: Vec<Option<(u32, f64)>>,
    /// Of the values, then what flows to the inputs.
    adjoints: Vec<f64>,
    values: usize,
    rule: Box<Backward>,
}

impl Rule {
    fn new(name: &'static str, inputs: &[Var], values: usize, rule: Box<Backward>) -> Rule {
        let inputs =
            inputs.iter().map(|x| (!x.is_constant()).then(|| (x.node(), x.slope()))).collect::<Vec<_>>();
        Rule { name, adjoints: vec![0.0; values + inputs.len()], inputs, values, rule }
    }

    pub(super) fn values(&self) -> u32 {
        self.values as u32
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Takes over the adjoints of the values. False if there are none.
    pub(super) fn take(&mut self, adjoints: &mut [f64]) -> bool {
        self.adjoints[..self.values].copy_from_slice(adjoints);
        adjoints.fill(0.0);
        self.adjoints[..self.values].iter().any(|&adjoint| adjoint != 0.0)
    }

    fn ask(&mut self) {
        let (values, inputs) = self.adjoints.split_at_mut(self.values);
        inputs.fill(0.0);
        (self.rule)(values, inputs);
    }

    /// Hands on what flows to the inputs.
    pub(super) fn give(&self, adjoints: &mut [f64]) {
        for (input, &adjoint) in self.inputs.iter().zip(&self.adjoints[self.values..]) {
            if let &Some((node, slope)) = input
                && adjoint != 0.0
            {
                adjoints[node as usize] += adjoint * slope;
            }
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rule").field(&self.name).finish()
    }
}

/// A sweep that has come to a rule: the nodes below `end` are still to be swept, with the first `specials` specials.
pub(super) struct Pause {
    pub(super) end: u32,
    pub(super) specials: usize,
    /// The place of the rule, and the rule itself while it is asked.
    pub(super) place: usize,
    pub(super) rule: Option<Box<Rule>>,
}

/// Runs recording `id` backward from node `output`, whose own adjoint is `seed`, and hands out what its leaves and
/// watched nodes keep, run by run; `last` is called when that is done. None if the recording does not live on this thread.
pub(super) fn backward<T>(
    id: u32,
    output: u32,
    seed: f64,
    sink: impl FnMut(&Range<u32>, &[f64]),
    last: impl FnOnce(&mut Recording) -> T,
) -> Option<T> {
    let start = |recording: &mut Recording| {
        recording.set_aside();
        recording.sweep(output, seed)
    };
    run(id, start, |recording| {
        recording.hand_out(sink);
        last(recording)
    })
}

/// Runs recording `id` backward, and leaves the adjoints of its first leaves where they gather.
pub(super) fn gather(id: u32, output: u32, seed: f64) -> Option<()> {
    run(id, |recording| recording.sweep(output, seed), Recording::forget_watched)
}

#[inline]
fn run<T>(
    id: u32,
    start: impl FnOnce(&mut Recording) -> Option<Pause>,
    done: impl FnOnce(&mut Recording) -> T,
) -> Option<T> {
    let mut done = Some(done);
    let mut finish = |recording: &mut Recording, pause: Option<Pause>| match pause {
        Some(pause) => Err(pause),
        None => Ok(done.take().map(|done| done(recording))),
    };
    let mut state = store::with_recording(id, |recording| {
        let pause = start(recording);
        finish(recording, pause)
    })?;
    loop {
        let pause = match state {
            Ok(told) => return told,
            Err(pause) => pause,
        };
        let asked = Asked { id, pause, answered: false }.ask();
        state = store::with_recording(id, |recording| {
            let pause = recording.sweep_on(asked);
            finish(recording, pause)
        })?;
    }
}

/// A rule outside of its recording, to which it returns whatever happens.
struct Asked {
    id: u32,
    pause: Pause,
    answered: bool,
}

impl Asked {
    /// Where the sweep goes on.
    #[cold]
    fn ask(mut self) -> (usize, u32, usize) {
        if let Some(rule) = &mut self.pause.rule {
            rule.ask();
        }
        self.answered = true;
        (self.pause.place, self.pause.end, self.pause.specials)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let (place, mut rule) = (self.pause.place, self.pause.rule.take());
        store::release(self.id, |recording| {
            recording.return_rule(place, rule.take());
            if !self.answered {
                recording.abandon_sweep();
            }
        });
    }
}
