//! The files of a report: who writes what.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{DirectoryError, OutputDirectory, Report, csv, json, picture};

/// One file of a report. A new one is one file of code and one line in [`registry`].
pub trait Exporter: Sync {
    /// The file's name, such as `stalls.csv`.
    fn file_name(&self) -> &'static str;
    /// What is in it; `None` where a report of this kind has no such file.
    fn export(&self, report: &Report<'_>) -> Option<Vec<u8>>;
}

/// All exporters, in the order in which files are written.
#[must_use]
pub fn registry() -> &'static [&'static dyn Exporter] {
    static ALL: [&dyn Exporter; 23] = [
        &SummaryJson,
        &csv::Phases,
        &csv::Ownership,
        &csv::Stalls,
        &csv::Anomalies,
        &csv::Commits,
        &csv::Members,
        &csv::Deliveries,
        &csv::Balance,
        &csv::Lag,
        &csv::Load,
        &csv::SeedTable,
        &csv::Events,
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

/// Writes every file of the report, then puts them in place. Answers where an older report is that could not be cleared.
///
/// # Errors
/// What the operating system says, as for a full disk, or that `stop` was set; nothing is then left behind.
pub fn write(
    report: &Report<'_>,
    directory: OutputDirectory,
    stop: &AtomicBool,
) -> Result<Option<PathBuf>, DirectoryError> {
    for exporter in registry() {
        if stop.load(Ordering::Relaxed) {
            return Err(DirectoryError::Interrupted);
        }
        if let Some(bytes) = exporter.export(report) {
            directory.write(exporter.file_name(), &bytes)?;
        }
    }
    directory.publish()
}

/// `summary.json`, the same text as `--format json` prints.
struct SummaryJson;

impl Exporter for SummaryJson {
    fn file_name(&self) -> &'static str {
        "summary.json"
    }

    fn export(&self, report: &Report<'_>) -> Option<Vec<u8>> {
        Some(json::summary(report).into_bytes())
    }
}
