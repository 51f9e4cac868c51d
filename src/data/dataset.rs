//! Inputs with their targets, row by row.

use super::batches::Batches;
use super::rows::{self, Rows};
use super::split::{Fold, holdout, holdout_stratified};

/// Inputs and targets, as many rows of the one as of the other.
///
/// Inputs are an array `[n, …]`; targets are class labels, a `Vec<usize>`, or numbers, an array `[n, …]`: whatever has
/// [`Rows`].
///
/// ```
/// use downhill::data::Dataset;
/// use ndarray::array;
///
/// let set = Dataset::new(array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], vec![0, 1, 1]);
/// assert_eq!(set.len(), 3);
/// let some = set.select(&[2, 0]);
/// assert_eq!(some.inputs(), array![[4.0, 5.0], [0.0, 1.0]]);
/// assert_eq!(some.targets(), &[1, 0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset<X, Y> {
    inputs: X,
    targets: Y,
}

impl<X: Rows, Y: Rows> Dataset<X, Y> {
    /// Row `i` of `inputs` with row `i` of `targets`. Cost: none, they are taken over.
    ///
    /// # Panics
    ///
    /// If there are not as many of the one as of the other.
    #[track_caller]
    pub fn new(inputs: X, targets: Y) -> Dataset<X, Y> {
        let (n, m) = (inputs.count(), targets.count());
        assert!(
            n == m,
            "downhill: {n} rows of inputs were given and {m} of targets: give one target for each input"
        );
        Dataset { inputs, targets }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.inputs.count()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The inputs, `[n, …]`.
    pub fn inputs(&self) -> &X {
        &self.inputs
    }

    /// The targets, `[n, …]`.
    pub fn targets(&self) -> &Y {
        &self.targets
    }

    /// Inputs and targets, given away.
    pub fn into_parts(self) -> (X, Y) {
        (self.inputs, self.targets)
    }

    /// The same with other inputs: scaled, say, or of another shape.
    ///
    /// # Panics
    ///
    /// If there are not as many as before.
    ///
    /// ```
    /// use downhill::data::{Dataset, MinMax};
    /// use ndarray::array;
    ///
    /// let set = Dataset::new(array![[0.0], [2.0], [4.0]], vec![0, 1, 1]);
    /// let scale = MinMax::fit(set.inputs());
    /// let set = set.map_inputs(|x| scale.apply(&x));
    /// assert_eq!(set.inputs(), array![[0.0], [0.5], [1.0]]);
    /// ```
    #[track_caller]
    pub fn map_inputs<Z: Rows>(self, f: impl FnOnce(X) -> Z) -> Dataset<Z, Y> {
        Dataset::new(f(self.inputs), self.targets)
    }

    /// The same with other targets.
    ///
    /// # Panics
    ///
    /// If there are not as many as before.
    #[track_caller]
    pub fn map_targets<Z: Rows>(self, f: impl FnOnce(Y) -> Z) -> Dataset<X, Z> {
        Dataset::new(self.inputs, f(self.targets))
    }

    /// A copy of these rows, in this order; a row may be named more than once.
    ///
    /// # Panics
    ///
    /// If a row is not less than [`len`](Dataset::len).
    #[track_caller]
    pub fn select(&self, rows: &[usize]) -> Dataset<X, Y> {
        Dataset { inputs: self.inputs.select(rows), targets: self.targets.select(rows) }
    }

    /// Makes `batch` hold these rows, in this order. Its memory is used again: nothing is allocated if it has held as many
    /// before.
    ///
    /// # Panics
    ///
    /// If a row is not less than [`len`](Dataset::len).
    ///
    /// ```
    /// use downhill::data::Dataset;
    /// use ndarray::array;
    ///
    /// let set = Dataset::new(array![[0.0], [1.0], [2.0]], vec![5, 6, 7]);
    /// let mut batch = set.none();
    /// set.copy_rows(&[1, 2], &mut batch);
    /// assert_eq!(batch, set.select(&[1, 2]));
    /// ```
    #[track_caller]
    pub fn copy_rows(&self, rows: &[usize], batch: &mut Dataset<X, Y>) {
        rows::check(rows, self.len());
        self.inputs.copy_rows(rows, &mut batch.inputs);
        self.targets.copy_rows(rows, &mut batch.targets);
    }

    /// Without rows: a batch for [`copy_rows`](Dataset::copy_rows) and [`Batches::next_into`] to fill.
    pub fn none(&self) -> Dataset<X, Y> {
        Dataset { inputs: self.inputs.none(), targets: self.targets.none() }
    }

    /// Training and validation data: `fraction` of the rows, rounded to the nearest number, is drawn by `seed` and held out.
    /// Both keep the order of the rows. Cost: a copy.
    ///
    /// # Panics
    ///
    /// If `fraction` is not between 0 and 1.
    ///
    /// ```
    /// use downhill::data::Dataset;
    /// use ndarray::Array2;
    ///
    /// let set = Dataset::new(Array2::<f64>::zeros((10, 3)), (0..10).collect::<Vec<_>>());
    /// let (train, validation) = set.split(0.2, 1);
    /// assert_eq!((train.len(), validation.len()), (8, 2));
    /// ```
    #[track_caller]
    pub fn split(&self, fraction: f64, seed: u64) -> (Dataset<X, Y>, Dataset<X, Y>) {
        self.fold(&holdout(self.len(), fraction, seed))
    }

    /// Training and validation data by the lists of rows in `fold`: one of [`k_fold`](super::k_fold), say. Cost: a copy.
    ///
    /// # Panics
    ///
    /// If a row is not less than [`len`](Dataset::len).
    ///
    /// ```
    /// use downhill::data::{Dataset, k_fold};
    ///
    /// let set = Dataset::new(vec![0.0, 1.0, 2.0, 3.0], vec![0, 0, 1, 1]);
    /// for fold in k_fold(set.len(), 2, 7) {
    ///     let (train, validation) = set.fold(&fold);
    ///     assert_eq!((train.len(), validation.len()), (2, 2));
    /// }
    /// ```
    #[track_caller]
    pub fn fold(&self, fold: &Fold) -> (Dataset<X, Y>, Dataset<X, Y>) {
        (self.select(&fold.train), self.select(&fold.validation))
    }

    /// The first `n` rows and the rest: for data in the order of time, of which the last part is held out. Cost: a copy.
    ///
    /// # Panics
    ///
    /// If `n` is more than [`len`](Dataset::len).
    ///
    /// ```
    /// use downhill::data::Dataset;
    ///
    /// let (past, future) = Dataset::new(vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]).split_at(2);
    /// assert_eq!((past.len(), future.inputs()), (2, &vec![3.0]));
    /// ```
    #[track_caller]
    pub fn split_at(&self, n: usize) -> (Dataset<X, Y>, Dataset<X, Y>) {
        let all = self.len();
        assert!(
            n <= all,
            "downhill: the first {n} rows were asked for, and there are {all}: ask for at most these"
        );
        let rows: Vec<usize> = (0..all).collect();
        (self.select(&rows[..n]), self.select(&rows[n..]))
    }

    /// The rows in batches of `size`, shuffled anew for each epoch by `seed`.
    ///
    /// # Panics
    ///
    /// If `size` is 0.
    #[track_caller]
    pub fn batches(&self, size: usize, seed: u64) -> Batches<'_, X, Y> {
        Batches::new(self, size, seed)
    }
}

impl<X: Rows> Dataset<X, Vec<usize>> {
    /// As [`split`](Dataset::split), with each class in both parts by its share: of a class of `m` rows `fraction · m` are
    /// held out, rounded up or down so that the sum is right.
    ///
    /// # Panics
    ///
    /// If `fraction` is not between 0 and 1.
    ///
    /// ```
    /// use downhill::data::Dataset;
    ///
    /// let set = Dataset::new(vec![0.0; 12], vec![0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    /// let (train, validation) = set.split_stratified(0.25, 7);
    /// assert_eq!(validation.targets(), &[0, 0, 1]);
    /// assert_eq!(train.targets(), &[0, 0, 0, 0, 0, 0, 1, 1, 1]);
    /// ```
    #[track_caller]
    pub fn split_stratified(&self, fraction: f64, seed: u64) -> (Self, Self) {
        self.fold(&holdout_stratified(&self.targets, fraction, seed))
    }

    /// The number of classes: one more than the largest label, 0 without rows.
    pub fn classes(&self) -> usize {
        self.targets.iter().max().map_or(0, |&largest| largest + 1)
    }
}
