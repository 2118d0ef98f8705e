//! `ownership.csv`: stretches in which one client's process-queue table held one queue.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, queue, sheet};
use crate::check::OwnerState;
use crate::report::{Exporter, Report};

/// Stretches in which one client's process-queue table held one queue.
pub struct Ownership;

const HEADER: [&str; 8] = ["group", "topic", "broker", "queue_id", "client_id", "from_ms", "until_ms", "state"];

impl Exporter for Ownership {
    fn file_name(&self) -> &'static str {
        "ownership.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.ownership.iter().map(|row| {
            let [topic, broker, queue_id] = queue(names, row.queue);
            let state = match row.state {
                OwnerState::Live => "live",
                OwnerState::Zombie => "zombie",
            };
            let client = names.client(row.client).as_ref();
            cells![names.audience(row.audience), topic, broker, queue_id, client, ms(row.from), ms(row.until), state]
        });
        sheet(file, &HEADER, rows)
    }
}
