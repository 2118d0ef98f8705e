//! What all CSV files share: quoting, moments, and the columns that name a queue.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::QueueIndex;
use crate::report::milliseconds;
use crate::report::{Body, Report};
use crate::run::Outcome;

/// Writes the header and the rows.
///
/// # Errors
/// What the file says.
pub(in crate::report) fn sheet<'a, R, F>(file: &mut dyn Write, header: &[&str], rows: R) -> io::Result<()>
where
    R: IntoIterator<Item = F>,
    F: IntoIterator<Item = Cow<'a, str>>,
{
    let mut sheet = Sheet::begin(file, header)?;
    rows.into_iter().try_for_each(|row| sheet.row(row))?;
    sheet.end().map(drop)
}

/// A sheet whose rows come one by one.
#[derive(Debug)]
pub(super) struct Sheet<W: Write> {
    writer: csv::Writer<W>,
    columns: usize,
}

impl<W: Write> Sheet<W> {
    /// Writes the header.
    pub fn begin(file: W, header: &[&str]) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(header)?;
        Ok(Self { writer, columns: header.len() })
    }

    /// Writes a row.
    pub fn row<'a>(&mut self, row: impl IntoIterator<Item = Cow<'a, str>>) -> io::Result<()> {
        let mut columns = 0;
        for cell in row {
            self.writer.write_field(harmless(&cell).as_bytes())?;
            columns += 1;
        }
        assert_eq!(columns, self.columns, "a row has a cell for every column");
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Hands the last rows over; answers the file.
    pub fn end(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|error| error.into_error())
    }
}

/// A cell that no spreadsheet takes for a formula: a name that begins as one does gets an apostrophe. Numbers stay numbers.
pub(crate) fn harmless(cell: &str) -> Cow<'_, str> {
    let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number =
        cell.len() > 1 && cell.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.') && cell.starts_with('-');
    if begins && !number { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The run of a report of one seed.
pub(super) fn outcome<'a>(report: &Report<'a>) -> Option<&'a Outcome> {
    match &report.body {
        Body::One { outcome, .. } => Some(outcome),
        Body::Many { .. } => None,
    }
}

/// A moment in milliseconds.
pub(super) fn ms(at: Instant) -> String {
    milliseconds(at.as_nanos())
}

/// A queue as topic, broker and queue id.
pub(super) fn queue(names: &Names, queue: QueueIndex) -> [String; 3] {
    let message_queue = names.message_queue(queue);
    [message_queue.topic.to_string(), message_queue.broker_name.to_string(), message_queue.queue_id.to_string()]
}

/// Cells from anything that is text or becomes it.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { [$(std::borrow::Cow::from($cell)),*] };
}
pub(super) use cells;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let table = [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
            ("-", "'-"),
            ("\t=1", "'\t=1"),
            ("-2", "-2"),
            ("-0.125", "-0.125"),
            ("10.0.0.1@c1", "10.0.0.1@c1"),
            ("", ""),
        ];
        for (cell, expected) in table {
            assert_eq!(harmless(cell), expected);
        }
        let rows = [[Cow::from("=cmd"), Cow::from("3")]];
        let mut file = Vec::new();
        sheet(&mut file, &["who", "count"], rows).expect("memory takes all");
        assert_eq!(file, b"who,count\n'=cmd,3\n");
    }
}
