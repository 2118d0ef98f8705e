//! `--out FILE`: one file that is written whole or not at all, and replaces nothing but what the same command made.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::bounded::{self, Sort};
use super::{Failure, terminal};

/// Where the file will be.
#[derive(Debug)]
pub(super) struct OneFile(PathBuf);

impl std::fmt::Display for OneFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.display().fmt(f)
    }
}

impl OneFile {
    /// Tries the place before the work: what cannot be written costs no minutes. `what` the file is, and the words by which
    /// a comment at its top says who made it.
    ///
    /// # Errors
    /// Bad input: what cannot be written, or what somebody else made.
    pub fn open(path: &Path, what: &str, made_by: &str) -> Result<Self, Failure> {
        let path = resolved(path)?;
        own(&path, what, made_by)?;
        write(&path, &[b'#'; 4096])
            .map(drop)
            .map_err(|error| Failure::bad_input(format!("cannot write `{}`: {error}", path.display())))?;
        Ok(Self(path))
    }

    /// Puts the text there.
    ///
    /// # Errors
    /// A failure of our own: the disk's. What it does not take is printed, and not lost.
    pub fn put(&self, text: &str) -> Result<(), Failure> {
        let written = write(&self.0, text.as_bytes()).and_then(|file| Ok(file.persist(&self.0).map(drop)?));
        written.or_else(|error| {
            terminal::print(text)?;
            Err(Failure::own(format!("cannot write `{}`: {error}", self.0.display())))
        })
    }
}

/// The file that a path means: links are followed.
fn resolved(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    std::fs::canonicalize(path)
        .map_err(|error| Failure::bad_input(format!("`{}` is a link to what does not exist: {error}", path.display())))
}

/// Writes a file of another name beside the path, on disk when this answers; it is gone unless it is put in place.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rebalance-sim.").suffix(".partial");
    // Others may read it where they may read what is made here.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// What stands there is not overwritten, unless this command made it.
fn own(path: &Path, what: &str, made_by: &str) -> Result<(), Failure> {
    let made = match read(path) {
        Ok(text) => text.lines().take(3).any(|line| line.starts_with('#') && line.contains(made_by)),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    if made {
        return Ok(());
    }
    Err(Failure::bad_input(format!(
        "`{}` exists and is no {what} that {made_by} made; name another file or remove it",
        path.display()
    )))
}

/// The text of a file; what is none, as a pipe or a device, is not read.
fn read(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.is_file() { bounded::text(path, Sort::Scenario) } else { Ok(String::new()) }
}
