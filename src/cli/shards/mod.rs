//! A sweep on several machines, without a word between them: each plays a share of its runs and keeps what came of them in a
//! directory, a part; `merge` then does what the command does in one piece, and takes the results from the parts.
//!
//! ```text
//!   run f.toml --seeds 200 --shard 1/2 --out part-1 --> part-1/{part.json, results.jsonl} --+
//!   run f.toml --seeds 200 --shard 2/2 --out part-2 --> part-2/{part.json, results.jsonl} --+--> merge --out all
//! ```
//! Runs are numbered as the command plays them: seeds of the first scenario or variant, then those of the second. What is
//! kept of a run is its whole result in integers, so the bytes of a merged report are those of one that was played at once,
//! whatever the number of parts.

mod header;
mod merged;
mod part;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Answer, Failure, Verdict, terminal};
use crate::sweep::{Finished, Seeds, Shard, over_seeds};
use crate::wording::counted;
pub(super) use header::{Header, digest, digest_of};
pub(super) use merged::Merged;
pub(super) use part::Part;

/// Which share of the runs is played.
#[derive(Debug, Args)]
pub(super) struct ShardArguments {
    /// Plays the I-th of N shares of the runs, and keeps what came of them in the directory of --out, a part; started again
    /// it goes on. `rebalance-sim merge PART... --out DIR` makes of all parts what one run of everything writes.
    #[arg(long, value_name = "I/N", requires = "out", help_heading = "Several machines")]
    pub shard: Option<Shard>,
    /// Parts that were played before: set by `merge`.
    #[arg(skip)]
    pub merged: Option<Arc<Merged>>,
}

/// Where the results of runs come from.
#[derive(Debug)]
pub(super) enum Work {
    /// All runs are played.
    Whole,
    /// One share of them is, and is kept.
    Share(Part),
    /// All were played before.
    Merged(Arc<Merged>),
}

impl ShardArguments {
    /// What is to be done of so many runs of these texts.
    ///
    /// # Errors
    /// Bad input: the part is of something else, or the parts that are merged are.
    pub fn work(
        &self,
        out: Option<&Path>,
        runs: u64,
        digest: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Work, Failure> {
        match (&self.merged, self.shard) {
            (Some(merged), _) => {
                merged.header().check(runs, &digest()?)?;
                Ok(Work::Merged(Arc::clone(merged)))
            }
            (None, Some(shard)) => {
                let out = out.expect("--shard requires --out");
                Part::open(out, &Header::of(shard, runs, digest()?)).map(Work::Share)
            }
            (None, None) => Ok(Work::Whole),
        }
    }
}

impl Work {
    /// The results of the runs from number `first` on, one for each of `seeds`: played, or read. Of a share only those that
    /// were played now.
    ///
    /// # Errors
    /// A failure of our own: a run breaks an invariant, or the disk fails; bad input where a part has no such result.
    pub fn runs<T: Serialize + DeserializeOwned + Send>(
        &self,
        (seeds, first): (Seeds, u64),
        jobs: NonZeroUsize,
        stop: &AtomicBool,
        play: impl Fn(u64) -> Option<T> + Sync,
        progress: impl Fn() + Sync,
    ) -> Result<Finished<T>, Failure> {
        match self {
            Self::Whole => over_seeds(seeds, jobs, stop, play, progress).map_err(Failure::own),
            Self::Share(part) => part.play((seeds, first), jobs, stop, play, progress),
            Self::Merged(merged) => {
                let runs = first..first + seeds.count();
                let read = runs.map(|run| merged.result(run).inspect(|_| progress()));
                Ok(Finished { results: read.collect::<Result<_, _>>()?, complete: true })
            }
        }
    }

    /// Whether a share is played, and nothing can be told of the whole.
    pub fn is_share(&self) -> bool {
        matches!(self, Self::Share(_))
    }

    /// What is said of a share that was played.
    ///
    /// # Errors
    /// A failure of our own, where it was interrupted.
    pub fn shared(&self) -> Answer {
        let Self::Share(part) = self else { unreachable!("only of a share") };
        let (kept, share, before) = part.counts();
        if kept < share {
            return Err(Failure::own(format!(
                "interrupted after {kept} of {share} runs of share {}; they are kept, and the same command goes on",
                part.shard()
            )));
        }
        let had = if before > 0 { format!(" ({before} were there already)") } else { String::new() };
        terminal::print(&format!(
            "share {} is played: {}{had}, in {}\nwhen all {} are: rebalance-sim merge PART... --out DIR\n",
            part.shard(),
            counted(share, "run"),
            part.folder().display(),
            part.shard().count()
        ))?;
        Ok(Verdict::Held)
    }
}
