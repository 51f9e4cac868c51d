//! Batches: every row once an epoch, in an order that never changes, resumed bit for bit, without allocations.

use downhill::data::{Batches, Dataset, Progress, Rows, order};
use ndarray::{Array2, Array3, ArrayD, IxDyn, ShapeBuilder, array};
use proptest::prelude::*;

use super::{reference, whole};
use crate::alloc::allocations;
use crate::misuse::assert_mistake;

type Set = Dataset<Array2<f64>, Vec<usize>>;

/// Row `i` is `[i, -i]`, with the target `i`.
fn numbered(n: usize) -> Set {
    let inputs = Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { i as f64 } else { -(i as f64) });
    Dataset::new(inputs, (0..n).collect())
}

/// The targets of the batches to the end of the epoch.
fn rest(batches: &mut Batches<'_, Array2<f64>, Vec<usize>>) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    while let Some(batch) = batches.next_batch() {
        for (row, &target) in batch.inputs().outer_iter().zip(batch.targets()) {
            assert_eq!(row, array![target as f64, -(target as f64)], "inputs and targets stay together");
        }
        all.push(batch.targets().clone());
    }
    all
}

#[test]
fn the_orders_are_those_of_a_second_implementation_for_ever() {
    let word = |value: &serde_json::Value| value.as_str().unwrap().parse::<u64>().unwrap();
    for case in reference()["orders"].as_array().unwrap() {
        let n = case["n"].as_u64().unwrap() as usize;
        let rows = order(n, word(&case["seed"]), word(&case["epoch"]));
        assert_eq!(rows, whole(&case["rows"]), "{case}");
    }
}

#[test]
fn every_place_is_as_likely_for_a_row() {
    // A row's place is one of 5, each 1/5 of 10,000 times, with a deviation of 40; 5 of these are beyond chance.
    let mut counts = [[0_i32; 5]; 5];
    for epoch in 0..10_000 {
        for (place, row) in order(5, 7, epoch).into_iter().enumerate() {
            counts[row][place] += 1;
        }
    }
    assert!(counts.iter().flatten().all(|count| (count - 2000).abs() < 200), "{counts:?}");
}

proptest! {
    #[test]
    fn an_order_is_a_permutation(n in 0_usize..300, seed: u64, epoch: u64) {
        let mut rows = order(n, seed, epoch);
        rows.sort();
        prop_assert_eq!(rows, (0..n).collect::<Vec<_>>());
    }

    #[test]
    fn every_row_comes_once_an_epoch(n in 0_usize..60, size in 1_usize..20, seed: u64) {
        let set = numbered(n);
        let mut batches = set.batches(size, seed);
        for epoch in 0..3 {
            let given = rest(&mut batches);
            prop_assert_eq!(given.len(), batches.per_epoch());
            prop_assert!(given.iter().rev().skip(1).all(|batch| batch.len() == size));
            prop_assert_eq!(given.concat(), order(n, seed, epoch));
        }
        prop_assert_eq!(batches.progress(), Progress { seed, epoch: 3, position: 0 });
    }

    #[test]
    fn dropped_rows_are_the_last_of_the_order(size in 1_usize..20, more in 0_usize..50, seed: u64) {
        let n = size + more;
        let set = numbered(n);
        let mut batches = set.batches(size, seed).drop_last();
        for epoch in 0..2 {
            let given = rest(&mut batches);
            prop_assert_eq!(given.len(), batches.per_epoch());
            prop_assert_eq!(given.concat(), order(n, seed, epoch)[..n / size * size].to_vec());
        }
    }

    #[test]
    fn a_resumed_run_equals_one_without_a_break(
        n in 1_usize..50, size in 1_usize..20, seed: u64, steps in 0_usize..40, drop: bool
    ) {
        let set = numbered(n.max(size));
        let start = || if drop { set.batches(size, seed).drop_last() } else { set.batches(size, seed) };
        let mut whole = start();
        (0..steps).for_each(|_| drop_batch(whole.next_batch()));
        // Through text, and with another seed to start with.
        let saved = serde_json::to_string(&whole.progress()).unwrap();
        let other = set.batches(size, !seed);
        let other = if drop { other.drop_last() } else { other };
        let mut resumed = other.resume(serde_json::from_str(&saved).unwrap());
        for _ in 0..30 {
            prop_assert_eq!(resumed.next_batch(), whole.next_batch());
            prop_assert_eq!(resumed.progress(), whole.progress());
        }
    }

    #[test]
    fn all_forms_give_the_same_batches(n in 1_usize..40, size in 1_usize..15, seed: u64) {
        let set = numbered(n);
        let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| set.batches(size, seed));
        let mut own = set.none();
        for _ in 0..2 {
            let copies: Vec<_> = a.epoch().collect();
            prop_assert_eq!(copies.len(), a.per_epoch());
            for copy in &copies {
                prop_assert_eq!(b.next_batch(), Some(copy));
                prop_assert!(c.next_into(&mut own));
                prop_assert_eq!(&own, copy);
                prop_assert_eq!(&set.select(d.next_rows().unwrap()), copy);
            }
            prop_assert_eq!((b.next_batch(), c.next_into(&mut own), d.next_rows()), (None, false, None));
        }
    }
}

