//! Tags by number, and sets of them.

use serde::Serialize;

/// Which tags a subscription takes (`SubscriptionData.tagsSet`): by number, 0 for messages without a tag, then the tags
/// of [`super::Plan::tags`] from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TagSet(u64);

impl TagSet {
    /// `*`.
    pub const ALL: Self = Self(u64::MAX);
    /// How many tags there can be.
    pub const MOST: usize = 63;

    /// The set with one more.
    #[must_use]
    pub fn with(self, tag: u8) -> Self {
        Self(self.0 | 1 << tag)
    }

    /// The set as a number.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Whether a message with this tag is taken.
    #[must_use]
    pub fn contains(self, tag: u8) -> bool {
        self.0 >> tag & 1 == 1
    }
}
