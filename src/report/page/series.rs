//! Charts over time: the same lines as the pictures have, by what changes.

use serde::Serialize;

use super::run::micros;
use super::texts::Texts;
use crate::kernel::Instant;
use crate::report::picture::chart::Series;
use crate::report::picture::{balance, lag, load};
use crate::run::Outcome;

/// One chart.
#[derive(Debug, Serialize)]
pub(super) struct Panel {
    title: i64,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    name: &'static str,
    /// How much later in microseconds and how much more than before, one after the other; a value holds until the next.
    points: Vec<i64>,
}

/// All charts of a run: lag, balance, load.
pub(super) fn panels(outcome: &Outcome, texts: &mut Texts) -> Vec<Panel> {
    let all = [lag::panels(outcome), balance::panels(outcome), load::panels(outcome)].into_iter();
    let all = all
        .flat_map(|(_, panels)| panels)
        .map(|(title, series)| Panel { title: texts.number(&title), lines: series.iter().map(line).collect() });
    // What is zero all the time is said by the figures.
    all.filter(|panel| panel.lines.iter().any(|line| line.points.chunks(2).any(|point| point[1] != 0))).collect()
}

fn line(series: &Series) -> Line {
    Line { name: series.name, points: changes(&series.points) }
}

/// The points at which the value changes, and the first.
fn changes(points: &[(Instant, u64)]) -> Vec<i64> {
    let mut changes = Vec::new();
    let mut last: Option<(i64, i64)> = None;
    for (at, value) in points {
        let (at, value) = (micros(*at), i64::try_from(*value).unwrap_or(i64::MAX));
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
