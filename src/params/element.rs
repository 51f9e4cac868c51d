//! What the numbers of [`Params`](super::Params) may be.

use std::fmt::{Debug, Display, LowerExp};
use std::iter::Sum;

use ndarray::ScalarOperand;
use num_traits::{Float, NumAssign};

/// The numbers of [`Params`](super::Params): `f64` and `f32`, and no others.
///
/// ```
/// use downhill::params::Element;
///
/// fn half<T: Element>(x: T) -> T {
///     x / (T::one() + T::one())
/// }
/// assert_eq!(half(3.0_f32), 1.5);
/// assert_eq!(<f32 as Element>::NAME, "f32");
/// ```
pub trait Element:
    Float
    + NumAssign
    + ScalarOperand
    + Sum
    + Default
    + Debug
    + Display
    + LowerExp
    + Send
    + Sync
    + Unpin
    + sealed::Number
{
    /// The name of the type: `"f64"` or `"f32"`.
    const NAME: &'static str;

    /// The nearest number to `x`; beyond the range of the type an infinity.
    ///
    /// ```
    /// use downhill::params::Element;
    ///
    /// assert_eq!(f32::nearest(0.1), 0.1_f32);
    /// ```
    #[inline(always)]
    fn nearest(x: f64) -> Self {
        Self::of_double(x)
    }

    /// The same number in `f64`, exactly.
    #[inline(always)]
    fn wide(self) -> f64 {
        self.double()
    }
}

impl Element for f32 {
    const NAME: &'static str = "f32";
}

impl Element for f64 {
    const NAME: &'static str = "f64";
}

pub(super) mod sealed {
    /// Between the two types, and between them and the bytes of files.
    pub trait Number: Sized {
        /// Exact.
        fn of_single(x: f32) -> Self;
        /// The nearest number; beyond the range of the type an infinity.
        fn of_double(x: f64) -> Self;
        fn single(self) -> f32;
        /// Exact.
        fn double(self) -> f64;
        /// The nearest number; `None` if the text is of none.
        fn of_text(text: &str) -> Option<Self>;
        /// Appends the bytes, the least significant first.
        fn append_to(self, bytes: &mut Vec<u8>);
    }

    impl Number for f32 {
        fn of_single(x: f32) -> f32 {
            x
        }

        #[inline(always)]
        fn of_double(x: f64) -> f32 {
            x as f32
        }

        fn single(self) -> f32 {
            self
        }

        #[inline(always)]
        fn double(self) -> f64 {
            f64::from(self)
        }

        fn of_text(text: &str) -> Option<f32> {
            text.parse().ok()
        }

        fn append_to(self, bytes: &mut Vec<u8>) {
            bytes.extend_from_slice(&self.to_le_bytes());
        }
    }

    impl Number for f64 {
        fn of_single(x: f32) -> f64 {
            f64::from(x)
        }

        #[inline(always)]
        fn of_double(x: f64) -> f64 {
            x
        }

        fn single(self) -> f32 {
            self as f32
        }

        #[inline(always)]
        fn double(self) -> f64 {
            self
        }

        fn of_text(text: &str) -> Option<f64> {
            text.parse().ok()
        }

        fn append_to(self, bytes: &mut Vec<u8>) {
            bytes.extend_from_slice(&self.to_le_bytes());
        }
    }
}
