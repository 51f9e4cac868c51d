//! Random numbers that belong to a seed and a purpose, the same on every platform and in every version.

use crate::random::{self, Purpose};

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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
        Stream(random::Random::new(self.seed, self.drawn, Purpose::Pass))
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
pub struct Stream(random::Random);

impl Stream {
    /// The numbers that an array of this name begins with: they do not depend on what else there is.
    pub(super) fn named(seed: u64, name: &str) -> Stream {
        // The hash FNV-1a.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let word = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        Stream(random::Random::new(seed, word, Purpose::Name))
    }

    /// Uniform from 0 to 1, which is excluded.
    pub fn uniform(&mut self) -> f64 {
        self.0.uniform()
    }

    /// Normal, with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        self.0.normal()
    }

    /// 32 random bits.
    pub(super) fn bits(&mut self) -> u32 {
        self.0.bits()
    }
}
