//! The family of the error function.
//!
//! * `erfcx(x) = e^(x²) erfc(x)`: `(1 + 2x) erfcx(x)` as a Chebyshev sum in `(x − k)/(x + k)`, after M. M. Shepherd and
//!   J. G. Laframboise, "Chebyshev approximation of (1+2x)exp(x²)erfc x in 0 ≤ x < ∞", Math. Comp. 36 (1981); the
//!   coefficients are from `tests/reference/coefficients.py`.
//! * `e^(x²) iⁿerfc(x)`, the repeated integrals: their recurrence (DLMF 7.18), run backwards after W. Gautschi,
//!   "Evaluation of the repeated integrals of the coerror function", ACM TOMS 3 (1977).
//! * The inverses: M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Appl. Statist. 37
//!   (1988), then one step of Newton.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

use super::gauss;
use super::series::{LARGE, SMALLER, Twofold, chebyshev, recur, two_product};

/// 1/√2 beyond its 53 bits.
const FRAC_1_SQRT_2_LOW: f64 = -4.833646656726457e-17;
/// 1/√π to twice the precision.
const FRAC_1_SQRT_PI: (f64, f64) = (0.5641895835477563, 7.66772980658294e-18);
/// 1/√(2π)
const FRAC_1_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// Scaled complementary error function, `e^(x²) erfc(x)`: where `erfc` underflows, it falls as `1/(x√π)`.
///
/// Largest error met: 2.4 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::erfcx(0.0), 1.0);
/// assert!((downhill::real::special::erfcx(1e10) * 1e10 - 0.564_189_583_547_756_3).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn erfcx(x: f64) -> f64 {
    if x < 0.25 {
        // Beyond −27 the exponential overflows, and Dekker's splitting must not.
        let x = x.max(-30.0);
        let (square, rounding) = two_product(x, x);
        let growth = square.exp();
        return if growth.is_finite() { (growth + growth * rounding) * libm::erfc(x) } else { growth };
    }
    if x > 1e9 {
        return 0.5 * FRAC_2_SQRT_PI / x;
    }
    let t = (x - 3.75) / (x + 3.75);
    chebyshev(&SCALED_ERFC, t) / (1.0 + 2.0 * x)
}

/// `e^(x²) iⁿerfc(x)`, the scaled repeated integrals of `erfc`; `n = 0` is [`erfcx`].
///
/// Largest error met: 3.6 ulp.
///
/// ```
/// use downhill::real::special::ierfcx;
/// assert!((ierfcx(0.0, 1) - 0.564_189_583_547_756_3).abs() < 1e-15); // 1/√π
/// ```
#[inline(never)]
pub fn ierfcx(x: f64, n: u32) -> f64 {
    if n == 0 || x.is_nan() {
        return erfcx(x);
    }
    if x > 1e9 {
        // The quotients are 1/2x to all digits; beyond 1e200 what is left is at most 1/x².
        let start = Twofold::new(if x > 1e200 { 0.0 } else { erfcx(x) }, 0.0);
        return (0..n.min(1000)).fold(start, |w, _| w.over(2.0 * x.min(1e200))).value();
    }
    if x < 0.0 {
        ierfcx_upwards(x, n)
    } else if x < 0.5 && n > TOP {
        ierfcx_series(x, n)
    } else {
        erfcx(x) * ierfcx_ratio(x, n)
    }
}

/// The recurrence `wₖ = (wₖ₋₂ − 2x wₖ₋₁) / 2k` for negative `x`, both terms of which are positive.
fn ierfcx_upwards(x: f64, n: u32) -> f64 {
    let growth = erfcx(x);
    if growth.is_infinite() {
        return growth;
    }
    let (mut before, mut w) =
        (Twofold::new(FRAC_1_SQRT_PI.0, FRAC_1_SQRT_PI.1).scaled(2.0), Twofold::new(growth, 0.0));
    for k in 1..=n {
        (before, w) = (w, before.plus(w.scaled(-2.0 * x)).over(2.0 * f64::from(k)));
    }
    w.value()
}

