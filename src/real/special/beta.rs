//! The beta function and its logarithm.
//!
//! Large arguments by the differences of Stirling's corrections, after A. R. DiDonato and A. H. Morris, "Algorithm 708:
//! significant digit computation of the incomplete beta function ratios", ACM TOMS 18 (1992).

use std::f64::consts::{E, PI};

use super::gamma::{digamma, gamma, ln_gamma, parts, stirling};
use super::series::{E_LOW, power_of_quotient, two_sum};

/// Beta function, `Γ(a) Γ(b) / Γ(a + b)`.
///
/// Largest error met: 3.9 ulp.
///
/// ```
/// assert!((downhill::real::special::beta(2.0, 3.0) - 1.0 / 12.0).abs() < 1e-17);
/// ```
#[inline(never)]
pub fn beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small > 0.0 && large >= 10.0 {
        return if large < f64::INFINITY { large_beta(small, large) } else { 0.0 };
    }
    if small > 0.0 && large < 10.0 {
        return small_beta(small, large);
    }
    gamma(large) / gamma(a + b) * gamma(small)
}

/// `B(a, b)` for positive arguments below 10, from the parts of three gamma functions.
fn small_beta(a: f64, b: f64) -> f64 {
    let (sum, rounding) = two_sum(a, b);
    // Γ(x) = last (high + low) / divisor
    let factors = |x: f64| if x < 1.0 { (parts(1.0 + x), x) } else { (parts(x), 1.0) };
    let [((last_a, high_a, low_a), a), ((last_b, high_b, low_b), b)] = [a, b].map(factors);
    let ((last, high, low), divisor) = factors(sum);
    // The rounding error of a + b would count ψ(a + b) times.
    let shift = if rounding == 0.0 { 0.0 } else { digamma(sum) * rounding };
    let lost = low_a / high_a + low_b / high_b - low / high - shift;
    // Products by 1 are free of rounding; the smallest divisor comes last, as the quotient by both may be all there is.
    let quotient = last_a * last_b / last * (high_a * high_b * divisor / high / b / a);
    quotient + quotient * lost
}

/// `B(a, b)` for `b ≥ 10` and `a ≤ b` by Stirling's formula.
fn large_beta(a: f64, b: f64) -> f64 {
    let sum = two_sum(a, b);
    if b > 1e15 {
        // Γ(b)/Γ(a + b) is b⁻ᵃ to the second order in 1/b; half of the power twice, as all of it may underflow.
        let root = sum.0.powf(-0.5 * a);
        let rest = 0.5 * a * (a + 1.0) / b - a * (sum.1 / sum.0);
        return if root == 0.0 { 0.0 } else { gamma(a) * root * root * rest.exp() };
    }
    let (power, excess) = power_of_quotient((b, 0.0), sum, b - 0.5);
    let rest = excess + (stirling(b) - stirling(sum.0));
    if a < 10.0 {
        // Γ(a) (b/(a + b))^(b − ½) (e/(a + b))ᵃ
        let (other, excess) = power_of_quotient((E, E_LOW), sum, a);
        let gamma = gamma(a);
        return (gamma + gamma * (rest + excess).exp_m1()) * power * other;
    }
    // √(2π/a) (a/(a + b))ᵃ (b/(a + b))^(b − ½)
    let (other, excess) = power_of_quotient((a, 0.0), sum, a);
    let root = (2.0 * PI / a).sqrt();
    (root + root * (rest + excess + stirling(a)).exp_m1()) * power * other
}

/// `ln |B(a, b)|`, the logarithm of the absolute value of the beta function.
///
/// Largest error met: 3.1 ulp, of 1 where the value is smaller.
///
/// ```
/// assert_eq!(downhill::real::special::ln_beta(1.0, 1.0), 0.0);
/// assert!((downhill::real::special::ln_beta(1e10, 1.0) + 1e10f64.ln()).abs() < 1e-14);
/// ```
#[inline(never)]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if small > 0.0 && large == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    if small == 0.0 && large > 0.0 && large < f64::INFINITY {
        return f64::INFINITY;
    }
    if !(small > 0.0 && large < f64::INFINITY) {
        return ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    }
    if small >= 10.0 {
        ln_large(small, large)
    } else if large >= 10.0 {
        ln_gamma(small) + step(small, large)
    } else if small < 1e-300 {
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
