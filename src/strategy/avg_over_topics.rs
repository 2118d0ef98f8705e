//! `AVG_OVER_TOPICS`, **not RocketMQ's**: dealing goes on from topic to topic instead of starting afresh with the
//! first id (asked for in apache/rocketmq#1945).

use std::collections::BTreeMap;

use super::by_owner::{Members, Owners, allocates_by_owner, share_of, shares};
use super::hash_ring::hash;
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Deals the queues of all topics, in order of topics, one by one: no member has more than one queue above another,
/// within a topic and over all of them.
///
/// **Shared state**: all members must subscribe to the same topics and know the same queues of them. A topic that is
/// not among these begins at an id that its name's hash picks, which is even only on average.
#[derive(Debug, Clone, Default)]
pub struct AveragelyOverTopics {
    /// Queues of all topics before this one.
    starts: BTreeMap<String, usize>,
}

impl AveragelyOverTopics {
    /// Over the topics of these queues.
    #[must_use]
    pub fn new(group_queues: &[MessageQueue]) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for queue in group_queues {
            *counts.entry(queue.topic.to_string()).or_default() += 1;
        }
        let mut dealt = 0;
        let start = |(topic, count)| {
            let start = dealt;
            dealt += count;
            (topic, start)
        };
        Self { starts: counts.into_iter().map(start).collect() }
    }
}

impl Owners for AveragelyOverTopics {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let distinct = members.distinct();
        let Some(first) = mq_all.first() else { return Vec::new() };
        let unknown = || hash(&first.topic) as usize % distinct.len();
        let start = self.starts.get(&*first.topic).copied().unwrap_or_else(unknown);
        (0..mq_all.len()).map(|index| Some(distinct[(start + index) % distinct.len()])).collect()
    }
}

impl AllocateMessageQueueStrategy for AveragelyOverTopics {
    fn name(&self) -> String {
        "AVG_OVER_TOPICS".to_owned()
    }

    allocates_by_owner!();
}
