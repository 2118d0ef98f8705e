//! The first lines: the verdict, the question and the expectations.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::causes::in_seeds;
use super::chosen::weight;
use super::text::line;
use crate::report::wording::{counted, human_figure, printable_line};
use crate::report::{Body, Report};
use crate::scenario::{Expectation, Scope};
use crate::sweep::{Judgement, Quantiles, Standing};

/// One word for the whole report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// All that could be judged held.
    Pass,
    /// An expectation is violated.
    Violated,
    /// An interrupted sweep: what held so far proves nothing.
    Incomplete,
    /// All that is expected can only be judged over many seeds.
    Undecided,
    /// Nothing is expected.
    NoVerdict,
}

impl Word {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pass, Self::Violated, Self::Incomplete, Self::Undecided, Self::NoVerdict];

    /// As it stands before a summary.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Violated => "VIOLATED",
            Self::Incomplete => "INCOMPLETE",
            Self::Undecided => "UNDECIDED",
            Self::NoVerdict => "NO VERDICT",
        }
    }
}

/// The verdict of a report.
pub(in crate::report) fn verdict(report: &Report<'_>) -> Word {
    let open = |judgement: &Judgement| judgement.standing == Standing::NeedsSeeds;
    match () {
        () if report.violated() => Word::Violated,
        () if is_incomplete(report) => Word::Incomplete,
        () if report.judgements.is_empty() => Word::NoVerdict,
        () if report.judgements.iter().all(open) => Word::Undecided,
        () => Word::Pass,
    }
}

/// A sweep that was interrupted: what held so far proves nothing.
fn is_incomplete(report: &Report<'_>) -> bool {
    matches!(&report.body, Body::Many { finished, .. } if !finished.complete)
}

/// The whole summary with its first word, the verdict, in colour.
pub(super) fn painted(report: &Report<'_>, text: &str) -> String {
    let verdict = verdict(report);
    let colour = match verdict {
        Word::Violated => 31,
        Word::Pass => 32,
        Word::Incomplete | Word::Undecided | Word::NoVerdict => 33,
    };
    let word = verdict.word();
    let rest = text.strip_prefix(word).expect("a summary begins with its verdict");
    format!("\x1b[1;{colour}m{word}\x1b[0m{rest}")
}

pub(super) fn headline(report: &Report<'_>) -> String {
    let mut text = String::new();
    let word = verdict(report).word();
    let seeds = match &report.body {
        Body::One { outcome, .. } => format!("seed {}", outcome.seed),
        Body::Many { seeds, finished } if finished.complete => format!("seeds {seeds}"),
        Body::Many { seeds, finished } => {
            format!("INCOMPLETE: {} of {} from {seeds}", finished.results.len(), counted(seeds.count(), "seed"))
        }
    };
    let scenario = report.story.scenario;
    let environment = printable_line(&scenario.environment.to_string()).into_owned();
    // A title is one line: what comes after a line break would pass for ours.
    let (title, file) = (printable_line(&scenario.title), printable_line(&report.story.file));
    writeln!(text, "{word}  {title}  ({file}, {seeds}, environment {environment})")
        .expect("a string takes every write");
    if !scenario.question.is_empty() {
        writeln!(text, "  {}", scenario.question.trim()).expect("a string takes every write");
    }
    text.push('\n');
    expectations(&mut text, report);
    text
}

fn expectations(text: &mut String, report: &Report<'_>) {
    let count = |standing| report.judgements.iter().filter(|judgement| judgement.standing == standing).count();
    if report.judgements.is_empty() {
        line(text, "expectations", "the scenario has none");
        return;
    }
    let open = count(Standing::NeedsSeeds);
    let open = if open == 0 {
        String::new()
    } else {
        format!("; {open} more can only be judged over many seeds (--seeds 200)")
    };
    let judged = report.judgements.len() - count(Standing::NeedsSeeds);
    line(text, "expectations", &format!("{} of {judged} held{open}{}", count(Standing::Held), few_seeds(report)));
    for (judgement, expectation) in violated(report) {
        let seen = seen(report, judgement, expectation);
        line(text, "", &format!("violated: {}; {seen}", judgement.text));
    }
}

/// Quantiles that are expected, and that the seeds are too few to tell from their maximum: `expect` then bounds that.
fn few_seeds(report: &Report<'_>) -> String {
    let Body::Many { finished, .. } = &report.body else { return String::new() };
    let seeds = finished.results.len();
    let untold = |expectation: &Expectation| match expectation.scope {
        Scope::Quantile(point) if point > 500 && point < 1_000 && !Quantiles::tells(seeds, point) => Some(point),
        _ => None,
    };
    let points: BTreeSet<u16> = report.story.scenario.expect.iter().filter_map(untold).collect();
    let names: Vec<String> = points.into_iter().map(quantile_name).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("; {} of {} is the maximum", names.join(" or "), counted(seeds as u64, "seed")),
    }
}

/// `p99`, `p99.9`.
fn quantile_name(point: u16) -> String {
    let tenth = point % 10;
    if tenth == 0 { format!("p{}", point / 10) } else { format!("p{}.{tenth}", point / 10) }
}

/// What is violated: what weighs most first, then what most seeds break.
pub(super) fn violated<'a>(report: &'a Report<'_>) -> Vec<(&'a Judgement, Option<&'a Expectation>)> {
    let expect = report.story.scenario.expect.iter().map(Some).chain(std::iter::repeat(None));
    let judged = report.judgements.iter().zip(expect);
    let mut violated: Vec<_> = judged.filter(|(judgement, _)| judgement.standing == Standing::Violated).collect();
    // What no expectation stands behind is a failed start or a lost message.
    violated.sort_by_key(|(judgement, expectation)| {
        (expectation.map_or(0, |expectation| weight(&expectation.figure)), std::cmp::Reverse(judgement.breaking))
    });
    violated
}

/// What was seen instead of what the judgement at a place of the report bounds.
pub(in crate::report) fn seen_at(report: &Report<'_>, at: usize) -> String {
    seen(report, &report.judgements[at], report.story.scenario.expect.get(at))
}

/// The seed that shows it.
pub(in crate::report) fn seed_at(report: &Report<'_>, at: usize) -> Option<u64> {
    let judgement = &report.judgements[at];
    judgement.worst.map(|(seed, _)| seed).or(judgement.seed)
}

/// What was seen where a bound is violated, and the seed that shows it.
pub(in crate::report) fn seen(report: &Report<'_>, judgement: &Judgement, expectation: Option<&Expectation>) -> String {
    let Some((seed, worst)) = judgement.worst else { return "no seed has this figure".to_owned() };
    let worst = human_figure(worst);
    match &report.body {
        Body::One { .. } => format!("it is {worst}"),
        Body::Many { finished, .. } if judgement.breaking > 0 => {
            let seeds = in_seeds(judgement.breaking as usize, finished.results.len());
            format!("broken {seeds}, worst {worst} (seed {seed})")
        }
        Body::Many { .. } => match judgement.observed {
            Some(observed) if expectation.is_none_or(|expectation| expectation.scope != Scope::Some) => {
                format!("it is {}, worst {worst} (seed {seed})", human_figure(observed))
            }
            _ => format!("in no seed, nearest {worst} (seed {seed})"),
        },
    }
}
