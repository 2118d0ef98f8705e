//! `balance.csv`: how evenly the queues lie on the members, from each moment on; an empty topic means all topics.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, sheet};
use crate::report::{Exporter, Report};

/// How evenly the queues lie on the members, from each moment on; an empty topic means all topics.
pub struct Balance;

const HEADER: [&str; 10] = [
    "time_ms",
    "group",
    "topic",
    "members",
    "idle_members",
    "max_queues",
    "min_queues",
    "jain",
    "unowned",
    "double_owned",
];

impl Exporter for Balance {
    fn file_name(&self) -> &'static str {
        "balance.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.balance.iter().map(|row| {
            let topic = row.topic.map_or("", |topic| names.topic(topic).name.as_ref());
            let jain = format!("{}.{:06}", row.jain_millionths / 1_000_000, row.jain_millionths % 1_000_000);
            let [members, idle, max, min, unowned, double] =
                [row.members, row.idle_members, row.max, row.min, row.unowned, row.double_owned].map(|n| n.to_string());
            cells![ms(row.at), names.group(row.group), topic, members, idle, max, min, jain, unowned, double]
        });
        sheet(file, &HEADER, rows)
    }
}
