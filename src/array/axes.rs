//! The axes that a reduction goes along: all of them, one, or several.

use super::layout::Shape;
use super::misuse;
use super::views::axis_of;

/// The axes meant, in order.
#[track_caller]
pub(crate) fn axes_of(operation: &str, given: &[isize], shape: &[usize]) -> Shape {
    let mut axes = Shape::new();
    for &axis in given {
        axes.push(axis_of(operation, axis, shape));
    }
    axes.sort_unstable();
    if axes.windows(2).any(|pair| pair[0] == pair[1]) {
        misuse::shape(
            operation,
            shape,
            format_args!("it needs each axis once at most, and was given {given:?}"),
        );
    }
    axes
}

/// Methods for a function of the lines of an array: over all elements, along an axis, and along several.
macro_rules! reductions {
    ($($(#[$doc:meta])* $f:ident => $all:ident $axis:ident $axes:ident ($($n:ident: $N:ty)?);)*) => {
        impl<T: Scalar> Tensor<T> {$(
            $(#[$doc])*
            #[track_caller]
            pub fn $all(&self $(, $n: $N)?) -> Tensor<T> {
                let axes: $crate::array::layout::Shape = (0..self.rank()).collect();
                $f(stringify!($all), self, &axes $(, $n)?)
            }

            #[doc = concat!("[`", stringify!($all), "`](Tensor::", stringify!($all),
                ") of the elements along an axis, which the result has not any more; −1 is the last one.")]
            ///
            /// # Panics
            ///
            /// If there is no such axis.
            #[track_caller]
            pub fn $axis(&self, axis: isize $(, $n: $N)?) -> Tensor<T> {
                let axis = $crate::array::views::axis_of(stringify!($axis), axis, self.shape());
                $f(stringify!($axis), self, &[axis] $(, $n)?)
            }

            #[doc = concat!("[`", stringify!($all), "`](Tensor::", stringify!($all),
                ") of the elements along several axes at once, which the result has not any more; −1 is the last one.")]
            ///
            /// # Panics
            ///
            /// If there is no such axis, or one is given twice.
            #[track_caller]
            pub fn $axes(&self, axes: impl AsRef<[isize]> $(, $n: $N)?) -> Tensor<T> {
                let axes = $crate::array::axes::axes_of(stringify!($axes), axes.as_ref(), self.shape());
                $f(stringify!($axes), self, &axes $(, $n)?)
            }
        )*}
    };
}

pub(crate) use reductions;
