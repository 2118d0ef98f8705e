//! `commits.csv`: changes of the offsets at the brokers.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, queue, sheet};
use crate::check::Cause;
use crate::report::{Exporter, Report};

/// Changes of the offsets at the brokers.
pub struct Commits;

const HEADER: [&str; 10] =
    ["time_ms", "group", "topic", "broker", "queue_id", "consumer", "previous_offset", "offset", "backwards", "path"];

impl Exporter for Commits {
    fn file_name(&self) -> &'static str {
        "commits.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.commits.iter().map(|row| {
            let [topic, broker, queue_id] = queue(names, row.queue);
            let by = row.by.map_or("", |consumer| names.consumer(consumer));
            let previous = row.previous.map(|offset| offset.to_string()).unwrap_or_default();
            let backwards = if row.previous.is_some_and(|previous| row.offset < previous) { "yes" } else { "no" };
            let path = Cause::from(row.path).word();
            let offset = row.offset.to_string();
            cells![
                ms(row.at),
                names.audience(row.audience),
                topic,
                broker,
                queue_id,
                by,
                previous,
                offset,
                backwards,
                path
            ]
        });
        sheet(file, &HEADER, rows)
    }
}
