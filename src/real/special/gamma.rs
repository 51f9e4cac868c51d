//! The family of the gamma function.
//!
//! * `Γ` on [1, 2] as a Chebyshev sum, up to 24 and left of 1 by its recurrence (DLMF 5.5.1) with a product of twice the
//!   precision, beyond by Stirling's formula (DLMF 5.11.1).
//! * `ψ` on [1, 3] as `(x − x₀)` times a Chebyshev sum, with the zero `x₀` to twice the precision, so that the relative
//!   accuracy holds there; further out by recurrence and DLMF 5.11.2, left of 0 by reflection (DLMF 5.5.4),
//!   there too by the distance from the zero, down to −20.
//! * Its derivatives are in `polygamma.rs`.
//!
//! The coefficients are from `tests/reference/coefficients.py`.

use std::f64::consts::{E, PI};

use super::polygamma::{FAR, correction, polygamma_step};
use super::series::{E_LOW, chebyshev, power_of_quotient, two_product};

/// √(2π/e)
const SQRT_2PI_OVER_E: f64 = 1.520_346_901_066_281;

/// Gamma function; at ±0 it is ±∞, at negative integers NaN.
///
/// Largest error met: 2.3 ulp.
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
        let (last, high, low) = parts(x);
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

/// `Γ(x) = last (high + low)` for `1 ≤ x ≤ 24`.
pub(super) fn parts(x: f64) -> (f64, f64, f64) {
    // The factors x − k are exact.
    let steps = (x.ceil() - 2.0).max(0.0);
    let first = x - steps;
    let (high, low) = product(first, steps as u32, 1.0);
    (between_one_and_two(first), high, low)
}

/// `start x (x + 1) … (x + n − 1)` and its rounding error: S. Graillat, "Accurate floating-point product and
/// exponentiation", IEEE Trans. Comput. 58 (2009).
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
/// Largest error met: 2.5 ulp; left of 0 of the terms of the reflection formula, `ln Γ(1 − x)` and `ln |π/sin πx|`.
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
/// Largest error met: 3.2 ulp; left of −20 of the terms of the reflection formula, `ψ(1 − x)` and `π cot πx`.
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
        return digamma_left(x);
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

/// `ψ` left of 0 by reflection, beside its zeros by the distance from them.
fn digamma_left(x: f64) -> f64 {
    let r = x - x.round();
    if r == 0.0 || x.is_infinite() {
        return f64::NAN;
    }
    if let Some((high, low)) = ROOTS.get(-x as usize) {
        let distance = (x - high) - low;
        if distance.abs() < 0.22 {
            return beside_root(x, distance);
        }
    }
    digamma(1.0 - x) - PI * cot_pi(r)
}

/// `ψ(x) − ψ(x − d) = d Σ 1/((x + k)(x + k − d))`, where the second is 0, no pole between the two: all terms of one sign.
fn beside_root(x: f64, d: f64) -> f64 {
    let (mut y, mut sum) = (x, 0.0);
    while y < 1.0 {
        sum += 1.0 / (y * (y - d));
        y += 1.0;
    }
    d * sum - polygamma_step(y, 0, -d)
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

/// The zeros between the poles, likewise.
const ROOTS: [(f64, f64); 20] = [
    (-0.5040830082644554, -8.15428206243813e-18),
    (-1.5734984731623904, -1.574185691077347e-17),
    (-2.6107208684441447, 9.881960746978353e-17),
    (-3.635293366436901, 5.454396163173039e-17),
    (-4.653237761743142, -2.5492686201468193e-16),
    (-5.6671624415568855, -3.2153051074948335e-18),
    (-6.678418213073427, 3.470798723495241e-16),
    (-7.687788325031626, -1.351562494643672e-16),
    (-8.695764163816401, -3.2859903716289447e-16),
    (-9.702672540001863, -3.2563178405401477e-16),
    (-10.708740838254144, -6.287211750540301e-16),
    (-11.714133061228955, 8.598250154343834e-16),
    (-12.718971025749207, -4.752312432106917e-16),
    (-13.723347457363827, 4.528278691518058e-16),
    (-14.727334416018529, -3.6618399963139786e-17),
    (-15.730988906332882, 1.0551956373365842e-16),
    (-16.734356723955734, -1.2039501631800144e-15),
    (-17.73747515997759, -5.125776230727235e-16),
    (-18.7403749447801, 7.757330874026816e-16),
    (-19.74308167259022, 6.505672516695227e-16),
];

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
