//! What a variable is made of: an array of `ndarray`, a constant, a slice.

use ndarray::{Array, ArrayBase, Data, Dimension};

use super::chunk::Piece;
use super::layout::Layout;
use super::scalar::Scalar;
use super::store::Arrays;
use super::{Tensor, misuse};
use crate::tape::{Tape, annex};

/// The elements of a new variable: an array of `ndarray` by reference, which is copied; one by value or a [`Tensor`], whose
/// memory is used as it is; a slice or a `Vec` by reference, as an array of one axis.
pub trait Elements<T: Scalar> {
    /// The variable, on this tape.
    #[doc(hidden)]
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T>;
}

impl Tape {
    /// A variable with the elements given. After the first recording of its size this allocates nothing.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![1.0f32, 2.0, 3.0]);
    /// assert_eq!(x.square().sum().backward().wrt(&x), array![2.0, 4.0, 6.0].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If the tape is a [traced](Tape::traced) one.
    #[track_caller]
    pub fn tensor<T: Scalar>(&self, elements: impl Elements<T>) -> Tensor<T> {
        elements.on(self)
    }
}

/// Lets `make` make a variable on the recording, with elements that lie in a row.
#[track_caller]
pub(super) fn variable<T: Scalar>(
    id: u32,
    layout: Layout,
    make: impl FnOnce(&mut Arrays) -> (u32, Piece<T>),
) -> Tensor<T> {
    if !T::EVERY_ORDER && annex::keeps_operations(id) {
        misuse::first_order_only();
    }
    let ((block, piece), _) = annex::change(id, &[], |arrays, _| (make(arrays), None));
    Tensor::recorded(piece, layout, id, block)
}

/// Makes variables of the pieces, and returns the block of the first.
#[track_caller]
pub(super) fn variables<T: Scalar>(id: u32, pieces: impl Iterator<Item = Piece<T>>) -> u32 {
    if !T::EVERY_ORDER && annex::keeps_operations(id) {
        misuse::first_order_only();
    }
    let adopt = |arrays: &mut Arrays, _| {
        let first = T::side(arrays).blocks.len() as u32;
        pieces.for_each(|piece| _ = arrays.adopt(piece));
        (first, None)
    };
    annex::change(id, &[], adopt).0
}

#[cfg(feature = "nn")]
impl<T: Scalar> Tensor<T> {
    /// A constant of the same shape, which `write` writes from what it finds, anything: in the memory of the recording, if this
    /// array is on one.
    #[track_caller]
    pub(crate) fn constant_like(&self, write: impl FnOnce(&mut [T])) -> Tensor<T> {
        let layout = Layout::of_rows(self.shape());
        let piece = match self.link() {
            Some((id, _)) => {
                annex::change(id, &[], |arrays: &mut Arrays, _| (arrays.aside(self.len(), write), None)).0
            }
            None => {
                let mut numbers = vec![T::zero(); self.len()];
                write(&mut numbers);
                Piece::of(numbers)
            }
        };
        Tensor::constant(piece, layout)
    }
}

impl<T: Scalar, S: Data<Elem = T>, D: Dimension> Elements<T> for &ArrayBase<S, D> {
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T> {
        let write = |out: &mut [T]| match self.as_slice() {
            Some(row) => out.copy_from_slice(row),
            None => out.iter_mut().zip(self).for_each(|(out, &element)| *out = element),
        };
        variable(tape.id(), Layout::of_rows(self.shape()), |arrays| arrays.write(self.len(), write))
    }
}

impl<T: Scalar, D: Dimension> Elements<T> for Array<T, D> {
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T> {
        Tensor::from(self).on(tape)
    }
}

impl<T: Scalar> Elements<T> for Tensor<T> {
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T> {
        let elements = self.detach().in_a_row();
        let whole = elements.layout().clone();
        let piece = elements.piece().part(whole.offset, whole.len());
        variable(tape.id(), Layout::of_rows(&whole.shape), |arrays| (arrays.adopt(piece.clone()), piece))
    }
}

impl<T: Scalar> Elements<T> for &Tensor<T> {
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T> {
        self.clone().on(tape)
    }
}

impl<T: Scalar> Elements<T> for &[T] {
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T> {
        variable(tape.id(), Layout::of_rows(&[self.len()]), |arrays| {
            arrays.write(self.len(), |out| out.copy_from_slice(self))
        })
    }
}

impl<T: Scalar> Elements<T> for &Vec<T> {
    #[track_caller]
    fn on(self, tape: &Tape) -> Tensor<T> {
        self.as_slice().on(tape)
    }
}
