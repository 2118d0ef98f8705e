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
pub(in crate::report) fn verdict(report: &Report<'_>) -> &'static str {
    let open = |judgement: &Judgement| judgement.standing == Standing::NeedsSeeds;
    match () {
        () if report.violated() => "VIOLATED",
        () if is_incomplete(report) => "INCOMPLETE",
        () if report.judgements.is_empty() => "NO VERDICT",
        () if report.judgements.iter().all(open) => "UNDECIDED",
        () => "PASS",
    }
}

/// A sweep that was interrupted: what held so far proves nothing.
fn is_incomplete(report: &Report<'_>) -> bool {
    matches!(&report.body, Body::Many { finished, .. } if !finished.complete)
}

/// The whole summary with its first word, the verdict, in colour.
pub(super) fn painted(report: &Report<'_>, text: &str) -> String {
    let word = verdict(report);
    let colour = match word {
        "VIOLATED" => 31,
        "PASS" => 32,
        _ => 33,
    };
    let rest = text.strip_prefix(word).expect("a summary begins with its verdict");
    format!("\x1b[1;{colour}m{word}\x1b[0m{rest}")
}

pub(super) fn headline(report: &Report<'_>) -> String {
    let mut text = String::new();
    let word = verdict(report);
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
