//! `phases.csv`: what each group lost, skipped and fell behind in the measured window and in each phase.

use crate::model::ids::GroupIndex;
use std::borrow::Cow;
use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, sheet};
use crate::check::{Figure, Figures, Window};
use crate::report::{Exporter, Report, milliseconds};

/// What each group lost, skipped and fell behind in the measured window and in each phase.
pub struct Phases;

const HEADER: [&str; 13] = [
    "phase",
    "from_ms",
    "until_ms",
    "group",
    "lost",
    "skipped",
    "undelivered",
    "lag_max",
    "lag_end",
    "catch_up_ms",
    "latency_p99_ms",
    "latency_max_ms",
    "stalled_max_ms",
];

/// The figures of the columns from `lost` on.
const FIGURES: [&str; 9] =
    ["lost", "skipped", "undelivered", "lag.max", "lag.end", "catch_up", "latency.p99", "latency.max", "stalled.max"];

impl Exporter for Phases {
    fn file_name(&self) -> &'static str {
        "phases.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.windows.iter().flat_map(|window| {
            // One group has the figures of the window.
            let groups: Vec<(&str, &Figures)> = match window.groups.is_empty() {
                true => vec![(names.group(GroupIndex(0)), &window.figures)],
                false => window.groups.iter().map(|(group, figures)| (group.as_str(), figures)).collect(),
            };
            groups.into_iter().map(move |(group, figures)| row(window, group, figures))
        });
        sheet(file, &HEADER, rows)
    }
}

fn row<'a>(window: &'a Window, group: &'a str, figures: &Figures) -> Vec<Cow<'a, str>> {
    let mut row = Vec::from(cells![window.label.as_str(), ms(window.from), ms(window.until), group]);
    row.extend(FIGURES.map(|name| Cow::from(figures.get(name).map_or_else(String::new, |figure| cell(*figure)))));
    row
}

/// A figure in the unit of its column.
pub(super) fn cell(figure: Figure) -> String {
    match figure {
        Figure::Count(value) | Figure::Millionths(value) => value.to_string(),
        Figure::Span(span) => milliseconds(span.as_nanos()),
    }
}
