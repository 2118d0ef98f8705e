//! `--events`: the event log goes into the report while the run goes on.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::report::{DirectoryError, EventSheet, OutputDirectory, ReportFile};
use crate::run::EventRow;

/// The file, and what went wrong with it.
pub(super) struct EventLog<'a> {
    out: &'a OutputDirectory,
    sheet: Mutex<Result<EventSheet<ReportFile>, io::Error>>,
}

impl<'a> EventLog<'a> {
    /// Makes the file.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn begin(out: &'a OutputDirectory) -> Result<Self, DirectoryError> {
        let sheet = EventSheet::begin(out.file(NAME)).map_err(out.cannot_write(NAME))?;
        Ok(Self { out, sheet: Mutex::new(Ok(sheet)) })
    }

    /// Writes an event. Where that fails the run goes on all the same: its result is said, whatever becomes of the report.
    pub(super) fn tell(&self, row: &EventRow) {
        let mut sheet = self.sheet.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(written) = sheet.as_mut()
            && let Err(error) = written.row(row)
        {
            *sheet = Err(error);
        }
    }

    /// All events are on the disk when this returns.
    ///
    /// # Errors
    /// What the operating system said of any of them, as for a full disk.
    pub(super) fn end(self) -> Result<(), DirectoryError> {
        let sheet = self.sheet.into_inner().unwrap_or_else(PoisonError::into_inner);
        sheet.and_then(EventSheet::end).and_then(ReportFile::end).map_err(self.out.cannot_write(NAME))
    }
}

const NAME: &str = EventSheet::<ReportFile>::FILE_NAME;
