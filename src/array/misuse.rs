//! What is said of arrays that cannot be used together: one function per mistake, none of which returns.

use std::fmt::Display;

/// Shapes that do not fit.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn shapes(operation: impl Display, left: &[usize], right: &[usize], needs: impl Display) -> ! {
    panic!("downhill: `{operation}` was given arrays of shapes {left:?} and {right:?}; {needs}")
}

/// A shape that an operation has no meaning for.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn shape(operation: impl Display, given: &[usize], needs: impl Display) -> ! {
    panic!("downhill: `{operation}` was given an array of shape {given:?}; {needs}")
}

/// An axis that is not there.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn axis(operation: impl Display, axis: isize, shape: &[usize]) -> ! {
    let rank = shape.len();
    panic!(
        "downhill: `{operation}` was given axis {axis} of an array of shape {shape:?}; it has {rank}, counted from 0, or \
         from the last one as −1"
    )
}

/// An index that is not there.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn index(operation: impl Display, index: impl Display, shape: &[usize]) -> ! {
    panic!(
        "downhill: `{operation}` was given index {index} of an array of shape {shape:?}, which has no such element"
    )
}

/// `wrt` of a constant.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn not_a_variable() -> ! {
    panic!(
        "downhill: the gradient was asked for by a constant array; it needs a variable: `tape.tensor(&array)` in place of \
         `Tensor::from(array)`, before it is used"
    )
}

/// `wrt` of an array of another recording than the gradient's.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn other_gradient() -> ! {
    panic!(
        "downhill: the gradient was asked for by an array of another recording than the one it comes from; ask the gradient \
         that `backward` made from the array's own recording"
    )
}

/// Single precision where operations are recorded.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn first_order_only() -> ! {
    panic!(
        "downhill: an array of `f32` was used where a second derivative, a Jacobian or a traced tape is asked for; those know \
         `f64` only: make it an array of `f64`"
    )
}

/// Bounds that are crossed, or NaN.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bounds(operation: impl Display, low: f64, high: f64) -> ! {
    panic!(
        "downhill: `{operation}` was given the bounds {low} and {high}; the first must not exceed the second"
    )
}

/// No arrays at all.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn nothing(operation: impl Display) -> ! {
    panic!("downhill: `{operation}` was given no arrays; it needs one at least")
}
