//! `rebalance-sim run`: a scenario with one seed or many; several scenarios are `several.rs`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};
use regex_lite::Regex;

use super::chosen_events::ChosenEvents;
use super::cost::afford;
use super::event_log::EventLog;
use super::replay::Replay;
use super::stories::stories;
use super::sweeping::{ended, sweep, unless_stopped};
use super::{Answer, Failure, Verdict, files, load, out, signals, terminal};
use crate::lint::warnings;
use crate::report::explained::Stories;
use crate::report::files::FileResult;
use crate::report::text::Extent;
use crate::report::{self, Body, DirectoryError, OutputDirectory, Report, Shown, Story, chrome_trace, worst_seeds};
use crate::run::{EventRow, Outcome, RunOptions, Told, try_run, try_run_telling};
use crate::scenario::Scenario;
use crate::sweep::{Finished, Judgement, SeedResult, Seeds, judge, judge_so_far, over_seeds};

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/run.txt"))]
pub(super) struct Arguments {
    /// The scenario, or `-` for the one that is piped in; of several, and of all in a folder, a line each.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<String>,
    /// Of the files only those whose path this regular expression matches.
    #[arg(long, value_name = "REGEX")]
    pub(super) only: Option<Regex>,
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
    /// Writes the report (summary, CSV files, pictures) into this directory, whole or not at all.
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
        let one = files::is_one(&self.files, self.only.as_ref());
        // Of a file that is refused a CI server hears as of one that is violated.
        if !one || (self.format.of_files() && self.out.is_none()) {
            return self.several();
        }
        let file = &self.files[0];
        let scenario = load::scenario(file, &self.set)?;
        for warning in warnings(&scenario.plan) {
            terminal::warn(&format!("{} [{}]; {}", warning.what, warning.code, warning.advice));
        }
        if !self.events && !self.replay.is_wanted() && !self.chosen.are_all() {
            return Err(Failure::bad_input("--only-kind and --follow choose events: add --events, or --until TIME"));
        }
        if self.replay.is_wanted() {
            return self.replay.execute(&scenario, self.seed, &self.chosen);
        }
        let rows = self.out.is_some() && self.seeds.is_none();
        let runs = (self.seeds.map_or(1, Seeds::count), self.threads().get() as u64);
        afford(&scenario.plan, rows, runs, self.yes)?;
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
        match self.seeds {
            None => self.one(file, &scenario, out, &stop),
            Some(seeds) => self.many(file, &scenario, seeds, out, &stop),
        }
    }

    fn one(&self, file: &str, scenario: &Scenario, out: Option<OutputDirectory>, stop: &AtomicBool) -> Answer {
        // Without a directory nobody reads the rows, and a long run has many.
        let options = RunOptions { rows: out.is_some(), every_event: self.every_event };
        let seeds = Seeds::one(self.seed);
        let chosen = self.chosen.of_log(scenario)?;
        let log = EventLog::begin(out.as_ref(), self.events.then_some(chosen), self.trace).map_err(Failure::own)?;
        let bar = terminal::run_bar(scenario.plan.duration);
        let one = |seed| {
            let mut tell = log.listens().then_some(|row: &EventRow| log.tell(row));
            let mut progress = |at, events| terminal::run_is_at(&bar, at, events);
            let events = tell.as_mut().map(|tell| tell as &mut dyn FnMut(&EventRow));
            let told = Told { events, progress: Some(&mut progress) };
            unless_stopped(try_run_telling(scenario, seed, options, stop, told))
        };
        let outcomes = over_seeds(seeds, NonZeroUsize::MIN, stop, one, || ()).map_err(Failure::own);
        bar.finish_and_clear();
        let outcomes = outcomes?;
        let logged = log.end();
        let outcomes = ended(outcomes)?.results;
        let Some(outcome) = outcomes.first() else {
            return Err(Failure::own("interrupted before the run was over; there is no result"));
        };
        let result = SeedResult::from(outcome);
        let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
        let body = Body::One { outcome, result: &result };
        let stories = match &out {
            Some(_) => vec![self.stories(file, scenario, outcome, stop)?],
            None => Vec::new(),
        };
        let report = Report { story: self.story(file, scenario), judgements, body, shown: Vec::new(), stories };
        let begun = out.map(|out| {
            let traced = logged.and_then(|chronicle| {
                let Some(chronicle) = chronicle else { return Ok(()) };
                out.fill(chrome_trace::FILE_NAME, |file| chrome_trace::write(file, &report.story, outcome, &chronicle))
            });
            (out, traced)
        });
        self.deliver(&report, begun, stop)
    }

    fn many(
        &self,
        file: &str,
        scenario: &Scenario,
        seeds: Seeds,
        out: Option<OutputDirectory>,
        stop: &AtomicBool,
    ) -> Answer {
        let finished = self.sweep(scenario, seeds, stop)?;
        if finished.results.is_empty() {
            return Err(Failure::own("interrupted before any seed was done; there is no result"));
        }
        let judge = if finished.complete { judge } else { judge_so_far };
        let judgements = judge(&scenario.expect, &finished.results);
        let shown = if out.is_some() { self.shown(scenario, &judgements, &finished.results, stop) } else { Vec::new() };
        let body = Body::Many { seeds, finished: &finished };
        let told = shown.iter().map_while(|shown| self.stories(file, scenario, &shown.outcome, stop).ok());
        let stories = told.collect();
        let report = Report { story: self.story(file, scenario), judgements, body, shown, stories };
        let verdict = self.deliver(&report, out.map(|out| (out, Ok(()))), stop)?;
        if !finished.complete && verdict == Verdict::Held {
            let done = finished.results.len();
            return Err(Failure::own(format!(
                "interrupted after {done} of {} seeds; what is above proves nothing yet",
                seeds.count()
            )));
        }
        Ok(verdict)
    }

    /// The worst seeds once more, with their rows for the page; none where they take more memory than there is. They are
    /// played one after the other, and none more after an interrupt.
    fn shown(
        &self,
        scenario: &Scenario,
        judgements: &[Judgement],
        results: &[SeedResult],
        stop: &AtomicBool,
    ) -> Vec<Shown> {
        let worst = worst_seeds(judgements, results);
        if afford(&scenario.plan, true, (worst.len() as u64, worst.len() as u64), self.yes).is_err() {
            return Vec::new();
        }
        let options = RunOptions { rows: true, every_event: self.every_event };
        let again = |(seed, why)| Some(Shown { outcome: try_run(scenario, seed, options, stop).ok()?, why });
        worst.into_iter().filter(|_| !stop.load(Ordering::Relaxed)).filter_map(again).collect()
    }

    /// What the page tells of the worst findings of a seed.
    fn stories(
        &self,
        file: &str,
        scenario: &Scenario,
        outcome: &Outcome,
        stop: &AtomicBool,
    ) -> Result<Stories, Failure> {
        let told = stories((file, &self.set), scenario, outcome, stop);
        told.map_err(|_| Failure::own("interrupted before the report was written; nothing is left of it"))
    }

    fn sweep(&self, scenario: &Scenario, seeds: Seeds, stop: &AtomicBool) -> Result<Finished<SeedResult>, Failure> {
        let bar = terminal::progress_bar(seeds.count(), "seeds");
        let finished = sweep(scenario, seeds, self.threads(), self.every_event, stop, || bar.inc(1));
        bar.finish_and_clear();
        finished
    }

    pub(super) fn threads(&self) -> NonZeroUsize {
        self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    pub(super) fn story<'a>(&self, file: &str, scenario: &'a Scenario) -> Story<'a> {
        Story { scenario, file: file.to_owned(), overrides: self.set.clone() }
    }

    /// Prints the result and writes the report; what came of the files that are in it already is handed over with it.
    fn deliver(&self, report: &Report<'_>, out: Option<Begun>, stop: &AtomicBool) -> Answer {
        let text = match self.format {
            Format::Text => {
                report::text::summary(report, terminal::paint(), if self.all { Extent::All } else { Extent::Brief })
            }
            Format::Json => report::json::summary(report),
            Format::Junit | Format::Github | Format::Markdown => self.of_files(&[FileResult::of(report)]),
        };
        // What is left of an interrupted sweep is written all the same.
        let never = AtomicBool::new(false);
        let stop = if stop.load(Ordering::Relaxed) { &never } else { stop };
        let (out, begun) = out.map_or((None, Ok(())), |(out, begun)| (Some(out), begun));
        out::deliver(
            || terminal::print_painted(&text),
            out,
            |out| {
                begun?;
                report::write(report, out, stop)
            },
        )?;
        Ok(if report.violated() { Verdict::Violated } else { Verdict::Held })
    }
}

/// A report whose first files were written during the run, or were not.
type Begun = (OutputDirectory, Result<(), DirectoryError>);
