//! `sin(x)/x` and `sinh(x)/x`, which have derivatives at 0 although the quotients have not.

use crate::real::Real;

/// `sin(x) / x`, and 1 at 0.
pub(super) fn cardinal_sine<R: Real>(x: R) -> R {
    if Real::value(x).abs() < NEAR { series(-(x * x)) } else { x.sin() / x }
}

/// `sinh(x) / x`, and 1 at 0.
pub(super) fn cardinal_hyperbolic_sine<R: Real>(x: R) -> R {
    if Real::value(x).abs() < NEAR { series(x * x) } else { x.sinh() / x }
}

/// Below it the quotients' derivatives lose digits: of the two terms of `cos(x)/x − sin(x)/x²` most cancels.
const NEAR: f64 = 1.0;

/// `1 + s/3! + s²/5! + s³/7! + …`, for `s` up to 1; the first term left out is below `10⁻¹⁹`.
fn series<R: Real>(s: R) -> R {
    (1..=9).rev().fold(R::from(1.0), |sum, k| {
        let k = f64::from(2 * k);
        sum * s / (k * (k + 1.0)) + 1.0
    })
}
