//! Elements of one array or of another, as a condition says.
//!
//! ```text
//! z = x where c, else y;   x̄ += z̄ where c,   ȳ += z̄ elsewhere
//! ```

use ndarray::{Array, ArrayBase, Data, Dimension};

use super::Tensor;
use super::binary::broadcast;
use super::each::{add, map};
use super::element::Element;
use super::layout::Layout;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::View;

/// A condition for each element of an array, as [`where_`] takes it. Made once, it serves many steps without a copy.
///
/// ```
/// use downhill::array::{Mask, where_};
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let mask = Mask::new(array![true, false]);
/// let x = Tensor::from(array![1.0, 2.0]);
/// assert_eq!(where_(&mask, &x, 0.0).view(), array![1.0, 0.0].into_dyn());
/// ```
#[derive(Clone)]
pub struct Mask<T>(Tensor<T>);

impl<T: Scalar> Mask<T> {
    /// The condition, copied.
    #[must_use]
    pub fn new(condition: impl Into<Mask<T>>) -> Mask<T> {
        condition.into()
    }
}

impl<T: Scalar, S: Data<Elem = bool>, D: Dimension> From<&ArrayBase<S, D>> for Mask<T> {
    fn from(condition: &ArrayBase<S, D>) -> Mask<T> {
        Mask(Tensor::from(condition.map(|&yes| if yes { T::one() } else { T::zero() })))
    }
}

impl<T: Scalar, D: Dimension> From<Array<bool, D>> for Mask<T> {
    fn from(condition: Array<bool, D>) -> Mask<T> {
        Mask::from(&condition)
    }
}

impl<T: Scalar> From<bool> for Mask<T> {
    fn from(condition: bool) -> Mask<T> {
        Mask(Tensor::from(if condition { T::one() } else { T::zero() }))
    }
}

impl<T: Scalar> From<&Mask<T>> for Mask<T> {
    fn from(mask: &Mask<T>) -> Mask<T> {
        mask.clone()
    }
}

impl<T: Scalar> std::fmt::Debug for Mask<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Mask").field(&self.0.view().map(|&yes| yes != T::zero())).finish()
    }
}

/// Inputs have one shape, broadcast: a constant that is 0 where the last is taken, and the two.
#[derive(Debug, Clone)]
pub(crate) struct Choice;

impl Rule for Choice {
    fn name(&self) -> &'static str {
        "where_"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let [condition, yes, no] = [0, 1, 2].map(|k| inputs.at(k));
        map(out, yes.shape(), [condition, yes, no], |[c, yes, no]| if c != E::of(0.0) { yes } else { no });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (condition, nil) = (flow.input(0), E::of(0.0));
        let row = Layout::of_rows(condition.shape());
        let adjoint = View { numbers: flow.adjoint, layout: &row };
        if flow.varies(1) {
            add(flow.target(1), [adjoint, condition], |[adjoint, c]| if c != nil { adjoint } else { nil });
        }
        if flow.varies(2) {
            add(flow.target(2), [adjoint, condition], |[adjoint, c]| if c != nil { nil } else { adjoint });
        }
    }
}

/// The elements of `yes` where the condition holds and those of `no` elsewhere; the three are broadcast to one shape. Nothing
/// flows back to what was not taken, be its slope infinite or NaN.
///
/// ```
/// use downhill::array::where_;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let tape = Tape::new();
/// let x = tape.tensor(&array![-1.0, 4.0]);
/// let root = where_(x.gt(0.0), x.sqrt(), 0.0);
/// assert_eq!(root.view(), array![0.0, 2.0].into_dyn());
/// assert_eq!(root.sum().backward().wrt(&x), array![0.0, 0.25].into_dyn());
/// ```
///
/// # Panics
///
/// If the shapes do not fit.
#[track_caller]
pub fn where_<T: Scalar>(
    condition: impl Into<Mask<T>>,
    yes: impl Into<Tensor<T>>,
    no: impl Into<Tensor<T>>,
) -> Tensor<T> {
    let [condition, yes, no] = broadcast([&condition.into().0, &yes.into(), &no.into()], "where_");
    Tensor::of(Choice, &[&condition, &yes, &no], yes.shape())
}
