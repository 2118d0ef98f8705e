//! The files of a report: who writes what.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::{DirectoryError, Folder, Report, csv, json, page, picture};

/// One file of a report. A new one is one file of code and one line in [`registry`].
pub trait Exporter: Sync {
    /// The file's name, such as `stalls.csv`.
    fn file_name(&self) -> &'static str;
    /// Writes what is in it, or nothing at all where a report of this kind has no such file.
    ///
    /// # Errors
    /// What the file says.
    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()>;
}

/// All exporters, in the order in which files are written.
#[must_use]
pub fn registry() -> &'static [&'static dyn Exporter] {
    static ALL: [&dyn Exporter; 24] = [
        &SummaryJson,
        &page::ReportPage,
        &csv::Phases,
        &csv::Ownership,
        &csv::Stalls,
        &csv::Anomalies,
        &csv::Commits,
        &csv::Members,
        &csv::Deliveries,
        &csv::Balance,
        &csv::Lag,
        &csv::Latency,
        &csv::Load,
        &csv::SeedTable,
        &picture::OWNERSHIP[0],
        &picture::OWNERSHIP[1],
        &picture::LAG[0],
        &picture::LAG[1],
        &picture::LOAD[0],
        &picture::LOAD[1],
        &picture::BALANCE[0],
        &picture::BALANCE[1],
        &picture::DISTRIBUTIONS[0],
        &picture::DISTRIBUTIONS[1],
    ];
    &ALL
}

/// Writes every file of the report beside those that are there.
///
/// # Errors
/// What the operating system says, as for a full disk, or that `stop` was set.
pub fn fill(report: &Report<'_>, folder: &Folder<'_>, stop: &AtomicBool) -> Result<(), DirectoryError> {
    for exporter in registry() {
        if stop.load(Ordering::Relaxed) {
            return Err(DirectoryError::Interrupted);
        }
        folder.fill(exporter.file_name(), |file| exporter.export(report, file))?;
    }
    Ok(())
}

/// `summary.json`, the same text as `--format json` prints.
struct SummaryJson;

impl Exporter for SummaryJson {
    fn file_name(&self) -> &'static str {
        "summary.json"
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        file.write_all(json::summary(report).as_bytes())
    }
}
