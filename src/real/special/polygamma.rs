//! The derivatives of digamma, and their steps.
//!
//! `ψ⁽ⁿ⁾ = (−1)ⁿ⁺¹ n! ζ(n + 1, x)` (DLMF 25.11.12) by the formula of Euler and Maclaurin (DLMF 25.11(iii)). A step
//! `ψ⁽ⁿ⁾(x + h) − ψ⁽ⁿ⁾(x)` is the same sum of steps of powers, none of which cancels.

use super::gamma::digamma;
use super::powi;
use super::series::{factorial, two_sum};

/// The Euler–Maclaurin sums below start no nearer to 0.
pub(super) const FAR: f64 = 12.0;

/// `B₂ⱼ / (2j)!`, of which `B₂ⱼ` are Bernoulli's numbers.
const BERNOULLI: [f64; 9] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30_240.0,
    -1.0 / 1_209_600.0,
    1.0 / 47_900_160.0,
    -691.0 / 1_307_674_368_000.0,
    1.0 / 74_724_249_600.0,
    -3_617.0 / 10_670_622_842_880_000.0,
    43_867.0 / 5_109_094_217_170_944_000.0,
];

/// Trigamma, `ψ′(x)`.
///
/// Largest error met: 1.9 ulp.
///
/// ```
/// let pi = std::f64::consts::PI;
/// assert!((downhill::real::special::trigamma(1.0) - pi * pi / 6.0).abs() < 1e-15);
/// ```
#[inline]
pub fn trigamma(x: f64) -> f64 {
    polygamma(x, 1)
}

/// Polygamma, `ψ⁽ⁿ⁾(x)`, the `n`-th derivative of digamma, for `n` up to 170 (beyond, `n!` overflows).
///
/// Largest error met: 3.7 ulp; for even `n` left of 0 of the sums over the integers on either side.
///
/// ```
/// use downhill::real::special::{digamma, polygamma};
/// assert_eq!(polygamma(2.5, 0), digamma(2.5));
/// assert!((polygamma(1.0, 2) + 2.404_113_806_319_188_6).abs() < 1e-15); // −2 ζ(3)
/// ```
#[inline(never)]
pub fn polygamma(x: f64, n: u32) -> f64 {
    if n == 0 {
        return digamma(x);
    }
    let sign = if n % 2 == 1 { 1.0 } else { -1.0 };
    if x == 0.0 {
        return if n % 2 == 1 { f64::INFINITY } else { -1.0 / x };
    }
    if x < 0.0 {
        let r = x - x.round();
        if r == 0.0 || x.is_infinite() {
            return if n % 2 == 1 && r == 0.0 { f64::INFINITY } else { f64::NAN };
        }
        return sign * factorial(n) * two_sided(n, r, x);
    }
    if x >= FAR + f64::from(n) {
        return sign * far(n, x);
    }
    if !(60..=170).contains(&n) || x < 2.0 {
        return sign * factorial(n) * hurwitz(n, x, 1.0);
    }
    // The powers underflow where n! times their sum does not: in units of a power of two near x they are near 1.
    let unit = f64::from_bits(x.to_bits() & (0x7ff << 52));
    let half = (n as i32 + 1) / 2;
    sign * factorial(n) * hurwitz(n, x, unit) * powi(unit, -half) * powi(unit, half - n as i32 - 1)
}

/// `Σ (x + k)⁻ˢ` for negative `x`, whose distance to the nearest integer is `r`: the sum over all integers without those
/// left of `x`.
fn two_sided(n: u32, r: f64, x: f64) -> f64 {
    let nearest = reciprocal_power(r, f64::from(n) + 1.0);
    let (left, cut) = (hurwitz(n, 1.0 - r, 1.0), hurwitz(n, 1.0 - x, 1.0));
    let left = if n % 2 == 1 { left - cut } else { cut - left };
    nearest + (hurwitz(n, 1.0 + r, 1.0) + left)
}

/// `ζ(n + 1, x)` for `x > 0`, `n > 0`, times `unitⁿ⁺¹` of a power of two.
fn hurwitz(n: u32, x: f64, unit: f64) -> f64 {
    let n = f64::from(n);
    let s = n + 1.0;
    // The errors of the sum are kept, as there may be dozens of terms.
    let (mut sum, mut low, mut k) = (0.0, 0.0, 0.0);
    while x + k < FAR + n {
        let (next, rounding) = two_sum(sum, shifted_power(x, k, s, unit));
        (sum, low) = (next, low + rounding);
        k += 1.0;
    }
    let y = x + k;
    if sum.is_infinite() {
        return sum;
    }
    sum + (low + shifted_power(x, k, s, unit) * (y / n + correction(s, y)))
}

/// `((x + k) / unit)⁻ˢ`, mindful of the rounding error of the sum, which would count `s` times.
fn shifted_power(x: f64, k: f64, s: f64, unit: f64) -> f64 {
    let (sum, rounding) = two_sum(x, k);
    let power = reciprocal_power(sum / unit, s);
    if rounding == 0.0 { power } else { power - power * s * rounding / sum }
}

/// `x⁻ˢ` for whole `s`: up to five, products are nearly as good as `powf`, and faster.
#[inline(always)]
fn reciprocal_power(x: f64, s: f64) -> f64 {
    match s {
        1.0 => 1.0 / x,
        2.0 => 1.0 / (x * x),
        3.0 => 1.0 / (x * x * x),
        4.0 => 1.0 / ((x * x) * (x * x)),
        5.0 => 1.0 / ((x * x) * (x * x) * x),
        _ => x.powf(-s),
    }
}

