//! A queue as an offset file names it.

use std::fmt;
use std::sync::Arc;

use super::concurrent_hash_map::{JavaHash, java_string_hash};
use crate::strategy::MessageQueue;

/// `MessageQueue` with the gaps that a file may have: a key without a topic is read as null, and works.
///
/// Its order (by fields) is for our tables only; files are in the order of Java's map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct QueueKey {
    /// Name of the topic.
    pub topic: Option<Arc<str>>,
    /// Name of the broker.
    pub broker_name: Option<Arc<str>>,
    /// Number of the queue within topic and broker.
    pub queue_id: i32,
}

impl QueueKey {
    /// A key without gaps.
    #[must_use]
    pub fn new(topic: &str, broker_name: &str, queue_id: i32) -> Self {
        Self { topic: Some(topic.into()), broker_name: Some(broker_name.into()), queue_id }
    }
}

impl From<&MessageQueue> for QueueKey {
    fn from(queue: &MessageQueue) -> Self {
        Self {
            topic: Some(queue.topic.clone()),
            broker_name: Some(queue.broker_name.clone()),
            queue_id: queue.queue_id,
        }
    }
}

/// `MessageQueue.hashCode`; a null counts 0.
impl JavaHash for QueueKey {
    fn java_hash(&self) -> i32 {
        let text = |part: &Option<Arc<str>>| part.as_deref().map_or(0, java_string_hash);
        [text(&self.broker_name), self.queue_id, text(&self.topic)]
            .into_iter()
            .fold(1, |hash: i32, part| hash.wrapping_mul(31).wrapping_add(part))
    }
}

impl fmt::Display for QueueKey {
    /// `topic/broker/queueId`, the form all reports use; a gap prints as `null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |part: &Option<Arc<str>>| part.clone().unwrap_or_else(|| "null".into());
        write!(f, "{}/{}/{}", text(&self.topic), text(&self.broker_name), self.queue_id)
    }
}
