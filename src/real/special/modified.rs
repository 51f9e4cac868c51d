//! Modified Bessel functions of integer order, `I`.
//!
//! * `I₀` and `I₁` between the regions below as Chebyshev sums, with coefficients from `tests/reference/coefficients.py`.
//! * The ascending series (DLMF 10.25.2) for small arguments, Hankel's expansion (DLMF 10.40.1) for large ones.
//! * Else Miller's algorithm, as for `J`: the recurrence (DLMF 10.29.1) downwards, made absolute by
//!   `I₀ + 2I₁ + 2I₂ + … = eˣ` (DLMF 10.35.5).

use std::f64::consts::PI;

use super::bessel::{descend, series, vanishes, within_series};
use super::series::chebyshev;

/// Modified Bessel function of the first kind, `I₀(x)`.
///
/// Largest error met: 3.0 ulp.
///
/// ```
/// assert!((downhill::real::special::bessel_i0(1.0) - 1.266_065_877_752_008_4).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn bessel_i0(x: f64) -> f64 {
    let size = x.abs();
    if (1.4..40.0).contains(&size) { scaled(size, 1.4, &I0_NEAR, &I0_FAR) } else { of_any_order(size, 0) }
}

/// Modified Bessel function of the first kind, `I₁(x)`.
///
/// Largest error met: 2.5 ulp.
///
/// ```
/// assert!((downhill::real::special::bessel_i1(1.0) - 0.565_159_103_992_485).abs() < 1e-15);
/// ```
#[inline(never)]
pub fn bessel_i1(x: f64) -> f64 {
    let size = x.abs();
    let y = if (2.0..40.0).contains(&size) {
        scaled(size, 2.0, &I1_NEAR, &I1_FAR)
    } else {
        of_any_order(size, 1)
    };
    y.copysign(x)
}

/// Modified Bessel function of the first kind and integer order, `Iₙ(x)`.
///
/// Largest error met: 3.4 ulp.
///
/// ```
/// use downhill::real::special::bessel_in;
/// assert!((bessel_in(1.0, 2) - 0.135_747_669_767_038_28).abs() < 1e-15);
/// assert_eq!(bessel_in(1.0, -3), bessel_in(1.0, 3));
/// ```
#[inline(never)]
pub fn bessel_in(x: f64, n: i32) -> f64 {
    let (size, order) = (x.abs(), n.unsigned_abs());
    let y = match order {
        0 => bessel_i0(size),
        1 => bessel_i1(size),
        _ => of_any_order(size, order),
    };
    if x.is_sign_negative() && order % 2 == 1 { -y } else { y }
}

fn of_any_order(x: f64, n: u32) -> f64 {
    let m = f64::from(n);
    if x.is_nan() {
        x
    } else if n > 0 && vanishes(x, m) {
        0.0
    } else if within_series(x, n) {
        series(x, n, 1.0)
    } else if x > 40.0 && x > m * m {
        hankel(x, m)
    } else {
        times_exp(scaled_miller(x, n), x)
    }
}

/// `e⁻ˣ I(x)` as a sum in `x` from `low` to 8, `√x e⁻ˣ I(x)` as one in `1/x` from there to 40, times what is missing.
fn scaled(x: f64, low: f64, near: &[f64], far: &[f64]) -> f64 {
    if x < 8.0 {
        return x.exp() * chebyshev(near, (2.0 * x - 8.0 - low) / (8.0 - low));
    }
    x.exp() * chebyshev(far, 20.0 / x - 1.5) / x.sqrt()
}

/// `e⁻ˣ Iₙ(x)` for `x > 0` by Miller's algorithm.
fn scaled_miller(x: f64, n: u32) -> f64 {
    // Iₘ falls as e^(−m²/2x), in the end faster.
    let start = f64::from(n).hypot((88.0 * x).sqrt()) + 12.0;
    let y = descend(x, n, start as u32, 0, 1.0);
    y.wanted.value() / y.sum.times_plain(2.0).joined(y.zeroth).value()
}

