//! Random numbers that belong to a seed and a purpose, the same on every platform and in every version.
//!
//! ```text
//! key = seed | word | purpose            64 + 64 + 128 bits of a key of ChaCha8; the word is a count, or the hash of a name
//! u   = (k + ½) / 2⁵³                    k: 53 bits, so 0 < u < 1
//! z   = √(−2 ln u) cos 2π v, √(−2 ln u) sin 2π v
//! ```
//!
//! Source: G. E. P. Box, M. E. Muller, *A note on the generation of random normal deviates*, 1958; D. J. Bernstein,
//! *ChaCha, a variant of Salsa20*, 2008.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The random numbers of a network while it trains, as plain data: from which seed, and how often they have been drawn.
///
/// Two numbers to be saved with the parameters, so that training goes on as if it had not been interrupted.
///
/// ```
/// use downhill::nn::Random;
///
/// let mut random = Random { seed: 7, drawn: 0 };
/// let first = random.stream().uniform();
/// assert_ne!(random.stream().uniform(), first);
/// assert_eq!(random, Random { seed: 7, drawn: 2 });
/// assert_eq!(Random { seed: 7, drawn: 0 }.stream().uniform(), first);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Random {
    /// Other seeds, other numbers.
    pub seed: u64,
    /// The number of streams drawn so far.
    pub drawn: u64,
}

impl Random {
    /// The next stream of numbers.
    pub fn stream(&mut self) -> Stream {
        self.drawn += 1;
        Stream::of(self.seed, self.drawn, b"downhill: a pass")
    }
}

/// A stream of random numbers.
///
/// ```
/// use downhill::nn::Random;
///
/// let mut stream = Random { seed: 7, drawn: 0 }.stream();
/// let mean = (0..1000).map(|_| stream.normal()).sum::<f64>() / 1000.0;
/// assert!(mean.abs() < 0.1);
/// ```
#[derive(Debug, Clone)]
pub struct Stream {
    bits: ChaCha8Rng,
    /// Normal numbers are made in pairs.
    spare: Option<f64>,
}

impl Stream {
    fn of(seed: u64, word: u64, purpose: &[u8; 16]) -> Stream {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&word.to_le_bytes());
        key[16..].copy_from_slice(purpose);
        Stream { bits: ChaCha8Rng::from_seed(key), spare: None }
    }

    /// The numbers that an array of this name begins with: they do not depend on what else there is.
    pub(super) fn named(seed: u64, name: &str) -> Stream {
        // The hash FNV-1a.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let word = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        Stream::of(seed, word, b"downhill: a name")
    }

    /// Uniform between 0 and 1, both excluded.
    pub fn uniform(&mut self) -> f64 {
        let bits = self.bits.next_u64() >> 11;
        (bits as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }

    /// Normal, with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sin, cos) = (TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sin);
        radius * cos
    }

    /// 32 random bits.
    pub(super) fn bits(&mut self) -> u32 {
        self.bits.next_u32()
    }
}
