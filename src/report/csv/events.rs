//! `events.csv`: every event with the one that caused it, where `--events` asked for it.
//!
//! There are dozens of them for each message. They are written while the run goes on, and kept by nobody.

use std::io::{self, Write};

use super::sheet::{Sheet, cells, ms};
use crate::run::EventRow;

const HEADER: [&str; 7] = ["time_ms", "seq", "event", "actor", "subject", "detail", "cause_seq"];

/// Every event with the one that caused it, written as it happens.
#[derive(Debug)]
pub struct EventSheet<W: Write>(Sheet<W>);

impl<W: Write> EventSheet<W> {
    /// The file's name.
    pub const FILE_NAME: &'static str = "events.csv";

    /// Writes the header.
    ///
    /// # Errors
    /// What the file says.
    pub fn begin(file: W) -> io::Result<Self> {
        Sheet::begin(file, &HEADER).map(Self)
    }

    /// Writes an event.
    ///
    /// # Errors
    /// What the file says.
    pub fn row(&mut self, row: &EventRow) -> io::Result<()> {
        let (actor, subject, detail) = (row.actor.as_str(), row.subject.as_str(), row.detail());
        self.0.row(cells![
            ms(row.at),
            row.sequence.to_string(),
            row.event,
            actor,
            subject,
            detail,
            row.cause.to_string()
        ])
    }

    /// Hands the last events over; answers the file.
    ///
    /// # Errors
    /// What the file says.
    pub fn end(self) -> io::Result<W> {
        self.0.end()
    }
}
