//! `--out`: opened before the work, written when its result has been printed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Failure, terminal};
use crate::report::{DirectoryError, Folder, OutputDirectory};

/// Opened before the work: a path that cannot be written costs no minutes.
///
/// # Errors
/// Bad input, with the reason.
pub(super) fn open(path: Option<&Path>) -> Result<Option<OutputDirectory>, Failure> {
    path.map(OutputDirectory::open).transpose().map_err(Failure::bad_input)
}

/// Prints the result, then writes the files and puts them in place: whatever fails on the disk, the result is said, and the
/// other way round.
///
/// # Errors
/// A failure of our own: the disk's or the terminal's.
pub(super) fn deliver(
    print: impl FnOnce() -> Result<(), Failure>,
    out: Option<OutputDirectory>,
    write: impl FnOnce(&Folder<'_>) -> Result<(), DirectoryError>,
) -> Result<(), Failure> {
    let printed = print();
    let written = out.as_ref().map_or(Ok(()), |out| write(&out.root()));
    publish(out, written)?;
    printed
}

/// Puts what was written in its place, if it was; it is not there otherwise.
///
/// # Errors
/// A failure of our own: the disk's.
pub(super) fn publish(out: Option<OutputDirectory>, written: Result<(), DirectoryError>) -> Result<(), Failure> {
    let published = written.and_then(|()| out.map_or(Ok(None), OutputDirectory::publish)).map_err(Failure::own)?;
    if let Some(left) = published {
        terminal::tell(&format!("the older report could not be cleared away; it is in `{}`", left.display()));
    }
    Ok(())
}

/// Writes files that are made one after the other.
///
/// # Errors
/// What the operating system says, or that `stop` was set.
pub(super) fn files<'a>(
    folder: &Folder<'_>,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    stop: &AtomicBool,
) -> Result<(), DirectoryError> {
    for (name, bytes) in files {
        if stop.load(Ordering::Relaxed) {
            return Err(DirectoryError::Interrupted);
        }
        folder.write(name, bytes)?;
    }
    Ok(())
}
