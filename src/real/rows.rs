//! The calculus: one row per elementary function.
//!
//! A row reads
//!
//! ```text
//! Name fn method(x) = y [kernel] => slope,   on domain,   away from [singularities],   at [point => slope, ...];
//! ```
//!
//! * a parameter stands in brackets, with the values at which tests try the function;
//! * `fn method` becomes a method of every number; `op` marks what Rust writes as an operator;
//! * `kernel` computes the value on `f64`;
//! * `slope` is `dy/dx` in ordinary arithmetic over any [`Real`](crate::real::Real); it may use the argument `x` and the
//!   result `y`, whichever keeps its *relative* accuracy over the whole domain, and only functions that are rows
//!   themselves: so the table closes under differentiation, and every engine has every order;
//! * `domain` is where tests sample, `singularities` what their step must keep clear of, and `at` the edge values every
//!   engine must give exactly.
//!
//! At the edges: NaN gives NaN, with NaN slopes, unless the slope is a constant or the function drops NaN (`max`, `min`).
//! Outside its domain a function is NaN; the slope is what the rule gives, which may be a number (`1/x` of `ln` below 0). At
//! a pole both are infinite, on the side that the sign of the zero stands for. At ±∞ they are the limits, or NaN where there
//! is none. What else a row decides, its documentation says. `tests/reference/edges.json` lists every row's value and slope
//! at 0, −0, ±∞, NaN, the subnormal and the largest numbers and at branch points; every engine is held to it.
//!
//! The tables are read twice: for the operation types (`real/ops.rs`), and for the methods (`real/methods.rs`) that
//! [`Real`](crate::real::Real) provides and `Var` repeats as inherent ones. To add a function, add a row.

