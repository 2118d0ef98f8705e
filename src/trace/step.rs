//! What a story does, as it was written.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::header::{Class, ConsumeFrom, Language, MessageModel, Properties};

/// One step as the story was written; when it really took place is an event.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryStep {
    /// Planned time after the recording's time 0.
    pub at_s: f64,
    /// `start`, `kill`, `queues`, ...
    pub action: String,
    /// A consumer, a broker, a number of queues, or a request mode.
    pub target: String,
    /// Settings of this start that differ from the header's.
    pub overrides: Overrides,
}

/// What a `start` step may say differently from the header, or a `mode` step of its mode.
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
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub client_props: Properties,
    /// What it is written in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Language>,
    /// Its class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// RocketMQ's version of this consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_version: Option<String>,
    /// A group of which a second, silent consumer lives in the same Go process and shares the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
    /// What it subscribes of a topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Whether it has `clientRebalance=false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pop: Option<bool>,
    /// Its listener answers RECONSUME_LATER to every so many batches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_every: Option<u32>,
    /// Setters of this consumer.
    #[serde(skip_serializing_if = "Properties::is_empty")]
    pub set: Properties,
    /// `popShareQueueNum` of a `mode` step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<u32>,
}

/// A name, or a number of queues.
#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    Name(String),
    Count(i64),
}

/// `[at_s, action, target, {overrides}]`; the last one or two may be missing. Element by element, so that a key that
/// nobody knows is named.
impl<'de> Deserialize<'de> for StoryStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Steps;
        impl<'de> Visitor<'de> for Steps {
            type Value = StoryStep;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a step such as [25, \"start\", \"c3\", {}]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut steps: A) -> Result<StoryStep, A::Error> {
                let missing = |part: usize| A::Error::invalid_length(part, &self);
                let at_s = steps.next_element()?.ok_or_else(|| missing(0))?;
                let action = steps.next_element()?.ok_or_else(|| missing(1))?;
                let target = match steps.next_element()? {
                    Some(Target::Name(name)) => name,
                    Some(Target::Count(count)) => count.to_string(),
                    None => String::new(),
                };
                let overrides = steps.next_element()?.unwrap_or_default();
                if steps.next_element::<serde::de::IgnoredAny>()?.is_some() {
                    return Err(A::Error::invalid_length(5, &self));
                }
                Ok(StoryStep { at_s, action, target, overrides })
            }
        }
        deserializer.deserialize_seq(Steps)
    }
}

impl Serialize for StoryStep {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.at_s, &self.action, &self.target, &self.overrides).serialize(serializer)
    }
}
