//! The directory of `--out`: checked before the run, written whole or not at all.
//!
//! ```text
//!   open --> .NAME.XXXXXX.partial --write--> files, each on disk --publish--> NAME
//!            (beside the target)             (listed in the marker)           (one exchange, the older report cleared)
//! ```
//! Only what a marker lists is ever replaced or deleted: what a user keeps beside it is the user's.

mod exchange;
mod file;
mod folder;
mod marker;
mod place;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use file::ReportFile;
pub use folder::Folder;

/// Why a directory cannot take the report.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It holds what we did not write.
    #[error(
        "`{path}` holds `{stranger}`, which is no file of a report of rebalance-sim; name a directory that is new, empty or an older report"
    )]
    NotOurs {
        /// The directory.
        path: PathBuf,
        /// The first of the files that are not ours.
        stranger: String,
    },
    /// The path names a file.
    #[error("`{0}` is not a directory")]
    NotADirectory(PathBuf),
    /// The path has no last part that could be created, as `/`, `..` or `x/.`.
    #[error("`{0}` cannot be replaced as a whole; name a directory of its own for the report")]
    NoName(PathBuf),
    /// A link to what is not there.
    #[error("`{0}` is a link to what does not exist; name a directory, or remove the link")]
    DanglingLink(PathBuf),
    /// The operating system does not let it be moved: a mount point, or another user's.
    #[error("`{path}` cannot be replaced as a whole ({source}); name a directory within it")]
    Fixed {
        /// The directory.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The operating system refuses.
    #[error("cannot write the report into `{path}`: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
    /// Somebody asked the program to end.
    #[error("interrupted before the report was written")]
    Interrupted,
}

impl DirectoryError {
    /// Puts a place to what the operating system says.
    fn at(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { path: path.clone(), source }
    }
}

/// A place for a report. Dropping it before [`OutputDirectory::publish`] leaves no trace.
#[derive(Debug)]
pub struct OutputDirectory {
    target: PathBuf,
    staging: TempDir,
    /// While it is held, nobody takes the staging directory for one that a killed process left behind.
    _lock: Option<fs::File>,
}

impl OutputDirectory {
    /// Checks that `target` may be written, and opens an empty directory beside it that collects the files. What
    /// reports that were killed left behind is cleared first; an older report that stood aside comes back.
    ///
    /// # Errors
    /// Where the target is a file, holds foreign files, cannot be moved, or its parent cannot be written.
    pub fn open(target: &Path) -> Result<Self, DirectoryError> {
        let target = place::resolved(target)?;
        let (parent, name) = place::parts(&target);
        fs::create_dir_all(parent).map_err(DirectoryError::at(parent))?;
        place::recover(&target);
        let older = place::examine(&target)?;
        let staging = place::staging(parent, name).map_err(DirectoryError::at(&target))?;
        let lock = exchange::lock(staging.path());
        marker::begin(staging.path()).map_err(DirectoryError::at(&target))?;
        let directory = Self { target, staging, _lock: lock };
        directory.probe().map_err(DirectoryError::at(&directory.target))?;
        if older != place::Older::None {
            exchange::rehearse(&directory.target, directory.staging.path())
                .or_else(|source| match source.kind() {
                    // An overlay does not move what lies below; an empty directory is replaced without being moved.
                    io::ErrorKind::CrossesDevices if older == place::Older::Empty => Ok(()),
                    _ => Err(source),
                })
                .map_err(|source| DirectoryError::Fixed { path: directory.target.clone(), source })?;
        }
        Ok(directory)
    }

    /// Writes as much as the smallest of reports takes and deletes it again: a full disk is known before the run.
    fn probe(&self) -> io::Result<()> {
        const LEAST: usize = 32 * 1024;
        let path = self.staging.path().join(".probe");
        let written = fs::write(&path, vec![b'.'; LEAST]);
        fs::remove_file(&path).ok();
        written
    }

    /// A file of the report, which is made when the first byte comes; in a folder, where its name says so with a `/`.
    ///
    /// # Panics
    /// On a name that is more than the name of a file.
    #[must_use]
    pub fn file(&self, name: &str) -> ReportFile {
        assert!(marker::is_within(name) && !name.contains(char::is_control), "{name:?} is the name of a file");
        ReportFile::new(self.staging.path(), name)
    }

    /// Adds one file, whose bytes are on disk when this returns; none where `put` writes nothing.
    ///
    /// # Errors
    /// What the operating system says, as for a full disk.
    pub fn fill(
        &self,
        name: &str,
        put: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), DirectoryError> {
        let mut file = self.file(name);
        put(&mut file).and_then(|()| file.end()).map_err(self.cannot_write(name))
    }

    /// Adds one file.
    ///
    /// # Errors
    /// As [`OutputDirectory::fill`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DirectoryError> {
        let mut file = self.file(name);
        let whole = file.make().and_then(|made| made.write_all(bytes)).and_then(|()| file.end());
        whole.map_err(self.cannot_write(name))
    }

    /// The report itself as a folder.
    #[must_use]
    pub fn root(&self) -> Folder<'_> {
        Folder::of(self, "")
    }

    /// A folder in the report, which is made with its first file.
    ///
    /// # Panics
    /// On a name that leads out of the report.
    #[must_use]
    pub fn folder(&self, name: &str) -> Folder<'_> {
        assert!(marker::is_within(name), "{name:?} is the name of a folder");
        Folder::of(self, &format!("{name}/"))
    }

    /// Says of a file what the operating system says.
    pub fn cannot_write(&self, name: &str) -> impl Fn(io::Error) -> DirectoryError + use<> {
        DirectoryError::at(&self.target.join(name))
    }

    /// Puts the collected files in the place of the target; from now on they are seen. Answers where the older report
    /// is where it could not be cleared away.
    ///
    /// # Errors
    /// What the operating system says; an older report is then still there.
    pub fn publish(self) -> Result<Option<PathBuf>, DirectoryError> {
        let Self { target, staging, _lock } = self;
        // What stands there may have changed during the run.
        let older = place::examine(&target)?;
        let names = marker::read(staging.path()).unwrap_or_default();
        marker::folders(&names).iter().for_each(|folder| exchange::sync(&staging.path().join(folder)));
        exchange::sync(staging.path());
        match older {
            place::Older::None | place::Older::Empty => fs::rename(staging.path(), &target),
            place::Older::Report => exchange::exchange(staging.path(), &target),
        }
        .map_err(DirectoryError::at(&target))?;
        exchange::sync(place::parts(&target).0);
        let aside = staging.keep();
        if older != place::Older::Report {
            return Ok(None);
        }
        // Here stands the older report now, and what somebody put into it in the last moment.
        let cleared = marker::clear(&aside, &target);
        Ok((cleared.is_err() && aside.exists()).then_some(aside))
    }
}
