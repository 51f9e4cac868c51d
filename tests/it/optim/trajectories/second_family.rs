//! Rules that look at signs, at whole arrays, or find their rate by themselves.

use super::{Entry, Verdict};

/// `None` for a configuration that is not of this family.
pub(super) fn compare(entry: &Entry) -> Option<Verdict> {
    let _ = entry;
    None
}
