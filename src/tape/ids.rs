//! Names of recordings: process-wide unique numbers, handed to each thread in blocks.
//!
//! A variable carries the number of its recording, and every operation compares it. As no two threads share a block, a
//! variable that strayed to another thread never matches there. Number 0 means "constant" and is never handed out; when
//! the 31 bits are used up the count starts again behind it.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

/// Numbers a thread takes at a time: the shared counter is touched once in so many recordings.
const BLOCK: u32 = 4096;

/// Blocks a thread remembers, to tell an ended recording of its own from one of another thread.
const REMEMBERED: usize = 64;

/// The bit above is that of recordings of operations.
const LAST: u32 = u32::MAX >> 1;

static NEXT_BLOCK: AtomicU32 = AtomicU32::new(0);

/// The numbers of one thread.
pub(super) struct Ids {
    counter: &'static AtomicU32,
    rest: Range<u32>,
    /// The starts of the last blocks this thread took, in a ring.
    taken: [u32; REMEMBERED],
    blocks: usize,
}

impl Ids {
    pub(super) const fn new() -> Ids {
        Ids::counting(&NEXT_BLOCK)
    }

    const fn counting(counter: &'static AtomicU32) -> Ids {
        Ids { counter, rest: 0..0, taken: [0; REMEMBERED], blocks: 0 }
    }

    /// A fresh number, other than 0 and than those of the thread's `live` recordings.
    #[inline]
    pub(super) fn next(&mut self, live: impl Iterator<Item = u32> + Clone) -> u32 {
        match self.rest.next() {
            Some(id) => id,
            None => self.take_block(live),
        }
    }

    #[cold]
    fn take_block(&mut self, live: impl Iterator<Item = u32> + Clone) -> u32 {
        loop {
            let block = self.counter.fetch_add(1, Ordering::Relaxed) % (LAST / BLOCK);
            // Number 0 lies before the first block, and the last block ends short of the last number.
            let start = block * BLOCK + 1;
            let mut ids = start..start + BLOCK;
            // After 2³¹ recordings a block may come round while a recording named from it still lives.
            if live.clone().any(|id| ids.contains(&id)) {
                continue;
            }
            self.taken[self.blocks % REMEMBERED] = start;
            self.blocks += 1;
            let first = ids.next().expect("a block is not empty");
            self.rest = ids;
            return first;
        }
    }

    /// Whether this thread handed out `id`, as far as it remembers.
    pub(super) fn own(&self, id: u32) -> bool {
        let id = id & LAST;
        let known = self.blocks.min(REMEMBERED);
        self.taken[..known].iter().any(|&start| (start..start + BLOCK).contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_skip_zero_when_they_wrap() {
        static NEAR_THE_END: AtomicU32 = AtomicU32::new(LAST / BLOCK - 2);
        let mut ids = Ids::counting(&NEAR_THE_END);
        let handed: Vec<u32> = (0..5 * BLOCK).map(|_| ids.next([].into_iter())).collect();
        assert!(!handed.contains(&0));
        assert_eq!(handed.iter().collect::<HashSet<_>>().len(), handed.len());
        assert!(handed.contains(&1), "the count starts again at 1");
    }

    #[test]
    fn the_counter_itself_may_overflow() {
        static AT_THE_END: AtomicU32 = AtomicU32::new(u32::MAX);
        let mut ids = Ids::counting(&AT_THE_END);
        let handed: Vec<u32> = (0..3 * BLOCK).map(|_| ids.next([].into_iter())).collect();
        assert!(!handed.contains(&0));
    }

    #[test]
    fn a_living_number_is_not_handed_out_again() {
        static AT_THE_START: AtomicU32 = AtomicU32::new(0);
        let mut ids = Ids::counting(&AT_THE_START);
        let living = 17;
        let handed: Vec<u32> = (0..2 * BLOCK).map(|_| ids.next([living].into_iter())).collect();
        assert!(!handed.contains(&living));
    }

    #[test]
    fn two_threads_never_share_a_number() {
        let numbers = || {
            let mut ids = Ids::new();
            (0..3 * BLOCK).map(|_| ids.next([].into_iter())).collect::<Vec<_>>()
        };
        let other = std::thread::spawn(numbers);
        let mine: HashSet<u32> = numbers().into_iter().collect();
        assert!(other.join().expect("the thread ran").iter().all(|id| !mine.contains(id)));
    }

    #[test]
    fn a_thread_knows_its_own_numbers() {
        let (mut mine, mut other) = (Ids::new(), Ids::new());
        let id = mine.next([].into_iter());
        assert!(mine.own(id));
        assert!(!mine.own(other.next([].into_iter())));
        assert!(!mine.own(0));
    }
}
