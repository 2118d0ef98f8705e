//! `rebalance-sim run`: a scenario with one seed or many.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use super::cost::afford;
use super::event_log::EventLog;
use super::sweeping::{ended, sweep, unless_stopped};
use super::{Answer, Failure, Verdict, load, out, signals, terminal};
use crate::lint::warnings;
use crate::report::text::Extent;
use crate::report::{self, Body, DirectoryError, OutputDirectory, Report, Story};
use crate::run::{RunOptions, try_run, try_run_telling};
use crate::scenario::Scenario;
use crate::sweep::{Finished, SeedResult, Seeds, judge, judge_so_far, over_seeds};

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/run.txt"))]
pub(super) struct Arguments {
    /// The scenario.
    file: String,
    /// The one seed to run.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..u64::MAX), conflicts_with = "seeds")]
    seed: u64,
    /// Many seeds instead: a count, or a half-open range.
    #[arg(long, value_name = "N|A..B")]
    seeds: Option<Seeds>,
    /// Threads for many seeds; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N", requires = "seeds")]
    jobs: Option<NonZeroUsize>,
    /// Another value for a key of the scenario, such as `--set duration=10m`.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Writes the report (summary, CSV files, pictures) into this directory, whole or not at all.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Tells every figure, every phase and the command for every worst seed, and not only what matters most.
    #[arg(long)]
    all: bool,
    /// Also writes events.csv, every event with the one that caused it.
    #[arg(long, requires = "out", conflicts_with = "seeds")]
    events: bool,
    /// Begins even where it will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    yes: bool,
    /// Plays those events too that change nothing. Says the same and takes longer: to look for a mistake of the program.
    #[arg(long, hide = true)]
    every_event: bool,
}

/// How the summary is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; the same as `summary.json`.
    Json,
}

impl Arguments {
    /// Runs, prints and writes.
    pub(super) fn execute(self) -> Answer {
        let scenario = load::scenario(&self.file, &self.set)?;
        for warning in warnings(&scenario.plan) {
            terminal::warn(&format!("{} [{}]; {}", warning.what, warning.code, warning.advice));
        }
        let rows = self.out.is_some() && self.seeds.is_none();
        let runs = (self.seeds.map_or(1, Seeds::count), self.threads().get() as u64);
        afford(&scenario.plan, rows, runs, self.yes)?;
        // From the first file on a signal is heard, and leaves nothing behind.
        let stop = signals::interruptible(match self.seeds {
            None => "what was begun of the report is left on the disk",
            Some(_) => "the seeds done so far are thrown away",
        });
        let out = out::open(self.out.as_deref())?;
        match self.seeds {
            None => self.one(&scenario, out, &stop),
            Some(seeds) => self.many(&scenario, seeds, out, &stop),
        }
    }

    fn one(&self, scenario: &Scenario, out: Option<OutputDirectory>, stop: &AtomicBool) -> Answer {
        // Without a directory nobody reads the rows, and a long run has many.
        let options = RunOptions { rows: out.is_some(), every_event: self.every_event };
        let seeds = Seeds::one(self.seed);
        let log = out.as_ref().filter(|_| self.events).map(EventLog::begin).transpose();
        let log = log.map_err(Failure::own)?;
        let one = |seed| {
            unless_stopped(match &log {
                Some(log) => try_run_telling(scenario, seed, options, stop, &mut |row| log.tell(row)),
                None => try_run(scenario, seed, options, stop),
            })
        };
        let outcomes = over_seeds(seeds, NonZeroUsize::MIN, stop, one, || ()).map_err(Failure::own)?;
        let logged = log.map_or(Ok(()), EventLog::end);
        let outcomes = ended(outcomes)?.results;
        let Some(outcome) = outcomes.first() else {
            return Err(Failure::own("interrupted before the run was over; there is no result"));
        };
        let result = SeedResult::from(outcome);
        let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
        let report = Report { story: self.story(scenario), judgements, body: Body::One { outcome, result: &result } };
        self.deliver(&report, out.map(|out| (out, logged)), stop)
    }

    fn many(&self, scenario: &Scenario, seeds: Seeds, out: Option<OutputDirectory>, stop: &AtomicBool) -> Answer {
        let finished = self.sweep(scenario, seeds, stop)?;
        if finished.results.is_empty() {
            return Err(Failure::own("interrupted before any seed was done; there is no result"));
        }
        let judge = if finished.complete { judge } else { judge_so_far };
        let judgements = judge(&scenario.expect, &finished.results);
        let report =
            Report { story: self.story(scenario), judgements, body: Body::Many { seeds, finished: &finished } };
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

    fn sweep(&self, scenario: &Scenario, seeds: Seeds, stop: &AtomicBool) -> Result<Finished<SeedResult>, Failure> {
        let bar = terminal::progress_bar(seeds.count(), "seeds");
        let finished = sweep(scenario, seeds, self.threads(), self.every_event, stop, || bar.inc(1));
        bar.finish_and_clear();
        finished
    }

    fn threads(&self) -> NonZeroUsize {
        self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    fn story<'a>(&self, scenario: &'a Scenario) -> Story<'a> {
        Story { scenario, file: self.file.clone(), overrides: self.set.clone() }
    }

    /// Prints the result and writes the report; what came of the files that are in it already is handed over with it.
    fn deliver(&self, report: &Report<'_>, out: Option<Begun>, stop: &AtomicBool) -> Answer {
        let text = match self.format {
            Format::Text => {
                report::text::summary(report, terminal::paint(), if self.all { Extent::All } else { Extent::Brief })
            }
            Format::Json => report::json::summary(report),
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
