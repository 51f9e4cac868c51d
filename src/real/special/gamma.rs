//! The family of the gamma function.
//!
//! * `Γ` on [1, 2] as a Chebyshev sum, up to 24 and left of 1 by its recurrence (DLMF 5.5.1) with a product of twice the
//!   precision, beyond by Stirling's formula (DLMF 5.11.1).
//! * `ψ` on [1, 3] as `(x − x₀)` times a Chebyshev sum, with the zero `x₀` to twice the precision, so that the relative
//!   accuracy holds there; further out by recurrence and DLMF 5.11.2, left of 0 by reflection (DLMF 5.5.4).
//! * `ψ⁽ⁿ⁾ = (−1)ⁿ⁺¹ n! ζ(n + 1, x)` (DLMF 25.11.12) by the formula of Euler and Maclaurin (DLMF 25.11(iii)).
//!
//! The coefficients are from `tests/reference/coefficients.py`.

use std::f64::consts::{E, PI};

use super::series::{E_LOW, chebyshev, factorial, power_of_quotient, two_product, two_sum};

/// √(2π/e)
const SQRT_2PI_OVER_E: f64 = 1.520_346_901_066_280_8;

/// The Euler–Maclaurin sums below start no nearer to 0.
const FAR: f64 = 12.0;

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

/// Gamma function; at ±0 it is ±∞, at negative integers NaN.
///
/// ```
/// assert_eq!(downhill::real::special::gamma(5.0), 24.0);
/// assert!((downhill::real::special::gamma(0.5).powi(2) - std::f64::consts::PI).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn gamma(x: f64) -> f64 {
    if x == 0.0 {
        1.0 / x
    } else if x > 171.7 {
        f64::INFINITY
    } else if x.is_nan() || (x < 0.0 && x == x.floor()) {
        f64::NAN
    } else if x < -185.0 {
        if (x.floor() * 0.5).fract() == 0.0 { 0.0 } else { -0.0 }
    } else if x > 24.0 {
        far_gamma(x)
    } else if x >= 1.0 {
        // The factors x − k are exact.
        let steps = (x.ceil() - 2.0).max(0.0);
        let first = x - steps;
        let (high, low) = product(first, steps as u32, 1.0);
        let last = between_one_and_two(first);
        high * last + low * last
    } else if x.abs() < 1e-20 {
        1.0 / x
    } else {
        // 2⁻²⁰⁰ keeps the product within the range of Dekker's splitting.
        let steps = (1.0 - x).ceil();
        let (high, low) = product(x, steps as u32, 0.5_f64.powi(200));
        between_one_and_two(x + steps) / (high + low) * 0.5_f64.powi(200)
    }
}

/// `start x (x + 1) … (x + n − 1)` and its rounding error: T. Ogita, S. M. Rump and S. Oishi, "Accurate sum and dot
/// product", SIAM J. Sci. Comput. 26 (2005), turned to products.
fn product(x: f64, n: u32, start: f64) -> (f64, f64) {
    let (mut high, mut low, mut y) = (start, 0.0, x);
    for _ in 0..n {
        let (next, error) = two_product(high, y);
        (high, low) = (next, low * y + error);
        y += 1.0;
    }
    (high, low)
}

/// Stirling's formula, `√(2π/e) (x/e)^(x − ½)` and what follows.
fn far_gamma(x: f64) -> f64 {
    let (power, excess) = power_of_quotient((x, 0.0), (E, E_LOW), x - 0.5);
    (SQRT_2PI_OVER_E + SQRT_2PI_OVER_E * (excess + stirling(x)).exp_m1()) * power
}

/// `ln Γ(x) − (x − ½) ln x + x − ½ ln 2π` for `x ≥ 10`, DLMF 5.11.1.
pub(super) fn stirling(x: f64) -> f64 {
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

fn between_one_and_two(x: f64) -> f64 {
    chebyshev(&GAMMA, 2.0 * x - 3.0)
}

/// `ln |Γ(x)|`.
///
/// ```
/// assert_eq!(downhill::real::special::ln_gamma(1.0), 0.0);
/// assert!((downhill::real::special::ln_gamma(1e3) - 5_905.220_423_209_181).abs() < 1e-11);
/// ```
#[inline(never)]
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_infinite() { f64::INFINITY } else { libm::lgamma(x) }
}

/// Digamma, `ψ(x) = Γ′(x) / Γ(x)`; at ±0 it is ∓∞, at negative integers NaN.
///
/// ```
/// let euler = 0.577_215_664_901_532_9;
/// assert!((downhill::real::special::digamma(1.0) + euler).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return -1.0 / x;
    }
    if x < 0.0 {
        let r = x - x.round();
        return if r == 0.0 || x.is_infinite() { f64::NAN } else { digamma(1.0 - x) - PI * cot_pi(r) };
    }
    if x < 1.0 {
        return between_one_and_three(x + 1.0) - 1.0 / x;
    }
    let (mut y, mut sum) = (x, 0.0);
    if x <= 7.0 {
        // Downwards nothing cancels, and y − 1 is exact.
        while y > 3.0 {
            y -= 1.0;
            sum += 1.0 / y;
        }
        return sum + between_one_and_three(y);
    }
    while y < FAR {
        sum += 1.0 / y;
        y += 1.0;
    }
    y.ln() - (sum + correction(1.0, y) / y)
}

