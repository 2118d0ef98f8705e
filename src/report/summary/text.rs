//! The summary as text, verdict first.

use std::fmt::Write as _;

use super::dominant::dominant;
use super::{headline, many, one};
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

/// Where there is more to read, once, at the end: of all words the one that matters most.
fn hint(text: &mut String, report: &Report<'_>, extent: Extent) {
    let results = match &report.body {
        Body::One { result, .. } => std::slice::from_ref(*result),
        Body::Many { finished, .. } => &*finished.results,
    };
    let explained = dominant(report, results);
    let explained = explained.map(|word| format!("`rebalance-sim explain-word {word}` says why, and what to do"));
    let all = (extent == Extent::Brief).then(|| "`--all` shows every figure".to_owned());
    let said: Vec<String> = explained.into_iter().chain(all).collect();
    if !said.is_empty() {
        line(text, "more", &said.join("; "));
    }
}

/// Names on lines of a width that is read at a glance, the subject before the first; nothing where there are none.
pub(in crate::report) fn names(text: &mut String, subject: &str, names: &[&str]) {
    const WIDTH: usize = 90;
    let mut rows: Vec<String> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let name = if at + 1 < names.len() { format!("{name},") } else { (*name).to_owned() };
        match rows.last_mut().filter(|row| row.len() + 1 + name.len() <= WIDTH) {
            Some(row) => row.push_str(&format!(" {name}")),
            None => rows.push(name),
        }
    }
    for (at, row) in rows.iter().enumerate() {
        line(text, if at == 0 { subject } else { "" }, row);
    }
}

/// One line of the summary: what it is about, and what there is to say. A name with a line break in it begins no line.
pub(in crate::report) fn line(text: &mut String, subject: &str, said: &str) {
    writeln!(text, "  {subject:<13} {}", printable_line(said)).expect("a string takes every write");
}
