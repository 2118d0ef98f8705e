//! `events.csv`: every event with the one that caused it, where `--events` asked for it.

use super::sheet::{cells, ms, outcome, sheet};
use crate::report::{Exporter, Report};

/// Every event with the one that caused it, where `--events` asked for it.
pub struct Events;

const HEADER: [&str; 7] = ["time_ms", "seq", "event", "actor", "subject", "detail", "cause_seq"];

impl Exporter for Events {
    fn file_name(&self) -> &'static str {
        "events.csv"
    }

    fn export(&self, report: &Report<'_>) -> Option<Vec<u8>> {
        let run = outcome(report)?;
        if run.event_log.is_empty() {
            return None;
        }
        let rows = run.event_log.iter().map(|row| {
            let (actor, subject, detail) = (row.actor.as_str(), row.subject.as_str(), row.detail.as_str());
            cells![ms(row.at), row.sequence.to_string(), row.event, actor, subject, detail, row.cause.to_string()]
        });
        Some(sheet(&HEADER, rows))
    }
}
