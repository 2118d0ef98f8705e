//! The two kinds of ids that strategies and offset stores see.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::order::compare_java_strings;

/// A client id as the broker lists it, such as `10.0.0.7@4711#918273645546` (`ClientConfig.buildMQClientId`).
pub type ClientId = Arc<str>;

/// One queue of a topic on one broker (`org.apache.rocketmq.common.message.MessageQueue`). Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageQueue {
    /// Name of the topic.
    pub topic: Arc<str>,
    /// Name of the broker.
    pub broker_name: Arc<str>,
    /// Number of the queue within topic and broker, from 0; any 32-bit value in Java.
    pub queue_id: i32,
}

impl MessageQueue {
    /// A queue from its three parts.
    #[must_use]
    pub fn new(topic: &str, broker_name: &str, queue_id: i32) -> Self {
        Self { topic: topic.into(), broker_name: broker_name.into(), queue_id }
    }

    /// Java's `compareTo`: topic, then broker name by UTF-16 units, then the queue ids subtracted in 32 bits,
    /// overflow included (`MessageQueue.compareTo`).
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let same = |a: &Arc<str>, b: &Arc<str>| Arc::ptr_eq(a, b) || a == b;
        if !same(&self.topic, &other.topic) {
            return compare_java_strings(&self.topic, &other.topic);
        }
        if !same(&self.broker_name, &other.broker_name) {
            return compare_java_strings(&self.broker_name, &other.broker_name);
        }
        self.queue_id.wrapping_sub(other.queue_id).cmp(&0)
    }
}

impl fmt::Display for MessageQueue {
    /// `topic/broker/queueId`, the form all reports use.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.topic, self.broker_name, self.queue_id)
    }
}
