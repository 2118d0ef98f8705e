//! The summary as text, verdict first.

use std::fmt::Write as _;

use super::{causes, headline, look_at, many, one};
use crate::fidelity::Range;
use crate::report::wording::{printable, printable_line};
use crate::report::{Body, Report};

/// Whether words may carry terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// ANSI colours on the verdict.
    Colours,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is read in ten seconds.
    Brief,
    /// Every figure, every phase and the command for every worst seed too.
    All,
}

/// The whole summary, with a newline at its end.
#[must_use]
pub fn summary(report: &Report<'_>, paint: Paint, extent: Extent) -> String {
    let mut text = headline::headline(report);
    match &report.body {
        Body::One { outcome, result } => one::lines(&mut text, report, (outcome, result), extent),
        Body::Many { finished, .. } => many::lines(&mut text, report, finished, extent),
    }
    let outside = Range::public().left_by(&report.story.scenario.plan);
    if !outside.is_empty() {
        line(&mut text, "extrapolated", &format!("beyond the recordings: {}", outside.join(", ")));
    }
    hint(&mut text, report, extent);
    let text = printable(&text).into_owned();
    if paint == Paint::Colours { headline::painted(report, &text) } else { text }
}

/// Where there is more to read, once, at the end; the word that a scenario asks for stands for all.
fn hint(text: &mut String, report: &Report<'_>, extent: Extent) {
    let (first, results) = match &report.body {
        Body::One { outcome, result } => (look_at::first_trap(outcome), std::slice::from_ref(*result)),
        Body::Many { finished, .. } => (causes::first_trap(&finished.results), &*finished.results),
    };
    let seen = |figure: &&str| results.iter().any(|result| result.sightings.contains_key(*figure));
    let asked = report.story.scenario.expect.iter().map(|expectation| expectation.figure.as_str());
    let trap = asked.filter(seen).find_map(|figure| figure.strip_prefix("trap.")).or(first);
    let explained = trap.map(|trap| format!("`rebalance-sim explain-word {trap}` says what a word means"));
    let all = (extent == Extent::Brief).then(|| "`--all` shows every figure".to_owned());
    let said: Vec<String> = all.into_iter().chain(explained).collect();
    if !said.is_empty() {
        line(text, "more", &said.join("; "));
    }
}

/// One line of the summary: what it is about, and what there is to say. A name with a line break in it begins no line.
pub(super) fn line(text: &mut String, subject: &str, said: &str) {
    writeln!(text, "  {subject:<13} {}", printable_line(said)).expect("a string takes every write");
}
