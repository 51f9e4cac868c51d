//! Files, read whole and replaced whole.
#![allow(dead_code, reason = "which of it is used, depends on the features")]

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;

/// What `parse` makes of the bytes at `path`; its errors name the file.
pub(crate) fn read<P>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<P, Error>) -> Result<P, Error> {
    let bytes = fs::read(path)
        .map_err(|why| Error::file(format!("the file {} cannot be read: {why}", path.display())))?;
    parse(&bytes).map_err(|error| error.within(&format_args!("the file {}", path.display())))
}

/// Makes `bytes` the content of the file at `path`. Whoever reads it meanwhile, or after a crash, finds the old content or
/// the new one: these are written to a new file beside it, which then takes its name.
///
/// With `keep`, the old file gets that name before. Where no file can have two, there is none at `path` for a moment, and after a
/// crash in it.
pub(crate) fn replace(path: &Path, bytes: &[u8], keep: Option<&Path>) -> Result<(), Error> {
    // Through a link, so that the file it leads to is replaced and not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let refused =
        |why: io::Error| Error::file(format!("the file {} cannot be written: {why}", path.display()));
    let (beside, file) = create_beside(&target).map_err(refused)?;
    let written = fill(file, bytes, &target)
        .and_then(|()| keep.map_or(Ok(()), |keep| put_aside(&target, keep)))
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // The first failure is the one to report.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(refused)?;
    // The new name, too, is to outlast a crash; not every system can do this, and the content is safe without.
    if let Some(Ok(folder)) = target.parent().map(File::open) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Gives the file another name, beside its own if it can have two. Through a link it may be on another disk than that: then it
/// is copied.
fn put_aside(target: &Path, keep: &Path) -> io::Result<()> {
    // The one kept so far: if there is none, or it stays, the rest tells.
    let _ = fs::remove_file(keep);
    if fs::hard_link(target, keep).is_ok() {
        return Ok(());
    }
    match fs::rename(target, keep) {
        Err(why) if why.kind() == io::ErrorKind::CrossesDevices => {
            fs::copy(target, keep)?;
            File::open(keep)?.sync_all()
        }
        renamed => renamed,
    }
}

/// Removes what processes that were killed while they replaced the file at `path` have left beside it.
pub(crate) fn remove_beside(path: &Path) {
    let Some(name) = path.file_name().and_then(OsStr::to_str) else { return };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let there = entry.file_name();
        let left =
            there.to_str().and_then(|there| there.strip_prefix('.')?.strip_prefix(name)?.strip_prefix('.'));
        if left.is_some_and(is_own) {
            // Rubbish, at worst it stays.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether [`create_beside`] has ended a name so: `process-count.tmp`.
fn is_own(ending: &str) -> bool {
    let numbers = ending.strip_suffix(".tmp").and_then(|numbers| numbers.split_once('-'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(process, count)| digits(process) && digits(count))
}

/// A new file in the folder of `target`, with a name of its own.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(name) = target.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
    };
    if target.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    loop {
        let mut own = OsString::from(".");
        own.push(name);
        own.push(format!(".{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let beside = target.with_file_name(own);
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            // Left behind by a process of this number.
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (beside, file)),
        }
    }
}

fn fill(mut file: File, bytes: &[u8], target: &Path) -> io::Result<()> {
    if let Ok(old) = fs::metadata(target) {
        // A file only its owner may read stays one.
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
