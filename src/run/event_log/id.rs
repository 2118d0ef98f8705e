//! Who and what a row can be about.

use crate::model::ids::{
    AudienceIndex, BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, NameServerIndex, ProducerIndex, ProxyIndex,
    QueueIndex, TopicIndex,
};

/// Who or what a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    Consumer(ConsumerIndex),
    Broker(BrokerIndex),
    NameServer(NameServerIndex),
    Producer(ProducerIndex),
    Proxy(ProxyIndex),
    Client(ClientIndex),
    Queue(QueueIndex),
    Topic(TopicIndex),
    Group(GroupIndex),
    Audience(AudienceIndex),
    Step,
}

impl Id {
    /// Whether it can do something; a queue is its broker's.
    pub const fn acts(self) -> bool {
        matches!(
            self,
            Self::Consumer(_)
                | Self::Broker(_)
                | Self::NameServer(_)
                | Self::Producer(_)
                | Self::Proxy(_)
                | Self::Queue(_)
        )
    }

    /// How much of a subject it is, the most first.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Queue(_) => 0,
            Self::Topic(_) => 1,
            Self::Consumer(_)
            | Self::Broker(_)
            | Self::NameServer(_)
            | Self::Producer(_)
            | Self::Proxy(_)
            | Self::Client(_) => 2,
            Self::Step => 3,
            Self::Group(_) | Self::Audience(_) => 4,
        }
    }
}
