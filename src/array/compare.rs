//! Comparisons, element by element: of values alone, without derivatives.

use ndarray::{ArrayD, IxDyn};

use super::Tensor;
use super::binary::broadcast;
use super::scalar::Scalar;

#[track_caller]
fn compared<T: Scalar>(
    x: &Tensor<T>,
    y: Tensor<T>,
    name: &str,
    holds: impl Fn(&T, &T) -> bool,
) -> ArrayD<bool> {
    let [x, y] = broadcast([x, &y], name);
    let truths = x.view().iter().zip(y.view().iter()).map(|(x, y)| holds(x, y)).collect();
    ArrayD::from_shape_vec(IxDyn(x.shape()), truths).expect("one for each element")
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident $holds:ident;)*) => {
        /// Comparisons with an array or a number, after broadcasting. They are of the values, and no derivative flows.
        impl<T: Scalar> Tensor<T> {$(
            $(#[$doc])*
            ///
            /// # Panics
            ///
            /// If the shapes do not fit.
            #[track_caller]
            pub fn $method(&self, y: impl Into<Tensor<T>>) -> ArrayD<bool> {
                compared(self, y.into(), stringify!($method), T::$holds)
            }
        )*}
    };
}

comparisons! {
    /// Where `self < y`.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.lt(&array![2.0, 5.0]), array![[true, true], [false, true]].into_dyn());
    /// ```
    lt lt;
    /// Where `self ≤ y`.
    le le;
    /// Where `self > y`.
    gt gt;
    /// Where `self ≥ y`.
    ge ge;
    /// Where `self = y`.
    eq_ eq;
    /// Where `self ≠ y`; NaN differs from everything.
    ne ne;
}
