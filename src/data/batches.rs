//! Rows in batches, shuffled anew for each epoch.
//!
//! ```text
//! epoch e:  order(n, seed, e) = | batch 0 | batch 1 | … | the rest |       kept, or dropped
//!                                         ^ position
//! ```

use super::dataset::Dataset;
use super::order::fill_order;
use super::rows::Rows;

/// Where a run through the data is: all that it takes to go on from there, bit for bit.
///
/// With the feature `serde` it is written as the list `[seed, epoch, position]`.
///
/// ```
/// use downhill::data::{Dataset, Progress};
///
/// let set = Dataset::new((0..10).collect::<Vec<_>>(), vec![0; 10]);
/// let mut batches = set.batches(4, 7);
/// batches.next_batch();
/// let saved = batches.progress();
/// assert_eq!(saved, Progress { seed: 7, epoch: 0, position: 4 });
///
/// let mut resumed = set.batches(4, 7).resume(saved);
/// assert_eq!(resumed.next_batch(), batches.next_batch());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What the orders are drawn by.
    pub seed: u64,
    /// The epoch, from 0.
    pub epoch: u64,
    /// How many rows of the epoch have been given out.
    pub position: usize,
}

/// The rows of a [`Dataset`] in batches of one size; [`Dataset::batches`] makes it.
///
/// The order of epoch `e` is [`order`](super::order)`(n, seed, e)`. If the size does not divide the number of rows, the last
/// batch of an epoch has fewer; [`drop_last`](Batches::drop_last) leaves it out. After the first batches nothing is allocated.
///
/// ```
/// use downhill::data::Dataset;
///
/// let set = Dataset::new(vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![0, 1, 0, 1, 0]);
/// let mut batches = set.batches(2, 7);
/// for epoch in 0..3 {
///     let mut sizes = Vec::new();
///     while let Some(batch) = batches.next_batch() {
///         sizes.push(batch.len());
///     }
///     assert_eq!(sizes, [2, 2, 1]);
/// }
/// assert_eq!(batches.progress().epoch, 3);
/// ```
#[derive(Debug, Clone)]
pub struct Batches<'a, X, Y> {
    set: &'a Dataset<X, Y>,
    size: usize,
    shuffled: bool,
    whole: bool,
    progress: Progress,
    order: Vec<usize>,
    /// The epoch and the seed `order` belongs to.
    ordered: Option<(u64, u64)>,
    batch: Dataset<X, Y>,
}

impl<'a, X: Rows, Y: Rows> Batches<'a, X, Y> {
    #[track_caller]
    pub(super) fn new(set: &'a Dataset<X, Y>, size: usize, seed: u64) -> Batches<'a, X, Y> {
        assert!(size > 0, "downhill: batches of 0 rows were asked for: ask for at least 1 in each");
        Batches {
            set,
            size,
            shuffled: true,
            whole: false,
            progress: Progress { seed, epoch: 0, position: 0 },
            order: Vec::new(),
            ordered: None,
            batch: set.none(),
        }
    }

    /// Leaves out the last batch of an epoch if it is not of full size.
    ///
    /// # Panics
    ///
    /// If there are fewer rows than a batch has: there would be none.
    ///
    /// ```
    /// use downhill::data::Dataset;
    ///
    /// let set = Dataset::new(vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![0, 1, 0, 1, 0]);
    /// assert_eq!(set.batches(2, 7).drop_last().per_epoch(), 2);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn drop_last(self) -> Batches<'a, X, Y> {
        let (n, size) = (self.set.len(), self.size);
        assert!(
            n >= size,
            "downhill: no batch of {size} rows can be made of {n}, and smaller ones are to be dropped: ask for a smaller \
             size, or keep the last batch"
        );
        Batches { whole: true, ..self }
    }

