//! Random numbers that stay the same for ever: ChaCha8, and what is drawn from its stream.
//!
//! ```text
//! key      = seed (u64), turn (u64), purpose (u64), 0, the least significant byte first;  block counter and nonce 0
//! below n  : ⌊u n / 2⁶⁴⌋ of a word u, drawn anew while (u n mod 2⁶⁴) < 2⁶⁴ mod n
//! uniform  : ⌊u / 2¹¹⌋ 2⁻⁵³, in [0, 1)
//! normal   : √(-2 ln(1 - u)) cos 2πv,  then √(-2 ln(1 - u)) sin 2πv, of two uniform numbers
//! shuffle  : for i = n-1, …, 1: swap i with one below i + 1
//! ```
//!
//! D. J. Bernstein, *ChaCha, a variant of Salsa20*, 2008; D. Lemire, *Fast random integer generation in an interval*, ACM
//! TOMACS 29 (1), 2019, algorithm 5; G. E. P. Box and M. E. Muller, *A note on the generation of random normal deviates*,
//! 1958; R. Durstenfeld, *Algorithm 235: random permutation*, 1964. Logarithm and sine are those of `libm`, not of the system.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What numbers are drawn for, so that the same seed may serve for all: a split and a shuffle are not to be related.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Order = 1,
    Split = 2,
    Synthetic = 3,
}

#[derive(Debug)]
pub(super) struct Random {
    stream: ChaCha8Rng,
    /// The second of a pair of normal numbers.
    spare: Option<f64>,
}

impl Random {
    pub(super) fn new(seed: u64, turn: u64, purpose: Purpose) -> Random {
        let mut key = [0; 32];
        for (bytes, word) in key.chunks_exact_mut(8).zip([seed, turn, purpose as u64]) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Random { stream: ChaCha8Rng::from_seed(key), spare: None }
    }

    /// One of `0..n`, each as likely; `n` is not 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        loop {
            let product = u128::from(self.stream.next_u64()) * u128::from(n);
            let low = product as u64;
            // The division is seldom needed.
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 64) as usize;
            }
        }
    }

    pub(super) fn shuffle(&mut self, items: &mut [usize]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    /// In `[0, 1)`.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Of mean 0 and deviation 1.
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let (sin, cos) = libm::sincos(TAU * self.uniform());
        self.spare = Some(radius * sin);
        radius * cos
    }
}

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
