//! Named arrays as views of one flat vector: an optimizer sees one slice, a person sees names.
//!
//! ```text
//! "w": [2, 3]          "b": [3]
//! | w00 w01 w02 w10 w11 w12 | b0 b1 b2 |      values: [9], row-major, in the order of insertion
//! ```
//!
//! [`Params`] holds the numbers, [`Layout`] the names with shapes and ranges. Gradients and the moments of optimizers are
//! `Params` of the same layout.
//!
//! ```
//! use downhill::params::Params;
//! use ndarray::array;
//!
//! let mut params = Params::new();
//! params.insert("w", &array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
//! params.insert("b", &[0.5, 0.5, 0.5]);
//!
//! let mut gradient = params.zeros_like();
//! gradient.view_mut("b").fill(1.0);
//! for (x, g) in params.values_mut().iter_mut().zip(gradient.values()) {
//!     *x -= 0.5 * g;
//! }
//! assert_eq!(params.view("b"), array![0.0, 0.0, 0.0].into_dyn());
//! assert_eq!(params.values(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.0, 0.0, 0.0]);
//! ```
//!
//! # Files
//!
//! With the feature `safetensors`, weights are exchanged with PyTorch, JAX and others: `save_safetensors`,
//! `load_safetensors`. With the feature `npz`, with NumPy: `save_npz`, `load_npz` (what `numpy.savez` writes and
//! `numpy.load` reads). `read_safetensors` and `read_npz` read into parameters that are there, by name.

mod by_name;
mod element;
mod layout;
mod matching;
mod table;

#[cfg(any(feature = "npz", feature = "safetensors"))]
mod encoding;
#[cfg(feature = "npz")]
pub(crate) mod npy;
#[cfg(feature = "npz")]
pub(crate) mod npz;
#[cfg(feature = "safetensors")]
mod safetensors;
#[cfg(feature = "serde")]
mod serial;

use std::sync::Arc;

use ndarray::{ArrayViewD, ArrayViewMutD, AsArray, Dimension, IxDyn};

pub use self::element::Element;
pub use self::layout::{Block, Layout};
pub use self::matching::Unmatched;

/// Named arrays that are views of one flat vector.
///
/// A clone shares the numbers until one of the two is written to; then the writer copies them, once. Comparing two
/// compares names, shapes, order and numbers, so one that holds a NaN equals none, itself included. `{}` prints a table of
/// names and shapes, `{:?}` the numbers, long arrays abridged.
///
/// ```
/// use downhill::params::Params;
/// use ndarray::array;
///
/// let mut params = Params::new();
/// params.insert("w", &array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).insert("b", &[0.5, 0.5, 0.5]);
/// assert_eq!(
///     params.to_string(),
///     "\
/// name    shape  numbers
/// w      [2, 3]        6
/// b         [3]        3
/// total     f64        9"
/// );
/// ```
#[derive(Clone, PartialEq, Default)]
pub struct Params<T: Element = f64> {
    layout: Arc<Layout>,
    /// Shared, because a recording may hold on to the numbers instead of copying them.
    values: Arc<Vec<T>>,
}

impl<T: Element> Params<T> {
    /// No parameters yet; [`insert`](Params::insert) adds them.
    ///
    /// ```
    /// let params = downhill::params::Params::<f32>::new();
    /// assert!(params.is_empty());
    /// ```
    pub fn new() -> Params<T> {
        Params::default()
    }

