//! `shrink`: the smallest scenario file that still shows something.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::again::Again;
use super::cost::afford;
use super::files::Scenarios;
use super::one_file::OneFile;
use super::shards::Work;
use super::shrunk::{MADE_BY, deliver, sizes};
use super::sweeping::sweep;
use super::{Answer, Failure, Verdict, load, signals, terminal};
use crate::check::Cause;
use crate::report::{human_figure, shell_quoted};
use crate::run::{RunOptions, try_run};
use crate::scenario::{Scenario, Scope, parse};
use crate::shrink::{Question, Shrunk, Unshrunk, expecting, shrink};
use crate::sweep::{Judgement, SeedResult, Seeds, Standing, judge};

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/shrink.txt"))]
pub(super) struct Arguments {
    #[command(flatten)]
    scenarios: Scenarios,
    /// The seed that shows it.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..u64::MAX))]
    seed: u64,
    /// What must stay so, as a line of `expect`: `stalled.max > 60s`. Several must all stay so.
    #[arg(long = "while", required = true, value_name = "FIGURE OPERATOR VALUE")]
    conditions: Vec<String>,
    /// Another value for a key of the scenario before anything is taken away.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Plays at most so many candidates.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    tries: u64,
    /// Writes the smallest scenario into this file, and prints how large it is; else the scenario is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Begins even where a run will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    yes: bool,
}

/// So many seeds are asked of the smallest file, whether it is so in them too.
const ASKED: u64 = 40;

impl Arguments {
    /// Shrinks; held where there is a smallest file.
    pub(super) fn execute(self) -> Answer {
        let file = &self.file()?;
        let (text, scenario) = load::with_text(file, &self.set)?;
        afford(&scenario.plan, false, (1, 1), self.yes)?;
        let include = load::include(file);
        let wished = expecting(&text, &self.conditions);
        // A condition that cannot be read is no mistake of the file.
        let wished = parse("--while", &wished, &load::overrides(&self.set)?, &include).map_err(Failure::bad_input)?;
        let out = self.out.as_deref().map(|path| OneFile::open(path, "scenario", MADE_BY)).transpose()?;
        let stop = signals::interruptible("nothing is written");
        let bar = terminal::tries_bar(self.tries);
        let overrides: Vec<(&str, &str)> = self.set.iter().filter_map(|set| set.split_once('=')).collect();
        let holds = |scenario: Scenario| {
            let judged = self.judged(&scenario, &stop);
            judged.is_some_and(|judged| judged.iter().all(|judged| judged.standing == Standing::Held))
        };
        let question = Question {
            file,
            text: &text,
            overrides: &overrides,
            expect: Some(&self.conditions),
            include: &include,
            holds: &holds,
            tries: self.tries,
            stop: &stop,
            tell: &|tries, size| terminal::tell_tries(&bar, tries, &sizes(size)),
        };
        let shrunk = shrink(&question);
        bar.finish_and_clear();
        let shrunk = match shrunk {
            Ok(shrunk) => shrunk,
            Err(Unshrunk::NotSo) => return Err(self.not_so(&wished, &stop)),
            Err(refused) => return Err(Failure::bad_input(refused)),
        };
        let before = self.cause_of(&wished, &stop);
        self.tell_of_another_cause(before, self.cause_of(&shrunk.scenario, &stop));
        let (text, seeds) = self.ready(file, &shrunk, &stop)?;
        let again = self.out.as_ref().map_or("FILE".to_owned(), |out| shell_quoted(&out.to_string_lossy()));
        let again = format!("rebalance-sim run {again} --seed {}", self.seed);
        let made = Again::on("shrink", file).option("seed", self.seed).options("while", &self.conditions);
        let made = made.options("set", &self.set).option("tries", self.tries).typed();
        deliver(&text, &shrunk, out.as_ref(), &format!("{seeds}\n  again       {again}\n  made by     {made}"))?;
        Ok(Verdict::Held)
    }

    /// The one scenario that is meant.
    fn file(&self) -> Result<String, Failure> {
        let mut files = self.scenarios.chosen()?;
        match (files.pop(), files.len()) {
            (Some(file), 0) => Ok(file),
            (_, more) => Err(Failure::bad_input(format!(
                "shrink writes the smallest file of one scenario, and here are {}; name one, or choose it with --only",
                more + 1
            ))),
        }
    }

