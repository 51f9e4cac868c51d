//! Which rows are for training and which for validation.

use crate::random::{Purpose, Random};

/// Two lists of rows without a common one: to train with, and to validate with. Both rise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The rows to train with.
    pub train: Vec<usize>,
    /// The rows held out.
    pub validation: Vec<usize>,
}

impl Fold {
    /// Of rows with their marks: those of `mark` are held out.
    fn of(marks: &[usize], mark: usize) -> Fold {
        let (validation, train) = (0..marks.len()).partition(|&row| marks[row] == mark);
        Fold { train, validation }
    }
}

/// Of `n` rows, `fraction · n`, rounded to the nearest number, are drawn by `seed` and held out.
///
/// ```
/// use downhill::data::holdout;
///
/// let fold = holdout(10, 0.3, 7);
/// assert_eq!((fold.train.len(), fold.validation.len()), (7, 3));
/// ```
///
/// # Panics
///
/// If `fraction` is not between 0 and 1.
#[track_caller]
pub fn holdout(n: usize, fraction: f64, seed: u64) -> Fold {
    holdout_stratified(&vec![0; n], fraction, seed)
}

/// As [`holdout`], with each class in both parts by its share: of a class of `m` rows `fraction · m` are held out, rounded up
/// where the part cut off is largest (of equal ones, for the lower label), so that the sum is right.
///
/// ```
/// use downhill::data::holdout_stratified;
///
/// let fold = holdout_stratified(&[0, 1, 1, 1, 1, 0], 0.5, 7);
/// assert_eq!(fold.validation.len(), 3);
/// assert_eq!(fold.validation.iter().filter(|&&row| row == 0 || row == 5).count(), 1);
/// ```
///
/// # Panics
///
/// If `fraction` is not between 0 and 1.
#[track_caller]
pub fn holdout_stratified(labels: &[usize], fraction: f64, seed: u64) -> Fold {
    assert!(
        (0.0..=1.0).contains(&fraction),
        "downhill: a fraction of {fraction} was to be held out: give one between 0 and 1"
    );
    let classes = shuffled_classes(labels, seed);
    let share = |rows: &Vec<usize>| fraction * rows.len() as f64;
    let mut held: Vec<usize> = classes.iter().map(|rows| share(rows) as usize).collect();
    let wanted = (fraction * labels.len() as f64).round() as usize;
    let mut by_remainder: Vec<usize> = (0..classes.len()).collect();
    // Stable, so that of equal remainders the lower label comes first.
    by_remainder.sort_by(|&a, &b| share(&classes[b]).fract().total_cmp(&share(&classes[a]).fract()));
    for class in by_remainder.into_iter().take(wanted.saturating_sub(held.iter().sum())) {
        held[class] += 1;
    }
    let mut marks = vec![0; labels.len()];
    for (rows, &held) in classes.iter().zip(&held) {
        rows[..held].iter().for_each(|&row| marks[row] = 1);
    }
    Fold::of(&marks, 1)
}

/// `n` rows in `k` parts, drawn by `seed`, whose lengths differ by at most 1; each fold holds out another part.
///
/// ```
/// use downhill::data::k_fold;
///
/// let folds = k_fold(7, 3, 1);
/// assert_eq!(folds.iter().map(|fold| fold.validation.len()).collect::<Vec<_>>(), [3, 2, 2]);
/// ```
///
/// # Panics
///
/// If `k` is less than 2 or more than `n`.
#[track_caller]
pub fn k_fold(n: usize, k: usize, seed: u64) -> Vec<Fold> {
    k_fold_stratified(&vec![0; n], k, seed)
}

/// As [`k_fold`], with each class in every part by its share: the rows of a class in two parts, too, differ by at most 1 in
/// number.
///
/// ```
/// use downhill::data::k_fold_stratified;
///
/// let labels = [0, 0, 0, 0, 1, 1];
/// for fold in k_fold_stratified(&labels, 2, 7) {
///     assert_eq!(fold.validation.iter().map(|&row| labels[row]).collect::<Vec<_>>(), [0, 0, 1]);
/// }
/// ```
///
/// # Panics
///
/// If `k` is less than 2 or more than the number of rows.
#[track_caller]
pub fn k_fold_stratified(labels: &[usize], k: usize, seed: u64) -> Vec<Fold> {
    let n = labels.len();
    assert!(
        (2..=n).contains(&k),
        "downhill: {k} folds of {n} rows were asked for: ask for at least 2, and at most one for each row"
    );
    let mut marks = vec![0; n];
    // Dealt out like cards, one class after the other.
    for (i, row) in shuffled_classes(labels, seed).into_iter().flatten().enumerate() {
        marks[row] = i % k;
    }
    (0..k).map(|part| Fold::of(&marks, part)).collect()
}

/// The rows of each class, in an order drawn by `seed`, the classes by their labels.
fn shuffled_classes(labels: &[usize], seed: u64) -> Vec<Vec<usize>> {
    let mut random = Random::new(seed, 0, Purpose::Split);
    let mut rows: Vec<usize> = (0..labels.len()).collect();
    random.shuffle(&mut rows);
    rows.sort_by_key(|&row| labels[row]);
    rows.chunk_by(|&a, &b| labels[a] == labels[b]).map(<[usize]>::to_vec).collect()
}
