//! Slopes that need cases, each named and numbered. They use `select`, never an `if` on a value, so that they hold for
//! numbers that have no value yet.

use super::{Compare, Real};

/// `(1 − x)(1 + x)`: near ±1 it keeps the digits that `1 − x²` loses.
#[inline(always)]
pub(super) fn one_less_square<R: Real>(x: R) -> R {
    (-x + 1.0) * (x + 1.0)
}

/// `sech² x = 4 t / (1 + t)²` with `t = e^(−2|x|)`: relative accuracy at every size, no overflow.
#[inline(always)]
pub(super) fn sech2<R: Real>(x: R) -> R {
    let t = (x.abs() * -2.0).exp();
    let s = t + 1.0;
    t * 4.0 / (s * s)
}

/// −1, 0 or 1; NaN for NaN.
#[inline(always)]
pub(super) fn sign<R: Real>(x: R) -> R {
    let zero = R::from(0.0);
    let below = R::select(Compare::Less, x, zero, R::from(-1.0), x * 0.0);
    R::select(Compare::Less, zero, x, R::from(1.0), below)
}

/// 1 above zero, 0 at and below it; NaN for NaN.
#[inline(always)]
pub(super) fn step<R: Real>(x: R) -> R {
    let zero = R::from(0.0);
    let not_above = R::select(Compare::LessOrEqual, x, zero, zero, x * 0.0);
    R::select(Compare::Less, zero, x, R::from(1.0), not_above)
}

/// `d xⁿ/dx`.
///
/// 1. `n = 0`: 0, at `x = 0` too, where `0 · 0⁻¹` is NaN.
/// 2. `n = i32::MIN`, whose predecessor is no `i32`: `n y / x`.
/// 3. Else `n xⁿ⁻¹`.
#[inline(always)]
pub(super) fn powi_slope<R: Real>(x: R, n: i32, y: R) -> R {
    match (n, n.checked_sub(1)) {
        (0, _) => R::from(0.0),
        (_, None) => y / x * f64::from(n),
        (_, Some(less)) => x.powi(less) * f64::from(n),
    }
}

/// The partials of `z = xᵖ`.
///
/// To the base:
/// 1. `p = 0`: 0, at `x = 0` too.
/// 2. Else `p xᵖ⁻¹`, which at `x = 0` is 0, 1 or infinite as `p` is above, at or below 1.
///
/// To the exponent:
/// 1. `x = 0`, `p ≥ 0`: 0, the limit of `z ln x` (at `p = 0` by convention).
/// 2. `z = 0` by underflow or at infinity: 0.
/// 3. Else `z ln x`, which is NaN for `x < 0`: there `z` exists at integers only.
#[inline(always)]
pub(super) fn powf_slopes<R: Real>(x: R, p: R, z: R) -> (R, R) {
    let zero = R::from(0.0);
    let to_base = R::select(Compare::Equal, p, zero, zero, p * x.powf(p - 1.0));
    let logarithm = R::select(Compare::Equal, z, zero, zero, z * x.ln());
    let at_zero = R::select(Compare::LessOrEqual, zero, p, zero, logarithm);
    (to_base, R::select(Compare::Equal, x, zero, at_zero, logarithm))
}

/// The partials of `atan2(y, x)`: `x/r²` and `−y/r²`, divided twice by `r` so that nothing overflows; 0 at the origin.
#[inline(always)]
pub(super) fn atan2_slopes<R: Real>(y: R, x: R) -> (R, R) {
    let r = x.hypot(y);
    (over_length(hypot_slope(x, r), r), -over_length(hypot_slope(y, r), r))
}

/// `c / r`, and 0 where `r` is 0.
#[inline(always)]
fn over_length<R: Real>(c: R, r: R) -> R {
    let zero = R::from(0.0);
    R::select(Compare::Equal, r, zero, zero, c / r)
}

/// One partial of `r = hypot(x, ·)`.
///
/// 1. `r = 0`: 0 by convention.
/// 2. `r = ∞`: the limit, ±1 for an infinite `x` and 0 for a finite one.
/// 3. Else `x / r`.
#[inline(always)]
pub(super) fn hypot_slope<R: Real>(x: R, r: R) -> R {
    let infinity = R::from(f64::INFINITY);
    let limit = R::select(Compare::Equal, x.abs(), infinity, sign(x), R::from(0.0));
    R::select(Compare::Equal, r, infinity, limit, over_length(x, r))
}

/// The partials of `max(x, y)`.
///
/// 1. `x > y`: (1, 0). 2. `x < y`: (0, 1). 3. A tie: one half each, the symmetric choice.
/// 4. `x` is NaN: (0, 1), as the value is `y`. 5. `y` is NaN: (1, 0).
#[inline(always)]
pub(super) fn larger_slopes<R: Real>(x: R, y: R) -> (R, R) {
    let (zero, half, one) = (R::from(0.0), R::from(0.5), R::from(1.0));
    let tie_or_nan = R::select(Compare::Equal, x, y, half, R::select(Compare::Equal, x, x, one, zero));
    let to_x = R::select(Compare::Less, y, x, one, R::select(Compare::Less, x, y, zero, tie_or_nan));
    (to_x, -to_x + 1.0)
}

/// The partials of `clamp(x, low, high)`: of the bound that holds, else of `x`.
#[inline(always)]
pub(super) fn clamp_slopes<R: Real>(x: R, low: R, high: R) -> (R, R, R) {
    let (zero, one) = (R::from(0.0), R::from(1.0));
    let below = R::select(Compare::Less, x, low, one, zero);
    let above = R::select(Compare::Less, high, x, one - below, zero);
    (one - below - above, below, above)
}
