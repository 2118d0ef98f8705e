//! The first lines: the verdict, the question and the expectations.

use std::fmt::Write as _;

use super::text::line;
use crate::check::AnomalyKind;
use crate::report::wording::{counted, human_figure, human_instant, printable_line};
use crate::report::{Body, Report};
use crate::sweep::{Judgement, Standing};

/// The kind of anomaly that says that a consumer could not start.
const START_FAILED: AnomalyKind = AnomalyKind::StartFailed;

/// One word for the whole report.
pub(super) fn verdict(report: &Report<'_>) -> &'static str {
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
    // A title is one line: what comes after a line break would pass for ours.
    let (title, file) = (printable_line(&scenario.title), printable_line(&report.story.file));
    writeln!(text, "{word}  {title}  ({file}, {seeds})").expect("a string takes every write");
    if !scenario.question.is_empty() {
        writeln!(text, "  {}", scenario.question.trim()).expect("a string takes every write");
    }
    text.push('\n');
    not_started(&mut text, report);
    expectations(&mut text, report);
    text
}

/// Consumers that could not start come first: everything below is said without them.
fn not_started(text: &mut String, report: &Report<'_>) {
    const SHOWN: usize = 3;
    match &report.body {
        Body::One { outcome, .. } => {
            let failed = outcome.findings.anomalies.iter().filter(|anomaly| anomaly.kind == START_FAILED);
            let failed: Vec<_> = failed.collect();
            for (row, anomaly) in failed.iter().take(SHOWN).enumerate() {
                let said = format!("at {}: {}", human_instant(anomaly.from), anomaly.detail);
                line(text, if row == 0 { "not started" } else { "" }, &said);
            }
            if failed.len() > SHOWN {
                line(text, "", &format!("and {} more", failed.len() - SHOWN));
            }
        }
        Body::Many { finished, .. } => {
            let sighting = format!("anomaly.{START_FAILED}");
            let failed = finished.results.iter().filter(|result| result.sightings.contains_key(&sighting));
            let seeds: Vec<u64> = failed.map(|result| result.seed).collect();
            if let Some(first) = seeds.first() {
                let runs = counted(finished.results.len() as u64, "seed");
                line(text, "not started", &format!("a start() threw in {} of {runs} (first {first})", seeds.len()));
            }
        }
    }
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
    line(text, "expectations", &format!("{} of {judged} held{open}", count(Standing::Held)));
    for judgement in report.judgements.iter().filter(|judgement| judgement.standing == Standing::Violated) {
        let seen = judgement
            .observed
            .map_or_else(|| "no seed has this figure".to_owned(), |figure| format!("it is {}", human_figure(figure)));
        let seed = match (&report.body, judgement.seed) {
            (Body::Many { .. }, Some(seed)) => format!(" in seed {seed}"),
            _ => String::new(),
        };
        line(text, "", &format!("violated: {}; {seen}{seed}", judgement.text));
    }
}