    /// Gives the rows in their own order in every epoch, as for validation.
    ///
    /// ```
    /// use downhill::data::Dataset;
    ///
    /// let set = Dataset::new(vec![0.0, 1.0, 2.0], vec![0, 1, 0]);
    /// let mut batches = set.batches(2, 7).in_order();
    /// assert_eq!(batches.next_batch().unwrap().inputs(), &[0.0, 1.0]);
    /// ```
    #[must_use]
    pub fn in_order(self) -> Batches<'a, X, Y> {
        Batches { shuffled: false, ordered: None, ..self }
    }

    /// Goes on from where another run was, on the same data: its seed, its epoch, its position.
    ///
    /// # Panics
    ///
    /// If its position is beyond the number of rows: it belongs to other data.
    #[track_caller]
    #[must_use]
    pub fn resume(self, progress: Progress) -> Batches<'a, X, Y> {
        let (n, position) = (self.set.len(), progress.position);
        assert!(
            position <= n,
            "downhill: a run was to go on from row {position} of an epoch, and the data has {n} rows: resume with the data \
             it was saved with"
        );
        Batches { progress, ..self }
    }

    /// Where the run is. Saved after a batch, it goes on with the next.
    ///
    /// Take it after the loop over the batches of an epoch as well: only then has it come to the next epoch.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// How many batches an epoch has.
    pub fn per_epoch(&self) -> usize {
        self.batches_in(self.set.len())
    }

    /// The next batch of the epoch; `None` at its end, once, and the call after that begins the next one. The batch lies in
    /// memory that is used for the next again.
    pub fn next_batch(&mut self) -> Option<&Dataset<X, Y>> {
        let rows = self.advance()?;
        self.set.copy_rows(&self.order[rows], &mut self.batch);
        Some(&self.batch)
    }

    /// As [`next_batch`](Batches::next_batch), into a batch of one's own: whether there was one.
    ///
    /// ```
    /// use downhill::data::Dataset;
    ///
    /// let set = Dataset::new(vec![0.0, 1.0, 2.0], vec![0, 1, 0]);
    /// let (mut batches, mut batch) = (set.batches(2, 7), set.none());
    /// let mut sizes = Vec::new();
    /// while batches.next_into(&mut batch) {
    ///     sizes.push(batch.len());
    /// }
    /// assert_eq!(sizes, [2, 1]);
    /// ```
    pub fn next_into(&mut self, batch: &mut Dataset<X, Y>) -> bool {
        let rows = self.advance();
        if let Some(rows) = rows.clone() {
            self.set.copy_rows(&self.order[rows], batch);
        }
        rows.is_some()
    }

    /// The rows of the next batch, by their numbers in the data, instead of copies of them; else as
    /// [`next_batch`](Batches::next_batch).
    ///
    /// ```
    /// use downhill::data::{Dataset, order};
    ///
    /// let set = Dataset::new(vec![0.0, 1.0, 2.0], vec![0, 1, 0]);
    /// assert_eq!(set.batches(2, 7).next_rows().unwrap(), &order(3, 7, 0)[..2]);
    /// ```
    pub fn next_rows(&mut self) -> Option<&[usize]> {
        let rows = self.advance()?;
        Some(&self.order[rows])
    }

    /// What is left of the epoch, or all of the next after its end, as an iterator over copies.
    ///
    /// ```
    /// use downhill::data::Dataset;
    ///
    /// let set = Dataset::new(vec![0.0, 1.0, 2.0, 3.0, 4.0], vec![0, 1, 0, 1, 0]);
    /// let mut batches = set.batches(2, 7);
    /// for epoch in 0..3 {
    ///     assert_eq!(batches.epoch().map(|batch| batch.len()).sum::<usize>(), 5);
    /// }
    /// ```
    pub fn epoch(&mut self) -> Epoch<'_, 'a, X, Y> {
        Epoch { batches: self, ended: false }
    }

    /// Batches in `rows` rows.
    fn batches_in(&self, rows: usize) -> usize {
        if self.whole { rows / self.size } else { rows.div_ceil(self.size) }
    }

    /// The place of the next batch in the order of the epoch.
    fn advance(&mut self) -> Option<std::ops::Range<usize>> {
        let Progress { seed, epoch, position } = self.progress;
        let left = self.set.len() - position;
        if self.batches_in(left) == 0 {
            self.progress = Progress { seed, epoch: epoch + 1, position: 0 };
            return None;
        }
        if self.ordered != Some((seed, epoch)) {
            if self.shuffled {
                fill_order(&mut self.order, self.set.len(), seed, epoch);
            } else if self.ordered.is_none() {
                self.order.clear();
                self.order.extend(0..self.set.len());
            }
            self.ordered = Some((seed, epoch));
        }
        let rows = position..position + left.min(self.size);
        self.progress.position = rows.end;
        Some(rows)
    }
}

/// The batches of an epoch, each a copy; [`Batches::epoch`] makes it. Left before its end, the epoch goes on where it was.
#[derive(Debug)]
pub struct Epoch<'b, 'a, X, Y> {
    batches: &'b mut Batches<'a, X, Y>,
    ended: bool,
}

impl<X: Rows, Y: Rows> Iterator for Epoch<'_, '_, X, Y> {
    type Item = Dataset<X, Y>;

    fn next(&mut self) -> Option<Dataset<X, Y>> {
        if self.ended {
            return None;
        }
        let mut batch = self.batches.set.none();
        self.ended = !self.batches.next_into(&mut batch);
        (!self.ended).then_some(batch)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let rows = self.batches.set.len() - self.batches.progress.position;
        let left = if self.ended { 0 } else { self.batches.batches_in(rows) };
        (left, Some(left))
    }
}

impl<X: Rows, Y: Rows> ExactSizeIterator for Epoch<'_, '_, X, Y> {}

impl<X: Rows, Y: Rows> std::iter::FusedIterator for Epoch<'_, '_, X, Y> {}

#[cfg(feature = "serde")]
impl serde::Serialize for Progress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.seed, self.epoch, self.position).serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Progress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Progress, D::Error> {
        let (seed, epoch, position) = serde::Deserialize::deserialize(deserializer)?;
        Ok(Progress { seed, epoch, position })
    }
}
