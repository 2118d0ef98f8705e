//! Where a report goes: the path that was named, what stands there, and what earlier reports left beside it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{DirectoryError, exchange, marker};

/// How the names of directories end in which files are collected.
const PARTIAL: &str = ".partial";
/// And of older reports that stand aside while a new one takes their place.
const ASIDE: &str = ".old";

/// What stands in the place of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Older {
    /// Nothing.
    None,
    /// A directory without files.
    Empty,
    /// An older report.
    Report,
}

/// The directory that a path means: links are followed.
pub(super) fn resolved(path: &Path) -> Result<PathBuf, DirectoryError> {
    let no_name = || DirectoryError::NoName(path.to_owned());
    // `x/.` is the inside of a directory, which nothing can take the place of.
    let bytes = path.as_os_str().as_encoded_bytes();
    let separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    let trimmed = &bytes[..bytes.iter().rposition(|byte| !separator(byte)).map_or(0, |last| last + 1)];
    if trimmed.split(separator).next_back() == Some(b".") {
        return Err(no_name());
    }
    let name = path.file_name().ok_or_else(no_name)?;
    let plain = path.with_file_name(name);
    if !plain.is_symlink() {
        return Ok(plain);
    }
    let real = fs::canonicalize(&plain).map_err(|_| DirectoryError::DanglingLink(plain))?;
    if real.file_name().is_some() { Ok(real) } else { Err(no_name()) }
}

/// The directory around a resolved path, and its name.
pub(super) fn parts(target: &Path) -> (&Path, &OsStr) {
    const RESOLVED: &str = "a resolved path has a parent and a name";
    let parent = target.parent().expect(RESOLVED);
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    (parent, target.file_name().expect(RESOLVED))
}

/// What stands there.
pub(super) fn examine(target: &Path) -> Result<Older, DirectoryError> {
    match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Older::None),
        Err(error) => Err(DirectoryError::at(target)(error)),
        Ok(entry) if !entry.is_dir() => Err(DirectoryError::NotADirectory(target.to_owned())),
        Ok(_) => {
            let failed = DirectoryError::at(target);
            if fs::read_dir(target).map_err(&failed)?.next().is_none() {
                return Ok(Older::Empty);
            }
            match marker::stranger(target).map_err(&failed)? {
                None => Ok(Older::Report),
                Some(stranger) => Err(DirectoryError::NotOurs { path: target.to_owned(), stranger }),
            }
        }
    }
}

fn hidden(name: &OsStr) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".");
    hidden
}

/// A new directory that collects files; its name is random, so that none is in the way of another.
pub(super) fn staging(parent: &Path, name: &OsStr) -> io::Result<TempDir> {
    let prefix = hidden(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(PARTIAL);
    // It will be the report: others may read it where they may read what is made here.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(parent)
}

/// Where an older report stands aside for the files that were collected here.
pub(super) fn aside(staging: &Path) -> PathBuf {
    staging.with_extension(&ASIDE[1..])
}

/// Brings back an older report that a killed process had put aside, and clears what such processes left.
pub(super) fn recover(target: &Path) {
    let (parent, name) = parts(target);
    let prefix = hidden(name);
    let left = |ending: &str| {
        let fits = |name: &OsString| {
            let bytes = name.as_encoded_bytes();
            bytes.starts_with(prefix.as_encoded_bytes()) && bytes.ends_with(ending.as_bytes())
        };
        let names = fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let mut paths: Vec<PathBuf> = names.filter(fits).map(|name| parent.join(name)).collect();
        paths.sort();
        paths.retain(|path| path.is_dir() && !path.is_symlink());
        paths
    };
    for path in [left(ASIDE), left(PARTIAL)].concat() {
        // Whoever still works on it holds the lock; one without a marker is nobody's that we know.
        let Some(_lock) = exchange::try_lock(&path) else { continue };
        if marker::read(&path).is_none() {
            continue;
        }
        let is_aside = path.extension().is_some_and(|ending| ending == &ASIDE[1..]);
        // Nothing to say where this fails: it is tried again next time.
        if is_aside && !target.exists() {
            fs::rename(&path, target).ok();
        } else {
            marker::clear(&path, &path).ok();
        }
    }
}
