//! What a broker has been told of each consumer group (`SubscriptionGroupManager`). It is on disk, and every broker has its
//! own: an operator who creates a group creates it broker by broker.

use super::Broker;
use crate::model::disk::{Entry, SubscriptionGroup};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, GroupChange, GroupIndex};

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
        !self.is_without_groups(out) && matches!(out.configurations[keeper.at()].groups.entry(group), Entry::There(_))
    }

    /// `findSubscriptionGroupConfig`: a group that is not there is created, with `autoCreateSubscriptionGroup`.
    pub(super) fn find_group(&self, out: &mut Outside<'_>, group: GroupIndex) -> Option<SubscriptionGroup> {
        let (settings, keeper) = (self.settings(out), out.keeper_of(self.index));
        if self.is_without_groups(out) && !settings.auto_create_subscription_group {
            return None;
        }
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
