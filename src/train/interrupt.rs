//! Ctrl-C: noted the first time while a run listens, obeyed at once otherwise.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

static CAME: AtomicBool = AtomicBool::new(false);

/// How many runs listen.
static LISTENING: AtomicUsize = AtomicUsize::new(0);

/// What a shell expects of a process that Ctrl-C has ended.
const BY_CTRL_C: i32 = 130;

/// A run that listens, until this is dropped.
#[derive(Debug)]
pub(super) struct Listening(());

pub(super) fn listen() -> Listening {
    static ONCE: Once = Once::new();
    LISTENING.fetch_add(1, Ordering::Relaxed);
    ONCE.call_once(|| {
        let listening = ctrlc::set_handler(|| {
            if CAME.swap(true, Ordering::Relaxed) || LISTENING.load(Ordering::Relaxed) == 0 {
                std::process::exit(BY_CTRL_C);
            }
        });
        // Somebody else listens: then it is theirs to end the process.
        drop(listening);
    });
    Listening(())
}

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether Ctrl-C came.
pub(super) fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}
