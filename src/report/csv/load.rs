//! `load.csv`: what brokers had to do for membership, a row for each broker and second in which there was something.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, sheet};
use crate::report::{Exporter, Report, milliseconds};

/// What brokers had to do for membership, a row for each broker and second.
pub struct Load;

const HEADER: [&str; 9] = [
    "time_ms",
    "broker",
    "heartbeats",
    "list_requests",
    "unregistrations",
    "lock_requests",
    "notifications",
    "rejected",
    "longest_wait_ms",
];

impl Exporter for Load {
    fn file_name(&self) -> &'static str {
        "load.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let rows = run.findings.load.iter().map(|row| {
            let counts = [row.heartbeats, row.list_requests, row.unregistrations, row.lock_requests];
            let [heartbeats, lists, unregistrations, locks] = counts.map(|count| count.to_string());
            let [notifications, rejected] = [row.notifications, row.rejected].map(|count| count.to_string());
            let (broker, wait) = (run.names.broker(row.broker), milliseconds(row.longest_wait.as_nanos()));
            cells![ms(row.at), broker, heartbeats, lists, unregistrations, locks, notifications, rejected, wait]
        });
        sheet(file, &HEADER, rows)
    }
}
