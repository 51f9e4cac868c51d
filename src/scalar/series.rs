//! `sinh(x)/x`, which has derivatives at 0 although the quotient has not.

use crate::real::Real;

/// `sinh(x) / x`, and 1 at 0.
pub(super) fn cardinal_hyperbolic_sine<R: Real>(x: R) -> R {
    // Below 1 the quotient's derivatives lose digits: of the two terms of `cosh(x)/x − sinh(x)/x²` most cancels.
    if Real::value(x).abs() < 1.0 { series(x * x) } else { x.sinh() / x }
}

/// `1 + s/3! + s²/5! + s³/7! + …`, for `s` up to 1; the first term left out is below `10⁻¹⁹`.
fn series<R: Real>(s: R) -> R {
    (1..=9).rev().fold(R::from(1.0), |sum, k| {
        let k = f64::from(2 * k);
        sum * s / (k * (k + 1.0)) + 1.0
    })
}
