//! Lists of queues: `mqadmin consumerProgress`, `mqadmin topicStatus`, and what people write.

use super::kind::{Kind, header, kind};
use super::lines::{ListError, numbered};
use crate::import::tables::{TOTALS, is_noise, queue_and_offsets, queue_and_range};
use crate::strategy::MessageQueue;

/// The queues of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueList {
    /// In the order of the list.
    pub queues: Vec<MessageQueue>,
    /// It is an output of `topicStatus`: up to 5.1 the topic's write queues, from 5.3.2 as many as there are of either
    /// kind (`AdminBrokerProcessor.getTopicStatsInfo`). Queues that are read are what is allocated.
    pub of_topic_status: bool,
}

const QUEUE: &str = "queue; write topic/broker/queueId, or columns topic, broker, queueId (further ones are ignored)";
const QUEUE_OF_TOPIC: &str = "queue; write topic/broker/queueId, or columns topic, broker, queueId, or broker, queueId (further ones are ignored)";
const WANTED: &str = "a list of queues: what `mqadmin consumerProgress -g GROUP` or `mqadmin topicStatus -t TOPIC` \
                      prints, or lines topic/broker/queueId";

/// Which table the lines belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    /// None: as people write them.
    Plain,
    /// Topic, broker, queue id, numbers.
    ConsumerProgress,
    /// Broker, queue id, numbers.
    TopicStatus,
}

/// Reads a list. A line without a topic belongs to `topic`.
///
/// # Errors
/// A line is not understood, or the text is something else.
pub fn queues(text: &str, topic: Option<&str>) -> Result<QueueList, ListError> {
    let mut table = match kind(text) {
        None => Table::Plain,
        Some(Kind::Output("consumerProgress")) => Table::ConsumerProgress,
        Some(Kind::Output("topicStatus")) => Table::TopicStatus,
        Some(kind) => return Err(ListError::Other { kind, wanted: WANTED }),
    };
    let headed = table != Table::Plain;
    let mut list = QueueList { queues: Vec::new(), of_topic_status: false };
    let mut begun = !headed;
    for (number, line) in numbered(text) {
        if let Some(name) = header(line) {
            (table, begun) = (if name == "topicStatus" { Table::TopicStatus } else { Table::ConsumerProgress }, true);
            list.of_topic_status |= table == Table::TopicStatus;
        }
        // What stands before the header is no row.
        if !begun || line.starts_with('#') || is_noise(line) || headed && TOTALS.iter().any(|t| line.starts_with(t)) {
            continue;
        }
        let columns: Vec<&str> =
            line.split(|c: char| c.is_whitespace() || c == ',').filter(|column| !column.is_empty()).collect();
        // The header of our own tables.
        if !headed && columns.starts_with(&["topic", "broker"]) {
            continue;
        }
        let read = match table {
            Table::Plain => queue(&columns, topic).ok_or(if topic.is_some() { QUEUE_OF_TOPIC } else { QUEUE }),
            Table::ConsumerProgress => {
                progress(&columns).ok_or("row of `mqadmin consumerProgress`, which the header promises")
            }
            Table::TopicStatus => match topic {
                Some(topic) => status(&columns, topic).ok_or("row of `mqadmin topicStatus`, which the header promises"),
                None => Err("queue without its topic: `mqadmin topicStatus` prints none, so give one --topic"),
            },
        };
        list.queues.push(read.map_err(|expected| ListError::line(number, line, expected))?);
    }
    Ok(list)
}

/// A row of `consumerProgress`.
fn progress(columns: &[&str]) -> Option<MessageQueue> {
    let (topic, broker, id, ..) = queue_and_offsets(columns)?;
    Some(MessageQueue::new(topic, broker, i32::try_from(id).ok()?))
}

/// A row of `topicStatus`.
fn status(columns: &[&str], topic: &str) -> Option<MessageQueue> {
    let (broker, id, ..) = queue_and_range(columns)?;
    Some(MessageQueue::new(topic, broker, i32::try_from(id).ok()?))
}

fn queue(columns: &[&str], topic: Option<&str>) -> Option<MessageQueue> {
    if let [one] = columns {
        let mut parts = one.split('/');
        let (topic, broker, id) = (parts.next()?, parts.next()?, number(parts.next()?)?);
        let whole = parts.next().is_none() && !topic.is_empty() && !broker.is_empty();
        return whole.then(|| MessageQueue::new(topic, broker, id));
    }
    let id = |column: usize| columns.get(column).and_then(|text| number(text));
    match (topic, id(1), id(2)) {
        // With a number in both places it is mqadmin's topicStatus, unless the topic itself stands in front.
        (Some(topic), Some(id), other) if other.is_none() || columns[0] != topic => {
            Some(MessageQueue::new(topic, columns[0], id))
        }
        // Three numbers behind a name: topicStatus without its header and without a topic.
        (None, Some(_), Some(_)) if id(3).is_some() => None,
        (_, _, Some(id)) => Some(MessageQueue::new(columns[0], columns[1], id)),
        _ => None,
    }
}

/// A queue id: 0 or more.
fn number(text: &str) -> Option<i32> {
    text.parse().ok().filter(|id| *id >= 0)
}
