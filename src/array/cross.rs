//! Between scalars and arrays: variables as elements, and elements as variables.

use super::Tensor;
use super::layout::Layout;
use super::misuse;
use super::scalar::Scalar;
use super::store::{Arrays, NO_NODE};
use crate::tape::Var;
use crate::tape::annex;

impl<T: Scalar> Tensor<T> {
    /// The single element as a variable of the same recording: one node.
    ///
    /// # Panics
    ///
    /// If there is not one element.
    #[track_caller]
    pub fn to_var(&self) -> Var {
        if self.len() != 1 {
            misuse::shape(
                "to_var",
                self.shape(),
                "it needs one of a single element: ask for one by `at`, for all by `to_vars`",
            );
        }
        self.leave().next().expect("one element")
    }

    /// Element `index` as a variable: one node.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
    /// let y = x.at([1, 0]) * x.at([0, 1]);
    /// assert_eq!(y.backward().wrt(&x), array![[0.0, 3.0], [2.0, 0.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such element.
    #[track_caller]
    pub fn at(&self, index: impl AsRef<[usize]>) -> Var {
        let index = index.as_ref();
        let within = index.len() == self.rank() && index.iter().zip(self.shape()).all(|(i, n)| i < n);
        if !within {
            misuse::index("at", format_args!("{index:?}"), self.shape());
        }
        let mut layout = self.layout().clone();
        for &i in index {
            layout = layout.index(0, i);
        }
        self.seen_as(layout).to_var()
    }

    /// The elements as variables, in their order: one node each, and one step for all of them.
    #[track_caller]
    pub fn to_vars(&self) -> Vec<Var> {
        self.leave().collect()
    }

    #[track_caller]
    fn leave(&self) -> impl Iterator<Item = Var> + use<T> {
        let mut values = smallvec::SmallVec::<[f64; 4]>::new();
        self.view_in().for_each(|_, element| values.push(element.number()));
        let id = self.id();
        let first = match id {
            0 => 0,
            _ => {
                let leave = |arrays: &mut Arrays, first| {
                    arrays.leave(self, first);
                    ((), Some(arrays.last()))
                };
                annex::change(id, &values, leave).1
            }
        };
        (first..).zip(values).map(move |(node, value)| match id {
            0 => Var::constant(value),
            _ => Var::of_event(value, node, id),
        })
    }
}

impl Tensor<f64> {
    /// An array of the shape given whose elements are variables, in their order: one step.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let (y, g) = value_and_gradient(|x| Tensor::of_vars(x, [2, 2]).t().dot(&Tensor::of_vars(x, [2, 2])).sum().into(), &[1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!((y, &g[..]), (58.0, &[6.0, 6.0, 14.0, 14.0][..]));
    /// ```
    ///
    /// # Panics
    ///
    /// If there are more elements, or fewer; if the variables belong to two recordings, or to one that has ended.
    #[track_caller]
    pub fn of_vars(variables: &[Var], shape: impl AsRef<[usize]>) -> Tensor<f64> {
        let layout = Layout::of_rows(shape.as_ref());
        let n = variables.len();
        if layout.len() != n {
            misuse::shape(
                "of_vars",
                shape.as_ref(),
                format_args!("{n} variables were given for its elements"),
            );
        }
        let mut id = 0;
        for x in variables {
            id = annex::common(id, x.edge().0);
        }
        if id == 0 {
            let values = variables.iter().map(|x| x.value()).collect();
            return Tensor::constant(super::chunk::Piece::of(values), layout);
        }
        let enter = |arrays: &mut Arrays, _| {
            let edges = variables.iter().map(|x| (x.value(), node_of(*x), slope_of(*x)));
            let entered = arrays.enter(edges);
            (entered, Some(arrays.last()))
        };
        let ((block, piece), _) = annex::change(id, &[], enter);
        Tensor::recorded(piece, layout, id, block)
    }
}

/// The node of a variable.
fn node_of(x: Var) -> u32 {
    if x.is_constant() { NO_NODE } else { x.edge().1 }
}

/// The slope with respect to it; where operations are recorded, each has a node to itself.
fn slope_of(x: Var) -> f64 {
    let (id, _, slope) = x.edge();
    if annex::keeps_operations(id) { 1.0 } else { slope }
}

/// An array without axes.
impl From<Var> for Tensor<f64> {
    #[track_caller]
    fn from(x: Var) -> Tensor<f64> {
        Tensor::of_vars(&[x], [])
    }
}

/// The single element.
impl<T: Scalar> From<Tensor<T>> for Var {
    #[track_caller]
    fn from(x: Tensor<T>) -> Var {
        x.to_var()
    }
}

/// The single element.
impl<T: Scalar> From<&Tensor<T>> for Var {
    #[track_caller]
    fn from(x: &Tensor<T>) -> Var {
        x.to_var()
    }
}
