//! One file of a report: listed before it is made, and on the disk before the report takes its place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::marker;

/// A file that collects its bytes beside the report's place. It is made when the first of them comes.
#[derive(Debug)]
pub struct ReportFile {
    directory: PathBuf,
    name: String,
    made: Option<BufWriter<File>>,
}

impl ReportFile {
    pub(super) fn new(directory: &Path, name: &str) -> Self {
        Self { directory: directory.to_owned(), name: name.to_owned(), made: None }
    }

    /// The file, made if it is not there yet.
    pub(super) fn make(&mut self) -> io::Result<&mut BufWriter<File>> {
        match &mut self.made {
            Some(made) => Ok(made),
            none => {
                marker::add(&self.directory, &self.name)?;
                let path = self.directory.join(&self.name);
                path.parent().map_or(Ok(()), fs::create_dir_all)?;
                Ok(none.insert(BufWriter::new(fs::File::create(path)?)))
            }
        }
    }

    /// All its bytes are on the disk when this returns.
    ///
    /// # Errors
    /// What the operating system says, as for a full disk.
    pub fn end(self) -> io::Result<()> {
        match self.made {
            Some(made) => made.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all(),
            None => Ok(()),
        }
    }
}

impl Write for ReportFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.make()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.made.as_mut().map_or(Ok(()), Write::flush)
    }
}
