//! `rebalance-sim calibrate`: the environment of the machines that were recorded.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::bounded::{self, Sort};
use super::{Answer, Failure, Verdict, terminal, validate};
use crate::fidelity;

/// What the first lines of its files say.
const MADE_BY: &str = "`rebalance-sim calibrate`";

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/calibrate.txt"))]
pub(super) struct Arguments {
    /// Recordings of one kind of machine, `.jsonl` or `.jsonl.gz`.
    #[arg(required = true, value_name = "TRACE")]
    files: Vec<PathBuf>,
    /// Where the environment goes; stdout unless told. It must not exist, or be an environment made by this command.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The environment whose other keys are kept, a file or a built-in one; two-core-jvm unless told.
    #[arg(long, value_name = "FILE|NAME")]
    base: Option<PathBuf>,
}

impl Arguments {
    /// Reads, estimates and writes.
    pub(super) fn execute(self) -> Answer {
        let out = self.out.as_deref().map(resolved).transpose()?;
        if let Some(path) = &out {
            own(path)?;
            // Tried before the work: a place that cannot be written costs no minutes.
            write(path, &[b'#'; 4096])
                .map(drop)
                .map_err(|error| Failure::bad_input(format!("cannot write `{}`: {error}", path.display())))?;
        }
        let traces = self.files.iter().map(|file| validate::read(file)).collect::<Result<Vec<_>, _>>()?;
        let base = validate::environment(self.base.as_deref())?;
        let text = fidelity::calibrate(&traces, &base);
        let Some(path) = out else { return terminal::print(&text).map(|()| Verdict::Held) };
        let written = write(&path, text.as_bytes()).and_then(|file| Ok(file.persist(&path).map(drop)?));
        if let Err(error) = written {
            // What the disk does not take is not lost.
            terminal::print(&text)?;
            return Err(Failure::own(format!("cannot write `{}`: {error}", path.display())));
        }
        Ok(Verdict::Held)
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
    builder.prefix(".calibrate.").suffix(".partial");
    // Others may read it where they may read what is made here.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// What stands there is not overwritten, unless this command made it.
fn own(path: &Path) -> Result<(), Failure> {
    let made = match read(path) {
        Ok(text) => text.lines().take(3).any(|line| line.starts_with('#') && line.contains(MADE_BY)),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if made {
        return Ok(());
    }
    Err(Failure::bad_input(format!(
        "`{}` exists and is no environment that {MADE_BY} made; name another file or remove it",
        path.display()
    )))
}

/// The text of a file; what is none, as a pipe or a device, is not read.
fn read(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.is_file() { bounded::text(path, Sort::Scenario) } else { Ok(String::new()) }
}
