//! The cross-entropy of logits and labels, and labels.
//!
//! ```text
//! y = −Σᵢ ln pᵢ[labelᵢ] / n,  p = softmax(x) along the rows;   x̄ᵢⱼ += ȳ (pᵢⱼ − [j = labelᵢ]) / n
//! ```

use std::sync::Arc;

use ndarray::{ArrayBase, Data, Dimension};

use super::each::put;
use super::element::Element;
use super::lines::{Buffers, Lines, WIDTH};
use super::scalar::Scalar;
use super::softmax::shifts;
use super::step::{Failure, Flow, Inputs, Rule};
use super::{Tensor, misuse};
use crate::real::Unary;

/// Classes, one for each row of a batch, numbered from 0. Made once and used for many steps they cost nothing; made of a
/// slice, a copy.
///
/// ```
/// use downhill::array::Labels;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let labels = Labels::new(&[2, 0]);
/// let tape = Tape::new();
/// let logits = tape.tensor(&array![[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]);
/// let loss = logits.cross_entropy(&labels);
/// assert!((loss.value() - 3f64.ln()).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels(Arc<[u32]>);

impl Labels {
    /// Labels, copied.
    #[must_use]
    pub fn new(labels: &[usize]) -> Labels {
        // Beyond any number of classes anyway.
        Labels(labels.iter().map(|&label| u32::try_from(label).unwrap_or(u32::MAX)).collect())
    }

    /// The number of them.
    #[allow(clippy::len_without_is_empty, reason = "a batch without rows is a rare thing")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[cfg(feature = "nn")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|&label| label as usize)
    }

    /// Checks that there are only these classes.
    #[track_caller]
    pub(crate) fn check(&self, operation: &str, classes: usize) {
        for (i, &label) in self.0.iter().enumerate() {
            if label as usize >= classes {
                no_class(operation, label, i, classes);
            }
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_class(operation: &str, label: u32, row: usize, classes: usize) -> ! {
    panic!(
        "downhill: `{operation}` was given label {label} for row {row}, and {classes} classes; labels count from 0, so they \
         need to be less than that"
    )
}

impl From<&Labels> for Labels {
    fn from(labels: &Labels) -> Labels {
        labels.clone()
    }
}

impl From<&[usize]> for Labels {
    fn from(labels: &[usize]) -> Labels {
        Labels::new(labels)
    }
}

impl<const N: usize> From<&[usize; N]> for Labels {
    fn from(labels: &[usize; N]) -> Labels {
        Labels::new(labels)
    }
}

impl From<&Vec<usize>> for Labels {
    fn from(labels: &Vec<usize>) -> Labels {
        Labels::new(labels)
    }
}

/// The elements in their order: what [`argmax`](Tensor::argmax) gives, for instance.
impl<S: Data<Elem = usize>, D: Dimension> From<&ArrayBase<S, D>> for Labels {
    fn from(labels: &ArrayBase<S, D>) -> Labels {
        Labels::new(&labels.iter().copied().collect::<Vec<_>>())
    }
}

/// The input is in a row; the result holds the loss, and behind it the softmax.
#[derive(Debug, Clone)]
pub(crate) struct CrossEntropy {
    classes: usize,
    labels: Labels,
}

impl Rule for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross_entropy"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0).row().expect("in a row");
        let (loss, shares) = out.split_first_mut().expect("the loss");
        let (mut shift, mut sums, mut buffers) = ([E::of(0.0); WIDTH], [E::of(0.0); WIDTH], Buffers::new());
        let (mut total, labels) = (E::of(0.0), &self.labels.0);
        Lines { outer: labels.len(), along: self.classes, inner: 1 }.for_each(|tile| {
            shifts(tile, x, &mut shift);
            let sums = &mut sums[..tile.width];
            sums.fill(E::of(0.0));
            tile.exponentials(x, &shift, &mut buffers, |places, piece, terms| {
                shares[places].copy_from_slice(terms);
                piece.add_to_sums(sums, terms);
            });
            tile.update(shares, [], [sums], |share, [], [sum]| share / sum);
            buffers.apply(Unary::Ln, sums);
            for (c, (&ln, &label)) in sums.iter().zip(tile.own(labels)).enumerate() {
                // In this order, as the difference is exact where the logits are large.
                total += ln - (x[tile.place(label as usize, c)] - shift[c]);
            }
        });
        *loss = total / E::of(labels.len() as f64);
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (shares, labels) = (&flow.value[1..], &self.labels.0);
        let weight = flow.adjoint[0] / E::of(labels.len() as f64);
        let (target, fresh) = flow.row(0).expect("in a row");
        target.iter_mut().zip(shares).for_each(|(target, &share)| put(target, fresh, weight * share));
        for (line, &label) in target.chunks_exact_mut(self.classes.max(1)).zip(&**labels) {
            line[label as usize] += -weight;
        }
    }
}

impl<T: Scalar> Tensor<T> {
    /// The mean over the rows of `−ln softmax(row)[label]`: the loss of a classifier with these logits `[n, k]` and `n` labels
    /// less than `k`, a number. One node; of no rows, NaN.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let logits = tape.tensor(&array![[0.0, 0.0], [1000.0, 0.0]]);
    /// let loss = logits.cross_entropy(&[1, 0]);
    /// assert_eq!(loss.value(), 2f64.ln() / 2.0);
    /// assert_eq!(loss.backward().wrt(&logits), array![[0.25, -0.25], [0.0, 0.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there are not two axes, not as many labels as rows, or a label is not less than `k`.
    #[track_caller]
    pub fn cross_entropy(&self, labels: impl Into<Labels>) -> Tensor<T> {
        let labels = labels.into();
        let (n, &[rows, classes]) = (labels.len(), self.shape()) else {
            misuse::shape("cross_entropy", self.shape(), "it needs two axes: rows, and classes");
        };
        if rows != n {
            let needs = format_args!("{n} labels were given, and it needs one for each row");
            misuse::shape("cross_entropy", self.shape(), needs);
        }
        labels.check("cross_entropy", classes);
        let rule = CrossEntropy { classes, labels };
        Tensor::of(rule, &[&self.in_a_row()], &[1 + rows * classes]).index_axis(0, 0)
    }
}

/// A constant `[n, k]` with a row for each label: 1 in the column of the label, and 0 else.
///
/// ```
/// use downhill::array::one_hot;
/// use ndarray::array;
///
/// assert_eq!(one_hot::<f64>(&[2, 0], 3).view(), array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]].into_dyn());
/// ```
///
/// # Panics
///
/// If a label is not less than `k`.
#[track_caller]
pub fn one_hot<T: Scalar>(labels: impl Into<Labels>, k: usize) -> Tensor<T> {
    let labels = labels.into();
    labels.check("one_hot", k);
    let mut rows = ndarray::Array2::from_elem((labels.len(), k), T::zero());
    for (i, &label) in labels.0.iter().enumerate() {
        rows[[i, label as usize]] = T::one();
    }
    Tensor::from(rows)
}
