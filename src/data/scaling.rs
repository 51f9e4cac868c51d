//! Columns brought to the same scale.
//!
//! ```text
//! Standardize:  z = (x - mean) / deviation      mean = Σ xᵢ / n,  deviation = √(Σ (xᵢ - mean)² / n)
//! MinMax:       z = (x - min) / (max - min)
//! a column that is constant:  z = x - mean,  z = x - min:  divided by 1
//! ```
//!
//! A column is a place in a row: of `[n, d]` there are `d`, of `[n]` one, of `[n, c, h, w]` `c h w`. The numbers are fitted
//! to the training data and applied to all data, so that nothing of the validation data enters the training. They are
//! computed in `f64`, the mean in two passes and the deviation about it, whatever the type of the data. The conventions,
//! the division by `n` and that of constant columns by 1, are those of scikit-learn's `StandardScaler` and `MinMaxScaler`.

use ndarray::{Array, ArrayBase, ArrayViewD, ArrayViewMutD, Axis, Data, DataMut, Dimension};

use crate::params::Element;

/// Columns of mean 0 and deviation 1.
///
/// ```
/// use downhill::data::Standardize;
/// use ndarray::array;
///
/// let train = array![[1.0, 10.0, 5.0], [3.0, 30.0, 5.0]];
/// let scale = Standardize::fit(&train);
/// assert_eq!((scale.mean(), scale.deviation()), (&[2.0, 20.0, 5.0][..], &[1.0, 10.0, 0.0][..]));
/// assert_eq!(scale.constant(), [2]);
///
/// assert_eq!(scale.apply(&train), array![[-1.0, -1.0, 0.0], [1.0, 1.0, 0.0]]);
/// assert_eq!(scale.apply(&array![[2.0, 40.0, 6.0]]), array![[0.0, 2.0, 1.0]]); // by the numbers of `train`
/// assert_eq!(scale.undo(&scale.apply(&train)), train);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Standardize<T> {
    mean: Vec<T>,
    deviation: Vec<T>,
}

impl<T: Element> Standardize<T> {
    /// Mean and deviation of each column of `x: [n, …]`.
    ///
    /// # Panics
    ///
    /// If there is no row, or a number is not finite.
    #[track_caller]
    pub fn fit<S: Data<Elem = T>, D: Dimension>(x: &ArrayBase<S, D>) -> Standardize<T> {
        let columns = columns("Standardize::fit", x.view().into_dyn());
        let moments = columns.iter().map(|column| moments(column));
        let (mean, deviation) =
            moments.map(|(mean, deviation)| (T::of_double(mean), T::of_double(deviation))).unzip();
        Standardize { mean, deviation }
    }

    /// The mean of each column.
    pub fn mean(&self) -> &[T] {
        &self.mean
    }

    /// The deviation of each column; 0 of a constant one, which is divided by 1.
    pub fn deviation(&self) -> &[T] {
        &self.deviation
    }

    /// The constant columns: after [`apply`](Standardize::apply) they are 0 and tell nothing.
    pub fn constant(&self) -> Vec<usize> {
        zeros(&self.deviation)
    }

    /// `(x - mean) / deviation` of each column of `x: [m, …]`.
    ///
    /// # Panics
    ///
    /// If `x` has not the number of columns that were fitted.
    #[track_caller]
    pub fn apply<S: Data<Elem = T>, D: Dimension>(&self, x: &ArrayBase<S, D>) -> Array<T, D> {
        let mut scaled = x.to_owned();
        self.apply_to(&mut scaled);
        scaled
    }

    /// As [`apply`](Standardize::apply), in place.
    ///
    /// # Panics
    ///
    /// If `x` has not the number of columns that were fitted.
    #[track_caller]
    pub fn apply_to<S: DataMut<Elem = T>, D: Dimension>(&self, x: &mut ArrayBase<S, D>) {
        each(x.view_mut().into_dyn(), &self.mean, &self.deviation, |x, mean, deviation| {
            (x - mean) / deviation
        });
    }

    /// `z deviation + mean` of each column of `z: [m, …]`: what was before [`apply`](Standardize::apply), within rounding.
    ///
    /// # Panics
    ///
    /// If `z` has not the number of columns that were fitted.
    #[track_caller]
    pub fn undo<S: Data<Elem = T>, D: Dimension>(&self, z: &ArrayBase<S, D>) -> Array<T, D> {
        let mut x = z.to_owned();
        self.undo_to(&mut x);
        x
    }

    /// As [`undo`](Standardize::undo), in place.
    ///
    /// # Panics
    ///
    /// If `z` has not the number of columns that were fitted.
    #[track_caller]
    pub fn undo_to<S: DataMut<Elem = T>, D: Dimension>(&self, z: &mut ArrayBase<S, D>) {
        each(z.view_mut().into_dyn(), &self.mean, &self.deviation, |z, mean, deviation| z * deviation + mean);
    }
}

/// Columns between 0 and 1.
///
/// ```
/// use downhill::data::MinMax;
/// use ndarray::array;
///
/// let train = array![[1.0, 10.0], [3.0, 10.0], [2.0, 10.0]];
/// let scale = MinMax::fit(&train);
/// assert_eq!((scale.min(), scale.max()), (&[1.0, 10.0][..], &[3.0, 10.0][..]));
/// assert_eq!(scale.constant(), [1]);
///
/// assert_eq!(scale.apply(&train), array![[0.0, 0.0], [1.0, 0.0], [0.5, 0.0]]);
/// assert_eq!(scale.apply(&array![[5.0, 11.0]]), array![[2.0, 1.0]]); // beyond what was fitted
/// assert_eq!(scale.undo(&scale.apply(&train)), train);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MinMax<T> {
    min: Vec<T>,
    max: Vec<T>,
    range: Vec<T>,
}

