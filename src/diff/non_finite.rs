//! Where a gradient ceased to be finite.

use super::Start;
use crate::tape::{NonFinite, Scope};

/// The operation that made the value or the gradient of `f` at `x` NaN or infinite, with its line; none if both are finite.
///
/// To be asked when [`gradient`](super::gradient()) has returned a NaN: it computes the same again on a traced recording, and
/// says where the first number that is not finite came from, as
/// [`Gradients::non_finite`](crate::tape::Gradients::non_finite) does. Cost: some 10 gradients.
///
/// ```
/// use downhill::prelude::*;
///
/// let model = |[x, y]: [Var; 2]| {
///     let ratio = (x - y) / (x + y);
///     ratio.ln() * 2.0
/// };
/// assert!(find_non_finite(model, [3.0, 1.0]).is_none());
///
/// let trouble = find_non_finite(model, [1.0, 3.0]).unwrap();
/// let origin = trouble.origin().unwrap();
/// assert_eq!((origin.operation.as_str(), origin.location.file()), ("ln", file!()));
/// let sentence = trouble.to_string(); // the value of v5 = ln(v2 / v3) at src/model.rs:6:11 is NaN: v2 / v3 = -0.5
/// assert!(sentence.starts_with("the value of v5 = ln(v2 / v3) at "));
/// assert!(sentence.ends_with(" is NaN: v2 / v3 = -0.5"));
/// ```
///
/// # Panics
///
/// As [`gradient`](super::gradient()); if `f` uses what brings slopes without a formula
/// ([`statement`](crate::tape::statement)).
#[track_caller]
pub fn find_non_finite<F, S: Start<F>>(mut f: F, x: S) -> Option<NonFinite> {
    let scope = Scope::begin_traced(x.values());
    let result = S::call(&mut f, &x.shape(), scope.variables());
    scope.non_finite(result, "the objective")
}
