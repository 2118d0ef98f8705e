//! `rebalance-sim calibrate`: the environment of the machines that were recorded.

use std::path::PathBuf;

use clap::Args;

use super::{Answer, Failure, Verdict, terminal, validate};
use crate::fidelity;

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
        let traces = self.files.iter().map(|file| validate::read(file)).collect::<Result<Vec<_>, _>>()?;
        let base = validate::environment(self.base.as_deref())?;
        let text = fidelity::calibrate(&traces, &base);
        match self.out {
            None => terminal::print(&text)?,
            Some(path) => {
                std::fs::write(&path, &text)
                    .map_err(|error| Failure::bad_input(format!("cannot write `{}`: {error}", path.display())))?;
            }
        }
        Ok(Verdict::Held)
    }
}
