//! The words for messages on their way into a log: why one is refused, fails, is late or is lost again.

use serde::Serialize;

/// Why the end of a log is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LogLoss {
    /// The machine lost its power, and what was not flushed.
    PageCache,
    /// The slave became the master, and had not got it yet.
    SlaveBehind,
    /// A master stored it that was none any more, and did not know.
    Deposed,
    /// The operator deleted the topic.
    TopicDeleted,
}

/// Why an attempt to send a message failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SendFailure {
    /// No broker of the topic can be written to, as far as the producer knows.
    NoRoute,
    /// `sendMsgTimeout` is over.
    TimedOut,
    /// The connection was refused or lost.
    Unreachable,
    /// The broker refused it.
    Refused,
    /// Too few replicas have what the master has (`IN_SYNC_REPLICAS_NOT_ENOUGH`).
    InSyncReplicasNotEnough,
    /// It is stored, and its producer wants another broker to have it (`retryAnotherBrokerWhenNotStoreOK`).
    NotStoreOk,
}

/// What has not stored a message in time (`SendStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreDelay {
    /// `FLUSH_DISK_TIMEOUT`.
    FlushDisk,
    /// `FLUSH_SLAVE_TIMEOUT`.
    FlushSlave,
}

/// Why a broker did not store a message that a producer sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SendRefusal {
    /// `TOPIC_NOT_EXIST`: the broker has not the topic, and does not create it.
    TopicNotExist,
    /// `INVALID_PARAMETER`: the queue id is at or above both queue counts of the topic there.
    IllegalQueueId,
    /// `SERVICE_NOT_AVAILABLE`: a slave stores nothing.
    NotMaster,
}

impl SendRefusal {
    /// Whether the producer tries again on another broker (`DefaultMQProducer.retryResponseCodes`).
    #[must_use]
    pub fn is_tried_again(self) -> bool {
        self != Self::IllegalQueueId
    }
}