/// `y eˣ`, which may be finite where `eˣ` is not.
fn times_exp(y: f64, x: f64) -> f64 {
    if x < 700.0 {
        return y * x.exp();
    }
    let root = (0.5 * x).exp();
    if root.is_finite() { y * root * root } else { root }
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
    times_exp((1.0 + rest) / (2.0 * PI * x).sqrt(), x)
}

const I0_NEAR: [f64; 27] = [
    0.22124296250827333,
    -0.10406291225268034,
    0.03609062171655685,
    -0.013600626340699118,
    0.005168322979310852,
    -0.0019086528284674958,
    0.0006708535971032928,
    -0.00022188111895466944,
    6.868272982337967e-05,
    -1.9861835158306666e-05,
    5.367425921204821e-06,
    -1.3574869243470312e-06,
    3.219955702332333e-07,
    -7.180566054790199e-08,
    1.5092272896179683e-08,
    -2.9972574054606506e-09,
    5.637925701870356e-10,
    -1.0068041644082112e-10,
    1.7106094358964394e-11,
    -2.7709601181594613e-12,
    4.287664533644606e-13,
    -6.349015853757995e-14,
    9.011985297530062e-15,
    -1.2281432740331645e-15,
    1.609289571766868e-16,
    -2.0303804886387858e-17,
    2.4696915153580205e-18,
];

const I0_FAR: [f64; 22] = [
    0.40290030845282315,
    0.0027380250806201306,
    4.624967998456978e-05,
    1.6449621428470516e-06,
    1.0262444410120838e-07,
    1.0224346548837321e-08,
    1.2698325705299908e-09,
    9.90823569060086e-11,
    -2.4867182514915436e-11,
    -1.264846450539277e-11,
    -1.7540863061133635e-12,
    4.204925431891067e-13,
    1.8607510156409565e-13,
    -5.61212542662116e-15,
    -1.4249425077359558e-14,
    -4.231569747135515e-16,
    1.1321202600140229e-15,
    3.579734767181933e-17,
    -9.835044234588617e-17,
    1.9395271405232064e-18,
    8.80741904857339e-18,
    -1.0485906121721365e-18,
];

const I1_NEAR: [f64; 26] = [
    0.16978541821375384,
    -0.04081701544471595,
    0.005471504822387463,
    -3.7199867430543946e-05,
    -0.00043501169617069646,
    0.000251098738494547,
    -0.00010387010560561069,
    3.633595171172561e-05,
    -1.1283779531380381e-05,
    3.177177262795525e-06,
    -8.207879854204014e-07,
    1.9608259818179285e-07,
    -4.357416283937996e-08,
    9.050622962020252e-09,
    -1.764216796822223e-09,
    3.238856123342663e-10,
    -5.6178391818434265e-11,
    9.23249404283715e-12,
    -1.4413186299625083e-12,
    2.1424611174509566e-13,
    -3.038877038591557e-14,
    4.121171205140304e-15,
    -5.353393026179594e-16,
    6.672258557181179e-17,
    -7.991588912221358e-18,
    9.211778847067533e-19,
];

const I1_FAR: [f64; 22] = [
    0.3873660952131295,
    -0.007877822058303386,
    -7.367873064828685e-05,
    -2.1899123295195604e-06,
    -1.2460841406573634e-07,
    -1.1779744738402103e-08,
    -1.4359470030467286e-09,
    -1.1720403071781085e-10,
    2.4806567908444725e-11,
    1.3439497023351746e-11,
    1.964546093964797e-12,
    -4.177632379380127e-13,
    -1.9801699357987628e-13,
    3.771069042612875e-15,
    1.485690304400405e-14,
    5.965826942582232e-16,
    -1.169912053458709e-15,
    -4.9609491995673124e-17,
    1.0157862918638708e-16,
    -9.282209135877523e-19,
    -9.147900182701564e-18,
    9.895945701576783e-19,
];
