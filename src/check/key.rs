//! What checks keep their accounts by.

use crate::model::Names;
use crate::model::ids::{AudienceIndex, ConsumerIndex, GroupIndex, QueueIndex};

/// A queue as one audience has it; in order of audience, then queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Whose.
    pub audience: AudienceIndex,
    /// The queue.
    pub queue: QueueIndex,
}

impl Key {
    /// A queue as a consumer has it: with the others of its group, or in `BROADCASTING` alone.
    #[must_use]
    #[inline]
    pub fn of(consumer: ConsumerIndex, queue: QueueIndex, names: &Names) -> Self {
        Self { audience: names.audience_of(consumer), queue }
    }

    /// A queue as a group shares it.
    #[must_use]
    #[inline]
    pub fn of_group(group: GroupIndex, queue: QueueIndex, names: &Names) -> Self {
        Self { audience: names.audience_of_group(group), queue }
    }

    /// All that an audience can have.
    #[must_use]
    pub fn all_of(audience: AudienceIndex) -> std::ops::RangeInclusive<Self> {
        Self { audience, queue: QueueIndex::MIN }..=Self { audience, queue: QueueIndex::MAX }
    }
}