/// Taylor's series at 0, where `wₙ⁽ᵏ⁾ = (−2)ᵏ (n+1)…(n+k) wₙ₊ₖ` and `wₘ₊₂ = wₘ / (2m + 4)` from `w₀ = 1` and `w₁ = 1/√π`,
/// in twice the precision as it alternates.
fn ierfcx_series(x: f64, n: u32) -> f64 {
    let (mut here, mut next) = (Twofold::new(1.0, 0.0), Twofold::new(FRAC_1_SQRT_PI.0, FRAC_1_SQRT_PI.1));
    for m in 0..n {
        (here, next) = (next, here.over(2.0 * f64::from(m) + 4.0));
    }
    let (mut sum, mut power, mut m, mut k) = (here, Twofold::new(1.0, 0.0), f64::from(n), 0.0);
    loop {
        k += 1.0;
        (here, next) = (next, here.over(2.0 * m + 4.0));
        m += 1.0;
        power = power.scaled(-2.0 * x).scaled(m).over(k);
        let term = here.times(power);
        sum = sum.plus(term);
        if term.high.abs() <= 1e-18 * sum.high.abs() {
            return sum.value();
        }
    }
}

/// The order at which the quotients below start as a Chebyshev sum.
const TOP: u32 = 8;

/// `wₙ / w₀` by the recurrence `wₖ₋₁ = 2x wₖ + 2(k+1) wₖ₊₁`, both terms positive, from `ρₙ = wₙ / wₙ₋₁` downwards.
fn ierfcx_ratio(x: f64, n: u32) -> f64 {
    let one = Twofold { high: 1.0, low: 0.0 };
    let top = n.max(TOP);
    let start = if n > TOP { Twofold { high: far_ratio(x, n), low: 0.0 } } else { eighth_ratio(x) };
    let (mut above, mut here) = (start, one);
    let mut wanted = if n == top { above } else { one };
    for k in (1..top).rev() {
        if k == n {
            wanted = here;
        }
        let (high, error) = two_product(2.0 * f64::from(k + 1), above.high);
        let rest = Twofold { high, low: error + 2.0 * f64::from(k + 1) * above.low };
        (above, here) = (here, recur(Twofold { high: 2.0 * x, low: 0.0 }, here, rest));
        if here.high > LARGE {
            [wanted, above, here] = [wanted, above, here].map(|w| w.times_plain(SMALLER));
        }
    }
    // The high part of a quotient of sums, and their low parts to the first order.
    let quotient = wanted.high / here.high;
    quotient + quotient * (wanted.low / wanted.high - here.low / here.high)
}

/// `ρ₈`: a smooth function of `x/√(x² + 18)`, near 1, over `x + √(x² + 18)`. At 0 nothing damps its error further down.
fn eighth_ratio(x: f64) -> Twofold {
    let (high, low) = two_product(x, x);
    let root = Twofold::new(high, low).plus(Twofold { high: 18.0, low: 0.0 }).root();
    let divisor = root.plus(Twofold { high: x, low: 0.0 });
    let smooth = Twofold::new(1.0, chebyshev(&EIGHTH_RATIO, 2.0 * (x / root.high) - 1.0));
    smooth.over(divisor.high).times(Twofold::new(1.0, -divisor.low / divisor.high))
}

/// `ρₙ` by its continued fraction from far above.
fn far_ratio(x: f64, n: u32) -> f64 {
    // What is wrong at the start falls with e^(−2x√(2k)).
    let start = (f64::from(n).sqrt() + 10.6 / x).powi(2) + 10.0;
    let mut k = start.floor();
    // The fixed point of the recurrence is a better end than 0.
    let mut ratio = 1.0 / (x + (x * x + 2.0 * (k + 1.0)).sqrt());
    while k >= f64::from(n) {
        ratio = 1.0 / (2.0 * x + 2.0 * (k + 1.0) * ratio);
        k -= 1.0;
    }
    ratio
}

/// `(h, l)` with `h + l = x/√2` to twice the precision.
#[inline(always)]
fn over_sqrt_2(x: f64) -> (f64, f64) {
    let (high, rounding) = two_product(x, FRAC_1_SQRT_2);
    (high, rounding + x * FRAC_1_SQRT_2_LOW)
}

