//! The directory of `--out`: checked before the run, written whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file that marks a directory as a report of ours, and so as one that may be replaced.
const MARK: &str = "summary.json";
/// The same for people; no other text is ours.
const TEXT: &str = "summary.txt";

/// Why a directory cannot take the report.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It holds what we did not write.
    #[error(
        "`{0}` holds files that are not a report of rebalance-sim; name a directory that is new, empty or an older report"
    )]
    NotOurs(PathBuf),
    /// The path names a file.
    #[error("`{0}` is not a directory")]
    NotADirectory(PathBuf),
    /// The path has no last part that could be created, as `/` or `..`.
    #[error("`{0}` cannot be replaced as a whole; name a directory of its own for the report")]
    NoName(PathBuf),
    /// The operating system refuses.
    #[error("cannot write the report into `{path}`: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
}

/// A place for a report. Dropping it before [`OutputDirectory::publish`] leaves no trace.
#[derive(Debug)]
pub struct OutputDirectory {
    target: PathBuf,
    staging: PathBuf,
    published: bool,
}

impl OutputDirectory {
    /// Checks that `target` may be written, and opens an empty directory beside it that collects the files.
    ///
    /// # Errors
    /// Where the target is a file, holds foreign files, or its parent cannot be written.
    pub fn open(target: &Path) -> Result<Self, DirectoryError> {
        let name = target.file_name().ok_or_else(|| DirectoryError::NoName(target.to_owned()))?;
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| DirectoryError::Io { path, source }
        };
        if target.exists() {
            if !target.is_dir() {
                return Err(DirectoryError::NotADirectory(target.to_owned()));
            }
            let empty = fs::read_dir(target).map_err(failed(target))?.next().is_none();
            if !empty && !is_ours(target) {
                return Err(DirectoryError::NotOurs(target.to_owned()));
            }
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(failed(parent))?;
        // The process number keeps two reports that are written at once apart.
        let staging = parent.join(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()));
        fs::create_dir(&staging).map_err(failed(target))?;
        Ok(Self { target: target.to_owned(), staging, published: false })
    }

    /// Adds one file.
    ///
    /// # Errors
    /// What the operating system says, as for a full disk.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DirectoryError> {
        let path = self.staging.join(name);
        fs::write(&path, bytes).map_err(|source| DirectoryError::Io { path: self.target.join(name), source })
    }

    /// Puts the collected files in the place of the target; from now on they are seen.
    ///
    /// # Errors
    /// What the operating system says; an older report is then still there.
    pub fn publish(mut self) -> Result<(), DirectoryError> {
        let target = self.target.clone();
        let failed = |source| DirectoryError::Io { path: target.clone(), source };
        if !self.target.exists() {
            fs::rename(&self.staging, &self.target).map_err(failed)?;
            self.published = true;
            return Ok(());
        }
        // A directory cannot be renamed over a full one: the older report steps aside first, and back on failure.
        let aside = self.staging.with_extension("old");
        fs::rename(&self.target, &aside).map_err(failed)?;
        if let Err(source) = fs::rename(&self.staging, &self.target) {
            fs::rename(&aside, &self.target).map_err(failed)?;
            return Err(failed(source));
        }
        self.published = true;
        fs::remove_dir_all(&aside).map_err(failed)
    }
}

impl Drop for OutputDirectory {
    fn drop(&mut self) {
        if !self.published {
            // Nothing to say if this fails as well: the error that led here is the one that counts.
            fs::remove_dir_all(&self.staging).ok();
        }
    }
}

/// A report of ours: the mark is there, and nothing but files of the kinds that we write.
fn is_ours(directory: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(directory) else {
        return false;
    };
    let kinds = ["csv", "json", "svg", "png"];
    directory.join(MARK).is_file()
        && entries.all(|entry| {
            entry.is_ok_and(|entry| {
                let path = entry.path();
                let known = path.extension().is_some_and(|kind| kinds.iter().any(|known| kind == *known));
                path.is_file() && (known || path.file_name().is_some_and(|name| name == TEXT))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).expect("readable").map(|entry| entry.expect("readable").file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_report_appears_whole_or_not_at_all() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let target = place.path().join("new/out");
        let directory = OutputDirectory::open(&target).expect("opens");
        directory.write("summary.json", b"{}").expect("writes");
        assert!(!target.exists());
        drop(directory);
        assert_eq!(listing(&place.path().join("new")), [""; 0]);
        for round in ["lag.csv", "summary.txt", "stalls.csv"] {
            let directory = OutputDirectory::open(&target).expect("opens");
            directory.write("summary.json", b"{}").expect("writes");
            directory.write(round, b"").expect("writes");
            directory.publish().expect("publishes");
            assert_eq!(
                listing(&target),
                [round, "summary.json"]
                    .map(str::to_owned)
                    .into_iter()
                    .collect::<std::collections::BTreeSet<_>>()
                    .into_iter()
                    .collect::<Vec<_>>()
            );
            assert_eq!(listing(&place.path().join("new")), ["out"]);
        }
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let foreign = place.path().join("foreign");
        fs::create_dir(&foreign).expect("creates");
        fs::write(foreign.join("thesis.tex"), "x").expect("writes");
        assert!(matches!(OutputDirectory::open(&foreign), Err(DirectoryError::NotOurs(_))));
        fs::write(foreign.join("summary.json"), "{}").expect("writes");
        assert!(matches!(OutputDirectory::open(&foreign), Err(DirectoryError::NotOurs(_))));
        assert!(matches!(OutputDirectory::open(&foreign.join("thesis.tex")), Err(DirectoryError::NotADirectory(_))));
        assert!(matches!(OutputDirectory::open(&foreign.join("thesis.tex/out")), Err(DirectoryError::Io { .. })));
        assert!(matches!(OutputDirectory::open(Path::new("/")), Err(DirectoryError::NoName(_))));
        assert_eq!(listing(&foreign), ["summary.json", "thesis.tex"]);
    }
}
