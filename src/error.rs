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
#[allow(dead_code, reason = "which of them there are, depends on the features")]
enum Kind {
    Shape,
    Spacing,
    Name,
    File,
    Format,
    Number,
}

#[allow(dead_code, reason = "which of them are used, depends on the features")]
impl Error {
    pub(crate) fn shape(message: impl Into<String>) -> Error {
        Error { kind: Kind::Shape, message: message.into() }
    }

    pub(crate) fn spacing(message: impl Into<String>) -> Error {
        Error { kind: Kind::Spacing, message: message.into() }
    }

    pub(crate) fn name(message: impl Into<String>) -> Error {
        Error { kind: Kind::Name, message: message.into() }
    }

    pub(crate) fn file(message: impl Into<String>) -> Error {
        Error { kind: Kind::File, message: message.into() }
    }

    pub(crate) fn format(message: impl Into<String>) -> Error {
        Error { kind: Kind::Format, message: message.into() }
    }

    pub(crate) fn number(message: impl Into<String>) -> Error {
        Error { kind: Kind::Number, message: message.into() }
    }

    /// The same error, said of the thing it was found in.
    pub(crate) fn within(self, thing: &dyn fmt::Display) -> Error {
        Error { message: format!("{thing}: {}", self.message), ..self }
    }

    /// The data has the wrong shape: too few samples, lengths that differ, an axis that does not exist.
    pub fn is_shape(&self) -> bool {
        self.kind == Kind::Shape
    }

    /// The distances between samples cannot be used: zero, or not finite.
    pub fn is_spacing(&self) -> bool {
        self.kind == Kind::Spacing
    }

    /// Arrays have other names than needed: one is missing, one too many, one that the format of a file keeps for itself.
    pub fn is_name(&self) -> bool {
        self.kind == Kind::Name
    }

    /// A file cannot be read or written: the system refused it, or its ending names no known format.
    pub fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    /// What was read is not of the format asked for, or is damaged: cut off, changed, of another kind.
    pub fn is_format(&self) -> bool {
        self.kind == Kind::Format
    }

    /// Numbers of a type that is not taken (integers, say), or beyond the range of the type they are read as.
    pub fn is_number(&self) -> bool {
        self.kind == Kind::Number
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
