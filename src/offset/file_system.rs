//! A host's disk as the simulation has it, and RocketMQ's way of writing a file (`MixAll.string2File`).

use std::collections::BTreeMap;

/// Why a write failed. What reached the disk before stays there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiskError {
    /// The file cannot be opened for writing; it is as it was.
    #[error("{path} cannot be written: the disk is read-only")]
    ReadOnly {
        /// The file.
        path: String,
    },
    /// No space left; the file holds what fitted.
    #[error("{path} cannot be written: the disk is full after {written} of {wanted} bytes")]
    Full {
        /// The file.
        path: String,
        /// Bytes that fitted.
        written: usize,
        /// Bytes to be written.
        wanted: usize,
    },
    /// The process died; the file holds what it had written.
    #[error("the process died while writing {path}, after {written} of {wanted} bytes")]
    Crashed {
        /// The file.
        path: String,
        /// Bytes that were written.
        written: usize,
        /// Bytes to be written.
        wanted: usize,
    },
}

/// Files of one host. Folders come into being with the first file in them.
pub trait FileSystem {
    /// All bytes of a file, or `None` where there is none.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// Truncates the file and writes it plainly: no sync, no rename, so a failure in between leaves a part.
    ///
    /// # Errors
    /// [`DiskError`], with what was written until then.
    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError>;
}

/// `MixAll.file2String`: the text of a file; bytes that are not UTF-8 become U+FFFD as in Java.
#[must_use]
pub fn file_to_string(files: &dyn FileSystem, path: &str) -> Option<String> {
    files.read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// `MixAll.string2File`: what the file holds now, whole or broken, goes to `<path>.bak`, then the new text to `path`.
///
/// # Errors
/// The first write that fails; the second is then not tried.
pub fn string_to_file(files: &mut dyn FileSystem, path: &str, text: &str) -> Result<(), DiskError> {
    if let Some(former) = file_to_string(files, path) {
        files.write(&format!("{path}.bak"), former.as_bytes())?;
    }
    files.write(path, text.as_bytes())
}

/// A disk in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disk {
    files: BTreeMap<String, Vec<u8>>,
    /// Bytes that all files together may hold; `None`: no bound.
    pub capacity_bytes: Option<usize>,
    /// Refuses every write.
    pub read_only: bool,
    /// The process dies once so many more bytes are written; later writes are cut to nothing until this is `None`.
    pub crash_after_bytes: Option<usize>,
}

impl Disk {
    /// The files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// Deletes a file, as an operator would.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Puts a file there, whatever the disk's state.
    pub fn place(&mut self, path: &str, content: &[u8]) {
        self.files.insert(path.to_owned(), content.to_vec());
    }
}

impl FileSystem for Disk {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.files.get(path).cloned()
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError> {
        let path = path.to_owned();
        let wanted = content.len();
        if self.read_only {
            return Err(DiskError::ReadOnly { path });
        }
        if self.crash_after_bytes == Some(0) {
            // Dead before this file was even opened: it keeps what it has.
            return Err(DiskError::Crashed { path, written: 0, wanted });
        }
        self.files.remove(&path);
        let used: usize = self.files.values().map(Vec::len).sum();
        let free = self.capacity_bytes.map_or(usize::MAX, |capacity| capacity.saturating_sub(used));
        let alive = self.crash_after_bytes.unwrap_or(usize::MAX);
        let written = wanted.min(free).min(alive);
        self.files.insert(path.clone(), content[..written].to_vec());
        if let Some(left) = &mut self.crash_after_bytes {
            *left -= written;
        }
        if written == wanted {
            Ok(())
        } else if alive <= free {
            Err(DiskError::Crashed { path, written, wanted })
        } else {
            Err(DiskError::Full { path, written, wanted })
        }
    }
}
