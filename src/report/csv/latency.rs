//! `latency.csv`: how late messages came to the listeners of each group, second by second.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, sheet};
use crate::report::{Exporter, Report, milliseconds};

/// How late messages came to the listeners of each group, a row for each second in which some came for the first time.
pub struct Latency;

const HEADER: [&str; 5] = ["time_ms", "group", "messages", "typical_ms", "longest_ms"];

impl Exporter for Latency {
    fn file_name(&self) -> &'static str {
        "latency.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let rows = run.findings.latency.iter().map(|row| {
            let (group, messages) = (run.names.group(row.group), row.messages.to_string());
            let [typical, longest] = [row.typical, row.longest].map(|span| milliseconds(span.as_nanos()));
            cells![ms(row.at), group, messages, typical, longest]
        });
        sheet(file, &HEADER, rows)
    }
}
