//! Bessel functions of integer order: `J`, modified `I`, spherical `j`.
//!
//! * `J` by `libm`, whose error is relative to the envelope of the waves, and where that is too much by the ascending
//!   series (DLMF 10.2.2) in twice the precision: beside zeros up to 25, and there for all orders above 1.
//! * `I` by the ascending series (DLMF 10.25.2), all positive, in twice the precision, and by Hankel's expansion
//!   (DLMF 10.40.1).
//! * Spherical `j` by its recurrence (DLMF 10.51.1), upwards where it oscillates, below that by the continued fraction of
//!   quotients: W. Gautschi, "Computational aspects of three-term recurrence relations", SIAM Review 9 (1967).

use std::f64::consts::PI;

use super::series::{Twofold, two_product};

/// Where the series in twice the precision still has all digits of `J`.
const SERIES: f64 = 25.0;

/// Bessel function of the first kind, `J₀(x)`.
///
/// ```
/// assert_eq!(downhill::real::special::bessel_j0(0.0), 1.0);
/// assert!(downhill::real::special::bessel_j0(2.404_825_557_695_773).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn bessel_j0(x: f64) -> f64 {
    let y = libm::j0(x);
    if beside_zero(x, y) { series(x, 0, -1.0) } else { y }
}

/// Bessel function of the first kind, `J₁(x)`.
///
/// ```
/// assert!((downhill::real::special::bessel_j1(1.0) - 0.440_050_585_744_933_5).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn bessel_j1(x: f64) -> f64 {
    let y = libm::j1(x);
    if beside_zero(x, y) { series(x, 1, -1.0) } else { y }
}

/// Whether the value is less than half of the envelope `√(2/πx)`, to which the error of `libm` is relative.
fn beside_zero(x: f64, y: f64) -> bool {
    x.abs() > 1.0 && x.abs() < SERIES && y * y * x.abs() < 0.16
}

/// Bessel function of the first kind and integer order, `Jₙ(x)`.
///
/// ```
/// use downhill::real::special::bessel_jn;
/// assert!((bessel_jn(1.0, 2) - 0.114_903_484_931_900_48).abs() < 1e-15);
/// assert_eq!(bessel_jn(1.0, -3), -bessel_jn(1.0, 3));
/// ```
#[inline(never)]
pub fn bessel_jn(x: f64, n: i32) -> f64 {
    let order = n.unsigned_abs();
    if !within_series(x, order) {
        return libm::jn(n, x);
    }
    let y = series(x, order, -1.0);
    if n < 0 && order % 2 == 1 { -y } else { y }
}

/// Modified Bessel function of the first kind, `I₀(x)`.
///
/// ```
/// assert!((downhill::real::special::bessel_i0(1.0) - 1.266_065_877_752_008_4).abs() < 1e-15);
/// ```
#[inline]
pub fn bessel_i0(x: f64) -> f64 {
    bessel_in(x, 0)
}

/// Modified Bessel function of the first kind, `I₁(x)`.
///
/// ```
/// assert!((downhill::real::special::bessel_i1(1.0) - 0.565_159_103_992_485).abs() < 1e-15);
/// ```
#[inline]
pub fn bessel_i1(x: f64) -> f64 {
    bessel_in(x, 1)
}

/// Modified Bessel function of the first kind and integer order, `Iₙ(x)`.
///
/// ```
/// use downhill::real::special::bessel_in;
/// assert!((bessel_in(1.0, 2) - 0.135_747_669_767_038_28).abs() < 1e-15);
/// assert_eq!(bessel_in(1.0, -3), bessel_in(1.0, 3));
/// ```
#[inline(never)]
pub fn bessel_in(x: f64, n: i32) -> f64 {
    let order = n.unsigned_abs();
    let size = x.abs();
    let m = f64::from(order);
    let y = if size > 40.0 && size > m * m { hankel(size, m) } else { series(size, order, 1.0) };
    if x < 0.0 && order % 2 == 1 { -y } else { y }
}

/// Whether an alternating series of order `n` cancels no more than twice the precision can bear: some `e^(x²/2n)`.
fn within_series(x: f64, n: u32) -> bool {
    x.abs() < SERIES || x * x < 60.0 * f64::from(n)
}

/// `Σ (x/2)ⁿ⁺²ᵏ sᵏ / (k! (n+k)!)`: `J` with `s = −1`, `I` with `s = 1`.
fn series(x: f64, n: u32, sign: f64) -> f64 {
    let mut term = Twofold { high: 1.0, low: 0.0 };
    for k in 1..=n {
        term = term.scaled(0.5 * x).over(f64::from(k));
        if !(term.high != 0.0 && term.high.is_finite()) {
            return term.high;
        }
    }
    let (high, low) = two_product(0.5 * x, sign * 0.5 * x);
    let square = Twofold { high, low };
    let (mut sum, mut k) = (term, 0.0);
    loop {
        k += 1.0;
        term = term.times(square).over(k * (k + f64::from(n)));
        sum = sum.plus(term);
        if term.high.abs() <= 1e-20 * sum.high.abs() || !sum.high.is_finite() {
            return if sum.high.is_nan() && x.is_finite() { f64::INFINITY } else { sum.value() };
        }
    }
}

