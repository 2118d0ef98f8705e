//! Charts over time: the same lines as the pictures have and how late messages came, by what changes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::run::micros as micros_of;
use super::texts::Texts;
use crate::check::LatencySample;
use crate::kernel::{Instant, Span};
use crate::model::plan::GroupIndex;
use crate::report::picture::chart::Series;
use crate::report::picture::lag::Panels;
use crate::report::picture::{balance, lag, load};
use crate::run::Outcome;

/// One chart.
#[derive(Debug, Serialize)]
pub(super) struct Panel {
    title: i64,
    /// `us` where its values are microseconds; else empty.
    unit: &'static str,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    name: &'static str,
    /// How much later in microseconds and how much more than before, one after the other; a value holds until the next, and
    /// below zero there is none.
    points: Vec<i64>,
}

/// All charts of a run: lag, latency, balance, load.
pub(super) fn panels(outcome: &Outcome, texts: &mut Texts) -> Vec<Panel> {
    let drawn = |panels: Panels<'_>, texts: &mut Texts| {
        let one = |(title, series): (String, Vec<Series>)| Panel {
            title: texts.number(&title),
            unit: "",
            lines: series.iter().map(line).collect(),
        };
        panels.1.map(one).collect::<Vec<_>>()
    };
    let all = [drawn(lag::panels(outcome), texts), latency(outcome, texts)].into_iter();
    let all = all.chain([balance::panels(outcome), load::panels(outcome)].map(|panels| drawn(panels, texts))).flatten();
    // What is zero all the time is said by the figures.
    all.filter(|panel| panel.lines.iter().any(|line| line.points.chunks(2).any(|point| point[1] != 0))).collect()
}

fn line(series: &Series) -> Line {
    Line { name: series.name, points: changes(&series.points) }
}

/// How late messages came to the listeners of each group, second by second; nothing where none came.
fn latency(outcome: &Outcome, texts: &mut Texts) -> Vec<Panel> {
    let mut groups: BTreeMap<GroupIndex, Vec<&LatencySample>> = BTreeMap::new();
    for sample in &outcome.findings.latency {
        groups.entry(sample.group).or_default().push(sample);
    }
    let line = |name, samples: &[&LatencySample], of: fn(&LatencySample) -> Span| {
        let mut points = BTreeMap::new();
        for sample in samples {
            let micros = i64::try_from(of(sample).as_nanos() / 1_000).unwrap_or(i64::MAX);
            points.insert(micros_of(sample.at), micros);
            points.entry(micros_of(sample.at + Span::from_secs(1))).or_insert(-1);
        }
        Line { name, points: differences(points.into_iter()) }
    };
    let one = |(group, samples): (GroupIndex, Vec<&LatencySample>)| Panel {
        title: texts.number(&format!("{}: latency, from stored to handed to a listener", outcome.names.group(group))),
        unit: "us",
        lines: vec![
            line("longest of the second", &samples, |sample| sample.longest),
            line("typical", &samples, |sample| sample.typical),
        ],
    };
    groups.into_iter().map(one).collect()
}

/// The points at which the value changes, and the first.
fn changes(points: &[(Instant, u64)]) -> Vec<i64> {
    differences(points.iter().map(|(at, value)| (micros_of(*at), i64::try_from(*value).unwrap_or(i64::MAX))))
}

fn differences(points: impl Iterator<Item = (i64, i64)>) -> Vec<i64> {
    let mut changes = Vec::new();
    let mut last: Option<(i64, i64)> = None;
    for (at, value) in points {
        let (then, before) = last.unwrap_or((0, 0));
        if last.is_none() || value != before {
            changes.extend([at - then, value - before]);
            last = Some((at, value));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_changes() {
        let points = [(0, 5), (1, 5), (2, 7), (3, 7), (5, 0)].map(|(ms, value)| (Instant::from_millis(ms), value));
        assert_eq!(changes(&points), [0, 5, 2_000, 2, 3_000, -7]);
        assert_eq!(changes(&[]), [0; 0]);
    }
}
