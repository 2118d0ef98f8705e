//! `rebalance-sim calibrate`: the environment of the machines that were recorded.

use std::path::PathBuf;

use clap::Args;

use super::one_file::OneFile;
use super::{Answer, Verdict, terminal, validate};
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
        let out = self.out.as_deref().map(|path| OneFile::open(path, "environment", MADE_BY)).transpose()?;
        let traces = self.files.iter().map(|file| validate::read(file)).collect::<Result<Vec<_>, _>>()?;
        let base = validate::environment(self.base.as_deref())?;
        let text = fidelity::calibrate(&traces, &base);
        let Some(out) = out else { return terminal::print(&text).map(|()| Verdict::Held) };
        out.put(&text)?;
        Ok(Verdict::Held)
    }
}
