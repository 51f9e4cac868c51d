//! What is said of mistakes.

use std::fmt::Display;

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn refuse(fault: impl Display) -> ! {
    panic!("downhill: {fault}")
}

/// Checks that there is no 0 among lengths, strides or dilations.
#[track_caller]
pub(super) fn positive(of: &str, what: &str, given: &[usize]) {
    if given.contains(&0) {
        refuse(format_args!("{of} were given a {what} of {given:?}; it needs to be 1 at least"));
    }
}