/// Functions of one argument.
macro_rules! unary_table {
    ($read:ident $with:tt) => { $read! { $with
    /// The negative, `−x`.
    Neg op neg(x) = _y [|x: f64| -x] => R::from(-1.0), on -5.0..=5.0, away from [], at [0.0 => -1.0];
    /// Exponential, `eˣ`; 0 at −∞, as is its slope.
    Exp fn exp(x) = y [f64::exp] => y, on -5.0..=5.0, away from [], at [0.0 => 1.0, -800.0 => 0.0, 800.0 => INFINITY];
    /// Exponential to base two, `2ˣ`.
    Exp2 fn exp2(x) = y [f64::exp2] => y * LN_2, on -5.0..=5.0, away from [], at [0.0 => LN_2, -1200.0 => 0.0];
    /// `eˣ − 1`, accurate near zero.
    ExpM1 fn exp_m1(x) = _y [f64::exp_m1] => x.exp(), on -40.0..=5.0, away from [], at [0.0 => 1.0];
    /// Natural logarithm; −∞ at 0 with an infinite slope, NaN below.
    Ln fn ln(x) = _y [f64::ln] => x.recip(), on 0.01..=9.0, away from [0.0], at [1.0 => 1.0, 0.0 => INFINITY];
    /// `ln(1 + x)`, accurate near zero; −∞ at −1 with an infinite slope, NaN below.
    Ln1p fn ln_1p(x) = _y [f64::ln_1p] => (x + 1.0).recip(), on -0.9..=9.0, away from [-1.0], at [0.0 => 1.0, -1.0 => INFINITY];
    /// Logarithm to base two; −∞ at 0 with an infinite slope, NaN below.
    Log2 fn log2(x) = _y [f64::log2] => x.recip() * LOG2_E, on 0.01..=9.0, away from [0.0], at [1.0 => LOG2_E];
    /// Logarithm to base ten; −∞ at 0 with an infinite slope, NaN below.
    Log10 fn log10(x) = _y [f64::log10] => x.recip() * LOG10_E, on 0.01..=9.0, away from [0.0], at [1.0 => LOG10_E];
    /// Square root. The slope at 0 is the one-sided limit, `+∞` (at −0 `−∞`, as of `1/−0`); both are NaN below.
    Sqrt fn sqrt(x) = y [f64::sqrt] => y.recip() * 0.5, on 0.01..=9.0, away from [0.0], at [0.0 => INFINITY, 4.0 => 0.25];
    /// Cube root. The slope at 0 is `+∞`; further derivatives there are NaN.
    Cbrt fn cbrt(x) = y [f64::cbrt] => (y * y * 3.0).recip(), on -9.0..=9.0, away from [0.0], at [0.0 => INFINITY];
    /// Reciprocal, `1/x`; ±∞ at ±0 with the slope −∞.
    Recip fn recip(x) = y [f64::recip] => -(y * y), on 0.1..=4.0, away from [0.0], at [1.0 => -1.0, INFINITY => -0.0];
    /// Sine of an angle in radians; NaN at ±∞.
    Sin fn sin(x) = _y [f64::sin] => x.cos(), on -7.0..=7.0, away from [], at [0.0 => 1.0];
    /// Cosine of an angle in radians; NaN at ±∞.
    Cos fn cos(x) = _y [f64::cos] => -x.sin(), on -7.0..=7.0, away from [], at [0.0 => -0.0];
    /// Tangent of an angle in radians; NaN at ±∞. At the number nearest to π/2 it is 1.6·10¹⁶.
    Tan fn tan(x) = y [f64::tan] => y * y + 1.0, on -1.4..=1.4, away from [-FRAC_PI_2, FRAC_PI_2], at [0.0 => 1.0];
    /// Inverse sine, in radians. The slope at ±1 is `+∞`; both are NaN beyond.
    Asin fn asin(x) = _y [f64::asin] => one_less_square(x).sqrt().recip(), on -0.95..=0.95, away from [-1.0, 1.0], at [0.0 => 1.0, 1.0 => INFINITY];
    /// Inverse cosine, in radians. The slope at ±1 is `−∞`; both are NaN beyond.
    Acos fn acos(x) = _y [f64::acos] => -one_less_square(x).sqrt().recip(), on -0.95..=0.95, away from [-1.0, 1.0], at [0.0 => -1.0, 1.0 => NEG_INFINITY];
    /// Inverse tangent, in radians; ±π/2 at ±∞ with the slope 0. Beyond |x| = 10¹⁵⁴, where `x²` overflows, further derivatives
    /// are NaN.
    Atan fn atan(x) = _y [f64::atan] => (x * x + 1.0).recip(), on -9.0..=9.0, away from [], at [0.0 => 1.0, 1.0 => 0.5, INFINITY => 0.0];
    /// Hyperbolic sine.
    Sinh fn sinh(x) = _y [f64::sinh] => x.cosh(), on -5.0..=5.0, away from [], at [0.0 => 1.0];
    /// Hyperbolic cosine.
    Cosh fn cosh(x) = _y [f64::cosh] => x.sinh(), on -5.0..=5.0, away from [], at [0.0 => 0.0];
    /// Hyperbolic tangent. Beyond |x| = ½ the slope is `sech²` through `e^(−2|x|)`: `1 − y²` would lose every digit by |x| ≈ 15.
    Tanh fn tanh(x) = y [f64::tanh] => tanh_slope(x, y), on -20.0..=20.0, away from [], at [0.0 => 1.0, 800.0 => 0.0, -800.0 => 0.0];
    /// Inverse hyperbolic sine.
    Asinh fn asinh(x) = _y [special::asinh] => x.hypot(1.0).recip(), on -9.0..=9.0, away from [], at [0.0 => 1.0, 1e200 => 1e-200];
    /// Inverse hyperbolic cosine. The slope at 1 is `+∞`; both are NaN below.
    Acosh fn acosh(x) = _y [special::acosh] => ((x - 1.0).sqrt() * (x + 1.0).sqrt()).recip(), on 1.1..=9.0, away from [1.0], at [1.0 => INFINITY];
    /// Inverse hyperbolic tangent; ±∞ at ±1 with the slope `+∞`, NaN beyond.
    Atanh fn atanh(x) = _y [special::atanh] => one_less_square(x).recip(), on -0.95..=0.95, away from [-1.0, 1.0], at [0.0 => 1.0, 1.0 => INFINITY];
    /// Absolute value. By convention the slope at 0 and −0 is 0.
    Abs fn abs(x) = _y [f64::abs] => sign(x), on -4.0..=4.0, away from [0.0], at [0.0 => 0.0, 2.0 => 1.0, -2.0 => -1.0];
    /// Sign as `f64::signum` has it: 1 from `+0.0` up, −1 from `−0.0` down. Its slope is 0 everywhere, the jump included.
    Signum fn signum(x) = _y [f64::signum] => R::from(0.0), on -4.0..=4.0, away from [0.0], at [0.0 => 0.0];
    /// Largest integer not above `x`. Its slope is 0 everywhere, the jumps included.
    Floor fn floor(x) = _y [f64::floor] => R::from(0.0), on 0.1..=0.9, away from [0.0, 1.0], at [1.0 => 0.0];
    /// Smallest integer not below `x`. Its slope is 0 everywhere, the jumps included.
    Ceil fn ceil(x) = _y [f64::ceil] => R::from(0.0), on 0.1..=0.9, away from [0.0, 1.0], at [1.0 => 0.0];
    /// Nearest integer, halves away from zero. Its slope is 0 everywhere, the jumps included.
    Round fn round(x) = _y [f64::round] => R::from(0.0), on -0.4..=0.4, away from [-0.5, 0.5], at [0.5 => 0.0];
    /// Integer part, towards zero. Its slope is 0 everywhere, the jumps included.
    Trunc fn trunc(x) = _y [f64::trunc] => R::from(0.0), on 0.1..=0.9, away from [0.0, 1.0], at [1.0 => 0.0];
    /// Fractional part, `x − trunc(x)`; NaN at ±∞. Its slope is 1 everywhere, the jumps included.
    Fract fn fract(x) = _y [f64::fract] => R::from(1.0), on 0.1..=0.9, away from [0.0, 1.0], at [1.0 => 1.0];
    /// Logistic sigmoid, `1 / (1 + e⁻ˣ)`. The slope `σ(x) σ(−x)` keeps its digits where `y (1 − y)` loses them.
    Sigmoid fn sigmoid(x) = y [special::sigmoid] => y * (-x).sigmoid(), on -30.0..=30.0, away from [], at [0.0 => 0.25, 800.0 => 0.0, -800.0 => 0.0];
    /// Softplus, `ln(1 + eˣ)`, without overflow.
    Softplus fn softplus(x) = _y [special::softplus] => x.sigmoid(), on -30.0..=30.0, away from [], at [0.0 => 0.5, 800.0 => 1.0, -800.0 => 0.0];
    /// Rectifier, `max(x, 0)`; NaN stays NaN. By convention the slope at 0 is 0.
    Relu fn relu(x) = _y [special::relu] => step(x), on -4.0..=4.0, away from [0.0], at [0.0 => 0.0, 1.0 => 1.0, -1.0 => 0.0];
    /// The bell curve without its factor, `e^(−x²)`, to full relative accuracy far into the tails. Its
    /// slope at ±∞ is 0.
    Gauss fn gauss(x) = y [special::gauss] => bell_slope(x, y) * -2.0, on -5.0..=5.0, away from [], at [0.0 => -0.0, 40.0 => -0.0, INFINITY => -0.0, NEG_INFINITY => 0.0];
    /// Error function, `2/√π ∫₀ˣ e^(−t²) dt`.
    Erf fn erf(x) = _y [libm::erf] => x.gauss() * FRAC_2_SQRT_PI, on -3.0..=3.0, away from [], at [0.0 => FRAC_2_SQRT_PI];
    /// Complementary error function, `1 − erf(x)`, to full relative accuracy for large `x`.
    Erfc fn erfc(x) = _y [libm::erfc] => x.gauss() * -FRAC_2_SQRT_PI, on -3.0..=3.0, away from [], at [0.0 => -FRAC_2_SQRT_PI];
    /// Scaled complementary error function, `e^(x²) erfc(x)`.
    Erfcx fn erfcx(x) = _y [special::erfcx] => x.ierfcx(1) * -2.0, on -3.0..=9.0, away from [], at [0.0 => -FRAC_2_SQRT_PI, INFINITY => -0.0];
    /// Scaled repeated integral of the complementary error function, `e^(x²) iⁿerfc(x)`; its slope does not cancel.
    Ierfcx[n: u32 = 0, 1, 2, 5] fn ierfcx(x) = _y [|x| special::ierfcx(x, n)] => x.ierfcx(n.saturating_add(1)) * (-2.0 * (f64::from(n) + 1.0)), on -2.0..=9.0, away from [], at [INFINITY => -0.0];
    /// Inverse of the error function; ±∞ at ±1, with an infinite slope, and NaN beyond.
    ErfInv fn erf_inv(x) = y [special::erf_inv] => erf_inv_slope(x, y), on -0.95..=0.95, away from [-1.0, 1.0], at [0.0 => 1.0 / FRAC_2_SQRT_PI, 1.0 => INFINITY, -1.0 => INFINITY];
    /// Density of the standard normal distribution, `e^(−x²/2) / √(2π)`. Its slope at ±∞ is 0.
    NormPdf fn norm_pdf(x) = y [special::norm_pdf] => -bell_slope(x, y), on -5.0..=5.0, away from [], at [0.0 => 0.0, 50.0 => 0.0, INFINITY => 0.0, NEG_INFINITY => 0.0];
    /// Distribution function of the standard normal distribution, `Φ(x)`, to full relative accuracy in the left tail.
    NormCdf fn norm_cdf(x) = _y [special::norm_cdf] => x.norm_pdf(), on -5.0..=5.0, away from [], at [50.0 => 0.0, -50.0 => 0.0];
    /// Inverse of `norm_cdf`, the quantile; ∓∞ at 0 and 1, with an infinite slope, and NaN beyond.
    NormPpf fn norm_ppf(p) = y [special::norm_ppf] => norm_ppf_slope(p, y), on 0.05..=0.95, away from [0.0, 1.0], at [0.0 => INFINITY, 1.0 => INFINITY];
    /// `ln Φ(x)`, the logarithm of `norm_cdf`, without underflow in the left tail.
    LogNormCdf fn log_norm_cdf(x) = _y [special::log_norm_cdf] => log_norm_cdf_slope(x), on -20.0..=5.0, away from [], at [NEG_INFINITY => INFINITY, 50.0 => 0.0, INFINITY => 0.0];
    /// `ln(1 − e⁻ˣ)` for `x ≥ 0`, the convention of JAX and R; −∞ at 0 with the slope `+∞`, NaN below.
    Log1mexp fn log1mexp(x) = _y [special::log1mexp] => log1mexp_slope(x), on 0.1..=9.0, away from [0.0], at [0.0 => INFINITY, 800.0 => 0.0];
    /// `ln(p / (1 − p))`, the inverse of `sigmoid`; ∓∞ at 0 and 1 with the slope `+∞`, NaN beyond.
    Logit fn logit(p) = _y [special::logit] => ((-p + 1.0) * p).recip(), on 0.05..=0.95, away from [0.0, 1.0], at [0.5 => 4.0, 0.0 => INFINITY, 1.0 => INFINITY];
    /// Unnormalised sine cardinal, `sin x / x`; 1 at 0, and 0 at ±∞, as is its slope.
    Sinc fn sinc(x) = _y [special::sinc] => -x.spherical_jn(1), on -9.0..=9.0, away from [], at [0.0 => 0.0, INFINITY => 0.0];
    /// Spherical Bessel function of the first kind, `jₙ(x)`; `j₀` is `sinc`. Slope: DLMF 10.51.1.
    SphericalJn[n: u32 = 0, 1, 2, 5] fn spherical_jn(x) = _y [|x| special::spherical_jn(x, n)] => spherical_jn_slope(x, n), on -9.0..=9.0, away from [], at [INFINITY => 0.0];
    /// Lambert's function, the principal branch: `w eʷ = x`; −1 at the number nearest to −1/e with the slope `+∞`, NaN below.
    LambertW fn lambert_w(x) = w [special::lambert_w] => lambert_w_slope(x, w, x.lambert_w1p()), on -0.2..=9.0, away from [-1.0 / E], at [0.0 => 1.0, INFINITY => 0.0, -1.0 / E => INFINITY];
    /// `1 + W(x)` of Lambert's function `W`, accurate beside the branch point −1/e, where it is 0.
    LambertW1p fn lambert_w1p(x) = v [special::lambert_w1p] => lambert_w_slope(x, v - 1.0, v), on -0.2..=9.0, away from [-1.0 / E], at [0.0 => 1.0, INFINITY => 0.0, -1.0 / E => INFINITY];
    /// Gamma function, `Γ(x)`; ±∞ at ±0, NaN at negative integers and −∞.
    Gamma fn gamma(x) = y [special::gamma] => y * x.digamma(), on 0.2..=5.0, away from [0.0], at [0.0 => NEG_INFINITY, 200.0 => INFINITY];
    /// Logarithm of the gamma function's absolute value, `ln |Γ(x)|`; ∞ at 0 and negative integers, where the slope is NaN.
    LnGamma fn ln_gamma(x) = _y [special::ln_gamma] => x.digamma(), on 0.2..=9.0, away from [0.0], at [0.0 => NEG_INFINITY, INFINITY => INFINITY];
    /// Digamma, `ψ(x) = Γ′(x) / Γ(x)`; ∓∞ at ±0, NaN at negative integers, with the slope `+∞`.
    Digamma fn digamma(x) = _y [special::digamma] => x.polygamma(1), on 0.2..=9.0, away from [0.0], at [0.0 => INFINITY, INFINITY => 0.0];
    /// Trigamma, `ψ′(x)`; ∞ at 0 and negative integers.
    Trigamma fn trigamma(x) = _y [special::trigamma] => x.polygamma(2), on 0.2..=9.0, away from [0.0], at [0.0 => NEG_INFINITY, INFINITY => -0.0];
    /// Polygamma, `ψ⁽ⁿ⁾(x)`, the `n`-th derivative of digamma, for `n` up to 170.
    Polygamma[n: u32 = 0, 1, 2, 5] fn polygamma(x) = _y [|x| special::polygamma(x, n)] => x.polygamma(n.saturating_add(1)), on 0.5..=9.0, away from [0.0], at [INFINITY => 0.0];
    /// Bessel function of the first kind, `J₀(x)`; 0 at ±∞, as is its slope.
    BesselJ0 fn bessel_j0(x) = _y [special::bessel_j0] => -x.bessel_j1(), on -9.0..=9.0, away from [], at [0.0 => 0.0, INFINITY => 0.0];
    /// Bessel function of the first kind, `J₁(x)`; 0 at ±∞, as is its slope.
    BesselJ1 fn bessel_j1(x) = _y [special::bessel_j1] => (x.bessel_j0() - x.bessel_jn(2)) * 0.5, on -9.0..=9.0, away from [], at [0.0 => 0.5, INFINITY => 0.0];
    /// Bessel function of the first kind and integer order, `Jₙ(x)`. Slope: DLMF 10.6.1.
    BesselJn[n: i32 = -3, 0, 1, 2, 7, 40] fn bessel_jn(x) = _y [|x| special::bessel_jn(x, n)] => bessel_jn_slope(x, n), on -9.0..=9.0, away from [], at [INFINITY => 0.0];
    /// Modified Bessel function of the first kind, `I₀(x)`.
    BesselI0 fn bessel_i0(x) = _y [special::bessel_i0] => x.bessel_i1(), on -5.0..=5.0, away from [], at [0.0 => 0.0, INFINITY => INFINITY, NEG_INFINITY => NEG_INFINITY];
    /// Modified Bessel function of the first kind, `I₁(x)`.
    BesselI1 fn bessel_i1(x) = _y [special::bessel_i1] => (x.bessel_i0() + x.bessel_in(2)) * 0.5, on -5.0..=5.0, away from [], at [0.0 => 0.5];
    /// Modified Bessel function of the first kind and integer order, `Iₙ(x)`. Slope: DLMF 10.29.1, whose terms are of one sign.
    BesselIn[n: i32 = -3, 0, 1, 2, 7] fn bessel_in(x) = _y [|x| special::bessel_in(x, n)] => bessel_in_slope(x, n), on -5.0..=5.0, away from [], at [INFINITY => INFINITY];
    /// Integer power, `xⁿ`.
    Powi[n: i32 = -2, -1, 0, 1, 2, 3, 7] fn powi(x) = y [|x| special::powi(x, n)] => powi_slope(x, n, y), on 0.2..=2.0, away from [0.0], at [1.0 => f64::from(n)];
    } };
}

