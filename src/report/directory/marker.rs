//! The marker in a report: the names of the files that were written, and so of those that may be replaced.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// The file with the names.
pub(super) const NAME: &str = ".rebalance-sim-files";
/// Its first line.
const HEAD: &str =
    "# Files that rebalance-sim wrote. A report in the place of this one replaces them, and nothing else.";

/// Makes the marker of a directory without files.
pub(super) fn begin(directory: &Path) -> io::Result<()> {
    fs::write(directory.join(NAME), format!("{HEAD}\n"))
}

/// Lists a name, before the file is made: what was begun is ours as well.
pub(super) fn add(directory: &Path, name: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().append(true).open(directory.join(NAME))?;
    file.write_all(format!("{name}\n").as_bytes())?;
    file.sync_all()
}

/// The names in a marker; `None`: there is none, or it is not ours.
pub(super) fn read(directory: &Path) -> Option<BTreeSet<String>> {
    let path = directory.join(NAME);
    let file = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file);
    let text = file.and_then(|_| fs::read_to_string(&path).ok())?;
    let mut lines = text.lines();
    // Whoever wrote it: a name that leads out of the directory is none.
    let plain = |name: &&str| Path::new(name).file_name().is_some_and(|last| last == *name);
    (lines.next() == Some(HEAD)).then(|| lines.filter(plain).map(str::to_owned).collect())
}

/// The first entry of a directory that no marker lists, or that is no plain file; `None`: all of it is a report of ours.
pub(super) fn stranger(directory: &Path) -> io::Result<Option<String>> {
    let listed = read(directory);
    let is_listed = |name: &str| listed.as_ref().is_some_and(|listed| name == NAME || listed.contains(name));
    let mut strangers = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        if !(name.to_str().is_some_and(is_listed) && entry.file_type()?.is_file()) {
            strangers.insert(name.to_string_lossy().into_owned());
        }
    }
    Ok(strangers.pop_first())
}

/// Deletes what the marker of a directory lists, and the directory. What else is there goes to `home`, where no file has
/// its name.
pub(super) fn clear(directory: &Path, home: &Path) -> io::Result<()> {
    for name in read(directory).ok_or(io::ErrorKind::InvalidData)? {
        let path = directory.join(&name);
        if fs::symlink_metadata(&path).is_ok_and(|entry| entry.is_file()) {
            fs::remove_file(path)?;
        }
    }
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        let there = home.join(&name);
        if name != NAME && fs::symlink_metadata(&there).is_err() {
            fs::rename(directory.join(&name), there)?;
        }
    }
    fs::remove_file(directory.join(NAME))?;
    fs::remove_dir(directory)
}
