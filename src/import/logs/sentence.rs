//! Sentences of RocketMQ, and the parts that are read off them.

use crate::import::fact::{LogEvent, LogTrouble, QueueName};

/// A sentence that a process logs.
#[derive(Debug)]
pub(super) struct Sentence {
    /// What stands in it, both of them, and in no other.
    pub marks: [&'static str; 2],
    /// What it says, from what stands behind the first mark; `None` where that is not all there.
    pub read: fn(&str) -> Option<LogEvent>,
}

/// What stands between two marks: `value` between `=` and `,`.
pub(super) fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(behind)?.0)
}

/// What stands behind a mark until a comma, a space or the end.
pub(super) fn word_behind<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let word = rest.split([',', ' ', ']']).next().unwrap_or("");
    (!word.is_empty()).then_some(word)
}

/// The first queue of a text: `MessageQueue [topic=T, brokerName=B, queueId=3]` (`MessageQueue.toString`).
pub(super) fn queue(text: &str) -> Option<QueueName> {
    queues(text).into_iter().next()
}

/// All queues of a text.
pub(super) fn queues(text: &str) -> Vec<QueueName> {
    let named = text.split("MessageQueue [topic=").skip(1).filter_map(|rest| {
        let (topic, rest) = rest.split_once(", brokerName=")?;
        let (broker, rest) = rest.split_once(", queueId=")?;
        let id = rest.split_once(']')?.0.parse().ok()?;
        Some(QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id })
    });
    named.collect()
}

/// Trouble of which nothing but the kind is said.
pub(super) fn trouble(kind: LogTrouble) -> LogEvent {
    LogEvent::Trouble { kind, group: None, queue: None, client_id: None }
}

/// Trouble of a group, and of a queue where one is named.
pub(super) fn trouble_of(kind: LogTrouble, group: Option<&str>, queue: Option<QueueName>) -> LogEvent {
    LogEvent::Trouble { kind, group: group.map(str::to_owned), queue, client_id: None }
}

/// Trouble of a queue, whose group the line does not say.
pub(super) fn queue_trouble(kind: LogTrouble, rest: &str) -> Option<LogEvent> {
    Some(trouble_of(kind, None, Some(queue(rest)?)))
}

/// The group and the queue of `GROUP, .. MessageQueue [..]`: a queue moved or was tried.
pub(super) fn group_and_queue(rest: &str) -> Option<(String, QueueName)> {
    let group = rest.split(',').next()?.trim();
    (!group.is_empty()).then_some((group.to_owned(), queue(rest)?))
}
