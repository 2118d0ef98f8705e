//! What the application of a consumer does with messages: how long it works, how often it fails.

use super::{OwnListener, TopicIndex};
use crate::kernel::Distribution;

/// What a listener does with a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// How long it works on a batch.
    pub work: Distribution,
    /// How long it works on a batch of these topics instead; what comes back through `%RETRY%` is of its first topic.
    pub work_by_topic: Vec<(TopicIndex, Distribution)>,
    /// Of a million batches, how many end in `RECONSUME_LATER`, or in what an orderly listener says instead.
    pub failures_per_million: u32,
    /// Of a million batches, how many end in an exception. Java takes it for a failure, as whatever else is no success; of
    /// the Go client it is a panic.
    pub panics_per_million: u32,
    /// `ConsumeConcurrentlyContext.delayLevelWhenNextConsume` of a batch that failed, 0: by how often it came back; below 0:
    /// to the dead-letter queue, where it is pulled.
    pub delay_level_when_next_consume: i32,
    /// It is a `MessageListenerOrderly`; `None`: a `MessageListenerConcurrently`.
    pub orderly: Option<OrderlyListener>,
    /// Somebody else's, which says instead how long it works and whether it fails.
    pub own: Option<OwnListener>,
}

impl Listener {
    /// Whether it fails at times, in whatever way.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.failures_per_million > 0 || self.panics_per_million > 0
    }

    /// How long it works on a batch of a topic.
    #[must_use]
    pub fn work_on(&self, topic: TopicIndex) -> &Distribution {
        let own = self.work_by_topic.iter().find(|(of, _)| *of == topic);
        own.map_or(&self.work, |(_, work)| work)
    }
}

/// What a `MessageListenerOrderly` tells its `ConsumeOrderlyContext`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderlyListener {
    /// `autoCommit`, true.
    pub auto_commit: bool,
    /// Without `autoCommit`: every so many batches of a queue it answers `COMMIT`, else `SUCCESS`.
    pub commit_every: u32,
    /// A failed batch answers `ROLLBACK`, else `SUSPEND_CURRENT_QUEUE_A_MOMENT`.
    pub rolls_back: bool,
}

impl Default for OrderlyListener {
    fn default() -> Self {
        Self { auto_commit: true, commit_every: 1, rolls_back: false }
    }
}
