//! Bessel functions of integer order: `J`, and spherical `j`.
//!
//! * `J₀` and `J₁` up to 20 by `libm`, whose error is relative to the envelope of the waves; beside zeros
//!   by Taylor's series there.
//! * Far out by Hankel's expansion (DLMF 10.17.3).
//! * `J` by the ascending series (DLMF 10.2.2) where it does not cancel, else by Miller's algorithm: the recurrence (DLMF
//!   10.6.1) downwards from an order where the function is negligible, made absolute by `J₀ + 2J₂ + 2J₄ + … = 1` (DLMF
//!   10.12.4). With the rounding errors carried along all digits are right even beside zeros. W. Gautschi, "Computational
//!   aspects of three-term recurrence relations", SIAM Review 9 (1967).
//! * `J` of orders far below a large argument by the same recurrence upwards, from `J₀` and `J₁`.
//! * Spherical `j` by its recurrence (DLMF 10.51.1), upwards where it oscillates, downwards below that.

use std::f64::consts::PI;

use super::series::{LARGE, SMALLER, Twofold, factorial, recur, split};

/// 1/√π
const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;

/// Up to here the relative accuracy holds beside the zeros too.
const EXACT: f64 = 25.0;

/// From here on Hankel's expansion has all digits.
const WAVES: f64 = 20.0;

/// Bessel function of the first kind, `J₀(x)`.
///
/// Largest error met: 3.4 ulp; beyond 25 of the envelope `√(2/πx)`.
///
/// ```
/// assert_eq!(downhill::real::special::bessel_j0(0.0), 1.0);
/// assert!(downhill::real::special::bessel_j0(2.404_825_557_695_773).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn bessel_j0(x: f64) -> f64 {
    let size = x.abs();
    let y = if size > WAVES { waves(size, 0) } else { libm::j0(size) };
    if beside_zero(size, y) { about_zero(size, 0.0, &ZEROS_0).unwrap_or(y) } else { y }
}

/// Bessel function of the first kind, `J₁(x)`.
///
/// Largest error met: 3.5 ulp; beyond 25 of the envelope `√(2/πx)`.
///
/// ```
/// assert!((downhill::real::special::bessel_j1(1.0) - 0.440_050_585_744_933_5).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn bessel_j1(x: f64) -> f64 {
    let size = x.abs();
    let y = if size > WAVES { waves(size, 1) } else { libm::j1(size) };
    let y = if beside_zero(size, y) { about_zero(size, 1.0, &ZEROS_1).unwrap_or(y) } else { y };
    if x.is_sign_negative() { -y } else { y }
}

/// Whether the value is less than 0.7 of the envelope `√(2/πx)`, to which the error of `libm` and of the expansion is relative.
fn beside_zero(x: f64, y: f64) -> bool {
    x > 1.0 && x < EXACT && y * y * x < 0.32
}

/// `Jₙ` by Taylor's series about the nearest zero, to which the distance is exact; none if that is not near, as between 0 and
/// the first. With each zero comes the slope there; Bessel's equation (DLMF 10.2.1) yields the other coefficients.
fn about_zero(x: f64, n: f64, zeros: &[(f64, f64, f64)]) -> Option<f64> {
    // They are π apart, almost.
    let nearest = ((x - zeros[0].0) / PI).round().max(0.0) as usize;
    let &(z, low, slope) = zeros.get(nearest)?;
    let d = (x - z) - low;
    if d.abs() > 0.9 {
        return None;
    }
    let inverse = 1.0 / (z * z);
    // The last four coefficients, the newest first; what follows the 1 of y = slope · d (1 + …), and the power in it.
    let [mut a, mut b, mut c, mut e] = [1.0, 0.0, 0.0, 0.0];
    let (mut rest, mut power, mut k) = (0.0, 1.0, 0.0);
    while k < 20.0 {
        let terms = z * (k + 1.0) * (2.0 * k + 1.0) * a + (k * k + z * z - n * n) * b + (2.0 * z * c + e);
        let next = -terms * (inverse / ((k + 1.0) * (k + 2.0)));
        power *= d;
        rest += next * power;
        (a, b, c, e) = (next, a, b, c);
        k += 1.0;
    }
    Some(slope * d + slope * d * rest)
}

