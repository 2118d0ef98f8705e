//! `lag.csv`: how far each group is behind on each queue; `lag` counts uncommitted messages, `waiting` those never handed out.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, queue, sheet};
use crate::report::{Exporter, Report};

/// How far each group is behind on each queue; `lag` counts uncommitted messages, `waiting` those never handed out.
pub struct Lag;

const HEADER: [&str; 12] = [
    "time_ms",
    "group",
    "topic",
    "broker",
    "queue_id",
    "end_offset",
    "delivered_offset",
    "memory_offset",
    "committed_offset",
    "disk_offset",
    "lag",
    "waiting",
];

impl Exporter for Lag {
    fn file_name(&self) -> &'static str {
        "lag.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.lag.iter().map(|row| {
            let [topic, broker, queue_id] = queue(names, row.queue);
            // A group may be ahead of the end for the moment between a broker's loss and its repair.
            let lag = row.end_offset.saturating_sub(row.committed_offset).to_string();
            let waiting = row.end_offset.saturating_sub(row.delivered_offset).to_string();
            let offsets =
                [row.end_offset, row.delivered_offset, row.memory_offset, row.committed_offset, row.disk_offset];
            let [end, delivered, memory, committed, disk] = offsets.map(|offset| offset.to_string());
            let group = names.audience(row.audience);
            cells![ms(row.at), group, topic, broker, queue_id, end, delivered, memory, committed, disk, lag, waiting]
        });
        sheet(file, &HEADER, rows)
    }
}
