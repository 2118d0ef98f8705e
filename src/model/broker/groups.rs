//! What a broker has been told of each consumer group (`SubscriptionGroupManager`). It is on disk, and every broker has its
//! own: an operator who creates a group creates it broker by broker.

use super::Broker;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, BrokerSettings, GroupChange, GroupIndex};

/// `SubscriptionGroupConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SubscriptionGroup {
    /// `consumeEnable`.
    pub consume_enable: bool,
    /// `consumeBroadcastEnable`.
    pub consume_broadcast_enable: bool,
    /// `retryQueueNums`; 0: what is sent back is thrown away.
    pub retry_queue_nums: u32,
}

impl Default for SubscriptionGroup {
    fn default() -> Self {
        Self { consume_enable: true, consume_broadcast_enable: true, retry_queue_nums: 1 }
    }
}

impl SubscriptionGroup {
    /// As the scenario says that groups are on this broker.
    fn of(settings: &BrokerSettings) -> Self {
        Self {
            consume_enable: settings.consume_enable,
            consume_broadcast_enable: settings.consume_broadcast_enable,
            retry_queue_nums: settings.retry_queue_nums,
        }
    }

    /// `mqadmin updateSubGroup` sends a whole configuration: what the operator does not say goes back to the tool's own
    /// defaults, and those of `consumeBroadcastEnable` are not the broker's (`UpdateSubGroupSubCommand.execute`).
    fn as_told(change: &GroupChange) -> Self {
        Self {
            consume_enable: change.consume_enable.unwrap_or(true),
            consume_broadcast_enable: change.consume_broadcast_enable.unwrap_or(false),
            retry_queue_nums: change.retry_queue_nums.unwrap_or(1),
        }
    }
}

/// What a broker knows of a group.
#[derive(Debug, Clone, Copy, Default)]
enum Entry {
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
pub(super) struct SubscriptionGroups(Vec<Entry>);

impl SubscriptionGroups {
    fn entry(&self, group: GroupIndex) -> Entry {
        self.0.get(group.at()).copied().unwrap_or_default()
    }

    fn put(&mut self, group: GroupIndex, entry: Entry) {
        let at = group.at();
        if self.0.len() <= at {
            self.0.resize(at + 1, Entry::Unheard);
        }
        self.0[at] = entry;
    }
}

impl Broker {
    /// Groups that an operator has created before the run.
    pub(in crate::model) fn create_planned_groups(&mut self, out: &mut Outside<'_>) {
        let (broker, settings) = (self.index, self.settings(out));
        for (group, planned) in GroupIndex::number(&out.plan.groups) {
            if planned.created.on(broker) {
                out.configurations[broker.at()].groups.put(group, Entry::There(SubscriptionGroup::of(settings)));
            }
        }
    }

    /// `updateAndCreateSubscriptionGroup`. The queues of `%RETRY%` stay as they are: only a topic that is not there gets
    /// the new number (`TopicConfigManager.createTopicInSendMessageBackMethod`).
    pub(in crate::model) fn set_group(&self, out: &mut Outside<'_>, group: GroupIndex, change: &GroupChange) {
        let config = Entry::There(SubscriptionGroup::as_told(change));
        out.configurations[self.index.at()].groups.put(group, config);
    }

    /// `deleteSubscriptionGroup`: the configuration goes, with `removeOffset` the offsets too. Members stay registered
    /// until they leave.
    pub(in crate::model) fn delete_group(&mut self, out: &mut Outside<'_>, group: GroupIndex, remove_offset: bool) {
        out.configurations[self.index.at()].groups.put(group, Entry::Deleted);
        if remove_offset {
            self.remove_offsets(out, group);
        }
    }

    /// `containsSubscriptionGroup`. The table that counts is the master's.
    pub(super) fn has_group(&self, out: &Outside<'_>, group: GroupIndex) -> bool {
        let keeper = out.keeper_of(self.index);
        matches!(out.configurations[keeper.at()].groups.entry(group), Entry::There(_))
    }

    /// `findSubscriptionGroupConfig`: a group that is not there is created, with `autoCreateSubscriptionGroup`.
    pub(super) fn find_group(&self, out: &mut Outside<'_>, group: GroupIndex) -> Option<SubscriptionGroup> {
        let (settings, keeper) = (self.settings(out), out.keeper_of(self.index));
        let groups = &mut out.configurations[keeper.at()].groups;
        let config = match groups.entry(group) {
            Entry::There(config) => return Some(config),
            _ if !settings.auto_create_subscription_group => return None,
            // What was deleted comes back with RocketMQ's defaults, whatever it was before.
            Entry::Deleted => SubscriptionGroup::default(),
            Entry::Unheard => SubscriptionGroup::of(settings),
        };
        groups.put(group, Entry::There(config));
        Some(config)
    }
}

impl Outside<'_> {
    /// Who has the log and the tables of a broker's name.
    pub(super) fn keeper_of(&self, broker: BrokerIndex) -> BrokerIndex {
        self.replicas.keeper(self.replicas.name(broker))
    }
}
