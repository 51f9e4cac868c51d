//! Functions of plain numbers that `std` does not offer on stable Rust.
//!
//! They are free functions, not methods of `f64`, so that a later `std` may add methods of the same names. On a
//! [`Var`](crate::tape::Var) or any other [`Real`](crate::real::Real) they are methods.
//!
//! # Accuracy
//!
//! The largest error met at 4,000 to 30,000 random points of each, drawn from all sizes of argument, against references of 50
//! digits. The formulas with their sources are in the files of the families.
//!
//! | | ulp | by |
//! |---|---|---|
//! | `erf` `erfc` | 0.8, 2.2 | `libm` |
//! | `gauss` `norm_pdf` | 1.0, 3.3 | `exp` with Dekker's product |
//! | `erfcx` | 2.4 | Chebyshev sum; `libm` below ½ |
//! | `ierfcx(n)` | 3.2, 3.4, 3.1, 3.6 | `n` = 1, 2, 5, 12; recurrence, compensated |
//! | `erf_inv` `norm_ppf` | 2.2, 3.1 | Wichura's AS 241, and a step of Newton |
//! | `norm_cdf` `log_norm_cdf` | 2.6, 2.7 | `erfc` and `erfcx`; far into the left tail too |
//! | `gamma` | 2.3 | Chebyshev sum, recurrence, Stirling's formula |
//! | `ln_gamma` | 2.5 | `libm`; left of 0, and only there, relative to the terms of the reflection formula |
//! | `digamma` | 3.2 | Chebyshev sum, Stirling's series; left of −20 relative to the terms of the reflection formula |
//! | `polygamma(n)` | 1.9, 2.2, 3.7, 2.4 | `n` = 1, 2, 4, 20; Euler–Maclaurin; even ones left of 0 relative to their terms |
//! | `polygamma_step(n)` | 2.3, 2.9 | `n` = 0, 1; Euler–Maclaurin |
//! | `beta` | 3.9 | `gamma`, Stirling's formula |
//! | `ln_beta` | 3.1 | Stirling's corrections; of 1 where it is smaller than that |
//! | `bessel_j0` `bessel_j1` | 3.4, 3.5 | `libm` up to 20, then Hankel's expansion; beyond 25 relative to the envelope `√(2/πx)` |
//! | `bessel_jn(n)` | 2.3, 2.6, 3.0, 2.4 | `n` = 2, 7, 40, 100; Miller's algorithm, compensated; beyond 25 relative to the envelope |
//! | `bessel_i0` `bessel_i1` `bessel_in(n)` | 3.0, 2.5, 3.4 | Chebyshev sums, Miller's algorithm, Hankel's expansion |
//! | `sinc` | 1.4 | |
//! | `spherical_jn(n)` | 2.0, 2.5, 2.5, 2.6 | `n` = 1, 2, 5, 12; recurrence; beyond `n + 1` relative to `1/x` |
//! | `lambert_w` `lambert_w1p` | 3.2, 1.9 | Fritsch's iteration, Chebyshev sum |
//! | `log1mexp` `log_add_exp` `logit` | 1.3, 0.7, 2.0 | `log_add_exp` of 1 where it is smaller than that |
//! | `sigmoid` `softplus` | 1.9, 1.4 | |
//! | `asinh` `acosh` `atanh` | 1.3, 2.6, 1.4 | |
//!
//! Where a function is the sum of larger terms of either sign, and so ill conditioned, the error is bounded relative to their
//! size: that is an absolute bound beside the zeros.
//!
//! On numbers of `f64` itself call these functions: a method `x.gamma()` would compile, but with a warning, as `std` has one
//! of that name in preparation. On a `Var`, a dual number or an `R: Real` there is no such warning.

mod bessel;
mod beta;
mod erf;
mod exponential;
mod gamma;
mod modified;
mod polygamma;
mod series;

pub use bessel::{bessel_j0, bessel_j1, bessel_jn, sinc, spherical_jn};
pub use beta::{beta, ln_beta};
pub use erf::{erf_inv, erfcx, ierfcx, log_norm_cdf, norm_cdf, norm_pdf, norm_ppf};
pub use exponential::{lambert_w, lambert_w1p, log_add_exp, log1mexp, logit, xlogy};
pub use gamma::{digamma, gamma, ln_gamma};
pub use libm::{erf, erfc};
pub use modified::{bessel_i0, bessel_i1, bessel_in};
pub use polygamma::{polygamma, polygamma_step, trigamma};

/// Logistic sigmoid, `1 / (1 + e⁻ˣ)`, to full relative accuracy for large negative `x` too.
///
/// Largest error met: 1.9 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::sigmoid(0.0), 0.5);
/// assert!(downhill::real::special::sigmoid(-700.0) > 0.0);
/// ```
#[inline]
pub fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    let small = e / (1.0 + e);
    if x >= 0.0 { 1.0 / (1.0 + e) } else { small }
}

