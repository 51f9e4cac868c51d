//! The one error type: what the outside world gave could not be used.
//!
//! A mistake in a program (a variable of another recording, a slice of the wrong length) panics at the caller's line.
//! What comes from outside (samples, files, text) returns an [`Error`] instead. An optimizer does neither: it returns
//! the best point it found and says why it stopped.

use std::fmt;

/// Data from outside could not be used; [`Display`](fmt::Display) says what was given and what was needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shape,
    Spacing,
    #[cfg(feature = "plot")]
    File,
}

impl Error {
    pub(crate) fn shape(message: impl Into<String>) -> Error {
        Error { kind: Kind::Shape, message: message.into() }
    }

    pub(crate) fn spacing(message: impl Into<String>) -> Error {
        Error { kind: Kind::Spacing, message: message.into() }
    }

    #[cfg(feature = "plot")]
    pub(crate) fn file(message: impl Into<String>) -> Error {
        Error { kind: Kind::File, message: message.into() }
    }

    /// The data has the wrong shape: too few samples, lengths that differ, an axis that does not exist.
    pub fn is_shape(&self) -> bool {
        self.kind == Kind::Shape
    }

    /// The distances between samples cannot be used: zero, or not finite.
    pub fn is_spacing(&self) -> bool {
        self.kind == Kind::Spacing
    }

    /// A file cannot be written: its ending names no known format, or the system refused it.
    #[cfg(feature = "plot")]
    pub fn is_file(&self) -> bool {
        self.kind == Kind::File
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