/// `½ + Σ B₂ⱼ/(2j)! s(s+1)…(s+2j−2) y¹⁻²ʲ`: what Euler and Maclaurin add to the integral, over `y⁻ˢ`.
pub(super) fn correction(s: f64, y: f64) -> f64 {
    let (mut sum, mut factor, mut k) = (0.5, s / y, s);
    for b in BERNOULLI {
        sum += b * factor;
        factor *= (k + 1.0) / y * ((k + 2.0) / y);
        k += 2.0;
    }
    sum
}

/// `n! ζ(n + 1, x) = (n − 1)! x⁻ⁿ (1 + …)` for large `x`.
fn far(n: u32, x: f64) -> f64 {
    let m = f64::from(n);
    let bracket = factorial(n - 1) * (1.0 + m * (correction(m + 1.0, x) / x));
    let power = x.powf(-m);
    if power > 1e-290 {
        return bracket * power;
    }
    // The power alone may underflow.
    let root = x.powf(-0.5 * m);
    bracket * root * root
}

/// `ψ⁽ⁿ⁾(x + h) − ψ⁽ⁿ⁾(x)`, to full relative accuracy for small `h` and large `x`.
///
/// Largest error met: 2.9 ulp.
///
/// ```
/// let slope = downhill::real::special::polygamma_step(1e10, 0, 1.0); // ψ(x + 1) − ψ(x) = 1/x
/// assert!((slope * 1e10 - 1.0).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn polygamma_step(x: f64, n: u32, h: f64) -> f64 {
    let z = x + h;
    if z == f64::INFINITY && x > 0.0 && x < z && h < z {
        // The sum overflows, not the step: ln(1 + h/x), and nothing of the higher orders.
        return if n == 0 { (h / x).ln_1p() } else { 0.0 };
    }
    if !(x > 0.0 && z > 0.0 && x < f64::INFINITY && z < f64::INFINITY) {
        return polygamma(z, n) - polygamma(x, n);
    }
    if h == 0.0 {
        return 0.0;
    }
    let sign = if n.is_multiple_of(2) { 1.0 } else { -1.0 };
    let s = f64::from(n) + 1.0;
    // The errors of the sum are kept, as in `hurwitz`.
    let (mut sum, mut low, mut k) = (0.0, 0.0, 0.0);
    while x.min(z) + k < FAR + f64::from(n) {
        let (next, rounding) = two_sum(sum, fall(x + k, z + k, h, n + 1));
        (sum, low) = (next, low + rounding);
        k += 1.0;
    }
    if sum.is_infinite() {
        return sign * factorial(n) * sum;
    }
    let (a, b) = (x + k, z + k);
    // ln b/a, from the side where it does not cancel.
    let logarithm = if h > 0.0 { (h / a).ln_1p() } else { -(-h / b).ln_1p() };
    let integral = if n == 0 { logarithm } else { fall(a, b, h, n) / f64::from(n) };
    let rest = 0.5 * fall(a, b, h, n + 1) + bernoulli_step(a, b, h, s);
    sign * factorial(n) * (sum + (low + (integral + rest)))
}

/// `a⁻ᵐ − b⁻ᵐ` with `b = a + h`: from `u⁻ᵐ − v⁻ᵐ = (u − v)(uᵐ⁻¹ + uᵐ⁻² v + … + vᵐ⁻¹)`, in which nothing cancels.
#[inline(always)]
fn fall(a: f64, b: f64, h: f64, m: u32) -> f64 {
    if m > 4 {
        let small = if h > 0.0 { a.powf(-f64::from(m)) } else { -b.powf(-f64::from(m)) };
        let ratio = if h > 0.0 { h / a } else { -h / b };
        return -small * (-f64::from(m) * ratio.ln_1p()).exp_m1();
    }
    // By the larger first: that quotient is at most 1.
    let difference = if h > 0.0 { h / b / a } else { h / a / b };
    let (u, v) = (1.0 / a, 1.0 / b);
    let (mut sum, mut power) = (1.0, 1.0);
    for _ in 1..m {
        power *= v;
        sum = sum * u + power;
    }
    difference * sum
}

/// `Σ B₂ⱼ/(2j)! s(s+1)…(s+2j−2) (a¹⁻²ʲ⁻ˢ − b¹⁻²ʲ⁻ˢ)`.
fn bernoulli_step(a: f64, b: f64, h: f64, s: f64) -> f64 {
    let (u, v) = (1.0 / a, 1.0 / b);
    // Of falls two orders apart: uᵐ⁺² − vᵐ⁺² = u² (uᵐ − vᵐ) + vᵐ (u² − v²).
    let (mut step, mut power) = (fall(a, b, h, s as u32 + 1), reciprocal_power(b, s + 1.0));
    let twice = fall(a, b, h, 2);
    let (mut rest, mut factor, mut k) = (0.0, s, s);
    for c in BERNOULLI {
        rest += c * factor * step;
        (step, power) = (u * u * step + power * twice, power * (v * v));
        factor *= (k + 1.0) * (k + 2.0);
        k += 2.0;
    }
    rest
}