/// Softplus, `ln(1 + eˣ)`, without overflow.
///
/// Largest error met: 1.4 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::softplus(0.0), 2f64.ln());
/// assert_eq!(downhill::real::special::softplus(1e3), 1e3);
/// ```
#[inline]
pub fn softplus(x: f64) -> f64 {
    relu(x) + (-x.abs()).exp().ln_1p()
}

/// Rectifier: `x` where it is positive, else 0; NaN stays NaN (`f64::max` would drop it).
///
/// ```
/// assert_eq!(downhill::real::special::relu(-3.0), 0.0);
/// assert_eq!(downhill::real::special::relu(3.0), 3.0);
/// ```
#[inline]
pub fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

/// The bell curve without its factor, `e^(−x²)`, to about an ulp even where `x²` is in the hundreds.
///
/// `e^(−fl(x²))` alone is off by up to `x² ε`, 700 ulp at the far end. The rounding error `d = x² − fl(x²)` is found
/// exactly by Dekker's splitting (T. J. Dekker, "A floating-point technique for extending the available precision",
/// Numer. Math. 18, 1971), and `e^(−d) = 1 − d` to far below an ulp.
///
/// Largest error met: 1.0 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::gauss(0.0), 1.0);
/// assert_eq!(downhill::real::special::gauss(f64::NEG_INFINITY), 0.0);
/// ```
#[inline]
pub fn gauss(x: f64) -> f64 {
    // Beyond ±28 the value is 0, and the splitting below would overflow for huge arguments.
    let x = x.clamp(-28.0, 28.0);
    let square = x * x;
    let shifted = 134_217_729.0 * x; // 2²⁷ + 1
    let high = shifted - (shifted - x);
    let low = x - high;
    let rounding = ((high * high - square) + 2.0 * high * low) + low * low;
    let y = (-square).exp();
    y - y * rounding
}

/// Inverse hyperbolic sine; `std` overflows for the largest numbers.
///
/// Largest error met: 1.3 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::asinh(f64::MAX), 710.475_860_073_943_9);
/// ```
#[inline]
pub fn asinh(x: f64) -> f64 {
    let size = x.abs();
    if size > 1e9 { (size.ln() + std::f64::consts::LN_2).copysign(x) } else { x.asinh() }
}

/// Inverse hyperbolic cosine; `std` loses half of the digits beside 1.
///
/// Largest error met: 2.6 ulp.
///
/// ```
/// let x = 1.0 + 2f64.powi(-40);
/// // √2ε to the first order in ε.
/// assert!((downhill::real::special::acosh(x) / 2f64.powi(-39).sqrt() - 1.0).abs() < 1e-12);
/// ```
#[inline]
pub fn acosh(x: f64) -> f64 {
    if x > 1e9 {
        return x.ln() + std::f64::consts::LN_2;
    }
    let above = x - 1.0;
    (above + above.sqrt() * (x + 1.0).sqrt()).ln_1p()
}

/// Inverse hyperbolic tangent; `std` loses digits beside −1.
///
/// Largest error met: 1.4 ulp.
///
/// ```
/// use downhill::real::special::atanh;
/// assert_eq!(atanh(-1.0 + 1e-15), -atanh(1.0 - 1e-15));
/// ```
#[inline]
pub fn atanh(x: f64) -> f64 {
    let size = x.abs();
    (0.5 * (2.0 * size / (1.0 - size)).ln_1p()).copysign(x)
}

/// `xⁿ` by repeated squaring: the same bits in debug and release builds, where `f64::powi` promises none.
///
/// ```
/// assert_eq!(downhill::real::special::powi(3.0, 4), 81.0);
/// assert_eq!(downhill::real::special::powi(2.0, -2), 0.25);
/// ```
#[inline]
pub fn powi(x: f64, n: i32) -> f64 {
    match n {
        0 => 1.0,
        1 => x,
        2 => x * x,
        3 => x * x * x,
        _ => {
            let y = repeated_squaring(x, n.unsigned_abs());
            if n < 0 { 1.0 / y } else { y }
        }
    }
}

#[inline]
fn repeated_squaring(mut x: f64, mut n: u32) -> f64 {
    let mut y = 1.0;
    loop {
        if n & 1 == 1 {
            y *= x;
        }
        n >>= 1;
        if n == 0 {
            return y;
        }
        x *= x;
    }
}

/// `x` kept between the bounds, as `f64::clamp`, but with the panic at the caller's line.
#[inline]
#[track_caller]
pub(crate) fn clamp(x: f64, low: f64, high: f64) -> f64 {
    assert!(
        low <= high,
        "downhill: `clamp` was given the bounds {low} and {high}; the first must not exceed the second"
    );
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}
