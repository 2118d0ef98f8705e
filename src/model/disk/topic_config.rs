//! A topic as a broker keeps it (`TopicConfig`).

use crate::model::plan::{Permission, TopicIndex};

/// The producer's `defaultTopicQueueNums`, 4, which is less than the broker's 8.
pub(in crate::model) const AUTO_CREATED_QUEUES: u32 = 4;

/// `TopicConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) struct TopicConfig {
    pub read: u32,
    pub write: u32,
    pub permission: Permission,
}

impl TopicConfig {
    /// How many queues name servers are told can be read and written: none without the permission of the topic and of
    /// the broker (`BrokerController.registerBrokerAll`).
    pub fn open(self, broker: Permission) -> (u32, u32) {
        let Permission { read, write } = self.permission;
        (if read && broker.read { self.read } else { 0 }, if write && broker.write { self.write } else { 0 })
    }

    /// `PermName.isReadable`.
    pub fn is_readable(self) -> bool {
        self.permission.read
    }

    /// `readQueueNums`, whatever is permitted.
    pub fn read_queue_nums(self) -> u32 {
        self.read
    }

    /// `writeQueueNums`, whatever is permitted.
    pub fn write_queue_nums(self) -> u32 {
        self.write
    }

    /// Whether a message may be sent to this queue: neither the permission nor the two counts for themselves are looked
    /// at, so that producers with an old route are served (`AbstractSendMessageProcessor.msgCheck`).
    pub fn takes(self, queue_id: u32) -> bool {
        queue_id < self.read.max(self.write)
    }
}

/// A topic as name servers are told of it by one broker (`TopicConfigSerializeWrapper`): how many of its queues can be read
/// and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenTopic {
    /// The topic.
    pub topic: TopicIndex,
    /// `readQueueNums`; 0 where nothing may be read.
    pub read: u32,
    /// `writeQueueNums`; 0 where nothing may be written.
    pub write: u32,
}
