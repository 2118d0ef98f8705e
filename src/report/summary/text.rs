//! The summary as text, verdict first.

use std::fmt::Write as _;

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

/// The whole summary, with a newline at its end.
#[must_use]
pub fn summary(report: &Report<'_>, paint: Paint) -> String {
    let mut text = headline::headline(report);
    match &report.body {
        Body::One { outcome, result } => one::lines(&mut text, report, outcome, result),
        Body::Many { finished, .. } => many::lines(&mut text, report, finished),
    }
    let outside = Range::public().left_by(&report.story.scenario.plan);
    if !outside.is_empty() {
        line(&mut text, "extrapolated", &format!("beyond the recordings: {}", outside.join(", ")));
    }
    let text = printable(&text).into_owned();
    if paint == Paint::Colours { headline::painted(report, &text) } else { text }
}

/// One line of the summary: what it is about, and what there is to say. A name with a line break in it begins no line.
pub(super) fn line(text: &mut String, subject: &str, said: &str) {
    writeln!(text, "  {subject:<13} {}", printable_line(said)).expect("a string takes every write");
}
