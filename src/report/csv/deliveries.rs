//! `deliveries.csv`: runs of offsets handed to one consumer; `duplicate_cause` is empty for first deliveries.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, queue, sheet};
use crate::check::Cause;
use crate::report::{Exporter, Report};

/// Runs of offsets handed to one consumer; `duplicate_cause` is empty for first deliveries.
pub struct Deliveries;

const HEADER: [&str; 10] = [
    "group",
    "topic",
    "broker",
    "queue_id",
    "consumer",
    "from_offset",
    "to_offset",
    "from_ms",
    "until_ms",
    "duplicate_cause",
];

impl Exporter for Deliveries {
    fn file_name(&self) -> &'static str {
        "deliveries.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.deliveries.iter().map(|row| {
            let [topic, broker, queue_id] = queue(names, row.queue);
            let (audience, consumer) = (names.audience(row.audience), names.consumer(row.consumer));
            let (first, last) = (row.from_offset.to_string(), row.to_offset.to_string());
            let cause = row.duplicate_cause.map_or("", Cause::word);
            cells![audience, topic, broker, queue_id, consumer, first, last, ms(row.from), ms(row.until), cause]
        });
        sheet(file, &HEADER, rows)
    }
}
