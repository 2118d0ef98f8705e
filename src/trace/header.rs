//! The first line of a trace: which cluster was recorded, and the story it was told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Line 1 of a trace. Counts are plain numbers, times carry their unit in the name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the format; only 1 is known.
    pub trace: u32,
    /// The story.
    pub name: String,
    /// RocketMQ's version.
    pub rocketmq: String,
    /// Length of the recording after its time 0.
    pub seconds: f64,
    /// Topics.
    pub topics: Vec<String>,
    /// Brokers, all masters.
    pub brokers: Vec<String>,
    /// Queues of each topic on each broker at the start.
    pub queues_per_broker: u32,
    /// RocketMQ's name of the strategy, unless a step says otherwise.
    pub allocate_strategy: String,
    /// `clustering` or `broadcasting`.
    pub message_model: MessageModel,
    /// `concurrent` or `orderly`.
    pub listener: Listener,
    /// How long the listener sleeps a batch.
    pub work_ms: u64,
    /// `consumeThreadMin` and `consumeThreadMax`.
    pub consume_threads: u32,
    /// `awaitTerminationMillisWhenShutdown`.
    pub await_termination_ms: u64,
    /// Messages a second of the one producer.
    pub send_rate_per_s: f64,
    /// `first` or `last`.
    pub consume_from: ConsumeFrom,
    /// What the story does.
    pub steps: Vec<StoryStep>,
}

/// `messageModel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageModel {
    /// `CLUSTERING`.
    Clustering,
    /// `BROADCASTING`.
    Broadcasting,
}

/// The kind of listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Listener {
    /// `MessageListenerConcurrently`.
    Concurrent,
    /// `MessageListenerOrderly`.
    Orderly,
}

/// `consumeFromWhere`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsumeFrom {
    /// `CONSUME_FROM_FIRST_OFFSET`.
    First,
    /// `CONSUME_FROM_LAST_OFFSET`.
    Last,
}

/// One step as the story was written; when it really took place is an event.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "RawStep")]
pub struct StoryStep {
    /// Planned time after the recording's time 0.
    pub at_s: f64,
    /// `start`, `kill`, `queues`, ...
    pub action: String,
    /// A consumer, a broker, or a number of queues.
    pub target: String,
    /// Settings of this start that differ from the header's.
    pub overrides: Overrides,
}

/// What a `start` step may say differently from the header.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// `instanceName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// `clientIP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// `allocateMessageQueueStrategy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// Topics it subscribes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics: Option<Vec<String>>,
    /// How long its listener sleeps a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_ms: Option<u64>,
    /// `consumeThreadMin` and `consumeThreadMax`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// `awaitTerminationMillisWhenShutdown`.
    #[serde(rename = "await", skip_serializing_if = "Option::is_none")]
    pub await_termination_ms: Option<u64>,
    /// `consumeFromWhere`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<ConsumeFrom>,
    /// `messageModel`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<MessageModel>,
    /// Whether its listener is orderly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orderly: Option<bool>,
    /// Which directory of local offsets it has; by default one named after the consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// System properties of its JVM.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub client_props: BTreeMap<String, String>,
}

/// `[at_s, action, target, {overrides}]`; the last one or two may be missing.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawStep {
    Full(f64, String, Target, Overrides),
    Plain(f64, String, Target),
    Bare(f64, String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    Name(String),
    Count(i64),
}

impl From<RawStep> for StoryStep {
    fn from(raw: RawStep) -> Self {
        let none = || Target::Name(String::new());
        let (at_s, action, target, overrides) = match raw {
            RawStep::Full(at_s, action, target, overrides) => (at_s, action, target, overrides),
            RawStep::Plain(at_s, action, target) => (at_s, action, target, Overrides::default()),
            RawStep::Bare(at_s, action) => (at_s, action, none(), Overrides::default()),
        };
        let target = match target {
            Target::Name(name) => name,
            Target::Count(count) => count.to_string(),
        };
        Self { at_s, action, target, overrides }
    }
}

impl Serialize for StoryStep {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.at_s, &self.action, &self.target, &self.overrides).serialize(serializer)
    }
}
