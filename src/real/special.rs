//! Functions of plain numbers that `std` does not offer on stable Rust.
//!
//! They are free functions, not methods of `f64`, so that a later `std` may add methods of the same names. On a
//! [`Var`](crate::tape::Var) or any other [`Real`](crate::real::Real) they are methods.

pub use libm::{erf, erfc};

/// Logistic sigmoid, `1 / (1 + e⁻ˣ)`, to full relative accuracy for large negative `x` too.
///
/// ```
/// assert_eq!(downhill::real::special::sigmoid(0.0), 0.5);
/// assert!(downhill::real::special::sigmoid(-700.0) > 0.0);
/// ```
#[inline]
pub fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    let small = e / (1.0 + e);
    if x >= 0.0 { 1.0 / (1.0 + e) } else { small }
}

/// Softplus, `ln(1 + eˣ)`, without overflow.
///
/// ```
/// assert_eq!(downhill::real::special::softplus(0.0), 2f64.ln());
/// assert_eq!(downhill::real::special::softplus(1e3), 1e3);
/// ```
#[inline]
pub fn softplus(x: f64) -> f64 {
    relu(x) + (-x.abs()).exp().ln_1p()
}

/// Rectifier: `x` where it is positive, else 0; NaN stays NaN (`f64::max` would drop it).
///
/// ```
/// assert_eq!(downhill::real::special::relu(-3.0), 0.0);
/// assert_eq!(downhill::real::special::relu(3.0), 3.0);
/// ```
#[inline]
pub fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

/// The bell curve without its factor, `e^(−x²)`, to about an ulp even where `x²` is in the hundreds.
///
/// `e^(−fl(x²))` alone is off by up to `x² ε`, 700 ulp at the far end. The rounding error `d = x² − fl(x²)` is found
/// exactly by Dekker's splitting (T. J. Dekker, "A floating-point technique for extending the available precision",
/// Numer. Math. 18, 1971), and `e^(−d) = 1 − d` to far below an ulp.
///
/// ```
/// assert_eq!(downhill::real::special::gauss(0.0), 1.0);
/// assert_eq!(downhill::real::special::gauss(f64::NEG_INFINITY), 0.0);
/// ```
#[inline]
pub fn gauss(x: f64) -> f64 {
    // Beyond ±28 the value is 0, and the splitting below would overflow for huge arguments.
    let x = x.clamp(-28.0, 28.0);
    let square = x * x;
    let shifted = 134_217_729.0 * x; // 2²⁷ + 1
    let high = shifted - (shifted - x);
    let low = x - high;
    let rounding = ((high * high - square) + 2.0 * high * low) + low * low;
    let y = (-square).exp();
    y - y * rounding
}

/// `xⁿ` by repeated squaring: the same bits in debug and release builds, where `f64::powi` promises none.
///
/// ```
/// assert_eq!(downhill::real::special::powi(3.0, 4), 81.0);
/// assert_eq!(downhill::real::special::powi(2.0, -2), 0.25);
/// ```
#[inline]
pub fn powi(x: f64, n: i32) -> f64 {
    match n {
        0 => 1.0,
        1 => x,
        2 => x * x,
        3 => x * x * x,
        _ => {
            let y = repeated_squaring(x, n.unsigned_abs());
            if n < 0 { 1.0 / y } else { y }
        }
    }
}

#[inline]
fn repeated_squaring(mut x: f64, mut n: u32) -> f64 {
    let mut y = 1.0;
    loop {
        if n & 1 == 1 {
            y *= x;
        }
        n >>= 1;
        if n == 0 {
            return y;
        }
        x *= x;
    }
}

/// `x` kept between the bounds, as `f64::clamp`, but with the panic at the caller's line.
#[inline]
#[track_caller]
pub(crate) fn clamp(x: f64, low: f64, high: f64) -> f64 {
    assert!(
        low <= high,
        "downhill: `clamp` was given the bounds {low} and {high}; the first must not exceed the second"
    );
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}