/// Functions of two arguments; a parameter is tried at one value. The distance to the nearest singularity is a function of both.
macro_rules! binary_table {
    ($read:ident $with:tt) => { $read! { $with
    /// Sum.
    Add op add(x, y) = _z [|x: f64, y: f64| x + y] => (R::from(1.0), R::from(1.0)), on (-3.0..=3.0, -2.0..=4.0), away by 1.0, at [(1.0, 2.0) => (1.0, 1.0)];
    /// Difference.
    Sub op sub(x, y) = _z [|x: f64, y: f64| x - y] => (R::from(1.0), R::from(-1.0)), on (-3.0..=3.0, -2.0..=4.0), away by 1.0, at [(1.0, 2.0) => (1.0, -1.0)];
    /// Product.
    Mul op mul(x, y) = _z [|x: f64, y: f64| x * y] => (y, x), on (-3.0..=3.0, -2.0..=4.0), away by 1.0, at [(0.0, 7.0) => (7.0, 0.0)];
    /// Quotient.
    Div op div(x, y) = z [|x: f64, y: f64| x / y] => (y.recip(), -(z / y)), on (-3.0..=3.0, 0.5..=4.0), away by y.abs(), at [(3.0, 2.0) => (0.5, -0.75)];
    /// Remainder as Rust's `%` has it: the sign of `x`, less than `|y|`.
    Rem op rem(x, y) = z [|x: f64, y: f64| x % y] => (R::from(1.0), -((x - z) / y).round()), on (4.0..=4.3, 1.1..=1.3), away by 0.1, at [(7.5, 2.0) => (1.0, -3.0)];
    /// Power `xᵖ` with a variable exponent.
    ///
    /// The slope to the base:
    /// 1. `p = 0`: 0, at `x = 0` and NaN too, where the value is 1.
    /// 2. `x = 0`: 0, 1 or ∞ as `p` is above, at or below 1; −∞ for a negative `p`.
    /// 3. Else `p xᵖ⁻¹`; of an infinite `p` NaN where that is `∞ · 0`.
    ///
    /// The slope to the exponent:
    /// 1. `x = 0`, `p ≥ 0`: 0, the limit; at `p = 0` by convention.
    /// 2. `xᵖ = 0` by underflow or at infinity: 0.
    /// 3. `x < 0`: NaN, as the power exists at integers only.
    /// 4. Else `xᵖ ln x`.
    Powf fn powf(x, p) = z [f64::powf] => powf_slopes(x, p, z), on (0.2..=3.0, -2.0..=3.0), away by x, at [(0.0, 2.5) => (0.0, 0.0), (0.0, 1.0) => (1.0, 0.0), (1.0, 0.0) => (0.0, 0.0)];
    /// Logarithm of `x` to a variable base, `ln x / ln b`; of base 1 infinite, as are its slopes, and NaN at `x = 1`.
    Log fn log(x, b) = z [f64::log] => ((x * b.ln()).recip(), -(z / (b * b.ln()))), on (0.2..=5.0, 1.5..=4.0), away by x.min(b - 1.0), at [(1.0, E) => (1.0, -0.0)];
    /// The angle of the point `(x, y)`, called as `y.atan2(x)`. At the origin both slopes are 0 by convention.
    Atan2 fn atan2(y, x) = _z [f64::atan2] => atan2_slopes(y, x), on (-3.0..=3.0, 0.5..=3.0), away by x.hypot(y), at [(1.0, 0.0) => (0.0, -1.0), (0.0, 0.0) => (0.0, 0.0)];
    /// Length `√(x² + y²)` without overflow. At the origin both slopes are 0 by convention; an infinite argument has the slope
    /// ±1 and a finite one 0, whatever the other, be it NaN.
    Hypot fn hypot(x, y) = r [f64::hypot] => (hypot_slope(x, r), hypot_slope(y, r)), on (-3.0..=3.0, 0.5..=3.0), away by x.hypot(y), at [(3.0, 4.0) => (0.6, 0.8), (0.0, 0.0) => (0.0, 0.0)];
    /// Logarithm of a sum of exponentials, `ln(eᵃ + eᵇ)`, without overflow. Two equal infinities share the slope alike.
    LogAddExp fn log_add_exp(a, b) = _z [special::log_add_exp] => log_add_exp_slopes(a, b), on (-3.0..=3.0, -2.0..=4.0), away by 1.0, at [(0.0, 0.0) => (0.5, 0.5), (1e3, NEG_INFINITY) => (1.0, 0.0), (INFINITY, INFINITY) => (0.5, 0.5)];
    /// `x ln y`, and 0 where `x` is 0. There the slope to `y` is 0, at `y = 0` too.
    Xlogy fn xlogy(x, y) = _z [special::xlogy] => xlogy_slopes(x, y), on (-3.0..=3.0, 0.5..=4.0), away by y, at [(0.0, 2.0) => (LN_2, 0.0), (0.0, 0.0) => (NEG_INFINITY, 0.0), (0.0, 1.0) => (0.0, 0.0), (3.0, 1.0) => (0.0, 3.0)];
    /// Beta function, `Γ(a) Γ(b) / Γ(a + b)`; ∞ at `a = 0` or `b = 0`, where the slope to the other argument is NaN, and 0 where
    /// one is ∞.
    Beta fn beta(a, b) = z [special::beta] => (-(z * a.polygamma_step(0, b)), -(z * b.polygamma_step(0, a))), on (0.5..=3.0, 0.6..=4.0), away by a.min(b), at [];
    /// Logarithm of the beta function's absolute value; ∞ where an argument is 0, −∞ where one is ∞.
    LnBeta fn ln_beta(a, b) = _z [special::ln_beta] => (-a.polygamma_step(0, b), -b.polygamma_step(0, a)), on (0.5..=3.0, 0.6..=4.0), away by a.min(b), at [];
    /// `ψ⁽ⁿ⁾(x + h) − ψ⁽ⁿ⁾(x)`, to full relative accuracy for small `h`: the slope of the logarithm of `Γ(x + h) / Γ(x)`.
    PolygammaStep[n: u32 = 0] fn polygamma_step(x, h) = _z [|x, h| special::polygamma_step(x, n, h)] => (x.polygamma_step(n.saturating_add(1), h), (x + h).polygamma(n.saturating_add(1))), on (0.5..=3.0, 0.6..=4.0), away by x, at [];
    /// The larger of two; of a number and a NaN the number. At a tie each slope is one half.
    Max fn max(x, y) = _z [f64::max] => larger_slopes(x, y), on (-3.0..=3.0, -2.0..=4.0), away by (x - y).abs(), at [(1.0, 2.0) => (0.0, 1.0), (2.0, 1.0) => (1.0, 0.0), (1.0, 1.0) => (0.5, 0.5)];
    /// The smaller of two; of a number and a NaN the number. At a tie each slope is one half.
    Min fn min(x, y) = _z [f64::min] => larger_slopes(-x, -y), on (-3.0..=3.0, -2.0..=4.0), away by (x - y).abs(), at [(1.0, 2.0) => (1.0, 0.0), (2.0, 1.0) => (0.0, 1.0), (1.0, 1.0) => (0.5, 0.5)];
    } };
}

/// Functions of three arguments.
macro_rules! ternary_table {
    ($read:ident $with:tt) => { $read! { $with
    /// `x a + b` with one rounding, as `f64::mul_add`.
    MulAdd fn mul_add(x, a, b) = [f64::mul_add] => (a, x, R::from(1.0)), on (-3.0..=3.0, -2.0..=2.0, -1.0..=1.0), away by 1.0, at [(2.0, 3.0, 1.0) => (3.0, 2.0, 1.0)];
    /// `x` kept between `low` and `high`; NaN stays NaN. Inside and at the bounds the slope is that of `x`, outside that of the
    /// bound.
    Clamp fn clamp(x, low, high) = [special::clamp] => clamp_slopes(x, low, high), on (-3.0..=3.0, -2.0..=-1.0, 1.0..=2.0), away by (x - low).abs().min((x - high).abs()), at [(0.0, -1.0, 1.0) => (1.0, 0.0, 0.0), (1.0, -1.0, 1.0) => (1.0, 0.0, 0.0), (2.0, -1.0, 1.0) => (0.0, 0.0, 1.0), (-2.0, -1.0, 1.0) => (0.0, 1.0, 0.0)];
    } };
}

pub(crate) use {binary_table, ternary_table, unary_table};