/// `Iₙ(x) ~ eˣ/√(2πx) Σ (−1)ᵏ aₖ(n) / xᵏ`, for `x > 40` and `x > n²`.
fn hankel(x: f64, n: f64) -> f64 {
    // What follows the 1, apart from it: each sum with it would round.
    let (mut rest, mut term, mut k) = (0.0, 1.0, 0.0);
    while f64::abs(term) > 1e-18 && k < 60.0 {
        k += 1.0;
        let odd = 2.0 * k - 1.0;
        term *= (odd * odd - 4.0 * n * n) / (8.0 * k * x);
        rest += term;
    }
    let sum = (1.0 + rest) / (2.0 * PI * x).sqrt();
    if x < 700.0 {
        return sum * x.exp();
    }
    // eˣ alone overflows a little earlier than the quotient.
    let root = (0.5 * x).exp();
    if root.is_finite() { sum * root * root } else { root }
}

/// Unnormalised sine cardinal, `sin x / x`, 1 at 0: the spherical Bessel function `j₀`.
///
/// ```
/// assert_eq!(downhill::real::special::sinc(0.0), 1.0);
/// assert!(downhill::real::special::sinc(std::f64::consts::PI).abs() < 1e-16);
/// ```
#[inline]
pub fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        x.sin() / x
    }
}

/// Spherical Bessel function of the first kind, `jₙ(x) = √(π/2x) Jₙ₊½(x)`; `j₀` is [`sinc`].
///
/// ```
/// use downhill::real::special::spherical_jn;
/// assert_eq!(spherical_jn(0.0, 1), 0.0);
/// assert!((spherical_jn(1.0, 1) - 0.301_168_678_939_756_8).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn spherical_jn(x: f64, n: u32) -> f64 {
    if n == 0 || x.is_nan() {
        return sinc(x);
    }
    let size = x.abs();
    if size.is_infinite() {
        return 0.0;
    }
    let y = if size > f64::from(n) + 1.0 { spherical_upwards(size, n) } else { spherical_downwards(size, n) };
    if x < 0.0 && n % 2 == 1 { -y } else { y }
}

fn spherical_upwards(x: f64, n: u32) -> f64 {
    let (mut before, mut y) = (x.sin() / x, (x.sin() / x - x.cos()) / x);
    for k in 1..n {
        (before, y) = (y, f64::from(2 * k + 1) / x * y - before);
    }
    y
}

/// `jₙ` for `x ≤ n + 1`, DLMF 10.53.1: the series, in twice the precision once it alternates in earnest, then quotients.
fn spherical_downwards(x: f64, n: u32) -> f64 {
    let m = 2.0 * f64::from(n) + 1.0;
    if n < 3 && x * x < m + 2.0 {
        let prefix = (1..=n).fold(1.0, |p, k| p * (x / f64::from(2 * k + 1)));
        let (mut rest, mut term, mut k) = (0.0, 1.0, 0.0);
        while f64::abs(term) > 1e-18 {
            k += 1.0;
            term *= -0.5 * x * x / (k * (m + 2.0 * k));
            rest += term;
        }
        return prefix + prefix * rest;
    }
    if within_series(x, n) {
        let (high, low) = two_product(-0.5 * x, x);
        let one = Twofold { high: 1.0, low: 0.0 };
        let (mut sum, mut term, mut k) = (one, one, 0.0);
        while term.high.abs() > 1e-20 * sum.high.abs() {
            k += 1.0;
            term = term.times(Twofold { high, low }).over(k * (m + 2.0 * k));
            sum = sum.plus(term);
        }
        return (1..=n).fold(sum, |p, k| p.scaled(x).over(f64::from(2 * k + 1))).value();
    }
    spherical_quotients(x, n)
}

/// Quotients `jₖ₊₁/jₖ` from far above, from the larger of `j₀` and `j₁`: the other may be beside its zero.
fn spherical_quotients(x: f64, n: u32) -> f64 {
    let (mut ratio, mut k) = (0.0, n + 40 + x as u32);
    let (mut product, mut above_first) = (1.0, 1.0);
    while k >= 1 {
        ratio = 1.0 / (f64::from(2 * k + 1) / x - ratio);
        if k <= n {
            above_first = product;
            product *= ratio;
        }
        k -= 1;
    }
    let (j0, j1) = (x.sin() / x, (x.sin() / x - x.cos()) / x);
    if j0.abs() > j1.abs() { product * j0 } else { above_first * j1 }
}
