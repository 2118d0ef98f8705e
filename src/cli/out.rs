//! `--out`: opened before the work, written when its result has been printed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Failure, terminal};
use crate::report::{DirectoryError, OutputDirectory};

/// Opened before the work: a path that cannot be written costs no minutes.
///
/// # Errors
/// Bad input, with the reason.
pub(super) fn open(path: Option<&Path>) -> Result<Option<OutputDirectory>, Failure> {
    path.map(OutputDirectory::open).transpose().map_err(Failure::bad_input)
}

/// Prints the result, then writes the files: whatever fails on the disk, the result is said, and the other way round.
///
/// # Errors
/// A failure of our own: the disk's or the terminal's.
pub(super) fn deliver(
    print: impl FnOnce() -> Result<(), Failure>,
    out: Option<OutputDirectory>,
    write: impl FnOnce(OutputDirectory) -> Result<Option<PathBuf>, DirectoryError>,
) -> Result<(), Failure> {
    let printed = print();
    let written = out.map(write).transpose().map_err(Failure::own)?.flatten();
    if let Some(left) = written {
        terminal::tell(&format!("the older report could not be cleared away; it is in `{}`", left.display()));
    }
    printed
}

/// Writes files that are made one after the other.
///
/// # Errors
/// What the operating system says, or that `stop` was set.
pub(super) fn files<'a>(
    out: OutputDirectory,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    stop: &AtomicBool,
) -> Result<Option<PathBuf>, DirectoryError> {
    for (name, bytes) in files {
        if stop.load(Ordering::Relaxed) {
            return Err(DirectoryError::Interrupted);
        }
        out.write(name, bytes)?;
    }
    out.publish()
}
