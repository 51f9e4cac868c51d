//! A few functions of the table for many numbers at once: loops without branches, of which the compiler makes vector code.
//!
//! ```text
//! eˣ = 2ⁿ e^r,   r = x − n ln 2 in two parts,   e^r = 1 + 2r / (2 − r) by a rational approximation of five terms
//! eˣ − 1 = 2ⁿ (e^r − 1) + (2ⁿ − 1)
//! ln x = k ln 2 + ln (1 + f),   x = 2ᵏ (1 + f),   s = f / (2 + f),   by a polynomial of s²
//! ```
//!
//! The approximations are those of FreeBSD's `e_exp.c` and `e_log.c`. Errors met on two million points each: `exp` and `ln` 1 ulp
//! of the standard library's, `sigmoid` and `softplus` 2 ulp of the scalar rows', `tanh` 3. For numbers that overflow, vanish, are
//! subnormal or none the results are those of the rows.
//!
//! The loops are compiled three times, and the one that the processor can run is chosen: `exp` takes 4.0, 1.5 and 0.9 ns for
//! a number in vectors of 128, 256 and 512 bits; the standard library's takes 4.5. No multiplication is fused with an
//! addition, so all three give the same bits.

use super::Unary;

/// `2⁵² · 1.5`: added to a number below 2⁵¹, leaves it rounded to an integer in the low bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
const LOG2_E: f64 = std::f64::consts::LOG2_E;
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// The nearest integer `n` to `x / ln 2`, as a number and in the low bits of another, and `e^r − 1` for what is left.
#[inline(always)]
fn reduced(x: f64) -> (u64, f64) {
    const P: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    let shifted = x * LOG2_E + ROUNDING;
    let n = shifted - ROUNDING;
    let (high, low) = (x - n * LN_2_HIGH, n * LN_2_LOW);
    let r = high - low;
    let t = r * r;
    let c = r - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    (shifted.to_bits(), high - (low - (r * c) / (2.0 - c)))
}

/// `2ⁿ` in two factors, for `n` in the low bits, −1200 to 1200: so that neither overflows.
#[inline(always)]
fn powers(bits: u64) -> (f64, f64) {
    let n = (((bits as i64) << 32) >> 32) as i32;
    let half = n >> 1;
    let power = |n: i32| f64::from_bits(((i64::from(n) + 1023) << 52) as u64);
    (power(half), power(n - half))
}

/// Kept to where the exponential is neither 0 nor infinite; NaN stays.
#[inline(always)]
fn within(x: f64, bound: f64) -> f64 {
    let x = if x > bound { bound } else { x };
    if x < -bound { -bound } else { x }
}

#[inline(always)]
fn exp(x: f64) -> f64 {
    let (bits, less_one) = reduced(within(x, 800.0));
    let (a, b) = powers(bits);
    (1.0 + less_one) * a * b
}

/// `eˣ − 1` for `0 ≤ x ≤ 100`.
#[inline(always)]
fn exp_m1(x: f64) -> f64 {
    let (bits, less_one) = reduced(x);
    let (a, b) = powers(bits);
    let power = a * b;
    power * less_one + (power - 1.0)
}

/// `s²` times a polynomial of it, with which `ln(1 + f) = f − f²/2 + s (f²/2 + this)`, for `1 + f` within √½ and √2.
#[inline(always)]
fn beyond_squares(s: f64) -> f64 {
    const P: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    let z = s * s;
    z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * (P[4] + z * (P[5] + z * P[6]))))))
}

/// `ln(1 + u)` for `0 ≤ u ≤ 1`.
#[inline(always)]
fn ln_1p(u: f64) -> f64 {
    let one_more = 1.0 + u;
    let rest = (u - (one_more - 1.0)) / one_more; // what rounding has cost
    let upper = one_more > std::f64::consts::SQRT_2;
    let k = if upper { 1.0 } else { 0.0 };
    let f = if upper { 0.5 * one_more - 1.0 } else { one_more - 1.0 };
    let (s, half) = (f / (2.0 + f), 0.5 * f * f);
    k * LN_2_HIGH - ((half - (s * (half + beyond_squares(s)) + (k * LN_2_LOW + rest))) - f)
}

