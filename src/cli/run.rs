//! `run`: a scenario with one seed or many, or several scenarios with a line each.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use super::again::Again;
use super::chosen_events::ChosenEvents;
use super::files::Scenarios;
use super::played::Shown;
use super::replay::Replay;
use super::several::{End, Ended, Several, worst};
use super::shards::{ShardArguments, Work, digest};
use super::sweeping::sweep;
use super::{Answer, Failure, Verdict, load, out, signals, terminal};
use crate::lint::warnings;
use crate::report::files::{FileEnd, FileResult, github, junit, line, list, markdown, total};
use crate::report::text::Extent;
use crate::report::{self, DirectoryError, Folder, Report, Word};
use crate::sweep::Seeds;

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/run.txt"))]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) scenarios: Scenarios,
    /// The one seed to run.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..u64::MAX), conflicts_with = "seeds")]
    pub(super) seed: u64,
    /// Many seeds instead: a count, or a half-open range.
    #[arg(long, value_name = "N|A..B")]
    pub(super) seeds: Option<Seeds>,
    /// Threads for many seeds; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N", requires = "seeds")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Another value for a key of the scenario, such as `--set duration=10m`.
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Writes the report (summary, CSV files, pictures) into this directory, whole or not at all; of several scenarios
    /// each into a folder in it, beside a summary of all.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Tells every figure, every phase and the command for every worst seed, and not only what matters most.
    #[arg(long)]
    pub(super) all: bool,
    /// Also writes events.csv, every event with the one that caused it.
    #[arg(long, requires = "out", conflicts_with = "seeds")]
    pub(super) events: bool,
    /// Also writes trace.json, a timeline that https://ui.perfetto.dev opens: lives, owners, stalls, and what led to what.
    #[arg(long, requires = "out", conflicts_with = "seeds")]
    pub(super) trace: bool,
    #[command(flatten)]
    pub(super) chosen: ChosenEvents,
    #[command(flatten)]
    pub(super) replay: Replay,
    #[command(flatten)]
    pub(super) shards: ShardArguments,
    /// Begins even where it will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    pub(super) yes: bool,
    /// Plays those events too that change nothing. Says the same and takes longer: to look for a mistake of the program.
    #[arg(long, hide = true)]
    pub(super) every_event: bool,
}

/// How the summary is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs; the same as `summary.json`.
    Json,
    /// JUnit XML for a CI server: a suite a file, a case an expectation.
    Junit,
    /// Annotations of GitHub Actions, at the lines of what is violated.
    Github,
    /// A page for `$GITHUB_STEP_SUMMARY`.
    Markdown,
}

impl Format {
    /// Whether it speaks of files, of one as of several.
    fn of_files(self) -> bool {
        matches!(self, Self::Junit | Self::Github | Self::Markdown)
    }
}

impl Arguments {
    /// Runs, prints and writes.
    pub(super) fn execute(self) -> Answer {
        if !self.events && !self.replay.is_wanted() && !self.chosen.are_all() {
            return Err(Failure::bad_input("--only-kind and --follow choose events: add --events, or --until TIME"));
        }
        // Of a file that is refused a CI server hears as of one that is violated.
        let as_files = self.format.of_files() && self.out.is_none();
        if self.shards.shard.is_some() {
            return self.share();
        }
        match self.scenarios.alone() {
            Some(file) if self.replay.is_wanted() => {
                self.replay.execute(&load::scenario(file, &self.set)?, self.seed, &self.chosen)
            }
            None if self.replay.is_wanted() => {
                Err(Failure::bad_input("--until prints the log of one run; name one scenario, and no folder"))
            }
            Some(file) if !as_files => self.alone(file),
            _ => self.several(),
        }
    }

    /// One scenario, told in full.
    fn alone(&self, file: &str) -> Answer {
        let scenario = load::scenario(file, &self.set)?;
        for warning in warnings(&scenario.plan) {
            terminal::warn(&format!("{} [{}]; {}", warning.what, warning.code, warning.advice));
        }
        self.afford(&scenario)?;
        // From the first file on a signal is heard, and leaves nothing behind.
        let (waits, left) = match self.seeds {
            None => (
                "the event or the file under way ends first, and nothing of the run is kept",
                "what was begun of the report is left on the disk",
            ),
            Some(_) => (
                "the runs under way are given up, and what the finished seeds say is printed",
                "the seeds done so far are thrown away",
            ),
        };
        let stop = signals::interruptible_waiting(waits, left);
        let out = out::open(self.out.as_deref())?;
        let folder = out.as_ref().map(report::OutputDirectory::root);
        let told = self.play((file, &scenario), folder.as_ref(), &stop, Shown::Progress, |report, begun| {
            let printed = terminal::print_painted(&self.said(report));
            let verdict = if report.violated() { Verdict::Violated } else { Verdict::Held };
            (verdict, printed, self.written(report, folder.as_ref(), begun, &stop), report.body.interrupted())
        })?;
        let Some((verdict, printed, written, interrupted)) = told else {
            let before = if self.seeds.is_some() { "any seed was done" } else { "the run was over" };
            return Err(Failure::own(format!("interrupted before {before}; there is no result")));
        };
        out::publish(out, written)?;
        printed?;
        match (interrupted, self.seeds) {
            (Some(done), Some(seeds)) if verdict == Verdict::Held => Err(Failure::own(format!(
                "interrupted after {done} of {} seeds; what is above proves nothing yet",
                seeds.count()
            ))),
            _ => Ok(verdict),
        }
    }

