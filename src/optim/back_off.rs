//! Back off when the value rises: take the step back, halve the rate, try again.
//!
//! ```text
//! repeat
//!     x' = rule(state, c η_k, x, g)                                                 c = 1 at first
//!     if f(x') ≤ f(x), all of it finite:  x ← x', done
//!     x' and the state of the rule are forgotten
//!     if (x' - x)·g ≥ 0:  the rule begins anew          (momentum was carrying it uphill)
//!     otherwise:          c ← c / 2                                                 c stays cut
//! ```
//!
//! With plain gradient descent this is backtracking, L. Armijo, *Minimization of functions having Lipschitz continuous
//! first partial derivatives*, Pacific Journal of Mathematics 16, 1966, 1–3, without his margin and with a rate that
//! does not recover. Beginning anew is the restart of B. O'Donoghue and E. Candès, *Adaptive restart for accelerated
//! gradient schemes*, Foundations of Computational Mathematics 15, 2015, 715–732, their function scheme.

use super::memory::{Given, Memory};
use super::norm::{dot, norm};
use super::{Evaluations, Method, Point, Rule, Stop};

/// A rule whose learning rate is cut whenever the value would rise; the value never does.
///
/// A rate that is far too high costs some evaluations and converges: each step costs one evaluation, and one more for
/// each time it is taken back. It ends as [`Stop::NoProgress`] when the rate has become so small that `x` no longer
/// changes. Made by [`Rated::back_off`](super::Rated::back_off).
///
/// ```
/// use downhill::prelude::*;
/// # struct Bowl;
/// # impl downhill::diff::Objective for Bowl {
/// #     fn value(&mut self, x: &[f64]) -> f64 { x[0] * x[0] + x[1] * x[1] }
/// #     fn value_and_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
/// #         g[0] = 2.0 * x[0];
/// #         g[1] = 2.0 * x[1];
/// #         self.value(x)
/// #     }
/// # }
/// // x² + y² diverges for rates above 1; `Bowl` is the function with its gradient.
/// let steps = GradientDescent::new(1.1);
/// assert!(!minimize_objective(Bowl, &[1.0, 1.0]).method(steps.clone()).run().is_converged());
/// assert!(minimize_objective(Bowl, &[1.0, 1.0]).method(steps.back_off()).run().is_converged());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackOff<R> {
    /// The rule.
    pub rule: R,
    /// What the rate is multiplied by each time, above 0 and below 1; no other cuts, and the run ends instead.
    pub factor: f64,
}

impl<R: Rule> BackOff<R> {
    /// Halves the rate of `rule` each time.
    pub fn new(rule: R) -> BackOff<R> {
        BackOff { rule, factor: 0.5 }
    }

    /// With another factor.
    pub fn factor(self, factor: f64) -> BackOff<R> {
        BackOff { factor, ..self }
    }
}

/// What [`BackOff`] remembers: the rule's memory, that before the step being tried, a fresh state to begin anew with,
/// and by how much the rate is cut.
#[derive(Debug, Clone)]
pub struct BackOffMemory<S> {
    now: Memory<S>,
    before: Memory<S>,
    fresh: S,
    cut: f64,
}

impl<R: Rule> Method for BackOff<R> {
    type Memory = BackOffMemory<R::State>;

    fn begin(&self, x: &[f64]) -> Self::Memory {
        let now = self.rule.begin(x);
        let fresh = now.state.clone();
        BackOffMemory { before: now.clone(), now, fresh, cut: 1.0 }
    }

    fn advance(
        &self,
        memory: &mut Self::Memory,
        f: &mut Evaluations<'_>,
        from: &Point,
        to: &mut Point,
    ) -> Result<(), Stop> {
        let BackOffMemory { now, before, fresh, cut } = memory;
        before.clone_from(now);
        let mut anew = false;
        loop {
            to.x.copy_from_slice(&from.x);
            now.step(&self.rule, &mut to.x, Given::of(from, *cut));
            if to.x == from.x {
                return Err(Stop::NoProgress { norm: norm(&from.gradient) });
            }
            f.evaluate(to)?;
            let bottomless = to.value == f64::NEG_INFINITY;
            if bottomless || to.value <= from.value && to.is_finite() {
                return Ok(());
            }
            // The displacement goes where the gradient was: that of a point taken back is of no use.
            for ((d, to), from) in to.gradient.iter_mut().zip(&to.x).zip(&from.x) {
                *d = to - from;
            }
            if !anew && dot(&to.gradient, &from.gradient) >= 0.0 {
                anew = true;
                before.restart(fresh);
            } else {
                let less = *cut * self.factor;
                if less >= *cut || less.is_nan() {
                    // A rate that is infinite or NaN comes to its end here.
                    return Err(Stop::NoProgress { norm: norm(&from.gradient) });
                }
                *cut = less;
            }
            now.clone_from(before);
        }
    }
}
