//! The memory of arrays: chunks that are handed out piece by piece, and read by whoever holds a part.
//!
//! A piece is written once, by the operation it was handed out to, before anybody else knows of it; from then on it is only
//! read. So an array may be looked at, cloned and sent to another thread while the recording goes on, and outlives it. What
//! is not held any more serves again: after the first time, recordings of one size allocate nothing.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Numbers that do not move.
struct Chunk<E> {
    numbers: Box<[UnsafeCell<E>]>,
}

// SAFETY: a chunk is read and written through its methods only. Safe ones read, and what is read is never written while
// there is a reference to the chunk through which it could be read: see `Arena::write`.
#[allow(unsafe_code, reason = "arrays of a recording lie in one piece of memory, which goes on being filled")]
unsafe impl<E: Send + Sync> Sync for Chunk<E> {}

impl<E: Copy> Chunk<E> {
    fn of(numbers: Vec<E>) -> Chunk<E> {
        Chunk { numbers: numbers.into_iter().map(UnsafeCell::new).collect() }
    }

    fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The numbers in `range`.
    ///
    /// # Safety
    ///
    /// Nothing in `range` is written as long as the slice lives: the piece was handed out, and written, before.
    #[inline]
    #[allow(unsafe_code, reason = "see the head of the file")]
    unsafe fn read(&self, range: Range<usize>) -> &[E] {
        let cells = &self.numbers[range];
        // SAFETY: an `UnsafeCell<E>` has the layout of `E`; no one writes, says the caller.
        unsafe { std::slice::from_raw_parts(cells.as_ptr().cast(), cells.len()) }
    }
}

impl<E> fmt::Debug for Chunk<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk").field("len", &self.numbers.len()).finish()
    }
}

/// Memory that a piece lies in.
#[derive(Debug)]
enum Memory<E> {
    Chunk(Arc<Chunk<E>>),
    /// Of others, who write to it only when they have it to themselves.
    Shared(Arc<Vec<E>>),
}

impl<E> Clone for Memory<E> {
    fn clone(&self) -> Memory<E> {
        match self {
            Memory::Chunk(chunk) => Memory::Chunk(Arc::clone(chunk)),
            Memory::Shared(numbers) => Memory::Shared(Arc::clone(numbers)),
        }
    }
}

/// A piece of memory, which has been written.
#[derive(Debug)]
pub(crate) struct Piece<E> {
    memory: Memory<E>,
    start: usize,
    len: usize,
}

impl<E> Clone for Piece<E> {
    fn clone(&self) -> Piece<E> {
        Piece { memory: self.memory.clone(), ..*self }
    }
}

impl<E: Copy> Piece<E> {
    /// A chunk of its own.
    pub(crate) fn of(numbers: Vec<E>) -> Piece<E> {
        let len = numbers.len();
        Piece { memory: Memory::Shared(Arc::new(numbers)), start: 0, len }
    }

    /// The numbers in `range` of what others hold, too.
    pub(crate) fn shared(numbers: &Arc<Vec<E>>, range: Range<usize>) -> Piece<E> {
        Piece { memory: Memory::Shared(Arc::clone(numbers)), start: range.start, len: range.len() }
    }

    #[inline]
    #[allow(unsafe_code, reason = "see the head of the file")]
    pub(crate) fn numbers(&self) -> &[E] {
        let range = self.start..self.start + self.len;
        match &self.memory {
            // SAFETY: pieces of chunks are made by `Arena::write`, once they are written; an arena hands nothing out twice
            // while a piece of the chunk is held.
            Memory::Chunk(chunk) => unsafe { chunk.read(range) },
            Memory::Shared(numbers) => &numbers[range],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// `len` of its numbers from `first` on.
    pub(crate) fn part(&self, first: usize, len: usize) -> Piece<E> {
        assert!(first + len <= self.len, "a part of a piece");
        Piece { memory: self.memory.clone(), start: self.start + first, len }
    }
}

/// What hands out pieces of chunks, one after the other.
#[derive(Debug)]
pub(crate) struct Arena<E> {
    /// The last one is being handed out; the others are full.
    chunks: Vec<Arc<Chunk<E>>>,
    /// Numbers of the last chunk that have been handed out.
    used: usize,
    /// Numbers of the full ones.
    before: usize,
}

/// Numbers in the first chunk.
const FIRST: usize = 1 << 10;

/// Pieces begin at multiples of a cache line of 64 bytes, of numbers of four bytes.
const LINE: usize = 16;

/// An arena of its own: two must not hand out the same memory.
impl<E> Clone for Arena<E> {
    fn clone(&self) -> Arena<E> {
        Arena::default()
    }
}

impl<E> Default for Arena<E> {
    fn default() -> Arena<E> {
        Arena { chunks: Vec::new(), used: 0, before: 0 }
    }
}

impl<E: Copy> Arena<E> {
    /// Starts anew. Memory that is held by an array is left to it.
    pub(crate) fn restart(&mut self, zero: E) {
        let needed = self.before + self.used;
        let several = self.chunks.len() > 1;
        self.chunks.retain_mut(|chunk| Arc::get_mut(chunk).is_some());
        self.chunks.sort_by_key(|chunk| chunk.len());
        self.chunks.drain(..self.chunks.len().saturating_sub(1));
        // One chunk for all of it, next time.
        if several || self.chunks.is_empty() && needed > 0 {
            self.chunks.clear();
            self.grow(needed, zero);
        }
        (self.used, self.before) = (0, 0);
    }

    fn grow(&mut self, len: usize, zero: E) {
        let len = len.next_power_of_two().max(FIRST);
        self.chunks.push(Arc::new(Chunk::of(vec![zero; len])));
        self.used = 0;
    }

    /// A piece of `len` numbers, written by `write`, which finds anything in it.
    #[allow(unsafe_code, reason = "see the head of the file")]
    pub(crate) fn write<T>(
        &mut self,
        len: usize,
        zero: E,
        write: impl FnOnce(&mut [E]) -> T,
    ) -> (Piece<E>, T) {
        let room = self.chunks.last().map_or(0, |chunk| chunk.len() - self.used);
        if room < len || self.chunks.is_empty() {
            let full = self.chunks.last().map_or(0, |chunk| chunk.len());
            self.before += self.used;
            self.grow(len.max(2 * full), zero);
        }
        let chunk = Arc::clone(&self.chunks[self.chunks.len() - 1]);
        let start = self.used;
        self.used = (start + len).next_multiple_of(LINE).min(chunk.len());
        let cells = &chunk.numbers[start..start + len];
        // SAFETY: these numbers have not been handed out since the chunk was made, or since it was held by nobody but this
        // arena: `restart` asks for that, and `used` only grows in between. So nobody has a reference to them. The arena
        // is borrowed for the call, and `used` has been advanced before it.
        let numbers = unsafe { std::slice::from_raw_parts_mut(UnsafeCell::raw_get(cells.as_ptr()), len) };
        let told = write(numbers);
        (Piece { memory: Memory::Chunk(chunk), start, len }, told)
    }

    /// Memory in use, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        (self.before + self.used) * size_of::<E>()
    }
}
