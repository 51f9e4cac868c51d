//! Arrays on the same tape: variables with axes, NumPy's rules, one node for a whole operation.
//!
//! A [`Tensor`] is computed with as with an array of NumPy or `ndarray`, in `f64` or `f32`, and recorded as a [`Var`](crate::tape::Var) is: one
//! step for each operation, however many elements. Scalars and arrays cross freely on one recording.
//!
//! ```
//! use downhill::prelude::*;
//! use ndarray::array;
//!
//! let tape = Tape::new();
//! let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]); // a constant
//! let w = tape.tensor(&array![0.5, -0.5]); // a variable
//! let b = tape.var(1.0);
//! let loss = ((x.dot(&w) + b).tanh()).square().sum();
//! let gradient = loss.backward();
//! assert_eq!(gradient.wrt(&w).shape(), [2]);
//! assert!(gradient.wrt(b) > 0.0);
//! ```
//!
//! Slices, transposes, reshapes and broadcasts are views, in both directions: nothing is copied, and the adjoint of a view is
//! the same view of the adjoint. The memory serves the next recording: after the first time a step allocates nothing.
//!
//! # For users of NumPy
//!
//! | NumPy | here |
//! |---|---|
//! | `np.array([[1., 2.]])` | `Tensor::from(array![[1.0, 2.0]])`, with `ndarray::array!` |
//! | `x + y`, `2 * x`, `x ** 2`, `np.exp(x)` | `&x + &y`, `2.0 * &x`, `x.square()`, `x.powi(2)`, `x.exp()` |
//! | `x @ w` | `x.dot(&w)` |
//! | `x.T`, `x.reshape(2, -1)` | `x.t()`, `x.reshape([2, 3])` |
//! | `x[1]`, `x[:, 0]`, `x[::-1]` | `x.index_axis(0, 1)`, `x.column(0)`, `x.slice(0, ..).reversed(0)` |
//! | `x.sum()`, `x.sum(axis=1)`, `x.sum(axis=(0, -1))` | `x.sum()`, `x.sum_axis(1)`, `x.sum_axes([0, -1])`; so `mean prod max min var std norm` |
//! | `x.sum(axis=1, keepdims=True)` | `x.sum_axis(1).insert_axis(1)`, a view |
//! | `np.square(x).sum(1)`, `np.vecdot(x, y, axis=0)` | `x.norm_squared_axis(1)`, `x.vecdot(&y, 0)` |
//! | `np.cumsum(x, 1)`, `x.argmax(1)` | `x.cumsum(1)`, `x.argmax(1)` |
//! | `np.maximum(x, y)`, `np.clip(x, 0, 1)` | `x.maximum(&y)`, `x.clip(0.0, 1.0)` |
//! | `x < y`, `np.where(x < y, x, y)` | `x.lt(&y)`, `where_(x.lt(&y), &x, &y)` |
//! | `scipy.special.logsumexp(x, 1)`, `softmax(x, 1)` | `x.log_sum_exp_axis(1)`, `x.softmax(1)`, `x.log_softmax(1)` |
//! | `np.concatenate([x, y], 1)`, `np.stack([x, y])` | `concat(&[&x, &y], 1)`, `stack(&[&x, &y], 0)` |
//! | `np.split(x, [2, 5])`, `np.array_split(x, 3, 1)` | `x.split(&[2, 5], 0)`, `x.chunks(3, 1)` |
//! | `np.pad(x, [(1, 1), (0, 2)])`, `np.tile(x, (2, 1))`, `np.repeat(x, 2, 0)` | `x.pad(&[(1, 1), (0, 2)], 0.0)`, `x.tile(&[2, 1])`, `x.repeat(2, 0)` |
//! | `x[[2, 0]]`, `x.take([2, 0], 1)`, `np.take_along_axis(x, i, 1)` | `x.take([2, 0], 0)`, `x.take([2, 0], 1)`, `x.gather(1, &i)` |
//! | `np.add.at(x, [2, 0], u)` | `x.scatter_add(0, [2, 0], &u)`, which leaves `x` as it is |
//! | `np.outer(x, y)`, `np.einsum("bi,ij->bj", x, w)` | `x.outer(&y)`, `einsum("bi,ij->bj", &x, &w)` |
//! | PyTorch's `F.conv2d(x, w, padding=1)`, `F.max_pool2d(x, 2)` | `x.conv2d(&w, Conv::default().padding([1, 1]))`, `x.max_pool2d([2, 2], [2, 2], [0, 0])` |
//! | `np.linalg.solve(a, b)`, `np.linalg.inv(a)` | `a.solve(&b)`, `a.inverse()` |
//! | `np.linalg.cholesky(a)`, `np.linalg.eigh(a)`, `np.linalg.eigvalsh(a)` | `a.cholesky()`, `a.eigh()`, `a.eigvalsh()` |
//! | `np.linalg.qr(a)`, `np.linalg.svd(a, full_matrices=False)` | `a.qr()`, `a.svd()` |
//! | `np.linalg.slogdet(a)`, `np.linalg.det(a)`, `np.trace(a)` | `a.sign_log_det()`, `a.det()`, `a.trace()` |
//! | `np.linalg.lstsq(a, b)[0]`, `scipy.linalg.expm(a)` | `a.least_squares(&b)`, `a.matrix_exp()` |

mod again;
mod algebra;
mod axes;
mod binary;
mod choice;
mod chunk;
mod compare;
mod conv;
mod convert;
mod copy;
mod cross;
mod cross_entropy;
mod dense;
mod dots;
mod each;
mod einsum;
mod element;
mod elements;
mod extremes;
mod gradients;
mod indexing;
mod indices;
mod joining;
mod kernels;
mod layout;
#[cfg(test)]
mod layout_tests;
mod lines;
mod matmul;
mod misuse;
mod named;
mod norm;
mod number;
mod operators;
mod pooling;
mod product;
mod rules;
mod running;
mod scalar;
mod softmax;
mod spread;
mod step;
mod store;
mod sum;
mod tensor;
mod ternary;
mod unary;
mod view;
mod views;
mod windows;

pub(crate) use again::Sheet;
pub(crate) use element::Element;
pub(crate) use store::Arrays;

pub use algebra::{NoConvergence, NotPositiveDefinite, RankDeficient, Singular, Triangle};
pub use choice::{Mask, where_};
pub use conv::Conv;
pub use cross_entropy::{Labels, one_hot};
pub use einsum::einsum;
pub use elements::Elements;
pub use indices::Indices;
pub use joining::{concat, stack};
pub use named::Named;
pub use operators::Argument;
pub use scalar::Scalar;
pub use tensor::Tensor;
