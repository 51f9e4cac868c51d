//! The slope in a direction.

use super::Start;
use super::gradient::evaluate;

/// The directional derivative `∇f(x) · d`, for a direction `d: [n]` taken as it is.
///
/// `d` is *not* normalised: twice the direction gives twice the derivative. Divide by `‖d‖` for the slope per unit of
/// length. Cost: one gradient.
///
/// ```
/// use downhill::prelude::*;
/// let bowl = |[x, y]: [Var; 2]| x * x + y * y;
/// assert_eq!(directional(bowl, [1.0, 2.0], &[3.0, 4.0]), 22.0);
/// ```
///
/// # Panics
///
/// If `d` is not as long as `x`; else as [`gradient`](super::gradient()).
#[track_caller]
pub fn directional<F, S: Start<F>>(mut f: F, x: S, d: &[f64]) -> f64 {
    let (n, m) = (x.values().len(), d.len());
    assert!(n == m, "downhill: a direction for {n} variables needs {n} components, and has {m}");
    let mut gradient = vec![0.0; n];
    evaluate::<F, S>(&mut f, &x.shape(), x.values(), &mut gradient);
    gradient.iter().zip(d).map(|(g, d)| g * d).sum()
}