/// Density of the standard normal distribution, `e^(−x²/2) / √(2π)`.
///
/// Largest error met: 3.3 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::norm_pdf(0.0), 0.398_942_280_401_432_7);
/// ```
#[inline]
pub fn norm_pdf(x: f64) -> f64 {
    let (high, low) = over_sqrt_2(x.clamp(-40.0, 40.0));
    let bell = gauss(high);
    (bell - 2.0 * high * low * bell) * FRAC_1_SQRT_2PI
}

/// Distribution function of the standard normal distribution, `Φ(x)`, to full relative accuracy in the left tail.
///
/// Largest error met: 2.6 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::norm_cdf(0.0), 0.5);
/// assert!(downhill::real::special::norm_cdf(-38.0) > 0.0);
/// ```
#[inline(never)]
pub fn norm_cdf(x: f64) -> f64 {
    let (high, low) = over_sqrt_2(-x.clamp(-40.0, 40.0));
    // The argument's rounding error counts x² times over in the tail.
    0.5 * (libm::erfc(high) - low * FRAC_2_SQRT_PI * gauss(high))
}

/// `ln Φ(x)`, the logarithm of [`norm_cdf`], without underflow in the left tail and without cancellation in the right.
///
/// Largest error met: 2.7 ulp.
///
/// ```
/// assert_eq!(downhill::real::special::log_norm_cdf(0.0), 0.5f64.ln());
/// assert_eq!(downhill::real::special::log_norm_cdf(-1e8).round(), -5e15 - 19.0);
/// ```
#[inline(never)]
pub fn log_norm_cdf(x: f64) -> f64 {
    if x < -1.0 {
        (0.5 * erfcx(-x * FRAC_1_SQRT_2)).ln() - 0.5 * x * x
    } else if x < 0.5 {
        norm_cdf(x).ln()
    } else {
        (-norm_cdf(-x)).ln_1p()
    }
}

/// Inverse of the error function on [−1, 1].
///
/// Largest error met: 2.2 ulp.
///
/// ```
/// use downhill::real::special::{erf, erf_inv};
/// assert!((erf_inv(erf(0.7)) - 0.7).abs() < 1e-15);
/// assert_eq!(erf_inv(1.0), f64::INFINITY);
/// ```
#[inline(never)]
pub fn erf_inv(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        // The halves below would lose digits of subnormal numbers.
        x / FRAC_2_SQRT_PI
    } else if x.abs() <= 0.5 {
        central(0.5 * x)
    } else {
        // 1 − |x| is exact from one half on.
        tail(1.0 - x.abs()).copysign(x)
    }
}

/// Inverse of [`norm_cdf`] on [0, 1]: the quantile, or percentage point, of the standard normal distribution.
///
/// Largest error met: 3.1 ulp.
///
/// ```
/// use downhill::real::special::norm_ppf;
/// assert_eq!(norm_ppf(0.5), 0.0);
/// assert!((norm_ppf(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn norm_ppf(p: f64) -> f64 {
    if (p - 0.5).abs() <= 0.25 {
        SQRT_2 * central(p - 0.5)
    } else if p < 0.5 {
        -SQRT_2 * tail(2.0 * p)
    } else {
        SQRT_2 * tail(2.0 * (1.0 - p))
    }
}

/// `y` with `erf(y) = 2q`, for `|q| ≤ 1/4`.
fn central(q: f64) -> f64 {
    let r = 0.180625 - q * q;
    let y = FRAC_1_SQRT_2 * q * fraction(r, &CENTRAL);
    y - (libm::erf(y) - 2.0 * q) / (FRAC_2_SQRT_PI * gauss(y))
}

/// `y` with `erfc(y) = q`, for `0 ≤ q ≤ 1/2`.
fn tail(q: f64) -> f64 {
    if q.is_nan() || q <= 0.0 {
        return if q == 0.0 { f64::INFINITY } else { f64::NAN };
    }
    // The logarithm of a subnormal number is as good as any; half of it would not be exact.
    let logarithm = q.ln();
    let r = (std::f64::consts::LN_2 - logarithm).sqrt();
    let y = FRAC_1_SQRT_2 * if r <= 5.0 { fraction(r - 1.6, &MIDDLE) } else { fraction(r - 5.0, &FAR) };
    let scaled = erfcx(y);
    if y < 2.0 {
        return y + (gauss(y) * scaled - q) / (FRAC_2_SQRT_PI * gauss(y));
    }
    // Newton for ln erfc(y) = ln q, which does not underflow.
    y + (scaled.ln() - y * y - logarithm) * scaled / FRAC_2_SQRT_PI
}

