//! Places in the order of events.

use super::priority_queue::Entry;
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

    /// Puts things into the order of their places. O(n log n), and less where stretches are in order already.
    pub fn sort<T: Copy>(placed: &mut Vec<(Self, T)>) {
        let key = |(number, (place, _)): (u32, &(Self, T))| Entry::new(place.at, place.sequence, number);
        let mut keys: Vec<Entry> = (0..).zip(placed.iter()).map(key).collect();
        keys.sort();
        *placed = keys.into_iter().map(|key| placed[key.slot() as usize]).collect();
    }

    /// Insertion number of the event during which the place was taken.
    #[must_use]
    pub const fn cause(&self) -> u64 {
        self.cause
    }
}