    /// Plays a share of the seeds of one scenario, and tells nothing of them.
    fn share(&self) -> Answer {
        let (Some(file), Some(seeds)) = (self.scenarios.alone(), self.seeds) else {
            return Err(Failure::bad_input("--shard deals the seeds of one scenario; name one, and give --seeds N"));
        };
        let scenario = load::scenario(file, &self.set)?;
        self.afford(&scenario)?;
        let stop = signals::interruptible("the runs that have ended are kept, and the same command goes on");
        let work = self.work(file, seeds)?;
        let bar = terminal::progress_bar(seeds.count(), "seeds");
        sweep(&scenario, (seeds, 0), (&work, self.threads()), self.every_event, &stop, || bar.inc(1))?;
        bar.finish_and_clear();
        work.shared()
    }

    /// Where what comes of the seeds of a scenario is from.
    pub(super) fn work(&self, file: &str, seeds: Seeds) -> Result<Work, Failure> {
        let of = || digest(std::iter::once((file, self.set.as_slice())));
        self.shards.work(self.out.as_deref(), seeds.count(), of)
    }

    /// The summary of one scenario, as it is printed.
    fn said(&self, report: &Report<'_>) -> String {
        match self.format {
            Format::Text => report::text::summary(report, terminal::paint(), self.extent()),
            Format::Json => report::json::summary(report),
            Format::Junit | Format::Github | Format::Markdown => self.of_files(&[FileResult::of(report)]),
        }
    }

    /// Writes the files of a report beside those that were written while it was played.
    fn written(
        &self,
        report: &Report<'_>,
        folder: Option<&Folder<'_>>,
        begun: Result<(), DirectoryError>,
        stop: &AtomicBool,
    ) -> Result<(), DirectoryError> {
        begun?;
        // What is left of an interrupted sweep is written all the same.
        let never = AtomicBool::new(false);
        let stop = if stop.load(Ordering::Relaxed) { &never } else { stop };
        folder.map_or(Ok(()), |folder| report::fill(report, folder, stop))
    }

    /// All files in their order, a line each.
    fn several(&self) -> Answer {
        let files = self.scenarios.chosen()?;
        let stop = signals::interruptible("the scenarios that are not done yet are not played");
        let out = out::open(self.out.as_deref())?;
        let bar = terminal::progress_bar(files.len() as u64, "scenarios");
        let several = Several { scenarios: &self.scenarios, files: &files, out: out.as_ref(), stop: &stop };
        let all = several.play(
            |file, folder| {
                let scenario = load::scenario(file, &self.set)?;
                self.afford(&scenario)?;
                let of_one = |report: &Report<'_>, begun| {
                    let written = self.written(report, folder, begun, &stop).map_err(Failure::own);
                    written.map(|()| FileResult::of(report))
                };
                self.play((file, &scenario), folder, &stop, Shown::Nothing, of_one)?.transpose()
            },
            |ended| {
                bar.inc(1);
                let said = || terminal::print(&line(&result_of(ended), self.extent()));
                if self.format == Format::Text { bar.suspend(said) } else { Ok(()) }
            },
        )?;
        bar.finish_and_clear();
        let results: Vec<FileResult> = all.iter().map(result_of).collect();
        let total = total(&results, &self.command());
        let printed = if self.format == Format::Text { total.clone() } else { self.of_files(&results) };
        let text: String = results.iter().map(|result| line(result, self.extent())).chain([total.clone()]).collect();
        let list = list(&results);
        let summary = [("summary.txt", text.as_bytes()), ("summary.json", list.as_bytes())];
        out::deliver(|| terminal::print(&printed), out, |folder| out::files(folder, summary, &AtomicBool::new(false)))?;
        worst(&all, files.len(), |result| match (&result.end, result.violated()) {
            (_, true) => Some(Verdict::Violated),
            (FileEnd::Played(played), _) if played.verdict == Word::Incomplete => None,
            _ => Some(Verdict::Held),
        })
    }

    /// All files in a format that has them in one piece.
    fn of_files(&self, results: &[FileResult]) -> String {
        match self.format {
            Format::Junit => junit(results),
            Format::Github => github(results),
            Format::Markdown => markdown(results, &self.command()),
            Format::Text | Format::Json => list(results),
        }
    }

    fn extent(&self) -> Extent {
        if self.all { Extent::All } else { Extent::Brief }
    }

    /// The command that asks again.
    fn command(&self) -> String {
        let seed = self.seeds.is_none().then_some(self.seed);
        let again = Again::on_all("run", &self.scenarios).options("seeds", self.seeds).options("seed", seed);
        again.options("set", &self.set).typed()
    }
}

/// What is said of a file on its line.
fn result_of(ended: &Ended<FileResult>) -> FileResult {
    let end = match &ended.end {
        End::Done(result) => return FileResult { folder: ended.place.clone(), ..result.clone() },
        End::Refused(why) => FileEnd::Refused(why.clone()),
        End::Failed(why) => FileEnd::Failed(why.clone()),
    };
    FileResult { file: ended.file.clone(), folder: None, end }
}
