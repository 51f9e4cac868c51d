//! States in files: written whole or not at all, and checked when they are read.
//!
//! ```text
//! | "downhill" | version: u32 | length: u64 | crc: u32 | MessagePack, fields by name |       little-endian
//! ```
//!
//! Anything that `serde` can write is a state: an [`Optimizer`](crate::optim::Optimizer), [`Params`](crate::params::Params),
//! the generator of random numbers, or all of them in one struct of yours. Numbers come back with the same bits, so a run
//! that is resumed goes on as if it had not been interrupted.
//!
//! ```
//! use downhill::{prelude::*, saved};
//! # let folder = std::env::temp_dir().join(format!("downhill-doc-saved-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let path = folder.join("run.state");
//! let mut x = vec![5.0, -5.0];
//! let mut adam = Adam::new(0.1).optimizer();
//! adam.step(&mut x, &[1.0, -2.0]);
//! saved::save(&path, &(&x, &adam))?;
//!
//! let (mut y, mut again): (Vec<f64>, Optimizer<Adam>) = saved::load(&path)?;
//! adam.step(&mut x, &[3.0, 4.0]);
//! again.step(&mut y, &[3.0, 4.0]);
//! assert_eq!(x, y);
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), downhill::error::Error>(())
//! ```
//!
//! # Crashes
//!
//! [`save`] writes a new file beside the old one, has it written through to the disk, and gives it the name of the old one,
//! which is kept as `….before`. Whenever the process or the machine dies, one of the two is whole. [`resume`] takes the
//! newest that is: one that is cut off, or of which a single bit has changed, is refused.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::file;

const NAME: &[u8; 8] = b"downhill";
const VERSION: u32 = 1;
const HEAD: usize = 24;

/// Writes a state to the file at `path`; the file that was there is kept as `….before`, if it is whole.
///
/// Returns when the state is on the disk. Cost: one copy of the state in memory.
///
/// # Errors
///
/// If the file cannot be written ([`Error::is_file`]), or the state holds what no file can, like a closure
/// ([`Error::is_format`]). Then the file is as it was.
pub fn save<S: Serialize + ?Sized>(path: impl AsRef<Path>, state: &S) -> Result<(), Error> {
    let path = path.as_ref();
    let mut bytes = vec![0; HEAD];
    let refused = |why| Error::format(format!("this state cannot be written to {}: {why}", path.display()));
    rmp_serde::encode::write_named(&mut bytes, state).map_err(refused)?;
    let length = (bytes.len() - HEAD) as u64;
    bytes[..8].copy_from_slice(NAME);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12..20].copy_from_slice(&length.to_le_bytes());
    let sum = checksum(&bytes);
    bytes[20..24].copy_from_slice(&sum.to_le_bytes());
    // One that is damaged must not take the place of one that is whole.
    let whole = fs::read(path).is_ok_and(|bytes| payload(&bytes).is_ok());
    file::replace(path, &bytes, whole.then(|| before(path)).as_deref())
}

/// Reads the state in the file at `path`.
///
/// # Errors
///
/// If the file cannot be read ([`Error::is_file`]); if it is damaged, no saved state, or one of another kind or version
/// ([`Error::is_format`]).
pub fn load<S: DeserializeOwned>(path: impl AsRef<Path>) -> Result<S, Error> {
    file::read(path.as_ref(), |bytes| {
        let other = |why| Error::format(format!("the saved state is of another kind than asked for: {why}"));
        rmp_serde::from_slice(payload(bytes)?).map_err(other)
    })
}

/// What [`resume`] has found.
#[derive(Debug)]
pub struct Resumed<S> {
    /// The state.
    pub state: S,
    /// Why the newest file was refused, if the one before it had to be taken.
    pub refused: Option<Error>,
}

/// Reads the newest whole state of those saved at `path`: of that file and of the one before it. `None` if there is none
/// yet.
///
/// # Errors
///
/// If there are files, but none can be used; the error is that of the newest.
pub fn resume<S: DeserializeOwned>(path: impl AsRef<Path>) -> Result<Option<Resumed<S>>, Error> {
    let path = path.as_ref();
    let before = before(path);
    if !path.exists() && !before.exists() {
        return Ok(None);
    }
    file::remove_beside(path);
    let refused = match load(path) {
        Ok(state) => return Ok(Some(Resumed { state, refused: None })),
        Err(refused) => refused,
    };
    match load(&before) {
        Ok(state) => Ok(Some(Resumed { state, refused: Some(refused) })),
        Err(_) => Err(refused),
    }
}

/// The name under which the last file but one is kept.
fn before(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".before");
    name.into()
}

/// Of the head, without the checksum itself, and all that follows.
fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[..20]);
    sum.update(&bytes[HEAD..]);
    sum.finalize()
}

/// What the head of a file promises, if the file keeps it.
fn payload(bytes: &[u8]) -> Result<&[u8], Error> {
    if bytes.len() < HEAD || bytes[..8] != *NAME {
        return Err(Error::format("this is no saved state, or one cut off in its first bytes"));
    }
    let version = u32::from_le_bytes(bytes[8..12].try_into().expect("four bytes"));
    let length = u64::from_le_bytes(bytes[12..20].try_into().expect("eight bytes"));
    let sum = u32::from_le_bytes(bytes[20..24].try_into().expect("four bytes"));
    let there = (bytes.len() - HEAD) as u64;
    if version == VERSION && there < length {
        return Err(Error::format(format!(
            "the saved state is cut off: {there} bytes of {length} are there"
        )));
    }
    if sum != checksum(bytes) || version == VERSION && there != length {
        return Err(Error::format("the saved state is damaged: its checksum does not agree"));
    }
    if version != VERSION {
        let message =
            format!("the saved state is of version {version}; this program reads version {VERSION}");
        return Err(Error::format(message));
    }
    Ok(&bytes[HEAD..])
}
