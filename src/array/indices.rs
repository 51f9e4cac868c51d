//! Indices along an axis.

use std::sync::Arc;

use ndarray::{ArrayBase, Data, Dimension};

use super::layout::Shape;

/// Indices along an axis, for [`take`](super::Tensor::take), [`gather`](super::Tensor::gather) and
/// [`scatter_add`](super::Tensor::scatter_add), which take lists and arrays as well: made once, they serve many steps without
/// another copy.
///
/// ```
/// use downhill::array::Indices;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let first_and_last = Indices::from([0, 2]);
/// let x = Tensor::from(array![1.0, 2.0, 3.0]);
/// assert_eq!(x.take(&first_and_last, 0).view(), array![1.0, 3.0].into_dyn());
/// assert_eq!((&x * 2.0).take(&first_and_last, 0).view(), array![2.0, 6.0].into_dyn());
/// ```
#[derive(Debug, Clone)]
pub struct Indices {
    places: Arc<[usize]>,
    shape: Shape,
    /// One more than the largest.
    end: usize,
}

impl Indices {
    fn of(places: Arc<[usize]>, shape: &[usize]) -> Indices {
        let end = places.iter().max().map_or(0, |largest| largest.saturating_add(1));
        Indices { places, shape: Shape::from_slice(shape), end }
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn places(&self) -> Arc<[usize]> {
        Arc::clone(&self.places)
    }

    /// The first index that an axis of this length does not have.
    pub(crate) fn beyond(&self, length: usize) -> Option<usize> {
        if self.end <= length { None } else { self.places.iter().copied().find(|&index| index >= length) }
    }
}

impl From<&Indices> for Indices {
    fn from(indices: &Indices) -> Indices {
        indices.clone()
    }
}

impl From<&[usize]> for Indices {
    fn from(indices: &[usize]) -> Indices {
        Indices::of(indices.into(), &[indices.len()])
    }
}

impl From<Vec<usize>> for Indices {
    fn from(indices: Vec<usize>) -> Indices {
        Indices::from(&indices[..])
    }
}

impl From<&Vec<usize>> for Indices {
    fn from(indices: &Vec<usize>) -> Indices {
        Indices::from(&indices[..])
    }
}

impl<const N: usize> From<[usize; N]> for Indices {
    fn from(indices: [usize; N]) -> Indices {
        Indices::from(&indices[..])
    }
}

impl<const N: usize> From<&[usize; N]> for Indices {
    fn from(indices: &[usize; N]) -> Indices {
        Indices::from(&indices[..])
    }
}

/// With the axes of the array.
impl<S: Data<Elem = usize>, D: Dimension> From<&ArrayBase<S, D>> for Indices {
    fn from(indices: &ArrayBase<S, D>) -> Indices {
        Indices::of(indices.iter().copied().collect(), indices.shape())
    }
}
