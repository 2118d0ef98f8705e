//! `phases.csv`: what was lost and skipped in the measured window and in each phase, by group.

use crate::model::ids::GroupIndex;
use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, sheet};
use crate::check::{Figure, Figures, Window};
use crate::report::{Exporter, Report};

/// What was lost and skipped in the measured window and in each phase, by group.
pub struct Phases;

const HEADER: [&str; 7] = ["phase", "from_ms", "until_ms", "group", "lost", "skipped", "undelivered"];

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

fn row<'a>(window: &'a Window, group: &'a str, figures: &Figures) -> [std::borrow::Cow<'a, str>; 7] {
    let count = |name: &str| match figures.get(name) {
        Some(Figure::Count(count)) => count.to_string(),
        _ => String::new(),
    };
    let (from, until) = (ms(window.from), ms(window.until));
    cells![window.label.as_str(), from, until, group, count("lost"), count("skipped"), count("undelivered")]
}
