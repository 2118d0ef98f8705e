//! Places in the order of events.

use super::time::Instant;

/// A place in the order, kept for an event that may never have to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    pub(super) at: Instant,
    pub(super) sequence: u64,
    pub(super) cause: u64,
    pub(super) links: u32,
}

impl Reserved {
    /// When the event would happen.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// The insertion number that the event would have.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Insertion number of the event during which the place was taken.
    #[must_use]
    pub const fn cause(&self) -> u64 {
        self.cause
    }
}
