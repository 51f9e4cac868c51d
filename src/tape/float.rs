//! `Var` as a number for generic code: the traits of `num-traits`, and an operand of `ndarray`'s arithmetic.
//!
//! `is_zero` and `is_one` are true for constants only. Linear algebra skips work where a coefficient "is zero"; a
//! variable that happens to be 0 has a derivative all the same, and skipping it would lose that silently.

use std::num::FpCategory;

use num_traits::{
    Bounded, Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow, Signed,
    ToPrimitive, Zero,
};

use super::Var;

impl ndarray::ScalarOperand for Var {}

impl Zero for Var {
    #[inline]
    fn zero() -> Var {
        Var::constant(0.0)
    }

    #[inline]
    fn is_zero(&self) -> bool {
        self.is_constant() && self.value() == 0.0
    }
}

impl One for Var {
    #[inline]
    fn one() -> Var {
        Var::constant(1.0)
    }

    #[inline]
    fn is_one(&self) -> bool {
        self.is_constant() && self.value() == 1.0
    }
}

impl Num for Var {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Var, Self::FromStrRadixErr> {
        f64::from_str_radix(text, radix).map(Var::constant)
    }
}

impl ToPrimitive for Var {
    fn to_i64(&self) -> Option<i64> {
        self.value().to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.value().to_u64()
    }

    fn to_i128(&self) -> Option<i128> {
        self.value().to_i128()
    }

    fn to_u128(&self) -> Option<u128> {
        self.value().to_u128()
    }

    fn to_f64(&self) -> Option<f64> {
        Some(self.value())
    }
}

impl FromPrimitive for Var {
    fn from_i64(n: i64) -> Option<Var> {
        f64::from_i64(n).map(Var::constant)
    }

    fn from_u64(n: u64) -> Option<Var> {
        f64::from_u64(n).map(Var::constant)
    }

    fn from_i128(n: i128) -> Option<Var> {
        f64::from_i128(n).map(Var::constant)
    }

    fn from_u128(n: u128) -> Option<Var> {
        f64::from_u128(n).map(Var::constant)
    }

    fn from_f64(n: f64) -> Option<Var> {
        Some(Var::constant(n))
    }
}

impl NumCast for Var {
    fn from<T: ToPrimitive>(n: T) -> Option<Var> {
        n.to_f64().map(Var::constant)
    }
}

impl Bounded for Var {
    fn min_value() -> Var {
        Var::constant(f64::MIN)
    }

    fn max_value() -> Var {
        Var::constant(f64::MAX)
    }
}

impl Signed for Var {
    fn abs(&self) -> Var {
        Var::abs(*self)
    }

    #[track_caller]
    fn abs_sub(&self, other: &Var) -> Var {
        // Subtracted in any case, so that two recordings are noticed in any case.
        let difference = *self - *other;
        if *self <= *other { Var::constant(0.0) } else { difference }
    }

    fn signum(&self) -> Var {
        Var::signum(*self)
    }

    fn is_positive(&self) -> bool {
        Signed::is_positive(&self.value())
    }

    fn is_negative(&self) -> bool {
        Signed::is_negative(&self.value())
    }
}

impl Inv for Var {
    type Output = Var;

    fn inv(self) -> Var {
        self.recip()
    }
}

impl Pow<Var> for Var {
    type Output = Var;

    #[track_caller]
    fn pow(self, exponent: Var) -> Var {
        self.powf(exponent)
    }
}

impl Pow<f64> for Var {
    type Output = Var;

    fn pow(self, exponent: f64) -> Var {
        self.powf(exponent)
    }
}

impl Pow<i32> for Var {
    type Output = Var;

    fn pow(self, exponent: i32) -> Var {
        self.powi(exponent)
    }
}

impl MulAdd for Var {
    type Output = Var;

    #[track_caller]
    fn mul_add(self, a: Var, b: Var) -> Var {
        Var::mul_add(self, a, b)
    }
}

impl MulAddAssign for Var {
    #[track_caller]
    fn mul_add_assign(&mut self, a: Var, b: Var) {
        *self = Var::mul_add(*self, a, b);
    }
}

/// `π`, `e` and their kin, as constants.
macro_rules! constants {
    ($($name:ident)*) => {
        impl FloatConst for Var {
            $(#[inline]
            fn $name() -> Var {
                Var::constant(<f64 as FloatConst>::$name())
            })*
        }
    };
}

constants! { E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3 FRAC_PI_4 FRAC_PI_6 FRAC_PI_8
LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2 TAU LOG10_2 LOG2_10 }

/// `Float` by forwarding: what is a constant, what asks about the value, and what is a row of the table.
macro_rules! float {
    (constant $($constant:ident)*; ask $($ask:ident -> $Answer:ty,)*; one $($one:ident)*; two $($two:ident)*) => {
        impl Float for Var {
            $(fn $constant() -> Var {
                Var::constant(<f64 as Float>::$constant())
            })*
            $(fn $ask(self) -> $Answer {
                Float::$ask(self.value())
            })*
            $(#[inline]
            fn $one(self) -> Var {
                Var::$one(self)
            })*
            $(#[inline]
            #[track_caller]
            fn $two(self, other: Var) -> Var {
                Var::$two(self, other)
            })*
            #[inline]
            fn powi(self, n: i32) -> Var {
                Var::powi(self, n)
            }
            #[track_caller]
            fn mul_add(self, a: Var, b: Var) -> Var {
                Var::mul_add(self, a, b)
            }
            #[track_caller]
            fn abs_sub(self, other: Var) -> Var {
                Signed::abs_sub(&self, &other)
            }
            fn sin_cos(self) -> (Var, Var) {
                (self.sin(), self.cos())
            }
            fn to_degrees(self) -> Var {
                self * (180.0 / std::f64::consts::PI)
            }
            fn to_radians(self) -> Var {
                self * (std::f64::consts::PI / 180.0)
            }
        }
    };
}

float! {
    constant nan infinity neg_infinity neg_zero min_value min_positive_value max_value epsilon;
    ask is_nan -> bool, is_infinite -> bool, is_finite -> bool, is_normal -> bool, is_sign_positive -> bool,
        is_sign_negative -> bool, classify -> FpCategory, integer_decode -> (u64, i16, i8),;
    one floor ceil round trunc fract abs signum recip sqrt cbrt exp exp2 exp_m1 ln ln_1p log2 log10 sin cos tan
        asin acos atan sinh cosh tanh asinh acosh atanh;
    two powf log max min hypot atan2
}
