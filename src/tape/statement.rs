//! A whole expression as one node: differentiated forward while it is computed.

use super::Var;
use crate::dual::Duals;

/// Computes `f(inputs)` with dual numbers on the stack and records the result as one node.
///
/// For hot inner code with few inputs and many operations: nothing is stored for what lies between. The steps of an Euler
/// path, `s += r s dt + v s z`, cost 1.7 × their plain evaluation this way, and 4.5 × with a node per operation. The
/// derivatives are the same; second ones it does not have. Inside, only the arguments may vary: a `Var` cannot be mixed in.
///
/// ```
/// use downhill::prelude::*;
///
/// let g = gradient(
///     |[s, rate, vol]| statement([s, rate, vol], |[s, rate, vol]| s + s * (rate * 0.01 + vol * 0.3)),
///     [100.0, 0.03, 0.2],
/// );
/// assert_eq!(g, [1.0 + (0.03 * 0.01 + 0.2 * 0.3), 1.0, 30.0]);
/// ```
#[inline]
#[track_caller]
pub fn statement<const N: usize>(inputs: [Var; N], f: impl FnOnce([Duals<N>; N]) -> Duals<N>) -> Var {
    let y = f(Duals::seeds(inputs.map(Var::value)));
    Var::of_several(inputs, y.value, y.tangents)
}
