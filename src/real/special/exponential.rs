//! Logarithms and exponentials that cancel when written out, and Lambert's function.
//!
//! * `ln(1 − e⁻ˣ)`: M. Mächler, "Accurately computing log(1 − exp(−|a|))", vignette of the R package Rmpfr (2012).
//! * `W`: started after S. Winitzki, "Uniform approximations for transcendental functions", ICCSA 2003, two steps of
//!   F. N. Fritsch, R. E. Shafer and W. P. Crowley, "Algorithm 443: solution of the transcendental equation weʷ = x",
//!   CACM 16 (1973); near the branch point a Chebyshev sum in `p = √(2(ex + 1))`, the variable of R. M. Corless et al., "On
//!   the Lambert W function", Adv. Comput. Math. 5 (1996), (4.22), with coefficients from
//!   `tests/reference/coefficients.py`.

use std::f64::consts::{E, LN_2};

use super::series::{E_LOW, chebyshev, two_product};

/// The number nearest to the branch point −1/e (which is 1.2·10⁻¹⁷ to its right): taken for the branch point itself.
const BRANCH: f64 = -0.367_879_441_171_442_33;

/// `ln(1 − e⁻ˣ)` for `x ≥ 0`, accurate near 0 and far out; the convention of JAX and R.
///
/// Largest error met: 1.3 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::log1mexp(0.0), f64::NEG_INFINITY);
/// assert_eq!(downhill::real::special::log1mexp(50.0), -(-50f64).exp());
/// ```
#[inline]
pub fn log1mexp(x: f64) -> f64 {
    if x <= LN_2 { (-(-x).exp_m1()).ln() } else { (-(-x).exp()).ln_1p() }
}

/// `ln(eᵃ + eᵇ)` without overflow.
///
/// Largest error met: 0.7 ulp, of 1 where the value is smaller.
///
/// ```
/// assert_eq!(downhill::real::special::log_add_exp(0.0, 0.0), 2f64.ln());
/// assert_eq!(downhill::real::special::log_add_exp(1e3, f64::NEG_INFINITY), 1e3);
/// ```
#[inline]
pub fn log_add_exp(a: f64, b: f64) -> f64 {
    if a == b {
        // Infinities of one sign too, whose difference is NaN.
        return a + LN_2;
    }
    let larger = if a > b { a } else { b };
    larger + (-(a - b).abs()).exp().ln_1p()
}

/// `ln(p / (1 − p))`, the inverse of [`sigmoid`](super::sigmoid), accurate beside one half.
///
/// Largest error met: 2.0 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::logit(0.5), 0.0);
/// assert_eq!(downhill::real::special::logit(1.0), f64::INFINITY);
/// ```
#[inline]
pub fn logit(p: f64) -> f64 {
    if (0.3..=0.65).contains(&p) {
        // ln(1 + t) with t = (p − (1 − p)) / (1 − p): exact differences.
        ((2.0 * p - 1.0) / (1.0 - p)).ln_1p()
    } else {
        (p / (1.0 - p)).ln()
    }
}

/// `x ln y`, and 0 where `x` is 0, whatever `y` but NaN.
///
/// ```
/// assert_eq!(downhill::real::special::xlogy(0.0, 0.0), 0.0);
/// assert_eq!(downhill::real::special::xlogy(2.0, 3.0), 2.0 * 3f64.ln());
/// ```
#[inline]
pub fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() { 0.0 } else { x * y.ln() }
}

/// Lambert's function on its principal branch: `w ≥ −1` with `w eʷ = x`, for `x ≥ −1/e`.
///
/// Largest error met: 3.2 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::lambert_w(0.0), 0.0);
/// assert!((downhill::real::special::lambert_w(1.0) - 0.567_143_290_409_783_9).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn lambert_w(x: f64) -> f64 {
    if x < -0.27 {
        return lambert_w1p(x) - 1.0;
    }
    if x == 0.0 || x == f64::INFINITY {
        return x;
    }
    let l = x.ln_1p();
    let mut w = l * (1.0 - l.ln_1p() / (2.0 + l));
    for _ in 0..2 {
        let z = (x / w).ln() - w;
        let q = 2.0 * (1.0 + w) * (1.0 + w + 2.0 / 3.0 * z);
        w += w * (z / (1.0 + w) * ((q - z) / (q - 2.0 * z)));
    }
    w
}

/// `1 + W(x)`, which keeps its relative accuracy at the branch point −1/e, where it is 0.
///
/// Largest error met: 1.9 ulp.
///
/// ```
/// use downhill::real::special::{lambert_w, lambert_w1p};
/// assert_eq!(lambert_w1p(1.0), 1.0 + lambert_w(1.0));
/// ```
#[inline(never)]
pub fn lambert_w1p(x: f64) -> f64 {
    if x >= -0.27 {
        return 1.0 + lambert_w(x);
    }
    if x <= BRANCH {
        return if x == BRANCH { 0.0 } else { f64::NAN };
    }
    // e x + 1, which cancels, to twice the precision.
    let (product, rounding) = two_product(E, x);
    let above = (product + 1.0) + (rounding + E_LOW * x);
    let p = (2.0 * above).sqrt();
    p * chebyshev(&NEAR_BRANCH, p * (8.0 / 3.0) - 1.0)
}

const NEAR_BRANCH: [f64; 18] = [
    0.8995018633782255,
    -0.09339677974700954,
    0.00653722171777588,
    -0.0005163544916146917,
    4.356616313063384e-05,
    -3.832180608373949e-06,
    3.4691764284152094e-07,
    -3.2073424020076204e-08,
    3.0133254416800294e-09,
    -2.867186702337173e-10,
    2.7562882853275462e-11,
    -2.6722443889607788e-12,
    2.6092830265484477e-13,
    -2.563311526343504e-14,
    2.5313567242827594e-15,
    -2.511215609526229e-16,
    2.5012296081550813e-17,
    -2.500134339988724e-18,
];