    /// The conditions, judged in the one seed; `None`: the run has no end, or was stopped.
    fn judged(&self, scenario: &Scenario, stop: &AtomicBool) -> Option<Vec<Judgement>> {
        let outcome = try_run(scenario, self.seed, RunOptions::default(), stop).ok()?;
        Some(judge(&scenario.expect, &[SeedResult::from(&outcome)]).into_iter().take(self.conditions.len()).collect())
    }

    /// Why there is nothing to shrink: what the figure was.
    fn not_so(&self, scenario: &Scenario, stop: &AtomicBool) -> Failure {
        let Some(judged) = self.judged(scenario, stop) else {
            return Failure::own("the scenario was not played to its end; nothing is shrunk");
        };
        let wrong = judged.into_iter().find(|judged| judged.standing != Standing::Held);
        let sentence = wrong.map_or_else(
            || "it is not so".to_owned(),
            |judged| {
                let was = judged
                    .observed
                    .map_or("the run never got there".to_owned(), |figure| format!("it was {}", human_figure(figure)));
                format!("`{}` is not so: {was}", judged.text)
            },
        );
        Failure::bad_input(format!(
            "with seed {} {sentence}; there is nothing to shrink, and `run --seeds 40 --all` names the seeds that are worst",
            self.seed
        ))
    }

    /// The main cause of what the conditions speak of.
    fn cause_of(&self, scenario: &Scenario, stop: &AtomicBool) -> Option<Cause> {
        let outcome = try_run(scenario, self.seed, RunOptions::default(), stop).ok()?;
        let result = SeedResult::from(&outcome);
        let speaks = |of: &str| self.conditions.iter().any(|condition| condition.contains(of));
        let stall = result.longest_stalls.iter().max_by_key(|(_, length)| **length);
        let stall = stall.map(|((cause, why), _)| why.unwrap_or(*cause));
        let duplicate = result.duplicate_causes.first().map(|(cause, _)| *cause);
        stall.filter(|_| speaks("stalled.")).or(duplicate.filter(|_| speaks("duplicates")))
    }

    fn tell_of_another_cause(&self, before: Option<Cause>, after: Option<Cause>) {
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            terminal::note(&format!(
                "it is so for another reason now: {}, and before {}; --while '{} >= 1' as well keeps that one",
                after.word(),
                before.word(),
                format_args!("cause.{}", before.word()),
            ));
        }
    }

    /// The file with what it says of itself, and in how many seeds it is so.
    fn ready(&self, file: &str, shrunk: &Shrunk, stop: &AtomicBool) -> Result<(String, String), Failure> {
        let seeds: Seeds = ASKED.to_string().parse().map_err(Failure::own)?;
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let finished = sweep(&shrunk.scenario, (seeds, 0), (&Work::Whole, threads), false, stop, || ())?;
        let expect = &shrunk.scenario.expect;
        let so = |result: &&SeedResult| {
            let judged = judge(expect, std::slice::from_ref(*result));
            judged.iter().take(expect.len()).all(|judged| judged.standing == Standing::Held)
        };
        let (asked, held) = (finished.results.len(), finished.results.iter().filter(so).count());
        let every = |line: &String| match line.contains("some:") {
            true => line.clone(),
            false => format!("some: {line}"),
        };
        let plain = expect.iter().all(|expectation| expectation.scope == Scope::Every);
        let text = match plain && held < asked && held > 0 {
            true => expecting(&shrunk.text, &self.conditions.iter().map(every).collect::<Vec<_>>()),
            false => shrunk.text.clone(),
        };
        let conditions =
            self.conditions.iter().map(|condition| format!("`{condition}`")).collect::<Vec<_>>().join(", ");
        let ask = format!("When is it so that {conditions}?");
        let asks = if shrunk.scenario.question.is_empty() { &ask } else { &shrunk.scenario.question };
        let said = match asked {
            0 => "no other seed that was asked".to_owned(),
            asked => format!("{held} of the seeds 0..{asked}"),
        };
        let head = format!(
            "# {}\n# Made by {MADE_BY} from {}, seed {}, so long as {conditions}.\n# So it is in {said}.\n",
            asks.replace(['\n', '\r'], " "),
            file,
            self.seed
        );
        Ok((format!("{head}{text}"), format!("  so it is    in {said}")))
    }
}
