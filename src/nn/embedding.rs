//! A vector for each of a number of things: words, letters.
//!
//! ```text
//! y = W[k]               k: […] indices less than r,  W: [r, d],  y: […, d]                       r d numbers
//! ```
//!
//! Source: Y. Bengio et al., *A neural probabilistic language model*, 2003, §2; shapes and initial numbers are PyTorch's.

use super::initial::Initial;
use super::misuse::refuse;
use super::module::Module;
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Indices, Scalar, Tensor};

/// A vector for each index, `y = W[k]`: rows of a matrix that are learned.
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight` | `[r, d]` | normal numbers of deviation 1; see [`weight`](Embedding::weight) |
///
/// It takes indices and not numbers, and so is no [`Layer`](super::Layer): it is called in a `forward` of your own.
///
/// ```
/// use downhill::nn::{Embedding, Module, Pass};
/// use downhill::params::Params;
/// use ndarray::array;
///
/// let letters = Embedding::new(26, 4);
/// let params: Params = letters.init(1);
/// let y = letters.forward(&array![[7, 8], [0, 7]], &mut Pass::new(&params));
/// assert_eq!(y.shape(), [2, 2, 4]);
/// assert_eq!(y.row(0).row(0).view(), y.row(1).row(1).view());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Embedding {
    rows: usize,
    width: usize,
    weight: Initial,
}

impl Embedding {
    /// Of so many things, each as so many numbers.
    pub fn new(rows: usize, width: usize) -> Embedding {
        Embedding { rows, width, weight: Initial::Normal(1.0) }
    }

    /// With vectors that begin with these numbers.
    #[must_use]
    pub fn weight(self, weight: Initial) -> Embedding {
        Embedding { weight, ..self }
    }

    /// The vectors of these indices, as an axis behind theirs.
    ///
    /// # Panics
    ///
    /// If an index is not less than the number of things, or the parameter is missing.
    #[track_caller]
    pub fn forward<T: Scalar>(&self, indices: impl Into<Indices>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        let indices = indices.into();
        if let Some(index) = indices.beyond(self.rows) {
            refuse(format_args!(
                "`Embedding` of {} rows was given index {index}; they count from 0, so they need to be less than that",
                self.rows
            ));
        }
        pass.parameter("weight", &[self.rows, self.width]).take(indices, 0)
    }
}

impl<T: Scalar> Module<T> for Embedding {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        plan.parameter("weight", &[self.rows, self.width], self.weight);
    }
}