/// `cot πr` for |r| ≤ ½; near its zeros by the sine of the distance, which is exact.
fn cot_pi(r: f64) -> f64 {
    let distance = 0.5 - r.abs();
    let cotangent = if distance < 0.25 { (PI * distance).tan() } else { 1.0 / (PI * r.abs()).tan() };
    cotangent.copysign(r)
}

fn between_one_and_three(x: f64) -> f64 {
    ((x - ROOT.0) - ROOT.1) * chebyshev(&DIGAMMA, x - 2.0)
}

/// Trigamma, `ψ′(x)`.
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
    sign * if x < FAR + f64::from(n) { factorial(n) * hurwitz(n, x) } else { far(n, x) }
}

/// `Σ (x + k)⁻ˢ` for negative `x`, whose distance to the nearest integer is `r`: the sum over all integers without those
/// left of `x`.
fn two_sided(n: u32, r: f64, x: f64) -> f64 {
    let nearest = reciprocal_power(r, f64::from(n) + 1.0);
    let (left, cut) = (hurwitz(n, 1.0 - r), hurwitz(n, 1.0 - x));
    let left = if n % 2 == 1 { left - cut } else { cut - left };
    nearest + (hurwitz(n, 1.0 + r) + left)
}

/// `ζ(n + 1, x)` for `x > 0`, `n > 0`.
fn hurwitz(n: u32, x: f64) -> f64 {
    let n = f64::from(n);
    let s = n + 1.0;
    // The errors of the sum are kept, as there may be dozens of terms.
    let (mut sum, mut low, mut k) = (0.0, 0.0, 0.0);
    while x + k < FAR + n {
        let (next, rounding) = two_sum(sum, shifted_power(x, k, s));
        (sum, low) = (next, low + rounding);
        k += 1.0;
    }
    let y = x + k;
    if sum.is_infinite() {
        return sum;
    }
    sum + (low + shifted_power(x, k, s) * (y / n + correction(s, y)))
}

/// `(x + k)⁻ˢ`, mindful of the rounding error of the sum, which would count `s` times.
fn shifted_power(x: f64, k: f64, s: f64) -> f64 {
    let (sum, rounding) = two_sum(x, k);
    let power = reciprocal_power(sum, s);
    if rounding == 0.0 { power } else { power - power * s * rounding / sum }
}

/// `x⁻ˢ` for whole `s`.
#[inline(always)]
fn reciprocal_power(x: f64, s: f64) -> f64 {
    match s {
        1.0 => 1.0 / x,
        2.0 => 1.0 / (x * x),
        3.0 => 1.0 / (x * x * x),
        _ => x.powf(-s),
    }
}

/// `½ + Σ B₂ⱼ/(2j)! s(s+1)…(s+2j−2) y¹⁻²ʲ`: what Euler and Maclaurin add to the integral, over `y⁻ˢ`.
fn correction(s: f64, y: f64) -> f64 {
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

const GAMMA: [f64; 24] = [
    0.9417855977954946,
    0.004415381324841007,
    0.05685043681599363,
    -0.00421983539641856,
    0.0013268081812124603,
    -0.00018930245297988805,
    3.606925327441245e-05,
    -6.056761904460864e-06,
    1.0558295463022833e-06,
    -1.811967365542384e-07,
    3.117724964715322e-08,
    -5.354219639019687e-09,
    9.193275519859589e-10,
    -1.5779412802883398e-10,
    2.7079806229349544e-11,
    -4.64681865382573e-12,
    7.97335019200742e-13,
    -1.368078209830916e-13,
    2.3473194865638007e-14,
    -4.027432614949067e-15,
    6.910051747372101e-16,
    -1.185584500221993e-16,
    2.034148542496374e-17,
    -3.490054341717406e-18,
];

/// The zero of `ψ`, and what is beyond its 53 bits.
const ROOT: (f64, f64) = (1.4616321449683622, 9.549995429965697e-17);

const DIGAMMA: [f64; 31] = [
    0.8508141002274594,
    -0.30691795316595705,
    0.06960086856205178,
    -0.01712297234345182,
    0.004374961886424303,
    -0.0011401796377915106,
    0.00030046127392236794,
    -7.969172661686522e-05,
    2.1218853925722328e-05,
    -5.6631596935365925e-06,
    1.5136717505341737e-06,
    -4.0495026233355134e-07,
    1.083979923064392e-07,
    -2.9026750711369042e-08,
    7.774554697983642e-09,
    -2.082649195692377e-09,
    5.579524084715322e-10,
    -1.4948718863979587e-10,
    4.005228073341035e-11,
    -1.0731515178725395e-11,
    2.8754217843517632e-12,
    -7.704533926086572e-13,
    2.0644004026236004e-13,
    -5.53150434659318e-14,
    1.482155285389004e-14,
    -3.971411389284323e-15,
    1.0641344625722717e-15,
    -2.8513362471718133e-16,
    7.640126526131413e-17,
    -2.047164716811876e-17,
    5.485359583436558e-18,
];
