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
    (lines.next() == Some(HEAD)).then(|| lines.filter(|name| is_within(name)).map(str::to_owned).collect())
}

/// Whether a name is a file's, or a file's in folders with `/` between them, and leads nowhere else.
pub(super) fn is_within(name: &str) -> bool {
    name.split('/').all(|part| Path::new(part).file_name().is_some_and(|last| last == part))
}

/// The folders in which files of these names lie, those in others behind them.
pub(super) fn folders(names: &BTreeSet<String>) -> BTreeSet<&str> {
    names.iter().flat_map(|name| name.match_indices('/').map(|(end, _)| &name[..end])).collect()
}

/// The first entry of a directory that no marker lists, or that is no plain file, and no folder with such ones alone;
/// `None`: all of it is a report of ours.
pub(super) fn stranger(directory: &Path) -> io::Result<Option<String>> {
    let marked = read(directory);
    let itself = marked.is_some().then(|| NAME.to_owned());
    let listed: BTreeSet<String> = marked.into_iter().flatten().chain(itself).collect();
    let folders = folders(&listed);
    let (mut strangers, mut open) = (BTreeSet::new(), vec![String::new()]);
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(directory.join(&below))? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let path = format!("{below}{}", name.to_string_lossy());
            match name.to_str() {
                Some(_) if kind.is_file() && listed.contains(&path) => {}
                Some(_) if kind.is_dir() && folders.contains(path.as_str()) => open.push(format!("{path}/")),
                _ => _ = strangers.insert(path),
            }
        }
    }
    Ok(strangers.pop_first())
}

/// Whether a name is that of a plain file, and no folder on the way to it is a link to elsewhere.
fn is_here(directory: &Path, name: &str) -> bool {
    let kind = |path: &str| fs::symlink_metadata(directory.join(path));
    name.match_indices('/').all(|(end, _)| kind(&name[..end]).is_ok_and(|entry| entry.is_dir()))
        && kind(name).is_ok_and(|entry| entry.is_file())
}

/// Deletes what the marker of a directory lists, and the directory. What else is there goes to `home`, where no file has
/// its name.
pub(super) fn clear(directory: &Path, home: &Path) -> io::Result<()> {
    let listed = read(directory).ok_or(io::ErrorKind::InvalidData)?;
    for name in listed.iter().filter(|name| is_here(directory, name)) {
        fs::remove_file(directory.join(name))?;
    }
    for folder in folders(&listed).into_iter().rev() {
        // One that holds what is not ours stays.
        fs::remove_dir(directory.join(folder)).ok();
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
