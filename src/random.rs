//! Random numbers that stay the same for ever: ChaCha8, and what is drawn from its stream.
#![allow(dead_code, reason = "which of it is used, depends on the features")]
//!
//! ```text
//! key      = seed (u64), turn (u64), purpose (u64), 0, the least significant byte first;  block counter and nonce 0
//! below n  : ⌊u n / 2⁶⁴⌋ of a word u, drawn anew while (u n mod 2⁶⁴) < 2⁶⁴ mod n
//! bits     : a word of 32 bits
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
pub(crate) enum Purpose {
    Order = 1,
    Split = 2,
    Synthetic = 3,
    Noise = 4,
    /// What layers draw while they are trained.
    Pass = 5,
    /// What an array begins with.
    Name = 6,
}

#[derive(Debug, Clone)]
pub(crate) struct Random {
    stream: ChaCha8Rng,
    /// The second of a pair of normal numbers.
    spare: Option<f64>,
}

impl Random {
    pub(crate) fn new(seed: u64, turn: u64, purpose: Purpose) -> Random {
        let mut key = [0; 32];
        for (bytes, word) in key.chunks_exact_mut(8).zip([seed, turn, purpose as u64]) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Random { stream: ChaCha8Rng::from_seed(key), spare: None }
    }

    /// One of `0..n`, each as likely; `n` is not 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
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

    pub(crate) fn shuffle(&mut self, items: &mut [usize]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    pub(crate) fn bits(&mut self) -> u32 {
        self.stream.next_u32()
    }

    /// In `[0, 1)`.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Of mean 0 and deviation 1.
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let (sin, cos) = libm::sincos(TAU * self.uniform());
        self.spare = Some(radius * sin);
        radius * cos
    }
}
