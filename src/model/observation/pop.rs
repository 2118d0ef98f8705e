//! The words of observations of POP.

use serde::Serialize;
use strum::IntoStaticStr;

/// Why a broker refused a pop (`PopMessageProcessor.processRequest`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PopRefusal {
    /// Code 1: `timerWheelEnable = false` (trap PE32).
    TimerWheelOff,
    /// Code 16: `brokerPermission` does not allow to read.
    BrokerForbidden,
    /// Code 29: more than 32 messages are asked for, or the queue is none of those that are read.
    InvalidParameter,
    /// Code 17: the broker has not this topic.
    TopicNotExist,
    /// Code 16: the topic may not be read there.
    TopicForbidden,
    /// Code 26: the broker has not this group.
    SubscriptionGroupNotExist,
    /// Code 16: the group has `consumeEnable = false` there.
    GroupForbidden,
    /// Code 1, a `NullPointerException`: `popConsumerKVServiceEnable` without `popConsumerKVServiceInit`.
    KvServiceNotInit,
}

/// `MessageRequestMode`: how a group consumes a topic, as a broker has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestMode {
    /// Queues have owners, who pull.
    #[default]
    Pull,
    /// Messages are popped by anybody.
    Pop,
}

/// Why a broker knows nothing more of a message that it gave away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckpointLoss {
    /// Its machine lost its power, and the checkpoint was not flushed (trap PE9).
    NotFlushed,
    /// The message was deleted meanwhile: there is nothing to revive.
    MessageGone,
    /// Its row is on the disk of a broker that has the name no more, and its offset went over to the new master.
    NotReplicated,
    /// Its broker could not write it for 16 times in a row.
    GivenUp,
}

/// Why a client pops an assignment no more (`RebalanceImpl.updateMessageQueueAssignment`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PopRelease {
    /// The broker assigns it no more.
    NotAssigned,
    /// The group pulls the topic now.
    ModeSwitched,
    /// It was not popped for `rocketmq.client.pull.pullMaxIdleTime`.
    NotPoppedForTooLong,
    /// Its topic is not subscribed any more.
    Unsubscribed,
    /// `shutdown()`, its last step.
    Shutdown,
}

/// What keeps a client from popping (`DefaultMQPushConsumerImpl.popMessage`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PopTrouble {
    /// The consumer is suspended.
    Suspended,
    /// `popThresholdForQueue`.
    FlowControl,
    /// The client does not subscribe the topic any more.
    NotSubscribed,
    /// No master is known, or the connection was refused, reset or closed.
    BrokerUnreachable,
    /// No answer in 25 s.
    TimedOut,
    /// Code 209: too many pops wait at the broker.
    PollingFull,
    /// The broker says why not.
    RefusedBy(PopRefusal),
    /// The broker refused otherwise.
    Refused,
}

/// Why a client threw a popped message away before its listener got it (`ConsumeMessagePopConcurrentlyService`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PopDiscard {
    /// It had waited for a thread for as long as it was invisible.
    InvisibleTimeOver,
    /// Its assignment was dropped.
    Dropped,
}