impl<T: Element> MinMax<T> {
    /// The least and the greatest number of each column of `x: [n, …]`.
    ///
    /// # Panics
    ///
    /// If there is no row, or a number is not finite.
    #[track_caller]
    pub fn fit<S: Data<Elem = T>, D: Dimension>(x: &ArrayBase<S, D>) -> MinMax<T> {
        let columns = columns("MinMax::fit", x.view().into_dyn());
        let (min, max): (Vec<T>, Vec<T>) = columns
            .iter()
            .map(|column| extremes(column))
            .map(|(min, max)| (T::of_double(min), T::of_double(max)))
            .unzip();
        let range = min.iter().zip(&max).map(|(&min, &max)| max - min).collect();
        MinMax { min, max, range }
    }

    /// The least number of each column.
    pub fn min(&self) -> &[T] {
        &self.min
    }

    /// The greatest number of each column.
    pub fn max(&self) -> &[T] {
        &self.max
    }

    /// The constant columns: after [`apply`](MinMax::apply) they are 0 and tell nothing.
    pub fn constant(&self) -> Vec<usize> {
        zeros(&self.range)
    }

    /// `(x - min) / (max - min)` of each column of `x: [m, …]`: from 0 to 1 for the data that was fitted, and beyond for
    /// numbers beyond.
    ///
    /// # Panics
    ///
    /// If `x` has not the number of columns that were fitted.
    #[track_caller]
    pub fn apply<S: Data<Elem = T>, D: Dimension>(&self, x: &ArrayBase<S, D>) -> Array<T, D> {
        let mut scaled = x.to_owned();
        self.apply_to(&mut scaled);
        scaled
    }

    /// As [`apply`](MinMax::apply), in place.
    ///
    /// # Panics
    ///
    /// If `x` has not the number of columns that were fitted.
    #[track_caller]
    pub fn apply_to<S: DataMut<Elem = T>, D: Dimension>(&self, x: &mut ArrayBase<S, D>) {
        each(x.view_mut().into_dyn(), &self.min, &self.range, |x, min, range| (x - min) / range);
    }

    /// `z (max - min) + min` of each column of `z: [m, …]`: what was before [`apply`](MinMax::apply), within rounding.
    ///
    /// # Panics
    ///
    /// If `z` has not the number of columns that were fitted.
    #[track_caller]
    pub fn undo<S: Data<Elem = T>, D: Dimension>(&self, z: &ArrayBase<S, D>) -> Array<T, D> {
        let mut x = z.to_owned();
        self.undo_to(&mut x);
        x
    }

    /// As [`undo`](MinMax::undo), in place.
    ///
    /// # Panics
    ///
    /// If `z` has not the number of columns that were fitted.
    #[track_caller]
    pub fn undo_to<S: DataMut<Elem = T>, D: Dimension>(&self, z: &mut ArrayBase<S, D>) {
        each(z.view_mut().into_dyn(), &self.min, &self.range, |z, min, range| z * range + min);
    }
}

/// The columns in `f64`, one list each; all numbers are finite.
#[track_caller]
fn columns<T: Element>(what: &str, x: ArrayViewD<'_, T>) -> Vec<Vec<f64>> {
    assert!(
        x.ndim() > 0 && x.len_of(Axis(0)) > 0,
        "downhill: `{what}` was given an array of shape {:?}: it needs at least one row, along axis 0",
        x.shape()
    );
    let rows = x.len_of(Axis(0));
    let mut columns = vec![Vec::with_capacity(rows); x.len() / rows];
    for (i, row) in x.outer_iter().enumerate() {
        for (j, (&number, column)) in row.iter().zip(&mut columns).enumerate() {
            assert!(
                number.is_finite(),
                "downhill: `{what}` was given {number} in row {i}, column {j}: leave the row out, or put a number there"
            );
            column.push(number.double());
        }
    }
    columns
}

/// Mean and deviation; exactly the number and 0 if all are the same.
fn moments(column: &[f64]) -> (f64, f64) {
    if column.iter().all(|&x| x == column[0]) {
        return (column[0], 0.0);
    }
    let n = column.len() as f64;
    // Sums of what is left after a first mean, so that large numbers close to one another lose no digits.
    let about = column.iter().sum::<f64>() / n;
    let mean = about + column.iter().map(|x| x - about).sum::<f64>() / n;
    // About the second: of many numbers the first may be further from all of them than they are from one another.
    let (mut rest, mut squares) = (0.0, 0.0);
    for x in column {
        rest += x - mean;
        squares += (x - mean) * (x - mean);
    }
    (mean, ((squares - rest * rest / n).max(0.0) / n).sqrt())
}

fn extremes(column: &[f64]) -> (f64, f64) {
    column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), &x| (min.min(x), max.max(x)))
}

fn zeros<T: Element>(numbers: &[T]) -> Vec<usize> {
    (0..numbers.len()).filter(|&column| numbers[column] == T::zero()).collect()
}

/// Replaces each number of a column by `f` of it, the column's offset and its width; a width of 0 counts as 1.
#[track_caller]
fn each<T: Element>(mut x: ArrayViewMutD<'_, T>, offset: &[T], width: &[T], f: impl Fn(T, T, T) -> T) {
    let given: usize = x.shape().iter().skip(1).product();
    assert!(
        x.ndim() > 0 && given == offset.len(),
        "downhill: the scale was fitted to {} columns, and an array of shape {:?} was given: give rows of as many numbers",
        offset.len(),
        x.shape()
    );
    for mut row in x.outer_iter_mut() {
        for ((x, &offset), &width) in row.iter_mut().zip(offset).zip(width) {
            *x = f(*x, offset, if width == T::zero() { T::one() } else { width });
        }
    }
}