fn drop_batch(batch: Option<&Set>) {
    drop(batch.cloned());
}

#[test]
fn an_epoch_left_early_goes_on_and_its_length_is_known() {
    let set = numbered(10);
    let mut batches = set.batches(3, 7);
    let mut epoch = batches.epoch();
    assert_eq!(epoch.len(), 4);
    let first = epoch.next().unwrap();
    assert_eq!(epoch.len(), 3);
    let others: Vec<_> = batches.epoch().flat_map(|batch| batch.into_parts().1).collect();
    assert_eq!([first.targets().clone(), others].concat(), order(10, 7, 0));
    let mut epoch = batches.epoch();
    assert_eq!(epoch.by_ref().count(), 4);
    // An iterator that has ended begins no other epoch.
    assert_eq!((epoch.len(), epoch.next()), (0, None));
}

#[test]
fn in_order_means_their_own() {
    let set = numbered(5);
    let mut batches = set.batches(2, 7).in_order();
    for _ in 0..2 {
        assert_eq!(rest(&mut batches), [vec![0, 1], vec![2, 3], vec![4]]);
    }
    let progress = Progress { seed: 1, epoch: 5, position: 4 };
    assert_eq!(rest(&mut set.batches(2, 7).in_order().resume(progress)), [[4]]);
    assert_eq!(rest(&mut set.batches(2, 7).resume(progress).in_order()), [[4]]);
}

#[test]
fn after_the_first_epoch_nothing_is_allocated() {
    let images = Array3::<f32>::zeros((50, 4, 3));
    let set = Dataset::new(images, (0..50).collect::<Vec<usize>>());
    let mut batches = set.batches(8, 7);
    let mut own = set.none();
    let mut epoch = |own: &mut Dataset<_, _>| {
        while batches.next_batch().is_some() {}
        while batches.next_into(own) {}
        while batches.next_rows().is_some() {}
    };
    epoch(&mut own);
    assert_eq!(allocations(|| (0..20).for_each(|_| epoch(&mut own))), 0);
    // Without types of its axes, as read from a file.
    let set = Dataset::new(ArrayD::<f64>::zeros(IxDyn(&[20, 2, 2])), ArrayD::<f64>::zeros(IxDyn(&[20, 1])));
    let mut batches = set.batches(6, 7);
    while batches.next_batch().is_some() {}
    let mut given = 0;
    let count = allocations(|| given = (0..50).filter(|_| batches.next_batch().is_some()).count());
    assert_eq!((count, given), (0, 40));
}

#[test]
fn rows_of_any_layout_are_copied() {
    let columns = Array2::from_shape_vec((3, 2).f(), vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    assert_eq!(columns.select(&[2, 0, 2]), array![[2.0, 5.0], [0.0, 3.0], [2.0, 5.0]]);
    let mut reversed = array![[0.0, 1.0], [2.0, 3.0]];
    reversed.invert_axis(ndarray::Axis(1));
    assert_eq!(reversed.select(&[1]), array![[3.0, 2.0]]);
    assert_eq!(Array2::<f64>::zeros((3, 0)).select(&[1, 1]).dim(), (2, 0));
    assert_eq!(array![1.0, 2.0].select(&[]).len(), 0);
}

#[test]
fn mistakes_are_reported_at_their_line() {
    let set = numbered(5);
    let pair = (vec![0; 3], vec![0; 2]);
    assert_mistake(line!(), "3 rows of inputs were given and 2 of", || Dataset::new(pair.0, pair.1));
    assert_mistake(line!(), "row 5 was asked for, and there are 5 rows", || set.select(&[0, 5]));
    assert_mistake(line!(), "row 9 was asked for", || vec![1].select(&[9]));
    assert_mistake(line!(), "row 9 was asked for", || set.copy_rows(&[9], &mut set.none()));
    assert_mistake(line!(), "row 9 was asked for", || array![1.0].copy_rows(&[9], &mut array![0.0]));
    assert_mistake(line!(), "row 9 was asked for", || vec![1].copy_rows(&[9], &mut vec![]));
    assert_mistake(line!(), "batches of 0 rows", || set.batches(0, 7).per_epoch());
    assert_mistake(line!(), "no batch of 6 rows", || set.batches(6, 7).drop_last().per_epoch());
    assert_mistake(line!(), "the first 6 rows were asked for", || set.split_at(6));
    assert_mistake(line!(), "5 rows of inputs were given and 1", || set.clone().map_targets(|_| vec![0]));
    assert_mistake(line!(), "1 rows of inputs were given and 5", || set.clone().map_inputs(|_| vec![0]));
    let (saved, batches) = (Progress { seed: 7, epoch: 0, position: 6 }, set.batches(2, 7));
    assert_mistake(line!() + 1, "from row 6 of an epoch, and the data has 5", || {
        batches.resume(saved).progress()
    });
}
