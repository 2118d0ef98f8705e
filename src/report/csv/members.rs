//! `members.csv`: stretches in which a broker's table held a client.

use std::io::{self, Write};

use super::sheet::{cells, ms, outcome, sheet};
use crate::report::{Exporter, Report};

/// Stretches in which a broker's table held a client.
pub struct Members;

const HEADER: [&str; 5] = ["group", "broker", "client_id", "from_ms", "until_ms"];

impl Exporter for Members {
    fn file_name(&self) -> &'static str {
        "members.csv"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        let Some(run) = outcome(report) else { return Ok(()) };
        let names = &run.names;
        let rows = run.findings.members.iter().map(|row| {
            let client = names.client(row.client).as_ref();
            cells![names.group(row.group), names.broker(row.broker), client, ms(row.from), ms(row.until)]
        });
        sheet(file, &HEADER, rows)
    }
}
