//! The beta function and its logarithm.
//!
//! Large arguments by the differences of Stirling's corrections, after A. R. DiDonato and A. H. Morris, "Algorithm 708:
//! significant digit computation of the incomplete beta function ratios", ACM TOMS 18 (1992).

use std::f64::consts::PI;

use super::gamma::{digamma, gamma, ln_gamma};
use super::series::two_sum;

/// Beta function, `Γ(a) Γ(b) / Γ(a + b)`.
///
/// ```
/// assert!((downhill::real::special::beta(2.0, 3.0) - 1.0 / 12.0).abs() < 1e-17);
/// ```
#[inline(never)]
pub fn beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small > 0.0 && large < f64::INFINITY && small + large > 160.0 {
        if small < 10.0 {
            return gamma(small) * step(small, large).exp();
        }
        return ln_large(small, large).exp();
    }
    // The rounding error of a + b would count ψ(a + b) times.
    let (sum, rounding) = two_sum(a, b);
    let correction = if rounding == 0.0 { 1.0 } else { 1.0 - digamma(sum) * rounding };
    // The smaller is nearer to a pole: Γ(b)/Γ(a + b) first, as Γ(a) alone may overflow.
    gamma(large) / gamma(sum) * gamma(small) * correction
}

/// `ln |B(a, b)|`, the logarithm of the absolute value of the beta function.
///
/// ```
/// assert_eq!(downhill::real::special::ln_beta(1.0, 1.0), 0.0);
/// assert!((downhill::real::special::ln_beta(1e10, 1.0) + 1e10f64.ln()).abs() < 1e-14);
/// ```
#[inline(never)]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if !(small > 0.0 && large < f64::INFINITY) {
        return ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    }
    if small >= 10.0 {
        ln_large(small, large)
    } else if large >= 10.0 {
        ln_gamma(small) + step(small, large)
    } else if small < 1e-3 {
        // Γ(a) ≈ 1/a may overflow.
        ln_gamma(small) + (ln_gamma(large) - ln_gamma(small + large))
    } else {
        beta(small, large).ln()
    }
}

/// `ln B(a, b)` for `10 ≤ a ≤ b`: all terms that matter are negative.
fn ln_large(a: f64, b: f64) -> f64 {
    let h = a / b;
    let corrections = stirling(a) + (stirling(b) - stirling(a + b));
    let logarithm = if h < 0.5 { (a / (a + b)).ln() } else { -(b / a).ln_1p() };
    0.5 * (2.0 * PI / b).ln() + corrections + (a - 0.5) * logarithm - b * h.ln_1p()
}

/// `ln Γ(b) − ln Γ(a + b)` for `b ≥ 10 > a`.
fn step(a: f64, b: f64) -> f64 {
    let corrections = stirling(b) - stirling(a + b);
    corrections - (b - 0.5) * (a / b).ln_1p() - a * ((a + b).ln() - 1.0)
}

/// `ln Γ(x) − (x − ½) ln x + x − ½ ln 2π` for `x ≥ 10`, DLMF 5.11.1.
fn stirling(x: f64) -> f64 {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1_260.0,
        -1.0 / 1_680.0,
        1.0 / 1_188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let t = 1.0 / x;
    TERMS.iter().rev().fold(0.0, |sum, c| sum * (t * t) + c) * t
}
