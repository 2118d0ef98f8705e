//! `--events` and `--trace`: what goes into the report while the run goes on.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::report::{DirectoryError, EventSheet, Folder, ReportFile};
use crate::run::{Chosen, Chronicle, EventRow};

/// Who is told every row of the event log, and what went wrong with it.
#[derive(Default)]
pub(super) struct EventLog<'a> {
    file: Option<EventFile<'a>>,
    chronicle: Option<Mutex<Chronicle>>,
}

/// `events.csv`.
struct EventFile<'a> {
    out: Folder<'a>,
    chosen: Mutex<Chosen>,
    sheet: Mutex<Result<EventSheet<ReportFile>, io::Error>>,
}

impl<'a> EventLog<'a> {
    /// Makes the file for the events that are chosen, if any are, and a chronicle if it is wanted.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn begin(
        out: Option<&Folder<'a>>,
        chosen: Option<Chosen>,
        chronicle: bool,
    ) -> Result<Self, DirectoryError> {
        let file = out.cloned().zip(chosen).map(|(out, chosen)| EventFile::begin(out, chosen)).transpose()?;
        Ok(Self { file, chronicle: chronicle.then(Mutex::default) })
    }

    /// Whether anybody wants a row.
    pub(super) fn listens(&self) -> bool {
        self.file.is_some() || self.chronicle.is_some()
    }

    /// An event happened.
    pub(super) fn tell(&self, row: &EventRow) {
        if let Some(file) = &self.file {
            file.tell(row);
        }
        if let Some(chronicle) = &self.chronicle {
            chronicle.lock().unwrap_or_else(PoisonError::into_inner).add(row);
        }
    }

    /// All events are on the disk when this returns; it answers the chronicle.
    ///
    /// # Errors
    /// What the operating system said of any of them, as for a full disk.
    pub(super) fn end(self) -> Result<Option<Chronicle>, DirectoryError> {
        self.file.map_or(Ok(()), EventFile::end)?;
        Ok(self.chronicle.map(|chronicle| chronicle.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl<'a> EventFile<'a> {
    fn begin(out: Folder<'a>, chosen: Chosen) -> Result<Self, DirectoryError> {
        let sheet = EventSheet::begin(out.file(NAME)).map_err(out.cannot_write(NAME))?;
        Ok(Self { out, chosen: Mutex::new(chosen), sheet: Mutex::new(Ok(sheet)) })
    }

    /// Writes an event, if it is chosen. Where that fails the run goes on all the same: its result is said, whatever
    /// becomes of the report.
    fn tell(&self, row: &EventRow) {
        if !self.chosen.lock().unwrap_or_else(PoisonError::into_inner).wants(row) {
            return;
        }
        let mut sheet = self.sheet.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(written) = sheet.as_mut()
            && let Err(error) = written.row(row)
        {
            *sheet = Err(error);
        }
    }

    fn end(self) -> Result<(), DirectoryError> {
        let sheet = self.sheet.into_inner().unwrap_or_else(PoisonError::into_inner);
        sheet.and_then(EventSheet::end).and_then(ReportFile::end).map_err(self.out.cannot_write(NAME))
    }
}

const NAME: &str = EventSheet::<ReportFile>::FILE_NAME;