/// A quotient of polynomials of degree 7, the coefficients by rising powers.
fn fraction(r: f64, [above, below]: &[[f64; 8]; 2]) -> f64 {
    let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * r + c);
    horner(above) / horner(below)
}

#[rustfmt::skip]
const CENTRAL: [[f64; 8]; 2] = [
    [3.387_132_872_796_366_6, 133.141_667_891_784_38, 1_971.590_950_306_551_3, 13_731.693_765_509_46,
     45_921.953_931_549_87, 67_265.770_927_008_7, 33_430.575_583_588_13, 2_509.080_928_730_122_7],
    [1.0, 42.313_330_701_600_91, 687.187_007_492_057_9, 5_394.196_021_424_751,
     21_213.794_301_586_597, 39_307.895_800_092_71, 28_729.085_735_721_943, 5_226.495_278_852_545],
];

#[rustfmt::skip]
const MIDDLE: [[f64; 8]; 2] = [
    [1.423_437_110_749_683_5, 4.630_337_846_156_546, 5.769_497_221_460_691, 3.647_848_324_763_204_5,
     1.270_458_252_452_368_4, 0.241_780_725_177_450_6, 0.022_723_844_989_269_184, 7.745_450_142_783_414e-4],
    [1.0, 2.053_191_626_637_759, 1.676_384_830_183_803_8, 0.689_767_334_985_1,
     0.148_103_976_427_480_08, 0.015_198_666_563_616_457, 5.475_938_084_995_345e-4, 1.050_750_071_644_416_9e-9],
];

#[rustfmt::skip]
const FAR: [[f64; 8]; 2] = [
    [6.657_904_643_501_103, 5.463_784_911_164_114, 1.784_826_539_917_291_3, 0.296_560_571_828_504_87,
     0.026_532_189_526_576_124, 0.001_242_660_947_388_078_4, 2.711_555_568_743_487_6e-5, 2.010_334_399_292_288_1e-7],
    [1.0, 0.599_832_206_555_887_9, 0.136_929_880_922_735_8, 0.014_875_361_290_850_615,
     7.868_691_311_456_133e-4, 1.846_318_317_510_054_8e-5, 1.421_511_758_316_446e-7, 2.044_263_103_389_939_8e-15],
];

const SCALED_ERFC: [f64; 25] = [
    1.1775789345674017,
    -0.004590054580646478,
    -0.08424913336651792,
    0.05920993999819189,
    -0.026658668435305753,
    0.009074997670705265,
    -0.002413163540417608,
    0.0004907758365258086,
    -6.916973302501207e-05,
    4.13902798607301e-06,
    7.74038306619849e-07,
    -2.1886401049234397e-07,
    1.076499946567091e-08,
    4.521959811218287e-09,
    -7.754400208831351e-10,
    -6.318088340886684e-11,
    2.86879501093067e-11,
    1.9455868545777347e-13,
    -9.65469674843344e-13,
    3.25254814814874e-14,
    3.3478119482868056e-14,
    -1.864562880419313e-15,
    -1.2507950530688648e-15,
    7.418235256624044e-17,
    5.068148904796111e-17,
];

const EIGHTH_RATIO: [f64; 24] = [
    0.010379667616101153,
    -0.01393958748773438,
    0.0036551757267509585,
    -0.00011723146805259624,
    1.9744671216376645e-05,
    2.122583837941273e-06,
    3.427989335569029e-08,
    6.827527812491425e-08,
    4.059834423450676e-09,
    1.4160999060644536e-09,
    2.6726430987776135e-10,
    4.4929931221584256e-11,
    1.1689545056757424e-11,
    2.203209081194736e-12,
    5.306016242956526e-13,
    1.1987224497232562e-13,
    2.8125526240825565e-14,
    6.8842601273627665e-15,
    1.6820286343743429e-15,
    4.266838066595111e-16,
    1.0929808184992892e-16,
    2.8612456168097416e-17,
    7.612984757364703e-18,
    2.0576444731549027e-18,
];
