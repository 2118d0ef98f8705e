//! `stalls.csv`: stretches in which a readable message waited and none of its queue was handed out.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, queue, sheet};
use crate::report::milliseconds;
use crate::report::{Exporter, Report};

/// Stretches in which a readable message waited and none of its queue was handed out.
pub struct Stalls;

const HEADER: [&str; 9] =
    ["group", "topic", "broker", "queue_id", "from_ms", "until_ms", "stalled_ms", "cause", "detail"];

impl Exporter for Stalls {
    fn file_name(&self) -> &'static str {
        "stalls.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.stalls.iter().map(|row| {
            let [topic, broker, queue_id] = queue(names, row.queue);
            let stalled = milliseconds(row.until.since(row.from).as_nanos());
            let remedy = if row.remedy.is_empty() { String::new() } else { format!("; {}", row.remedy) };
            let (cause, detail) = (row.cause.word(), format!("{}{remedy}", row.detail));
            cells![
                names.audience(row.audience),
                topic,
                broker,
                queue_id,
                ms(row.from),
                ms(row.until),
                stalled,
                cause,
                detail
            ]
        });
        sheet(file, &HEADER, rows)
    }
}
