//! Memory for intermediate results, borrowed from the thread and given back, so that repeated work allocates nothing.

use std::cell::RefCell;
use std::mem::{self, MaybeUninit};
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

use faer::dyn_stack::{MemStack, StackReq};

/// The memory of a thread that nobody borrows at the moment.
pub(crate) type Pool<E> = RefCell<Vec<Vec<E>>>;

/// Bytes above which memory is returned to the system: there, the work on it dwarfs an allocation.
const KEPT: usize = 1 << 27;

/// An element that has a pool.
pub(crate) trait Pooled: Copy + 'static {
    /// What fresh memory holds.
    const BLANK: Self;

    fn pool() -> &'static LocalKey<Pool<Self>>;
}

macro_rules! pooled {
    ($($element:ty = $blank:expr),*) => {$(
        impl Pooled for $element {
            const BLANK: Self = $blank;

            fn pool() -> &'static LocalKey<Pool<Self>> {
                thread_local!(static POOL: Pool<$element> = const { RefCell::new(Vec::new()) });
                &POOL
            }
        }
    )*};
}
pooled!(f32 = 0.0, f64 = 0.0, usize = 0, MaybeUninit<u8> = MaybeUninit::uninit());

/// A borrowed slice. It holds what was left in it.
#[derive(Debug)]
pub(crate) struct Scratch<E: Pooled> {
    memory: Vec<E>,
    len: usize,
}

impl<E: Pooled> Scratch<E> {
    /// Borrows `len` elements: the smallest memory that has them; if none has, a larger one replaces the largest.
    pub(crate) fn of(len: usize) -> Self {
        let mut memory = E::pool().with_borrow_mut(|pool| {
            let sizes = || pool.iter().map(Vec::len).enumerate();
            let enough = sizes().filter(|&(_, size)| size >= len).min_by_key(|&(_, size)| size);
            let best = enough.or(sizes().max_by_key(|&(_, size)| size));
            best.map(|(at, _)| pool.swap_remove(at)).unwrap_or_default()
        });
        if memory.len() < len {
            // What it holds is not wanted: a fresh vector is not copied into.
            memory = vec![E::BLANK; len];
        }
        Scratch { memory, len }
    }
}

impl<E: Pooled> Drop for Scratch<E> {
    fn drop(&mut self) {
        give_back(mem::take(&mut self.memory));
    }
}

/// Memory of `len` elements at least, to be given back; it holds what was left in it.
pub(crate) fn borrow<E: Pooled>(len: usize) -> Vec<E> {
    mem::take(&mut Scratch::of(len).memory)
}

/// Memory for whoever borrows next.
pub(crate) fn give_back<E: Pooled>(memory: Vec<E>) {
    if !memory.is_empty() && mem::size_of_val(&memory[..]) <= KEPT {
        // While the thread ends the pool may be gone.
        let _ = E::pool().try_with(|pool| pool.borrow_mut().push(memory));
    }
}

impl<E: Pooled> Deref for Scratch<E> {
    type Target = [E];

    fn deref(&self) -> &[E] {
        &self.memory[..self.len]
    }
}

impl<E: Pooled> DerefMut for Scratch<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        &mut self.memory[..self.len]
    }
}

/// Calls a kernel with the working memory it requires.
pub(super) fn with_stack<R>(required: StackReq, kernel: impl FnOnce(&mut MemStack) -> R) -> R {
    let mut memory = Scratch::<MaybeUninit<u8>>::of(required.unaligned_bytes_required());
    super::kernel(|| kernel(MemStack::new(&mut memory)))
}
