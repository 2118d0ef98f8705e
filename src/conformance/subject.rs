//! What is compared: this crate's answers, unless a test puts something else in their place.

use std::sync::Arc;

use crate::strategy::hash_ring::{HashRing, hash, virtual_node_key};
use crate::strategy::order::{compare_java_strings, compare_to, sort_queues};
use crate::strategy::{
    AllocateMessageQueueStrategy, ClientId, MessageQueue, StrategyError, StrategyParameters, go, registry,
};

/// Makes a strategy from its name and settings.
type Build = fn(&str, &StrategyParameters) -> Result<Arc<dyn AllocateMessageQueueStrategy>, StrategyError>;

/// One function for each thing that the real classes were asked.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The strategies.
    pub build: Build,
    /// `String.compareTo`.
    pub compare_strings: fn(&str, &str) -> i32,
    /// `MessageQueue.compareTo`.
    pub compare_queues: fn(&MessageQueue, &MessageQueue) -> i32,
    /// `Collections.sort` of client ids.
    pub sort_ids: fn(&mut [ClientId]),
    /// `Collections.sort` of queues.
    pub sort_queues: fn(&mut [MessageQueue]),
    /// `MessageQueue.toString`.
    pub queue_text: fn(&MessageQueue) -> String,
    /// `MessageQueue.hashCode`.
    pub queue_hash_code: fn(&MessageQueue) -> i32,
    /// The hash of the ring.
    pub hash: fn(&str) -> u32,
    /// The key of a virtual node.
    pub virtual_node_key: fn(&str, u32) -> String,
    /// The ring.
    pub ring: fn(&[ClientId], u32) -> HashRing,
}

impl Subject {
    /// The strategies of the Go client; all else is Java's.
    #[must_use]
    pub fn go() -> Self {
        Self { build: go::build, ..Self::default() }
    }
}

impl Default for Subject {
    fn default() -> Self {
        Self {
            build: registry::build,
            compare_strings: compare_to,
            compare_queues: MessageQueue::compare_to,
            sort_ids: |ids| ids.sort_by(|a, b| compare_java_strings(a, b)),
            sort_queues,
            queue_text: MessageQueue::to_java_string,
            queue_hash_code: MessageQueue::hash_code,
            hash,
            virtual_node_key,
            ring: HashRing::new,
        }
    }
}
