//! `fuzz`: random clusters, drawn by seed, and what must not be left when they come to rest.

use std::num::NonZeroUsize;

use super::{Answer, Failure, Verdict, signals, terminal};
use crate::fuzz::{Examined, examine, text};
use crate::sweep::{Seeds, over_seeds};

/// Plays random clusters of ten simulated minutes, each drawn from its seed: faults until 330 s, then rest. Says of
/// each that fails what is wrong: a queue without an owner or with two, one that stands still, a lost message, one
/// passed over by no rule. Each seed switches whole kinds of trouble off.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/fuzz.txt"))]
pub(super) struct Arguments {
    /// Seeds: a count, or a half-open range.
    #[arg(long, default_value = "100", value_name = "N|A..B")]
    seeds: Seeds,
    /// Threads; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Plays each cluster twice, and complains where the two differ.
    #[arg(long)]
    twice: bool,
    /// Prints the scenario file of the one seed, and plays nothing.
    #[arg(long)]
    print_scenario: bool,
}

impl Arguments {
    /// Plays every seed; violated where one has something to complain of.
    pub(super) fn execute(self) -> Answer {
        if self.print_scenario {
            if self.seeds.count() != 1 {
                let (from, next) = (self.seeds.first(), self.seeds.first() + 1);
                return Err(Failure::bad_input(format!(
                    "--print-scenario prints one seed, not {}; write --seeds {from}..{next}",
                    self.seeds.count()
                )));
            }
            terminal::print(&text(self.seeds.first()))?;
            return Ok(Verdict::Held);
        }
        let stop = signals::interruptible("the seeds done so far are thrown away");
        let jobs = self.jobs.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
        let bar = terminal::progress_bar(self.seeds.count(), "clusters");
        let play = |seed| {
            let first = examine(seed, None);
            let differs = self.twice && examine(seed, None) != first;
            Some((first, differs))
        };
        let finished = over_seeds(self.seeds, jobs, &stop, play, || bar.inc(1)).map_err(Failure::own)?;
        bar.finish_and_clear();
        let mut failed = 0;
        for (examined, differs) in &finished.results {
            failed += u64::from(*differs || !examined.complaints.is_empty());
            terminal::print(&said(examined, *differs))?;
        }
        terminal::print(&total(finished.results.iter().map(|(examined, _)| examined), failed))?;
        match (failed, finished.complete) {
            (0, true) => Ok(Verdict::Held),
            (0, false) => Err(Failure::own("interrupted before every seed was played")),
            _ => Ok(Verdict::Violated),
        }
    }
}

/// The complaints of one seed, and how to see it again; nothing where there are none.
fn said(examined: &Examined, differs: bool) -> String {
    let seed = examined.seed;
    let mut lines = Vec::new();
    if differs {
        lines.push("  determinism: a second run of the same seed was another one".to_owned());
    }
    lines.extend(examined.complaints.iter().map(|complaint| format!("  {}: {}", complaint.check, complaint.what)));
    if lines.is_empty() {
        return String::new();
    }
    let next = seed + 1;
    format!(
        "FAIL seed {seed}\n{}\n  again: rebalance-sim fuzz --seeds {seed}..{next}; as a file: rebalance-sim fuzz --seeds {seed}..{next} --print-scenario > fuzz-{seed}.toml\n",
        lines.join("\n")
    )
}

fn total<'a>(all: impl Iterator<Item = &'a Examined> + Clone, failed: u64) -> String {
    let sum = |of: fn(&Examined) -> u64| all.clone().map(of).sum::<u64>();
    format!(
        "{} of {} random clusters came to rest with everything delivered and explained; {} events, {} messages handed out, {} of them again; {} of {} findings without a known cause\n",
        all.clone().count() as u64 - failed,
        all.clone().count(),
        sum(|examined| examined.events),
        sum(|examined| examined.delivered),
        sum(|examined| examined.duplicates),
        sum(|examined| examined.unknown),
        sum(|examined| examined.findings),
    )
}
