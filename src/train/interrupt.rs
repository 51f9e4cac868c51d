//! Ctrl-C: noted the first time, obeyed at once the second.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static CAME: AtomicBool = AtomicBool::new(false);

/// What a shell expects of a process that Ctrl-C has ended.
const BY_CTRL_C: i32 = 130;

pub(super) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let listening = ctrlc::set_handler(|| {
            if CAME.swap(true, Ordering::Relaxed) {
                std::process::exit(BY_CTRL_C);
            }
        });
        // Somebody else listens: then it is theirs to end the process.
        drop(listening);
    });
}

/// Whether Ctrl-C came.
pub(super) fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}
