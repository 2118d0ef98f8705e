//! What only Go clients do, as far as causes rest on it: an error that counts as an empty list, and queues that are given
//! up without a word on how far they came.

use std::collections::BTreeSet;

use crate::kernel::{Instant, Span};
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, TopicRebalance, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, Plan, TopicIndex};

/// The evidence of a run.
#[derive(Debug, Default)]
pub(in crate::check) struct GoClients {
    /// Who runs the Go client, in some release.
    go: Vec<bool>,
    /// Queues that their last owner gave up without an offset to send.
    silent: BTreeSet<(ConsumerIndex, QueueIndex)>,
    /// Rebalances to which a list without anybody was given, in order.
    empty: Vec<(Instant, ConsumerIndex, TopicIndex, BrokerIndex)>,
}

impl GoClients {
    pub fn new(plan: &Plan) -> Self {
        let is_go = |name: &str| {
            let named = plan.consumers.iter().chain(&plan.releases).filter(|consumer| consumer.name == name);
            named.into_iter().any(|consumer| consumer.client.go.is_some())
        };
        Self { go: plan.consumers.iter().map(|consumer| is_go(&consumer.name)).collect(), ..Self::default() }
    }

    /// What it reads.
    pub const READS: Kinds = kinds![OffsetSent, OffsetNotKnown, TopicRebalanced];

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        match seen.what {
            Observation::OffsetSent { consumer, queue } if !self.silent.is_empty() => {
                self.silent.remove(&(consumer, queue));
            }
            Observation::OffsetNotKnown { consumer, queue } => _ = self.silent.insert((consumer, queue)),
            Observation::TopicRebalanced {
                consumer,
                topic,
                broker: Some(broker),
                found: TopicRebalance::NotInList { members: 0 },
            } => self.empty.push((seen.at, consumer, topic, broker)),
            _ => {}
        }
    }

    /// Whether a consumer runs the Go client, in some release.
    pub fn is_go(&self, consumer: ConsumerIndex) -> bool {
        self.go.get(consumer.at()).copied().unwrap_or(false)
    }

    /// Whether a consumer gave a queue up, the last time, without an offset to send.
    pub fn was_silent(&self, consumer: ConsumerIndex, queue: QueueIndex) -> bool {
        self.silent.contains(&(consumer, queue))
    }

    /// Who gave a consumer the empty list on which it acted at a moment.
    pub fn empty_list(&self, consumer: ConsumerIndex, topic: TopicIndex, at: Instant) -> Option<BrokerIndex> {
        let same = |(when, who, what, _): &&(Instant, ConsumerIndex, TopicIndex, BrokerIndex)| {
            *who == consumer && *what == topic && *when <= at && at.since(*when) <= Span::from_millis(1)
        };
        self.empty.iter().rev().find(same).map(|(.., broker)| *broker)
    }
}
