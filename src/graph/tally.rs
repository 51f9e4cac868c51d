//! How many numbers replays compute: counted on each thread while the crate's own tests run, and no code else.

#[cfg(test)]
use std::cell::Cell;

// Computed forward and back.
#[cfg(test)]
thread_local! {
    static NUMBERS: Cell<[usize; 2]> = const { Cell::new([0; 2]) };
}

/// Notes numbers that were computed on the way forward: values, tangents, slopes of slopes.
#[inline(always)]
pub(super) fn forward(_numbers: usize) {
    #[cfg(test)]
    NUMBERS.set([NUMBERS.get()[0] + _numbers, NUMBERS.get()[1]]);
}

/// Notes numbers that were computed on the way back: adjoints, and what is pushed to parents.
#[inline(always)]
pub(super) fn back(_numbers: usize) {
    #[cfg(test)]
    NUMBERS.set([NUMBERS.get()[0], NUMBERS.get()[1] + _numbers]);
}

/// The numbers in one `R`.
#[inline(always)]
pub(super) fn numbers_in<R>() -> usize {
    size_of::<R>() / size_of::<f64>()
}

/// What was counted since it was last asked.
#[cfg(test)]
pub(crate) fn take() -> [usize; 2] {
    NUMBERS.take()
}
