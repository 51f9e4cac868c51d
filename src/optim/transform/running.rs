//! A running mean, and of how many.

use crate::params::Element;

/// A running mean of gradients or of variables, and how many it has seen: what [`Accumulate`](super::Accumulate),
/// [`Ema`](super::Ema), [`Lookahead`](super::Lookahead) and [`Averaged`](super::Averaged) remember.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Running<T = f64> {
    /// The mean, `[n]`.
    pub mean: Vec<T>,
    /// How many it has seen, since it last began anew.
    pub count: usize,
}

impl<T: Element> Running<T> {
    /// Of nothing yet: 0.
    pub fn new(n: usize) -> Running<T> {
        Running::from(&vec![T::zero(); n])
    }

    /// Of nothing yet, beginning from `x`.
    pub fn from(x: &[T]) -> Running<T> {
        Running { mean: x.to_vec(), count: 0 }
    }
}

impl<T: Clone> Clone for Running<T> {
    fn clone(&self) -> Running<T> {
        Running { mean: self.mean.clone(), count: self.count }
    }

    fn clone_from(&mut self, from: &Running<T>) {
        self.mean.clone_from(&from.mean);
        self.count = from.count;
    }
}
