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

/// The product and its rounding error; no operand above 1e300.
#[inline(always)]
pub(super) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let split = |x: f64| {
        let shifted = 134_217_729.0 * x; // 2²⁷ + 1
        let high = shifted - (shifted - x);
        (high, x - high)
    };
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

    pub(super) fn times(self, other: Twofold) -> Twofold {
        let (high, low) = two_product(self.high, other.high);
        Twofold::new(high, low + self.high * other.low + self.low * other.high)
    }

    pub(super) fn scaled(self, factor: f64) -> Twofold {
        self.times(Twofold { high: factor, low: 0.0 })
    }

    pub(super) fn over(self, divisor: f64) -> Twofold {
        let quotient = self.high / divisor;
        let (product, error) = two_product(quotient, divisor);
        Twofold::new(quotient, ((self.high - product) - error + self.low) / divisor)
    }

    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }
}