#[inline(always)]
fn ln(x: f64) -> f64 {
    const TWO_54: f64 = 18_014_398_509_481_984.0;
    const TWO_52: f64 = 4_503_599_627_370_496.0;
    const ROOT: u64 = 0x3fe6_a09e_0000_0000; // √½
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    let small = x < f64::MIN_POSITIVE;
    let normal = if small { x * TWO_54 } else { x };
    let bits = normal.to_bits().wrapping_add(ONE - ROOT);
    // The exponent in the low bits of 2⁵², as vectors have no conversion of 64 bits everywhere.
    let exponent = f64::from_bits((bits >> 52) | TWO_52.to_bits()) - TWO_52;
    let k = exponent - if small { 1023.0 + 54.0 } else { 1023.0 };
    let f = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) + ROOT) - 1.0;
    let (s, half) = (f / (2.0 + f), 0.5 * f * f);
    let ln = k * LN_2_HIGH - ((half - (s * (half + beyond_squares(s)) + k * LN_2_LOW)) - f);
    let ln = if x < f64::INFINITY { ln } else { x }; // also NaN
    let ln = if x < 0.0 { f64::NAN } else { ln };
    if x == 0.0 { f64::NEG_INFINITY } else { ln }
}

#[inline(always)]
fn sigmoid(x: f64) -> f64 {
    let e = exp(-x.abs());
    (if x >= 0.0 { 1.0 } else { e }) / (1.0 + e)
}

#[inline(always)]
fn softplus(x: f64) -> f64 {
    let larger = if x > 0.0 { x } else { 0.0 };
    larger + ln_1p(exp(-x.abs()))
}

#[inline(always)]
fn tanh(x: f64) -> f64 {
    let e = exp_m1(within(2.0 * x.abs(), 100.0));
    (e / (e + 2.0)).copysign(x)
}

/// `1 − tanh² x = 4u / (1 + u)²`, `u = e^(−2|x|)`.
#[inline(always)]
fn tanh_slope(x: f64) -> f64 {
    let u = exp(-2.0 * x.abs());
    4.0 * u / ((1.0 + u) * (1.0 + u))
}

/// Defines a loop over slices, compiled for vectors of several widths.
macro_rules! loops {
    ($($name:ident: $x:ident, $y:ident => $value:expr;)*) => { $(
        fn $name<T: Number>(x: &[T], y: &[T], out: &mut [T]) {
            #[inline(always)]
            fn each<T: Number>(x: &[T], y: &[T], out: &mut [T]) {
                for ((out, x), y) in out.iter_mut().zip(x).zip(y) {
                    let ($x, $y) = (x.wide(), y.wide());
                    let _ = $y;
                    *out = T::narrow($value);
                }
            }
            widest!(each, x, y, out)
        }
    )* };
}

/// Calls `$each` as compiled for the widest vectors of the processor.
macro_rules! widest {
    ($each:ident, $x:ident, $y:ident, $out:ident) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
            fn with_512<T: Number>(x: &[T], y: &[T], out: &mut [T]) {
                $each(x, y, out);
            }
            #[target_feature(enable = "avx2")]
            fn with_256<T: Number>(x: &[T], y: &[T], out: &mut [T]) {
                $each(x, y, out);
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
            {
                #[allow(unsafe_code, reason = "see the head of the file: 4.0 → 0.9 ns")]
                // SAFETY: the processor has these instructions.
                return unsafe { with_512($x, $y, $out) };
            }
            if is_x86_feature_detected!("avx2") {
                #[allow(unsafe_code, reason = "see the head of the file: 4.0 → 1.5 ns")]
                // SAFETY: the processor has these instructions.
                return unsafe { with_256($x, $y, $out) };
            }
        }
        $each($x, $y, $out)
    }};
}

loops! {
    exps: x, y => exp(x);
    lns: x, y => ln(x);
    sigmoids: x, y => sigmoid(x);
    softpluses: x, y => softplus(x);
    tanhs: x, y => tanh(x);
    sigmoid_slopes: x, y => y * sigmoid(-x);
    tanh_slopes: x, y => tanh_slope(x);
}

/// A number of either precision; what is computed is computed in `f64`.
pub(crate) trait Number: Copy {
    fn wide(self) -> f64;

