//! What a broker has been told of each consumer group (`SubscriptionGroupManager`). Every broker has its own.

use crate::model::plan::{BrokerSettings, GroupChange, GroupIndex};

/// `SubscriptionGroupConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) struct SubscriptionGroup {
    /// `consumeEnable`.
    pub consume_enable: bool,
    /// `consumeBroadcastEnable`.
    pub consume_broadcast_enable: bool,
    /// `retryQueueNums`; 0: what is sent back is thrown away.
    pub retry_queue_nums: u32,
    /// `consumeMessageOrderly`: clients of the proxy pop in order.
    pub consume_message_orderly: bool,
}

impl Default for SubscriptionGroup {
    fn default() -> Self {
        Self {
            consume_enable: true,
            consume_broadcast_enable: true,
            retry_queue_nums: 1,
            consume_message_orderly: false,
        }
    }
}

impl SubscriptionGroup {
    /// As the scenario says that groups are on this broker.
    pub(in crate::model) fn of(settings: &BrokerSettings) -> Self {
        Self {
            consume_enable: settings.consume_enable,
            consume_broadcast_enable: settings.consume_broadcast_enable,
            retry_queue_nums: settings.retry_queue_nums,
            consume_message_orderly: settings.consume_message_orderly,
        }
    }

    /// `mqadmin updateSubGroup` sends a whole configuration: what the operator does not say goes back to the tool's own
    /// defaults, and those of `consumeBroadcastEnable` are not the broker's (`UpdateSubGroupSubCommand.execute`).
    pub(in crate::model) fn as_told(change: &GroupChange) -> Self {
        Self {
            consume_enable: change.consume_enable.unwrap_or(true),
            consume_broadcast_enable: change.consume_broadcast_enable.unwrap_or(false),
            retry_queue_nums: change.retry_queue_nums.unwrap_or(1),
            consume_message_orderly: change.consume_message_orderly.unwrap_or(false),
        }
    }
}

/// What a broker knows of a group.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::model) enum Entry {
    /// It has never heard of it.
    #[default]
    Unheard,
    /// It was deleted.
    Deleted,
    /// It is there.
    There(SubscriptionGroup),
}

/// `subscriptionGroupTable`, by group number.
#[derive(Debug, Default)]
pub(in crate::model) struct SubscriptionGroups(Vec<Entry>);

impl SubscriptionGroups {
    pub(in crate::model) fn entry(&self, group: GroupIndex) -> Entry {
        self.0.get(group.at()).copied().unwrap_or_default()
    }

    pub(in crate::model) fn put(&mut self, group: GroupIndex, entry: Entry) {
        let at = group.at();
        if self.0.len() <= at {
            self.0.resize(at + 1, Entry::Unheard);
        }
        self.0[at] = entry;
    }
}
