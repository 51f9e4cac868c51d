//! The order of the rows of an epoch, a permutation by the seed and the number of the epoch.

use crate::random::{Purpose, Random};

/// The order of `n` rows in an epoch: a permutation of `0..n` that depends on `seed` and `epoch`, and on nothing else. It is
/// the order of [`Batches`](super::Batches).
///
/// ```
/// use downhill::data::order;
///
/// let first = order(5, 7, 0);
/// assert_eq!(first, order(5, 7, 0));
/// assert_ne!(first, order(5, 7, 1));
/// let mut sorted = first;
/// sorted.sort();
/// assert_eq!(sorted, [0, 1, 2, 3, 4]);
/// ```
pub fn order(n: usize, seed: u64, epoch: u64) -> Vec<usize> {
    let mut order = Vec::new();
    fill_order(&mut order, n, seed, epoch);
    order
}

/// [`order`] into a list that is there.
pub(super) fn fill_order(order: &mut Vec<usize>, n: usize, seed: u64, epoch: u64) {
    order.clear();
    order.extend(0..n);
    Random::new(seed, epoch, Purpose::Order).shuffle(order);
}
