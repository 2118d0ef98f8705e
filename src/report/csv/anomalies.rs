//! `anomalies.csv`: what the checks noticed, each with its cause.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, queue, sheet};
use crate::check::{Severity, Trap};
use crate::report::{Exporter, Report};

/// What the checks noticed, each with its cause.
pub struct Anomalies;

const HEADER: [&str; 14] = [
    "check", "severity", "kind", "from_ms", "until_ms", "group", "topic", "broker", "queue_id", "consumer", "count",
    "cause", "trap", "detail",
];

impl Exporter for Anomalies {
    fn file_name(&self) -> &'static str {
        "anomalies.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.anomalies.iter().map(|row| {
            let severity = match row.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Violation => "violation",
                Severity::Failure => "failure",
            };
            // Empty cells where an anomaly concerns no group, no queue or no consumer in particular.
            let group = row.audience.map_or("", |audience| names.audience(audience));
            let [topic, broker, queue_id] = row.queue.map_or_else(Default::default, |number| queue(names, number));
            let consumer = row.consumer.map_or("", |consumer| names.consumer(consumer));
            let (from, until, count) = (ms(row.from), ms(row.until), row.count.to_string());
            let (kind, cause, detail) = (row.kind.word(), row.cause.word(), row.detail.as_str());
            let trap = row.trap.map_or("", Trap::word);
            cells![
                row.check, severity, kind, from, until, group, topic, broker, queue_id, consumer, count, cause, trap,
                detail
            ]
        });
        sheet(file, &HEADER, rows)
    }
}
