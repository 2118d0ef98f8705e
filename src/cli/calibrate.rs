//! `rebalance-sim calibrate`: the environment of the machines that were recorded.

use std::path::{Path, PathBuf};

use clap::Args;

use super::bounded::{self, Sort};
use super::{Answer, Failure, Verdict, terminal, validate};
use crate::fidelity;

/// What the first lines of its files say.
const MADE_BY: &str = "`rebalance-sim calibrate`";

/// What was typed.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Recordings of one kind of machine, `.jsonl` or `.jsonl.gz`.
    #[arg(required = true, value_name = "TRACE")]
    files: Vec<PathBuf>,
    /// Where the environment goes; stdout unless told. It must not exist, or be an environment made by this command.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The environment whose other keys are kept; two-core-jvm unless told.
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
}

impl Arguments {
    /// Reads, estimates and writes.
    pub(super) fn execute(self) -> Answer {
        if let Some(path) = &self.out {
            own(path)?;
        }
        let traces = self.files.iter().map(|file| validate::read(file)).collect::<Result<Vec<_>, _>>()?;
        let base = validate::environment(self.base.as_deref())?;
        let text = fidelity::calibrate(&traces, &base);
        match self.out {
            None => terminal::print(&text)?,
            Some(path) => {
                let partial = PathBuf::from(format!("{}.partial", path.display()));
                std::fs::write(&partial, &text)
                    .and_then(|()| std::fs::rename(&partial, &path))
                    .map_err(|error| Failure::bad_input(format!("cannot write `{}`: {error}", path.display())))?;
            }
        }
        Ok(Verdict::Held)
    }
}

/// What stands there is not overwritten, unless this command made it.
fn own(path: &Path) -> Result<(), Failure> {
    let made = match bounded::text(path, Sort::Scenario) {
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