    fn narrow(x: f64) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }

    #[inline(always)]
    fn narrow(x: f64) -> f64 {
        x
    }
}

impl Number for f32 {
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn narrow(x: f64) -> f32 {
        x as f32
    }
}

/// The values of `op` at `x: [n]` into `out: [n]`. False, and nothing is written, if there is no such loop for it.
pub(crate) fn values<T: Number>(op: Unary, x: &[T], out: &mut [T]) -> bool {
    match op {
        Unary::Exp => exps(x, x, out),
        Unary::Ln => lns(x, x, out),
        Unary::Sigmoid => sigmoids(x, x, out),
        Unary::Softplus => softpluses(x, x, out),
        Unary::Tanh => tanhs(x, x, out),
        _ => return false,
    }
    true
}

/// The slopes of `op` at `x: [n]`, where the values are `y: [n]`, into `out: [n]`. False, and nothing is written, if there is
/// no such loop for it.
pub(crate) fn slopes<T: Number>(op: Unary, x: &[T], y: &[T], out: &mut [T]) -> bool {
    match op {
        Unary::Sigmoid => sigmoid_slopes(x, y, out),
        Unary::Softplus => sigmoids(x, y, out),
        Unary::Tanh => tanh_slopes(x, y, out),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [Unary; 5] = [Unary::Exp, Unary::Ln, Unary::Sigmoid, Unary::Softplus, Unary::Tanh];

    fn ulps(a: f64, b: f64) -> u64 {
        match a == b || a.is_nan() && b.is_nan() {
            true => 0,
            false => a.to_bits().abs_diff(b.to_bits()),
        }
    }

    fn points() -> Vec<f64> {
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let mut points: Vec<f64> =
            (0..100_000).map(|k| uniform() * [1e-9, 1e-3, 1.0, 4.0, 40.0, 1600.0][k % 6]).collect();
        points.extend([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-320, -1e-320, 709.7, 709.8]);
        points.extend([-708.5, -720.0, -745.0, -745.2, f64::MAX, f64::MIN, f64::MIN_POSITIVE]);
        // On both sides of where the logarithm takes another power of two, and of 1.
        points.extend((0..2000).map(|k| f64::from_bits(0x3fe6_a09e_667f_3bcd - 1000 + k)));
        points.extend((0..2000).map(|k| f64::from_bits(1_f64.to_bits() - 1000 + k)));
        points
    }

    #[test]
    fn the_values_are_those_of_the_rows() {
        let x = points();
        let mut y = vec![0.0; x.len()];
        for op in ROWS {
            assert!(values(op, &x, &mut y));
            for (&x, &y) in x.iter().zip(&y) {
                let own = op.value(x);
                // Half of what `tanh` is made of cancels about 1/4.
                let most = if op == Unary::Tanh { 3 } else { 2 };
                assert!(ulps(y, own) <= most, "{op:?} at {x:e}: {y:e}, by the row {own:e}");
            }
        }
    }

    #[test]
    fn the_slopes_are_those_of_the_rows() {
        let x = points();
        let mut slope = vec![0.0; x.len()];
        for op in ROWS {
            let y: Vec<f64> = x.iter().map(|&x| op.value(x)).collect();
            if !slopes(op, &x, &y, &mut slope) {
                continue;
            }
            for ((&x, &y), &slope) in x.iter().zip(&y).zip(&slope) {
                let own = op.slope(x, y);
                // Where values are subnormal, so are the roundings.
                let close = ulps(slope, own) <= 4 || (slope - own).abs() <= 1e-307;
                assert!(close, "{op:?} at {x:e}: {slope:e}, by the row {own:e}");
            }
        }
    }

    #[test]
    fn single_precision_is_rounded_once() {
        let x: Vec<f32> = points().into_iter().map(|x| x as f32).collect();
        let mut y = vec![0.0; x.len()];
        for op in ROWS {
            assert!(values(op, &x, &mut y));
            for (&x, &y) in x.iter().zip(&y) {
                let own = op.value(f64::from(x)) as f32;
                assert!(
                    y == own || y.is_nan() && own.is_nan() || y.to_bits().abs_diff(own.to_bits()) <= 1,
                    "{op:?}"
                );
            }
        }
    }
}
