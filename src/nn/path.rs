//! The names that lead to a part of a network, with dots between them.

use std::fmt;

use smallvec::SmallVec;

/// `encoder.0.weight`, put together without asking for memory as long as it is short.
#[derive(Clone, Default)]
pub(crate) struct Path(SmallVec<[u8; 64]>);

impl Path {
    /// A name within this part.
    pub(crate) fn join(&self, name: &str) -> Path {
        let mut path = self.clone();
        if !path.0.is_empty() {
            path.0.push(b'.');
        }
        path.0.extend_from_slice(name.as_bytes());
        path
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("names and dots are text")
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
