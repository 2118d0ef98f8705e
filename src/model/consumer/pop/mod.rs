//! POP at the client: what brokers assign is popped and not owned, and each message is acknowledged for itself.
//!
//! ```text
//!   assignment.rs       what a rebalance gives and takes away    message.rs   the loop, DefaultMQPushConsumerImpl.popMessage
//!   process_queue.rs    PopProcessQueue                          callback.rs  what a pop brought
//!   service.rs, pool.rs ConsumeMessagePopConcurrentlyService     result.rs    acknowledged, later, or given up
//! ```
//! It stands beside the pull loop and its consume service: a group may pop one topic and pull another, and pulls its
//! `%RETRY%` always.

mod assignment;
mod callback;
mod message;
mod pool;
mod process_queue;
mod result;
mod service;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::ids::TopicIndex;
use crate::model::network::AssignedQueue;
use crate::model::outside::Outside;
use crate::model::plan::MessageModel;
use pool::PopPool;
use process_queue::PopProcessQueue;

/// What a consumer has of POP.
#[derive(Debug, Default)]
pub(in crate::model) struct Popping {
    /// All of this life, dropped ones included.
    pub process_queues: Vec<PopProcessQueue>,
    /// `popProcessQueueTable`.
    pub table: BTreeMap<AssignedQueue, u32>,
    pub pool: PopPool,
    /// `topicBrokerRebalance`: topics of which brokers were asked with success once.
    pub by_brokers: BTreeSet<TopicIndex>,
    /// `topicClientRebalance`: topics that this client deals itself as long as it lives.
    pub by_client: BTreeSet<TopicIndex>,
}

impl Consumer {
    /// `RebalancePushImpl.clientRebalance` is false: brokers are asked who has what. An orderly listener and `BROADCASTING`
    /// leave it true whatever was set (trap PE3).
    pub(in crate::model) fn asks_brokers(&self, out: &Outside<'_>) -> bool {
        let settings = &out.planned(self.index).consumer;
        !settings.pop.client_rebalance
            && self.service == ConsumeMessageService::Concurrently
            && settings.message_model == MessageModel::Clustering
    }

    /// The same of one topic, which a client of 5.0 to 5.3.1 may deal itself for ever (`RebalanceImpl.tryQueryAssignment`).
    pub(in crate::model) fn is_dealt_by_brokers(&self, out: &Outside<'_>, topic: TopicIndex) -> bool {
        self.asks_brokers(out) && !self.popping.by_client.contains(&topic)
    }

    /// Whether brokers have to be tried before they are asked for this topic.
    pub(in crate::model) fn tries_brokers(&self, out: &Outside<'_>, topic: TopicIndex) -> bool {
        out.planned(self.index).client.rules.try_query_assignment && !self.popping.by_brokers.contains(&topic)
    }
}

impl Outside<'_> {
    /// The topic of what is assigned.
    pub(in crate::model) fn assigned_topic(&self, assigned: AssignedQueue) -> TopicIndex {
        match assigned {
            AssignedQueue::One(queue) => self.names.queue(queue).topic,
            AssignedQueue::AllOf(_, topic) => topic,
        }
    }
}
