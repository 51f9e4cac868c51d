//! Rules with transformations before and after them, and rates that follow a schedule.

use super::{Entry, Verdict};

/// `None` for a configuration that is not of this family.
pub(super) fn compare(entry: &Entry) -> Option<Verdict> {
    let _ = entry;
    None
}
