//! Named parameters as variables: arrays that share the memory of [`Params`], and a gradient in its layout.

use std::fmt;
use std::sync::Arc;

use super::chunk::Piece;
use super::elements::variables;
use super::gradients::Adjoints;
use super::layout::Layout as Lay;
use super::scalar::Scalar;
use super::{Tensor, misuse};
use crate::params::{Layout, Params};
use crate::tape::{Gradients, Tape, Variable};

/// The arrays of [`Params`] as variables of a recording; made by [`Tape::params`].
///
/// ```
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let mut params = Params::new();
/// params.insert("w", &array![[1.0, 2.0], [3.0, 4.0]]).insert("b", &[0.5, -0.5]);
/// let x = Tensor::from(array![[1.0, 1.0]]);
///
/// let tape = Tape::new();
/// let p = tape.params(&params);
/// let loss = (x.dot(&p.tensor("w")) + p.tensor("b")).square().sum();
/// let gradient = loss.backward();
/// assert_eq!(gradient.slice(&p), [9.0, 11.0, 9.0, 11.0, 9.0, 11.0]); // as an optimizer wants it
/// assert_eq!(gradient.wrt(&p).view("b"), array![9.0, 11.0].into_dyn()); // by name
/// ```
///
/// The variables hold on to the numbers: drop the tape, and them, before the parameters are written to, or these are copied.
pub struct Named<T: Scalar> {
    layout: Arc<Layout>,
    numbers: Arc<Vec<T>>,
    id: u32,
    /// The block of the first array; the others follow.
    first: u32,
}

impl Tape {
    /// The arrays of `params` as variables, without copying them. Cost: a few numbers for each array; nothing is allocated.
    ///
    /// # Panics
    ///
    /// If the tape is a [traced](Tape::traced) one.
    #[track_caller]
    pub fn params<T: Scalar>(&self, params: &Params<T>) -> Named<T> {
        let (layout, numbers) = (Arc::clone(params.layout()), Arc::clone(params.shared()));
        let pieces = layout.iter().map(|(_, block)| Piece::shared(&numbers, block.range()));
        let first = variables(self.id(), pieces);
        Named { id: self.id(), first, layout, numbers }
    }
}

impl<T: Scalar> Named<T> {
    /// The array of this name. Clones of it are views; asking again gives the same variable.
    ///
    /// # Panics
    ///
    /// If no array has the name.
    #[track_caller]
    pub fn tensor(&self, name: &str) -> Tensor<T> {
        match self.find(name) {
            Some(tensor) => tensor,
            None => self.layout.missing(name),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Tensor<T>> {
        let (place, block) = self.layout.find(name)?;
        let piece = Piece::shared(&self.numbers, block.range());
        Some(Tensor::recorded(piece, Lay::of_rows(block.shape()), self.id, self.first + place as u32))
    }

    /// The names, shapes and ranges.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }
}

impl<T: Scalar> Params<T> {
    /// The array of this name as a constant, without copying it: to compute with the parameters where nothing is recorded.
    /// It holds on to the numbers, as the variables of [`Tape::params`] do.
    ///
    /// ```
    /// use downhill::params::Params;
    /// use ndarray::array;
    ///
    /// let mut params = Params::new();
    /// params.insert("w", &array![[1.0, 2.0], [3.0, 4.0]]);
    /// let y = params.tensor("w").dot(&array![1.0, 1.0]);
    /// assert_eq!(y.view(), array![3.0, 7.0].into_dyn());
    /// assert!(y.is_constant());
    /// ```
    ///
    /// # Panics
    ///
    /// If no array has the name.
    #[track_caller]
    pub fn tensor(&self, name: &str) -> Tensor<T> {
        match self.find(name) {
            Some(tensor) => tensor,
            None => self.layout().missing(name),
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Tensor<T>> {
        let (_, block) = self.layout().find(name)?;
        let piece = Piece::shared(self.shared(), block.range());
        Some(Tensor::constant(piece, Lay::of_rows(block.shape())))
    }
}

impl<T: Scalar> fmt::Debug for Named<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.layout.names()).finish()
    }
}

impl Gradients {
    /// The partials with respect to all of the parameters in their layout, as one slice: what an optimizer takes. Nothing is
    /// copied.
    ///
    /// # Panics
    ///
    /// If the gradient is that of another recording, or of a constant.
    #[track_caller]
    pub fn slice<T: Scalar>(&self, params: &Named<T>) -> &[T] {
        let kept = self.kept().and_then(|kept| kept.as_any().downcast_ref::<Adjoints>());
        let (Some(adjoints), true) = (kept, self.is_of(params.id)) else { misuse::other_gradient() };
        let (numbers, homes) = T::adjoints(adjoints);
        match homes.get(params.first as usize) {
            Some(first) => &numbers[first.start..first.start + params.layout.len()],
            None => &[],
        }
    }
}

impl<T: Scalar> Variable for &Named<T> {
    type Partials = Params<T>;

    #[track_caller]
    fn partials(self, gradients: &Gradients) -> Params<T> {
        let values = gradients.slice(self).to_vec();
        Params::of_layout(Arc::clone(&self.layout), values)
    }
}
