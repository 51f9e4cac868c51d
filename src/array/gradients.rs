//! The adjoints of arrays after a sweep: they are not copied, but taken out of the recording.

use std::any::Any;
use std::cell::RefCell;

use ndarray::{ArrayD, ArrayViewD, IxDyn};

use super::scalar::Scalar;
use super::{Tensor, misuse};
use crate::tape::{Gradients, Kept, Variable};

/// Where the adjoints of a block lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Whether there are any: else they are all zero.
    pub(crate) reached: bool,
}

/// The adjoints of every array of a recording.
#[derive(Debug, Clone, Default)]
pub(crate) struct Adjoints {
    pub(crate) double: Vec<f64>,
    pub(crate) double_homes: Vec<Home>,
    pub(crate) single: Vec<f32>,
    pub(crate) single_homes: Vec<Home>,
}

thread_local! {
    /// Memory of gradients that are no more, for the next ones.
    #[allow(clippy::vec_box, reason = "a gradient has them in a box, which serves again, too")]
    static POOL: RefCell<Vec<Box<Adjoints>>> = const { RefCell::new(Vec::new()) };
}

/// More than this many gradients are seldom alive at once.
const POOLED: usize = 4;

impl Adjoints {
    pub(crate) fn fresh() -> Box<Adjoints> {
        POOL.with_borrow_mut(|pool| pool.pop()).unwrap_or_default()
    }
}

impl Kept for Adjoints {
    fn recycle(self: Box<Adjoints>) {
        // At the thread's end its storage may be gone.
        let _ = POOL.try_with(|pool| {
            let mut pool = pool.borrow_mut();
            if pool.len() < POOLED {
                pool.push(self);
            }
        });
    }

    fn clone_box(&self) -> Box<dyn Kept> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Gradients {
    /// The partials with respect to `x`, an array variable or an intermediate array, in its shape, without copying them; none
    /// if the result does not depend on it.
    ///
    /// # Panics
    ///
    /// If `x` is a constant, or an array of another recording.
    #[track_caller]
    pub fn view<T: Scalar>(&self, x: &Tensor<T>) -> Option<ArrayViewD<'_, T>> {
        let Some((id, block)) = x.link() else { misuse::not_a_variable() };
        if !self.is_of(id) {
            misuse::other_gradient();
        }
        let adjoints = self.kept()?.as_any().downcast_ref::<Adjoints>()?;
        let (numbers, homes) = T::adjoints(adjoints);
        let home = homes.get(block as usize).filter(|home| home.reached)?;
        Some(view_of(&numbers[home.start..home.start + home.len], x))
    }
}

/// The numbers of a block as they lie in `x`.
fn view_of<'a, T: Scalar>(block: &'a [T], x: &Tensor<T>) -> ArrayViewD<'a, T> {
    super::convert::view(block, x.layout())
}

impl<T: Scalar> Variable for &Tensor<T> {
    type Partials = ArrayD<T>;

    #[track_caller]
    fn partials(self, gradients: &Gradients) -> ArrayD<T> {
        match gradients.view(self) {
            Some(view) => view.as_standard_layout().into_owned(),
            None => ArrayD::zeros(IxDyn(self.shape())),
        }
    }
}
