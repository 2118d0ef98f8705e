//! Which of two states of a table is newer (`DataVersion`).

use crate::kernel::Instant;

/// `DataVersion`: of two the one with the higher counter is newer, then the later one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataVersion {
    counter: u64,
    timestamp: Instant,
}

impl DataVersion {
    /// The one behind it (`DataVersion.nextVersion`).
    pub fn raised(self, now: Instant) -> Self {
        Self { counter: self.counter + 1, timestamp: now }
    }
}
