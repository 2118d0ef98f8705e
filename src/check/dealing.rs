//! How many queues a strategy moves between two sets of members, had their ids been sorted in one order or another.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::model::Names;
use crate::model::observation::{ClientIndex, QueueIndex};
use crate::model::plan::{ConsumerIndex, GroupIndex, Plan};
use crate::strategy::{AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Members of a group with the ids that they had.
pub(super) type Members = BTreeSet<(ConsumerIndex, ClientIndex)>;

/// The strategy of each consumer.
pub(super) struct Dealing {
    strategies: Vec<Arc<dyn AllocateMessageQueueStrategy>>,
}

impl fmt::Debug for Dealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.strategies.iter().map(|strategy| strategy.name())).finish()
    }
}

impl Dealing {
    pub fn new(plan: &Plan) -> Self {
        let strategy = |consumer: &crate::model::plan::ConsumerPlan| {
            Arc::clone(&consumer.consumer.allocate_message_queue_strategy)
        };
        Self { strategies: plan.consumers.iter().map(strategy).collect() }
    }

    /// The name of the strategy of these members; `None`: they have several, or there are no members.
    pub fn strategy(&self, members: &Members) -> Option<String> {
        let mut names = members.iter().map(|(consumer, _)| self.strategies[consumer.at()].name());
        let first = names.next()?;
        names.all(|other| other == first).then_some(first)
    }

    /// How many of these queues change hands where `before` become `after`.
    pub fn moved(
        &self,
        group: GroupIndex,
        queues: &[QueueIndex],
        (before, after): (&Members, &Members),
        order: fn(&str, &str) -> Ordering,
        names: &Names,
    ) -> u64 {
        let (was, is) =
            (self.dealt(group, queues, before, order, names), self.dealt(group, queues, after, order, names));
        queues.iter().filter(|queue| was.get(queue) != is.get(queue)).count() as u64
    }

    fn dealt(
        &self,
        group: GroupIndex,
        queues: &[QueueIndex],
        members: &Members,
        order: fn(&str, &str) -> Ordering,
        names: &Names,
    ) -> BTreeMap<QueueIndex, ConsumerIndex> {
        let mut sorted: Vec<(ConsumerIndex, ClientIndex)> = members.iter().copied().collect();
        sorted.sort_by(|a, b| order(names.client(a.1), names.client(b.1)));
        let mut message_queues: Vec<MessageQueue> =
            queues.iter().map(|&queue| names.message_queue(queue).clone()).collect();
        message_queues.sort_by(MessageQueue::compare);
        let Some((first, _)) = sorted.first() else { return BTreeMap::new() };
        let ids: Vec<ClientId> = sorted.iter().map(|(_, client)| names.client(*client).clone()).collect();
        let answers = self.strategies[first.at()].allocate_all(names.group(group), &message_queues, &ids);
        let mut owners = BTreeMap::new();
        for ((consumer, _), answer) in sorted.iter().zip(answers) {
            for queue in answer.into_iter().flatten().filter_map(|queue| names.find_message_queue(&queue)) {
                owners.insert(queue, *consumer);
            }
        }
        owners
    }
}
