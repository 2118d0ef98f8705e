//! The first line of a trace: which cluster was recorded, and the story it was told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StoryStep;
use super::event::is_zero;

/// Line 1 of a trace. Counts are plain numbers, times carry their unit in the name.
///
/// What stands behind `steps` is what a recording says beyond Java 5.3.3 push consumers that pull from single masters;
/// each is left out where it is what it always was.
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
    /// Brokers, all masters; their slaves stand in `slaves`.
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
    /// RocketMQ's version of brokers and name server; `rocketmq` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_version: Option<String>,
    /// RocketMQ's version of the consumers, unless their pod or a step says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_version: Option<String>,
    /// What each consumer is written in; Java where none is named.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clients: BTreeMap<String, Language>,
    /// Version of the Go client, as its module has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_client: Option<String>,
    /// How many slaves each master has: `broker-a-1` is the first of `broker-a`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slaves: BTreeMap<String, u32>,
    /// `brokerRole` of masters that have slaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_role: Option<String>,
    /// Consumers that live in one JVM, by the name of that JVM.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pods: BTreeMap<String, Vec<String>>,
    /// RocketMQ's version of the consumers of a pod.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pod_versions: BTreeMap<String, String>,
    /// `push` or `lite`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// What consumers subscribe of a topic, unless a step says otherwise; `*` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Tags that the producer gives round-robin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether consumers have `clientRebalance=false`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pop: bool,
    /// The request mode that the operator set before time 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<RequestMode>,
    /// `popShareQueueNum` of that mode.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pop_share: u32,
    /// The listener answers RECONSUME_LATER to every so many batches; 0: to none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fail_every: u32,
    /// Setters of the consumer, such as `PopInvisibleTime`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: Properties,
    /// Properties of the brokers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub broker_conf: Properties,
    /// System properties of the consumers' JVMs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub client_props: Properties,
    /// How often the monitor asks for member lists; 100 ms where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor_ms: Option<u64>,
    /// At every which of these rounds it asks for offsets, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offsets_every: Option<u64>,
    /// Consumers whose `start()` never returned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never_started: Vec<String>,
    /// Of the machine, at time 0 and at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_average: Option<Vec<f64>>,
}

/// Names with a text, number or truth value each, as the recorder was told them.
pub type Properties = BTreeMap<String, serde_json::Value>;

/// Above this load average timings are the machine's as much as RocketMQ's.
const BUSY_LOAD: f64 = 3.0;

impl Header {
    /// Whether the machine had more to do than the recorded processes need.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.load_average.iter().flatten().any(|load| *load > BUSY_LOAD)
    }

    /// RocketMQ's version of brokers and name server.
    #[must_use]
    pub fn server_version(&self) -> &str {
        self.broker_version.as_deref().unwrap_or(&self.rocketmq)
    }

    /// Names of all brokers' processes: a master, then its slaves.
    #[must_use]
    pub fn instances(&self) -> Vec<String> {
        let slaves = |master: &String| {
            let many = self.slaves.get(master).copied().unwrap_or_default();
            (1..=many).map(|number| format!("{master}-{number}")).collect::<Vec<_>>()
        };
        self.brokers.iter().flat_map(|master| std::iter::once(master.clone()).chain(slaves(master))).collect()
    }

    /// What a start of a consumer is written in.
    #[must_use]
    pub fn language(&self, step: &StoryStep) -> Language {
        let of_header = || self.clients.get(&step.target).copied();
        step.overrides.client.or_else(of_header).unwrap_or(Language::Java)
    }

    /// RocketMQ's version of a start of a Java consumer; `None`: that of the first recordings.
    #[must_use]
    pub fn java_version<'a>(&'a self, step: &'a StoryStep) -> Option<&'a str> {
        let pod = self.pods.iter().find(|(_, members)| members.contains(&step.target)).map(|(name, _)| name);
        let of_pod = pod.and_then(|name| self.pod_versions.get(name));
        let said = step.overrides.client_version.as_ref().or(of_pod).or(self.client_version.as_ref());
        said.map(String::as_str)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde wants")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// What a consumer is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// `rocketmq-client`.
    Java,
    /// `rocketmq-client-go`.
    Go,
}

/// The class of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// `DefaultMQPushConsumer`.
    Push,
    /// `DefaultLitePullConsumer`.
    Lite,
}

/// `MessageRequestMode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RequestMode {
    /// Members have queues of their own and pull from them.
    Pull,
    /// Members pop from brokers.
    Pop,
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
