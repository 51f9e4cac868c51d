//! The family of the gamma function.
//!
//! * `Γ` on [1, 2] as a Chebyshev sum, elsewhere by its recurrence (DLMF 5.5.1) with products of twice the precision.
//! * `ψ` on [1, 3] as `(x − x₀)` times a Chebyshev sum, with the zero `x₀` to twice the precision, so that the relative
//!   accuracy holds there; further out by recurrence and DLMF 5.11.2, left of 0 by reflection (DLMF 5.5.4).
//! * `ψ⁽ⁿ⁾ = (−1)ⁿ⁺¹ n! ζ(n + 1, x)` (DLMF 25.11.12) by the formula of Euler and Maclaurin (DLMF 25.11(iii)).
//!
//! The coefficients are from `tests/reference/coefficients.py`.

use std::f64::consts::PI;

use super::series::{Twofold, chebyshev, factorial, two_sum};

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
    } else if x >= 1.0 {
        // Factors x − k are exact; 2^±100 keeps the products within the range of Dekker's splitting.
        let (mut y, mut product) = (x, Twofold { high: 0.5_f64.powi(100), low: 0.0 });
        while y > 2.0 {
            y -= 1.0;
            product = product.scaled(y);
        }
        product.scaled(between_one_and_two(y)).value() * 2_f64.powi(100)
    } else {
        let (mut y, mut product) = (x, Twofold { high: 0.5_f64.powi(200), low: 0.0 });
        if x.abs() < 1e-20 {
            return 1.0 / x;
        }
        while y < 1.0 {
            product = product.scaled(y);
            y += 1.0;
        }
        between_one_and_two(y) / product.value() * 0.5_f64.powi(200)
    }
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
    let nearest = r.powf(-f64::from(n + 1));
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
    let power = sum.powf(-s);
    if rounding == 0.0 { power } else { power - power * s * rounding / sum }
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
    if !(x > 0.0 && x + h > 0.0 && x < f64::INFINITY && x + h < f64::INFINITY) {
        return polygamma(x + h, n) - polygamma(x, n);
    }
    let sign = if n.is_multiple_of(2) { 1.0 } else { -1.0 };
    let n = f64::from(n);
    let s = n + 1.0;
    // y⁻ᵐ − (y + h)⁻ᵐ
    let fall = |y: f64, m: f64| -y.powf(-m) * (-m * (h / y).ln_1p()).exp_m1();
    let (mut sum, mut y) = (0.0, x);
    while y < FAR + n || y + h < FAR + n {
        sum += fall(y, s);
        y += 1.0;
    }
    let integral = if n == 0.0 { (h / y).ln_1p() } else { fall(y, n) / n };
    let (mut rest, mut factor, mut k) = (0.5 * fall(y, s), s, s);
    for b in BERNOULLI {
        rest += b * factor * fall(y, k + 1.0);
        factor *= (k + 1.0) * (k + 2.0);
        k += 2.0;
    }
    sign * factorial(n as u32) * (sum + integral + rest)
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
