//! What a broker has been told of each consumer group (`SubscriptionGroupManager`). It is on disk, and every broker has its
//! own: an operator who creates a group creates it broker by broker.

use std::collections::BTreeMap;

use crate::model::plan::{BrokerIndex, BrokerSettings, GroupChange, GroupIndex};
use crate::model::world::World;

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

/// `subscriptionGroupTable`. A group that was deleted stands in it as `None`.
#[derive(Debug, Default)]
pub(super) struct SubscriptionGroups(BTreeMap<GroupIndex, Option<SubscriptionGroup>>);

impl World<'_> {
    /// Groups that an operator has created before the run.
    pub(in crate::model) fn create_planned_groups(&mut self, broker: BrokerIndex) {
        let plan = self.out.plan;
        let settings = &plan.brokers[broker as usize].settings;
        for (group, planned) in (0..).zip(&plan.groups) {
            if planned.created.on(broker) {
                let config = Some(SubscriptionGroup::of(settings));
                self.brokers[broker as usize].subscription_groups.0.insert(group, config);
            }
        }
    }

    /// The table that counts: a slave has its master's.
    fn groups_of(&self, broker: BrokerIndex) -> &SubscriptionGroups {
        &self.brokers[self.out.replicas.keeper(self.out.replicas.name(broker)) as usize].subscription_groups
    }

    /// `containsSubscriptionGroup`.
    pub(super) fn has_group(&self, broker: BrokerIndex, group: GroupIndex) -> bool {
        self.groups_of(broker).0.get(&group).is_some_and(Option::is_some)
    }

    /// `findSubscriptionGroupConfig`: a group that is not there is created, with `autoCreateSubscriptionGroup`.
    pub(super) fn find_group(&mut self, broker: BrokerIndex, group: GroupIndex) -> Option<SubscriptionGroup> {
        let known = self.groups_of(broker).0.get(&group).copied();
        if let Some(Some(config)) = known {
            return Some(config);
        }
        let settings = &self.out.plan.brokers[broker as usize].settings;
        if !settings.auto_create_subscription_group {
            return None;
        }
        // What was deleted comes back with RocketMQ's defaults, whatever it was before.
        let config = if known.is_some() { SubscriptionGroup::default() } else { SubscriptionGroup::of(settings) };
        let keeper = self.out.replicas.keeper(self.out.replicas.name(broker));
        self.brokers[keeper as usize].subscription_groups.0.insert(group, Some(config));
        Some(config)
    }

    /// `updateAndCreateSubscriptionGroup`. The queues of `%RETRY%` stay as they are: only a topic that is not there gets
    /// the new number (`TopicConfigManager.createTopicInSendMessageBackMethod`).
    pub(in crate::model) fn set_group(&mut self, name: BrokerIndex, group: GroupIndex, change: &GroupChange) {
        let keeper = self.out.replicas.keeper(name);
        let config = Some(SubscriptionGroup::as_told(change));
        self.brokers[keeper as usize].subscription_groups.0.insert(group, config);
    }

    /// `deleteSubscriptionGroup`: the configuration goes, with `removeOffset` the offsets too. Members stay registered
    /// until they leave.
    pub(in crate::model) fn delete_group(&mut self, name: BrokerIndex, group: GroupIndex, remove_offset: bool) {
        let keeper = self.out.replicas.keeper(name);
        self.brokers[keeper as usize].subscription_groups.0.insert(group, None);
        if remove_offset {
            self.remove_offsets(keeper, group);
        }
    }

    /// Another broker has the disk that counts.
    pub(super) fn hand_over_groups(&mut self, old: BrokerIndex, new: BrokerIndex) {
        let groups = std::mem::take(&mut self.brokers[old as usize].subscription_groups);
        self.brokers[new as usize].subscription_groups = groups;
    }
}
