//! A folder of a report: what one scenario of several says. It appears with the whole report or not at all.

use std::{fs, io};

use super::{DirectoryError, OutputDirectory, ReportFile};

/// Where the files of one scenario go: a folder of a report that has several, or all of one that has none.
#[derive(Debug, Clone)]
pub struct Folder<'a> {
    directory: &'a OutputDirectory,
    /// Its name with a `/` behind it; empty: the report itself.
    name: String,
}

impl<'a> Folder<'a> {
    pub(super) fn of(directory: &'a OutputDirectory, name: &str) -> Self {
        Self { directory, name: name.to_owned() }
    }

    /// As [`OutputDirectory::file`].
    #[must_use]
    pub fn file(&self, name: &str) -> ReportFile {
        self.directory.file(&self.path(name))
    }

    /// As [`OutputDirectory::fill`].
    ///
    /// # Errors
    /// What the operating system says, as for a full disk.
    pub fn fill(
        &self,
        name: &str,
        put: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), DirectoryError> {
        self.directory.fill(&self.path(name), put)
    }

    /// As [`OutputDirectory::write`].
    ///
    /// # Errors
    /// As [`Folder::fill`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DirectoryError> {
        self.directory.write(&self.path(name), bytes)
    }

    /// Says of a file what the operating system says.
    pub fn cannot_write(&self, name: &str) -> impl Fn(io::Error) -> DirectoryError + use<> {
        self.directory.cannot_write(&self.path(name))
    }

    /// Takes back what has been written: a folder is whole, or is not there.
    ///
    /// # Errors
    /// What the operating system says.
    ///
    /// # Panics
    /// Where it is the report itself, which is taken back by dropping it.
    pub fn take_back(&self) -> Result<(), DirectoryError> {
        assert!(!self.name.is_empty(), "a report is dropped");
        let path = self.directory.staging.path().join(&self.name);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.cannot_write("")(error)),
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.name)
    }
}
