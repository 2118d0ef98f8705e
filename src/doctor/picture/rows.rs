//! Facts as finders read them: what stands in a row, and where.

use crate::import::fact::{BrokerRef, LogEvent, QueueName};
use crate::import::section::Place;

/// A connection of a member.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Where.
    pub place: Place,
    /// `clientId`.
    pub client_id: &'a str,
    /// `host:port` that it comes from.
    pub address: Option<&'a str>,
    /// Such as `JAVA`.
    pub language: Option<&'a str>,
    /// Such as `V5_3_3`.
    pub version: Option<&'a str>,
}

/// The members of a group as one broker lists them at one time.
#[derive(Debug)]
pub struct List<'a> {
    /// Which piece of the inputs it is.
    pub piece: usize,
    /// When, milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// Its rows.
    pub members: Vec<Member<'a>>,
}

/// A queue's progress.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Where.
    pub place: Place,
    /// The queue.
    pub queue: &'a QueueName,
    /// One past the last message.
    pub broker_offset: i64,
    /// What is committed.
    pub consumer_offset: i64,
    /// The host of its owner.
    pub client_ip: Option<&'a str>,
    /// Pulled or popped and not committed.
    pub inflight: Option<i64>,
}

impl Row<'_> {
    /// Messages that wait.
    #[must_use]
    pub fn lag(&self) -> i64 {
        self.broker_offset.saturating_sub(self.consumer_offset.max(0))
    }
}

/// The progress of all queues of a group at one time.
#[derive(Debug)]
pub struct Snapshot<'a> {
    /// Which piece of the inputs it is.
    pub piece: usize,
    /// When, milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// Its rows.
    pub rows: Vec<Row<'a>>,
}

/// A queue in a member's process queue table.
#[derive(Debug, Clone, Copy)]
pub struct Owned<'a> {
    /// Where.
    pub place: Place,
    /// The member.
    pub client_id: &'a str,
    /// The queue.
    pub queue: &'a QueueName,
    /// Whether it believes to have the lock.
    pub locked: Option<bool>,
}

/// A topic that is subscribed.
#[derive(Debug, Clone, Copy)]
pub struct Subscribed<'a> {
    /// Where.
    pub place: Place,
    /// In which piece of the inputs.
    pub piece: usize,
    /// Whose; `None`: what a broker has for the group.
    pub client_id: Option<&'a str>,
    /// The topic.
    pub topic: &'a str,
    /// Tags.
    pub expression: &'a str,
}

/// What a group is by its heartbeats.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Where.
    pub place: Place,
    /// How many members.
    pub members: Option<u32>,
    /// `MessageModel`.
    pub message_model: Option<&'a str>,
    /// `ConsumeFromWhere`.
    pub consume_from_where: Option<&'a str>,
    /// `Diff Total`.
    pub diff_total: Option<i64>,
}

/// What a broker has of a group.
#[derive(Debug, Clone, Copy)]
pub struct Configured<'a> {
    /// Where.
    pub place: Place,
    /// The broker.
    pub broker: &'a BrokerRef,
    /// `consumeEnable`.
    pub consume_enable: Option<bool>,
    /// `consumeBroadcastEnable`.
    pub consume_broadcast_enable: Option<bool>,
    /// `retryQueueNums`.
    pub retry_queue_nums: Option<u32>,
    /// `retryMaxTimes`.
    pub retry_max_times: Option<i32>,
}

/// A request mode.
#[derive(Debug, Clone, Copy)]
pub struct Mode<'a> {
    /// Where.
    pub place: Place,
    /// The broker.
    pub broker: &'a BrokerRef,
    /// The topic.
    pub topic: &'a str,
    /// `PULL` or `POP`.
    pub mode: &'a str,
}

/// A setting as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Where.
    pub place: Place,
    /// The broker; `None`: a slave, a client or a name server.
    pub broker: Option<&'a BrokerRef>,
    /// Its name.
    pub key: &'a str,
    /// Its value.
    pub value: &'a str,
}

/// What a broker has of a topic.
#[derive(Debug, Clone, Copy)]
pub struct TopicOnBroker<'a> {
    /// Where.
    pub place: Place,
    /// The topic.
    pub topic: &'a str,
    /// The broker.
    pub broker: &'a BrokerRef,
    /// `readQueueNums`.
    pub read_queues: Option<u32>,
    /// `writeQueueNums`.
    pub write_queues: Option<u32>,
    /// `perm`.
    pub perm: Option<u8>,
}

/// The first and the last offset of a queue.
#[derive(Debug, Clone, Copy)]
pub struct Range<'a> {
    /// Where.
    pub place: Place,
    /// The topic, where it is known.
    pub topic: Option<&'a str>,
    /// `brokerName`.
    pub broker: &'a str,
    /// `queueId`.
    pub queue: u32,
    /// `minOffset`.
    pub min: i64,
    /// `maxOffset`.
    pub max: i64,
}

/// A line of a log.
#[derive(Debug, Clone, Copy)]
pub struct Logged<'a> {
    /// Where.
    pub place: Place,
    /// When.
    pub at_ms: i64,
    /// What.
    pub event: &'a LogEvent,
}

impl<'a> Logged<'a> {
    /// The group that it names.
    #[must_use]
    pub fn group(&self) -> Option<&'a str> {
        match self.event {
            LogEvent::Notified { group, .. }
            | LogEvent::QueueAdded { group, .. }
            | LogEvent::QueueRemoved { group, .. }
            | LogEvent::Rebalanced { group, .. }
            | LogEvent::LockRefused { group, .. }
            | LogEvent::LockTaken { group, .. }
            | LogEvent::LockGivenBack { group, .. } => Some(group),
            LogEvent::Trouble { group, .. } => group.as_deref(),
        }
    }
}
