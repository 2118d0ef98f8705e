//! The words of observations of POP.

use serde::Serialize;

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
}