/// Bessel function of the first kind and integer order, `Jₙ(x)`.
///
/// Largest error met: 3.0 ulp; beyond 25 of the envelope `√(2/πx)`.
///
/// ```
/// use downhill::real::special::bessel_jn;
/// assert!((bessel_jn(1.0, 2) - 0.114_903_484_931_900_48).abs() < 1e-15);
/// assert_eq!(bessel_jn(1.0, -3), -bessel_jn(1.0, 3));
/// ```
#[inline(never)]
pub fn bessel_jn(x: f64, n: i32) -> f64 {
    let (size, order) = (x.abs(), n.unsigned_abs());
    let m = f64::from(order);
    let y = match order {
        0 => return bessel_j0(x),
        1 => bessel_j1(size),
        _ if size.is_nan() => return size,
        _ if size.is_infinite() || vanishes(size, m) => 0.0,
        _ if within_series(size, order) => series(size, order, -1.0),
        _ if size > EXACT && size > m * m => waves(size, order),
        // The errors of the first two grow no further while the waves are of one height.
        _ if size > EXACT && size > 2.0 * m => ascend(size, order, 0, bessel_j0(size), bessel_j1(size)),
        _ => miller(size, order),
    };
    // The signs of x and n: each turns an odd function over.
    if order % 2 == 1 && x.is_sign_negative() != (n < 0) { -y } else { y }
}

/// Whether `(x/2)ⁿ/n! e^(x²/4n)`, which neither function exceeds, underflows.
pub(super) fn vanishes(x: f64, n: f64) -> bool {
    n * (1.0 + (0.5 * x / n).ln()) + 0.25 * x * (x / n) < -760.0
}

/// Whether the terms of the ascending series fall from the first on, and by half at least.
pub(super) fn within_series(x: f64, n: u32) -> bool {
    n <= 170 && x * x < 2.0 * f64::from(n) + 2.0
}

/// `Σ (x/2)ⁿ⁺²ᵏ sᵏ / (k! (n+k)!)`: `J` with `s = −1`, `I` with `s = 1`.
pub(super) fn series(x: f64, n: u32, sign: f64) -> f64 {
    let (half, m) = (0.5 * x, f64::from(n));
    let square = sign * half * half;
    // What follows the 1, apart from it: each sum with it would round.
    let (mut rest, mut term, mut k) = (0.0, 1.0, 0.0);
    while f64::abs(term) > 1e-17 {
        k += 1.0;
        term *= square / (k * (k + m));
        rest += term;
    }
    let first = half.powf(m) / factorial(n);
    first + first * rest
}

/// `(2k + odd) / x` to twice the precision.
struct Factors {
    parts: [f64; 3],
    odd: u32,
}

impl Factors {
    fn new(x: f64, odd: u32) -> Factors {
        let inverse = Twofold { high: 1.0, low: 0.0 }.over(x);
        let (head, tail) = split(inverse.high);
        Factors { parts: [head, tail, inverse.low], odd }
    }

    #[inline(always)]
    fn at(&self, k: u32) -> Twofold {
        let m = 2.0 * f64::from(k) + f64::from(self.odd);
        // The first two are exact.
        let [head, tail, rest] = self.parts.map(|part| m * part);
        let high = head + tail;
        Twofold { high, low: ((head - high) + tail) + rest }
    }
}

/// What Miller's algorithm leaves, all of it times the same factor.
pub(super) struct Descent {
    /// Of order `n`.
    pub(super) wanted: Twofold,
    pub(super) zeroth: Twofold,
    first: Twofold,
    /// The sum over the orders from 1 on; of the even ones where the recurrence has a minus.
    pub(super) sum: Twofold,
}

/// `yₖ₋₁ = (2k + odd)/x yₖ + s yₖ₊₁` from `start` down to 0.
pub(super) fn descend(x: f64, n: u32, start: u32, odd: u32, sign: f64) -> Descent {
    let zero = Twofold { high: 0.0, low: 0.0 };
    let factors = Factors::new(x, odd);
    let (mut above, mut here) = (zero, Twofold { high: SMALLER, low: 0.0 });
    let (mut wanted, mut sum) = (zero, zero);
    for k in (1..=start).rev() {
        if k == n {
            wanted = here;
        }
        if sign > 0.0 || k % 2 == 0 {
            sum = sum.joined(here);
        }
        (above, here) = (here, recur(factors.at(k), here, above.times_plain(sign)));
        if here.high.abs() > LARGE {
            [wanted, sum, above, here] = [wanted, sum, above, here].map(|y| y.times_plain(SMALLER));
        }
    }
    Descent { wanted: if n == 0 { here } else { wanted }, zeroth: here, first: above, sum }
}

/// An order at which `J` and `j` are below 1e-19, and below 1e-10 of what they are at order `n`.
fn high_order(x: f64, n: u32) -> u32 {
    let m = x.max(f64::from(n));
    (m + 13.0 * m.cbrt() + 4.0) as u32
}

/// `Jₙ(x)` for `x > 0` by Miller's algorithm.
fn miller(x: f64, n: u32) -> f64 {
    let y = descend(x, n, high_order(x, n), 0, -1.0);
    y.wanted.value() / y.sum.times_plain(2.0).joined(y.zeroth).value()
}

