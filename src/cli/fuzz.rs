//! `fuzz`: random clusters, drawn by seed, and what must not be left when they come to rest.

use std::num::NonZeroUsize;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::one_file::OneFile;
use super::shards::{ShardArguments, digest_of};
use super::shrunk::{MADE_BY, deliver, sizes};
use super::{Answer, Failure, Verdict, signals, terminal};
use crate::fuzz::{Clients, Clusters, Complaint, Examined, still_made};
use crate::model::plan::PlantedMistake;
use crate::scenario::Scenario;
use crate::shrink::{Question, shrink};
use crate::sweep::Seeds;
use crate::wording::instead;

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
    /// Draws the clients too, Java's and Go's of any release, pulling and popping: other clusters than the same seeds without it.
    #[arg(long)]
    clients: bool,
    /// Messages a second that are sent to each topic. Fewer cost less, and meet the same faults.
    #[arg(long, value_name = "N", default_value_t = Clusters::default().rate, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    rate: u64,
    /// Plays each cluster twice, and complains where the two differ.
    #[arg(long)]
    twice: bool,
    /// Prints the scenario file of the one seed, and plays nothing.
    #[arg(long)]
    print_scenario: bool,
    /// Writes the smallest scenario of which the first complaint is still made into this file.
    #[arg(long, value_name = "FILE")]
    shrink: Option<PathBuf>,
    /// Plays at most so many candidates while it shrinks.
    #[arg(long, value_name = "N", default_value_t = 2_000, requires = "shrink")]
    tries: u64,
    /// Breaks a rule on purpose, as `mutants` does, to see what a failure looks like.
    #[arg(long, value_name = "MISTAKE", value_parser = mistake)]
    planted: Option<PlantedMistake>,
    #[command(flatten)]
    pub(super) shards: ShardArguments,
    /// The directory of a share's part.
    #[arg(long, value_name = "DIR", requires = "shard", help_heading = "Several machines")]
    pub(super) out: Option<PathBuf>,
}

/// A mistake by the name that `mutants` prints.
fn mistake(text: &str) -> Result<PlantedMistake, String> {
    let found = PlantedMistake::ALL.iter().find(|known| known.name() == text).copied();
    let names = || PlantedMistake::ALL.iter().map(|known| known.name());
    found.ok_or_else(|| format!("`{text}` is no mistake; {}", instead(text, names())))
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
            terminal::print(&self.of().text(self.seeds.first()))?;
            return Ok(Verdict::Held);
        }
        let out = self.shrink.as_deref().map(|path| OneFile::open(path, "scenario", MADE_BY)).transpose()?;
        let stop = signals::interruptible("the seeds done so far are thrown away");
        let jobs = self.jobs.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
        let bar = terminal::progress_bar(self.seeds.count(), "clusters");
        let play = |seed| {
            let first = self.of().examine(seed, self.planted);
            let differs = self.twice && self.of().examine(seed, self.planted) != first;
            Some((first, differs))
        };
        // The clusters are the program's own; of its version the first one tells.
        let of = || Ok(digest_of([self.of().text(self.seeds.first())]));
        let work = self.shards.work(self.out.as_deref(), self.seeds.count(), of)?;
        let finished = work.runs((self.seeds, 0), jobs, &stop, play, || bar.inc(1))?;
        bar.finish_and_clear();
        if work.is_share() {
            return work.shared();
        }
        let asked = self.asked();
        let mut failed = 0;
        for (examined, differs) in &finished.results {
            failed += u64::from(*differs || !examined.complaints.is_empty());
            terminal::print(&said(examined, *differs, &asked))?;
        }
        terminal::print(&total(finished.results.iter().map(|(examined, _)| examined), failed))?;
        let complaint = |examined: &Examined| Some((examined.seed, examined.complaints.first()?.clone()));
        let first = finished.results.iter().find_map(|(examined, _)| complaint(examined));
        if let (Some(out), Some((seed, complaint)), true) = (&out, first, finished.complete) {
            self.shrink(seed, &complaint, out, &stop)?;
        }
        match (failed, finished.complete) {
            (0, true) => Ok(Verdict::Held),
            (0, false) => Err(Failure::own("interrupted before every seed was played")),
            _ => Ok(Verdict::Violated),
        }
    }
}

impl Arguments {
    /// Which clusters are drawn.
    fn of(&self) -> Clusters {
        Clusters { clients: if self.clients { Clients::Any } else { Clients::Usual }, rate: self.rate }
    }

    /// What the command that plays a seed again has to say too: of the clusters, and of what is planted.
    fn asked(&self) -> [String; 2] {
        let clients = if self.clients { " --clients" } else { "" };
        let usual = self.rate == Clusters::default().rate;
        let rate = if usual { String::new() } else { format!(" --rate {}", self.rate) };
        let planted = self.planted.map_or_else(String::new, |planted| format!(" --planted {}", planted.name()));
        [format!("{clients}{rate}"), planted]
    }

    /// Writes the smallest scenario of which a complaint is still made.
    fn shrink(&self, seed: u64, complaint: &Complaint, out: &OneFile, stop: &AtomicBool) -> Result<(), Failure> {
        let (text, law) = (self.of().text(seed), &complaint.law);
        let bar = terminal::tries_bar(self.tries);
        let holds = |mut scenario: Scenario| {
            scenario.plan.planted = self.planted;
            still_made(complaint, &scenario, seed)
        };
        let shrunk = shrink(&Question {
            file: &format!("fuzz-{seed}.toml"),
            text: &text,
            overrides: &[],
            expect: None,
            include: &|_| Err("there is no other file".to_owned()),
            holds: &holds,
            tries: self.tries,
            stop,
            tell: &|tries, size| terminal::tell_tries(&bar, tries, &sizes(size)),
        });
        bar.finish_and_clear();
        let shrunk = shrunk.map_err(Failure::own)?;
        let [clusters, planted] = self.asked();
        let head = format!(
            "# Why is {law} broken here ({})?\n# Made by {MADE_BY} from `rebalance-sim fuzz --seeds {seed}..{}{clusters}{planted}`.\n",
            complaint.check,
            seed + 1
        );
        let kept = format!("  keeps       {}: {law}, with seed {seed}", complaint.check);
        deliver(&format!("{head}{}", shrunk.text), &shrunk, Some(out), &kept)
    }
}

/// The complaints of one seed, and how to see it again; nothing where there are none.
fn said(examined: &Examined, differs: bool, [clusters, planted]: &[String; 2]) -> String {
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
        "FAIL seed {seed}\n{}\n  again: rebalance-sim fuzz --seeds {seed}..{next}{clusters}{planted}; as a file: rebalance-sim fuzz --seeds {seed}..{next}{clusters} --print-scenario > fuzz-{seed}.toml; the smallest: rebalance-sim fuzz --seeds {seed}..{next}{clusters}{planted} --shrink fuzz-{seed}.toml\n",
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
