//! `run` with several scenarios: each is played as it would be alone, and said on one line. What becomes of one does not
//! keep the others from being played.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::cost::afford;
use super::run::{Arguments, Format};
use super::sweeping::{ended, sweep, unless_stopped};
use super::{Answer, Failure, Verdict, files, load, signals, terminal};
use crate::report::files::{FileEnd, FileResult, github, junit, line, list, markdown, total};
use crate::report::text::Extent;
use crate::report::{Body, Report, Word, shell_quoted};
use crate::run::{RunOptions, try_run};
use crate::scenario::Scenario;
use crate::sweep::{SeedResult, Seeds, judge, judge_so_far, over_seeds};

impl Arguments {
    /// Plays all files in their order. The answer is the worst of them: a failure of our own, bad input, a violation.
    pub(super) fn several(&self) -> Answer {
        if self.out.is_some() {
            return Err(Failure::bad_input("--out takes the report of one scenario, and here are several"));
        }
        let files = files::chosen(&self.files, self.only.as_ref())?;
        let stop = signals::interruptible("the scenarios that are not done yet are not played");
        let bar = terminal::progress_bar(files.len() as u64, "scenarios");
        let extent = if self.all { Extent::All } else { Extent::Brief };
        let mut results = Vec::new();
        for file in &files {
            let result = match self.played(file, &stop) {
                Ok(None) => break,
                Ok(Some(result)) => result,
                Err(Failure::BadInput(why)) => FileResult { file: file.clone(), end: FileEnd::Refused(why) },
                Err(Failure::Own(why)) => FileResult { file: file.clone(), end: FileEnd::Failed(why) },
            };
            if self.format == Format::Text {
                bar.suspend(|| terminal::print(&line(&result, extent)))?;
            }
            results.push(result);
            bar.inc(1);
        }
        bar.finish_and_clear();
        terminal::print(&match self.format {
            Format::Text => total(&results, &self.command()),
            _ => self.of_files(&results),
        })?;
        worst(&results, files.len())
    }

    /// All files in a format that has them in one piece.
    pub(super) fn of_files(&self, results: &[FileResult]) -> String {
        match self.format {
            Format::Junit => junit(results),
            Format::Github => github(results),
            Format::Markdown => markdown(results, &self.command()),
            Format::Text | Format::Json => list(results),
        }
    }

    /// What came of one file; `None` where it was interrupted before there was anything.
    fn played(&self, file: &str, stop: &AtomicBool) -> Result<Option<FileResult>, Failure> {
        let scenario = load::scenario(file, &self.set)?;
        let runs = (self.seeds.map_or(1, Seeds::count), self.threads().get() as u64);
        afford(&scenario.plan, false, runs, self.yes)?;
        match self.seeds {
            None => self.played_once(file, &scenario, stop),
            Some(seeds) => self.played_often(file, &scenario, seeds, stop),
        }
    }

    fn played_once(&self, file: &str, scenario: &Scenario, stop: &AtomicBool) -> Result<Option<FileResult>, Failure> {
        let options = RunOptions { every_event: self.every_event, ..RunOptions::default() };
        let one = |seed| unless_stopped(try_run(scenario, seed, options, stop));
        let outcomes = over_seeds(Seeds::one(self.seed), NonZeroUsize::MIN, stop, one, || ());
        let outcomes = ended(outcomes.map_err(Failure::own)?)?.results;
        Ok(outcomes.first().map(|outcome| {
            let result = SeedResult::from(outcome);
            let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
            let body = Body::One { outcome, result: &result };
            FileResult::of(&Report {
                story: self.story(file, scenario),
                judgements,
                body,
                shown: Vec::new(),
                stories: Vec::new(),
            })
        }))
    }

    fn played_often(
        &self,
        file: &str,
        scenario: &Scenario,
        seeds: Seeds,
        stop: &AtomicBool,
    ) -> Result<Option<FileResult>, Failure> {
        let finished = sweep(scenario, seeds, self.threads(), self.every_event, stop, || ())?;
        if finished.results.is_empty() {
            return Ok(None);
        }
        let judge = if finished.complete { judge } else { judge_so_far };
        let judgements = judge(&scenario.expect, &finished.results);
        let body = Body::Many { seeds, finished: &finished };
        Ok(Some(FileResult::of(&Report {
            story: self.story(file, scenario),
            judgements,
            body,
            shown: Vec::new(),
            stories: Vec::new(),
        })))
    }

    /// The command that asks again.
    fn command(&self) -> String {
        let mut words = vec!["rebalance-sim run".to_owned()];
        words.extend(self.files.iter().map(|file| shell_quoted(file)));
        let mut option = |name: &str, value: &str| words.push(format!("--{name} {}", shell_quoted(value)));
        if let Some(only) = &self.only {
            option("only", only.as_str());
        }
        match self.seeds {
            Some(seeds) => option("seeds", &seeds.to_string()),
            None => option("seed", &self.seed.to_string()),
        }
        self.set.iter().for_each(|set| option("set", set));
        words.join(" ")
    }
}

/// The answer of all files together; why those that have no verdict have none.
fn worst(results: &[FileResult], asked: usize) -> Answer {
    let ends = || results.iter().map(|result| &result.end);
    let failed: Vec<&str> =
        ends().filter_map(|end| if let FileEnd::Failed(why) = end { Some(why.as_str()) } else { None }).collect();
    let refused: Vec<&str> =
        ends().filter_map(|end| if let FileEnd::Refused(why) = end { Some(why.as_str()) } else { None }).collect();
    let violated = results.iter().any(FileResult::violated);
    let interrupted = results.len() < asked
        || ends().any(|end| matches!(end, FileEnd::Played(played) if played.verdict == Word::Incomplete));
    match () {
        () if !failed.is_empty() => Err(Failure::own([failed, refused].concat().join("\n"))),
        () if !refused.is_empty() => Err(Failure::bad_input(refused.join("\n"))),
        () if violated => Ok(Verdict::Violated),
        () if interrupted => {
            let done = results.len();
            Err(Failure::own(format!("interrupted after {done} of {asked} scenarios; the others were not played")))
        }
        () => Ok(Verdict::Held),
    }
}
