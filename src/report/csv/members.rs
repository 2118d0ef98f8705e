//! `members.csv`: stretches in which a broker's table held a client.

use super::sheet::{cells, ms, outcome, sheet};
use crate::report::{Exporter, Report};

/// Stretches in which a broker's table held a client.
pub struct Members;

const HEADER: [&str; 5] = ["group", "broker", "client_id", "from_ms", "until_ms"];

impl Exporter for Members {
    fn file_name(&self) -> &'static str {
        "members.csv"
    }

    fn export(&self, report: &Report<'_>) -> Option<Vec<u8>> {
        let run = outcome(report)?;
        let names = &run.names;
        let rows = run.findings.members.iter().map(|row| {
            let client = names.client(row.client).as_ref();
            cells![names.group(row.group), names.broker(row.broker), client, ms(row.from), ms(row.until)]
        });
        Some(sheet(&HEADER, rows))
    }
}
