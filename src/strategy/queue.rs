//! The two kinds of ids that strategies and offset stores see.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;

use super::order::{compare_java_strings, compare_to};

/// A client id as the broker lists it, such as `10.0.0.7@4711#918273645546` (`ClientConfig.buildMQClientId`).
///
/// ```
/// let id: rebalance_sim::ClientId = "10.0.0.7@4711#918273645546".into();
/// assert!(id.starts_with("10.0.0.7@"));
/// ```
pub type ClientId = Arc<str>;

/// One queue of a topic on one broker (`org.apache.rocketmq.common.message.MessageQueue`). Cheap to clone.
///
/// ```
/// use rebalance_sim::MessageQueue;
/// let mut queues = [MessageQueue::new("orders", "b", 10), MessageQueue::new("orders", "b", 9)];
/// queues.sort();
/// assert_eq!(queues[0].to_string(), "orders/b/9");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "(String, String, i32)")]
pub struct MessageQueue {
    /// Name of the topic.
    pub topic: Arc<str>,
    /// Name of the broker.
    pub broker_name: Arc<str>,
    /// Number of the queue within topic and broker, from 0; any 32-bit value in Java.
    pub queue_id: i32,
}

/// By topic, then broker name, as Java compares texts, then queue id: [`MessageQueue::compare`] wherever its
/// subtraction does not overflow, which no queue of a cluster makes it do.
impl Ord for MessageQueue {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_java_strings(&self.topic, &other.topic)
            .then_with(|| compare_java_strings(&self.broker_name, &other.broker_name))
            .then(self.queue_id.cmp(&other.queue_id))
    }
}

impl PartialOrd for MessageQueue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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

    /// The number that Java's `compareTo` answers (`MessageQueue.compareTo`).
    #[must_use]
    pub fn compare_to(&self, other: &Self) -> i32 {
        [compare_to(&self.topic, &other.topic), compare_to(&self.broker_name, &other.broker_name)]
            .into_iter()
            .find(|&difference| difference != 0)
            .unwrap_or_else(|| self.queue_id.wrapping_sub(other.queue_id))
    }

    /// Java's hash of a queue, wrapping in 32 bits (`MessageQueue.hashCode`).
    #[must_use]
    pub fn hash_code(&self) -> i32 {
        let step = |hash: i32, value: i32| hash.wrapping_mul(31).wrapping_add(value);
        let text = |text: &str| text.encode_utf16().fold(0, |hash, unit| step(hash, i32::from(unit)));
        step(step(step(1, text(&self.broker_name)), self.queue_id), text(&self.topic))
    }

    /// Java's text of a queue, which is also its key on the hash ring (`MessageQueue.toString`).
    #[must_use]
    pub fn to_java_string(&self) -> String {
        let Self { topic, broker_name, queue_id } = self;
        format!("MessageQueue [topic={topic}, brokerName={broker_name}, queueId={queue_id}]")
    }
}

impl From<(String, String, i32)> for MessageQueue {
    fn from((topic, broker_name, queue_id): (String, String, i32)) -> Self {
        Self { topic: topic.into(), broker_name: broker_name.into(), queue_id }
    }
}

impl fmt::Display for MessageQueue {
    /// `topic/broker/queueId`, the form all reports use.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.topic, self.broker_name, self.queue_id)
    }
}