/// `Jₙ(x) ~ √(2/πx) (P cos ω − Q sin ω)` with `ω = x − (2n + 1)π/4`, for large `x > n²`: Hankel's expansion.
fn waves(x: f64, n: u32) -> f64 {
    if x == f64::INFINITY {
        return 0.0;
    }
    let m = f64::from(n);
    let (mut term, mut k) = (1.0, 0.0);
    let mut next = || {
        k += 1.0;
        let odd = 2.0 * k - 1.0;
        term *= (4.0 * m * m - odd * odd) / (8.0 * k * x);
        term
    };
    // Q, and what follows the 1 of P. The terms go to them by turns, the sign changes every other time.
    let (mut p, mut q, mut last) = (0.0, 0.0, 1.0);
    while f64::abs(last) > 1e-18 {
        q += next();
        p -= next();
        q -= next();
        last = next();
        p += last;
    }
    let (sine, cosine) = x.sin_cos();
    // √2 cos ω and √2 sin ω, a quarter turn back for each order.
    let (c, s) = (cosine + sine, sine - cosine);
    let (c, s) = [(c, s), (s, -c), (-c, -s), (-s, c)][n as usize % 4];
    (c + (p * c - q * s)) / x.sqrt() * FRAC_1_SQRT_PI
}

/// Order `n` by the recurrence from the orders 0 and 1 upwards.
fn ascend(x: f64, n: u32, odd: u32, zeroth: f64, first: f64) -> f64 {
    let factors = Factors::new(x.min(1e290), odd);
    let plain = |high| Twofold { high, low: 0.0 };
    let (mut before, mut y) = (plain(zeroth), plain(first));
    for k in 1..n {
        (before, y) = (y, recur(factors.at(k), y, before.times_plain(-1.0)));
    }
    y.value()
}

/// Unnormalised sine cardinal, `sin x / x`, 1 at 0: the spherical Bessel function `j₀`.
///
/// Largest error met: 1.4 ulp.
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
/// Largest error met: 2.6 ulp; beyond `n + 1` of `1/x`.
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
    let (j0, j1) = (size.sin() / size, (size.sin() / size - size.cos()) / size);
    let y = if size > f64::from(n) + 1.0 {
        if n == 1 { j1 } else { ascend(size, n, 1, j0, j1) }
    } else if n < 3 && size * size < f64::from(2 * n + 3) {
        spherical_series(size, n)
    } else if f64::from(n) * (size / f64::from(n)).ln() < -760.0 {
        0.0
    } else {
        // From the larger of the two: the other may be beside its zero.
        let y = descend(size, n, high_order(size, n), 1, -1.0);
        let (base, known) = if j0.abs() > j1.abs() { (y.zeroth, j0) } else { (y.first, j1) };
        y.wanted.value() / base.value() * known
    };
    if x.is_sign_negative() && n % 2 == 1 { -y } else { y }
}

/// `jₙ` for small arguments, DLMF 10.53.1.
fn spherical_series(x: f64, n: u32) -> f64 {
    let m = 2.0 * f64::from(n) + 1.0;
    let prefix = (1..=n).fold(1.0, |p, k| p * (x / f64::from(2 * k + 1)));
    let (mut rest, mut term, mut k) = (0.0, 1.0, 0.0);
    while f64::abs(term) > 1e-18 {
        k += 1.0;
        term *= -0.5 * x * x / (k * (m + 2.0 * k));
        rest += term;
    }
    prefix + prefix * rest
}

/// The zeros of `J₀` up to 25 to twice the precision, and the slopes there, from `tests/reference/coefficients.py`.
const ZEROS_0: [(f64, f64, f64); 8] = [
    (2.404825557695773, -1.176691651530894e-16, -0.5191474972894667),
    (5.520078110286311, 8.088597146146722e-17, 0.34026480655836816),
    (8.653727912911013, -2.92812607320779e-16, -0.27145229992838193),
    (11.791534439014281, 2.812956912778735e-16, 0.23245983136472478),
    (14.930917708487787, -7.070514505983074e-16, -0.20654643307799603),
    (18.071063967910924, -9.658048089426209e-16, 0.18772880304043943),
    (21.21163662987926, 4.947077428784068e-16, -0.17326589422922986),
    (24.352471530749302, 9.169067133951066e-16, 0.16170155068925002),
];

/// The same of `J₁`.
const ZEROS_1: [(f64, f64, f64); 7] = [
    (3.8317059702075125, -1.5269184090088067e-16, -0.402759395702553),
    (7.015586669815619, -9.414165653410389e-17, 0.30011575252613254),
    (10.173468135062722, 4.482162274768888e-16, -0.2497048770578432),
    (13.323691936314223, 2.600408064718813e-16, 0.21835940724787295),
    (16.470630050877634, -1.619019544798128e-15, -0.1964653714686572),
    (19.615858510468243, -1.004445634526616e-15, 0.18006337534431555),
    (22.760084380592772, -4.925749373614922e-16, -0.16718460047381806),
];
