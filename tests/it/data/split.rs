//! Splits: disjoint, complete, of the right sizes, each class by its share.

use downhill::data::{Dataset, Fold, holdout, holdout_stratified, k_fold, k_fold_stratified};
use proptest::prelude::*;

use crate::misuse::assert_mistake;

/// Both parts rise, and together they are all rows, once each.
fn assert_parts(fold: &Fold, n: usize) {
    assert!(fold.train.is_sorted() && fold.validation.is_sorted());
    let mut all = [&fold.train[..], &fold.validation].concat();
    all.sort();
    assert_eq!(all, (0..n).collect::<Vec<_>>());
}

fn count(rows: &[usize], labels: &[usize], class: usize) -> usize {
    rows.iter().filter(|&&row| labels[row] == class).count()
}

proptest! {
    #[test]
    fn a_split_is_disjoint_complete_and_of_its_size(n in 0_usize..200, fraction in 0.0..=1.0, seed: u64) {
        let fold = holdout(n, fraction, seed);
        assert_parts(&fold, n);
        prop_assert_eq!(fold.validation.len(), (fraction * n as f64).round() as usize);
        prop_assert_eq!(&fold, &holdout(n, fraction, seed));
    }

    #[test]
    fn a_stratified_split_has_each_class_by_its_share(
        labels in prop::collection::vec(0_usize..5, 0..200), fraction in 0.0..=1.0, seed: u64
    ) {
        let fold = holdout_stratified(&labels, fraction, seed);
        assert_parts(&fold, labels.len());
        let (held, wanted) = (fold.validation.len() as f64, fraction * labels.len() as f64);
        prop_assert!((held - wanted).abs() <= 0.5 + 1e-9, "{} of {}", held, wanted);
        for class in 0..5 {
            let all = labels.iter().filter(|&&label| label == class).count() as f64;
            let held = count(&fold.validation, &labels, class) as f64;
            prop_assert!((held - fraction * all).abs() < 1.0 + 1e-9, "{} of {}", held, all);
        }
    }

    #[test]
    fn folds_hold_out_each_row_once(
        labels in prop::collection::vec(0_usize..4, 2..100), k in 2_usize..8, seed: u64
    ) {
        let (n, k) = (labels.len(), k.min(labels.len()));
        for (folds, classes) in [(k_fold(n, k, seed), 0..0), (k_fold_stratified(&labels, k, seed), 0..4)] {
            prop_assert_eq!(folds.len(), k);
            folds.iter().for_each(|fold| assert_parts(fold, n));
            let mut held: Vec<usize> = folds.iter().flat_map(|fold| fold.validation.clone()).collect();
            held.sort();
            prop_assert_eq!(held, (0..n).collect::<Vec<_>>());
            let even = |sizes: Vec<usize>| sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1;
            prop_assert!(even(folds.iter().map(|fold| fold.validation.len()).collect()));
            for class in classes {
                prop_assert!(even(folds.iter().map(|fold| count(&fold.validation, &labels, class)).collect()));
            }
        }
    }
}

#[test]
fn another_seed_is_another_split_and_no_row_is_preferred() {
    assert_ne!(holdout(100, 0.5, 1), holdout(100, 0.5, 2));
    // Each row is held out 1/4 of 4000 times, with a deviation of 27.
    let mut counts = [0_i32; 8];
    for seed in 0..4000 {
        holdout(8, 0.25, seed).validation.iter().for_each(|&row| counts[row] += 1);
    }
    assert!(counts.iter().all(|count| (count - 1000).abs() < 140), "{counts:?}");
}

#[test]
fn a_split_is_not_the_start_of_the_first_epoch() {
    // The same seed for both: they are drawn for different purposes.
    let held = holdout(100, 0.3, 7).validation;
    let mut start = downhill::data::order(100, 7, 0)[..30].to_vec();
    start.sort();
    assert_ne!(held, start);
}

#[test]
fn rows_keep_their_targets_through_a_split() {
    let set = Dataset::new((0..50).map(f64::from).collect::<Vec<_>>(), (0..50).collect::<Vec<usize>>());
    let (train, validation) = set.split(0.3, 7);
    for part in [&train, &validation] {
        assert!(part.inputs().iter().zip(part.targets()).all(|(&x, &y)| x == y as f64));
    }
    assert_eq!((train.len(), validation.len()), (35, 15));
    let (past, future) = set.split_at(20);
    assert_eq!((past.targets()[19], future.targets()[0], future.len()), (19, 20, 30));
}

#[test]
fn mistakes_are_reported_at_their_line() {
    let set = Dataset::new(vec![0.0; 4], vec![0, 0, 1, 1]);
    assert_mistake(line!(), "a fraction of 20 was to be held out", || set.split(20.0, 7));
    assert_mistake(line!(), "a fraction of -0.1", || set.split_stratified(-0.1, 7));
    assert_mistake(line!(), "a fraction of NaN", || holdout(3, f64::NAN, 7));
    assert_mistake(line!(), "5 folds of 4 rows", || k_fold(4, 5, 7));
    assert_mistake(line!(), "1 folds of 4 rows", || k_fold_stratified(set.targets(), 1, 7));
    let fold = Fold { train: vec![0, 4], validation: vec![1] };
    assert_mistake(line!(), "row 4 was asked for", || set.fold(&fold));
}
