//! What happens in a trace: one event a line, times in milliseconds since the first step of the story.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::header::RequestMode;

/// One line of a trace after the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Milliseconds since the first step; negative before it.
    pub t: i64,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// Everything a recording can say. Queues are written `topic/broker/queueId`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ev", rename_all = "lowercase")]
pub enum What {
    /// The story acts, or a broker that it started accepts connections (`broker_up`).
    Step {
        /// `start`, `term`, `kill`, ...
        action: String,
        /// On whom.
        target: String,
    },
    /// The consumer calls `start()`.
    Starting {
        /// The consumer.
        who: String,
        /// The client id it will have.
        client: String,
    },
    /// `start()` has returned.
    Started {
        /// The consumer.
        who: String,
        /// The client id it has.
        client_id: String,
    },
    /// Its shutdown hook calls `shutdown()`.
    Stopping {
        /// The consumer.
        who: String,
        /// Its client id.
        client: String,
    },
    /// `shutdown()` has returned.
    Stopped {
        /// The consumer.
        who: String,
        /// Its client id.
        client: String,
    },
    /// The keys of its process-queue table have changed to these.
    Own {
        /// The consumer.
        who: String,
        /// Sorted, `%RETRY%` left out.
        queues: Vec<String>,
    },
    /// The keys of its table of pop queues have changed to these.
    #[serde(rename = "pop_own")]
    PopOwn {
        /// The consumer.
        who: String,
        /// Queue id -1: all queues of that broker.
        queues: Vec<String>,
    },
    /// The member list that a broker answers has changed.
    Members {
        /// The broker, or one of its slaves.
        broker: String,
        /// Client ids, if it answered.
        #[serde(skip_serializing_if = "Option::is_none")]
        clients: Option<Vec<String>>,
        /// What the call failed with.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// Committed offsets by queue id.
    Committed {
        /// The topic.
        topic: String,
        /// The broker, or one of its slaves.
        broker: String,
        /// `null`: none; -1: no answer.
        offsets: Vec<Option<i64>>,
    },
    /// A run of messages stored.
    Sent(Run),
    /// A run of failed sends.
    Unsent {
        /// Time of the last.
        until: i64,
        /// The exception.
        error: String,
        /// How many.
        n: u64,
    },
    /// A run of messages handed to a listener: consecutive offsets of one consumer, less than half a second apart.
    Took(Run),
    /// A run of messages whose listener has returned.
    Done(Run),
    /// A listener was interrupted.
    Interrupted {
        /// The consumer.
        who: String,
        /// The queue.
        queue: String,
    },
    /// The operator has created or changed a topic.
    Topic {
        /// The topic.
        topic: String,
        /// Queues on each broker.
        queues: u32,
    },
    /// A run of popped messages whose `ACK_MESSAGE` went out; the queue may be of a retry topic.
    Ack(Run),
    /// A `CHANGE_MESSAGE_INVISIBLETIME` goes out.
    Invisible {
        /// The consumer.
        who: String,
        /// The queue.
        queue: String,
        /// Offset of the message.
        offset: i64,
        /// Until it is handed out again.
        ms: i64,
    },
    /// A listener answered RECONSUME_LATER.
    Fail {
        /// The consumer.
        who: String,
        /// The queue.
        queue: String,
        /// Offset of the first message of the batch.
        offset: i64,
    },
    /// A `CONSUMER_SEND_MSG_BACK` goes out.
    Sendback {
        /// The consumer.
        who: String,
        /// The broker.
        broker: String,
    },
    /// Every master has answered the operator's `setMessageRequestMode`.
    Mode {
        /// From now on.
        mode: RequestMode,
        /// `popShareQueueNum`.
        share: u32,
    },
    /// `start()` threw, and the process ends.
    Failed {
        /// The consumer.
        who: String,
        /// The exception.
        error: String,
    },
    /// One second of requests and of processor time.
    Load {
        /// Requests of all Java consumers.
        #[serde(default, skip_serializing_if = "Requests::is_empty")]
        clients: Requests,
        /// Requests of the monitor.
        #[serde(default, skip_serializing_if = "Requests::is_empty")]
        monitor: Requests,
        /// Microseconds of each process by kind of thread.
        #[serde(default, skip_serializing_if = "Requests::is_empty")]
        cpu_us: Requests,
    },
    /// Requests of one Java consumer under one client id over the whole story.
    Counts {
        /// The consumer.
        who: String,
        /// Its client id.
        client: String,
        /// By broker, or `namesrv`.
        #[serde(flatten)]
        requests: Requests,
    },
    /// Processor time over the whole story.
    Cpu {
        /// Microseconds of each process by kind of thread.
        total_us: Requests,
    },
}

/// Numbers by what they are of (a broker, or a process), and by what is counted.
pub type Requests = BTreeMap<String, BTreeMap<String, u64>>;

/// Messages of one queue with consecutive offsets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The consumer; `None` for messages stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The queue.
    pub queue: String,
    /// First offset.
    pub from: i64,
    /// Last offset.
    pub to: i64,
    /// Time of the last message, in milliseconds.
    pub until: i64,
    /// `reconsumeTimes`, if it is not 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reconsume: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde wants")]
pub(super) fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl What {
    /// The word in the field `ev`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Step { .. } => "step",
            Self::Starting { .. } => "starting",
            Self::Started { .. } => "started",
            Self::Stopping { .. } => "stopping",
            Self::Stopped { .. } => "stopped",
            Self::Own { .. } => "own",
            Self::Members { .. } => "members",
            Self::Committed { .. } => "committed",
            Self::Sent(_) => "sent",
            Self::Unsent { .. } => "unsent",
            Self::Took(_) => "took",
            Self::Done(_) => "done",
            Self::Interrupted { .. } => "interrupted",
            Self::Topic { .. } => "topic",
            Self::PopOwn { .. } => "pop_own",
            Self::Ack(_) => "ack",
            Self::Invisible { .. } => "invisible",
            Self::Fail { .. } => "fail",
            Self::Sendback { .. } => "sendback",
            Self::Mode { .. } => "mode",
            Self::Failed { .. } => "failed",
            Self::Load { .. } => "load",
            Self::Counts { .. } => "counts",
            Self::Cpu { .. } => "cpu",
        }
    }
}
