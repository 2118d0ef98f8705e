//! `run`: one scenario is played, with one seed or many, and what it says is handed on.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::ProgressBar;

use super::cost::afford;
use super::event_log::EventLog;
use super::run::Arguments;
use super::stories::stories;
use super::sweeping::{ended, sweep, unless_stopped};
use super::{Failure, terminal};
use crate::report::explained::Stories;
use crate::report::{Body, DirectoryError, Folder, Report, Shown as ShownSeed, Story, chrome_trace, worst_seeds};
use crate::run::{EventRow, Outcome, RunOptions, Told, try_run, try_run_telling};
use crate::scenario::Scenario;
use crate::sweep::{Judgement, SeedResult, Seeds, judge, judge_so_far, over_seeds};

/// What is shown while it is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// How far it is.
    Progress,
    /// Nothing: of several, how many are done is shown.
    Nothing,
}

impl Shown {
    fn bar(self, bar: impl FnOnce() -> ProgressBar) -> ProgressBar {
        if self == Self::Progress { bar() } else { ProgressBar::hidden() }
    }
}

impl Arguments {
    /// Whether it may take as long and as much memory as it will.
    ///
    /// # Errors
    /// Bad input, with how much that is.
    pub(super) fn afford(&self, scenario: &Scenario) -> Result<(), Failure> {
        let rows = self.out.is_some() && self.seeds.is_none();
        let runs = (self.seeds.map_or(1, Seeds::count), self.threads().get() as u64);
        // What was played before costs nothing.
        afford(&scenario.plan, rows, runs, self.yes || self.shards.merged.is_some())
    }

    /// Plays one scenario and hands its report to `then`, with what became of the files that were written meanwhile; `None`
    /// where it was interrupted before there was anything.
    ///
    /// # Errors
    /// Bad input where time stands still in a run; a failure of our own where an invariant breaks.
    pub(super) fn play<T>(
        &self,
        (file, scenario): (&str, &Scenario),
        folder: Option<&Folder<'_>>,
        stop: &AtomicBool,
        shown: Shown,
        then: impl FnOnce(&Report<'_>, Result<(), DirectoryError>) -> T,
    ) -> Result<Option<T>, Failure> {
        let story = Story { scenario, file: file.to_owned(), overrides: self.set.clone() };
        match self.seeds {
            None => self.play_once(story, folder, stop, shown, then),
            Some(seeds) => self.play_often(story, seeds, (folder.is_some(), stop), shown, then),
        }
    }

    fn play_once<T>(
        &self,
        story: Story<'_>,
        folder: Option<&Folder<'_>>,
        stop: &AtomicBool,
        shown: Shown,
        then: impl FnOnce(&Report<'_>, Result<(), DirectoryError>) -> T,
    ) -> Result<Option<T>, Failure> {
        let scenario = story.scenario;
        // Without a directory nobody reads the rows, and a long run has many.
        let options = RunOptions { rows: folder.is_some(), every_event: self.every_event };
        let chosen = self.chosen.of_log(scenario)?;
        let log = EventLog::begin(folder, self.events.then_some(chosen), self.trace).map_err(Failure::own)?;
        let bar = shown.bar(|| terminal::run_bar(scenario.plan.duration));
        let one = |seed| {
            let mut tell = log.listens().then_some(|row: &EventRow| log.tell(row));
            let mut progress = |at, events| terminal::run_is_at(&bar, at, events);
            let events = tell.as_mut().map(|tell| tell as &mut dyn FnMut(&EventRow));
            let told = Told { events, progress: Some(&mut progress) };
            unless_stopped(try_run_telling(scenario, seed, options, stop, told))
        };
        let outcomes = over_seeds(Seeds::one(self.seed), NonZeroUsize::MIN, stop, one, || ()).map_err(Failure::own);
        bar.finish_and_clear();
        let outcomes = outcomes?;
        let logged = log.end();
        let outcomes = ended(outcomes)?.results;
        let Some(outcome) = outcomes.first() else { return Ok(None) };
        let result = SeedResult::from(outcome);
        let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
        let stories = match folder {
            Some(_) => vec![self.stories(&story, outcome, stop)?],
            None => Vec::new(),
        };
        let body = Body::One { outcome, result: &result };
        let report = Report { story, judgements, body, shown: Vec::new(), stories };
        let begun = logged.and_then(|chronicle| match (chronicle, folder) {
            (Some(chronicle), Some(folder)) => {
                let write =
                    |file: &mut dyn std::io::Write| chrome_trace::write(file, &report.story, outcome, &chronicle);
                folder.fill(chrome_trace::FILE_NAME, write)
            }
            _ => Ok(()),
        });
        Ok(Some(then(&report, begun)))
    }

    fn play_often<T>(
        &self,
        story: Story<'_>,
        seeds: Seeds,
        (with_worst, stop): (bool, &AtomicBool),
        shown: Shown,
        then: impl FnOnce(&Report<'_>, Result<(), DirectoryError>) -> T,
    ) -> Result<Option<T>, Failure> {
        let scenario = story.scenario;
        let bar = shown.bar(|| terminal::progress_bar(seeds.count(), "seeds"));
        let work = self.work(&story.file, seeds)?;
        let finished = sweep(scenario, (seeds, 0), (&work, self.threads()), self.every_event, stop, || bar.inc(1));
        bar.finish_and_clear();
        let finished = finished?;
        if finished.results.is_empty() {
            return Ok(None);
        }
        let judge = if finished.complete { judge } else { judge_so_far };
        let judgements = judge(&scenario.expect, &finished.results);
        let worst = if with_worst { self.worst(scenario, &judgements, &finished.results, stop) } else { Vec::new() };
        let body = Body::Many { seeds, finished: &finished };
        let stories = worst.iter().map_while(|shown| self.stories(&story, &shown.outcome, stop).ok()).collect();
        Ok(Some(then(&Report { story, judgements, body, shown: worst, stories }, Ok(()))))
    }

    /// What the page tells of the worst findings of a seed.
    fn stories(&self, story: &Story<'_>, outcome: &Outcome, stop: &AtomicBool) -> Result<Stories, Failure> {
        let told = stories((&story.file, &self.set), story.scenario, outcome, stop);
        told.map_err(|_| Failure::own("interrupted before the report was written; nothing is left of it"))
    }

    /// The worst seeds once more, with their rows for the page; none where they take more memory than there is. They are
    /// played one after the other, and none more after an interrupt.
    fn worst(
        &self,
        scenario: &Scenario,
        judgements: &[Judgement],
        results: &[SeedResult],
        stop: &AtomicBool,
    ) -> Vec<ShownSeed> {
        let worst = worst_seeds(judgements, results);
        if afford(&scenario.plan, true, (worst.len() as u64, worst.len() as u64), self.yes).is_err() {
            return Vec::new();
        }
        let options = RunOptions { rows: true, every_event: self.every_event };
        let again = |(seed, why)| Some(ShownSeed { outcome: try_run(scenario, seed, options, stop).ok()?, why });
        worst.into_iter().filter(|_| !stop.load(Ordering::Relaxed)).filter_map(again).collect()
    }

    pub(super) fn threads(&self) -> NonZeroUsize {
        self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}
