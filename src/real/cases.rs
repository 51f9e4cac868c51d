//! Slopes that need cases, each named and numbered. They use `select`, never an `if` on a value, so that they hold for
//! numbers that have no value yet.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, PI};

use super::{Compare, Real};

/// `(1 − x)(1 + x)`: near ±1 it keeps the digits that `1 − x²` loses.
#[inline(always)]
pub(super) fn one_less_square<R: Real>(x: R) -> R {
    (-x + 1.0) * (x + 1.0)
}

/// `tanh′`.
///
/// 1. `|x| ≤ ½`: `1 − y²`, whose own slope `−2 y y′` is accurate near 0, where that of `sech²` below cancels.
/// 2. Else `sech²`.
#[inline(always)]
pub(super) fn tanh_slope<R: Real>(x: R, y: R) -> R {
    R::select(Compare::LessOrEqual, x.abs(), R::from(0.5), -(y * y) + 1.0, sech2(x))
}

/// `sech² x = 4 t / (1 + t)²` with `t = e^(−2|x|)`: relative accuracy at every size, no overflow.
#[inline(always)]
fn sech2<R: Real>(x: R) -> R {
    let t = (x.abs() * -2.0).exp();
    let s = t + 1.0;
    t * 4.0 / (s * s)
}

/// `x y` for a bell curve `y`.
///
/// 1. `y = 0` by underflow: 0, at ±∞ too, where the product is NaN.
/// 2. Else so.
#[inline(always)]
pub(super) fn bell_slope<R: Real>(x: R, y: R) -> R {
    let zero = R::from(0.0);
    R::select(Compare::Equal, y, zero, zero, x * y)
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
/// 1. `p = 0` and `x` 0 or NaN: 0, as `NaN⁰` is 1.
/// 2. `p = 0`: `p z / x`, which is 0, and whose slope to `p` is `1/x`; it does not overflow where `xᵖ⁻¹` does.
/// 3. Else `p xᵖ⁻¹`, which at `x = 0` is 0, 1 or infinite as `p` is above, at or below 1.
///
/// To the exponent:
/// 1. `x = 0`, `p ≥ 0`: 0, the limit of `z ln x` (at `p = 0` by convention).
/// 2. `z = 0` by underflow or at infinity: 0.
/// 3. Else `z ln x`, which is NaN for `x < 0`: there `z` exists at integers only.
#[inline(always)]
pub(super) fn powf_slopes<R: Real>(x: R, p: R, z: R) -> (R, R) {
    let zero = R::from(0.0);
    let flat = R::select(Compare::Equal, x, zero, zero, p / x * z);
    let flat = R::select(Compare::Equal, x, x, flat, zero);
    let to_base = R::select(Compare::Equal, p, zero, flat, p * x.powf(p - 1.0));
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

/// `y′ = √π/2 e^(y²)` of `y = erf⁻¹ x`.
///
/// 1. `|y| ≤ ½`, and at ±1, where it is infinite: so.
/// 2. Else `e^(y²)` would multiply the rounding error of `y` by `2y²`: `√π/2 erfcx |y| / (1 − |x|)`, as
///    `erfc |y| = 1 − |x|`.
#[inline(always)]
pub(super) fn erf_inv_slope<R: Real>(x: R, y: R) -> R {
    let size = y.abs();
    let tail = size.erfcx() / (-x.abs() + 1.0);
    centre_or_tail(size, (y * y).exp(), tail) / FRAC_2_SQRT_PI
}

/// `y′ = √2π e^(y²/2)` of `y = Φ⁻¹ p`, with the cases of [`erf_inv_slope`].
#[inline(always)]
pub(super) fn norm_ppf_slope<R: Real>(p: R, y: R) -> R {
    let size = y.abs() * FRAC_1_SQRT_2;
    let nearer = R::select(Compare::Less, p, R::from(0.5), p, -p + 1.0);
    // √(π/2) erfcx(|y|/√2) / min(p, 1 − p)
    let tail = size.erfcx() * 0.5 / nearer;
    centre_or_tail(size, (y * y * 0.5).exp(), tail) * (2.0 * PI).sqrt()
}

#[inline(always)]
fn centre_or_tail<R: Real>(size: R, centre: R, tail: R) -> R {
    let finite = R::select(Compare::Equal, size, R::from(f64::INFINITY), centre, tail);
    R::select(Compare::LessOrEqual, size, R::from(0.5), centre, finite)
}

/// `φ(x) / Φ(x)`, the inverse of Mills' ratio.
///
/// 1. `x < 0`: `√(2/π) / erfcx(−x/√2)`, where both underflow.
/// 2. Else the quotient.
#[inline(always)]
pub(super) fn log_norm_cdf_slope<R: Real>(x: R) -> R {
    let left = (x * -FRAC_1_SQRT_2).erfcx().recip() * (2.0 / PI).sqrt();
    R::select(Compare::Less, x, R::from(0.0), left, x.norm_pdf() / x.norm_cdf())
}

/// `1 / (eˣ − 1)` as `e⁻ˣ / (1 − e⁻ˣ)`, which does not overflow on the way to higher orders.
#[inline(always)]
pub(super) fn log1mexp_slope<R: Real>(x: R) -> R {
    (-x).exp() / -(-x).exp_m1()
}

/// `W′` from `w = W(x)` and `v = 1 + w`.
///
/// 1. `x ≤ 1`: `e⁻ʷ / v`.
/// 2. Else the exponential would multiply the rounding error of `w` by `w`: `1 / (x (1 + 1/w))`.
#[inline(always)]
pub(super) fn lambert_w_slope<R: Real>(x: R, w: R, v: R) -> R {
    let far = (x * (w.recip() + 1.0)).recip();
    R::select(Compare::LessOrEqual, x, R::from(1.0), (-w).exp() / v, far)
}

/// `jₙ′ = (n jₙ₋₁ − (n + 1) jₙ₊₁) / (2n + 1)`.
#[inline(always)]
pub(super) fn spherical_jn_slope<R: Real>(x: R, n: u32) -> R {
    let m = f64::from(n);
    let above = x.spherical_jn(n.saturating_add(1)) * ((m + 1.0) / (2.0 * m + 1.0));
    if n == 0 { -above } else { x.spherical_jn(n - 1) * (m / (2.0 * m + 1.0)) - above }
}

/// `Jₙ′ = (Jₙ₋₁ − Jₙ₊₁) / 2`, and for `n = 0` the sum of two equal terms, `−J₁`.
#[inline(always)]
pub(super) fn bessel_jn_slope<R: Real>(x: R, n: i32) -> R {
    if n == 0 {
        return -x.bessel_j1();
    }
    (x.bessel_jn(n.saturating_sub(1)) - x.bessel_jn(n.saturating_add(1))) * 0.5
}

/// `Iₙ′ = (Iₙ₋₁ + Iₙ₊₁) / 2`, and for `n = 0` the sum of two equal terms, `I₁`.
#[inline(always)]
pub(super) fn bessel_in_slope<R: Real>(x: R, n: i32) -> R {
    if n == 0 {
        return x.bessel_i1();
    }
    (x.bessel_in(n.saturating_sub(1)) + x.bessel_in(n.saturating_add(1))) * 0.5
}

/// The partials of `ln(eᵃ + eᵇ)`: `σ(a − b)` and `σ(b − a)`.
///
/// 1. Two equal infinities: one half each, where the difference is NaN.
/// 2. Else so.
#[inline(always)]
pub(super) fn log_add_exp_slopes<R: Real>(a: R, b: R) -> (R, R) {
    let difference = a - b;
    let tie = R::select(Compare::Equal, a, b, R::from(0.0), difference);
    let difference = R::select(Compare::Equal, a.abs(), R::from(f64::INFINITY), tie, difference);
    (difference.sigmoid(), (-difference).sigmoid())
}

/// The partials of `x ln y`: `ln y` and `x/y`.
///
/// 1. `x = y = 0`: the second is 0, as the value is 0 for every `y`.
/// 2. Else so.
#[inline(always)]
pub(super) fn xlogy_slopes<R: Real>(x: R, y: R) -> (R, R) {
    let zero = R::from(0.0);
    let at_zero = R::select(Compare::Equal, x, zero, zero, x / y);
    (y.ln(), R::select(Compare::Equal, y, zero, at_zero, x / y))
}
