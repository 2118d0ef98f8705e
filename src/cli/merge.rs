//! `merge`: what a command would have said in one piece, from the parts in which its shares were played.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser as _};

use super::shards::Merged;
use super::{Answer, Command, CommandLine, Failure};

/// Makes of parts what one run of everything prints and writes, byte by byte: whatever their number, their order and the
/// machines they came from. The scenario and its environment are read again, and have to be as they were.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/merge.txt"))]
pub(super) struct Arguments {
    /// The directories of all shares, in any order, or one that holds them.
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// Where the report goes, as --out of the command that was shared out; fuzz writes none.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Arguments {
    /// Does what the command does, with the results of the parts.
    pub(super) fn execute(self) -> Answer {
        let merged = Arc::new(Merged::read(&self.parts)?);
        let typed = merged.typed().to_vec();
        let line =
            CommandLine::try_parse_from(std::iter::once("rebalance-sim").chain(typed.iter().map(String::as_str)));
        let refused = |why: &dyn std::fmt::Display| {
            Failure::bad_input(format!("the command of the parts, `{}`, is refused: {why}", typed.join(" ")))
        };
        let mut command = line.map_err(|error| refused(&error))?.command;
        let (out, shards) = match &mut command {
            Command::Run(run) => (&mut run.out, &mut run.shards),
            Command::Compare(compare) => (&mut compare.out, &mut compare.shards),
            Command::Vary(vary) => (&mut vary.out, &mut vary.shards),
            Command::Fuzz(fuzz) => (&mut fuzz.out, &mut fuzz.shards),
            _ => return Err(refused(&"it is none that is shared out")),
        };
        *out = self.out;
        shards.merged = Some(merged);
        command.execute()
    }
}
