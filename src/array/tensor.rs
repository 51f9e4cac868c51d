//! An array: its elements, how they lie in memory, and how it hangs on a recording.

use std::fmt;

use super::chunk::Piece;
use super::layout::Layout;
use super::misuse;
use super::rules::Op;
use super::scalar::Scalar;
use super::step::{Failure, Inputs, Rule};
use super::store::Arrays;
use super::view::View;
use crate::tape::Gradients;
use crate::tape::annex;

/// An array of numbers that remembers how it was computed, or a constant one.
///
/// Of any number of axes: none (a single number), one (a vector), two (a matrix), more. The elements are `f64` or `f32`. It
/// is made by [`Tape::tensor`](crate::tape::Tape::tensor), by operations, or as a constant from an array of `ndarray`;
/// operators take it by reference or by value. A clone is a view of the same elements, which are never written again.
///
/// ```
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let tape = Tape::new();
/// let a = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
/// let x = tape.tensor(&array![1.0, -1.0]);
/// let y = (a.dot(&x) * 2.0).sum();
/// assert_eq!(y.value(), -4.0);
/// let gradient = y.backward();
/// assert_eq!(gradient.wrt(&a), array![[2.0, -2.0], [2.0, -2.0]].into_dyn());
/// assert_eq!(gradient.wrt(&x), array![8.0, 12.0].into_dyn());
/// ```
///
/// # Panics
///
/// An operation on arrays of two recordings, of an ended one or of another thread panics at the caller's line, and so does
/// one on shapes that do not fit.
pub struct Tensor<T> {
    piece: Piece<T>,
    layout: Layout,
    /// The recording, or 0, and the block there.
    id: u32,
    block: u32,
}

impl<T> Tensor<T> {
    pub(crate) fn constant(piece: Piece<T>, layout: Layout) -> Tensor<T> {
        Tensor { piece, layout, id: 0, block: 0 }
    }

    pub(crate) fn recorded(piece: Piece<T>, layout: Layout, id: u32, block: u32) -> Tensor<T> {
        Tensor { piece, layout, id, block }
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.layout.shape
    }

    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.layout.rank()
    }

    /// The number of elements.
    #[allow(
        clippy::len_without_is_empty,
        reason = "an array without elements is a rare thing, and not one to ask for"
    )]
    pub fn len(&self) -> usize {
        self.layout.len()
    }

    /// Whether the array is untracked: it does not depend on any variable.
    pub fn is_constant(&self) -> bool {
        self.id == 0
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(crate) fn piece(&self) -> &Piece<T> {
        &self.piece
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// The block in its recording; none for a constant.
    pub(crate) fn block(&self) -> Option<u32> {
        (self.id != 0).then_some(self.block)
    }

    /// The recording and the block there.
    pub(crate) fn link(&self) -> Option<(u32, u32)> {
        (self.id != 0).then_some((self.id, self.block))
    }
}

impl<T> Clone for Tensor<T> {
    fn clone(&self) -> Tensor<T> {
        self.seen_as(self.layout.clone())
    }
}

impl<T> Tensor<T> {
    /// The same block in another layout.
    pub(crate) fn seen_as(&self, layout: Layout) -> Tensor<T> {
        Tensor { piece: self.piece.clone(), layout, ..*self }
    }
}

impl<T: Copy> Tensor<T> {
    pub(crate) fn view_in(&self) -> View<'_, T> {
        View { numbers: self.piece.numbers(), layout: &self.layout }
    }
}

impl<T: Scalar> Tensor<T> {
    /// What `rule` computes from the inputs, as an array of the shape given.
    #[track_caller]
    pub(crate) fn of(rule: impl Into<Op>, inputs: &[&Tensor<T>], shape: &[usize]) -> Tensor<T> {
        let rule = rule.into();
        let name = rule.name();
        match Tensor::try_of(rule, inputs, shape) {
            Ok(tensor) => tensor,
            Err(failure) => panic!(
                "downhill: `{name}` has no result: {failure:?}; there is a form that tells, `try_{name}`"
            ),
        }
    }

    /// As [`of`](Tensor::of), where there may be no result.
    #[track_caller]
    pub(crate) fn try_of(rule: Op, inputs: &[&Tensor<T>], shape: &[usize]) -> Result<Tensor<T>, Failure> {
        let layout = Layout::of_rows(shape);
        let mut id = 0;
        for input in inputs {
            id = annex::common(id, input.id);
        }
        if id == 0 {
            let mut numbers = vec![T::zero(); layout.len()];
            T::compute(&rule, &Inputs::Given(inputs), &mut numbers)?;
            return Ok(Tensor::constant(Piece::of(numbers), layout));
        }
        if !T::EVERY_ORDER && annex::keeps_operations(id) {
            misuse::first_order_only();
        }
        let (done, _) = annex::change(id, &[], |arrays: &mut Arrays, _| {
            let done = arrays.apply(rule, inputs, layout.len());
            let event = done.is_ok().then(|| arrays.last());
            (done, event)
        });
        let (block, piece) = done?;
        Ok(Tensor::recorded(piece, layout, id, block))
    }

    /// The elements as a constant: derivatives do not flow through it. Other libraries call it `stop_gradient`.
    #[doc(alias = "stop_gradient")]
    pub fn detach(&self) -> Tensor<T> {
        Tensor::constant(self.piece.clone(), self.layout.clone())
    }

    /// The value of an array of one element.
    ///
    /// # Panics
    ///
    /// If it has more, or none.
    #[track_caller]
    pub fn value(&self) -> T {
        if self.len() != 1 {
            misuse::shape(
                "value",
                self.shape(),
                "it needs one of a single element: ask for `view()`, or for one by `at`",
            );
        }
        self.piece.numbers()[self.layout.offset]
    }

    /// Runs backward from the single element of this array; see [`Var::backward`](crate::tape::Var::backward). The partials with respect to arrays are not
    /// copied: they are the memory of the sweep itself, which is used again when the gradient is dropped.
    ///
    /// # Panics
    ///
    /// If it has not one element; if its recording has ended, or belongs to another thread.
    #[track_caller]
    pub fn backward(&self) -> Gradients {
        self.to_var().backward()
    }
}

/// The elements, and whether they are tracked.
impl<T: Scalar> fmt::Debug for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.is_constant() { "Constant" } else { "Tensor" };
        f.debug_tuple(name).field(&self.view()).finish()
    }
}

/// The elements, as `ndarray` prints them.
impl<T: Scalar> fmt::Display for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.view(), f)
    }
}