    /// Appends a copy of an array, under a name.
    ///
    /// The array is a reference to one of `ndarray`, a view, a slice, or a reference to a `Vec` or an array of Rust; of any
    /// shape (a single number is `&arr0(x)`) and any memory layout: the copy is row-major. Cost: `O(n)` for `n` numbers of
    /// the new array, amortised; if a clone shares the numbers there are, these are copied first.
    ///
    /// # Panics
    ///
    /// If the name is taken.
    ///
    /// ```
    /// use downhill::params::Params;
    /// use ndarray::{arr0, array};
    ///
    /// let w = array![[1.0, 2.0], [3.0, 4.0]];
    /// let mut params = Params::new();
    /// params.insert("w", w.t()).insert("b", &[5.0, 6.0]).insert("scale", &arr0(7.0));
    /// assert_eq!(params.values(), [1.0, 3.0, 2.0, 4.0, 5.0, 6.0, 7.0]);
    /// ```
    #[track_caller]
    pub fn insert<'a, D: Dimension>(
        &mut self,
        name: impl Into<String>,
        array: impl AsArray<'a, T, D>,
    ) -> &mut Params<T> {
        let array = array.into();
        Arc::make_mut(&mut self.layout).push(name.into(), array.shape());
        Arc::make_mut(&mut self.values).extend(array.iter().copied());
        self
    }

    /// The array of this name, as a view of the flat vector: row-major, of its shape.
    ///
    /// # Panics
    ///
    /// If no array has the name; [`contains`](Params::contains) asks.
    ///
    /// ```
    /// use downhill::params::Params;
    /// use ndarray::{Ix2, array};
    ///
    /// let mut params = Params::new();
    /// params.insert("w", &array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(params.view("w")[[1, 0]], 3.0);
    /// let w = params.view("w").into_dimensionality::<Ix2>()?; // as a matrix, for products
    /// assert_eq!(w.dot(&array![1.0, 1.0]), array![3.0, 7.0]);
    /// # Ok::<(), ndarray::ShapeError>(())
    /// ```
    #[track_caller]
    pub fn view(&self, name: &str) -> ArrayViewD<'_, T> {
        shaped(self.layout.block(name), &self.values)
    }

    /// The array of this name, to be written to. Cost: none, unless a clone shares the numbers: then they are copied.
    ///
    /// # Panics
    ///
    /// If no array has the name.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("b", &[1.0, 2.0]);
    /// params.view_mut("b")[0] = 3.0;
    /// assert_eq!(params.values(), [3.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn view_mut(&mut self, name: &str) -> ArrayViewMutD<'_, T> {
        let block = self.layout.block(name);
        let values = &mut Arc::make_mut(&mut self.values)[block.range()];
        ArrayViewMutD::from_shape(IxDyn(block.shape()), values)
            .expect("the range has the length of the shape")
    }

    /// Whether an array has this name.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("b", &[1.0]);
    /// assert!(params.contains("b") && !params.contains("c"));
    /// ```
    pub fn contains(&self, name: &str) -> bool {
        self.layout.contains(name)
    }

    /// All numbers: each array row-major, one after the other in the order of insertion.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[1.0]).insert("b", &[2.0, 3.0]);
    /// assert_eq!(params.values(), [1.0, 2.0, 3.0]);
    /// ```
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// All numbers, to be written to. Cost: none, unless a clone shares them: then they are copied.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[1.0]).insert("b", &[2.0, 3.0]);
    /// let before = params.clone();
    /// params.values_mut()[2] = 4.0;
    /// assert_eq!((params.view("b")[1], before.view("b")[1]), (4.0, 3.0));
    /// ```
    pub fn values_mut(&mut self) -> &mut [T] {
        Arc::make_mut(&mut self.values).as_mut_slice()
    }

    /// Overwrites all numbers with `values: [n]`, in the order of [`values`](Params::values).
    ///
    /// # Panics
    ///
    /// If `values` has another length.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[1.0]).insert("b", &[2.0, 3.0]);
    /// params.set_values(&[4.0, 5.0, 6.0]);
    /// assert_eq!(params.view("a")[0], 4.0);
    /// ```
    #[track_caller]
    pub fn set_values(&mut self, values: &[T]) {
        self.assert_len(values.len());
        // Numbers that a clone shares are left to it, not copied only to be overwritten.
        match Arc::get_mut(&mut self.values) {
            Some(own) => own.copy_from_slice(values),
            None => self.values = Arc::new(values.to_vec()),
        }
    }

    /// Parameters of the same layout with these numbers, `values: [n]`, which are taken over and not copied.
    ///
    /// # Panics
    ///
    /// If `values` has another length.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[1.0]).insert("b", &[2.0, 3.0]);
    /// let doubled = params.with_values(params.values().iter().map(|x| 2.0 * x).collect());
    /// assert_eq!(doubled.view("b")[1], 6.0);
    /// ```
    #[track_caller]
    pub fn with_values(&self, values: Vec<T>) -> Params<T> {
        self.assert_len(values.len());
        Params { layout: Arc::clone(&self.layout), values: Arc::new(values) }
    }

    /// Zeros in the same layout: for a gradient, or the moments of an optimizer.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("b", &[2.0, 3.0]);
    /// assert_eq!(params.zeros_like().values(), [0.0, 0.0]);
    /// ```
    pub fn zeros_like(&self) -> Params<T> {
        self.with_values(vec![T::zero(); self.len()])
    }

    /// Names, shapes and ranges; `Arc::clone` of it costs nothing.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// How many numbers there are, in all arrays together.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[1.0]).insert("b", &[2.0, 3.0]);
    /// assert_eq!(params.len(), 3);
    /// assert_eq!(params.layout().names().len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no number at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The names with views of their arrays, in the order of insertion.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[1.0]).insert("b", &[2.0, 3.0]);
    /// let sums: Vec<_> = params.iter().map(|(name, array)| (name, array.sum())).collect();
    /// assert_eq!(sums, [("a", 1.0), ("b", 5.0)]);
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, ArrayViewD<'_, T>)> {
        self.layout.iter().map(|(name, block)| (name, shaped(block, &self.values)))
    }

    /// The same parameters as `f64`, exactly. Cost: a copy.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[0.5_f32]);
    /// assert_eq!(params.to_f64().values(), [0.5_f64]);
    /// ```
    pub fn to_f64(&self) -> Params<f64> {
        let values = self.values.iter().map(|x| x.double()).collect();
        Params { layout: Arc::clone(&self.layout), values: Arc::new(values) }
    }

    /// The same parameters as `f32`, each number rounded to the nearest; beyond the range of `f32` to an infinity. Cost: a
    /// copy.
    ///
    /// ```
    /// let mut params = downhill::params::Params::new();
    /// params.insert("a", &[0.1_f64, 1e300]);
    /// assert_eq!(params.to_f32().values(), [0.1_f32, f32::INFINITY]);
    /// ```
    pub fn to_f32(&self) -> Params<f32> {
        let values = self.values.iter().map(|x| x.single()).collect();
        Params { layout: Arc::clone(&self.layout), values: Arc::new(values) }
    }

    /// The numbers, for a recording to hold on to: [`values_mut`](Params::values_mut) then copies them.
    pub(crate) fn shared(&self) -> &Arc<Vec<T>> {
        &self.values
    }

    /// Numbers in a layout, of which there are as many.
    pub(crate) fn of_layout(layout: Arc<Layout>, values: Vec<T>) -> Params<T> {
        Params { layout, values: Arc::new(values) }
    }

    #[track_caller]
    fn assert_len(&self, given: usize) {
        let n = self.len();
        assert!(
            given == n,
            "downhill: the parameters are {n} numbers, and {given} were given: give one for each, in the order of `values`"
        );
    }
}

fn shaped<'a, T>(block: &Block, values: &'a [T]) -> ArrayViewD<'a, T> {
    let values = &values[block.range()];
    ArrayViewD::from_shape(IxDyn(block.shape()), values).expect("the range has the length of the shape")
}
