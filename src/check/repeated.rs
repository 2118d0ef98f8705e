//! What happens again and again: when first, when last, how often.

use crate::kernel::Instant;

/// Something that happened at least once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeated {
    /// The first time.
    pub first: Instant,
    /// The last time.
    pub last: Instant,
    /// How often.
    pub count: u64,
}

impl Repeated {
    /// So often at this moment, and not before.
    pub fn of(at: Instant, count: u64) -> Self {
        Self { first: at, last: at, count }
    }

    /// So often more at this moment.
    pub fn add(&mut self, at: Instant, count: u64) {
        (self.last, self.count) = (self.last.max(at), self.count + count);
    }

    /// Once more of what a table may not have yet.
    pub fn note<K>(entry: std::collections::btree_map::Entry<'_, K, Self>, at: Instant)
    where
        K: Ord,
    {
        entry.and_modify(|times| times.add(at, 1)).or_insert(Self::of(at, 1));
    }
}
