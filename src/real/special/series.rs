//! What the kernels share: Chebyshev sums, and numbers of twice the precision.
//!
//! Sources: C. W. Clenshaw, "A note on the summation of Chebyshev series", MTAC 9 (1955); T. J. Dekker, "A floating-point
//! technique for extending the available precision", Numer. Math. 18 (1971): sums and products with their rounding errors.

/// `Σ cₖ Tₖ(t)`.
#[inline(always)]
pub(super) fn chebyshev(coefficients: &[f64], t: f64) -> f64 {
    let (mut b, mut after) = (0.0, 0.0);
    for &c in coefficients[1..].iter().rev() {
        (b, after) = (2.0 * t * b - after + c, b);
    }
    t * b - after + coefficients[0]
}

/// The sum and its rounding error, for operands of any size.
#[inline(always)]
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// Two halves of the digits, with products free of rounding.
#[inline(always)]
pub(super) const fn split(x: f64) -> (f64, f64) {
    let shifted = 134_217_729.0 * x; // 2²⁷ + 1
    let high = shifted - (shifted - x);
    (high, x - high)
}

/// The product and its rounding error; no operand above 1e300.
#[inline(always)]
pub(super) const fn two_product(a: f64, b: f64) -> (f64, f64) {
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    let product = a * b;
    (product, ((ah * bh - product) + ah * bl + al * bh) + al * bl)
}

/// An unevaluated sum `high + low`, some 31 digits.
#[derive(Clone, Copy)]
pub(super) struct Twofold {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl Twofold {
    pub(super) fn new(high: f64, low: f64) -> Twofold {
        let (high, low) = two_sum(high, low);
        Twofold { high, low }
    }

    pub(super) fn plus(self, other: Twofold) -> Twofold {
        let (high, low) = two_sum(self.high, other.high);
        Twofold::new(high, low + self.low + other.low)
    }

    /// The sum, its parts not made to fit each other.
    #[inline(always)]
    pub(super) fn joined(self, other: Twofold) -> Twofold {
        let (high, rounding) = two_sum(self.high, other.high);
        Twofold { high, low: (self.low + other.low) + rounding }
    }

    pub(super) fn times(self, other: Twofold) -> Twofold {
        let (high, low) = two_product(self.high, other.high);
        Twofold::new(high, low + self.high * other.low + self.low * other.high)
    }

    /// Times a power of two, or what needs no exactness.
    #[inline(always)]
    pub(super) fn times_plain(self, factor: f64) -> Twofold {
        Twofold { high: self.high * factor, low: self.low * factor }
    }

    pub(super) fn scaled(self, factor: f64) -> Twofold {
        self.times(Twofold { high: factor, low: 0.0 })
    }

    pub(super) fn over(self, divisor: f64) -> Twofold {
        let quotient = self.high / divisor;
        let (product, error) = two_product(quotient, divisor);
        Twofold::new(quotient, ((self.high - product) - error + self.low) / divisor)
    }

    pub(super) fn root(self) -> Twofold {
        let root = self.high.sqrt();
        let (square, error) = two_product(root, root);
        Twofold::new(root, ((self.high - square) - error + self.low) / (2.0 * root))
    }

    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }
}

/// `c y + rest`, a step of a recurrence of three terms. The parts are not made to fit each other again, so that the next
/// step waits for one product and one sum only; what is rounded off is carried along in the low part.
#[inline(always)]
pub(super) fn recur(c: Twofold, y: Twofold, rest: Twofold) -> Twofold {
    let (product, error) = two_product(c.high, y.high);
    let (high, rounding) = two_sum(product, rest.high);
    Twofold { high, low: (c.high * y.low + rest.low) + (c.low * y.high + (error + rounding)) }
}

/// Above this the numbers of a backward recurrence are made smaller, all of them by `SMALLER`.
pub(super) const LARGE: f64 = 1e200;
pub(super) const SMALLER: f64 = 1e-200;

/// `e` beyond its 53 bits.
pub(super) const E_LOW: f64 = 1.4456468917292502e-16;

/// `(x/y)ᵖ` of numbers of twice the precision: the power of the rounded quotient, and the logarithm of what that lacks.
/// An exponential of `p ln(x/y)` would multiply the rounding error of the logarithm by its size.
pub(super) fn power_of_quotient(x: (f64, f64), y: (f64, f64), p: f64) -> (f64, f64) {
    let quotient = x.0 / y.0;
    let (product, error) = two_product(quotient, y.0);
    let lost = ((x.0 - product) - error + x.1 - quotient * y.1) / x.0;
    (quotient.powf(p), p * lost)
}

/// `n!`, rounded once; `∞` where it overflows.
pub(super) fn factorial(n: u32) -> f64 {
    FACTORIALS.get(n as usize).copied().unwrap_or(f64::INFINITY)
}

const FACTORIALS: [f64; 171] = {
    // Smaller by 2⁵⁰⁰, as the largest would be too large for `two_product`.
    let (large, small) = (f64::from_bits(1523 << 52), f64::from_bits(523 << 52));
    let (mut all, mut high, mut low, mut n) = ([1.0; 171], small, 0.0, 1);
    while n < 171 {
        let (product, error) = two_product(high, n as f64);
        low = low * n as f64 + error;
        high = product;
        all[n] = (high + low) * large;
        n += 1;
    }
    all
};
