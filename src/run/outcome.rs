//! What one run leaves behind.

use crate::check::Findings;
use crate::kernel::{Fingerprint, Instant};
use crate::model::Names;

/// What to keep of a run beside the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunOptions {
    /// Keep the rows of the CSV files; without it only figures, causes and anomalies are kept.
    pub rows: bool,
    /// Play every event, those that change nothing too: the event log has them anyway.
    pub every_event: bool,
}

/// One run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// Its seed.
    pub seed: u64,
    /// Hash over all events.
    pub fingerprint: Fingerprint,
    /// How many events happened.
    pub events: u64,
    /// The most that ever waited at once.
    pub peak_pending: usize,
    /// When it ended.
    pub end: Instant,
    /// When each step of the timeline took place, and its label.
    pub steps: Vec<(Instant, String)>,
    /// Texts behind the numbers.
    pub names: Names,
    /// What the checks found.
    pub findings: Findings,
}
